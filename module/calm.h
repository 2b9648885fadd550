/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a guest can make come as often as it likes, and costs this Linux each
 * time: too often within a jiffy, and it is held back until the next one.
 */
#ifndef AXVM_CALM_H
#define AXVM_CALM_H

#include <linux/spinlock.h>
#include <linux/workqueue.h>

struct axvm_rate {
	unsigned long tick;	/* jiffies of the latest one */
	unsigned int in_tick;	/* how many in it */
};

/**
 * axvm_rate_over() - count one
 * @now: jiffies
 *
 * Return: is it the @limit-th in this jiffy, or a later one?
 */
static inline bool axvm_rate_over(struct axvm_rate *rate, unsigned long now, unsigned int limit)
{
	if (rate->tick != now) {
		rate->tick = now;
		rate->in_tick = 0;
	}
	return ++rate->in_tick >= limit;
}

/**
 * struct axvm_calm - one source of such a thing
 * @hold: keep it from coming; @release: let it come again; both with @lock held
 * @held: between the two; @open: between axvm_calm_open() and axvm_calm_close()
 * @times: how often it was held
 *
 * @lock may protect what the owner needs to decide on, too.
 */
struct axvm_calm {
	raw_spinlock_t lock;	/* protects all below; interrupts off */
	struct axvm_rate rate;
	unsigned int limit;
	bool open, held;
	u64 times;
	void (*hold)(void *data);
	void (*release)(void *data);
	void *data;
	struct delayed_work work;
};

/**
 * axvm_calm_open() - from now on it may come
 * @limit: in a jiffy
 */
void axvm_calm_open(struct axvm_calm *calm, unsigned int limit, void (*hold)(void *data),
		    void (*release)(void *data), void *data);

/**
 * axvm_calm_count() - it has come; any context
 */
void axvm_calm_count(struct axvm_calm *calm);

/**
 * axvm_calm_close() - neither of the two is called any more
 *
 * If it is held, it stays so. May sleep. Return: how often it was held.
 */
u64 axvm_calm_close(struct axvm_calm *calm);

#endif
