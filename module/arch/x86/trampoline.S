/* SPDX-License-Identifier: GPL-2.0 */
/*
 * From SIPI to the core: real mode to long mode in one step, on the core's page
 * tables, which map this page at its own address. Copied to a page below
 * 640 KiB; the host half fills in CR3 and entry there. Entered with
 * CS:IP = page:0, after INIT (APM volume 2, section 14.1.3). Nothing is left on return,
 * since there is none.
 */
#define CR0_VALUE	0x80010031	/* PG, WP, NE, ET, PE; caches on */
#define CR4_VALUE	0x20		/* PAE */
#define EFER_LME_NXE	0x900
#define MSR_EFER	0xc0000080

#define AT(symbol)	((symbol) - axvm_trampoline)

	.section .rodata, "a"
	.balign	16
	.globl	axvm_trampoline, axvm_trampoline_end
	.globl	axvm_trampoline_cr3, axvm_trampoline_entry

	.code16
axvm_trampoline:
	cli
	cld
	movw	%cs, %ax
	movw	%ax, %ds
	movzwl	%ax, %ebx
	shll	$4, %ebx			/* our linear address */
	movl	%ebx, %eax
	addl	$AT(gdt), %eax
	movl	%eax, AT(gdtr) + 2
	addl	$AT(long_mode), %ebx
	movl	%ebx, AT(far_pointer)
	lgdtl	AT(gdtr)
	movl	$CR4_VALUE, %eax
	movl	%eax, %cr4
	movl	AT(axvm_trampoline_cr3), %eax
	movl	%eax, %cr3
	movl	$MSR_EFER, %ecx
	xorl	%edx, %edx
	movl	$EFER_LME_NXE, %eax
	wrmsr
	movl	$CR0_VALUE, %eax
	movl	%eax, %cr0
	ljmpl	*AT(far_pointer)

	.code64
long_mode:
	movq	axvm_trampoline_entry(%rip), %rax
	jmp	*%rax

	.balign	8
gdt:
	.quad	0
	.quad	0x00209b0000000000		/* 0x08: 64-bit code */
gdtr:
	.word	. - gdt - 1
	.long	0
far_pointer:
	.long	0
	.word	8
	.balign	8
axvm_trampoline_cr3:
	.quad	0
axvm_trampoline_entry:
	.quad	0
axvm_trampoline_end:
