/* SPDX-License-Identifier: GPL-2.0 */
/* What an architecture gives to the tool; the one in arch/$(ARCH) is linked in. */
#ifndef AXVMCTL_ARCH_H
#define AXVMCTL_ARCH_H

#include "machine.h"

/**
 * struct arch_layout - how the architecture's machines look
 * @name: as in `uname -m`
 * @ram_base: where memory without an address starts
 * @hole_start: memory without an address keeps out of [hole_start, hole_end); both 0: no hole
 * @image_gpa: where a raw image goes
 * @elf_machine: e_machine of its ELF files
 * @irq_modes: bits of the enum axvm_irq_mode values that it has
 * @irq_mode: the one that a cell gets which names none
 * @irqs: the numbers of its interrupt lines
 * @edges_below: wired interrupts of the host with lower numbers are edges, if nothing is said
 * @pci_gpa: where a PCI bus goes; @pci_irq: the first of its four lines
 */
struct arch_layout {
	const char *name;
	u64 ram_base;
	u64 hole_start, hole_end;
	u64 image_gpa;
	u16 elf_machine;
	u32 irq_modes, irq_mode;
	struct json_range irqs;
	u32 edges_below;
	u64 pci_gpa;
	u32 pci_irq;
};

extern const struct arch_layout arch_layout;

/**
 * arch_add_devices() - give the machine what the architecture's machines have
 *
 * Memory is laid out; the devices that the config names are added afterwards.
 */
int arch_add_devices(struct machine *m);

/**
 * arch_boot_image() - make the boot CPU start a bare-metal program
 * @entry: GPA of its first instruction
 *
 * The program's own memory is claimed. Sets m->boot.
 */
int arch_boot_image(struct machine *m, u64 entry);

/**
 * arch_boot_linux() - load a Linux kernel and what it wants to find, set m->boot
 */
int arch_boot_linux(struct machine *m);

#endif
