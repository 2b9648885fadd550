/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Guest memory: contiguous pieces of host memory that Linux has given up,
 * claimed in the ledger and mapped into a cell's stage-2.
 */
#ifndef AXVM_MEMORY_H
#define AXVM_MEMORY_H

#include <linux/list.h>
#include <linux/types.h>
#include "ledger.h"

struct axvm_cell;
struct axvm_config_memory;
struct axvm_error;
struct core_ram;
struct core_tables;

/**
 * struct axvm_memory - a piece: contiguous in GPA and in HPA
 * @node: in cell->memory, in order of claiming
 * @type: enum axvm_memory_type; @flags: enum axvm_memory_flag bits
 * @gpa, @hpa, @size: bytes, page aligned
 * @va: where the host half sees it
 * @held: frames are ours, Linux does not use them
 * @mapped: in the stage-2 tables: the guest can use it
 * @exposed: is or was mapped for the guest: holds the guest's data
 */
struct axvm_memory {
	struct list_head node;
	struct axvm_claim claim;
	struct axvm_cell *cell;
	u32 type, flags;
	u64 gpa, hpa, size;
	void *va;
	bool held;
	bool mapped;
	bool exposed;
};

typedef void (*axvm_progress_fn)(struct axvm_cell *cell, u64 done, u64 total);

/**
 * axvm_memory_claim() - give a cell one region of its configuration
 * @cell: ->owner, ->memory and ->stage2 are initialised
 * @cfg: type, flags, gpa, size, hpa
 * @progress: told now and then how many bytes of the region are ready; may be NULL
 *
 * Finds the memory, claims it, clears it and maps it. Undone piece by piece by
 * the ledger: unmapped, scrubbed, given back. May sleep for seconds; a fatal
 * signal ends it. Caller holds cell->lock.
 * Return: 0, or with this region completely undone -EINVAL, -EBUSY, -ENOMEM,
 * -EEXIST (GPAs overlap), -EINTR.
 */
int axvm_memory_claim(struct axvm_cell *cell, const struct axvm_config_memory *cfg,
		      axvm_progress_fn progress, struct axvm_error *err);

/**
 * axvm_memory_release_after() - give back all pieces that are newer than one
 * @piece: entry of cell->memory
 */
void axvm_memory_release_after(struct axvm_cell *cell, struct list_head *piece);

/**
 * axvm_memory_split() - make two pieces of the one that lies across an address
 * @gpa: page aligned; nothing happens where no piece lies across it
 *
 * Nobody but the host half sees a difference. May sleep. Return: 0 or -ENOMEM.
 */
int axvm_memory_split(struct axvm_cell *cell, u64 gpa, struct axvm_error *err);

/**
 * axvm_memory_at() - host half's view of guest memory
 * @gpa: first byte wanted
 * @len: in: bytes wanted; out: bytes contiguous in the host's view, at most as many
 *
 * Return: address, or NULL when @gpa is not guest memory.
 */
void *axvm_memory_at(struct axvm_cell *cell, u64 gpa, u64 *len);

/**
 * axvm_memory_covers() - is all of a range guest memory?
 * @gpa, @len: bytes; an empty range is covered anywhere
 */
bool axvm_memory_covers(struct axvm_cell *cell, u64 gpa, u64 len);

/**
 * struct axvm_memory_run - memory of a cell that is in one piece
 * @gpa, @size: bytes
 * @hpa: of its first byte
 * @type: enum axvm_memory_type; @flags: enum axvm_memory_flag bits
 */
struct axvm_memory_run {
	u64 gpa, size, hpa;
	u32 type, flags;
};

/**
 * axvm_memory_next() - the run of memory behind another
 * @run: in: where to go on, all zero to start with; out: the next one, by GPA
 * @host: must it be contiguous in host memory as well?
 *
 * Caller holds cell->lock. Return: false when there is no more.
 */
bool axvm_memory_next(struct axvm_cell *cell, struct axvm_memory_run *run, bool host);

/**
 * axvm_memory_zero_all() - clear all guest memory, for a reset
 *
 * May sleep for seconds. Caller holds cell->lock, no vCPU runs.
 */
void axvm_memory_zero_all(struct axvm_cell *cell);

/**
 * axvm_memory_fill_ram() - write ram[] and nr_ram of a cell's tables, from what is mapped
 *
 * Return: 0, or -ENOSPC when there are too many ranges.
 */
int axvm_memory_fill_ram(struct axvm_cell *cell, struct core_tables *tables);

/**
 * axvm_ram_add() - add a range to a list that is sorted by GPA and merged
 * @ram: has room for @max ranges, holds @nr
 * @flags: enum axvm_memory_flag bits; ranges that differ in them are not merged
 *
 * Pure. @gpa and @size must not overlap what is there.
 * Return: the new number of ranges, or @max + 1 with nothing changed when full.
 */
unsigned int axvm_ram_add(struct core_ram *ram, unsigned int nr, unsigned int max,
			  u64 gpa, u64 size, u32 flags);

/**
 * axvm_memory_smaller() - size of pieces to try when there is none of @piece bytes
 *
 * Pure. Return: bytes, a multiple of 2 MiB; 0 when @piece is the smallest.
 */
u64 axvm_memory_smaller(u64 piece);

/**
 * axvm_memory_host_reserve() - bytes that must stay available to Linux
 * @total: bytes of memory that Linux has
 *
 * Pure.
 */
u64 axvm_memory_host_reserve(u64 total);

#endif
