/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Device accesses from 32-bit code without paging: raw image, mode 32, at
 * 1 MiB, where the local APIC is in xAPIC mode. The high word of the interrupt
 * command keeps what is written to it.
 */
#define SCRATCH	0xfee00310
#define VALUE	0xc1a2b384

	.macro	expect, value
	incl	tried
	cmpl	$\value, %eax
	je	8f
	incl	bad
8:
	.endm

	.text
	.code32
	.globl	start
start:
	cld
	movl	$stack_end, %esp
	movl	$SCRATCH, %edx

	movl	$VALUE, (%edx)
	movl	(%edx), %eax
	expect	VALUE
	movl	SCRATCH, %eax		/* A1: absolute */
	expect	VALUE
	movl	$0x11111111, %eax
	movl	%eax, SCRATCH		/* A3 */
	xorl	%eax, %eax
	movl	-0x40(%edx), %ebx
	movl	$4, %ecx
	leal	-0x40(%edx), %ebx
	movl	0x30(%ebx,%ecx,4), %eax
	expect	0x11111111
	movl	$0x22222222, %eax
	movl	%edx, %edi
	stosl
	movl	(%edx), %eax
	expect	0x22222222
	movl	$4, %eax
	subl	%edi, %eax
	addl	%edx, %eax
	expect	0
	movl	%edx, %esi
	lodsl
	expect	0x22222222
	movl	%edx, %esi
	movl	$copy, %edi
	movsl
	movl	copy, %eax
	expect	0x22222222
	movl	$-1, %eax
	movzbl	(%edx), %eax
	expect	0
	movl	$-1, %eax
	movw	(%edx), %ax
	expect	0xffff0000
	movl	$-1, %eax
	movb	(%edx), %ah
	expect	0xffff00ff
	orl	$0x80000000, (%edx)
	movl	(%edx), %eax
	expect	0xa2222222
	xchgl	%eax, (%edx)
	expect	0xa2222222
	movl	$0x33333333, %es:(%edx)
	movl	%ds:(%edx), %eax
	expect	0x33333333
	movl	0xfee00020, %eax	/* ID */
	expect	0

	movl	$name, %esi
	call	put
	movl	tried, %eax
	call	put_number
	movl	$text_bad, %esi
	call	put
	movl	bad, %eax
	call	put_number
	movl	$text_end, %esi
	call	put
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

/* Two decimal digits. */
put_number:
	movb	$10, %bl
	divb	%bl
	addw	$0x3030, %ax
	movw	$0x3f8, %dx
	outb	%al, %dx
	movb	%ah, %al
	outb	%al, %dx
	ret

name:
	.asciz	"GUEST mmio32: tried="
text_bad:
	.asciz	" bad="
text_end:
	.asciz	"\n"
	.balign	4
tried:
	.long	0
bad:
	.long	0
copy:
	.long	0
	.fill	256, 4, 0
stack_end:
	.section .note.GNU-stack, "", @progbits
