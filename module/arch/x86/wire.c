// SPDX-License-Identifier: GPL-2.0
/*
 * Wired interrupts on x86: pins of the physical I/O APICs. These, and what the
 * interrupt remapping hardware makes of them, are Linux's; so Linux takes the
 * interrupt and its handler passes it on.
 */
#include <linux/acpi.h>

#include "../../wire.h"
#include "arch.h"

#define ISA_GSIS	16
#define GSI_TIMER	0
#define GSI_TIMER_TOO	2	/* where it is on nearly all machines */

int axvm_arch_wire_check(const struct axvm_config *cfg, u32 host, u32 line, struct axvm_error *err)
{
	unsigned int i;

	if (host == GSI_TIMER || host == GSI_TIMER_TOO)
		return axvm_fail(err, -EPERM, "interrupt %u stays with the host: it is the timer's",
				 host);
	if (!line || line >= ARRAY_SIZE(((struct core_ioapic *)NULL)->rte))
		return axvm_fail(err, -EINVAL,
				 "the guest's interrupt line %u is not a pin of its I/O APIC, 1 to %zu",
				 line, ARRAY_SIZE(((struct core_ioapic *)NULL)->rte) - 1);
	for (i = 0; i < cfg->nr_devices; i++)
		if (cfg->device[i].type == AXVM_DEVICE_TYPE_IOAPIC)
			return 0;
	return axvm_fail(err, -EINVAL,
			 "interrupt %u cannot be handed through: the cell has no ioapic to deliver it",
			 host);
}

/*
 * Both polarities, since a pin that has been set up already only takes what it
 * has: first what ISA (high) and PCI (low) have by their specifications.
 */
static int map(u32 gsi, bool level)
{
	int trigger = level ? ACPI_LEVEL_SENSITIVE : ACPI_EDGE_SENSITIVE;
	bool low = level && gsi >= ISA_GSIS;
	int virq = acpi_register_gsi(NULL, gsi, trigger, low ? ACPI_ACTIVE_LOW : ACPI_ACTIVE_HIGH);

	if (virq == -EBUSY)
		virq = acpi_register_gsi(NULL, gsi, trigger,
					 low ? ACPI_ACTIVE_HIGH : ACPI_ACTIVE_LOW);
	return virq;
}

int axvm_arch_wire_attach(struct axvm_wire *wire, struct axvm_error *err)
{
	int virq = map(wire->host, wire->level), ret;

	if (virq == -EBUSY)
		return axvm_fail(err, -EBUSY,
				 "interrupt %u (GSI) is set up as %s-triggered: say so, or let go of the device that needs it",
				 wire->host, wire->level ? "edge" : "level");
	if (virq <= 0)
		return axvm_fail(err, -EINVAL, "interrupt %u: no I/O APIC has that GSI", wire->host);
	ret = axvm_forward_start(&wire->forward, wire->cell, virq, wire->line, wire->level, err);
	if (ret)
		acpi_unregister_gsi(wire->host);
	wire->virq = virq;
	return ret;
}

/* No core knows of it. */
int axvm_arch_wire_withdraw(struct axvm_wire *wire, struct axvm_error *err)
{
	return 0;
}

void axvm_arch_wire_detach(struct axvm_wire *wire)
{
	axvm_forward_stop(&wire->forward);
	acpi_unregister_gsi(wire->host);
}

void axvm_arch_wire_run(struct axvm_wire *wire, bool run)
{
	axvm_forward_open(&wire->forward, run);
}
