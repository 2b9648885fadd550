/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What devices of a cell may reach by DMA: exactly the cell's memory, at the
 * guest's addresses. One domain for each IOMMU group that the cell has.
 */
#ifndef AXVM_IOMMU_H
#define AXVM_IOMMU_H

#include "axvm.h"

struct axvm_iommu_group;
struct pci_dev;

/**
 * axvm_iommu_attach() - let a function reach the cell's memory, and nothing else
 * @pdev: bound to our stub driver; does no DMA
 * @unsafe: also if it could raise any interrupt of the host
 * @out: set for axvm_iommu_detach()
 * @confined: set to whether it can neither reach memory nor raise interrupts of others
 *
 * Takes the DMA ownership of its group, so that no driver of Linux can use a
 * function of it meanwhile. Caller holds cell->lock. May sleep.
 * Return: 0, -ENODEV (no IOMMU translates for it), -EPERM (its interrupts are not
 * isolated), -EBUSY (its group is shared with Linux or another cell), -ERANGE
 * (the cell's memory is out of its reach), or what the IOMMU driver says.
 */
int axvm_iommu_attach(struct axvm_cell *cell, struct pci_dev *pdev, bool unsafe,
		      struct axvm_iommu_group **out, bool *confined, struct axvm_error *err);

/**
 * axvm_iommu_detach() - end of it; the last function of a group gives the group back
 *
 * Caller holds cell->lock. The function does no DMA.
 */
void axvm_iommu_detach(struct axvm_cell *cell, struct axvm_iommu_group *group);

/**
 * axvm_iommu_map() - memory of the cell is there for its devices too
 * @flags: enum axvm_memory_flag bits
 *
 * Caller holds cell->lock. May sleep. Return: 0 or a negative errno, with nothing mapped.
 */
int axvm_iommu_map(struct axvm_cell *cell, u64 gpa, u64 hpa, u64 size, u32 flags,
		   struct axvm_error *err);

/**
 * axvm_iommu_unmap() - on return no device of the cell can reach it
 *
 * Caller holds cell->lock. May sleep.
 */
void axvm_iommu_unmap(struct axvm_cell *cell, u64 gpa, u64 size);

/**
 * axvm_iommu_change() - the flags of the cell's memory there are others now
 *
 * Caller holds cell->lock. May sleep.
 */
void axvm_iommu_change(struct axvm_cell *cell, u64 gpa, u64 size);

#endif
