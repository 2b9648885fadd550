// SPDX-License-Identifier: GPL-2.0
/* A physical 16550 and a pin of the I/O APIC. */
#include "x86.h"

#define IER	1
#define IIR	2
#define LCR	3
#define MCR	4
#define LSR	5
#define RTE(pin)	(0x10 + 2 * (pin))
#define RTE_LEVEL	0x8000
#define RTE_MASKED	0x10000
#define VECTOR(pin)	(0x60 + (pin))

static u16 base;
static u32 trigger;

static void write_rte(u32 pin, u32 low)
{
	mmio_write(IOAPIC, RTE(pin));
	mmio_write(IOAPIC + 0x10, low);
}

void wire_open(u64 at, u32 line, bool level, bool loop, void (*fn)(u32 vector))
{
	base = at;
	trigger = level ? RTE_LEVEL : 0;
	outb(base + IER, 0);
	outb(base + LCR, 0x80);
	outb(base, 1);		/* 115200 */
	outb(base + 1, 0);
	outb(base + LCR, 0x03);	/* 8N1 */
	outb(base + IIR, 0x07);	/* FIFOs, emptied */
	outb(base + MCR, loop ? 0x1b : 0x0b);
	inb(base);
	inb(base + IIR);
	wire_listen(line, fn);
	outb(base + IER, 1);
}

void wire_listen(u32 line, void (*fn)(u32 vector))
{
	irq_handle(VECTOR(line), fn);
	mmio_write(IOAPIC, RTE(line) + 1);
	mmio_write(IOAPIC + 0x10, 0);
	wire_mask(line, false);
}

void wire_mask(u32 line, bool masked)
{
	write_rte(line, VECTOR(line) | trigger | (masked ? RTE_MASKED : 0));
}

void wire_meddle(u32 line)
{
	mmio_write(IOAPIC, RTE(line) + 1);
	mmio_write(IOAPIC + 0x10, 0);
	wire_mask(line, false);
	mmio_write(IOAPIC + 0x40, VECTOR(line));	/* end of interrupt */
	write_rte(line, VECTOR(line) | RTE_LEVEL);
	wire_mask(line, true);
}

/* Reading IIR takes back that the transmitter is empty. */
int wire_get(void)
{
	inb(base + IIR);
	return inb(base + LSR) & 1 ? inb(base) : -1;
}

bool wire_put(u8 byte)
{
	if (!(inb(base + LSR) & 0x20))
		return false;
	outb(base, byte);
	return true;
}

void wire_want_tx(bool on)
{
	outb(base + IER, on ? 3 : 1);
}
