// SPDX-License-Identifier: GPL-2.0
/*
 * Interrupts that the host half raises in a guest. It only sets bits in
 * core_cell.irq and kicks a vCPU; the core makes an interrupt of them, for the
 * vCPU that the guest has chosen.
 */
#include <linux/atomic.h>
#include <linux/string.h>

#include "arch.h"
#include "cell.h"
#include "irq.h"
#include "vcpu.h"

/* The words are shared with the core, which knows no atomic_t. */
static atomic_t *word_of(u32 *words, u32 line)
{
	BUILD_BUG_ON(sizeof(atomic_t) != sizeof(*words));
	return (atomic_t *)&words[line / 32];
}

static u32 bit_of(u32 line)
{
	return 1U << line % 32;
}

/* Any vCPU can do it; the first one is always there. */
static void tell_core(struct axvm_cell *cell)
{
	axvm_vcpu_request(cell, 0, CORE_REQ_IRQ);
}

void axvm_irq_pulse(struct axvm_cell *cell, u32 line)
{
	u32 bit = bit_of(line);

	if (line >= CORE_IRQ_LINES)
		return;
	/* Who has set it before has kicked too. */
	if (!(atomic_fetch_or(bit, word_of(cell->core->irq.pulse, line)) & bit))
		tell_core(cell);
}

void axvm_irq_level(struct axvm_cell *cell, u32 line, bool high)
{
	atomic_t *word = word_of(cell->core->irq.level, line);
	u32 bit = bit_of(line);
	u32 old;

	if (line >= CORE_IRQ_LINES)
		return;
	old = high ? atomic_fetch_or(bit, word) : atomic_fetch_andnot(bit, word);
	if (!(old & bit) == high)
		tell_core(cell);
}

int axvm_irq_watch(struct axvm_cell *cell, u32 line, void (*fn)(void *data), void *data)
{
	struct axvm_irq_watch *watch = &cell->irq_watch[line];
	int ret = 0;

	mutex_lock(&axvm_cells_lock);
	if (watch->fn) {
		ret = -EBUSY;
	} else {
		watch->fn = fn;
		watch->data = data;
		atomic_andnot(bit_of(line), word_of(cell->core->irq.ended, line));
		atomic_or(bit_of(line), word_of(cell->core->irq.watched, line));
	}
	mutex_unlock(&axvm_cells_lock);
	return ret;
}

void axvm_irq_unwatch(struct axvm_cell *cell, u32 line)
{
	mutex_lock(&axvm_cells_lock);
	cell->irq_watch[line].fn = NULL;
	atomic_andnot(bit_of(line), word_of(cell->core->irq.watched, line));
	mutex_unlock(&axvm_cells_lock);
	axvm_irq_level(cell, line, false);
}

void axvm_irq_drain(struct axvm_cell *cell)
{
	unsigned int i;
	u32 ended;

	for (i = 0; i < CORE_IRQ_LINES; i += 32) {
		ended = atomic_xchg(word_of(cell->core->irq.ended, i), 0);
		for (; ended; ended &= ended - 1) {
			struct axvm_irq_watch *watch = &cell->irq_watch[i + __ffs(ended)];

			if (watch->fn)
				watch->fn(watch->data);
		}
	}
}

void axvm_irq_init_core(struct axvm_cell *cell)
{
	struct core_irq *irq = &cell->core->irq;

	memset(irq->pulse, 0, sizeof(irq->pulse));
	memset(irq->high, 0, sizeof(irq->high));
	memset(irq->taken, 0, sizeof(irq->taken));
	memset(irq->own, 0, sizeof(irq->own));
	memset(irq->vector, 0, sizeof(irq->vector));
}

static int inject(struct axvm_cell *cell, u32 vcpu, u32 number, struct axvm_error *err)
{
	bool line;
	int ret;

	if (cell->state != AXVM_STATE_RUNNING && cell->state != AXVM_STATE_SUSPENDED)
		return axvm_fail(err, -EBUSY,
				 "cell \"%s\" does not run: an interrupt can be injected into a running or suspended one",
				 cell->cfg->name);
	if (vcpu >= cell->nr_cpus)
		return axvm_fail(err, -EINVAL, "vCPU %u does not exist: cell \"%s\" has vCPUs 0-%u",
				 vcpu, cell->cfg->name, cell->nr_cpus - 1);
	if (cell->cfg->irq_mode == AXVM_IRQ_MODE_NONE)
		return axvm_fail(err, -EINVAL,
				 "cell \"%s\" has interrupts \"none\": it could not take interrupt %u",
				 cell->cfg->name, number);
	ret = axvm_arch_inject_check(cell->cfg, number, &line, err);
	if (ret)
		return ret;
	if (line) {
		axvm_irq_pulse(cell, number);
		return 0;
	}
	if (READ_ONCE(cell->core->vcpu[vcpu].state) == CORE_WAITING)
		return axvm_fail(err, -EBUSY,
				 "vCPU %u of cell \"%s\" was not started by its guest: it takes no interrupt",
				 vcpu, cell->cfg->name);
	atomic_or(bit_of(number), word_of(cell->core->irq.vector[vcpu], number));
	axvm_vcpu_request(cell, vcpu, CORE_REQ_INJECT);
	return 0;
}

int axvm_irq_inject(struct axvm_cell *cell, u32 vcpu, u32 number, struct axvm_error *err)
{
	int ret = axvm_cell_lock_live(cell, err);

	if (ret)
		return ret;
	ret = inject(cell, vcpu, number, err);
	mutex_unlock(&cell->lock);
	return ret;
}
