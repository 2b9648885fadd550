/* SPDX-License-Identifier: GPL-2.0 */
/* The counter that guests of this architecture read too: a cell's has no offset. */
#ifndef AXVM_BENCH_CLOCK_H
#define AXVM_BENCH_CLOCK_H

#include <stdint.h>

static inline uint64_t clock_now(void)
{
	uint64_t value;

	__asm__ volatile("isb; mrs %0, cntvct_el0" : "=r"(value) : : "memory");
	return value;
}

#endif
