/* SPDX-License-Identifier: GPL-2.0 */
/* Sums and differences of what the module counts; on JSON as reply.c makes it. */
#ifndef AXVMCTL_STATS_H
#define AXVMCTL_STATS_H

#include <jansson.h>

#include "axvmctl.h"

/* One reason to leave the guest, over all vCPUs of a cell. */
struct stats_reason {
	const char *name;
	u64 exits;
	u64 recorded;		/* exits of which the cost is known */
	u64 spent;		/* their cost in ticks */
};

#define STATS_MAX_REASONS	32

/**
 * stats_sum() - add up a member of all vCPUs
 * @cell: from "stats-get"
 * @key: of the vCPUs' objects, an object of numbers, such as "exits"
 * @name: of one number, or NULL: all of them
 */
u64 stats_sum(const json_t *cell, const char *key, const char *name);

/**
 * stats_reasons() - the reasons that a cell had to leave its guests since @before
 * @before: an earlier answer about the same cell, or NULL
 * @list: room for STATS_MAX_REASONS; sorted, the dearest first
 *
 * Return: number of reasons, without those that did not occur.
 */
size_t stats_reasons(const json_t *cell, const json_t *before, struct stats_reason *list);

/**
 * stats_hint() - what would avoid exits of a reason
 *
 * Return: half a sentence, never NULL.
 */
const char *stats_hint(const char *reason);

#endif
