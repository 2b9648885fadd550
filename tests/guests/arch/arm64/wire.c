// SPDX-License-Identifier: GPL-2.0
/* A physical PL011 and an SPI. */
#include "arm64.h"

#define DR	0x00
#define FR	0x18
#define IBRD	0x24
#define FBRD	0x28
#define LCRH	0x2c
#define CR	0x30
#define IFLS	0x34
#define IMSC	0x38
#define ICR	0x44
#define FR_RXFE	(1U << 4)
#define FR_TXFF	(1U << 5)
#define INT_RX	0x50	/* received data, receive timeout */
#define INT_TX	0x20
#define CR_ON	0x301	/* RXE, TXE, UARTEN */
#define CR_LOOP	0x80

#define GICD_SETSPI	0x40
#define GICD_CLRSPI	0x48
#define GICD_ISENABLER	0x100
#define GICD_ICENABLER	0x180
#define GICD_ISPENDR	0x200
#define GICD_ICPENDR	0x280
#define GICD_ISACTIVER	0x300
#define GICD_ICACTIVER	0x380
#define GICD_ICFGR	0xc00
#define GICD_IROUTER	0x6000

static u64 base;

static void set_trigger(u32 line, bool level)
{
	u64 at = GUEST_GICD_BASE + GICD_ICFGR + line / 16 * 4;
	u32 bit = 2U << (line % 16 * 2);

	mmio_write(at, level ? mmio_read(at) & ~bit : mmio_read(at) | bit);
}

void wire_open(u64 at, u32 line, bool level, bool loop, void (*fn)(u32 vector))
{
	base = at;
	mmio_write(base + IMSC, 0);
	mmio_write(base + CR, 0);
	mmio_write(base + ICR, 0x7ff);
	mmio_write(base + IBRD, 13);	/* 24 MHz / 16 / 115200 */
	mmio_write(base + FBRD, 1);
	mmio_write(base + LCRH, 0x60);	/* 8N1, no FIFOs: an interrupt for each byte */
	mmio_write(base + CR, CR_ON | (loop ? CR_LOOP : 0));
	/* What an owner before left: the interrupt for it has been cleared above. */
	while (wire_get() >= 0)
		;
	irq_handle(line, fn);
	set_trigger(line, level);
	gic_enable(line);
	mmio_write(base + IMSC, INT_RX);
}

void wire_listen(u32 line, void (*fn)(u32 vector))
{
	irq_handle(line, fn);
	gic_enable(line);
}

void wire_mask(u32 line, bool masked)
{
	mmio_write(GUEST_GICD_BASE + (masked ? GICD_ICENABLER : GICD_ISENABLER) + line / 32 * 4,
		   1U << line % 32);
}

void wire_meddle(u32 line)
{
	u64 word = GUEST_GICD_BASE + line / 32 * 4;
	u32 bit = 1U << line % 32;

	mmio_write(GUEST_GICD_BASE + GICD_IROUTER + line * 8, 0);
	mmio_write(word + GICD_ISENABLER, bit);
	mmio_write(word + GICD_ISPENDR, bit);
	mmio_write(word + GICD_ICPENDR, bit);
	mmio_write(word + GICD_ISACTIVER, bit);
	mmio_write(word + GICD_ICACTIVER, bit);
	mmio_write(GUEST_GICD_BASE + GICD_SETSPI, line);
	mmio_write(GUEST_GICD_BASE + GICD_CLRSPI, line);
	mmio_write(word + GICD_ICENABLER, bit);
}

int wire_get(void)
{
	if (mmio_read(base + FR) & FR_RXFE)
		return -1;
	return mmio_read(base + DR) & 0xff;
}

bool wire_put(u8 byte)
{
	if (mmio_read(base + FR) & FR_TXFF)
		return false;
	mmio_write(base + DR, byte);
	return true;
}

/*
 * The line is let go of before: what was received while it was up for the
 * transmitter would else never make an edge.
 */
void wire_want_tx(bool on)
{
	mmio_write(base + IMSC, 0);
	mmio_write(base + IMSC, on ? INT_RX | INT_TX : INT_RX);
}
