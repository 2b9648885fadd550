// SPDX-License-Identifier: GPL-2.0
/*
 * A line with a number to the debug port, for ever; that UART must be handed
 * through. Nothing of this needs the host, so it goes on without one.
 */
#include "arm64.h"

static void debug_put(char c)
{
	while (mmio_read(DEBUG_UART + 0x18) & 1U << 5)	/* FR.TXFF */
		cpu_relax();
	mmio_write(DEBUG_UART, (u8)c);
}

static void debug_number(u32 value)
{
	char digits[10];
	u32 n = 0;

	do {
		digits[n++] = '0' + value % 10;
		value /= 10;
	} while (value);
	while (n)
		debug_put(digits[--n]);
}

void guest_main(u64 arg)
{
	print("GUEST heartbeat: ready\n");
	mmio_write(DEBUG_UART + 0x30, 0x301);	/* CR: RXE, TXE, UARTEN */
	for (u32 beat = 1;; beat++) {
		for (const char *c = "axvm-heartbeat "; *c; c++)
			debug_put(*c);
		debug_number(beat);
		debug_put('\n');
		delay_us(100000);
	}
}
