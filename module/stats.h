/* SPDX-License-Identifier: GPL-2.0 */
/* What a cell's cores count, and the recorder of their exits. */
#ifndef AXVM_STATS_H
#define AXVM_STATS_H

#include <linux/types.h>

struct axvm_cell;
struct axvm_error;
struct sk_buff;

/**
 * axvm_stats_put() - everything counted of one vCPU, as a nest
 * @msg: where to
 * @index: of a vCPU whose CPU is taken
 *
 * Reads while the core goes on writing. Caller holds cell->lock.
 * Return: 0 or -EMSGSIZE, with nothing added.
 */
int axvm_stats_put(struct sk_buff *msg, struct axvm_cell *cell, unsigned int index);

/**
 * axvm_stats_record() - do something with the recorder
 * @what: enum axvm_record
 *
 * Switching it on forgets what it had. Takes cell->lock.
 * Return: 0, or a negative errno with a message.
 */
int axvm_stats_record(struct axvm_cell *cell, u32 what, struct axvm_error *err);

/**
 * axvm_stats_dump() - write a vCPU's last recorded exits to the cell's log
 * @max: at most so many
 *
 * Writes nothing if nothing was recorded. Caller holds cell->lock.
 */
void axvm_stats_dump(struct axvm_cell *cell, unsigned int index, unsigned int max);

#endif
