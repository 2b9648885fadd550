// SPDX-License-Identifier: GPL-2.0
/* Samples of one quantity: the least and the middle one are what a benchmark compares. */
#include "measure.h"

u64 measure_overhead;

static u64 samples[MEASURE_MAX];
static u32 nr;

void measure_start(void)
{
	nr = 0;
}

void measure_add(u64 ticks)
{
	if (nr < MEASURE_MAX)
		samples[nr++] = ticks;
}

static void sort(void)
{
	for (u32 i = 1; i < nr; i++) {
		u64 value = samples[i];
		u32 at = i;

		for (; at && samples[at - 1] > value; at--)
			samples[at] = samples[at - 1];
		samples[at] = value;
	}
}

u64 measure_spread(void)
{
	if (!nr)
		return 0;
	sort();
	return samples[nr / 2] - samples[0];
}

void measure_report(const char *row)
{
	if (!nr) {
		print("BENCH %s: n=0 min=0 median=0\n", row);
		return;
	}
	sort();
	print("BENCH %s: n=%u min=%lu median=%lu\n", row, nr, samples[0], samples[nr / 2]);
}
