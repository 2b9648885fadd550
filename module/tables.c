// SPDX-License-Identifier: GPL-2.0
/* What is where in a guest's address spaces, as its cores look it up. */
#include <linux/sort.h>

#include "arch.h"
#include "config.h"
#include "live.h"
#include "memory.h"
#include "names.h"
#include "passthrough.h"

static int compare_devices(const void *left, const void *right)
{
	const struct core_device *a = left, *b = right;

	if (a->space != b->space)
		return a->space < b->space ? -1 : 1;
	return a->base < b->base ? -1 : a->base > b->base;
}

static int check_device_overlap(const struct core_tables *tables, struct axvm_error *err)
{
	const struct core_device *d = tables->device;
	unsigned int i;

	for (i = 1; i < tables->nr_devices; i++) {
		if (d[i - 1].space != d[i].space || d[i - 1].base + d[i - 1].size <= d[i].base)
			continue;
		return axvm_fail(err, -EINVAL, "devices %s at 0x%llx and %s at 0x%llx overlap: move one",
				 axvm_device_type_names[d[i - 1].type], d[i - 1].base,
				 axvm_device_type_names[d[i].type], d[i].base);
	}
	return 0;
}

static int fill_devices(struct axvm_cell *cell, struct core_tables *tables, struct axvm_error *err)
{
	unsigned int instances[AXVM_NR_DEVICE_TYPES] = {};
	unsigned int i, nr = 0;

	for (i = 0; i < cell->cfg->nr_devices; i++) {
		const struct axvm_config_device *from = &cell->cfg->device[i];
		struct core_device *to = &tables->device[nr];

		if (axvm_passthrough(from->type))
			continue;
		to->base = from->base;
		to->type = from->type;
		to->irq = from->irq;
		to->instance = instances[from->type]++;
		to->slot = nr++;
		axvm_arch_device_layout(from->type, &to->space, &to->size);
	}
	tables->nr_devices = nr;
	sort(tables->device, nr, sizeof(tables->device[0]), compare_devices, NULL);
	return check_device_overlap(tables, err);
}

int axvm_tables_fill(struct axvm_cell *cell, struct axvm_error *err)
{
	struct core_tables *tables = &cell->core->tables[!cell->table];
	int ret = axvm_memory_fill_ram(cell, tables);

	if (ret)
		return axvm_fail(err, ret, "cell \"%s\" would have more than %d separate ranges of memory; choose addresses that join others",
				 cell->cfg->name, CORE_MAX_RAM);
	return fill_devices(cell, tables, err);
}

void axvm_tables_flip(struct axvm_cell *cell)
{
	cell->table = !cell->table;
	smp_store_release(&cell->core->table, cell->table);
}
