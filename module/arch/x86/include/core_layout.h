/* SPDX-License-Identifier: GPL-2.0 */
/* Addresses and offsets that C and assembly share. */
#ifndef AXVM_X86_CORE_LAYOUT_H
#define AXVM_X86_CORE_LAYOUT_H

/*
 * The core's address space, the same on each taken CPU. The guest window maps
 * GPA 0 to 64 TiB through the stage-2 tables themselves: page-table entries
 * of nested paging and of ordinary paging have one format (APM volume 2,
 * section 15.25.5), so the window costs nothing and cannot disagree.
 */
#define CORE_GUEST_VA	0xffff800000000000
#define CORE_GUEST_END	0x0000400000000000	/* GPA */
#define CORE_TEXT_VA	0xffffff0000000000
#define CORE_CPU_VA	0xffffff0040000000
#define CORE_STACK_VA	0xffffff0050000000	/* an unmapped page lies below */
#define CORE_STACK_SIZE	0x4000
#define CORE_DEVICE_VA	0xffffff0060000000	/* physical devices that the core accesses */
#define CORE_IVC_VA	0xffffff0070000000	/* doorbells between cells */
#define CORE_CELL_VA	0xffffff0080000000

#define CORE_IMAGE_MAGIC	0x45524f434d565841	/* "AXVMCORE" */

/* Offsets in the image's first bytes, written by entry.S */
#define CORE_IMAGE_ENTRY	8
#define CORE_IMAGE_TEXT_SIZE	16
#define CORE_IMAGE_SIZE		24
#define CORE_IMAGE_CELL_SIZE	32

#endif
