/* SPDX-License-Identifier: GPL-2.0 */
/* Physical devices handed to a cell. */
#ifndef AXVM_PASSTHROUGH_H
#define AXVM_PASSTHROUGH_H

#include "axvm.h"

struct axvm_device;

/**
 * axvm_passthrough() - is this device a physical one, with no state in the core?
 * @type: enum axvm_device_type
 */
static inline bool axvm_passthrough(u32 type)
{
	return type == AXVM_DEVICE_TYPE_PORTS || type == AXVM_DEVICE_TYPE_MMIO;
}

/**
 * axvm_passthrough_claim() - take a physical device from Linux
 * @dev: on the list of its cell
 *
 * Caller holds cell->lock. May sleep. Undone by releasing its claim.
 * Return: 0 or -EBUSY, with a message that names who has it; -EPERM: nobody can.
 */
int axvm_passthrough_claim(struct axvm_device *dev, struct axvm_error *err);

/**
 * axvm_passthrough_expose() - let the guest, or the core for it, reach a claimed device
 *
 * Caller holds cell->lock. A device in the core works once its table is published.
 * Return: 0, -EEXIST, -ENOMEM with nothing changed; -EIO: see live.h.
 */
int axvm_passthrough_expose(struct axvm_device *dev, struct axvm_error *err);

/**
 * axvm_passthrough_hide() - on return neither the guest nor a core can reach it
 *
 * Caller holds cell->lock; of a device in the core, the table without it is published.
 * Return: 0, -ENOMEM with nothing changed; -EIO: see live.h, it can be reached for ever.
 */
int axvm_passthrough_hide(struct axvm_device *dev, struct axvm_error *err);

/**
 * axvm_passthrough_map_cpu() - let a CPU's core reach the physical devices in its cell's table
 * @acpu: its map is made, its core not yet started
 *
 * Return: 0 or -ENOMEM.
 */
int axvm_passthrough_map_cpu(struct axvm_cpu *acpu, struct axvm_error *err);

#endif
