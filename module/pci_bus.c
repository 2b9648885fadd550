// SPDX-License-Identifier: GPL-2.0
/*
 * The PCI bus that a cell sees: what is in its slots, and where their BARs are.
 * The core answers config accesses from the images that are put there, and
 * asks when a change needs the host half. PCI Local Bus 3.0, chapter 6.
 */
#include <linux/atomic.h>
#include <linux/delay.h>
#include <linux/pci.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "device.h"
#include "hostcall.h"
#include "live.h"
#include "log.h"
#include "pci_bus.h"
#include "vcpu.h"

/* The host bridge: the generic PCIe host bridge's ID, known to need no driver. */
#define BRIDGE_ID	(0x0008 << 16 | PCI_VENDOR_ID_REDHAT)

static const struct axvm_config_device *bus_of(const struct axvm_cell *cell)
{
	unsigned int i;

	for (i = 0; i < cell->cfg->nr_devices; i++) {
		if (cell->cfg->device[i].type == AXVM_DEVICE_TYPE_PCI_HOST)
			return &cell->cfg->device[i];
	}
	return NULL;
}

bool axvm_pci_has_bus(const struct axvm_cell *cell)
{
	return bus_of(cell);
}

u32 axvm_pci_intx(const struct axvm_cell *cell, unsigned int slot)
{
	const struct axvm_config_device *bus = bus_of(cell);

	return bus && bus->irq != CORE_NO_IRQ ? bus->irq + slot % CORE_PCI_INTX : CORE_NO_IRQ;
}

static struct core_pci_function *image(const struct axvm_pci_function *f)
{
	return &f->cell->core->pci[f->slot];
}

static bool in_window(const struct axvm_cell *cell, u64 gpa, u64 size)
{
	u64 base = bus_of(cell)->base;

	return gpa >= base + CORE_PCI_WINDOW && gpa - base < CORE_PCI_SIZE &&
	       size <= CORE_PCI_SIZE - (gpa - base);
}

/* BARs, which a guest may put anywhere in the window, but not onto each other. */

static void untrap(struct axvm_pci_function *f, struct axvm_pci_bar *bar)
{
	struct axvm_error err = {};

	if (!bar->trapped)
		return;
	bar->trapped->in_core = false;
	if (axvm_cell_publish(f->cell, &err))
		axvm_log(f->cell, "PCI slot %u: %s", f->slot, err.text);
	axvm_device_remove(bar->trapped);
	bar->trapped = NULL;
}

static int trap(struct axvm_pci_function *f, struct axvm_pci_bar *bar, u64 gpa,
		struct axvm_error *err)
{
	struct axvm_device *dev;
	int ret;

	if (!bar->trap_size)
		return 0;
	dev = kzalloc(sizeof(*dev), GFP_KERNEL);
	if (!dev)
		return axvm_fail(err, -ENOMEM, "no memory for a BAR's record");
	dev->type = AXVM_DEVICE_TYPE_PCI_BAR;
	dev->space = CORE_SPACE_MMIO;
	dev->in_core = true;
	dev->base = gpa + bar->trap;
	dev->size = bar->trap_size;
	dev->irq = CORE_NO_IRQ;
	ret = axvm_device_add(f->cell, dev, err);
	if (ret) {
		kfree(dev);
		return ret;
	}
	dev->instance = f->slot;
	bar->trapped = dev;
	return axvm_cell_publish(f->cell, err);
}

static int map_part(struct axvm_pci_function *f, struct axvm_pci_bar *bar, u64 gpa, u64 from,
		    u64 to, struct axvm_error *err)
{
	if (from >= to || !bar->hpa)
		return 0;
	return axvm_stage2_map_live(f->cell, gpa + from, bar->hpa + from, to - from, bar->flags,
				    err);
}

static int unmap_bar(struct axvm_pci_function *f, struct axvm_pci_bar *bar)
{
	struct axvm_error err = {};
	int ret;

	if (!bar->at)
		return 0;
	untrap(f, bar);
	ret = axvm_stage2_unmap_live(f->cell, bar->at, bar->size, &err);
	if (ret)
		axvm_log(f->cell, "PCI slot %u: %s", f->slot, err.text);
	bar->at = 0;
	return ret;
}

static void map_bar(struct axvm_pci_function *f, unsigned int i, u64 gpa)
{
	struct axvm_pci_bar *bar = &f->bar[i];
	u64 trap_end = bar->trap_size ? bar->trap + bar->trap_size : 0;
	struct axvm_error err = {};
	int ret;

	if (!in_window(f->cell, gpa, bar->size)) {
		axvm_log(f->cell,
			 "PCI slot %u: the guest put BAR %u, 0x%llx bytes, at GPA 0x%llx, outside of the bus's window: nothing is there",
			 f->slot, i, bar->size, gpa);
		return;
	}
	bar->at = gpa;
	ret = map_part(f, bar, gpa, 0, bar->trap_size ? bar->trap : bar->len ?: bar->size, &err);
	if (!ret && bar->trap_size)
		ret = map_part(f, bar, gpa, trap_end, bar->size, &err);
	if (!ret)
		ret = trap(f, bar, gpa, &err);
	if (!ret)
		return;
	axvm_log(f->cell, "PCI slot %u: BAR %u at GPA 0x%llx cannot be mapped: %s", f->slot, i, gpa,
		 err.text[0] ? err.text : "something is there");
	unmap_bar(f, bar);
}

