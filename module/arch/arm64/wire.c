// SPDX-License-Identifier: GPL-2.0
/*
 * Wired interrupts on arm64: SPIs, routed by the distributor to the CPU that the
 * guest has chosen. To Linux they are requested and never switched on; the
 * core does that when the guest does (IHI 0069, 12.9).
 */
#include <linux/delay.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/irq.h>

#include "../../live.h"
#include "../../wire.h"
#include "arch.h"
#include "arm.h"

#define RWP_POLLS	1000
#define CTLR_RWP	BIT(31)

int axvm_arch_wire_check(const struct axvm_config *cfg, u32 host, u32 line,
			 struct axvm_error *err)
{
	unsigned int i;

	if (host < ARM_SPI_FIRST || host >= axvm_arm_spi_end())
		return axvm_fail(err, -EINVAL,
				 "interrupt %u is not an SPI: this machine has INTIDs %u to %u", host,
				 ARM_SPI_FIRST, axvm_arm_spi_end() - 1);
	if (line < GUEST_SPI_FIRST || line >= GUEST_NR_IRQS)
		return axvm_fail(err, -EINVAL,
				 "the guest's interrupt line %u is not an SPI from %u to %u", line,
				 GUEST_SPI_FIRST, GUEST_NR_IRQS - 1);
	if (cfg->irq_mode == AXVM_IRQ_MODE_PASSTHROUGH && host != line)
		return axvm_fail(err, -EINVAL,
				 "interrupt %u cannot be the guest's %u with interrupts \"passthrough\": it sees the machine's own numbers; use the same, or \"emulated\"",
				 host, line);
	for (i = 0; i < cfg->nr_devices; i++)
		if (cfg->device[i].type == AXVM_DEVICE_TYPE_GICV3)
			return 0;
	return axvm_fail(err, -EINVAL,
			 "interrupt %u cannot be handed through: the cell has no gicv3 to deliver it",
			 host);
}

static void __iomem *word(const struct axvm_wire *wire, u32 reg)
{
	return axvm_arm_dist() + reg + wire->host / 32 * 4;
}

static void write_bit(const struct axvm_wire *wire, u32 reg)
{
	writel_relaxed(BIT(wire->host % 32), word(wire, reg));
}

static void write_route(const struct axvm_wire *wire, u64 affinity)
{
	writeq_relaxed(affinity, axvm_arm_dist() + ARM_GICD_IROUTER + 8 * wire->host);
}

/* Off, not on its way, forgotten, and handled by nobody. */
static void quiesce(const struct axvm_wire *wire)
{
	unsigned int polls = RWP_POLLS;

	write_bit(wire, ARM_GICD_ICENABLER);
	while (polls-- && (readl_relaxed(axvm_arm_dist() + ARM_GICD_CTLR) & CTLR_RWP))
		udelay(1);
	write_bit(wire, ARM_GICD_ICPENDR);
	write_bit(wire, ARM_GICD_ICACTIVER);
}

/* It is never switched on; should it be, by whatever means, it is Linux's mistake to end. */
static irqreturn_t unexpected(int irq, void *data)
{
	disable_irq_nosync(irq);
	return IRQ_HANDLED;
}

static int find_slot(struct axvm_wire *wire, struct axvm_error *err)
{
	const struct core_irq *irq = &wire->cell->core->irq;

	for (wire->slot = 0; wire->slot < CORE_MAX_WIRES; wire->slot++)
		if (!irq->wire[wire->slot].host)
			return 0;
	return axvm_fail(err, -ENOSPC, "a cell can have at most %u interrupts of the host",
			 CORE_MAX_WIRES);
}

