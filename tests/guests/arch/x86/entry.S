/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Start of vCPU 0 (64-bit mode, paging on with GPA = address, argument in RDI,
 * no stack) and of the others (SIPI: real mode at TRAMPOLINE).
 */
#include "x86.h"

	.section .head, "ax"
	.code64
	.globl	start
start:
	cld
	rdtsc
	shlq	$32, %rdx
	orq	%rdx, %rax
	movq	%rax, entry_clock(%rip)
	leaq	stacks + STACK_SIZE(%rip), %rsp
	xorl	%ebp, %ebp
	pushq	%rdi
	xorl	%edi, %edi
	call	x86_enter
	popq	%rdi
	call	x86_main
	ud2

/* Use our own descriptors, enable SSE (AVX is a guest's own affair): x86_enter(index). */
	.text
	.globl	x86_enter
x86_enter:
	lgdt	gdt_pointer(%rip)
	movl	$SEL_DATA, %eax
	movl	%eax, %ds
	movl	%eax, %es
	movl	%eax, %ss
	xorl	%eax, %eax
	movl	%eax, %fs
	movl	%eax, %gs
	movq	%cr4, %rax
	orl	$0x600, %eax		/* OSFXSR, OSXMMEXCPT */
	movq	%rax, %cr4
	leaq	1f(%rip), %rax
	pushq	$SEL_CODE64
	pushq	%rax
	lretq
1:	call	trap_load		/* (index) */
	ret

/*
 * Copied to TRAMPOLINE. Each other vCPU goes through it by itself, takes the
 * next number (its own index, which CPUID tells) and its stack.
 */
	.globl	trampoline, trampoline_end, trampoline_cr3
	.code16
trampoline:
	cli
	cld
	movw	%cs, %ax
	movw	%ax, %ds
	lgdtl	trampoline_gdt_pointer - trampoline
	movl	$1, %eax
	movl	%eax, %cr0
	ljmpl	$SEL_CODE32, $(TRAMPOLINE + trampoline32 - trampoline)

	.code32
trampoline32:
	movw	$SEL_DATA, %ax
	movw	%ax, %ds
	movw	%ax, %es
	movw	%ax, %ss
	movl	%cr4, %eax
	orl	$0x20, %eax		/* PAE */
	movl	%eax, %cr4
	movl	TRAMPOLINE + trampoline_cr3 - trampoline, %eax
	movl	%eax, %cr3
	movl	$MSR_EFER, %ecx
	rdmsr
	orl	$0x100, %eax		/* LME */
	wrmsr
	movl	$0x80010023, %eax	/* PG WP NE MP PE */
	movl	%eax, %cr0
	ljmpl	$SEL_CODE64, $ap_start

	.balign	8
trampoline_cr3:
	.quad	0
trampoline_gdt:
	.quad	0
	.quad	0x00af9b000000ffff
	.quad	0x00cf93000000ffff
	.quad	0x00cf9b000000ffff
trampoline_gdt_pointer:
	.word	trampoline_gdt_pointer - trampoline_gdt - 1
	.long	TRAMPOLINE + trampoline_gdt - trampoline
trampoline_end:

	.code64
ap_start:
	movl	$1, %eax
	cpuid
	shrl	$24, %ebx		/* initial APIC ID: the vCPU's index */
	movl	%ebx, %edi
	leal	1(%rbx), %eax
	imull	$STACK_SIZE, %eax
	leaq	stacks(%rip), %rsp
	addq	%rax, %rsp
	xorl	%ebp, %ebp
	call	x86_enter
	call	x86_other_main
	ud2

	vector = 0
	.balign	16
	.globl	trap_stubs
trap_stubs:
	.rept	256
	.balign	16
	/* #DF #TS #NP #SS #GP #PF #AC #CP #VC #SX push an error code */
	.if	vector >= 32
	pushq	$0
	.elseif	((1 << vector) & 0x60227d00) == 0
	pushq	$0
	.endif
	pushq	$vector
	jmp	trap_common
	vector = vector + 1
	.endr

trap_common:
	pushq	%r15
	pushq	%r14
	pushq	%r13
	pushq	%r12
	pushq	%r11
	pushq	%r10
	pushq	%r9
	pushq	%r8
	pushq	%rbp
	pushq	%rdi
	pushq	%rsi
	pushq	%rdx
	pushq	%rcx
	pushq	%rbx
	pushq	%rax
	cld
	movq	%rsp, %rdi
	call	trap			/* (struct frame *) */
	popq	%rax
	popq	%rbx
	popq	%rcx
	popq	%rdx
	popq	%rsi
	popq	%rdi
	popq	%rbp
	popq	%r8
	popq	%r9
	popq	%r10
	popq	%r11
	popq	%r12
	popq	%r13
	popq	%r14
	popq	%r15
	addq	$16, %rsp
	iretq

	.data
	.balign	8
	.globl	entry_clock
entry_clock:
	.quad	0
	.globl	gdt
gdt:
	.quad	0
	.quad	0x00af9b000000ffff	/* 64-bit code */
	.quad	0x00cf93000000ffff	/* data */
	.quad	0x00cf9b000000ffff	/* 32-bit code */
	.quad	0x00009b000000ffff	/* 16-bit code */
	.quad	0x000093000000ffff	/* 16-bit data */
gdt_pointer:
	.word	gdt_pointer - gdt - 1
	.quad	gdt

	.bss
	.balign	16
	.globl	stacks
stacks:
	.skip	STACK_SIZE * 32
	.section .note.GNU-stack, "", @progbits
