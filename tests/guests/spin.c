// SPDX-License-Identifier: GPL-2.0
/* All vCPUs spin with interrupts off: only the host can end this. */
#include "guest.h"

static void spin(void)
{
	cpu_irq_off();
	for (;;)
		asm volatile("");
}

void guest_main(u64 arg)
{
	cpu_start_others(spin);
	print("GUEST spin: ready cpus=%u\n", cpu_count());
	spin();
}
