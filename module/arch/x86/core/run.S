/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The world switch. VMRUN saves and restores the core's RIP, RSP, RAX, RFLAGS,
 * control registers, GDTR and IDTR (APM volume 2, section 15.5.1); everything
 * else that the core uses is here. FS, GS, TR, LDTR and the system-call MSRs
 * are never used by the core and stay the guest's; so do the FPU, the debug
 * registers and XCR0.
 */
#include "core_layout.h"
#include "core_offsets.h"

#define GPR(n)	(CPU_GPR + 8 * n)

	.text
	.globl	core_svm_run
core_svm_run:				/* (struct core_cpu *), at CORE_CPU_VA */
	pushq	%rbx
	pushq	%rbp
	pushq	%r12
	pushq	%r13
	pushq	%r14
	pushq	%r15

	movq	%rdi, %rax
	movq	GPR(0)(%rax), %rcx
	movq	%rcx, CPU_VMCB_RAX(%rax)
	movq	GPR(4)(%rax), %rcx
	movq	%rcx, CPU_VMCB_RSP(%rax)
	movq	GPR(1)(%rax), %rcx
	movq	GPR(2)(%rax), %rdx
	movq	GPR(3)(%rax), %rbx
	movq	GPR(5)(%rax), %rbp
	movq	GPR(6)(%rax), %rsi
	movq	GPR(7)(%rax), %rdi
	movq	GPR(8)(%rax), %r8
	movq	GPR(9)(%rax), %r9
	movq	GPR(10)(%rax), %r10
	movq	GPR(11)(%rax), %r11
	movq	GPR(12)(%rax), %r12
	movq	GPR(13)(%rax), %r13
	movq	GPR(14)(%rax), %r14
	movq	GPR(15)(%rax), %r15
	movq	CPU_VMCB_PA(%rax), %rax
	vmrun	%rax
	movabsq	$CORE_CPU_VA, %rax
	movq	%rcx, GPR(1)(%rax)
	movq	%rdx, GPR(2)(%rax)
	movq	%rbx, GPR(3)(%rax)
	movq	%rbp, GPR(5)(%rax)
	movq	%rsi, GPR(6)(%rax)
	movq	%rdi, GPR(7)(%rax)
	movq	%r8, GPR(8)(%rax)
	movq	%r9, GPR(9)(%rax)
	movq	%r10, GPR(10)(%rax)
	movq	%r11, GPR(11)(%rax)
	movq	%r12, GPR(12)(%rax)
	movq	%r13, GPR(13)(%rax)
	movq	%r14, GPR(14)(%rax)
	movq	%r15, GPR(15)(%rax)
	movq	CPU_VMCB_RAX(%rax), %rcx
	movq	%rcx, GPR(0)(%rax)
	movq	CPU_VMCB_RSP(%rax), %rcx
	movq	%rcx, GPR(4)(%rax)

	popq	%r15
	popq	%r14
	popq	%r13
	popq	%r12
	popq	%rbp
	popq	%rbx
	ret
	.section .note.GNU-stack, "", @progbits
