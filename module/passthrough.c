// SPDX-License-Identifier: GPL-2.0
/*
 * Physical devices handed to a cell. Whole pages and whole ports the guest
 * reaches by itself, through its stage-2 or the port map; what has access of its
 * own, through the core. Linux must have let go of both, and cannot get them
 * back before the cell does.
 */
#include <linux/ioport.h>
#include <linux/mm.h>

#include "arch.h"
#include "device.h"
#include "holder.h"
#include "live.h"
#include "passthrough.h"
#include "pgtable.h"

#define DEVICE_FLAGS	(AXVM_PT_READ | AXVM_PT_WRITE | AXVM_PT_DEVICE)

static void release_ports(struct axvm_claim *claim)
{
	release_region(claim->start, claim->size);
}

static void release_mmio(struct axvm_claim *claim)
{
	release_mem_region(claim->start, claim->size);
}

/* A bound driver may use its device without having asked for the range: look at devices too. */
static int check_holder(const struct axvm_device *dev, struct axvm_error *err)
{
	bool ports = dev->type == AXVM_DEVICE_TYPE_PORTS;
	u64 start = dev->claim.start, size = dev->claim.size;
	struct axvm_holder holder;

	if (!axvm_find_holder(ports, start, size, &holder))
		return 0;
	return axvm_fail(err, -EBUSY,
			 "%s 0x%llx-0x%llx: driver %s has it for %s; unbind it: echo %s >/sys/bus/%s/devices/%s/driver/unbind",
			 ports ? "I/O ports" : "MMIO at HPA", start, start + size - 1,
			 holder.driver, holder.device, holder.device, holder.bus, holder.device);
}

/* The region's name must outlive the cell, in /proc/ioports: it is not the cell's. */
static int take_ports(struct axvm_device *dev, struct axvm_error *err)
{
	if (!request_region(dev->base, dev->size, "axvm cell"))
		return axvm_fail(err, -EBUSY,
				 "I/O ports 0x%llx-0x%llx: a driver of Linux has some of them, see /proc/ioports: unbind it first",
				 dev->base, dev->base + dev->size - 1);
	dev->claim.undo = release_ports;
	return 0;
}

/* Interrupt controllers and IOMMUs are busy regions too: they have drivers. */
static int take_mmio(struct axvm_device *dev, struct axvm_error *err)
{
	if (!request_mem_region(dev->hpa, dev->size, "axvm cell"))
		return axvm_fail(err, -EBUSY,
				 "MMIO at HPA 0x%llx-0x%llx: Linux uses some of it, see /proc/iomem: unbind the driver first",
				 dev->hpa, dev->hpa + dev->size - 1);
	dev->claim.undo = release_mmio;
	return 0;
}

static int check_mmio(const struct axvm_device *dev, struct axvm_error *err)
{
	if (region_intersects(dev->hpa, dev->size, IORESOURCE_SYSTEM_RAM, IORES_DESC_NONE) !=
	    REGION_DISJOINT)
		return axvm_fail(err, -EBUSY,
				 "MMIO at HPA 0x%llx-0x%llx: is System RAM of the host; memory for a cell goes into \"memory\"",
				 dev->hpa, dev->hpa + dev->size - 1);
	return axvm_arch_mmio_check(dev->hpa, dev->size, err);
}

int axvm_passthrough_claim(struct axvm_device *dev, struct axvm_error *err)
{
	bool ports = dev->type == AXVM_DEVICE_TYPE_PORTS;
	int ret;

	dev->claim = (struct axvm_claim) {
		.type = ports ? AXVM_RES_PORT : AXVM_RES_MMIO,
		.start = ports ? dev->base : dev->hpa,
		.size = dev->size,
	};
	ret = ports ? 0 : check_mmio(dev, err);
	ret = ret ?: axvm_claim(&dev->cell->owner, &dev->claim, err);
	ret = ret ?: check_holder(dev, err);
	if (ret)
		return ret;
	return ports ? take_ports(dev, err) : take_mmio(dev, err);
}

