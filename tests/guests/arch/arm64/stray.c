// SPDX-License-Identifier: GPL-2.0
/*
 * Counts interrupts that nobody in this cell has asked for, on all its vCPUs;
 * tells when a line is typed.
 */
#include "arm64.h"

static void report(void)
{
	u32 nr = cpu_count(), sum = 0;

	for (u32 cpu = 0; cpu < nr; cpu++) {
		for (u32 vector = 0; vector < 1024; vector++) {
			u32 n = irq_count(cpu, vector);

			if (!n || vector == VECTOR_UART)
				continue;
			print("GUEST stray: cpu=%u vector=0x%x count=%u\n", cpu, vector, n);
			sum += n;
		}
	}
	print("GUEST stray: strays=%u\n", sum);
}

/* Whoever wants to reach this vCPU finds all doors open. */
static void enable_all(void)
{
	u64 sgi = gicr_base(cpu_index()) + 0x10000;

	mmio_write(sgi + 0x100, ~0U);
}

static void wait(void)
{
	enable_all();
	cpu_stop();
}

void guest_main(u64 arg)
{
	char line[16];

	enable_all();
	cpu_start_others(wait);
	print("GUEST stray: ready cpus=%u\n", cpu_count());
	for (;;) {
		read_line(line, sizeof(line));
		report();
	}
}
