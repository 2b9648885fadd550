/* SPDX-License-Identifier: GPL-2.0 */
/* Stands in for an architecture's core_arch.h: the core's neutral code on a cell in ordinary memory. */
#ifndef AXVM_TEST_CORE_ARCH_H
#define AXVM_TEST_CORE_ARCH_H

#include <asm/processor.h>

extern struct core_cell *axvm_test_cell;
extern u32 axvm_test_index;
extern struct core_ivc *axvm_test_ivc;

static inline struct core_cell *core_cell(void)
{
	return axvm_test_cell;
}

static inline struct core_ivc *core_ivc(void)
{
	return axvm_test_ivc;
}

static inline struct core_vcpu *core_self(void)
{
	return &axvm_test_cell->vcpu[axvm_test_index];
}

/* Does each entry and exit need more than core_arch_vcpu_run() does? */
static inline bool core_arch_slow(void)
{
	return false;
}

static inline u32 core_index(void)
{
	return axvm_test_index;
}

u64 core_arch_clock(void);

static inline void core_arch_add_one(u64 *counter)
{
	++*counter;
}

static inline void core_arch_add_at(void *base, u64 offset)
{
	++*(u64 *)(base + offset);
}

static inline void core_store_pair(void *base, u32 offset, u32 first, u32 second)
{
	u32 *at = base + offset;

	at[0] = first;
	at[1] = second;
}

static inline u64 core_clock(void)
{
	return core_arch_clock();
}

static inline u32 core_clock_low(void)
{
	return core_arch_clock();
}

static inline void core_lock_relax(void)
{
	cpu_relax();
}

#endif
