/* SPDX-License-Identifier: GPL-2.0 */
/* What the x86 host half's files offer each other. */
#ifndef AXVM_X86_ARCH_H
#define AXVM_X86_ARCH_H

#include "../../axvm.h"
#include "../../arch.h"
#include "../../core_image.h"

/* axvm_cpu.arch */
struct x86_cpu {
	struct core_cpu *block;		/* vzalloc()ed */
	void *stack;			/* likewise */
	void *hsave;			/* the processor's own save area, one page */
};

/* axvm_cell.arch */
struct x86_cell {
	/* Permission maps, physically contiguous: APM volume 2, 15.10 and 15.11 */
	u8 *msrpm;			/* two: the second one intercepts EOI */
	u8 *iopm;
};

#define X86_MSRPM_SIZE	8192
#define X86_IOPM_SIZE	12288

/* trampoline.S: copied below 640 KiB, entered by SIPI */
extern const u8 axvm_trampoline[], axvm_trampoline_end[];
extern const u8 axvm_trampoline_cr3[], axvm_trampoline_entry[];

/* start.c */
void axvm_start_init(void);
bool axvm_start_possible(void);

/* check.c */
int axvm_check_init(void);
void axvm_check_exit(void);

/* event.c */
int axvm_x86_event_init(void);
void axvm_x86_event_exit(void);

/**
 * axvm_x86_send() - interrupt command from the host half, whatever mode its APIC is in
 * @command: ICR bits 31:0
 * @hw_id: APIC ID
 */
void axvm_x86_send(u32 command, u32 hw_id);

#endif
