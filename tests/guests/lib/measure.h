/* SPDX-License-Identifier: GPL-2.0 */
/* Samples of one quantity, reported as "BENCH row: n= min= median=". */
#ifndef AXVM_GUEST_MEASURE_H
#define AXVM_GUEST_MEASURE_H

#include "guest.h"

#define MEASURE_MAX	512
#define MEASURE_ROUNDS	201

/*
 * The clock around INSN, which must not be moved out from between. Whoever uses
 * these has an inline clock_now().
 */
#define MEASURE_TICKS(insn)						\
({									\
	u64 start_ = clock_now();					\
									\
	insn;								\
	clock_now() - start_;						\
})

/* A whole row of INSN. */
#define MEASURE_ROW(name, insn)						\
do {									\
	measure_start();						\
	for (u32 i_ = 0; i_ < MEASURE_ROUNDS; i_++)			\
		measure_add(MEASURE_TICKS(insn) - measure_overhead);	\
	measure_report(name);						\
} while (0)

extern u64 measure_overhead;	/* of reading the clock twice */

/* Forget the last row's samples. */
void measure_start(void);

/* One more sample, in ticks of the clock; those beyond MEASURE_MAX are dropped. */
void measure_add(u64 ticks);

/* Distance from the least sample to the middle one. */
u64 measure_spread(void);

void measure_report(const char *row);

#endif
