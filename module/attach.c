// SPDX-License-Identifier: GPL-2.0
/*
 * Giving devices to a cell and taking them back. The ranges of physical devices
 * that are named become those that are handed through by the rules of regions.c.
 */
#include <linux/mm.h>
#include <linux/slab.h>

#include "arch.h"
#include "attach.h"
#include "cell.h"
#include "device.h"
#include "live.h"
#include "log.h"
#include "names.h"
#include "passthrough.h"
#include "regions.h"

#define MAX_PIECES	(2 * AXVM_MAX_REGIONS)	/* that one plan can have */

/* The devices that one attach adds, for undoing it. */
struct batch {
	struct axvm_cell *cell;
	struct axvm_error *err;
	unsigned int nr;
	struct axvm_device *dev[MAX_PIECES];
};

struct plan {
	unsigned int nr, nr_excluded;
	struct axvm_region piece[MAX_PIECES];
	struct axvm_region excluded[AXVM_MAX_REGIONS];
};

static void free_new(struct axvm_device *dev)
{
	if (dev->ops && dev->ops->release)
		dev->ops->release(dev);
	kfree(dev);
}

static struct axvm_device *new_device(const struct axvm_config_device *cfg, struct axvm_error *err)
{
	struct axvm_device *dev = kzalloc(sizeof(*dev), GFP_KERNEL);
	u32 size = 0;

	if (!dev) {
		axvm_fail(err, -ENOMEM, "no memory for a device's record");
		return NULL;
	}
	dev->type = cfg->type;
	dev->base = cfg->base;
	dev->size = cfg->size;
	dev->hpa = cfg->hpa;
	dev->irq = cfg->irq;
	dev->console = cfg->console;
	dev->access = cfg->access;
	dev->in_core = !axvm_passthrough(cfg->type) || cfg->access;
	dev->space = cfg->type == AXVM_DEVICE_TYPE_PORTS ? CORE_SPACE_PIO : CORE_SPACE_MMIO;
	if (!axvm_passthrough(cfg->type)) {
		axvm_arch_device_layout(cfg->type, &dev->space, &size);
		dev->size = size;
	}
	if (dev->type != AXVM_DEVICE_TYPE_TESTDEV || !axvm_testdev_init(dev))
		return dev;
	axvm_fail(err, -ENOMEM, "no memory for a testdev");
	kfree(dev);
	return NULL;
}

static int add(struct batch *b, const struct axvm_config_device *cfg)
{
	struct axvm_device *dev = new_device(cfg, b->err);
	int ret;

	if (!dev)
		return -ENOMEM;
	ret = axvm_device_add(b->cell, dev, b->err);
	if (ret) {
		free_new(dev);
		return ret;
	}
	if (axvm_passthrough(dev->type)) {
		ret = axvm_passthrough_claim(dev, b->err);
		ret = ret ?: axvm_passthrough_expose(dev, b->err);
	}
	/* With -EIO it may be reached for ever: it stays the cell's. */
	if (ret && ret != -EIO)
		axvm_device_remove(dev);
	else if (b->nr < MAX_PIECES)
		b->dev[b->nr++] = dev;
	return ret;
}

static void plan_excluded(const struct axvm_config *cfg, u32 type, struct plan *plan)
{
	unsigned int i;

	plan->nr_excluded = 0;
	for (i = 0; i < cfg->nr_excluded; i++) {
		const struct axvm_config_device *d = &cfg->excluded[i];
		u64 host = type == AXVM_DEVICE_TYPE_PORTS ? d->base : d->hpa;

		if (d->type == type)
			plan->excluded[plan->nr_excluded++] = (struct axvm_region) {
				.base = host, .host = host, .size = d->size,
			};
	}
}

static struct axvm_region region_of(const struct axvm_config_device *d)
{
	return (struct axvm_region) {
		.base = d->base,
		.host = d->type == AXVM_DEVICE_TYPE_PORTS ? d->base : d->hpa,
		.size = d->size,
	};
}

