// SPDX-License-Identifier: GPL-2.0
/*
 * A line with two numbers to the debug port, for ever: which line this is, and
 * how many interrupts have come that nobody here has asked for. That UART must
 * be handed through; nothing of this needs the host, so it goes on without one.
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

static void debug_text(const char *text)
{
	while (*text)
		debug_put(*text++);
}

static u32 strays(void)
{
	u32 sum = 0;

	for (u32 vector = 0; vector < 1024; vector++)
		sum += vector == VECTOR_UART ? 0 : irq_count(0, vector);
	return sum;
}

void guest_main(u64 arg)
{
	cpu_irq_on();
	print("GUEST heartbeat: ready\n");
	mmio_write(DEBUG_UART + 0x30, 0x301);	/* CR: RXE, TXE, UARTEN */
	for (u32 beat = 1;; beat++) {
		debug_text("axvm-heartbeat ");
		debug_number(beat);
		debug_text(" strays=");
		debug_number(strays());
		debug_text("\n");
		delay_us(100000);
	}
}