/* Where the guest wants it; 0: nowhere. The guest's word is read once. */
static u64 wanted(const struct axvm_pci_function *f, unsigned int i, u32 command)
{
	u32 value = READ_ONCE(image(f)->config[CORE_PCI_BAR + i]);

	if (!f->bar[i].size || !(command & CORE_PCI_CMD_MEMORY))
		return 0;
	return value & ~(f->bar[i].size - 1);
}

static void place_bars(struct axvm_pci_function *f, u32 command)
{
	u64 want[CORE_PCI_BARS];
	unsigned int i;

	/* All that move give their place up before any takes its new one. */
	for (i = 0; i < CORE_PCI_BARS; i++) {
		want[i] = wanted(f, i, command);
		if (want[i] != f->bar[i].at)
			unmap_bar(f, &f->bar[i]);
	}
	for (i = 0; i < CORE_PCI_BARS; i++) {
		if (want[i] && !f->bar[i].at)
			map_bar(f, i, want[i]);
	}
}

static enum axvm_pci_irq irq_mode(const struct axvm_pci_function *f, u32 command)
{
	const struct core_pci_function *c = image(f);
	u32 msi = f->initial.msi, msix = f->initial.msix;

	if (msix && (READ_ONCE(c->config[msix / 4]) & CORE_PCI_MSIX_ENABLE))
		return AXVM_PCI_IRQ_MSIX;
	if (msi && (READ_ONCE(c->config[msi / 4]) & CORE_PCI_MSI_ENABLE))
		return AXVM_PCI_IRQ_MSI;
	return command & CORE_PCI_CMD_INTX_OFF ? AXVM_PCI_IRQ_OFF : AXVM_PCI_IRQ_INTX;
}

static void set_irq(struct axvm_pci_function *f, enum axvm_pci_irq mode)
{
	if (mode == f->irq)
		return;
	f->irq = mode;
	if (f->ops && f->ops->irq)
		f->ops->irq(f, mode);
}

static void set_master(struct axvm_pci_function *f, bool on)
{
	if (on == f->master)
		return;
	f->master = on;
	if (f->ops && f->ops->master)
		f->ops->master(f, on);
}

/* Make the function what its config space says. */
static void apply(struct axvm_pci_function *f)
{
	u32 command = READ_ONCE(image(f)->config[CORE_PCI_COMMAND]);

	place_bars(f, command);
	set_irq(f, irq_mode(f, command));
	set_master(f, command & CORE_PCI_CMD_MASTER);
}

int axvm_pci_call(struct axvm_cell *cell, unsigned int vcpu, const u64 arg[CORE_CALL_ARGS],
		  u64 result[CORE_CALL_RESULTS])
{
	/* Whoever has the lock may be waiting for this to end. */
	while (!mutex_trylock(&cell->lock)) {
		if (READ_ONCE(cell->calls_closed))
			return 0;
		usleep_range(100, 1000);
	}
	if (!cell->gone && arg[0] < CORE_PCI_SLOTS && cell->pci[arg[0]] &&
	    (cell->state == AXVM_STATE_RUNNING || cell->state == AXVM_STATE_SUSPENDED))
		apply(cell->pci[arg[0]]);
	mutex_unlock(&cell->lock);
	return 0;
}

void axvm_pci_message(struct axvm_pci_function *f, unsigned int vector)
{
	struct axvm_cell *cell = f->cell;

	/* Words that the core knows as u32. */
	atomic_or(1U << vector, (atomic_t *)&image(f)->pending);
	smp_mb__after_atomic();	/* the message before the slot's bit */
	atomic_or(1U << f->slot, (atomic_t *)&cell->core->pci_pending);
	axvm_vcpu_request(cell, 0, CORE_REQ_IRQ);
}

/* Slots. */

static bool taken(const struct axvm_cell *cell, u64 gpa, u64 size)
{
	const struct axvm_pci_function *f;
	unsigned int slot, i;
	u64 at;

	for (slot = 1; slot < CORE_PCI_SLOTS; slot++) {
		f = cell->pci[slot];
		for (i = 0; f && i < CORE_PCI_BARS; i++) {
			at = f->initial.config[CORE_PCI_BAR + i] & PCI_BASE_ADDRESS_MEM_MASK;
			if (f->bar[i].size && at < gpa + size && gpa < at + f->bar[i].size)
				return true;
			if (f->bar[i].at && f->bar[i].at < gpa + size &&
			    gpa < f->bar[i].at + f->bar[i].size)
				return true;
		}
	}
	return false;
}

