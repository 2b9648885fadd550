// SPDX-License-Identifier: GPL-2.0
/*
 * An interrupt of Linux's own that cores raise: an SPI that no device uses,
 * made pending by a write to the distributor, as its wire would. Linux moves it
 * to another CPU by itself when its target goes off line.
 */
#include <linux/acpi.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/irq.h>
#include <linux/irqdomain.h>
#include <linux/of.h>

#include "../../event.h"
#include "arch.h"
#include "arm.h"

#define SPI_FIRST	ARM_SPI_FIRST
#define SPI_END		1020U

static unsigned int event_virq, event_spi;
static void __iomem *dist;

static irqreturn_t on_event(int irq, void *data)
{
	axvm_event_irq();
	return IRQ_HANDLED;
}

static struct irq_domain *gic_domain(void)
{
	struct device_node *node = of_find_compatible_node(NULL, NULL, "arm,gic-v3");
	struct irq_domain *domain = node ? irq_find_host(node) : NULL;

	of_node_put(node);
	return domain;
}

#ifdef CONFIG_ACPI
static unsigned int map_by_acpi(unsigned int spi, bool level, bool *fresh)
{
	unsigned int known;
	int virq;

	*fresh = acpi_gsi_to_irq(spi, &known);
	if (!*fresh)
		return known;
	virq = acpi_register_gsi(NULL, spi, level ? ACPI_LEVEL_SENSITIVE : ACPI_EDGE_SENSITIVE,
				 ACPI_ACTIVE_HIGH);
	return virq > 0 ? virq : 0;
}

static void unmap_by_acpi(unsigned int spi)
{
	acpi_unregister_gsi(spi);
}
#else
/* Never called: acpi_disabled is a constant then. */
static unsigned int map_by_acpi(unsigned int spi, bool level, bool *fresh)
{
	return 0;
}

static void unmap_by_acpi(unsigned int spi)
{
}
#endif

unsigned int axvm_arm_map_spi(unsigned int spi, bool level, bool *fresh)
{
	struct irq_domain *domain;
	struct irq_fwspec spec = {};
	unsigned int virq;

	*fresh = false;
	if (!acpi_disabled)
		return map_by_acpi(spi, level, fresh);
	domain = gic_domain();
	if (!domain)
		return 0;
	virq = irq_find_mapping(domain, spi);
	*fresh = !virq;
	if (virq)
		return virq;
	spec.fwnode = domain->fwnode;
	spec.param_count = 3;
	spec.param[0] = 0;		/* SPI */
	spec.param[1] = spi - SPI_FIRST;
	spec.param[2] = level ? IRQ_TYPE_LEVEL_HIGH : IRQ_TYPE_EDGE_RISING;
	return irq_create_fwspec_mapping(&spec);
}

void axvm_arm_unmap_spi(unsigned int spi, unsigned int virq)
{
	if (acpi_disabled)
		irq_dispose_mapping(virq);
	else
		unmap_by_acpi(spi);
}

void __iomem *axvm_arm_dist(void)
{
	return dist;
}

unsigned int axvm_arm_spi_end(void)
{
	if (!dist)
		return SPI_FIRST;
	return min(32 * ((readl_relaxed(dist + ARM_GICD_TYPER) & 0x1f) + 1), SPI_END);
}

/* Secure SPIs read as disabled whatever is written (IHI 0069, 12.9.26). */
static bool is_enabled(unsigned int spi)
{
	return readl_relaxed(dist + ARM_GICD_ISENABLER + spi / 32 * 4) & BIT(spi % 32);
}

static bool try_spi(unsigned int spi)
{
	bool fresh;
	unsigned int virq = axvm_arm_map_spi(spi, false, &fresh);

	if (!virq || !fresh)	/* one that Linux knows is a device's */
		return false;
	if (!request_irq(virq, on_event, 0, "axvm", &event_virq)) {
		if (is_enabled(spi)) {
			event_virq = virq;
			event_spi = spi;
			return true;
		}
		free_irq(virq, &event_virq);
	}
	axvm_arm_unmap_spi(spi, virq);
	return false;
}

/* Without one, cores are heard at the slow look only; that is not worth failing for. */
int axvm_arm_event_init(void)
{
	unsigned int spi;

	if (!axvm_arm_gic.found)
		return 0;
	dist = ioremap(axvm_arm_gic.dist_pa, 0x10000);
	if (!dist)
		return -ENOMEM;
	axvm_arm_gic.one_state = readl_relaxed(dist + ARM_GICD_CTLR) & ARM_GICD_CTLR_DS;
	for (spi = axvm_arm_spi_end() - 1; spi >= SPI_FIRST && !event_spi; spi--)
		try_spi(spi);
	if (!event_spi)
		pr_warn("axvm: no free SPI: cells' messages will take up to a second\n");
	return 0;
}

void axvm_arm_event_exit(void)
{
	if (event_spi) {
		free_irq(event_virq, &event_virq);
		axvm_arm_unmap_spi(event_spi, event_virq);
	}
	event_spi = 0;
	if (dist)
		iounmap(dist);
}

u64 axvm_arch_event_target(void)
{
	return event_spi;
}
