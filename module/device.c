// SPDX-License-Identifier: GPL-2.0
/* The devices of a cell: see device.h. */
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/string.h>

#include "cell.h"
#include "device.h"
#include "memory.h"
#include "names.h"
#include "passthrough.h"

#define MAX_DEVICES	64	/* in the core or not; their list must fit into a message */

static bool overlap(u64 a, u64 a_size, u64 b, u64 b_size)
{
	return a <= b + (b_size - 1) && b <= a + (a_size - 1);
}

static int check_place(struct axvm_cell *cell, const struct axvm_device *dev,
		       struct axvm_error *err)
{
	const struct axvm_device *other;
	const struct axvm_memory *mem;

	list_for_each_entry(other, &cell->devices, node) {
		if (other->space != dev->space ||
		    !overlap(dev->base, dev->size, other->base, other->size))
			continue;
		return axvm_fail(err, -EEXIST,
				 "devices %s at 0x%llx and %s at 0x%llx overlap: move one",
				 axvm_device_type_names[other->type], other->base,
				 axvm_device_type_names[dev->type], dev->base);
	}
	if (dev->space != CORE_SPACE_MMIO)
		return 0;
	list_for_each_entry(mem, &cell->memory, node) {
		if (overlap(dev->base, dev->size, mem->gpa, mem->size))
			return axvm_fail(err, -EEXIST,
					 "device %s at GPA 0x%llx, 0x%llx bytes: there is memory of the cell (0x%llx-0x%llx): move one",
					 axvm_device_type_names[dev->type], dev->base, dev->size,
					 mem->gpa, mem->gpa + mem->size - 1);
	}
	return 0;
}

static int check_room(struct axvm_cell *cell, const struct axvm_device *dev, struct axvm_error *err)
{
	const struct axvm_device *other;
	unsigned int nr = 0;

	list_for_each_entry(other, &cell->devices, node)
		nr++;
	if (nr < MAX_DEVICES)
		return 0;
	return axvm_fail(err, -ENOSPC,
			 "device %s at 0x%llx: the cell has %u devices already, which is all it can have",
			 axvm_device_type_names[dev->type], dev->base, nr);
}

static int number(struct axvm_cell *cell, struct axvm_device *dev, struct axvm_error *err)
{
	DECLARE_BITMAP(slots, CORE_MAX_DEVICES) = {};
	DECLARE_BITMAP(instances, CORE_MAX_DEVICES) = {};
	const struct axvm_device *other;

	if (!dev->in_core)
		return 0;
	list_for_each_entry(other, &cell->devices, node) {
		if (!other->in_core)
			continue;
		__set_bit(other->slot, slots);
		if (other->type == dev->type)
			__set_bit(other->instance, instances);
	}
	if (bitmap_full(slots, CORE_MAX_DEVICES))
		return axvm_fail(err, -ENOSPC,
				 "device %s at 0x%llx: the cell has %u devices that its core accesses, which is all it can have",
				 axvm_device_type_names[dev->type], dev->base, CORE_MAX_DEVICES);
	dev->slot = find_first_zero_bit(slots, CORE_MAX_DEVICES);
	dev->instance = find_first_zero_bit(instances, CORE_MAX_DEVICES);
	return 0;
}

int axvm_device_add(struct axvm_cell *cell, struct axvm_device *dev, struct axvm_error *err)
{
	int ret = check_place(cell, dev, err);

	ret = ret ?: check_room(cell, dev, err);
	ret = ret ?: number(cell, dev, err);
	if (ret)
		return ret;
	dev->cell = cell;
	down_write(&cell->devices_lock);
	list_add_tail(&dev->node, &cell->devices);
	up_write(&cell->devices_lock);
	return 0;
}

void axvm_device_remove(struct axvm_device *dev)
{
	struct axvm_cell *cell = dev->cell;

	WRITE_ONCE(dev->leaving, true);
	down_write(&cell->devices_lock);
	list_del(&dev->node);
	up_write(&cell->devices_lock);
	axvm_release(&dev->claim);
	if (dev->ops && dev->ops->release)
		dev->ops->release(dev);
	kfree(dev);
}

