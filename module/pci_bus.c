// SPDX-License-Identifier: GPL-2.0
/*
 * The PCI bus that a cell sees: what is in its slots. The core answers config
 * accesses from the images that are put there; PCI Local Bus 3.0, chapter 6.
 */
#include <linux/pci.h>
#include <linux/string.h>

#include "axvm.h"
#include "pci_bus.h"

/* The host bridge: the generic PCIe host bridge's ID, known to need no driver. */
#define BRIDGE_ID	(0x0008 << 16 | PCI_VENDOR_ID_REDHAT)

static bool has_bus(const struct axvm_cell *cell)
{
	unsigned int i;

	for (i = 0; i < cell->cfg->nr_devices; i++) {
		if (cell->cfg->device[i].type == AXVM_DEVICE_TYPE_PCI_HOST)
			return true;
	}
	return false;
}

void axvm_pci_bus_reset(struct axvm_cell *cell)
{
	struct core_pci_function *bridge = &cell->core->pci[0];

	memset(cell->core->pci, 0, sizeof(cell->core->pci));
	if (!has_bus(cell))
		return;
	bridge->config[PCI_VENDOR_ID / 4] = BRIDGE_ID;
	bridge->config[PCI_CLASS_REVISION / 4] = PCI_CLASS_BRIDGE_HOST << 16;
	bridge->kind = CORE_PCI_BRIDGE;
}
