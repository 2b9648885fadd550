/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Device accesses from 16-bit code: a raw image for mode 16, linked at 0, to be
 * loaded at any multiple of 16 below 640 KiB. Protected mode is entered for a
 * moment, for data segments that reach the local APIC from real mode.
 */
#define SCRATCH	0xfee00310
#define VALUE	0xc1a2b384

	.macro	expect, value
	incw	tried
	cmpl	$\value, %eax
	je	8f
	incw	bad
8:
	.endm

	.text
	.code16
	.globl	start
start:
	cli
	cld
	movw	%cs, %ax
	movw	%ax, %ds
	movw	%ax, %ss
	movw	$stack_end, %sp
	/* The GDT needs its linear address. */
	xorl	%eax, %eax
	movw	%cs, %ax
	shll	$4, %eax
	addl	$gdt, %eax
	movl	%eax, gdt_pointer + 2
	lgdtl	gdt_pointer
	movl	%cr0, %eax
	orb	$1, %al
	movl	%eax, %cr0
	movw	$8, %bx
	movw	%bx, %es
	movw	%bx, %fs
	andb	$0xfe, %al
	movl	%eax, %cr0
	xorw	%bx, %bx
	movw	%bx, %es
	movw	%bx, %fs

	movl	$SCRATCH, %edx
	movl	$VALUE, %es:(%edx)
	movl	%es:(%edx), %eax
	expect	VALUE
	movl	$0x11111111, %eax
	movl	%eax, %fs:(%edx)
	xorl	%eax, %eax
	movl	%fs:-0x40(%edx), %ecx
	addr32 movl	%es:SCRATCH, %eax
	expect	0x11111111
	movl	$0x22222222, %eax
	movl	%edx, %edi
	addr32 stosl
	movl	%es:(%edx), %eax
	expect	0x22222222
	movl	$-1, %eax
	movw	%es:(%edx), %ax
	expect	0xffff0000
	movl	$-1, %eax
	movzbw	%es:(%edx), %ax
	expect	0xffff0000
	movl	$-1, %eax
	movzwl	%es:(%edx), %eax
	expect	0
	orl	$0x80000000, %es:(%edx)
	movl	%es:(%edx), %eax
	expect	0xa2222222
	xorl	%eax, %eax
	movw	%cs, %ax
	shll	$4, %eax
	addl	$copy, %eax
	movl	%eax, %edi
	movl	%edx, %esi
	addr32 movsl	%es:(%esi), %es:(%edi)
	movl	copy, %eax
	expect	0xa2222222

	movw	$name, %si
	call	put
	movw	tried, %ax
	call	put_number
	movw	$text_bad, %si
	call	put
	movw	bad, %ax
	call	put_number
	movw	$text_end, %si
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

	.balign	8
gdt:
	.quad	0
	.quad	0x00cf93000000ffff
gdt_pointer:
	.word	gdt_pointer - gdt - 1
	.long	0
name:
	.asciz	"GUEST mmio16: tried="
text_bad:
	.asciz	" bad="
text_end:
	.asciz	"\n"
	.balign	4
tried:
	.word	0
bad:
	.word	0
copy:
	.long	0
	.fill	64, 4, 0
stack_end:
	.section .note.GNU-stack, "", @progbits
