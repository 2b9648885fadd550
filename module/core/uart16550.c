// SPDX-License-Identifier: GPL-2.0
/*
 * A 16550A (National Semiconductor PC16550D data sheet, section 8) whose line
 * is the console's rings. The FIFO is as deep as the ring; the baud rate and
 * modem lines are remembered and mean nothing.
 */
#include "core.h"

#define UART_DATA	0	/* RBR, THR; DLL with DLAB */
#define UART_IER	1	/* DLM with DLAB */
#define UART_IIR	2	/* FCR when written */
#define UART_LCR	3
#define UART_MCR	4
#define UART_LSR	5
#define UART_MSR	6
#define UART_SCR	7

#define IER_RX		0x01
#define IER_THR		0x02
#define IIR_NONE	0x01
#define IIR_THR		0x02
#define IIR_RX		0x04
#define IIR_FIFO	0xc0
#define FCR_ENABLE	0x01
#define FCR_CLEAR_RX	0x02
#define LCR_DLAB	0x80
#define MCR_OUT2	0x08	/* on a PC, gates the interrupt line */
#define MCR_LOOP	0x10
#define LSR_DATA	0x01
#define LSR_THR_EMPTY	0x60	/* and the transmitter behind it */
#define MSR_READY	0xb0	/* DCD, DSR, CTS */

static bool rx_ready(const struct core_uart *uart)
{
	return uart->has_console && !core_console_empty();
}

static bool tx_ready(struct core_uart *uart)
{
	return !uart->has_console || core_console_ready(&uart->full_since);
}

static u8 interrupt_id(struct core_uart *uart)
{
	if ((uart->ier & IER_RX) && rx_ready(uart))
		return IIR_RX;
	if ((uart->ier & IER_THR) && uart->thri && tx_ready(uart))
		return IIR_THR;
	return IIR_NONE;
}

void core_uart_update(struct core_uart *uart)
{
	if (uart->irq != CORE_NO_IRQ)
		core_arch_irq_line(uart->irq, interrupt_id(uart) != IIR_NONE);
}

static u8 read_iir(struct core_uart *uart)
{
	u8 id = interrupt_id(uart);

	if (id == IIR_THR)
		uart->thri = 0;
	return id | (uart->fcr & FCR_ENABLE ? IIR_FIFO : 0);
}

u8 core_uart_read(struct core_uart *uart, u32 reg)
{
	u8 value = 0;

	switch (reg) {
	case UART_DATA:
		if (uart->lcr & LCR_DLAB)
			return uart->dll;
		if (rx_ready(uart))
			value = core_console_get();
		break;
	case UART_IER:
		return uart->lcr & LCR_DLAB ? uart->dlm : uart->ier;
	case UART_IIR:
		value = read_iir(uart);
		break;
	case UART_LCR:
		return uart->lcr;
	case UART_MCR:
		return uart->mcr;
	case UART_LSR:
		return (rx_ready(uart) ? LSR_DATA : 0) | (tx_ready(uart) ? LSR_THR_EMPTY : 0);
	case UART_MSR:
		/* Loop-back shows the outputs RTS, DTR, OUT1, OUT2 as CTS, DSR, RI, DCD. */
		if (uart->mcr & MCR_LOOP)
			return (uart->mcr & 0x02) << 3 | (uart->mcr & 0x01) << 5 |
			       (uart->mcr & 0x0c) << 4;
		return MSR_READY;
	case UART_SCR:
		return uart->scr;
	}
	core_uart_update(uart);
	return value;
}

static void write_data(struct core_uart *uart, u8 value)
{
	if (uart->lcr & LCR_DLAB) {
		uart->dll = value;
		return;
	}
	if (uart->has_console && !(uart->mcr & MCR_LOOP))
		core_console_put(value);
	uart->thri = 1;
}

void core_uart_write(struct core_uart *uart, u32 reg, u8 value)
{
	switch (reg) {
	case UART_DATA:
		write_data(uart, value);
		break;
	case UART_IER:
		if (uart->lcr & LCR_DLAB) {
			uart->dlm = value;
			return;
		}
		/* Enabling the interrupt of an empty transmitter raises it. */
		if ((value & IER_THR) && !(uart->ier & IER_THR))
			uart->thri = 1;
		uart->ier = value & 0x0f;
		break;
	case UART_IIR:
		uart->fcr = value;
		if (uart->has_console && (value & FCR_CLEAR_RX))
			while (core_console_get() >= 0)
				;
		break;
	case UART_LCR:
		uart->lcr = value;
		return;
	case UART_MCR:
		uart->mcr = value & 0x1f;
		break;
	case UART_SCR:
		uart->scr = value;
		return;
	}
	core_uart_update(uart);
}
