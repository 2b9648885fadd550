/* SPDX-License-Identifier: GPL-2.0 */
/* The resident core's image, to be copied when the first CPU is taken. */
	.section .rodata
	.balign	16
	.globl	axvm_core_image
axvm_core_image:
	.incbin	CORE_BIN
	.globl	axvm_core_image_end
axvm_core_image_end:
