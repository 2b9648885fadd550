// SPDX-License-Identifier: GPL-2.0
/*
 * Physical devices handed to a cell: I/O ports, and address space that appears
 * in the cell's stage-2. Linux must have let go of both, and cannot get them
 * back before the cell does.
 */
#include <linux/ioport.h>

#include "device.h"
#include "passthrough.h"

static void release_ports(struct axvm_claim *claim)
{
	release_region(claim->start, claim->size);
}

static void release_mmio(struct axvm_claim *claim)
{
	release_mem_region(claim->start, claim->size);
}

/* The region's name must outlive the cell, in /proc/ioports: it is not the cell's. */
static int claim_ports(struct axvm_device *dev, struct axvm_error *err)
{
	int ret;

	dev->claim = (struct axvm_claim) {
		.type = AXVM_RES_PORT, .start = dev->base, .size = dev->size,
	};
	ret = axvm_claim(&dev->cell->owner, &dev->claim, err);
	if (ret)
		return ret;
	if (!request_region(dev->base, dev->size, "axvm cell"))
		return axvm_fail(err, -EBUSY,
				 "I/O ports 0x%llx-0x%llx: a driver of Linux has some of them, see /proc/ioports: unbind it first",
				 dev->base, dev->base + dev->size - 1);
	dev->claim.undo = release_ports;
	return 0;
}

/* RAM and interrupt controllers are busy regions too, so this cannot reach them. */
static int claim_mmio(struct axvm_device *dev, struct axvm_error *err)
{
	int ret;

	dev->claim = (struct axvm_claim) {
		.type = AXVM_RES_MMIO, .start = dev->hpa, .size = dev->size,
	};
	ret = axvm_claim(&dev->cell->owner, &dev->claim, err);
	if (ret)
		return ret;
	if (!request_mem_region(dev->hpa, dev->size, "axvm cell"))
		return axvm_fail(err, -EBUSY,
				 "MMIO at HPA 0x%llx-0x%llx: Linux uses some of it, see /proc/iomem: unbind the driver first",
				 dev->hpa, dev->hpa + dev->size - 1);
	dev->claim.undo = release_mmio;
	ret = axvm_pgtable_map(&dev->cell->stage2, dev->base, dev->hpa, dev->size,
			       AXVM_PT_READ | AXVM_PT_WRITE | AXVM_PT_DEVICE);
	return ret ? axvm_fail(err, ret,
			       "MMIO at GPA 0x%llx, 0x%llx bytes: cannot be mapped there, error %d",
			       dev->base, dev->size, ret) : 0;
}

int axvm_passthrough_claim(struct axvm_device *dev, struct axvm_error *err)
{
	return dev->type == AXVM_DEVICE_TYPE_PORTS ? claim_ports(dev, err) : claim_mmio(dev, err);
}
