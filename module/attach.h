/* SPDX-License-Identifier: GPL-2.0 */
/* Giving devices to a cell and taking them back: at create, and while it lives. */
#ifndef AXVM_ATTACH_H
#define AXVM_ATTACH_H

#include "axvm.h"

/**
 * axvm_devices_create() - the devices that the configuration names
 *
 * Caller holds cell->lock; no core runs yet. May sleep.
 * Return: 0 or an error; either way axvm_devices_destroy() undoes it.
 */
int axvm_devices_create(struct axvm_cell *cell, struct axvm_error *err);

/**
 * axvm_device_attach() - give a cell one more device, in any state
 * @cfg: "ports", "mmio" or "testdev"; checked. It can become several devices, if
 *       some of it is excluded
 *
 * Takes cell->lock, may sleep. On return all vCPUs see it.
 * Return: 0, or an error with nothing changed; -EIO: see live.h.
 */
int axvm_device_attach(struct axvm_cell *cell, const struct axvm_config_device *cfg,
		       struct axvm_error *err);

/**
 * axvm_device_detach() - take a device back, in any state of the cell
 * @type: as attached; @base: its first port or GPA
 *
 * Takes cell->lock, may sleep. On return nothing of the cell can reach it, calls
 * about it are answered, and Linux can have it.
 * Return: 0, -ENOENT, -EPERM (every machine has it), -ENOMEM with nothing changed;
 * -EIO: see live.h.
 */
int axvm_device_detach(struct axvm_cell *cell, u32 type, u64 base, struct axvm_error *err);

#endif