static int request(struct axvm_wire *wire, struct axvm_error *err)
{
	unsigned int type = wire->level ? IRQ_TYPE_LEVEL_HIGH : IRQ_TYPE_EDGE_RISING;
	char name[64];
	int ret;

	if (axvm_irq_holder(wire->virq, name, sizeof(name)))
		return axvm_fail(err, -EBUSY,
				 "interrupt %u (INTID) is used by \"%s\" of Linux: unbind that driver first",
				 wire->host, name);
	wire->old_type = irq_get_trigger_type(wire->virq);
	ret = request_irq(wire->virq, unexpected, IRQF_NO_AUTOEN | IRQF_NOBALANCING, "axvm cell",
			  wire);
	if (ret)
		return axvm_fail(err, ret, "interrupt %u (INTID) cannot be taken from Linux: error %d",
				 wire->host, ret);
	ret = irq_set_irq_type(wire->virq, type);
	if (!ret)
		return 0;
	free_irq(wire->virq, wire);
	return axvm_fail(err, ret, "interrupt %u (INTID) cannot be %s-triggered here: error %d",
			 wire->host, wire->level ? "level" : "edge", ret);
}

int axvm_arch_wire_attach(struct axvm_wire *wire, struct axvm_error *err)
{
	struct core_irq *irq = &wire->cell->core->irq;
	int ret = find_slot(wire, err);

	if (ret)
		return ret;
	wire->virq = axvm_arm_map_spi(wire->host, wire->level, &wire->mapped);
	if (!wire->virq)
		return axvm_fail(err, -EBUSY, "interrupt %u (INTID): Linux has no use for it, or a special one",
				 wire->host);
	ret = request(wire, err);
	if (ret) {
		if (wire->mapped)
			axvm_arm_unmap_spi(wire->host, wire->virq);
		return ret;
	}
	wire->saved = readq_relaxed(axvm_arm_dist() + ARM_GICD_IROUTER + 8 * wire->host);
	quiesce(wire);
	irq->wire[wire->slot].line = wire->line;
	/* The core takes it for complete when it has a number of the host. */
	smp_store_release(&irq->wire[wire->slot].host, wire->host);
	irq->wired[wire->line / 32] |= BIT(wire->line % 32);
	return 0;
}

/* No vCPU's list registers name it any more, and no core its registers. */
int axvm_arch_wire_withdraw(struct axvm_wire *wire, struct axvm_error *err)
{
	struct core_irq *irq = &wire->cell->core->irq;
	u32 state = wire->cell->state;

	irq->wired[wire->line / 32] &= ~BIT(wire->line % 32);
	WRITE_ONCE(irq->wire[wire->slot].host, 0);
	if (state != AXVM_STATE_RUNNING && state != AXVM_STATE_SUSPENDED)
		return 0;
	return axvm_cell_sync(wire->cell, err);
}

void axvm_arch_wire_detach(struct axvm_wire *wire)
{
	quiesce(wire);
	write_route(wire, wire->saved);
	atomic_andnot(BIT(wire->line % 32),
		      (atomic_t *)&wire->cell->core->irq.taken[wire->line / 32]);
	free_irq(wire->virq, wire);
	irq_clear_status_flags(wire->virq, IRQ_NO_BALANCING);
	if (wire->mapped)
		axvm_arm_unmap_spi(wire->host, wire->virq);
	else if (wire->old_type != IRQ_TYPE_NONE)
		irq_set_irq_type(wire->virq, wire->old_type);
}

void axvm_arch_wire_run(struct axvm_wire *wire, bool run)
{
	struct axvm_cell *cell = wire->cell;
	struct axvm_error err = {};
	u32 hw_id = cell->cpu[0].hw_id;

	WRITE_ONCE(cell->core->irq.wires_on, run);
	if (!run) {
		quiesce(wire);
		return;
	}
	/* Where the guest finds it routed to; off until it switches it on. */
	write_route(wire, (u64)(hw_id >> 24) << 32 | (hw_id & 0xffffff));
	if (cell->state == AXVM_STATE_RUNNING || cell->state == AXVM_STATE_SUSPENDED)
		axvm_cell_sync(cell, &err);
}
