// SPDX-License-Identifier: GPL-2.0
/*
 * The guest's side of its PCI bus: ECAM accesses (PCI Express Base 6.0, section
 * 7.2.2) to the config space images that the host half has put there. No
 * access reaches a physical config space.
 */
#include "core.h"
#include "pci.h"

#define ECAM_SLOT(offset)	((offset) >> 15 & 31)
#define ECAM_FUNCTION(offset)	((offset) >> 12 & 7)
#define ECAM_REGISTER(offset)	((offset) & 0xfff)

void core_pci_ecam(u32 offset, u32 size, bool write, u64 *value)
{
	u32 slot = ECAM_SLOT(offset), reg = ECAM_REGISTER(offset);
	struct core_pci_function *f = &core_cell()->pci[slot % CORE_PCI_SLOTS];

	if (!write)
		*value = ~0ULL >> (64 - 8 * size);
	if (slot >= CORE_PCI_SLOTS || ECAM_FUNCTION(offset) || !core_load_acquire(&f->kind) ||
	    reg >= sizeof(f->config) || size > 4 || reg % size)
		return;
	if (write)
		core_pci_write(f, reg, size, *value);
	else
		*value = core_pci_read(f, reg, size);
}
