// SPDX-License-Identifier: GPL-2.0
/* Where the PCI bus is, and how its interrupts get to vCPU 0. */
#include "arm64.h"
#include "../../lib/pci.h"

#define GICD_SETSPI_NSR	0x40

u64 pci_ecam(void)
{
	return GUEST_PCI_BASE;
}

void pci_message(u64 *address, u32 *data, u32 *vector)
{
	*address = GUEST_GICD_BASE + GICD_SETSPI_NSR;
	*data = *vector = GUEST_MSI_FIRST + 1;
	gic_enable(*data);
}

u32 pci_line(u32 slot)
{
	u32 intid = GUEST_PCI_IRQ + slot % 4;

	gic_enable(intid);
	return intid;
}
