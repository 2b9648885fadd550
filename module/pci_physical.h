/* SPDX-License-Identifier: GPL-2.0 */
/* What the files about PCI functions of the host share. */
#ifndef AXVM_PCI_PHYSICAL_H
#define AXVM_PCI_PHYSICAL_H

#include <linux/completion.h>

#include "calm.h"
#include "pci_bus.h"

struct axvm_iommu_group;
struct axvm_pci_physical;

/* One message's interrupt in Linux. */
struct axvm_pci_vector {
	struct axvm_pci_physical *p;
	unsigned int nr;	/* of the function */
	int irq;		/* Linux's; 0: none */
};

/**
 * struct axvm_pci_physical - a function of the host on a cell's bus
 * @node: in cell->physical
 * @ref: the cell's list, and whoever waits for @let_go
 * @claim: AXVM_RES_PCI
 * @let_go: the cell uses it no more
 * @leaving: that is on its way or done
 * @unplugged: Linux is removing it
 * @bound, @enabled, @regions (mask of BARs), @group: what is to be undone
 * @old_driver: of Linux
 * @vector, @nr_vectors: messages that Linux takes for it
 * @calm: of its messages, or of its pin
 * @intx: its interrupt pin is watched
 * @pin_waits: it came too often, and is let come later; @pin_again: the guest
 *	would have let it come meanwhile; both under @calm's lock
 * @watch_node: dma_fault.c; @faults: accesses that the IOMMU refused,
 *	without those to one page in a row, @fault_page
 */
struct axvm_pci_physical {
	struct axvm_pci_function f;
	struct list_head node;
	struct kref ref;
	struct pci_dev *pdev;
	struct axvm_claim claim;
	struct work_struct unplug_work;
	struct completion let_go;
	bool leaving, unplugged;
	bool bound, enabled;
	int regions;
	struct axvm_iommu_group *group;
	char old_driver[32];
	struct axvm_pci_vector vector[CORE_PCI_VECTORS];
	unsigned int nr_vectors;
	struct axvm_calm calm;
	bool intx, pin_waits, pin_again;
	struct list_head watch_node;
	unsigned int faults;
	u64 fault_page;
};

void axvm_pci_physical_put(struct axvm_pci_physical *p);

/**
 * axvm_pci_refused() - the IOMMU has refused it an access
 *
 * Told in the cell's log; what follows is the cell's fault policy. Takes cell->lock.
 */
void axvm_pci_refused(struct axvm_pci_physical *p, u64 gpa, bool write);

/* pci_describe.c */

/**
 * axvm_pci_describe() - take its BARs from Linux, fill in @p->f
 *
 * Return: 0, -EBUSY (a BAR is in use), -EINVAL (a BAR cannot be given to a guest).
 */
int axvm_pci_describe(struct axvm_pci_physical *p, struct axvm_error *err);

/* pci_irq.c: forwarding of its interrupts; cell->lock held */

/**
 * axvm_pci_irq_set() - struct axvm_pci_ops.irq
 */
void axvm_pci_irq_set(struct axvm_pci_function *f, enum axvm_pci_irq mode);
void axvm_pci_irq_off(struct axvm_pci_physical *p);

#endif
