// SPDX-License-Identifier: GPL-2.0
/*
 * Physical devices handed to a cell: I/O ports, and address space that appears
 * in the cell's stage-2. Linux must have let go of both, and cannot get them
 * back before the cell does.
 */
#include <linux/ioport.h>

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
static int claim_ports(struct axvm_cell *cell, struct axvm_claim *claim,
		       const struct axvm_config_device *device, struct axvm_error *err)
{
	int ret;

	*claim = (struct axvm_claim) {
		.type = AXVM_RES_PORT, .start = device->base, .size = device->size,
	};
	ret = axvm_claim(&cell->owner, claim, err);
	if (ret)
		return ret;
	if (!request_region(device->base, device->size, "axvm cell"))
		return axvm_fail(err, -EBUSY,
				 "I/O ports 0x%llx-0x%llx: a driver of Linux has some of them, see /proc/ioports: unbind it first",
				 device->base, device->base + device->size - 1);
	claim->undo = release_ports;
	return 0;
}

/* RAM and interrupt controllers are busy regions too, so this cannot reach them. */
static int claim_mmio(struct axvm_cell *cell, struct axvm_claim *claim,
		      const struct axvm_config_device *device, struct axvm_error *err)
{
	u64 last = device->hpa + device->size - 1;
	int ret;

	*claim = (struct axvm_claim) {
		.type = AXVM_RES_MMIO, .start = device->hpa, .size = device->size,
	};
	ret = axvm_claim(&cell->owner, claim, err);
	if (ret)
		return ret;
	if (!request_mem_region(device->hpa, device->size, "axvm cell"))
		return axvm_fail(err, -EBUSY,
				 "MMIO at HPA 0x%llx-0x%llx: Linux uses some of it, see /proc/iomem: unbind the driver first",
				 device->hpa, last);
	claim->undo = release_mmio;
	ret = axvm_pgtable_map(&cell->stage2, device->base, device->hpa, device->size,
			       AXVM_PT_READ | AXVM_PT_WRITE | AXVM_PT_DEVICE);
	return ret ? axvm_fail(err, ret,
			       "MMIO at GPA 0x%llx, 0x%llx bytes: cannot be mapped there, error %d; is there memory of the cell?",
			       device->base, device->size, ret) : 0;
}

int axvm_passthrough_claim(struct axvm_cell *cell, struct axvm_error *err)
{
	unsigned int i;
	int ret = 0;

	for (i = 0; i < cell->cfg->nr_devices && !ret; i++) {
		const struct axvm_config_device *device = &cell->cfg->device[i];

		if (device->type == AXVM_DEVICE_TYPE_PORTS)
			ret = claim_ports(cell, &cell->passthrough[i], device, err);
		else if (device->type == AXVM_DEVICE_TYPE_MMIO)
			ret = claim_mmio(cell, &cell->passthrough[i], device, err);
	}
	return ret;
}
