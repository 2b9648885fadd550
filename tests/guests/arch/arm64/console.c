// SPDX-License-Identifier: GPL-2.0
/* The PL011 at its usual place, with its interrupt when there is a GIC. */
#include "arm64.h"

#define DR	(GUEST_PL011_BASE + 0x00)
#define FR	(GUEST_PL011_BASE + 0x18)
#define IBRD	(GUEST_PL011_BASE + 0x24)
#define FBRD	(GUEST_PL011_BASE + 0x28)
#define LCRH	(GUEST_PL011_BASE + 0x2c)
#define CR	(GUEST_PL011_BASE + 0x30)
#define IMSC	(GUEST_PL011_BASE + 0x38)
#define ICR	(GUEST_PL011_BASE + 0x44)

#define FR_RXFE	(1U << 4)
#define FR_TXFF	(1U << 5)
#define INT_RX	0x50	/* received data, receive timeout */

static volatile bool signalled;
static bool present;

void console_put(char c)
{
	while (present && mmio_read(FR) & FR_TXFF)
		cpu_relax();
	if (present)
		mmio_write(DR, (u8)c);
}

/* The interrupt, which the handler masks, is wanted again once nothing is left. */
int console_get(void)
{
	if (!present)
		return -1;
	if (!(mmio_read(FR) & FR_RXFE))
		return mmio_read(DR) & 0xff;
	if (gic_present())
		mmio_write(IMSC, INT_RX);
	return -1;
}

int console_wait(void)
{
	int c;

	for (;;) {
		cpu_irq_off();
		c = console_get();
		if (c >= 0)
			return c;
		if (gic_present())
			cpu_idle();
		else
			delay_us(10000);
	}
}

/* It ends the WFI; who waits looks for the byte himself. */
static void uart_interrupt(u32 vector)
{
	signalled = true;
	mmio_write(IMSC, 0);
}

bool console_signalled(void)
{
	bool was = signalled;

	signalled = false;
	return was;
}

void console_init(void)
{
	present = tree_has("serial@9000000");
	if (!present)
		return;
	mmio_write(CR, 0);
	mmio_write(ICR, 0x7ff);
	mmio_write(IBRD, 13);	/* 24 MHz / 16 / 115200 */
	mmio_write(FBRD, 1);
	mmio_write(LCRH, 0x70);	/* 8N1, FIFOs */
	mmio_write(CR, 0x301);	/* RXE, TXE, UARTEN */
	if (!gic_present())
		return;
	irq_handle(VECTOR_UART, uart_interrupt);
	gic_enable(GUEST_PL011_IRQ);
	mmio_write(IMSC, INT_RX);
}
