/* SPDX-License-Identifier: GPL-2.0 */
/* Addresses and offsets that C and assembly share. */
#ifndef AXVM_ARM64_CORE_LAYOUT_H
#define AXVM_ARM64_CORE_LAYOUT_H

/*
 * The core's address space, the same on each taken CPU: the one range of the
 * EL2 regime without VHE (DDI 0487, D8.2.4), 48 bits. Besides these it maps the
 * page of its entry at that page's own address. The guest window maps GPA 0 to
 * 64 TiB, through tables of its own: stage-2 entries have another format.
 */
#define CORE_GUEST_VA	0x0000800000000000
#define CORE_GUEST_END	0x0000400000000000	/* GPA */
#define CORE_TEXT_VA	0x0000ff0000000000
/*
 * While a guest runs, SP_EL2 is CORE_CPU_VA: a vector finds the place for the
 * guest's registers at positive offsets from it, and a stack below it. What
 * entered the guest has its frames on the rest of the stack, further down.
 */
#define CORE_CPU_VA	0x0000ff0040000000
#define CORE_STACK_SIZE	0x4000
#define CORE_STACK_VA	(CORE_CPU_VA - CORE_STACK_SIZE)	/* an unmapped page lies below */
#define CORE_STACK_TOP	(CORE_CPU_VA - 0x1000)
#define CORE_GICR_VA	0x0000ff0060000000	/* this CPU's redistributor, two 64 KiB frames */
#define CORE_GICD_VA	0x0000ff0070000000	/* the distributor, of which two parts are mapped */
#define CORE_DEVICE_VA	0x0000ff0068000000	/* physical devices that the core accesses */
#define CORE_IVC_VA	0x0000ff0078000000	/* doorbells between cells */
#define CORE_CELL_VA	0x0000ff0080000000

#define CORE_IMAGE_MAGIC	0x45524f434d565841	/* "AXVMCORE" */

/* How a guest was left: core_arm_run()'s result. Of 0 nobody hears but the vectors. */
#define CORE_EXIT_BACK		0	/* handled; the guest goes on */
#define CORE_EXIT_IRQ		1
#define CORE_EXIT_FIQ		2
#define CORE_EXIT_SERROR	3
#define CORE_EXIT_SYNC		4
#define CORE_EXIT_DONE		5	/* handled, but there are other things to look at */
#define CORE_EXIT_WHOLE		6	/* from fast.c: to core_arm_sync(), with all registers saved */

/* core_cpu.entered: what the entry found */
#define CORE_ENTERED_EL2	1
#define CORE_ENTERED_LOWER	2	/* not at EL2 */

#endif
