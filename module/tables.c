// SPDX-License-Identifier: GPL-2.0
/* What is where in a guest's address spaces, as its cores look it up. */
#include "device.h"
#include "live.h"
#include "memory.h"

int axvm_tables_fill(struct axvm_cell *cell, struct axvm_error *err)
{
	struct core_tables *tables = &cell->core->tables[!cell->table];
	int ret = axvm_memory_fill_ram(cell, tables);

	if (ret)
		return axvm_fail(err, ret, "cell \"%s\" would have more than %d separate ranges of memory; choose addresses that join others",
				 cell->cfg->name, CORE_MAX_RAM);
	tables->nr_devices = axvm_devices_fill(cell, tables->device);
	return 0;
}

void axvm_tables_flip(struct axvm_cell *cell)
{
	cell->table = !cell->table;
	smp_store_release(&cell->core->table, cell->table);
}
