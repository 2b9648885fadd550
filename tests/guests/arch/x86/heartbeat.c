// SPDX-License-Identifier: GPL-2.0
/*
 * A line with a number to the debug port, for ever; the port must be passed
 * through. Nothing of this needs the host, so it goes on without one.
 */
#include "x86.h"

static void debug_number(u32 value)
{
	char digits[10];
	u32 n = 0;

	do {
		digits[n++] = '0' + value % 10;
		value /= 10;
	} while (value);
	while (n)
		outb(DEBUG_PORT, digits[--n]);
}

void guest_main(u64 arg)
{
	print("GUEST heartbeat: ready\n");
	for (u32 beat = 1;; beat++) {
		for (const char *c = "axvm-heartbeat "; *c; c++)
			outb(DEBUG_PORT, *c);
		debug_number(beat);
		outb(DEBUG_PORT, '\n');
		delay_us(100000);
	}
}
