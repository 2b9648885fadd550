/* SPDX-License-Identifier: GPL-2.0 */
/* Config space images: pure, so that KUnit can try every access. */
#ifndef AXVM_CORE_PCI_H_
#define AXVM_CORE_PCI_H_

#include "core_pci.h"

/**
 * core_pci_read() - naturally aligned read of 1, 2 or 4 bytes below 256
 */
static inline u32 core_pci_read(const struct core_pci_function *f, u32 reg, u32 size)
{
	u32 value = f->config[reg / 4] >> 8 * (reg % 4);

	return size == 4 ? value : value & ((1U << 8 * size) - 1);
}

/**
 * core_pci_write() - naturally aligned write; only what the mask allows changes
 *
 * Return: the bits of the register that changed, in their places in the word.
 */
static inline u32 core_pci_write(struct core_pci_function *f, u32 reg, u32 size, u32 value)
{
	u32 shift = 8 * (reg % 4);
	u32 lanes = (size == 4 ? ~0U : (1U << 8 * size) - 1) << shift;
	u32 old = f->config[reg / 4], mask = f->mask[reg / 4] & lanes;

	f->config[reg / 4] = (old & ~mask) | (value << shift & mask);
	return old ^ f->config[reg / 4];
}

/* pci.c, under the device lock */

/**
 * core_pci_ecam() - an access to the bus's ECAM window
 * @offset: from the window's start
 * @value: in and out; a read fills it, zero-extended
 */
void core_pci_ecam(u32 offset, u32 size, bool write, u64 *value);

#endif
