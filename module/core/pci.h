/* SPDX-License-Identifier: GPL-2.0 */
/* Config space images and MSI-X tables: pure, so that KUnit can try every access. */
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

/**
 * core_pci_matters() - must the host half do something about a change?
 * @word: register / 4; @changed: its bits that changed
 */
static inline bool core_pci_matters(const struct core_pci_function *f, u32 word, u32 changed)
{
	if (word == CORE_PCI_COMMAND && f->kind == CORE_PCI_CHANNEL)
		return changed & CORE_PCI_CMD_MEMORY;
	if (word == CORE_PCI_COMMAND)
		return changed & (CORE_PCI_CMD_MEMORY | CORE_PCI_CMD_MASTER | CORE_PCI_CMD_INTX_OFF);
	if (word >= CORE_PCI_BAR && word < CORE_PCI_BAR + CORE_PCI_BARS)
		return changed && (f->config[CORE_PCI_COMMAND] & CORE_PCI_CMD_MEMORY);
	if (f->msi && word == f->msi / 4)
		return changed & CORE_PCI_MSI_ENABLE;
	if (f->msix && word == f->msix / 4)
		return changed & CORE_PCI_MSIX_ENABLE;
	return false;
}

/**
 * core_pci_bar() - an access to the BAR range that comes to the core: MSI-X table, pending bits
 * @offset: in it
 * @value: in and out; what is nobody's reads as 0
 *
 * Return: true if a vector may have become free to be sent.
 */
static inline bool core_pci_bar(struct core_pci_function *f, u32 offset, u32 size, bool write,
				u64 *value)
{
	u32 *entry = (u32 *)f->vector, at = offset - f->table, i;
	u64 word;

	if (!write)
		*value = 0;
	if ((size != 4 && size != 8) || offset % size || !f->nr_vectors)
		return false;
	if (!write && (offset & ~7U) == f->pending_bits) {
		word = f->waiting;
		*value = size == 8 ? word : (u32)(word >> 8 * (offset & 4));
	}
	if (at >= f->nr_vectors * sizeof(f->vector[0]))
		return false;
	for (i = 0; i < size / 4; i++) {
		if (write)
			entry[at / 4 + i] = *value >> 32 * i;
		else
			*value |= (u64)entry[at / 4 + i] << 32 * i;
	}
	return write;
}

/* pci.c, under the device lock */

/**
 * core_pci_ecam() - an access to the bus's ECAM window
 * @offset: from the window's start
 * @value: in and out; a read fills it, zero-extended
 */
enum core_io core_pci_ecam(u32 offset, u32 size, bool write, u64 *value);

/**
 * core_pci_bar_access() - an access to a "pci-bar"
 * @slot: of its function
 */
void core_pci_bar_access(u32 slot, u32 offset, u32 size, bool write, u64 *value);

/**
 * core_pci_messages() - deliver the messages that functions have sent
 */
void core_pci_messages(void);

/* pci_channel.c, under the device lock */

/**
 * core_pci_channel() - an access to BAR 0 of a channel: AXVM_IVC_PCI_* in uapi/axvm_guest.h
 */
void core_pci_channel(struct core_pci_function *f, u32 offset, u32 size, bool write, u64 *value);

/**
 * core_pci_channel_status() - bring Interrupt Status of a channel's config space up to date
 */
void core_pci_channel_status(struct core_pci_function *f);

/**
 * core_pci_channel_lines() - bring the pins of all channels up to date
 */
void core_pci_channel_lines(void);

#endif
