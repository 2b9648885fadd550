// SPDX-License-Identifier: GPL-2.0
/* Checks of a configuration's devices, and of what it keeps from being handed through. */
#include <linux/mm.h>

#include "config_check.h"
#include "names.h"
#include "passthrough.h"

static int check_device_pair(struct axvm_check *c, unsigned int index)
{
	const struct axvm_config_device *d = &c->cfg->device[index];
	const struct axvm_config_device *o;
	unsigned int i;

	for (i = 0; i < index; i++) {
		o = &c->cfg->device[i];
		if (d->console && o->console)
			return axvm_fail(c->err, -EINVAL,
					 "devices %u and %u are both the console: choose one", i, index);
		/* What is handed through in whole pages is merged: regions.c. */
		if (axvm_passthrough(d->type) && !d->access && !o->access)
			continue;
		if (d->type == o->type && overlap(d->base, d->size ?: 1, o->base, o->size ?: 1))
			return axvm_fail(c->err, -EINVAL,
					 "devices %u and %u (%s) overlap at 0x%llx: move one", i, index,
					 axvm_device_type_names[d->type], max(d->base, o->base));
	}
	return 0;
}

static bool is_uart(u32 type)
{
	return type == AXVM_DEVICE_TYPE_UART16550 || type == AXVM_DEVICE_TYPE_PL011;
}

/* Each byte of it by an exit: a few registers, not a frame buffer. */
static int check_access(struct axvm_check *c, unsigned int index)
{
	const struct axvm_config_device *d = &c->cfg->device[index];
	u64 bytes = (d->base & ~PAGE_MASK) + d->size;

	if (!d->access)
		return 0;
	if (!axvm_passthrough(d->type))
		return axvm_fail(c->err, -EINVAL,
				 "device %u (%s): access given, but only ports and mmio have it: drop it",
				 index, axvm_device_type_names[d->type]);
	if (d->access & ~AXVM_ALL_DEVICE_RIGHTS)
		return axvm_fail(c->err, -EINVAL,
				 "device %u (%s): access 0x%x is unknown: use read and write",
				 index, axvm_device_type_names[d->type], d->access);
	if (d->type == AXVM_DEVICE_TYPE_MMIO && bytes > CORE_DEVICE_WINDOW)
		return axvm_fail(c->err, -EINVAL,
				 "device %u (mmio): 0x%llx bytes with access of their own, at most 0x%x are possible: name only the registers that need it",
				 index, d->size, CORE_DEVICE_WINDOW);
	return 0;
}

static int check_mmio(struct axvm_check *c, unsigned int index)
{
	const struct axvm_config_device *d = &c->cfg->device[index];

	if ((d->base ^ d->hpa) & ~PAGE_MASK)
		return axvm_fail(c->err, -EINVAL,
				 "device %u (mmio): gpa 0x%llx is not in the same place of its page as hpa 0x%llx: make them differ by whole pages of 0x%lx",
				 index, d->base, d->hpa, PAGE_SIZE);
	if (!range_ok(d->hpa, d->size, c->limits->hpa_bits))
		return axvm_fail(c->err, -ERANGE,
				 "device %u (mmio): 0x%llx bytes at hpa 0x%llx do not fit into %u address bits",
				 index, d->size, d->hpa, c->limits->hpa_bits);
	if (d->irq != CORE_NO_IRQ)
		return axvm_fail(c->err, -EINVAL,
				 "device %u (mmio): irq %u given, but its interrupt stays with the host: drop it",
				 index, d->irq);
	return 0;
}

/* The lines of its slots are checked as one device's irq is: the last one here. */
static int check_pci_host(struct axvm_check *c, unsigned int index)
{
	const struct axvm_config_device *d = &c->cfg->device[index];
	const struct axvm_config_memory *m;
	unsigned int i;

	if (d->base & (CORE_PCI_SIZE - 1) || !range_ok(d->base, CORE_PCI_SIZE, c->limits->gpa_bits))
		return axvm_fail(c->err, -EINVAL,
				 "device %u (pci-host): base 0x%llx must be a multiple of 0x%x, with as much room behind it",
				 index, d->base, CORE_PCI_SIZE);
	for (i = 0; i < c->cfg->nr_memory; i++) {
		m = &c->cfg->memory[i];
		if (overlap(m->gpa, m->size, d->base, CORE_PCI_SIZE))
			return axvm_fail(c->err, -EINVAL,
					 "device %u (pci-host): gpa 0x%llx, 0x%x bytes overlap memory %u (gpa 0x%llx, 0x%llx bytes): move one",
					 index, d->base, CORE_PCI_SIZE, i, m->gpa, m->size);
	}
	for (i = 0; i < index; i++) {
		if (c->cfg->device[i].type == AXVM_DEVICE_TYPE_PCI_HOST)
			return axvm_fail(c->err, -EINVAL,
					 "devices %u and %u are both a pci-host: a cell can have one",
					 i, index);
	}
	return 0;
}

