/* SPDX-License-Identifier: GPL-2.0 */
/* The emulated UARTs against the console's rings. Part of core_test.c. */
#ifndef AXVM_CORE_UART_CASES_H
#define AXVM_CORE_UART_CASES_H

static void uart_receive(struct kunit *test)
{
	struct core_uart *uart = &axvm_test_cell->uart[0];

	KUNIT_EXPECT_EQ(test, core_uart_read(uart, UART_LSR) & LSR_DATA, 0);
	core_uart_write(uart, UART_IER, IER_RX);
	KUNIT_EXPECT_FALSE(test, line_level);
	axvm_test_cell->rx_data[0] = 'z';
	axvm_test_cell->rx.head = 1;
	core_uart_update(uart);
	KUNIT_EXPECT_EQ(test, line_irq, 4);
	KUNIT_EXPECT_TRUE(test, line_level);
	KUNIT_EXPECT_EQ(test, core_uart_read(uart, UART_IIR) & 0xf, IIR_RX);
	KUNIT_EXPECT_EQ(test, core_uart_read(uart, UART_LSR) & LSR_DATA, LSR_DATA);
	KUNIT_EXPECT_EQ(test, core_uart_read(uart, UART_DATA), 'z');
	KUNIT_EXPECT_FALSE(test, line_level);
	KUNIT_EXPECT_EQ(test, core_uart_read(uart, UART_IIR) & 0xf, IIR_NONE);
}

static void uart_transmit(struct kunit *test)
{
	struct core_uart *uart = &axvm_test_cell->uart[0];

	core_uart_write(uart, UART_IER, IER_THR);
	KUNIT_EXPECT_TRUE(test, line_level);
	KUNIT_EXPECT_EQ(test, core_uart_read(uart, UART_IIR) & 0xf, IIR_THR);
	/* Reading IIR was the acknowledgement. */
	KUNIT_EXPECT_FALSE(test, line_level);
	core_uart_write(uart, UART_DATA, 'h');
	KUNIT_EXPECT_TRUE(test, line_level);
	KUNIT_EXPECT_EQ(test, axvm_test_cell->tx_data[0], 'h');
	/* The divisor latch hides behind the same address. */
	core_uart_write(uart, UART_LCR, LCR_DLAB);
	core_uart_write(uart, UART_DATA, 0x55);
	KUNIT_EXPECT_EQ(test, axvm_test_cell->tx.head, 1);
	KUNIT_EXPECT_EQ(test, core_uart_read(uart, UART_DATA), 0x55);
}

static void uart_held_back(struct kunit *test)
{
	struct core_uart *uart = &axvm_test_cell->uart[0];

	axvm_test_cell->tx.head = CORE_TX_SIZE;
	KUNIT_EXPECT_EQ(test, core_uart_read(uart, UART_LSR), 0);
	/* One second at 1000 kHz later nobody is listening, and the guest may go on. */
	clock_now += 1000001;
	KUNIT_EXPECT_EQ(test, core_uart_read(uart, UART_LSR), LSR_THR_EMPTY);
	axvm_test_cell->tx.tail = 1;
	KUNIT_EXPECT_EQ(test, core_uart_read(uart, UART_LSR), LSR_THR_EMPTY);
	KUNIT_EXPECT_EQ(test, uart->full_since, 0);
}

static void uart_is_found(struct kunit *test)
{
	struct core_uart *uart = &axvm_test_cell->uart[0];

	/* What Linux' 8250 driver does to find out that there is one. */
	core_uart_write(uart, UART_IER, 0x0f);
	KUNIT_EXPECT_EQ(test, core_uart_read(uart, UART_IER), 0x0f);
	core_uart_write(uart, UART_MCR, MCR_LOOP | 0x0a);
	KUNIT_EXPECT_EQ(test, core_uart_read(uart, UART_MSR) & 0xf0, 0x90);
	core_uart_write(uart, UART_MCR, 0);
	core_uart_write(uart, UART_IIR, FCR_ENABLE);
	KUNIT_EXPECT_EQ(test, core_uart_read(uart, UART_IIR) >> 6, 3);
	core_uart_write(uart, UART_SCR, 0xa5);
	KUNIT_EXPECT_EQ(test, core_uart_read(uart, UART_SCR), 0xa5);
}

static void pl011_receive(struct kunit *test)
{
	struct core_pl011 *uart = &axvm_test_cell->pl011[0];

	uart->has_console = 1;
	uart->irq = 33;
	KUNIT_EXPECT_EQ(test, core_pl011_read(uart, UART_FR) & FR_RX_EMPTY, FR_RX_EMPTY);
	axvm_test_cell->rx_data[0] = 'z';
	axvm_test_cell->rx.head = 1;
	core_pl011_update(uart);
	KUNIT_EXPECT_FALSE(test, line_level);
	core_pl011_write(uart, UART_IMSC, INT_RX);
	KUNIT_EXPECT_EQ(test, line_irq, 33);
	KUNIT_EXPECT_TRUE(test, line_level);
	KUNIT_EXPECT_EQ(test, core_pl011_read(uart, UART_MIS), INT_RX);
	KUNIT_EXPECT_EQ(test, core_pl011_read(uart, UART_DR), 'z');
	KUNIT_EXPECT_FALSE(test, line_level);
	KUNIT_EXPECT_EQ(test, core_pl011_read(uart, UART_DR), 0);
}

static void pl011_transmit(struct kunit *test)
{
	struct core_pl011 *uart = &axvm_test_cell->pl011[0];

	uart->has_console = 1;
	uart->irq = 33;
	core_pl011_write(uart, UART_IMSC, INT_TX);
	KUNIT_EXPECT_FALSE(test, line_level);
	core_pl011_write(uart, UART_DR, 'h');
	KUNIT_EXPECT_EQ(test, axvm_test_cell->tx_data[0], 'h');
	KUNIT_EXPECT_TRUE(test, line_level);
	core_pl011_write(uart, UART_ICR, INT_TX);
	KUNIT_EXPECT_FALSE(test, line_level);
	axvm_test_cell->tx.tail = axvm_test_cell->tx.head - CORE_TX_SIZE;
	KUNIT_EXPECT_EQ(test, core_pl011_read(uart, UART_FR) & (FR_TX_FULL | FR_TX_EMPTY),
			FR_TX_FULL);
	clock_now += 1000001;
	KUNIT_EXPECT_EQ(test, core_pl011_read(uart, UART_FR) & (FR_TX_FULL | FR_TX_EMPTY),
			FR_TX_EMPTY);
}

#endif
