// SPDX-License-Identifier: GPL-2.0
/* The state that an x86 boot CPU starts a bare-metal program in, and page tables for it. */
#include <inttypes.h>
#include <stdlib.h>

#include "x86.h"

#define PT_PRESENT	(1ULL << 0)
#define PT_WRITE	(1ULL << 1)
#define PT_LARGE	(1ULL << 7)	/* PS: this PDE maps 2 MiB */
#define PT_ENTRIES	512

/* As page 0 of the buffer the PML4, as page 1 the one PDPT, then the PDs. */
static void fill_tables(u64 *table, u64 gpa, u64 nr_pds)
{
	u64 *pdpt = table + PT_ENTRIES, *pd = pdpt + PT_ENTRIES;

	table[0] = (gpa + PAGE_SIZE) | PT_PRESENT | PT_WRITE;
	for (u64 i = 0; i < nr_pds; i++)
		pdpt[i] = (gpa + (2 + i) * PAGE_SIZE) | PT_PRESENT | PT_WRITE;
	for (u64 i = 0; i < nr_pds * PT_ENTRIES; i++)
		pd[i] = i * 2 * MIB | PT_PRESENT | PT_WRITE | PT_LARGE;
}

int x86_identity_map(struct machine *m, u64 *root)
{
	u64 end = MAX(machine_ram_end(m, PT_ENTRIES * GIB), 4 * GIB);
	u64 nr_pds = ALIGN_UP(end, GIB) / GIB, size = (2 + nr_pds) * PAGE_SIZE;
	u64 *table;
	int ret;

	/* Low memory is where a program expects firmware's things; CR3 must be below 4 GiB. */
	if (!machine_find(m, size, PAGE_SIZE, PAGE_SIZE, X86_LOW_END, true, root) &&
	    !machine_find(m, size, PAGE_SIZE, PAGE_SIZE, 4 * GIB, true, root))
		return json_file_fail(&m->cfg->file, "memory",
				      "there is no room for %" PRIu64 " bytes of page tables below 4G",
				      size);
	ret = machine_claim(m, "memory", *root, size, "the page tables");
	if (ret)
		return ret;
	table = calloc(1, size);
	if (!table)
		return fail(EXIT_FAILED, "out of memory");
	fill_tables(table, *root, nr_pds);
	ret = machine_add_blob(m, "page-tables", table, size, *root);
	free(table);
	return ret;
}

int arch_boot_image(struct machine *m, u64 entry)
{
	const struct config_image *image = &m->cfg->image;
	u64 mode = image->mode_given ? image->mode : 64;
	const char *key = image->entry_given ? "image.entry" : "image";

	if (mode != 16 && mode != 32 && mode != 64)
		return json_file_fail(&m->cfg->file, "image.mode",
				      "value %" PRIu64 " is not a processor mode; accepted: 16, 32, 64",
				      mode);
	if (mode == 16 && entry >= MIB)
		return json_file_fail(&m->cfg->file, key,
				      "the entry 0x%" PRIx64 " cannot be reached in mode 16; accepted: below 1M",
				      entry);
	if (mode == 32 && entry >= 4 * GIB)
		return json_file_fail(&m->cfg->file, key,
				      "the entry 0x%" PRIx64 " cannot be reached in mode 32; accepted: below 4G",
				      entry);
	m->boot.entry = entry;
	m->boot.mode = mode;
	return mode == 64 ? x86_identity_map(m, &m->boot.table) : EXIT_OK;
}
