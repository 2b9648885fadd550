// SPDX-License-Identifier: GPL-2.0
/* Holding back for a jiffy what comes too often: calm.h. */
#include <linux/jiffies.h>

#include "axvm.h"
#include "calm.h"
#include "event.h"

static void calm_down(struct work_struct *work)
{
	struct axvm_calm *calm = container_of(to_delayed_work(work), struct axvm_calm, work);
	unsigned long flags;

	raw_spin_lock_irqsave(&calm->lock, flags);
	if (calm->open && calm->held) {
		calm->held = false;
		calm->release(calm->data);
	}
	raw_spin_unlock_irqrestore(&calm->lock, flags);
}

void axvm_calm_open(struct axvm_calm *calm, unsigned int limit, void (*hold)(void *data),
		    void (*release)(void *data), void *data)
{
	*calm = (struct axvm_calm) {
		.limit = limit, .hold = hold, .release = release, .data = data, .open = true,
	};
	raw_spin_lock_init(&calm->lock);
	INIT_DELAYED_WORK(&calm->work, calm_down);
}

void axvm_calm_count(struct axvm_calm *calm)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&calm->lock, flags);
	if (axvm_rate_over(&calm->rate, jiffies, calm->limit) && calm->open && !calm->held) {
		calm->held = true;
		calm->times++;
		calm->hold(calm->data);
		queue_delayed_work(axvm_wq, &calm->work, 1);
	}
	raw_spin_unlock_irqrestore(&calm->lock, flags);
}

u64 axvm_calm_close(struct axvm_calm *calm)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&calm->lock, flags);
	calm->open = false;
	raw_spin_unlock_irqrestore(&calm->lock, flags);
	cancel_delayed_work_sync(&calm->work);
	return calm->times;
}
