/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A raw image, MMU off, without stack or library: prints over the UART, and
 * whether x0 points to a device tree.
 */
	.text
	.globl	start
start:
	movz	x2, #0x0900, lsl #16
	adr	x1, first
	bl	put
	ldr	w3, [x0]
	movz	w4, #0x0dd0
	movk	w4, #0xedfe, lsl #16	/* the magic number, d00dfeed in big-endian */
	cmp	w3, w4
	adr	x1, without
	adr	x5, with
	csel	x1, x5, x1, eq
	bl	put
1:	wfi
	b	1b

put:	ldrb	w3, [x1], #1
	cbz	w3, 2f
	str	w3, [x2]
	b	put
2:	ret

first:
	.asciz	"GUEST raw: uart=ok\n"
with:
	.asciz	"GUEST raw: tree=ok\n"
without:
	.asciz	"GUEST raw: tree=none\n"
	.section .note.GNU-stack, "", @progbits
