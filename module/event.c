// SPDX-License-Identifier: GPL-2.0
/*
 * The host's ear: cores raise an interrupt, and a work looks at what they have
 * to say. While there is something at each look it goes on looking, once a
 * jiffy, and cores raise nothing: a guest that floods its console causes
 * neither an interrupt storm nor a work that never ends. One slow look a
 * second catches an interrupt that was lost when its target CPU went away.
 */
#include <linux/jiffies.h>
#include <linux/workqueue.h>

#include "arch.h"
#include "cell.h"
#include "console.h"
#include "event.h"
#include "hostcall.h"
#include "ivc/ivc.h"
#include "irq.h"
#include "log.h"

#define SLOW_LOOK	HZ

struct workqueue_struct *axvm_wq;

static void look(struct work_struct *work);
static DECLARE_DELAYED_WORK(look_work, look);

/* Return: was there anything? */
static bool look_at(struct axvm_cell *cell)
{
	bool busy;

	busy = axvm_log_drain_core(cell);
	busy |= axvm_console_drain(cell);
	busy |= axvm_ivc_look();
	/* No reason to look again soon: the next end comes with an interrupt of its own. */
	axvm_irq_drain(cell);
	axvm_cell_check_stop(cell);
	/* No reason to look again: who asks next raises an event. */
	axvm_hostcall_look(cell);
	return busy;
}

/* Return: shall this cell be looked at again soon? */
static bool serve(struct axvm_cell *cell, u64 target)
{
	WRITE_ONCE(cell->core->event_target, target);
	if (look_at(cell))
		return true;
	if (!READ_ONCE(cell->core->event_pending))
		return false;
	WRITE_ONCE(cell->core->event_pending, 0);
	smp_mb();	/* clear before the last look, or an event could fall in between */
	return look_at(cell);
}

static void look(struct work_struct *work)
{
	u64 target = axvm_arch_event_target();
	struct axvm_cell *cell;
	bool busy = false;
	bool any;

	mutex_lock(&axvm_cells_lock);
	list_for_each_entry(cell, &axvm_cells, node)
		busy |= serve(cell, target);
	any = !list_empty(&axvm_cells);
	mutex_unlock(&axvm_cells_lock);
	/* Not mod_: an interrupt that came meanwhile has queued a look at once. */
	if (any)
		queue_delayed_work(axvm_wq, &look_work, busy ? 1 : SLOW_LOOK);
}

void axvm_event_look(void)
{
	mod_delayed_work(axvm_wq, &look_work, 0);
}

void axvm_event_irq(void)
{
	axvm_event_look();
}

void axvm_event_moved(void)
{
	axvm_event_look();
}

int axvm_event_init(void)
{
	axvm_wq = alloc_workqueue("axvm", WQ_UNBOUND, 0);
	return axvm_wq ? 0 : -ENOMEM;
}

void axvm_event_exit(void)
{
	cancel_delayed_work_sync(&look_work);
	destroy_workqueue(axvm_wq);
}
