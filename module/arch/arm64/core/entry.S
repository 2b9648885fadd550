/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Where a taken CPU enters the core, and how it leaves. The first page runs at
 * its physical address with the MMU off, then at the same address with the MMU
 * on; everything after it at the core's own addresses.
 */
#include "core_layout.h"
#include "core_offsets.h"

#define CURRENT_EL2	8
#define HCR_RW		0x80000000	/* EL1 is AArch64; E2H and TGE are 0 */
#define SPSR_EL2H	0x3c9		/* DAIF masked */
#define PSCI_CPU_OFF	0x84000002

	.section .head, "ax"
	.globl core_image
core_image:				/* struct core_image_header */
	.quad	CORE_IMAGE_MAGIC
	.quad	core_start - core_image
	.quad	core_virtual_entry
	.quad	core_text_size
	.quad	core_image_size
	.quad	SIZEOF_CELL

/*
 * From PSCI CPU_ON (DEN 0022, 6.4): MMU and data cache off, interrupts masked,
 * X0 = physical address of struct core_cpu. Any number of times. What is read
 * here was cleaned to the point of coherency by the host half.
 */
	.balign	64
core_start:
	msr	daifset, #0xf
	mrs	x1, CurrentEL
	cmp	x1, #CURRENT_EL2
	b.ne	wrong_level
	mov	x1, #HCR_RW
	msr	hcr_el2, x1		/* a VHE host's E2H changes what the registers below mean */
	isb
	ldr	x1, [x0, #ENTRY_MAIR]
	ldr	x2, [x0, #ENTRY_TCR]
	ldr	x3, [x0, #ENTRY_TTBR]
	ldr	x4, [x0, #ENTRY_SCTLR]
	ldr	x5, [x0, #ENTRY_VIRTUAL]
	msr	mair_el2, x1
	msr	tcr_el2, x2
	msr	ttbr0_el2, x3
	/* Another owner's translations and instructions (D8.14, D7.5.9). */
	tlbi	alle2
	ic	iallu
	dsb	nsh
	isb
	msr	sctlr_el2, x4
	isb
	msr	elr_el2, x5
	mov	x1, #SPSR_EL2H
	msr	spsr_el2, x1
	eret

/* The host half polls the answer past its caches. */
wrong_level:
	mov	x1, #CORE_ENTERED_LOWER
	str	x1, [x0, #ENTRY_ENTERED]
	dsb	sy
	movz	w0, #(PSCI_CPU_OFF >> 16), lsl #16
	movk	w0, #(PSCI_CPU_OFF & 0xffff)
	smc	#0
1:	wfi
	b	1b

	.text
	.globl core_virtual_entry
core_virtual_entry:
	mov	w0, #1
	b	start_stack

/* core_restart(): forget the stack and park; after a fault of the core itself. */
	.globl	core_restart
core_restart:
	mov	w0, #0
start_stack:
	msr	spsel, #1
	ldr	x1, =CORE_STACK_TOP
	mov	sp, x1
	ldr	x1, =CORE_CPU_VA
	ldr	x1, [x1, #CPU_SELF]
	msr	tpidr_el2, x1		/* core_self() */
	mov	x29, xzr
	mov	x30, xzr
	bl	core_main
1:	wfi
	b	1b

/* core_smc(function): the firmware below us; only for what does not return. */
	.globl	core_smc
core_smc:
	smc	#0
	ret

/* core_reset_fpu(): FP registers survive CPU_ON and belonged to somebody else. */
	.globl	core_reset_fpu
core_reset_fpu:
	.irp	n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
	.inst	0x6f00e400 | \n		/* movi v<n>.2d, #0 */
	.endr
	msr	fpcr, xzr
	msr	fpsr, xzr
	ret
	.ltorg
	.section .note.GNU-stack, "", @progbits
