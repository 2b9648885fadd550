/* SPDX-License-Identifier: GPL-2.0 */
/* What a cell's cores count, and the recorder of their exits. */
#ifndef AXVM_STATS_H
#define AXVM_STATS_H

#include <linux/types.h>

#include "core_abi.h"
#include "../uapi/axvm.h"

struct axvm_cell;
struct axvm_error;
struct sk_buff;

/**
 * axvm_stats_exits() - how many exits of a reason a vCPU has had
 *
 * The core counts an exit that is one access to a device there, and one that is a
 * refusal there, and nowhere else: here is what they add up to.
 */
u64 axvm_stats_exits(const struct core_vcpu *vcpu, enum axvm_exit reason);

/**
 * axvm_stats_counter() - the same of the other counters
 */
u64 axvm_stats_counter(const struct core_vcpu *vcpu, enum axvm_counter what);

/**
 * axvm_stats_accesses() - the same of accesses to a device
 * @slot: core_device.slot, as a core may have changed it
 */
u64 axvm_stats_accesses(const struct core_vcpu *vcpu, u32 slot);

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
 * axvm_stats_record() - switch the recorder
 *
 * Switching it on forgets what it had. Takes cell->lock.
 * Return: 0, or a negative errno with a message.
 */
int axvm_stats_record(struct axvm_cell *cell, bool on, struct axvm_error *err);

/**
 * axvm_stats_records_begin() - which records does a vCPU have now?
 * @pos: the oldest; counts all that were ever recorded, and wraps
 * @end: behind the newest
 *
 * Caller holds cell->lock; @index is of a vCPU whose CPU is taken.
 */
void axvm_stats_records_begin(struct axvm_cell *cell, unsigned int index, u32 *pos, u32 *end);

/**
 * axvm_stats_put_records() - a vCPU's recorded exits from @pos on, as a nest
 * @pos: moves on over what is in the message, and what was overwritten meanwhile
 *
 * Caller holds cell->lock. Return: 0, or -EMSGSIZE if not even one fits.
 */
int axvm_stats_put_records(struct sk_buff *msg, struct axvm_cell *cell, unsigned int index,
			   u32 *pos, u32 end);

/**
 * axvm_stats_put_last() - the last exits of the vCPU that a cell stopped on
 * @msg: inside of the nest that says why
 *
 * Nothing if the recorder is off. Caller holds cell->lock; the cell has stopped.
 * Return: 0 or -EMSGSIZE.
 */
int axvm_stats_put_last(struct sk_buff *msg, struct axvm_cell *cell);

/**
 * axvm_stats_log_last() - the last exits of a vCPU, to the cell's log
 *
 * Nothing if the recorder is off. Caller holds cell->lock.
 */
void axvm_stats_log_last(struct axvm_cell *cell, unsigned int index);

#endif
