// SPDX-License-Identifier: GPL-2.0
/* The console's two byte rings; the host half's tty is at the other end. */
#include "core.h"

bool core_console_full(void)
{
	struct core_ring *tx = &core_cell()->tx;

	return tx->head - core_load_acquire(&tx->tail) >= CORE_TX_SIZE;
}

bool core_console_ready(u64 *full_since)
{
	u64 now;

	if (!core_console_full()) {
		*full_since = 0;
		return true;
	}
	now = core_arch_clock();
	if (!*full_since)
		*full_since = now;
	return now - *full_since > core_cell()->clock.khz * 1000ULL;
}

bool core_console_put(u8 byte)
{
	struct core_cell *cell = core_cell();

	if (core_console_full()) {
		core_count_event(AXVM_COUNTER_CONSOLE_DROPPED);
		return false;
	}
	cell->tx_data[cell->tx.head % CORE_TX_SIZE] = byte;
	core_store_release(&cell->tx.head, cell->tx.head + 1);
	core_notify();
	return true;
}

bool core_console_empty(void)
{
	struct core_ring *rx = &core_cell()->rx;

	return core_load_acquire(&rx->head) == rx->tail;
}

int core_console_get(void)
{
	struct core_cell *cell = core_cell();
	int byte;

	if (core_console_empty())
		return -1;
	byte = cell->rx_data[cell->rx.tail % CORE_RX_SIZE];
	core_store_release(&cell->rx.tail, cell->rx.tail + 1);
	/*
	 * The host half writes head, then looks at tail; whoever looks next here
	 * must see head. Without the fence both could miss the other's news.
	 */
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	return byte;
}
