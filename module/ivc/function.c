// SPDX-License-Identifier: GPL-2.0
/*
 * A channel that the host attached as a function on the cell's PCI bus, so that
 * a stock Linux has a driver for it. The core answers BAR 0; the rest is memory.
 */
#include <linux/log2.h>
#include <linux/pci_regs.h>
#include <linux/slab.h>

#include "../log.h"
#include "../memory.h"
#include "../pci_bus.h"
#include "../vcpu.h"
#include "ivc.h"

#define REGISTERS	4096	/* of BAR 0 */
#define CLASS_RAM	0x0500	/* memory controller, RAM */

static void describe(struct axvm_pci_function *f, const struct axvm_attachment *att)
{
	struct axvm_channel *channel = att->channel;
	struct core_pci_function *c = &f->initial;

	c->kind = CORE_PCI_CHANNEL;
	c->config[PCI_VENDOR_ID / 4] = AXVM_IVC_PCI_VENDOR | AXVM_IVC_PCI_DEVICE << 16;
	c->mask[PCI_COMMAND / 4] = PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER |
				   PCI_COMMAND_INTX_DISABLE;
	c->config[PCI_CLASS_REVISION / 4] = CLASS_RAM << 16 | AXVM_IVC_VERSION;
	c->config[PCI_SUBSYSTEM_VENDOR_ID / 4] = c->config[PCI_VENDOR_ID / 4];
	/* Else arm64 would map it as a device, without unaligned accesses. */
	c->config[CORE_PCI_BAR + 4] = PCI_BASE_ADDRESS_MEM_PREFETCH;
	c->link = att->link;
	c->bytes = channel->size;
	c->id = att->cell->id;
	f->cell = att->cell;
	f->bar[0].size = REGISTERS;
	f->bar[0].trap_size = REGISTERS;
	f->bar[2].size = AXVM_IVC_TABLE_SIZE;
	f->bar[2].hpa = channel->hpa + channel->size;
	f->bar[2].flags = AXVM_PT_READ;
	f->bar[4].size = roundup_pow_of_two(channel->size);
	f->bar[4].len = channel->size;
	f->bar[4].hpa = channel->hpa;
	f->bar[4].flags = AXVM_PT_READ | (att->rights & AXVM_IVC_WRITE ? AXVM_PT_WRITE : 0);
}

/* What depends on the slot, which axvm_pci_add() has chosen. */
static void wire(struct axvm_pci_function *f)
{
	u32 line = axvm_pci_intx(f->cell, f->slot);
	struct core_pci_function *c = &f->cell->core->pci[f->slot];

	if (line == CORE_NO_IRQ)
		return;
	f->initial.line = line;
	f->initial.config[PCI_INTERRUPT_LINE / 4] = 1 << 8;	/* pin A */
	WRITE_ONCE(c->config[PCI_INTERRUPT_LINE / 4], 1 << 8);
	WRITE_ONCE(c->line, line);
}

void axvm_ivc_show(struct axvm_attachment *att)
{
	struct axvm_pci_function *f;
	struct axvm_error err = {};

	lockdep_assert_held(&att->cell->lock);
	if (!att->by_host || !axvm_pci_has_bus(att->cell))
		return;
	f = kzalloc(sizeof(*f), GFP_KERNEL);
	if (!f) {
		axvm_log(att->cell, "channel \"%s\": no memory for its PCI function",
			 att->channel->name);
		return;
	}
	describe(f, att);
	if (axvm_pci_add(f, &err)) {
		axvm_log(att->cell, "channel \"%s\": no PCI function: %s", att->channel->name,
			 err.text);
		kfree(f);
		return;
	}
	wire(f);
	att->function = f;
	axvm_log(att->cell, "channel \"%s\": PCI function 0000:00:%02x.0", att->channel->name,
		 f->slot);
}

bool axvm_ivc_hide(struct axvm_attachment *att)
{
	struct axvm_pci_function *f = att->function;
	int ret;

	if (!f)
		return true;
	ret = axvm_pci_remove(f);
	/* Its pin may be asserted: the core lowers it when it looks. */
	axvm_vcpu_request(att->cell, 0, CORE_REQ_IRQ);
	if (!ret) {
		att->function = NULL;
		kfree(f);
	}
	return !ret;
}
