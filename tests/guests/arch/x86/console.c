// SPDX-License-Identifier: GPL-2.0
/* The 16550 at its usual place, with its interrupt through the I/O APIC. */
#include "x86.h"

#define IOAPIC_SELECT	IOAPIC
#define IOAPIC_WINDOW	(IOAPIC + 0x10)
#define RTE(pin)	(0x10 + 2 * (pin))
#define LSR		(UART + 5)

static volatile bool signalled;

void console_put(char c)
{
	while (!(inb(LSR) & 0x20))
		cpu_relax();
	outb(UART, c);
}

int console_get(void)
{
	return inb(LSR) & 1 ? inb(UART) : -1;
}

int console_wait(void)
{
	int c;

	for (;;) {
		cpu_irq_off();
		c = console_get();
		if (c >= 0)
			return c;
		if (lapic_present())
			cpu_idle();
		else
			delay_us(10000);
	}
}

/* It ends the HLT; who waits looks for the byte himself. */
static void uart_interrupt(u32 vector)
{
	signalled = true;
	inb(UART + 2);
}

bool console_signalled(void)
{
	bool was = signalled;

	signalled = false;
	return was;
}

u32 line_open(u32 line, void (*fn)(u32 vector))
{
	if (!lapic_present())
		return VECTOR_LINE;
	irq_handle(VECTOR_LINE, fn);
	mmio_write(IOAPIC_SELECT, RTE(line) + 1);
	mmio_write(IOAPIC_WINDOW, 0);
	mmio_write(IOAPIC_SELECT, RTE(line));
	mmio_write(IOAPIC_WINDOW, VECTOR_LINE);
	return VECTOR_LINE;
}

void console_init(void)
{
	outb(UART + 1, 0);
	outb(UART + 3, 0x03);	/* 8N1 */
	outb(UART + 2, 0x01);
	outb(UART + 4, 0x0b);	/* DTR RTS OUT2 */
	if (!lapic_present())
		return;
	irq_handle(VECTOR_UART, uart_interrupt);
	mmio_write(IOAPIC_SELECT, RTE(UART_IRQ) + 1);
	mmio_write(IOAPIC_WINDOW, 0);
	mmio_write(IOAPIC_SELECT, RTE(UART_IRQ));
	mmio_write(IOAPIC_WINDOW, VECTOR_UART);
	outb(UART + 1, 0x01);	/* received data */
}
