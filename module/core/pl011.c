// SPDX-License-Identifier: GPL-2.0
/*
 * A PL011 (Arm DDI 0183, chapter 3) whose line is the console's rings. The
 * FIFO is as deep as the ring; baud rate, format and FIFO levels are
 * remembered and mean nothing.
 */
#include "core.h"

#define UART_DR		0x000
#define UART_FR		0x018
#define UART_IBRD	0x024
#define UART_FBRD	0x028
#define UART_LCR_H	0x02c
#define UART_CR		0x030
#define UART_IFLS	0x034
#define UART_IMSC	0x038
#define UART_RIS	0x03c
#define UART_MIS	0x040
#define UART_ICR	0x044
#define UART_ID		0xfe0

#define FR_READY	0x07	/* CTS, DSR, DCD */
#define FR_RX_EMPTY	0x10
#define FR_TX_FULL	0x20
#define FR_TX_EMPTY	0x80
#define INT_RX		0x10
#define INT_TX		0x20
#define INT_ALL		0x7ff

static const u8 pl011_id[] = { 0x11, 0x10, 0x14, 0x00, 0x0d, 0xf0, 0x05, 0xb1 };

static bool has_input(const struct core_pl011 *uart)
{
	return uart->has_console && !core_console_empty();
}

static bool has_room(struct core_pl011 *uart)
{
	return !uart->has_console || core_console_ready(&uart->full_since);
}

static u32 raw_interrupts(struct core_pl011 *uart)
{
	return (has_input(uart) ? INT_RX : 0) | (uart->tx && has_room(uart) ? INT_TX : 0);
}

void core_pl011_update(struct core_pl011 *uart)
{
	if (uart->irq != CORE_NO_IRQ)
		core_arch_irq_line(uart->irq, raw_interrupts(uart) & uart->imsc);
}

static u8 read_data(struct core_pl011 *uart)
{
	u8 value = has_input(uart) ? core_console_get() : 0;

	core_pl011_update(uart);
	return value;
}

u32 core_pl011_read(struct core_pl011 *uart, u32 offset)
{
	switch (offset) {
	case UART_DR:
		return read_data(uart);
	case UART_FR:
		return FR_READY | (has_input(uart) ? 0 : FR_RX_EMPTY) |
		       (has_room(uart) ? FR_TX_EMPTY : FR_TX_FULL);
	case UART_IBRD:
		return uart->ibrd;
	case UART_FBRD:
		return uart->fbrd;
	case UART_LCR_H:
		return uart->lcr;
	case UART_CR:
		return uart->cr;
	case UART_IFLS:
		return uart->ifls;
	case UART_IMSC:
		return uart->imsc;
	case UART_RIS:
		return raw_interrupts(uart);
	case UART_MIS:
		return raw_interrupts(uart) & uart->imsc;
	}
	if (offset >= UART_ID && offset < UART_ID + 4 * sizeof(pl011_id))
		return pl011_id[(offset - UART_ID) / 4];
	return 0;
}

void core_pl011_write(struct core_pl011 *uart, u32 offset, u32 value)
{
	switch (offset) {
	case UART_DR:
		if (uart->has_console)
			core_console_put(value);
		uart->tx = 1;	/* the FIFO has run below its level again */
		break;
	case UART_IBRD:
		uart->ibrd = value;
		return;
	case UART_FBRD:
		uart->fbrd = value & 0x3f;
		return;
	case UART_LCR_H:
		uart->lcr = value & 0xff;
		return;
	case UART_CR:
		uart->cr = value;
		return;
	case UART_IFLS:
		uart->ifls = value & 0x3f;
		return;
	case UART_IMSC:
		uart->imsc = value & INT_ALL;
		break;
	case UART_ICR:
		if (value & INT_TX)
			uart->tx = 0;
		break;
	default:
		return;
	}
	core_pl011_update(uart);
}
