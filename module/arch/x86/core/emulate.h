/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Performs the instruction that caused a stage-2 fault on a device page, against
 * the device model instead of memory.
 */
#ifndef AXVM_X86_CORE_EMULATE_H
#define AXVM_X86_CORE_EMULATE_H

#include "decode.h"
#include "walk.h"

enum core_emul_status {
	CORE_EMUL_DONE,		/* performed, RIP is past it */
	CORE_EMUL_AGAIN,	/* some rounds of a REP done, RIP still at it */
	CORE_EMUL_ASKED,	/* core_emul_mmio() has to be called again, later */
	CORE_EMUL_FAULT,	/* inject core_view.fault_*, RIP still at it */
	/* From here on the cell cannot go on. */
	CORE_EMUL_FETCH,	/* its bytes could not be read */
	CORE_EMUL_DECODE,	/* core_emul.decode says why */
	CORE_EMUL_MISMATCH,	/* it does not lead to the GPA that faulted */
	CORE_EMUL_SPLIT,	/* it crosses the end of a device page */
	CORE_EMUL_NO_RAM,	/* page tables outside RAM, at core_emul.gpa */
	CORE_EMUL_REFUSED,	/* core_emul_mmio() refused core_emul.gpa */
};

/* What core_emulate() saw, for the failure report. */
struct core_emul {
	struct core_insn insn;		/* as far as decode says */
	u64 gpa;			/* the address that the result is about */
	u8 decode;			/* enum core_decode_status */
	u8 nbytes;
	u8 bytes[CORE_INSN_MAX];	/* at RIP */
};

/**
 * core_emul_mmio() - Read or write a device register.
 * @guest: core_view.guest
 * @gpa: guest physical address
 * @size: bytes: 1, 2, 4 or 8, never across the end of a 4 KiB page
 * @write: direction
 * @val: value to write, or where the value read goes (bits above @size ignored)
 *
 * Supplied by whoever links this code.
 *
 * Return: CORE_EMUL_DONE; CORE_EMUL_REFUSED if there is no such device;
 * CORE_EMUL_ASKED if the value comes later, in a second call of core_emulate()
 * with core_view.again set.
 */
int core_emul_mmio(void *guest, u64 gpa, u32 size, bool write, u64 *val);

/**
 * core_emul_mmio_once() - the same, and nothing else of this instruction touches memory
 *
 * Its other end is where core_emulate() was told that the fault was.
 */
int core_emul_mmio_once(void *guest, u64 gpa, u32 size, bool write, u64 *val);

/**
 * core_emul_other() - the instruction is not one that calls core_emul_mmio_once()
 *
 * Called before its first access, or if there is none.
 */
void core_emul_other(void *guest);

int core_emulate(struct core_view *view, u64 gpa, struct core_emul *em);

#endif
