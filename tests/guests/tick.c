// SPDX-License-Identifier: GPL-2.0
/*
 * A timer at 100 Hz and nothing else: after "ready" no exit happens by itself.
 * A byte on the console makes it tell how far it has come.
 */
#include "guest.h"

#define HZ	100
#define VECTOR	0x40

void guest_main(u64 arg)
{
	irq_handle(VECTOR, NULL);
	timer_start(HZ, VECTOR);
	print("GUEST tick: ready hz=%u\n", HZ);
	for (;;) {
		cpu_idle();
		if (!console_signalled())
			continue;
		while (console_get() >= 0)
			;
		print("GUEST tick: ticks=%u\n", irq_count(0, VECTOR));
	}
}
