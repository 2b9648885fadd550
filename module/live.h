/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Changing what a cell's cores and guest have in use. Callers hold cell->lock;
 * all of it may sleep. Any state of the cell but loading.
 *
 * A core that does not answer is reset with all others and the cell fails, as
 * elsewhere; that too makes all forget, and is no error here: cell->state tells.
 * -EIO: a CPU cannot be stopped (cell->lost). It may go on using what it used,
 * so nothing of that may be anybody else's before the machine is reset.
 */
#ifndef AXVM_LIVE_H
#define AXVM_LIVE_H

#include "axvm.h"

/**
 * axvm_cell_sync() - have all cores take the current tables and forget all translations
 *
 * On return no vCPU and no core uses what the host half withdrew before the call.
 * Return: 0 or -EIO.
 */
int axvm_cell_sync(struct axvm_cell *cell, struct axvm_error *err);

/**
 * axvm_cell_hold() - keep all vCPUs out of their guest for a moment
 *
 * Invisible but for the time that passes. Cores go on answering axvm_cell_sync().
 * Holds nest; axvm_cell_release() ends one, also when this has failed.
 * Return: 0 or -EIO.
 */
int axvm_cell_hold(struct axvm_cell *cell, struct axvm_error *err);

/**
 * axvm_cell_release() - end of axvm_cell_hold()
 */
int axvm_cell_release(struct axvm_cell *cell, struct axvm_error *err);

/**
 * axvm_tables_fill() - write the core_tables that no core uses, from cell->memory and the devices
 *
 * Return: 0, -ENOSPC (more ranges of memory than a core keeps).
 */
int axvm_tables_fill(struct axvm_cell *cell, struct axvm_error *err);

/**
 * axvm_tables_flip() - the table just filled is the one in use from the next sync on
 */
void axvm_tables_flip(struct axvm_cell *cell);

/**
 * axvm_cell_publish() - all three: fill, flip, sync
 *
 * Return: 0 or a negative errno; -EIO: published, but see above.
 */
int axvm_cell_publish(struct axvm_cell *cell, struct axvm_error *err);

/**
 * axvm_stage2_map_live() - let the guest use a range
 * @gpa, @hpa, @size: bytes, multiples of 4 KiB
 * @flags: AXVM_PT_*
 *
 * Small pages around it are merged into large ones where it makes that possible.
 * Return: 0, -EINVAL, -EEXIST (some is mapped), -ENOMEM, with nothing changed; or -EIO.
 */
int axvm_stage2_map_live(struct axvm_cell *cell, u64 gpa, u64 hpa, u64 size, unsigned int flags,
			 struct axvm_error *err);

/**
 * axvm_stage2_unmap_live() - take a range from the guest, and from the core's window on it
 *
 * On return no vCPU can use it. Splits large pages; holes are no error.
 * Return: 0, -EINVAL or -ENOMEM, with nothing changed; or -EIO.
 */
int axvm_stage2_unmap_live(struct axvm_cell *cell, u64 gpa, u64 size, struct axvm_error *err);

/**
 * axvm_stage2_change_live() - unmap a range, or give it other flags, with the tables filled before
 * @flags: AXVM_PT_*, or 0 to unmap
 *
 * Flips to the table of axvm_tables_fill() in the same moment.
 */
int axvm_stage2_change_live(struct axvm_cell *cell, u64 gpa, u64 size, unsigned int flags,
			    struct axvm_error *err);

/**
 * axvm_stage2_merge_live() - make large pages of small ones for a range and around it
 *
 * Return: 0 or -EIO.
 */
int axvm_stage2_merge_live(struct axvm_cell *cell, u64 gpa, u64 size, struct axvm_error *err);

/**
 * axvm_window_map() - let the core reach guest memory, where its window is not the stage-2 itself
 *
 * Return: 0, -EEXIST, -ENOMEM.
 */
int axvm_window_map(struct axvm_cell *cell, u64 gpa, u64 hpa, u64 size);

#endif
