/* SPDX-License-Identifier: GPL-2.0 */
/* The PCI bus of a cell, for guests that drive what is on it. */
#ifndef AXVM_GUEST_PCI_H
#define AXVM_GUEST_PCI_H

#include "guest.h"

#define PCI_SLOTS	32
#define PCI_COMMAND	0x04
#define PCI_MEMORY	2
#define PCI_MASTER	4
#define PCI_INTX_OFF	0x400
#define PCI_BAR0	0x10
#define PCI_CAPS	0x34
#define PCI_PIN		0x3d
#define PCI_CAP_MSI	5

/* arch/.../pci.c */

/* GPA of the ECAM window. */
u64 pci_ecam(void);

/* What makes a message raise an interrupt on vCPU 0, for irq_handle(*vector). */
void pci_message(u64 *address, u32 *data, u32 *vector);

/* Pin A of a slot, level-triggered, to vCPU 0; its vector. */
u32 pci_line(u32 slot);

static inline volatile void *pci_config(u32 slot, u32 reg)
{
	return (volatile void *)(pci_ecam() + (slot << 15) + reg);
}

static inline u32 pci_read32(u32 slot, u32 reg)
{
	return *(volatile u32 *)pci_config(slot, reg);
}

static inline void pci_write32(u32 slot, u32 reg, u32 value)
{
	*(volatile u32 *)pci_config(slot, reg) = value;
}

static inline u16 pci_read16(u32 slot, u32 reg)
{
	return *(volatile u16 *)pci_config(slot, reg);
}

static inline void pci_write16(u32 slot, u32 reg, u16 value)
{
	*(volatile u16 *)pci_config(slot, reg) = value;
}

static inline u8 pci_read8(u32 slot, u32 reg)
{
	return *(volatile u8 *)pci_config(slot, reg);
}

#endif