/* @plan->piece holds what the user named; @like says the rest. */
static int add_planned(struct batch *b, struct plan *plan, const struct axvm_config_device *like)
{
	bool ports = like->type == AXVM_DEVICE_TYPE_PORTS;
	unsigned int i;
	int ret;

	plan_excluded(b->cell->cfg, like->type, plan);
	ret = axvm_regions_plan(plan->piece, &plan->nr, MAX_PIECES, plan->excluded,
				plan->nr_excluded, ports || like->access ? 1 : PAGE_SIZE, b->err);
	for (i = 0; i < plan->nr && !ret; i++) {
		struct axvm_config_device piece = *like;

		piece.base = plan->piece[i].base;
		piece.hpa = ports ? 0 : plan->piece[i].host;
		piece.size = plan->piece[i].size;
		ret = add(b, &piece);
	}
	return ret;
}

static bool is_open(const struct axvm_config_device *d, u32 type)
{
	return d->type == type && !d->access;
}

/* All of a type that the guest reaches by itself are one plan. */
static int create_open(struct batch *b, struct plan *plan, u32 type)
{
	const struct axvm_config_device like = { .type = type, .irq = CORE_NO_IRQ };
	const struct axvm_config *cfg = b->cell->cfg;
	unsigned int i;

	plan->nr = 0;
	for (i = 0; i < cfg->nr_devices; i++) {
		if (is_open(&cfg->device[i], type))
			plan->piece[plan->nr++] = region_of(&cfg->device[i]);
	}
	return add_planned(b, plan, &like);
}

static int add_one(struct batch *b, struct plan *plan, const struct axvm_config_device *d)
{
	if (!axvm_passthrough(d->type))
		return add(b, d);
	plan->nr = 1;
	plan->piece[0] = region_of(d);
	return add_planned(b, plan, d);
}

int axvm_devices_create(struct axvm_cell *cell, struct axvm_error *err)
{
	struct plan *plan = kzalloc(sizeof(*plan), GFP_KERNEL);
	struct batch b = { .cell = cell, .err = err };
	const struct axvm_config *cfg = cell->cfg;
	unsigned int i;
	int ret = 0;

	if (!plan)
		return axvm_fail(err, -ENOMEM, "no memory for the plan of devices");
	for (i = 0; i < cfg->nr_devices && !ret; i++) {
		const struct axvm_config_device *d = &cfg->device[i];

		/* Functions are on the bus, not in an address space: pci.c. */
		if (d->type == AXVM_DEVICE_TYPE_PCI)
			continue;
		if (!is_open(d, AXVM_DEVICE_TYPE_PORTS) && !is_open(d, AXVM_DEVICE_TYPE_MMIO))
			ret = add_one(&b, plan, d);
	}
	ret = ret ?: create_open(&b, plan, AXVM_DEVICE_TYPE_PORTS);
	ret = ret ?: create_open(&b, plan, AXVM_DEVICE_TYPE_MMIO);
	kfree(plan);
	return ret;
}

/* Out of the core's table and of the guest's reach. Return: 0, or as axvm_passthrough_hide(). */
static int withdraw(struct axvm_device *dev, struct axvm_error *err)
{
	int ret = 0;

	WRITE_ONCE(dev->leaving, true);
	if (dev->in_core)
		ret = axvm_cell_publish(dev->cell, err);
	if (!ret && axvm_passthrough(dev->type))
		ret = axvm_passthrough_hide(dev, err);
	if (ret && ret != -EIO)
		WRITE_ONCE(dev->leaving, false);
	return ret;
}

/* Undo what an attach did before it failed. */
static void undo(struct batch *b)
{
	struct axvm_error ignored = {};

	while (b->nr) {
		struct axvm_device *dev = b->dev[--b->nr];

		if (!withdraw(dev, &ignored))
			axvm_device_remove(dev);
		else
			axvm_log(b->cell, "device %s at 0x%llx cannot be taken back: %s",
				 axvm_device_type_names[dev->type], dev->base, ignored.text);
	}
}

