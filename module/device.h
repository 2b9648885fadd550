/* SPDX-License-Identifier: GPL-2.0 */
/* The devices of a cell: those of its configuration, and those attached since. */
#ifndef AXVM_DEVICE_H
#define AXVM_DEVICE_H

#include "axvm.h"

struct axvm_device;

/**
 * struct axvm_device_ops - what the host half does for a type of device; each may be NULL
 * @access: a vCPU reads or writes a register. Process context, devices_lock held
 *          for reading, perhaps for several vCPUs at once; rules of
 *          axvm_hostcall_fn. @offset and @size are inside the device, @value is in
 *          and out. A device that is ->leaving should not make it wait
 * @reset: power-on state; the vCPUs are parked
 * @release: undo all that is the type's own; the device is off the list
 */
struct axvm_device_ops {
	void (*access)(struct axvm_device *dev, unsigned int vcpu, u32 offset, u32 size,
		       bool write, u64 *value);
	void (*reset)(struct axvm_device *dev);
	void (*release)(struct axvm_device *dev);
};

/**
 * struct axvm_device - one device of a cell
 * @node: in cell->devices
 * @type: enum axvm_device_type
 * @space: enum core_space that @base is in
 * @in_core: accesses come to the core (otherwise the guest reaches the device itself)
 * @leaving: it is about to be detached
 * @console: this UART is the cell's console
 * @base: first port or GPA; @size: ports or bytes
 * @hpa: of physical address space
 * @access: enum axvm_device_right bits of a physical one in the core, otherwise 0
 * @irq: the guest's interrupt line, or CORE_NO_IRQ
 * @instance: among the cell's devices of this type, for state in core_cell
 * @slot: of core_vcpu.devices; unique in the cell
 * @claim: of what is physical; released when the device is
 * @ops: NULL when the host half has nothing to do for it
 * @private: the type's own
 */
struct axvm_device {
	struct list_head node;
	struct axvm_cell *cell;
	u32 type;
	u16 space;
	bool in_core;
	bool leaving;
	bool console;
	u64 base, size;
	u64 hpa;
	u32 access;
	u32 irq;
	u16 instance, slot;
	struct axvm_claim claim;
	const struct axvm_device_ops *ops;
	void *private;
};

/**
 * axvm_device_add() - put a device on the cell's list
 * @dev: kzalloc()ed, filled in but for node, cell, instance and slot; the list's
 *       from now on when this succeeds
 *
 * Caller holds cell->lock. The core does not know it before its table is written
 * again. Return: 0, -EEXIST (something of the cell is there), -ENOSPC.
 */
int axvm_device_add(struct axvm_cell *cell, struct axvm_device *dev, struct axvm_error *err);

/**
 * axvm_device_remove() - take it off the list, give back what it claims, free it
 *
 * Caller holds cell->lock, and the core's table is without it. Waits for accesses
 * that are being answered.
 */
void axvm_device_remove(struct axvm_device *dev);

/**
 * axvm_devices_destroy() - remove all, the newest first; no core runs
 */
void axvm_devices_destroy(struct axvm_cell *cell);

/**
 * axvm_devices_reset() - all to their power-on state; the vCPUs are parked
 */
void axvm_devices_reset(struct axvm_cell *cell);

/**
 * axvm_devices_fill() - write a table for the core, sorted as it wants it
 * @table: room for CORE_MAX_DEVICES
 *
 * Return: how many there are.
 */
unsigned int axvm_devices_fill(struct axvm_cell *cell, struct core_device *table);

/**
 * axvm_device_call() - CORE_CALL_MMIO: see axvm_hostcall_fn
 */
int axvm_device_call(struct axvm_cell *cell, unsigned int vcpu, const u64 arg[CORE_CALL_ARGS],
		     u64 result[CORE_CALL_RESULTS]);

/* testdev.c */

/**
 * axvm_testdev_init() - make a device a "testdev": guest-abi.md
 *
 * May sleep. Return: 0 or -ENOMEM.
 */
int axvm_testdev_init(struct axvm_device *dev);

#endif
