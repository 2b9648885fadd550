/* SPDX-License-Identifier: GPL-2.0 */
/* Physical devices handed to a cell. */
#ifndef AXVM_PASSTHROUGH_H
#define AXVM_PASSTHROUGH_H

#include "axvm.h"

/**
 * axvm_passthrough() - is this device a physical one, with no state in the core?
 * @type: enum axvm_device_type
 */
static inline bool axvm_passthrough(u32 type)
{
	return type == AXVM_DEVICE_TYPE_PORTS || type == AXVM_DEVICE_TYPE_MMIO;
}

struct axvm_device;

/**
 * axvm_passthrough_claim() - take a physical device from Linux, map it in stage-2
 * @dev: on the list of its cell
 *
 * Caller holds cell->lock; no core runs yet. May sleep. Undone by releasing its claim.
 * Return: 0, -EBUSY or -ENOMEM.
 */
int axvm_passthrough_claim(struct axvm_device *dev, struct axvm_error *err);

#endif
