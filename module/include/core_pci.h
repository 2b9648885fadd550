/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The PCI bus of a cell, as host half and core share it: one ECAM bus whose
 * device 0 is the host bridge and whose other devices have one function each.
 * A function's config space is an image with a write mask: what the guest
 * writes changes the image only, and what of it has an effect is listed here.
 *
 * PCI Local Bus 3.0 for registers, PCI Express Base 6.0 section 7.2.2 for ECAM.
 */
#ifndef AXVM_CORE_PCI_H
#define AXVM_CORE_PCI_H

#include "core_types.h"

#define CORE_PCI_SLOTS		16	/* devices on the bus; function 0 of each */
#define CORE_PCI_BARS		6
#define CORE_PCI_WORDS		64	/* 32-bit registers of config space */
#define CORE_PCI_VECTORS	32	/* messages of a function that its guest can use */

/* From the base of the device type "pci-host": ECAM, and the window for BARs. */
#define CORE_PCI_ECAM_SIZE	0x100000
#define CORE_PCI_WINDOW		0x1000000
#define CORE_PCI_SIZE		0x10000000	/* all of it; the base is a multiple of this */
#define CORE_PCI_INTX		4	/* lines from the host bridge's irq on; slot n has irq + n % 4 */

/* Registers, in words */
#define CORE_PCI_COMMAND	1
#define CORE_PCI_BAR		4

#define CORE_PCI_CMD_MEMORY	(1U << 1)
#define CORE_PCI_CMD_MASTER	(1U << 2)
#define CORE_PCI_CMD_INTX_OFF	(1U << 10)
#define CORE_PCI_STATUS_INTX	(1U << 19)

/* In the first word of a capability: MSI, 6.8.1.3; MSI-X, 6.8.2.3 */
#define CORE_PCI_MSI_ENABLE	(1U << 16)
#define CORE_PCI_MSI_64		(1U << 23)
#define CORE_PCI_MSIX_MASKED	(1U << 30)
#define CORE_PCI_MSIX_ENABLE	(1U << 31)

enum core_pci_kind {
	CORE_PCI_NONE,		/* nobody there: reads are all ones */
	CORE_PCI_BRIDGE,	/* of the core alone */
	CORE_PCI_PHYSICAL,	/* a function of the host's, handed through */
	CORE_PCI_CHANNEL,	/* a channel's: registers in the core, the rest is memory */
};

/* An entry of an MSI-X table: 6.8.2. */
struct core_pci_vector {
	u32 address, address_high;
	u32 data;
	u32 control;		/* bit 0: masked */
};

/**
 * struct core_pci_function - what the guest sees in a slot
 * @kind: enum core_pci_kind; set last and cleared first by the host half
 * @pending: bits of messages that the device has sent; set by the host half, atomically
 * @waiting: those that the guest has masked; the core, under the device lock
 * @config: registers; the core changes them under the device lock
 * @mask: the bits of them that the guest may change
 * @msi, @msix: registers of these capabilities, 0: it has none
 * @nr_vectors: entries of the MSI-X table
 * @table, @pending_bits: where the two are in the BAR range that comes to the core, a "pci-bar"
 * @vector: the table
 * @link, @bytes, @id: of a channel: index of the cell's link, size of the data section, the cell's ID
 * @line: of a channel: the guest's, of pin A; stays when the function goes. 0: none
 *
 * A BAR of n bytes has the mask ~(n - 1), so that a guest which writes ones reads the size.
 */
struct core_pci_function {
	u32 kind;
	u32 pending;
	u32 waiting;
	u32 config[CORE_PCI_WORDS];
	u32 mask[CORE_PCI_WORDS];
	u32 msi, msix;
	u32 nr_vectors;
	u32 table, pending_bits;
	struct core_pci_vector vector[CORE_PCI_VECTORS];
	u32 link, bytes, id;
	u32 line;
};

#endif
