/* SPDX-License-Identifier: GPL-2.0 */
/* Guest memory of a cell that exists: mapped, unmapped, moved while its guest runs. */
#ifndef AXVM_RAM_H
#define AXVM_RAM_H

#include "memory.h"

/*
 * The one place where host memory becomes a guest's and stops being it; what
 * else must see the same memory (a DMA domain) follows here. Callers hold cell->lock.
 */

/**
 * axvm_ram_give() - a claimed and cleared piece becomes the guest's
 *
 * Return: 0, -EEXIST (something is mapped there), -EINVAL, -ENOMEM, with nothing
 * changed; -EIO as in live.h.
 */
int axvm_ram_give(struct axvm_memory *mem, struct axvm_error *err);

/**
 * axvm_ram_take() - a range of memory stops being the guest's
 * @flip: take the tables of axvm_tables_fill() into use in the same moment
 *
 * On return nobody but the host can reach it: it may be scrubbed and given back.
 * Return: 0, -ENOMEM with nothing changed, -EIO: it stays the cell's.
 */
int axvm_ram_take(struct axvm_cell *cell, u64 gpa, u64 size, bool flip, struct axvm_error *err);

/* What a user may ask of a cell in any state but loading. Each takes cell->lock. */

/**
 * axvm_ram_map() - more memory for a cell
 * @cfg: as in its configuration
 *
 * May sleep for seconds. Return: 0, or a negative errno with a message and nothing changed.
 */
int axvm_ram_map(struct axvm_cell *cell, const struct axvm_config_memory *cfg,
		 struct axvm_error *err);

/**
 * axvm_ram_unmap() - give memory back to Linux, cleared
 * @gpa, @size: all of it is the cell's memory; any part of what was mapped
 */
int axvm_ram_unmap(struct axvm_cell *cell, u64 gpa, u64 size, struct axvm_error *err);

/**
 * struct axvm_remap - what shall be different
 * @gpa, @size: all of it is the cell's memory
 * @to: GPA to appear at, @gpa: where it is
 * @flags: enum axvm_memory_flag bits; 0: as they are
 */
struct axvm_remap {
	u64 gpa, size, to;
	u32 flags;
};

/**
 * axvm_ram_remap() - move memory to another GPA, or change what its guest may do with it
 *
 * The contents stay. The guest sees the change in one moment.
 */
int axvm_ram_remap(struct axvm_cell *cell, const struct axvm_remap *how, struct axvm_error *err);

#endif
