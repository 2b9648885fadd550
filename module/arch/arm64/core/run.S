/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The world switch: general registers here, everything else of EL1 and EL0 is
 * the guest's own and stays in the processor. The guest's exits come with SP at
 * CORE_CPU_VA (core_layout.h). Most of them end in the vector: the registers that
 * C may change are saved, fast.c is asked, and the guest goes on.
 */
#include "core_layout.h"
#include "core_offsets.h"

#define X(n)	(CPU_X + 8 * (n))

	.text
	.globl	core_arm_run
core_arm_run:				/* (CORE_CPU_VA, vectors); returns CORE_EXIT_* */
	stp	x29, x30, [sp, #-96]!
	stp	x19, x20, [sp, #16]
	stp	x21, x22, [sp, #32]
	stp	x23, x24, [sp, #48]
	stp	x25, x26, [sp, #64]
	stp	x27, x28, [sp, #80]
	mov	x2, sp
	str	x2, [x0, #CPU_SP]
	msr	vbar_el2, x1		/* counts from the ERET on, which synchronizes context */
	mov	sp, x0
enter_guest:
	ldp	x1, x2, [sp, #CPU_ELR]
	msr	elr_el2, x1
	msr	spsr_el2, x2
	ldp	x0, x1, [sp, #X(0)]
	ldp	x2, x3, [sp, #X(2)]
	ldp	x4, x5, [sp, #X(4)]
	ldp	x6, x7, [sp, #X(6)]
	ldp	x8, x9, [sp, #X(8)]
	ldp	x10, x11, [sp, #X(10)]
	ldp	x12, x13, [sp, #X(12)]
	ldp	x14, x15, [sp, #X(14)]
	ldp	x16, x17, [sp, #X(16)]
	ldp	x18, x19, [sp, #X(18)]
	ldp	x20, x21, [sp, #X(20)]
	ldp	x22, x23, [sp, #X(22)]
	ldp	x24, x25, [sp, #X(24)]
	ldp	x26, x27, [sp, #X(26)]
	ldp	x28, x29, [sp, #X(28)]
	ldr	x30, [sp, #X(30)]
	eret
	dsb	nsh			/* no speculation past the ERET */
	isb

/* From a vector that saved X0 and X1; X0 is CORE_EXIT_*. */
leave_whole:
	stp	x2, x3, [sp, #X(2)]
	stp	x4, x5, [sp, #X(4)]
	stp	x6, x7, [sp, #X(6)]
	stp	x8, x9, [sp, #X(8)]
	stp	x10, x11, [sp, #X(10)]
	stp	x12, x13, [sp, #X(12)]
	stp	x14, x15, [sp, #X(14)]
	stp	x16, x17, [sp, #X(16)]
	stp	x18, x19, [sp, #X(18)]
	str	x30, [sp, #X(30)]
/* From one that saved all that C may change, and X19. */
leave_guest:
	stp	x20, x21, [sp, #X(20)]
	stp	x22, x23, [sp, #X(22)]
	stp	x24, x25, [sp, #X(24)]
	stp	x26, x27, [sp, #X(26)]
	stp	x28, x29, [sp, #X(28)]
	mrs	x2, elr_el2
	mrs	x3, spsr_el2
	stp	x2, x3, [sp, #CPU_ELR]
	mrs	x2, esr_el2
	mrs	x3, far_el2
	stp	x2, x3, [sp, #CPU_ESR]
	mrs	x2, hpfar_el2
	str	x2, [sp, #CPU_HPFAR]
	cmp	x0, #CORE_EXIT_WHOLE
	b.ne	1f
	mov	x0, sp
	bl	core_arm_sync
	cbz	x0, enter_guest
1:	ldr	x2, [sp, #CPU_SP]
	mov	sp, x2
	ldp	x19, x20, [sp, #16]
	ldp	x21, x22, [sp, #32]
	ldp	x23, x24, [sp, #48]
	ldp	x25, x26, [sp, #64]
	ldp	x27, x28, [sp, #80]
	ldp	x29, x30, [sp], #96
	ret

	.macro	to_caller exit
	.balign	128
	stp	x0, x1, [sp, #X(0)]
	mov	x0, #\exit
	b	leave_whole
	.endm

/* HANDLER(CORE_CPU_VA, ESR_EL2); its result is not 0 if the guest must be left. */
	.macro	to_handler handler
	.balign	128
	stp	x0, x1, [sp, #X(0)]
	stp	x2, x3, [sp, #X(2)]
	stp	x4, x5, [sp, #X(4)]
	stp	x6, x7, [sp, #X(6)]
	stp	x8, x9, [sp, #X(8)]
	stp	x10, x11, [sp, #X(10)]
	stp	x12, x13, [sp, #X(12)]
	stp	x14, x15, [sp, #X(14)]
	stp	x16, x17, [sp, #X(16)]
	stp	x18, x19, [sp, #X(18)]
	str	x30, [sp, #X(30)]
	mov	x0, sp
	mrs	x1, esr_el2
	bl	\handler
	cbnz	x0, leave_guest
	ldr	x30, [sp, #X(30)]
	ldp	x18, x19, [sp, #X(18)]
	ldp	x16, x17, [sp, #X(16)]
	ldp	x14, x15, [sp, #X(14)]
	ldp	x12, x13, [sp, #X(12)]
	ldp	x10, x11, [sp, #X(10)]
	ldp	x8, x9, [sp, #X(8)]
	ldp	x6, x7, [sp, #X(6)]
	ldp	x4, x5, [sp, #X(4)]
	ldp	x2, x3, [sp, #X(2)]
	ldp	x0, x1, [sp, #X(0)]
	eret
	dsb	nsh
	isb
	.endm

/* The core itself: nothing is expected here but its own mistakes. */
	.macro	from_core
	.rept	8			/* D1.3.1.5: current EL with SP_EL0, with SP_ELx */
	.balign	128
	b	core_exception
	.endr
	.endm

	.balign	2048
	.globl	core_vectors
core_vectors:
	from_core
	.rept	2			/* lower EL, AArch64 and AArch32 */
	to_caller CORE_EXIT_SYNC
	to_caller CORE_EXIT_IRQ
	to_caller CORE_EXIT_FIQ
	to_caller CORE_EXIT_SERROR
	.endr

	.balign	2048
	.globl	core_vectors_fast
core_vectors_fast:
	from_core
	.rept	2
	to_handler core_fast_sync
	to_handler core_fast_irq
	to_caller CORE_EXIT_FIQ
	to_caller CORE_EXIT_SERROR
	.endr

	.balign	2048
	.globl	core_vectors_traced
core_vectors_traced:
	from_core
	.rept	2
	to_handler core_fast_sync_traced
	to_handler core_fast_irq_traced
	to_caller CORE_EXIT_FIQ
	to_caller CORE_EXIT_SERROR
	.endr

	.balign	128
core_exception:
	/* The fault may be the stack's own. */
	msr	spsel, #1
	ldr	x4, =CORE_STACK_TOP
	mov	sp, x4
	mrs	x0, esr_el2
	mrs	x1, elr_el2
	mrs	x2, far_el2
	bl	core_fault
1:	wfi
	b	1b
	.ltorg
	.section .note.GNU-stack, "", @progbits
