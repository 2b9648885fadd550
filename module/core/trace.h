/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What core_arch_vcpu_trace() does around the handling of an exit. Inline, and
 * with nothing kept in registers meanwhile, because it is to disturb little.
 */
#ifndef AXVM_CORE_TRACE_H
#define AXVM_CORE_TRACE_H

#include "core.h"

static inline struct core_record *core_trace_record(struct core_trace *trace)
{
	return &trace->record[trace->head % CORE_NR_RECORDS];
}

/**
 * core_trace_left() - the guest has just exited
 */
static inline void core_trace_left(struct core_trace *trace, u64 pc, u64 code)
{
	struct core_record *record = core_trace_record(trace);

	record->pc = pc;
	record->code = code;
	trace->last = core_clock();
}

/**
 * core_trace_done() - the exit has been handled
 */
static inline void core_trace_done(struct core_trace *trace)
{
	struct core_record *record = core_trace_record(trace);
	u64 cost = (core_clock_low() - (u32)trace->last) | 1;	/* never 0, for its logarithm */
	u32 reason = core_self()->last_exit;
	u64 *costs = trace->cost[0];	/* of all, one after the other */

	trace->last += cost;
	trace->spent[reason] += cost;
	costs[reason * CORE_NR_COSTS | ((u32)__builtin_clz((u32)cost) ^ 31)]++;
	core_store_pair(record, __builtin_offsetof(struct core_record, cost), cost, reason);
	/* One writer: nothing but the order matters to who reads. */
	__atomic_thread_fence(__ATOMIC_RELEASE);
	trace->head++;
}

#endif
