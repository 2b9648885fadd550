// SPDX-License-Identifier: GPL-2.0
/*
 * Where the machine's GICv3 is: by device tree (bindings/interrupt-controller/
 * arm,gic-v3.yaml) or ACPI's MADT. Linux's driver knows and does not tell.
 */
#include <linux/acpi.h>
#include <linux/io.h>
#include <linux/of.h>
#include <linux/of_address.h>

#include "arch.h"
#include "arm.h"

#define DEFAULT_MAINTENANCE	25	/* SBSA */
#define REGION_SIZE		0x20000	/* of a redistributor without virtual LPIs */
#define MAX_REGIONS		32

struct axvm_arm_gic axvm_arm_gic = { .maintenance = DEFAULT_MAINTENANCE };

static struct {
	u64 pa, size;		/* size 0: one redistributor, as a GICC entry names it */
} regions[MAX_REGIONS];
static unsigned int nr_regions;

static void add_region(u64 pa, u64 size)
{
	if (pa && nr_regions < MAX_REGIONS) {
		regions[nr_regions].pa = pa;
		regions[nr_regions++].size = size;
	}
}

static void find_by_tree(void)
{
	struct device_node *node = of_find_compatible_node(NULL, NULL, "arm,gic-v3");
	struct resource res;
	u32 count = 1, i, ppi;

	if (!node)
		return;
	if (!of_address_to_resource(node, 0, &res)) {
		axvm_arm_gic.found = true;
		axvm_arm_gic.dist_pa = res.start;
	}
	of_property_read_u32(node, "#redistributor-regions", &count);
	for (i = 0; i < count; i++)
		if (!of_address_to_resource(node, 1 + i, &res))
			add_region(res.start, resource_size(&res));
	/* <type number flags>; type 1 is a PPI */
	if (!of_property_read_u32_index(node, "interrupts", 1, &ppi) && ppi < 16)
		axvm_arm_gic.maintenance = 16 + ppi;
	of_node_put(node);
}

#ifdef CONFIG_ACPI
static void use_entry(const struct acpi_subtable_header *entry)
{
	const struct acpi_madt_generic_distributor *dist = (const void *)entry;
	const struct acpi_madt_generic_redistributor *redist = (const void *)entry;
	const struct acpi_madt_generic_interrupt *cpu = (const void *)entry;

	switch (entry->type) {
	case ACPI_MADT_TYPE_GENERIC_DISTRIBUTOR:
		axvm_arm_gic.found = dist->version == ACPI_MADT_GIC_VERSION_V3 ||
				     dist->version == ACPI_MADT_GIC_VERSION_V4;
		axvm_arm_gic.dist_pa = dist->base_address;
		break;
	case ACPI_MADT_TYPE_GENERIC_REDISTRIBUTOR:
		add_region(redist->base_address, redist->length);
		break;
	case ACPI_MADT_TYPE_GENERIC_INTERRUPT:
		add_region(cpu->gicr_base_address, 0);
		if (cpu->vgic_interrupt)
			axvm_arm_gic.maintenance = cpu->vgic_interrupt;
		break;
	}
}

static void find_by_acpi(void)
{
	const struct acpi_subtable_header *entry;
	struct acpi_table_header *madt;
	const void *at, *end;

	if (ACPI_FAILURE(acpi_get_table(ACPI_SIG_MADT, 0, &madt)))
		return;
	at = (const void *)madt + sizeof(struct acpi_table_madt);
	end = (const void *)madt + madt->length;
	for (; at + sizeof(*entry) <= end; at += entry->length) {
		entry = at;
		if (entry->length < sizeof(*entry) || at + entry->length > end)
			break;
		use_entry(entry);
	}
	acpi_put_table(madt);
}
#else
static void find_by_acpi(void)
{
}
#endif

void axvm_gic_init(void)
{
	nr_regions = 0;
	if (acpi_disabled)
		find_by_tree();
	else
		find_by_acpi();
}

/* GICR_TYPER of consecutive redistributors, to a region's last one (IHI 0069, 12.11). */
static u64 search(u64 pa, u64 size, u32 affinity)
{
	void __iomem *base = ioremap(pa, size);
	u64 at = 0, found = 0, type;

	if (!base)
		return 0;
	do {
		type = readq_relaxed(base + at + ARM_GICR_TYPER);
		if (type >> 32 == affinity)
			found = pa + at;
		at += type & ARM_GICR_TYPER_VLPIS ? 2 * REGION_SIZE : REGION_SIZE;
	} while (!found && !(type & ARM_GICR_TYPER_LAST) && at + REGION_SIZE <= size);
	iounmap(base);
	return found;
}

u64 axvm_gic_redistributor(u32 affinity)
{
	unsigned int i;
	u64 found = 0;

	for (i = 0; i < nr_regions && !found; i++)
		found = search(regions[i].pa, regions[i].size ?: REGION_SIZE, affinity);
	return found;
}

#define DIST_SIZE	0x10000		/* IHI 0069, 12.8 */

static bool meets(u64 hpa, u64 size, u64 base, u64 length)
{
	return base && hpa <= base + (length - 1) && hpa + (size - 1) >= base;
}

/* Registers that Linux's driver uses without a claim, or that have no driver just now. */
static bool in_tree(u64 hpa, u64 size)
{
	static const char * const compatible[] = {
		"arm,gic-v3", "arm,gic-v3-its", "arm,smmu-v3", "arm,mmu-500",
	};
	struct device_node *node;
	struct resource res;
	unsigned int i, k;
	bool found = false;

	for (i = 0; i < ARRAY_SIZE(compatible); i++) {
		for_each_compatible_node(node, NULL, compatible[i]) {
			for (k = 0; !of_address_to_resource(node, k, &res); k++)
				found |= meets(hpa, size, res.start, resource_size(&res));
		}
	}
	return found;
}

int axvm_arch_mmio_check(u64 hpa, u64 size, struct axvm_error *err)
{
	bool found = meets(hpa, size, axvm_arm_gic.dist_pa, DIST_SIZE) || in_tree(hpa, size);
	unsigned int i;

	for (i = 0; i < nr_regions; i++)
		found |= meets(hpa, size, regions[i].pa, regions[i].size ?: REGION_SIZE);
	if (!found)
		return 0;
	return axvm_fail(err, -EPERM,
			 "MMIO at HPA %#llx-%#llx: interrupt controllers and IOMMUs stay with the host",
			 hpa, hpa + size - 1);
}
