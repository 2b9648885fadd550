/* SPDX-License-Identifier: GPL-2.0 */
/* The PCI bus that a cell sees: what is in its slots. */
#ifndef AXVM_PCI_BUS_H
#define AXVM_PCI_BUS_H

#include <linux/types.h>

struct axvm_cell;

/**
 * axvm_pci_bus_reset() - the bus as at power-on
 *
 * Caller holds cell->lock; no vCPU runs.
 */
void axvm_pci_bus_reset(struct axvm_cell *cell);

#endif
