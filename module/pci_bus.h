/* SPDX-License-Identifier: GPL-2.0 */
/* The PCI bus that a cell sees: what is in its slots, and where their BARs are. */
#ifndef AXVM_PCI_BUS_H
#define AXVM_PCI_BUS_H

#include "axvm.h"

struct axvm_device;
struct axvm_pci_function;

/**
 * struct axvm_pci_bar - what is behind a BAR
 * @size: bytes, a power of two and whole pages; 0: there is no such BAR
 * @hpa: contiguous host address space that the guest gets; 0: none
 * @flags: AXVM_PT_* for it
 * @len: bytes from its start that are there, whole pages; 0: all of @size
 * @trap, @trap_size: bytes of it that come to the core, whole pages; the guest does not get them
 * @at: GPA where the guest has it now, 0: nowhere
 * @trapped: the core's entry for it while it is somewhere
 */
struct axvm_pci_bar {
	u64 size;
	u64 hpa;
	unsigned int flags;
	u64 len;
	u64 trap, trap_size;
	u64 at;
	struct axvm_device *trapped;
};

/* How a function raises interrupts. */
enum axvm_pci_irq { AXVM_PCI_IRQ_OFF, AXVM_PCI_IRQ_INTX, AXVM_PCI_IRQ_MSI, AXVM_PCI_IRQ_MSIX };

/**
 * struct axvm_pci_ops - what a kind of function does when its guest changes it
 *
 * All in process context with cell->lock held; each may be NULL.
 * @master: may it do DMA?
 * @irq: how shall it raise interrupts? With INTX, on line axvm_pci_intx()
 * @reset: to its power-on state; DMA and interrupts are off
 */
struct axvm_pci_ops {
	void (*master)(struct axvm_pci_function *f, bool on);
	void (*irq)(struct axvm_pci_function *f, enum axvm_pci_irq mode);
	void (*reset)(struct axvm_pci_function *f);
};

/**
 * struct axvm_pci_function - a function on a cell's bus
 * @slot: device number, from 1 on
 * @initial: as the guest finds it at power-on; axvm_pci_add() gives the BARs addresses
 * @bar: at most one of them may have a trapped range
 * @master, @irq: what was last asked of @ops
 */
struct axvm_pci_function {
	struct axvm_cell *cell;
	unsigned int slot;
	struct core_pci_function initial;
	struct axvm_pci_bar bar[CORE_PCI_BARS];
	const struct axvm_pci_ops *ops;
	bool master;
	enum axvm_pci_irq irq;
};

/**
 * axvm_pci_has_bus() - was the cell given a PCI bus?
 */
bool axvm_pci_has_bus(const struct axvm_cell *cell);

/**
 * axvm_pci_intx() - the guest's line of a slot's pin A, or CORE_NO_IRQ
 */
u32 axvm_pci_intx(const struct axvm_cell *cell, unsigned int slot);

/**
 * axvm_pci_add() - put a function into a slot
 * @f: cell (which has a bus), initial (without BAR addresses), bar and ops are set; slot, or
 *	0 for a free one
 *
 * A guest that runs finds it when it scans the bus again. Caller holds cell->lock.
 * Return: 0, -EBUSY (the slot is in use), -ENOSPC (no slot or no
 * room for a BAR in the window).
 */
int axvm_pci_add(struct axvm_pci_function *f, struct axvm_error *err);

/**
 * axvm_pci_remove() - take it out again: from then on the slot reads as ones
 *
 * BARs are unmapped, DMA and interrupts are off. Caller holds cell->lock.
 * Return: 0 or -EIO, as axvm_stage2_unmap_live().
 */
int axvm_pci_remove(struct axvm_pci_function *f);

/**
 * axvm_pci_message() - a function sends a message-signalled interrupt
 * @vector: below CORE_PCI_VECTORS; 0 with MSI
 *
 * Any context.
 */
void axvm_pci_message(struct axvm_pci_function *f, unsigned int vector);

/**
 * axvm_pci_bus_reset() - the bus and its functions as at power-on
 *
 * Caller holds cell->lock; no vCPU runs.
 */
void axvm_pci_bus_reset(struct axvm_cell *cell);

/**
 * axvm_pci_quiesce() - no function does DMA or interrupts any more
 *
 * Caller holds cell->lock; no vCPU runs, so it stays so until the reset.
 */
void axvm_pci_quiesce(struct axvm_cell *cell);

/**
 * axvm_pci_call() - CORE_CALL_PCI: see axvm_hostcall_fn; arg[0] is the slot
 */
int axvm_pci_call(struct axvm_cell *cell, unsigned int vcpu, const u64 arg[CORE_CALL_ARGS],
		  u64 result[CORE_CALL_RESULTS]);

#endif
