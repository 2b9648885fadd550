/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A raw image for mode 16, at any multiple of 16 below 640 KiB: prints over the
 * UART from real mode, with and without string instructions, and halts.
 */
	.text
	.code16
	.globl	start
start:
	cli
	cld
	movw	%cs, %ax
	movw	%ax, %ds
	movw	%ax, %es
	movw	%ax, %ss
	movw	$stack_end, %sp
	movw	$first, %si
	call	put
	movw	$second, %si
	movw	$second_end - second, %cx
	movw	$0x3f8, %dx
	rep outsb
	pushfw
	popw	%ax
	testw	$0x200, %ax
1:	hlt
	jmp	1b

put:
	lodsb
	testb	%al, %al
	jz	2f
	movw	$0x3f8, %dx
	outb	%al, %dx
	jmp	put
2:	ret

first:
	.asciz	"GUEST real: mode=16\n"
second:
	.ascii	"GUEST real: string=ok\n"
second_end:
	.balign	4
	.fill	64, 4, 0
stack_end:
	.section .note.GNU-stack, "", @progbits