static int attach_locked(struct batch *b, const struct axvm_config_device *cfg)
{
	struct plan *plan = kzalloc(sizeof(*plan), GFP_KERNEL);
	unsigned int i;
	int ret;

	if (!plan)
		return axvm_fail(b->err, -ENOMEM, "no memory for the plan of devices");
	ret = add_one(b, plan, cfg);
	kfree(plan);
	if (!ret && !b->nr)
		ret = axvm_fail(b->err, -EPERM,
				"device %s at 0x%llx: all of it is in the cell's \"excluded_devices\"",
				axvm_device_type_names[cfg->type], cfg->base);
	for (i = 0; i < b->nr && !ret; i++) {
		struct axvm_device *dev = b->dev[i];

		if (dev->ops && dev->ops->reset)
			dev->ops->reset(dev);
		axvm_log(b->cell, "device %s at 0x%llx attached, size 0x%llx",
			 axvm_device_type_names[dev->type], dev->base, dev->size);
	}
	return ret ?: axvm_cell_publish(b->cell, b->err);
}

int axvm_device_attach(struct axvm_cell *cell, const struct axvm_config_device *cfg,
		       struct axvm_error *err)
{
	struct batch b = { .cell = cell, .err = err };
	int ret;

	if (!axvm_passthrough(cfg->type) && cfg->type != AXVM_DEVICE_TYPE_TESTDEV)
		return axvm_fail(err, -EINVAL,
				 "device %s cannot be attached to a cell that exists: use ports, mmio or testdev, or make the cell anew",
				 axvm_device_type_names[cfg->type]);
	ret = axvm_arch_device_check(cell->cfg, cfg, err);
	ret = ret ?: axvm_cell_lock_live(cell, err);
	if (ret)
		return ret;
	ret = attach_locked(&b, cfg);
	if (ret && ret != -EIO)
		undo(&b);
	mutex_unlock(&cell->lock);
	return ret;
}

static struct axvm_device *find(struct axvm_cell *cell, u32 type, u64 base, struct axvm_error *err)
{
	struct axvm_device *dev;

	list_for_each_entry(dev, &cell->devices, node) {
		if (dev->type == type && dev->base == base)
			return dev;
	}
	axvm_fail(err, -ENOENT, "cell \"%s\" has no device %s at 0x%llx; axvmctl dev list shows those it has",
		  cell->cfg->name, axvm_device_type_names[type], base);
	return NULL;
}

static int detach_locked(struct axvm_cell *cell, u32 type, u64 base, struct axvm_error *err)
{
	struct axvm_device *dev = find(cell, type, base, err);
	int ret;

	if (!dev)
		return -ENOENT;
	if (!axvm_passthrough(type) && type != AXVM_DEVICE_TYPE_TESTDEV)
		return axvm_fail(err, -EPERM,
				 "device %s at 0x%llx is part of the cell's machine: only ports, mmio and testdev can be detached",
				 axvm_device_type_names[type], base);
	ret = withdraw(dev, err);
	if (ret)
		return ret;
	axvm_device_remove(dev);
	axvm_log(cell, "device %s at 0x%llx detached", axvm_device_type_names[type], base);
	return 0;
}

int axvm_device_detach(struct axvm_cell *cell, u32 type, u64 base, struct axvm_error *err)
{
	int ret;

	if (type >= AXVM_NR_DEVICE_TYPES)
		return axvm_fail(err, -EINVAL, "device type %u is unknown", type);
	ret = axvm_cell_lock_live(cell, err);
	if (ret)
		return ret;
	ret = detach_locked(cell, type, base, err);
	mutex_unlock(&cell->lock);
	return ret;
}
