/* SPDX-License-Identifier: GPL-2.0 */
/* Wired interrupts of physical devices, handed to a cell and back. */
#ifndef AXVM_WIRE_H
#define AXVM_WIRE_H

#include "axvm.h"
#include "forward.h"

/**
 * struct axvm_wire - one interrupt that is a cell's
 * @node: in cell->wires
 * @host: the platform's number: GSI (x86), INTID (arm64)
 * @line: the guest's: I/O APIC pin, INTID
 * @level: level-triggered
 * @virq: Linux's number
 * @forward: where Linux's handler passes it on
 * @slot: of core_irq.wire[], where it is routed to the cell's CPUs
 * @saved: what its router said before, @old_type: how Linux had it triggered
 * @mapped: Linux did not know it before
 */
struct axvm_wire {
	struct list_head node;
	struct axvm_cell *cell;
	struct axvm_claim claim;
	u32 host, line;
	bool level;
	unsigned int virq;
	struct axvm_forward forward;
	unsigned int slot;
	u64 saved;
	unsigned int old_type;
	bool mapped;
};

/**
 * axvm_wire_attach() - take an interrupt from Linux and give it to a cell
 * @wire: set to what axvm_wire_detach() takes
 *
 * Caller holds cell->lock. Any state of the cell, also while it is being
 * created. May sleep. Return: 0, -EBUSY (Linux or a cell has it, or something else
 * is on the guest's line), -EINVAL, -ENOSPC, -ENOMEM.
 */
int axvm_wire_attach(struct axvm_cell *cell, u32 host, u32 line, bool level,
		     struct axvm_wire **wire, struct axvm_error *err);

/**
 * axvm_wire_detach() - quiesce it and give it back to Linux as it was
 *
 * Caller holds cell->lock, not axvm_cells_lock. May sleep.
 * Return: 0, or -EIO: a CPU of the cell cannot be stopped and may go on using it;
 * it is withdrawn from the guest, and nobody else's.
 */
int axvm_wire_detach(struct axvm_wire *wire, struct axvm_error *err);

/**
 * axvm_wires_create() - attach those that the configuration names
 *
 * Caller holds cell->lock. Return: 0 or an error; either way axvm_wires_detach_all() undoes it.
 */
int axvm_wires_create(struct axvm_cell *cell, struct axvm_error *err);

/**
 * axvm_wire_find() - a cell's wire by the host's number, or NULL; cell->lock is held
 */
struct axvm_wire *axvm_wire_find(struct axvm_cell *cell, u32 host);

/**
 * axvm_wires_detach_all() - the same for all that a cell has
 */
void axvm_wires_detach_all(struct axvm_cell *cell);

/**
 * axvm_wires_run() - the guest is about to run, or does not run any more
 *
 * Caller holds cell->lock; its cores are parked.
 */
void axvm_wires_run(struct axvm_cell *cell, bool run);

#endif
