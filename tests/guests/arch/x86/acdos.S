/* SPDX-License-Identifier: GPL-2.0 */
/*
 * An alignment check that raises itself for ever: its handler runs at the same
 * privilege level, on a misaligned stack (CVE-2015-5307). Raw image, mode 32,
 * at 1 MiB; interrupts are off, so only the host can end it.
 */
	.text
	.code32
	.globl	start
start:
	movl	$stack_end, %esp
	movl	$message, %esi
1:	lodsb
	testb	%al, %al
	jz	2f
	movw	$0x3f8, %dx
	outb	%al, %dx
	jmp	1b
2:	lgdt	gdt_pointer
	lidt	idt_pointer
	movl	%cr0, %eax
	orl	$0x40000, %eax		/* AM */
	movl	%eax, %cr0
	movl	$handler, %eax
	movw	%ax, idt + 17 * 8
	shrl	$16, %eax
	movw	%ax, idt + 17 * 8 + 6
	pushl	$0x23
	pushl	$user_stack_end - 3	/* misaligned */
	pushl	$0x40002		/* AC */
	pushl	$0x1b
	pushl	$user
	iretl

user:
	movw	$0x23, %ax
	movw	%ax, %ds
1:	movl	misaligned + 1, %eax
	jmp	1b

handler:
	movl	misaligned + 1, %eax
	jmp	handler

message:
	.asciz	"GUEST acdos: now\n"

	.balign	8
gdt:
	.quad	0
	.quad	0x00cf9b000000ffff	/* 0x08 code */
	.quad	0x00cf93000000ffff	/* 0x10 data */
	.quad	0x00cffb000000ffff	/* 0x18 code, DPL 3 */
	.quad	0x00cff3000000ffff	/* 0x20 data, DPL 3 */
gdt_pointer:
	.word	gdt_pointer - gdt - 1
	.long	gdt

	.balign	8
idt:
	.fill	17, 8, 0
	.quad	0x0000ee00001b0000	/* #AC: interrupt gate, DPL 3, to the user's own segment */
idt_pointer:
	.word	idt_pointer - idt - 1
	.long	idt

	.balign	8
misaligned:
	.quad	0
	.fill	64, 8, 0
stack_end:
	.fill	64, 8, 0
user_stack_end:
	.quad	0
	.section .note.GNU-stack, "", @progbits
