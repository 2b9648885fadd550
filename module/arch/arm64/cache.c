// SPDX-License-Identifier: GPL-2.0
/*
 * Cache maintenance by address. Whoever runs with the MMU off (the core's
 * entry, a guest's first instructions) reads memory past the caches that Linux
 * wrote through (DDI 0487, B2.8 and D7.5).
 */
#include <asm/barrier.h>
#include <asm/cache.h>
#include <linux/sched.h>
#include <linux/sizes.h>

#include "../../memory.h"
#include "arch.h"

void axvm_clean_range(const void *mem, size_t size)
{
	/* CTR_EL0.DminLine: log2 of the words in the smallest line. */
	unsigned long line = 4UL << ((read_sysreg(ctr_el0) >> 16) & 0xf);
	unsigned long at = (unsigned long)mem & ~(line - 1);
	unsigned long end = (unsigned long)mem + size;

	for (; at < end; at += line)
		asm volatile("dc civac, %0" : : "r"(at) : "memory");
	dsb(sy);
}

/*
 * The entry is read with the MMU off, the rest by an instruction side that does
 * not look into data caches: both find it at the point of coherency.
 */
void axvm_arch_core_copied(const void *mem, size_t size)
{
	axvm_clean_range(mem, size);
}

/*
 * The observer is each vCPU before it turns its caches on, and after: a dirty
 * line of Linux's that is written back later would overwrite what the guest
 * has written past the caches meanwhile, so all of its memory is cleaned and
 * dropped, not only what was loaded.
 */
void axvm_arch_cell_sync(struct axvm_cell *cell)
{
	const struct axvm_memory *mem;

	list_for_each_entry(mem, &cell->memory, node)
		axvm_arch_memory_clean(mem->va, mem->size);
}

void axvm_arch_memory_clean(const void *mem, u64 size)
{
	u64 done;

	for (done = 0; done < size; done += SZ_2M) {
		axvm_clean_range(mem + done, min_t(u64, SZ_2M, size - done));
		cond_resched();
	}
}
