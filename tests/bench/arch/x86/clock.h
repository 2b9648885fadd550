/* SPDX-License-Identifier: GPL-2.0 */
/* The counter that guests of this architecture read too. */
#ifndef AXVM_BENCH_CLOCK_H
#define AXVM_BENCH_CLOCK_H

#include <stdint.h>

static inline uint64_t clock_now(void)
{
	uint32_t low, high;

	__asm__ volatile("rdtsc" : "=a"(low), "=d"(high) : : "memory");
	return low | (uint64_t)high << 32;
}

#endif