/* An address for a BAR, as firmware would give it; the guest may choose others. */
static int place(struct axvm_pci_function *f, unsigned int i, struct axvm_error *err)
{
	u64 base = bus_of(f->cell)->base, size = f->bar[i].size, gpa;
	u32 *bar = &f->initial.config[CORE_PCI_BAR + i];

	for (gpa = ALIGN(base + CORE_PCI_WINDOW, size); in_window(f->cell, gpa, size); gpa += size) {
		if (taken(f->cell, gpa, size))
			continue;
		*bar = gpa | (*bar & ~(u32)PCI_BASE_ADDRESS_MEM_MASK);
		f->initial.mask[CORE_PCI_BAR + i] = ~(u32)(size - 1);
		return 0;
	}
	return axvm_fail(err, -ENOSPC,
			 "PCI slot %u: BAR %u has 0x%llx bytes, for which there is no room in the cell's window for BARs, 0x%x bytes",
			 f->slot, i, size, CORE_PCI_SIZE - CORE_PCI_WINDOW);
}

static int find_slot(struct axvm_pci_function *f, struct axvm_error *err)
{
	struct axvm_cell *cell = f->cell;

	if (f->slot >= CORE_PCI_SLOTS)
		return axvm_fail(err, -EINVAL, "PCI slot %u does not exist: use 1 to %u", f->slot,
				 CORE_PCI_SLOTS - 1);
	if (f->slot && cell->pci[f->slot])
		return axvm_fail(err, -EBUSY, "PCI slot %u of cell \"%s\" is in use: use another",
				 f->slot, cell->cfg->name);
	if (f->slot)
		return 0;
	for (f->slot = 1; f->slot < CORE_PCI_SLOTS; f->slot++) {
		if (!cell->pci[f->slot])
			return 0;
	}
	return axvm_fail(err, -ENOSPC, "the PCI bus of cell \"%s\" is full: it has %u slots",
			 cell->cfg->name, CORE_PCI_SLOTS - 1);
}

static void power_on(struct axvm_pci_function *f)
{
	struct core_pci_function *c = image(f);
	u32 kind = f->initial.kind;

	WRITE_ONCE(c->kind, CORE_PCI_NONE);
	*c = f->initial;
	c->kind = CORE_PCI_NONE;
	smp_store_release(&c->kind, kind);
}

int axvm_pci_add(struct axvm_pci_function *f, struct axvm_error *err)
{
	unsigned int i;
	int ret = find_slot(f, err);

	for (i = 0; i < CORE_PCI_BARS && !ret; i++) {
		if (f->bar[i].size)
			ret = place(f, i, err);
	}
	if (ret)
		return ret;
	f->cell->pci[f->slot] = f;
	power_on(f);
	return 0;
}

static int silence(struct axvm_pci_function *f)
{
	unsigned int i;
	int ret = 0;

	set_master(f, false);
	set_irq(f, AXVM_PCI_IRQ_OFF);
	for (i = 0; i < CORE_PCI_BARS; i++)
		ret = unmap_bar(f, &f->bar[i]) ?: ret;
	return ret;
}

int axvm_pci_remove(struct axvm_pci_function *f)
{
	struct axvm_error err = {};
	int ret;

	WRITE_ONCE(image(f)->kind, CORE_PCI_NONE);
	/* No core is answering an access from the image any more. */
	ret = f->cell->arch_ready ? axvm_cell_sync(f->cell, &err) : 0;
	ret = silence(f) ?: ret;
	f->cell->pci[f->slot] = NULL;
	return ret;
}

void axvm_pci_quiesce(struct axvm_cell *cell)
{
	unsigned int slot;

	for (slot = 1; slot < CORE_PCI_SLOTS; slot++) {
		if (!cell->pci[slot])
			continue;
		set_master(cell->pci[slot], false);
		set_irq(cell->pci[slot], AXVM_PCI_IRQ_OFF);
	}
}

void axvm_pci_bus_reset(struct axvm_cell *cell)
{
	struct core_pci_function *bridge = &cell->core->pci[0];
	struct axvm_pci_function *f;
	unsigned int slot;

	if (!bus_of(cell))
		return;
	memset(bridge, 0, sizeof(*bridge));
	bridge->config[PCI_VENDOR_ID / 4] = BRIDGE_ID;
	bridge->config[PCI_CLASS_REVISION / 4] = PCI_CLASS_BRIDGE_HOST << 16;
	bridge->kind = CORE_PCI_BRIDGE;
	WRITE_ONCE(cell->core->pci_pending, 0);
	for (slot = 1; slot < CORE_PCI_SLOTS; slot++) {
		f = cell->pci[slot];
		if (!f)
			continue;
		silence(f);
		if (f->ops && f->ops->reset)
			f->ops->reset(f);
		power_on(f);
	}
}
