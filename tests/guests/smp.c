// SPDX-License-Identifier: GPL-2.0
/*
 * Starts all vCPUs and sends an interrupt around them, many times; each must
 * get its share, none twice. A vCPU that saw another's number says so.
 */
#include "guest.h"

#define ROUNDS	500
#define VECTOR	0x50

static u32 hops, total, nr;
static u32 wrong;	/* the token came to somebody whose turn it was not */

static void token(u32 vector)
{
	u32 hop = __atomic_add_fetch(&hops, 1, __ATOMIC_SEQ_CST);

	if (hop % nr != cpu_index())
		__atomic_fetch_add(&wrong, 1, __ATOMIC_SEQ_CST);
	if (hop < total)
		irq_send((cpu_index() + 1) % nr, VECTOR);
}

static void other(void)
{
	cpu_stop();
}

static void round_trip(void)
{
	u32 last = irq_count(0, VECTOR);

	hops = 0;
	irq_send(1 % nr, VECTOR);
	while (irq_count(0, VECTOR) - last < ROUNDS)
		cpu_idle();
}

void guest_main(u64 arg)
{
	char line[16];

	nr = cpu_count();
	total = ROUNDS * nr;
	irq_handle(VECTOR, token);
	cpu_start_others(other);
	for (;;) {
		round_trip();
		for (u32 i = 0; i < nr; i++)
			print("GUEST smp: cpu=%u received=%u\n", i, irq_count(i, VECTOR));
		print("GUEST smp: cpus=%u rounds=%u wrong=%u done\n", nr, ROUNDS, wrong);
		read_line(line, sizeof(line));
	}
}