/* As page tables are indexed, without what extends the sign. */
static u64 window_va(const struct axvm_device *dev)
{
	u64 va = CORE_DEVICE_VA + (u64)dev->slot * CORE_DEVICE_WINDOW;

	return va & ((1ULL << axvm_arch_core_map.va_bits) - 1);
}

static u64 window_size(const struct axvm_device *dev)
{
	return PAGE_ALIGN((dev->base & ~PAGE_MASK) + dev->size);
}

static bool in_window(const struct axvm_device *dev)
{
	return dev->in_core && dev->type == AXVM_DEVICE_TYPE_MMIO;
}

static int map_window(struct axvm_cpu *acpu, const struct axvm_device *dev, struct axvm_error *err)
{
	int ret = axvm_pgtable_map(&acpu->map, window_va(dev), dev->hpa & PAGE_MASK,
				   window_size(dev), DEVICE_FLAGS);

	return ret ? axvm_fail(err, ret, "MMIO at HPA 0x%llx: cannot be mapped for the core of CPU %d, error %d",
			       dev->hpa, acpu->cpu, ret) : 0;
}

int axvm_passthrough_map_cpu(struct axvm_cpu *acpu, struct axvm_error *err)
{
	const struct axvm_device *dev;
	int ret = 0;

	list_for_each_entry(dev, &acpu->cell->devices, node) {
		if (!ret && in_window(dev))
			ret = map_window(acpu, dev, err);
	}
	return ret;
}

/* Pages of 4 KiB only, so nothing has to be split, and it cannot fail. */
static void unmap_windows(struct axvm_device *dev)
{
	struct axvm_cell *cell = dev->cell;
	unsigned int i;

	for (i = 0; i < cell->nr_cpus; i++) {
		if (cell->cpu[i].ready)
			axvm_pgtable_unmap(&cell->cpu[i].map, window_va(dev), window_size(dev));
	}
}

static int map_windows(struct axvm_device *dev, struct axvm_error *err)
{
	struct axvm_cell *cell = dev->cell;
	unsigned int i;
	int ret = 0;

	for (i = 0; i < cell->nr_cpus && !ret; i++) {
		if (cell->cpu[i].ready)
			ret = map_window(&cell->cpu[i], dev, err);
	}
	if (ret)
		unmap_windows(dev);
	return ret;
}

/* While the cell is being made no CPU can have the tables. */
static int map_stage2(struct axvm_device *dev, struct axvm_error *err)
{
	struct axvm_cell *cell = dev->cell;
	int ret;

	if (cell->state != AXVM_STATE_LOADING)
		return axvm_stage2_map_live(cell, dev->base, dev->hpa, dev->size, DEVICE_FLAGS, err);
	ret = axvm_pgtable_map(&cell->stage2, dev->base, dev->hpa, dev->size, DEVICE_FLAGS);
	return ret ? axvm_fail(err, ret,
			       "MMIO at GPA 0x%llx, 0x%llx bytes: cannot be mapped there, error %d",
			       dev->base, dev->size, ret) : 0;
}

int axvm_passthrough_expose(struct axvm_device *dev, struct axvm_error *err)
{
	if (in_window(dev))
		return map_windows(dev, err);
	if (dev->in_core)
		return 0;
	if (dev->type == AXVM_DEVICE_TYPE_MMIO)
		return map_stage2(dev, err);
	axvm_arch_open_ports(dev->cell, dev->base, dev->size, true);
	return 0;
}

int axvm_passthrough_hide(struct axvm_device *dev, struct axvm_error *err)
{
	struct axvm_cell *cell = dev->cell;

	if (!dev->in_core && dev->type == AXVM_DEVICE_TYPE_MMIO)
		return axvm_stage2_unmap_live(cell, dev->base, dev->size, err);
	if (in_window(dev))
		unmap_windows(dev);
	else if (!dev->in_core)
		axvm_arch_open_ports(cell, dev->base, dev->size, false);
	return axvm_cell_sync(cell, err);
}
