/* SPDX-License-Identifier: GPL-2.0 */
/* Samples of one quantity, reported as "BENCH row: n= min= median=". */
#ifndef AXVM_GUEST_MEASURE_H
#define AXVM_GUEST_MEASURE_H

#include "guest.h"

#define MEASURE_MAX	512

/* Forget the last row's samples. */
void measure_start(void);

/* One more sample, in ticks of the clock; those beyond MEASURE_MAX are dropped. */
void measure_add(u64 ticks);

/* Distance from the least sample to the middle one. */
u64 measure_spread(void);

void measure_report(const char *row);

#endif
