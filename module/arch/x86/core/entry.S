/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Where a taken CPU enters the core, and where the core's own exceptions,
 * interrupts and NMIs go. Interrupts are off (IF=0) and GIF is clear
 * everywhere except in the few instructions below that say otherwise.
 */
#include "core_layout.h"
#include "core_offsets.h"

	.section .head, "ax"
	.globl core_image
core_image:				/* struct core_image_header */
	.quad	CORE_IMAGE_MAGIC
	.quad	core_entry
	.quad	core_text_size
	.quad	core_image_size
	.quad	SIZEOF_CELL

	.text

/*
 * From the trampoline, in long mode on the core's page tables, interrupts
 * off, after INIT: nothing else is expected. Any number of times.
 */
core_entry:
	xorl	%eax, %eax
	movl	%eax, %ds
	movl	%eax, %es
	movl	%eax, %ss
	movl	%eax, %fs
	movl	%eax, %gs
	movabsq	$CORE_STACK_VA + CORE_STACK_SIZE, %rsp
	xorl	%ebp, %ebp
	movl	$1, %edi
	call	core_main
	ud2

/* core_restart(): forget the stack and park; after a fault of the core itself. */
	.globl	core_restart
core_restart:
	movabsq	$CORE_STACK_VA + CORE_STACK_SIZE, %rsp
	xorl	%ebp, %ebp
	xorl	%edi, %edi
	call	core_main
	ud2

/* core_load_tables(idt, limit): our GDT, the given IDT, and CS from the former. */
	.globl	core_load_tables
core_load_tables:
	subq	$16, %rsp
	movw	%si, (%rsp)
	movq	%rdi, 2(%rsp)
	lidt	(%rsp)
	movw	$core_gdt_end - core_gdt - 1, (%rsp)
	leaq	core_gdt(%rip), %rax
	movq	%rax, 2(%rsp)
	lgdt	(%rsp)
	addq	$16, %rsp
	popq	%rax
	pushq	$8
	pushq	%rax
	lretq

/*
 * core_sleep(cmd, ack, requests, mask): halt until an NMI, unless *cmd != *ack
 * or *requests & mask. An NMI between the tests and the HLT would be lost, so
 * its handler moves RIP behind the HLT when it finds it in this window. Interrupts
 * stay pending.
 */
	.globl	core_sleep, core_idle
core_idle:			/* the same, and an interrupt ends it too */
	sti
	jmp	1f
core_sleep:
	cli
1:	stgi
core_sleep_window:
	movl	(%rdi), %eax
	cmpl	(%rsi), %eax
	jne	core_sleep_end
	testl	%ecx, (%rdx)
	jnz	core_sleep_end
	hlt
core_sleep_end:
	clgi
	ret

/*
 * An intercepted NMI stays pending until GIF is set (APM volume 2, 15.13.2), as does
 * an interrupt: take them; the latter where IF is set, with interrupts "emulated".
 */
	.globl	core_take_nmi
core_take_nmi:
	stgi
	nop
	clgi
	ret

/* Let the local APIC deliver what it holds; each vector ends in core_interrupt_stub. */
	.globl	core_drain_interrupts
core_drain_interrupts:
	stgi
	sti
	nop
	nop
	cli
	clgi
	ret

/* An NMI that arrives here finds RIP outside the window and changes nothing. */
	.globl	core_halt
core_halt:
	cli
	stgi
1:	hlt
	jmp	1b

	.balign	16
	.globl	core_nmi_stub
core_nmi_stub:
	pushq	%rax
	pushq	%rcx
	movq	16(%rsp), %rax
	leaq	core_sleep_window(%rip), %rcx
	cmpq	%rcx, %rax
	jb	1f
	leaq	core_sleep_end(%rip), %rcx
	cmpq	%rcx, %rax
	jae	1f
	movq	%rcx, 16(%rsp)
1:	popq	%rcx
	popq	%rax
	iretq

/* The physical timer of a CPU that emulates its guest's APIC. */
	.balign	16
	.globl	core_timer_stub
core_timer_stub:
	pushq	%rax
	movabsq	$CORE_CPU_VA, %rax
	movl	$1, CPU_TIMER_FIRED(%rax)
	popq	%rax
	/* fall through */
	.globl	core_interrupt_stub
core_interrupt_stub:
	pushq	%rax
	pushq	%rcx
	pushq	%rdx
	movl	$0x80b, %ecx		/* x2APIC EOI */
	xorl	%eax, %eax
	xorl	%edx, %edx
	wrmsr
	popq	%rdx
	popq	%rcx
	popq	%rax
	jmp	core_nmi_stub		/* it may have come in the sleep window, too */

/* One stub for each of the 32 exceptions, 16 bytes apart. */
	.balign	16
	.globl	core_exception_stubs
core_exception_stubs:
	vector = 0
	.rept	32
	.balign	16
	/* #DF #TS #NP #SS #GP #PF #AC #CP #VC #SX push an error code (APM volume 2, table 8-1) */
	.if	((1 << vector) & 0x60227d00) == 0
	pushq	$0
	.endif
	pushq	$vector
	jmp	core_exception
	vector = vector + 1
	.endr

core_exception:
	popq	%rdi
	popq	%rsi
	movq	(%rsp), %rdx
	movq	%cr2, %rcx
	call	core_fault
	ud2

	.section .rodata
	.balign	8
core_gdt:
	.quad	0
	.quad	0x00209b0000000000	/* 0x08: 64-bit code, accessed */
core_gdt_end:
	.section .note.GNU-stack, "", @progbits
