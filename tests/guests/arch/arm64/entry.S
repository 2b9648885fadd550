/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Start of vCPU 0 (EL1, MMU off, argument in x0, no stack) and, by PSCI, of the
 * others (the same, index in x0). All memory is mapped as it is, so that the
 * caches are on and atomics work: what is below RAM as device memory.
 */
#include "arm64.h"

#define MAIR		0xff00		/* 0: Device-nGnRnE, 1: write-back */
#define TCR		0x580803519	/* 39 bits, 4 KiB, write-back, inner shareable, no TTBR1, PS 48 bits */
#define BLOCK_DEVICE	0x0060000000000401	/* AF, never executable */
#define BLOCK_NORMAL	0x0000000000000705	/* AF, inner shareable, attribute 1 */

	.section .head, "ax"
	.globl	start
start:
	mrs	x21, cntvct_el0
	mov	x20, x0
	/* Level 1: one entry for each GiB. */
	adrp	x1, table
	ldr	x2, =BLOCK_DEVICE
	str	x2, [x1]
	ldr	x2, =BLOCK_NORMAL
	mov	x3, #1
1:	add	x4, x2, x3, lsl #30
	str	x4, [x1, x3, lsl #3]
	add	x3, x3, #1
	cmp	x3, #512
	b.ne	1b
	/* Written with the MMU off: what a cache holds of it is older, and the walker reads that. */
	dsb	sy
	mov	x3, #4096
2:	sub	x3, x3, #64
	add	x4, x1, x3
	dc	ivac, x4
	cbnz	x3, 2b
	dsb	sy
	mov	x0, #0
	bl	arm64_enter
	adrp	x0, entry_clock
	str	x21, [x0, #:lo12:entry_clock]
	mov	x0, x20
	bl	arm64_main

	.globl	arm64_other_start
arm64_other_start:
	bl	arm64_enter
	bl	arm64_other_main
	.ltorg

/* arm64_enter(index): own MMU tables, vectors, stack and struct percpu */
	.text
arm64_enter:
	ldr	x1, =MAIR
	msr	mair_el1, x1
	ldr	x1, =TCR
	msr	tcr_el1, x1
	adrp	x1, table
	msr	ttbr0_el1, x1
	isb
	tlbi	vmalle1
	ic	iallu
	dsb	nsh
	isb
	ldr	x1, =0x30d01805		/* RES1, I, C, M */
	msr	sctlr_el1, x1
	isb
	ldr	x1, =0x03330000		/* no trap of FP, SIMD, SVE, SME: what is left is the core's */
	msr	cpacr_el1, x1
	adr	x1, vectors
	msr	vbar_el1, x1
	add	x2, x0, #1
	mov	x3, #STACK_SIZE
	adrp	x1, stacks
	madd	x1, x2, x3, x1
	mov	sp, x1
	isb
	mov	x29, xzr
	b	trap_load		/* (index) */
	.ltorg

	.macro	enter
	sub	sp, sp, #FRAME_SIZE
	stp	x0, x1, [sp]
	stp	x2, x3, [sp, #16]
	stp	x4, x5, [sp, #32]
	stp	x6, x7, [sp, #48]
	stp	x8, x9, [sp, #64]
	stp	x10, x11, [sp, #80]
	stp	x12, x13, [sp, #96]
	stp	x14, x15, [sp, #112]
	stp	x16, x17, [sp, #128]
	stp	x18, x19, [sp, #144]
	stp	x20, x21, [sp, #160]
	stp	x22, x23, [sp, #176]
	stp	x24, x25, [sp, #192]
	stp	x26, x27, [sp, #208]
	stp	x28, x29, [sp, #224]
	mrs	x0, elr_el1
	stp	x30, x0, [sp, #240]
	mrs	x0, spsr_el1
	str	x0, [sp, #FRAME_SPSR]
	mov	x0, sp
	.endm

trap_return:
	ldr	x0, [sp, #FRAME_SPSR]
	msr	spsr_el1, x0
	ldp	x30, x0, [sp, #240]
	msr	elr_el1, x0
	ldp	x28, x29, [sp, #224]
	ldp	x26, x27, [sp, #208]
	ldp	x24, x25, [sp, #192]
	ldp	x22, x23, [sp, #176]
	ldp	x20, x21, [sp, #160]
	ldp	x18, x19, [sp, #144]
	ldp	x16, x17, [sp, #128]
	ldp	x14, x15, [sp, #112]
	ldp	x12, x13, [sp, #96]
	ldp	x10, x11, [sp, #80]
	ldp	x8, x9, [sp, #64]
	ldp	x6, x7, [sp, #48]
	ldp	x4, x5, [sp, #32]
	ldp	x2, x3, [sp, #16]
	ldp	x0, x1, [sp]
	add	sp, sp, #FRAME_SIZE
	eret

sync:
	enter
	bl	trap_sync
	b	trap_return

irq:
	enter
	bl	gic_handle
	b	trap_return

other:
	enter
	bl	trap_other
	b	trap_return

	.macro	vector to
	.balign	128
	b	\to
	.endm

	.balign	2048
vectors:
	.rept	4			/* current EL with SP_EL0 */
	vector	other
	.endr
	vector	sync			/* current EL with SP_ELx */
	vector	irq
	vector	other			/* FIQ: group 0, which nobody enables */
	vector	other			/* SError */
	.rept	8			/* lower EL: there is none */
	vector	other
	.endr

	.bss
	.balign	4096
table:
	.skip	4096
stacks:
	.skip	32 * STACK_SIZE
	.globl	entry_clock
entry_clock:
	.skip	8
	.section .note.GNU-stack, "", @progbits
