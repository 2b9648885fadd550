// SPDX-License-Identifier: GPL-2.0
/*
 * A channel as a PCI function: the registers of its BAR 0, and its pin, which is
 * asserted while somebody has rung and the guest has not taken that: PCI Local Bus
 * 3.0, 2.2.6 and 6.2.3. Documentation/ivc.md has the guest's view.
 */
#include "core.h"
#include "pci.h"
#include "../../uapi/axvm_guest.h"

static struct core_link *link_of(const struct core_pci_function *f)
{
	return &core_cell()->link[f->link % CORE_MAX_LINKS];
}

static bool rung(const struct core_pci_function *f)
{
	return core_load_acquire(&f->kind) == CORE_PCI_CHANNEL && core_load_acquire(&link_of(f)->rung);
}

void core_pci_channel_status(struct core_pci_function *f)
{
	f->config[CORE_PCI_COMMAND] &= ~CORE_PCI_STATUS_INTX;
	if (rung(f))
		f->config[CORE_PCI_COMMAND] |= CORE_PCI_STATUS_INTX;
}

void core_pci_channel_lines(void)
{
	struct core_pci_function *f = core_cell()->pci;
	u32 high = 0, slot;

	/* Slots share lines. */
	for (slot = 0; slot < CORE_PCI_SLOTS; slot++)
		if (rung(&f[slot]) && !(f[slot].config[CORE_PCI_COMMAND] & CORE_PCI_CMD_INTX_OFF))
			high |= 1U << slot % CORE_PCI_INTX;
	for (slot = 0; slot < CORE_PCI_SLOTS; slot++)
		if (f[slot].line)
			core_irq_own(f[slot].line, high & 1U << slot % CORE_PCI_INTX);
}

void core_pci_channel(struct core_pci_function *f, u32 offset, u32 size, bool write, u64 *value)
{
	struct core_link *link = link_of(f);
	u64 result = 0;

	if (write) {
		if (size == 4 && offset == AXVM_IVC_PCI_RING)
			core_ivc_ring(link->publisher, link->key,
				      (u32)*value == ~0U ? AXVM_IVC_ANY : (u32)*value);
		return;
	}
	if (size == 4 && offset == AXVM_IVC_PCI_ID)
		result = f->id;
	else if (size == 4 && offset == AXVM_IVC_PCI_SIZE)
		result = f->bytes;
	else if (size == 4 && offset == AXVM_IVC_PCI_STATUS)
		result = core_ivc_take(link->publisher, link->key);
	*value = result;
	core_pci_channel_lines();
}
