// SPDX-License-Identifier: GPL-2.0
/*
 * Wired interrupts of physical devices, handed to a cell and back: who may have
 * which, and when. How an interrupt gets to the cell is the architecture's:
 * routed to its CPUs, or forwarded by a handler of Linux's.
 */
#include <linux/slab.h>

#include "arch.h"
#include "device.h"
#include "log.h"
#include "wire.h"

static void undo_claim(struct axvm_claim *claim)
{
	axvm_arch_wire_detach(container_of(claim, struct axvm_wire, claim));
}

static u32 nr_lines(const struct axvm_device *dev)
{
	return dev->type == AXVM_DEVICE_TYPE_PCI_HOST ? CORE_PCI_INTX : 1;
}

static int check_line(struct axvm_cell *cell, u32 line, struct axvm_error *err)
{
	const struct axvm_device *dev;
	const struct axvm_wire *wire;

	list_for_each_entry(wire, &cell->wires, node) {
		if (wire->line == line)
			return axvm_fail(err, -EBUSY,
					 "the guest's interrupt line %u is that of the host's interrupt %u already: choose another",
					 line, wire->host);
	}
	list_for_each_entry(dev, &cell->devices, node) {
		if (dev->irq != CORE_NO_IRQ && line - dev->irq < nr_lines(dev))
			return axvm_fail(err, -EBUSY,
					 "the guest's interrupt line %u is that of its device at 0x%llx: choose another",
					 line, dev->base);
	}
	return 0;
}

int axvm_wire_attach(struct axvm_cell *cell, u32 host, u32 line, bool level,
		     struct axvm_wire **out, struct axvm_error *err)
{
	struct axvm_wire *wire;
	int ret;

	ret = axvm_arch_wire_check(cell->cfg, host, line, err);
	ret = ret ?: check_line(cell, line, err);
	if (ret)
		return ret;
	wire = kzalloc(sizeof(*wire), GFP_KERNEL);
	if (!wire)
		return axvm_fail(err, -ENOMEM, "no memory for interrupt %u's record; free some",
				 host);
	wire->cell = cell;
	wire->host = host;
	wire->line = line;
	wire->level = level;
	wire->claim = (struct axvm_claim) { .type = AXVM_RES_IRQ, .start = host, .size = 1 };
	ret = axvm_claim(&cell->owner, &wire->claim, err);
	if (ret)
		goto free;
	ret = axvm_arch_wire_attach(wire, err);
	if (ret)
		goto release;
	wire->claim.undo = undo_claim;
	list_add_tail(&wire->node, &cell->wires);
	if (cell->state == AXVM_STATE_RUNNING || cell->state == AXVM_STATE_SUSPENDED)
		axvm_arch_wire_run(wire, true);
	axvm_log(cell, "interrupt %u of the host is its line %u, %s-triggered", host, line,
		 level ? "level" : "edge");
	*out = wire;
	return 0;
release:
	axvm_release(&wire->claim);
free:
	kfree(wire);
	return ret;
}

int axvm_wire_detach(struct axvm_wire *wire, struct axvm_error *err)
{
	int ret = axvm_arch_wire_withdraw(wire, err);

	if (ret)
		return ret;
	list_del(&wire->node);
	axvm_release(&wire->claim);
	axvm_log(wire->cell, "interrupt %u of the host is Linux's again", wire->host);
	kfree(wire);
	return 0;
}

int axvm_wires_create(struct axvm_cell *cell, struct axvm_error *err)
{
	struct axvm_wire *wire;
	unsigned int i;
	int ret = 0;

	for (i = 0; i < cell->cfg->nr_wires && !ret; i++) {
		const struct axvm_config_wire *cfg = &cell->cfg->wire[i];

		ret = axvm_wire_attach(cell, cfg->host, cfg->line,
				       cfg->trigger == AXVM_TRIGGER_LEVEL, &wire, err);
	}
	return ret;
}

struct axvm_wire *axvm_wire_find(struct axvm_cell *cell, u32 host)
{
	struct axvm_wire *wire;

	list_for_each_entry(wire, &cell->wires, node)
		if (wire->host == host)
			return wire;
	return NULL;
}

void axvm_wires_detach_all(struct axvm_cell *cell)
{
	struct axvm_wire *wire, *next;
	struct axvm_error err = {};

	list_for_each_entry_safe_reverse(wire, next, &cell->wires, node)
		axvm_wire_detach(wire, &err);
}

void axvm_wires_run(struct axvm_cell *cell, bool run)
{
	struct axvm_wire *wire;

	list_for_each_entry(wire, &cell->wires, node)
		axvm_arch_wire_run(wire, run);
}
