// SPDX-License-Identifier: GPL-2.0
/*
 * SPIs of real devices that the host half has routed to this cell's CPUs. What
 * the guest does to its distributor is done to the physical one for these, and
 * for no others: its registers of one bit an INTID are written by ones, and
 * each SPI has a router of its own, so that neither Linux nor another cell is
 * in the way (IHI 0069, 12.9).
 *
 * With interrupts "emulated" the core acknowledges the physical interrupt,
 * which stays active until the guest's own deactivation of the virtual one (a
 * list register with HW). With "passthrough" the guest has it without the core.
 */
#include "core.h"

#define CTLR_RWP	(1U << 31)
#define RWP_SPINS	10000
#define INTIDS_END	1020

static struct core_irq *irq(void)
{
	return &core_cell()->irq;
}

static u32 bit_of(u32 intid)
{
	return 1U << intid % 32;
}

/* INTIDs come from the host half; all else would be beyond the pages that are mapped. */
static u32 host_of(const struct core_wire *wire)
{
	u32 host = core_load_acquire(&wire->host);

	return host >= GUEST_SPI_FIRST && host < INTIDS_END &&
	       wire->line - GUEST_SPI_FIRST < CORE_GIC_SPIS ? host : 0;
}

static void write_bit(u32 reg, u32 host)
{
	core_mmio_write(CORE_GICD_VA + reg + host / 32 * 4, bit_of(host));
}

static bool read_bit(u32 reg, u32 host)
{
	return core_mmio_read(CORE_GICD_VA + reg + host / 32 * 4) & bit_of(host);
}

static void wait_for_write(void)
{
	u32 spins = RWP_SPINS;

	asm volatile("dsb sy" : : : "memory");
	while (spins-- && (core_mmio_read(CORE_GICD_VA + ARM_GICD_CTLR) & CTLR_RWP))
		core_lock_relax();
}

static const struct core_gic *gic(void)
{
	return &core_cell()->arch.gic;
}

/* The guest's wish for a line. Without the core in between, its groups count too. */
static bool wanted(u32 line)
{
	const struct core_gic_word *word = &gic()->word[line / 32 - 1];
	u32 bits = word->enabled;

	if (gic()->target[line - GUEST_SPI_FIRST] >= core_cell()->nr_vcpus)
		return false;
	if (core_direct())
		bits &= gic()->ctlr & 2 ? word->group : 0;
	return bits & bit_of(line);
}

/* From @wire on, the first whose line is in a word of 32 INTIDs from @first on, and in @mask. */
static struct core_wire *next_wire(struct core_wire *wire, u32 first, u32 mask)
{
	for (; wire < irq()->wire + CORE_MAX_WIRES; wire++)
		if (host_of(wire) && wire->line / 32 == first / 32 && (mask & bit_of(wire->line)))
			return wire;
	return NULL;
}

#define for_each_wire(wire, first, mask)					\
	for ((wire) = next_wire(irq()->wire, first, mask); (wire);		\
	     (wire) = next_wire((wire) + 1, first, mask))

static bool any(u32 first)
{
	return READ_WORD(irq()->wired[first / 32]);
}

void core_wire_apply(u32 first, u32 mask)
{
	struct core_wire *wire;
	bool off = false;

	if (!any(first))
		return;
	for_each_wire(wire, first, mask) {
		if (wanted(wire->line)) {
			write_bit(ARM_GICD_ISENABLER, host_of(wire));
		} else {
			write_bit(ARM_GICD_ICENABLER, host_of(wire));
			off = true;
		}
	}
	if (off)
		wait_for_write();
}

void core_wire_apply_all(void)
{
	u32 first;

	for (first = GUEST_SPI_FIRST; first < CORE_GIC_INTIDS; first += 32)
		core_wire_apply(first, ~0U);
}

static void set_route(u32 host, u32 hw_id)
{
	u64 affinity = (u64)(hw_id >> 24) << 32 | (hw_id & 0xffffff);

	*(volatile u64 *)(CORE_GICD_VA + ARM_GICD_IROUTER + 8 * host) = affinity;
}

void core_wire_route(u32 line)
{
	u32 target = gic()->target[line - GUEST_SPI_FIRST];
	struct core_wire *wire;

	if (!any(line))
		return;
	for_each_wire(wire, line, bit_of(line))
		if (target < core_cell()->nr_vcpus)
			set_route(host_of(wire), core_cell()->vcpu[target].hw_id);
	core_wire_apply(line, bit_of(line));
}

void core_wire_route_all(void)
{
	struct core_wire *wire;

	for (wire = irq()->wire; wire < irq()->wire + CORE_MAX_WIRES; wire++)
		if (host_of(wire))
			core_wire_route(wire->line);
}

void core_wire_drop(u32 vcpu)
{
	struct core_wire *wire;

	for (wire = irq()->wire; wire < irq()->wire + CORE_MAX_WIRES; wire++)
		if (host_of(wire) && gic()->target[wire->line - GUEST_SPI_FIRST] == vcpu)
			core_wire_deactivate(host_of(wire));
}

u32 core_wire_bits(u32 first, u32 reg)
{
	struct core_wire *wire;
	u32 bits = 0;

	if (any(first))
		for_each_wire(wire, first, ~0U)
			if (read_bit(reg, host_of(wire)))
				bits |= bit_of(wire->line);
	return bits;
}

void core_wire_write(u32 first, u32 mask, u32 reg)
{
	struct core_wire *wire;

	if (any(first))
		for_each_wire(wire, first, mask)
			write_bit(reg, host_of(wire));
}

u32 core_wire_lines(u32 first)
{
	return READ_WORD(irq()->wired[first / 32]);
}

u32 core_wire_take(u32 host)
{
	struct core_wire *wire;

	for (wire = irq()->wire; wire < irq()->wire + CORE_MAX_WIRES; wire++)
		if (host_of(wire) == host)
			return wire->line;
	return 0;
}

u32 core_wire_host(u32 line)
{
	struct core_wire *wire;

	wire = next_wire(irq()->wire, line, bit_of(line));
	return wire ? host_of(wire) : 0;
}

void core_wire_deactivate(u32 host)
{
	write_bit(ARM_GICD_ICACTIVER, host);
}
