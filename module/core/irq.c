// SPDX-License-Identifier: GPL-2.0
/*
 * Interrupts from outside the guest's CPUs: lines that the host half drives,
 * what it or a sibling injects, and what is told back of their end.
 */
#include "core.h"

void core_irq_own(u32 line, bool high)
{
	struct core_irq *irq = &core_cell()->irq;
	u32 word = line / 32, bit = 1U << line % 32;

	if (line >= CORE_IRQ_LINES || !(irq->own[word] & bit) == !high)
		return;
	irq->own[word] ^= bit;
	core_arch_irq_line(line, (irq->own[word] | irq->high[word]) & bit);
}

void core_irq_pulse(u32 line)
{
	if (line < CORE_IRQ_LINES)
		core_arch_irq_pulse(line);
}

static void update_word(struct core_irq *irq, u32 word)
{
	u32 pulses = __atomic_exchange_n(&irq->pulse[word], 0, __ATOMIC_SEQ_CST);
	u32 changed = core_load_acquire(&irq->level[word]) ^ irq->high[word];
	u32 bit;

	for (; changed; changed &= changed - 1) {
		bit = changed & -changed;
		irq->high[word] ^= bit;
		core_arch_irq_line(word * 32 + __builtin_ctz(bit),
				   (irq->high[word] | irq->own[word]) & bit);
	}
	for (; pulses; pulses &= pulses - 1)
		core_irq_pulse(word * 32 + __builtin_ctz(pulses));
}

void core_irq_update(void)
{
	struct core_irq *irq = &core_cell()->irq;
	u32 i;

	for (i = 0; i < CORE_IRQ_WORDS; i++)
		update_word(irq, i);
}

bool core_irq_watched(u32 line)
{
	return line < CORE_IRQ_LINES &&
	       READ_WORD(core_cell()->irq.watched[line / 32]) & 1U << line % 32;
}

void core_irq_end(u32 line)
{
	struct core_irq *irq = &core_cell()->irq;
	u32 word = line / 32, bit = 1U << line % 32;

	if (!core_irq_watched(line))
		return;
	__atomic_fetch_and(&irq->level[word], ~bit, __ATOMIC_SEQ_CST);
	irq->high[word] &= ~bit;
	core_arch_irq_line(line, irq->own[word] & bit);
	__atomic_fetch_or(&irq->ended[word], bit, __ATOMIC_SEQ_CST);
	core_notify();
}

void core_irq_take_vectors(bool running)
{
	u32 *words = core_cell()->irq.vector[core_index()];
	u32 i, bits;

	for (i = 0; i < CORE_MAX_VECTOR / 32; i++) {
		bits = __atomic_exchange_n(&words[i], 0, __ATOMIC_SEQ_CST);
		for (; bits && running; bits &= bits - 1)
			core_arch_inject(i * 32 + __builtin_ctz(bits));
	}
}

void core_irq_send_vector(u32 vcpu, u32 vector)
{
	u32 *word = &core_cell()->irq.vector[vcpu][vector / 32];

	__atomic_fetch_or(word, 1U << vector % 32, __ATOMIC_SEQ_CST);
	core_request(vcpu, CORE_REQ_INJECT);
}
