/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The world switch: general registers here, everything else of EL1 and EL0 is
 * the guest's own and stays in the processor. SP_EL2 is not the guest's, so
 * the core's stack is where it was when the guest comes back.
 */
#include "core_layout.h"
#include "core_offsets.h"

#define X(n)	(CPU_X + 8 * (n))

	.macro	load_cpu reg
	movz	\reg, #((CORE_CPU_VA >> 32) & 0xffff), lsl #32
	movk	\reg, #((CORE_CPU_VA >> 16) & 0xffff), lsl #16
	.endm

	.text
	.globl	core_arm_run
core_arm_run:				/* (struct core_cpu *), at CORE_CPU_VA; returns CORE_EXIT_* */
	stp	x29, x30, [sp, #-96]!
	stp	x19, x20, [sp, #16]
	stp	x21, x22, [sp, #32]
	stp	x23, x24, [sp, #48]
	stp	x25, x26, [sp, #64]
	stp	x27, x28, [sp, #80]
	ldp	x1, x2, [x0, #CPU_ELR]
	msr	elr_el2, x1
	msr	spsr_el2, x2
	ldp	x2, x3, [x0, #X(2)]
	ldp	x4, x5, [x0, #X(4)]
	ldp	x6, x7, [x0, #X(6)]
	ldp	x8, x9, [x0, #X(8)]
	ldp	x10, x11, [x0, #X(10)]
	ldp	x12, x13, [x0, #X(12)]
	ldp	x14, x15, [x0, #X(14)]
	ldp	x16, x17, [x0, #X(16)]
	ldp	x18, x19, [x0, #X(18)]
	ldp	x20, x21, [x0, #X(20)]
	ldp	x22, x23, [x0, #X(22)]
	ldp	x24, x25, [x0, #X(24)]
	ldp	x26, x27, [x0, #X(26)]
	ldp	x28, x29, [x0, #X(28)]
	ldr	x30, [x0, #X(30)]
	ldp	x0, x1, [x0, #X(0)]
	eret
	dsb	nsh			/* no speculation past the ERET */
	isb

/* From a vector: the guest's X0 and X1 are on the stack, X0 is CORE_EXIT_*. */
leave_guest:
	load_cpu x1
	stp	x2, x3, [x1, #X(2)]
	stp	x4, x5, [x1, #X(4)]
	stp	x6, x7, [x1, #X(6)]
	stp	x8, x9, [x1, #X(8)]
	stp	x10, x11, [x1, #X(10)]
	stp	x12, x13, [x1, #X(12)]
	stp	x14, x15, [x1, #X(14)]
	stp	x16, x17, [x1, #X(16)]
	stp	x18, x19, [x1, #X(18)]
	stp	x20, x21, [x1, #X(20)]
	stp	x22, x23, [x1, #X(22)]
	stp	x24, x25, [x1, #X(24)]
	stp	x26, x27, [x1, #X(26)]
	stp	x28, x29, [x1, #X(28)]
	str	x30, [x1, #X(30)]
	ldp	x2, x3, [sp], #16
	stp	x2, x3, [x1, #X(0)]
	mrs	x2, elr_el2
	mrs	x3, spsr_el2
	stp	x2, x3, [x1, #CPU_ELR]
	mrs	x2, esr_el2
	mrs	x3, far_el2
	stp	x2, x3, [x1, #CPU_ESR]
	mrs	x2, hpfar_el2
	str	x2, [x1, #CPU_HPFAR]
	ldp	x19, x20, [sp, #16]
	ldp	x21, x22, [sp, #32]
	ldp	x23, x24, [sp, #48]
	ldp	x25, x26, [sp, #64]
	ldp	x27, x28, [sp, #80]
	ldp	x29, x30, [sp], #96
	ret

	.macro	from_guest exit
	.balign	128
	stp	x0, x1, [sp, #-16]!
	mov	x0, #\exit
	b	leave_guest
	.endm

/* The core itself: nothing is expected here but its own mistakes. */
	.macro	from_core
	.balign	128
	b	core_exception
	.endm

	.balign	2048
	.globl	core_vectors
core_vectors:				/* D1.3.1.5: current EL with SP_EL0, with SP_ELx */
	.rept	8
	from_core
	.endr
	.rept	2			/* lower EL, AArch64 and AArch32 */
	from_guest CORE_EXIT_SYNC
	from_guest CORE_EXIT_IRQ
	from_guest CORE_EXIT_FIQ
	from_guest CORE_EXIT_SERROR
	.endr

core_exception:
	/* The fault may be the stack's own. */
	msr	spsel, #1
	ldr	x4, =CORE_STACK_VA + CORE_STACK_SIZE
	mov	sp, x4
	mrs	x0, esr_el2
	mrs	x1, elr_el2
	mrs	x2, far_el2
	bl	core_fault
1:	wfi
	b	1b
	.ltorg
	.section .note.GNU-stack, "", @progbits