static int check_pci(struct axvm_check *c, unsigned int index)
{
	const struct axvm_config_device *d = &c->cfg->device[index];
	unsigned int i, nr_hosts = 0;

	for (i = 0; i < c->cfg->nr_devices; i++) {
		const struct axvm_config_device *o = &c->cfg->device[i];

		nr_hosts += o->type == AXVM_DEVICE_TYPE_PCI_HOST;
		if (i >= index || o->type != AXVM_DEVICE_TYPE_PCI)
			continue;
		if (o->function == d->function || (d->base && o->base == d->base))
			return axvm_fail(c->err, -EINVAL,
					 "devices %u and %u (pci) are the same function or in the same slot: name each once",
					 i, index);
	}
	if (!nr_hosts)
		return axvm_fail(c->err, -EINVAL, "device %u (pci): the cell has no pci-host", index);
	if (d->base >= CORE_PCI_SLOTS)
		return axvm_fail(c->err, -EINVAL, "device %u (pci): slot %llu is not 1 to %u", index,
				 d->base, CORE_PCI_SLOTS - 1);
	if (d->irq != CORE_NO_IRQ)
		return axvm_fail(c->err, -EINVAL,
				 "device %u (pci): irq %u given, but the slot says which it is: drop it",
				 index, d->irq);
	return 0;
}

static int check_device(struct axvm_check *c, unsigned int index)
{
	const struct axvm_config_device *d = &c->cfg->device[index];
	const char *type;
	int ret = 0;

	at(c, AXVM_A_CELL_DEVICE, index);
	if (d->type >= AXVM_NR_DEVICE_TYPES)
		return axvm_fail(c->err, -EINVAL, "device %u: type %u is unknown", index, d->type);
	type = axvm_device_type_names[d->type];
	if (axvm_passthrough(d->type) && !d->size)
		return axvm_fail(c->err, -EINVAL, "device %u (%s): say how many", index, type);
	if (!axvm_passthrough(d->type) && d->size)
		return axvm_fail(c->err, -EINVAL,
				 "device %u (%s): size 0x%llx given, but the type has one of its own: drop it",
				 index, type, d->size);
	if (!range_ok(d->base, d->size ?: 1, c->limits->gpa_bits))
		return axvm_fail(c->err, -ERANGE,
				 "device %u (%s): base 0x%llx, size 0x%llx do not fit into %u address bits",
				 index, type, d->base, d->size, c->limits->gpa_bits);
	if (d->type == AXVM_DEVICE_TYPE_PCI_BAR)
		return axvm_fail(c->err, -EINVAL, "device %u (pci-bar) comes with a pci: drop it",
				 index);
	if (d->type != AXVM_DEVICE_TYPE_PCI && (d->function || d->unsafe))
		return axvm_fail(c->err, -EINVAL,
				 "device %u (%s): function and unsafe are for pci: drop them", index, type);
	if (d->console && !is_uart(d->type))
		return axvm_fail(c->err, -EINVAL,
				 "device %u (%s) cannot be the console: use a UART", index, type);
	if (d->type == AXVM_DEVICE_TYPE_PCI)
		return check_pci(c, index);
	if (d->type == AXVM_DEVICE_TYPE_MMIO)
		ret = check_mmio(c, index);
	else if (d->type == AXVM_DEVICE_TYPE_PCI_HOST)
		ret = check_pci_host(c, index);
	ret = ret ?: check_access(c, index);
	return ret ?: check_device_pair(c, index);
}

int axvm_check_excluded(struct axvm_check *c)
{
	unsigned int i;

	for (i = 0; i < c->cfg->nr_excluded; i++) {
		const struct axvm_config_device *d = &c->cfg->excluded[i];
		u64 start = d->type == AXVM_DEVICE_TYPE_MMIO ? d->hpa : d->base;

		at(c, AXVM_A_CELL_EXCLUDED, i);
		if (d->type != AXVM_DEVICE_TYPE_MMIO && d->type != AXVM_DEVICE_TYPE_PORTS)
			return axvm_fail(c->err, -EINVAL,
					 "excluded device %u: type %u cannot be excluded: use ports or mmio",
					 i, d->type);
		if (!d->size || !range_ok(start, d->size, 52))
			return axvm_fail(c->err, -ERANGE,
					 "excluded device %u: 0x%llx of size 0x%llx is empty or beyond the last address",
					 i, start, d->size);
	}
	return 0;
}

int axvm_check_devices(struct axvm_check *c)
{
	unsigned int i;
	int ret;

	for (i = 0; i < c->cfg->nr_devices; i++) {
		ret = check_device(c, i);
		if (ret)
			return ret;
	}
	return 0;
}
