/* SPDX-License-Identifier: GPL-2.0 */
/* PCI functions of the host that are handed through to cells. */
#ifndef AXVM_PCI_H
#define AXVM_PCI_H

#include "axvm.h"

struct axvm_pci_physical;
struct pci_dev;

#define AXVM_PCI_SEGMENT(id)	((id) >> 16)
#define AXVM_PCI_BUS(id)	((id) >> 8 & 0xff)
#define AXVM_PCI_DEVFN(id)	((id) & 0xff)

int axvm_pci_init(void);
void axvm_pci_exit(void);

/**
 * axvm_pci_attach() - take a function from Linux and put it on a cell's bus
 * @id: segment << 16 | bus << 8 | devfn
 * @slot: on the cell's bus, or 0: a free one
 * @unsafe: do without an IOMMU; taints the kernel if there is none
 *
 * Linux's driver is unbound; the function is reset and can reach the cell's memory
 * only. Caller holds cell->lock; may sleep for seconds. Undone by axvm_pci_detach().
 * Return: 0 or a negative errno with everything undone.
 */
int axvm_pci_attach(struct axvm_cell *cell, u32 id, unsigned int slot, bool unsafe,
		    struct axvm_error *err);

/**
 * axvm_pci_detach() - take it out of the cell, reset it, give it back to Linux's driver
 *
 * Caller holds cell->lock; may sleep for seconds.
 * Return: 0, -ENOENT (the cell does not have it), or -EIO, as axvm_stage2_unmap_live().
 */
int axvm_pci_detach(struct axvm_cell *cell, u32 id, struct axvm_error *err);

/**
 * axvm_pci_detach_all() - all that the cell has; no core of it runs any more
 */
void axvm_pci_detach_all(struct axvm_cell *cell);

/**
 * axvm_pci_next() - which functions a cell has
 * @last: the one before, or NULL
 *
 * Caller holds cell->lock. Return: NULL at the end.
 */
struct axvm_pci_physical *axvm_pci_next(struct axvm_cell *cell, struct axvm_pci_physical *last);
u32 axvm_pci_id(const struct axvm_pci_physical *p);
unsigned int axvm_pci_slot(const struct axvm_pci_physical *p);

/* pci_config.c: pure, so that KUnit can try hostile config spaces */

/**
 * axvm_pci_image() - what a guest sees of a function's config space
 * @real: 256 bytes of the function itself
 * @f: initial image and masks; BARs are left to others
 * @intx: may it use its interrupt pin?
 * @vectors: at most so many messages; 0: neither MSI nor MSI-X
 *
 * Of its capabilities MSI, MSI-X, PCI Express and vendor-specific ones are there,
 * at their places; all but the first two are read-only.
 */
void axvm_pci_image(const u8 *real, struct core_pci_function *f, bool intx, unsigned int vectors);

/**
 * axvm_pci_table() - where its MSI-X table and pending bits are
 * @bar: index of the BAR that the table is in
 * @table, @pending: offsets in their BARs
 *
 * Return: entries of the real table; 0 when there is none, or pending bits and
 * table are in different BARs (it then shall not use MSI-X).
 */
unsigned int axvm_pci_table(const u8 *real, unsigned int *bar, u32 *table, u32 *pending);

#endif