void axvm_devices_destroy(struct axvm_cell *cell)
{
	struct axvm_device *dev, *next;

	list_for_each_entry_safe_reverse(dev, next, &cell->devices, node)
		axvm_device_remove(dev);
}

void axvm_devices_reset(struct axvm_cell *cell)
{
	struct core_cell *core = cell->core;
	struct axvm_device *dev;

	memset(core->uart, 0, sizeof(core->uart));
	memset(core->pl011, 0, sizeof(core->pl011));
	list_for_each_entry(dev, &cell->devices, node) {
		if (dev->type == AXVM_DEVICE_TYPE_UART16550) {
			core->uart[dev->instance].irq = dev->irq;
			core->uart[dev->instance].has_console = dev->console;
		} else if (dev->type == AXVM_DEVICE_TYPE_PL011) {
			core->pl011[dev->instance].irq = dev->irq;
			core->pl011[dev->instance].has_console = dev->console;
		}
		if (dev->ops && dev->ops->reset)
			dev->ops->reset(dev);
	}
}

static int compare(const void *left, const void *right)
{
	const struct core_device *a = left, *b = right;

	if (a->space != b->space)
		return a->space < b->space ? -1 : 1;
	return a->base < b->base ? -1 : a->base > b->base;
}

static u32 access_of(const struct axvm_device *dev)
{
	if (dev->type == AXVM_DEVICE_TYPE_TESTDEV || axvm_passthrough(dev->type))
		return CORE_DEVICE_SLOW | dev->access;
	return 0;
}

unsigned int axvm_devices_fill(struct axvm_cell *cell, struct core_device *table)
{
	const struct axvm_device *dev;
	unsigned int nr = 0;

	/* The core looks at the first entry even if there is none. */
	memset(table, 0, CORE_MAX_DEVICES * sizeof(*table));
	list_for_each_entry(dev, &cell->devices, node) {
		if (!dev->in_core || dev->leaving)
			continue;
		table[nr++] = (struct core_device) {
			.base = dev->base,
			.counter = offsetof(struct core_vcpu,
					    device_exits[dev->space][dev->slot]),
			.size = dev->size,
			.space = dev->space,
			.type = dev->type,
			.irq = dev->irq,
			.instance = dev->instance,
			.slot = dev->slot,
			.access = access_of(dev),
		};
	}
	sort(table, nr, sizeof(*table), compare, NULL);
	return nr;
}

/* Return: the device that has these bytes and is answered here, or NULL. */
static struct axvm_device *find(struct axvm_cell *cell, const u64 arg[CORE_CALL_ARGS])
{
	u64 base = arg[CORE_CALL_ADDRESS], size = arg[CORE_CALL_SIZE];
	struct axvm_device *dev;

	list_for_each_entry(dev, &cell->devices, node) {
		if (dev->in_core && dev->slot == arg[CORE_CALL_SLOT] &&
		    dev->space == arg[CORE_CALL_SPACE] && dev->ops && dev->ops->access &&
		    base >= dev->base && base - dev->base < dev->size &&
		    size <= dev->size - (base - dev->base))
			return dev;
	}
	return NULL;
}

/* A device that was detached meanwhile reads as ones, like any address without one. */
int axvm_device_call(struct axvm_cell *cell, unsigned int vcpu, const u64 arg[CORE_CALL_ARGS],
		     u64 result[CORE_CALL_RESULTS])
{
	u64 value = arg[CORE_CALL_VALUE];
	bool write = arg[CORE_CALL_WRITE];
	struct axvm_device *dev;

	if (arg[CORE_CALL_SIZE] - 1 >= sizeof(u64))
		return -EINVAL;
	down_read(&cell->devices_lock);
	dev = find(cell, arg);
	if (dev) {
		if (!write)
			value = 0;
		dev->ops->access(dev, vcpu, arg[CORE_CALL_ADDRESS] - dev->base,
				 arg[CORE_CALL_SIZE], write, &value);
	} else {
		value = U64_MAX;
	}
	up_read(&cell->devices_lock);
	result[0] = value;
	return 0;
}
