// SPDX-License-Identifier: GPL-2.0
/* All vCPUs wait for an interrupt that they have masked and that nobody sends: only the host can end this. */
#include "arm64.h"

static void wait(void)
{
	cpu_irq_off();
	for (;;)
		asm volatile("wfi");
}

void guest_main(u64 arg)
{
	cpu_start_others(wait);
	print("GUEST wfi: ready cpus=%u\n", cpu_count());
	wait();
}
