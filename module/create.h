/* SPDX-License-Identifier: GPL-2.0 */
/* The two ends of a cell's life: claiming everything, giving everything back. */
#ifndef AXVM_CREATE_H
#define AXVM_CREATE_H

struct axvm_cell;
struct axvm_config;
struct axvm_error;

/**
 * axvm_cell_create() - from a configuration to a cell in state loaded
 * @cfg: checked; the cell's from now on, also when this fails
 *
 * May sleep for many seconds; a fatal signal ends it.
 * Return: the cell with a reference, or an ERR_PTR() with everything undone.
 */
struct axvm_cell *axvm_cell_create(struct axvm_config *cfg, struct axvm_error *err);

/**
 * axvm_cell_destroy() - end the guest and give everything back
 *
 * May sleep for many seconds, cannot be interrupted.
 * Return: 0; -EINVAL, -EBUSY, -ENOENT when it cannot be destroyed; -EIO when it
 * was, but a CPU did not come back on line.
 */
int axvm_cell_destroy(struct axvm_cell *cell, struct axvm_error *err);

#endif
