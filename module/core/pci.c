// SPDX-License-Identifier: GPL-2.0
/*
 * The guest's side of its PCI bus: ECAM accesses (PCI Express Base 6.0, section
 * 7.2.2) to the config space images that the host half has put there, and the
 * messages of functions. No access reaches a physical config space or MSI-X table.
 */
#include "core.h"
#include "pci.h"

#define ECAM_SLOT(offset)	((offset) >> 15 & 31)
#define ECAM_FUNCTION(offset)	((offset) >> 12 & 7)
#define ECAM_REGISTER(offset)	((offset) & 0xfff)

/* Return: false if the guest has masked it for now. */
static bool send_msix(const struct core_pci_function *f, u32 i)
{
	const struct core_pci_vector *v = &f->vector[i];

	if ((f->config[f->msix / 4] & CORE_PCI_MSIX_MASKED) || (v->control & 1))
		return false;
	core_arch_msi((u64)v->address_high << 32 | v->address, v->data);
	return true;
}

static void send_msi(const struct core_pci_function *f)
{
	const u32 *cap = &f->config[f->msi / 4];

	if (cap[0] & CORE_PCI_MSI_64)
		core_arch_msi((u64)cap[2] << 32 | cap[1], cap[3] & 0xffff);
	else
		core_arch_msi(cap[1], cap[2] & 0xffff);
}

static void deliver(struct core_pci_function *f)
{
	u32 bits = f->waiting, i;

	if (f->msix && (f->config[f->msix / 4] & CORE_PCI_MSIX_ENABLE)) {
		for (; bits; bits &= bits - 1) {
			i = __builtin_ctz(bits);
			if (i >= f->nr_vectors || send_msix(f, i))
				f->waiting &= ~(1U << i);
		}
		return;
	}
	f->waiting = 0;
	if (bits && f->msi && (f->config[f->msi / 4] & CORE_PCI_MSI_ENABLE))
		send_msi(f);
}

void core_pci_messages(void)
{
	struct core_cell *cell = core_cell();
	u32 slots = __atomic_exchange_n(&cell->pci_pending, 0, __ATOMIC_SEQ_CST);

	for (; slots; slots &= slots - 1) {
		struct core_pci_function *f = &cell->pci[__builtin_ctz(slots) % CORE_PCI_SLOTS];

		f->waiting |= __atomic_exchange_n(&f->pending, 0, __ATOMIC_SEQ_CST);
		deliver(f);
	}
}

/* When the host half has answered the instruction is done again, and changes nothing then. */
static enum core_io write_config(struct core_pci_function *f, u32 reg, u32 size, u32 value)
{
	const u64 arg[CORE_CALL_ARGS] = { f - core_cell()->pci };
	u32 changed = core_pci_write(f, reg, size, value);

	if (f->msix && reg / 4 == f->msix / 4 && changed)
		deliver(f);
	if (f->kind == CORE_PCI_CHANNEL)
		core_pci_channel_lines();
	if (!core_pci_matters(f, reg / 4, changed))
		return CORE_IO_DONE;
	return core_host_call(CORE_CALL_PCI, arg) ? CORE_IO_DONE : CORE_IO_ASKED;
}

enum core_io core_pci_ecam(u32 offset, u32 size, bool write, u64 *value)
{
	u32 slot = ECAM_SLOT(offset), reg = ECAM_REGISTER(offset);
	struct core_pci_function *f = &core_cell()->pci[slot % CORE_PCI_SLOTS];

	if (!write)
		*value = ~0ULL >> (64 - 8 * size);
	if (slot >= CORE_PCI_SLOTS || ECAM_FUNCTION(offset) || !core_load_acquire(&f->kind) ||
	    reg >= sizeof(f->config) || size > 4 || reg % size)
		return CORE_IO_DONE;
	if (write)
		return write_config(f, reg, size, *value);
	if (f->kind == CORE_PCI_CHANNEL)
		core_pci_channel_status(f);
	*value = core_pci_read(f, reg, size);
	return CORE_IO_DONE;
}

void core_pci_bar_access(u32 slot, u32 offset, u32 size, bool write, u64 *value)
{
	struct core_pci_function *f = &core_cell()->pci[slot % CORE_PCI_SLOTS];

	if (core_load_acquire(&f->kind) == CORE_PCI_CHANNEL)
		core_pci_channel(f, offset, size, write, value);
	else if (core_pci_bar(f, offset, size, write, value))
		deliver(f);
}
