// SPDX-License-Identifier: GPL-2.0
/*
 * The test device: registers that the host half answers, each access by a round
 * trip through the slow path. For measuring it, and for tests of it. What its
 * registers do is in Documentation/guest-abi.md.
 */
#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/ktime.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "../uapi/axvm_guest.h"
#include "device.h"

#define NR_SCRATCH	8
#define MAX_DELAY_US	10000000ULL
#define STEP_MS		5

struct testdev {
	struct mutex lock;
	u64 count;		/* accesses since power-on */
	u64 delay;		/* of each access to AXVM_TESTDEV_SLOW, in microseconds */
	u64 scratch[NR_SCRATCH];
};

/* As long as the guest asked for, unless nobody waits for it any more. */
static void dawdle(struct axvm_device *dev, u64 us)
{
	unsigned long end = jiffies + usecs_to_jiffies(us);

	while (time_before(jiffies, end)) {
		if (READ_ONCE(dev->leaving) || READ_ONCE(dev->cell->calls_closed))
			return;
		msleep(STEP_MS);
	}
}

static u64 *writable(struct testdev *t, u32 reg)
{
	if (reg == AXVM_TESTDEV_DELAY)
		return &t->delay;
	if (reg >= AXVM_TESTDEV_SCRATCH && reg < AXVM_TESTDEV_SCRATCH + 8 * NR_SCRATCH)
		return &t->scratch[(reg - AXVM_TESTDEV_SCRATCH) / 8];
	return NULL;
}

static u64 read_register(struct testdev *t, u32 reg, unsigned int vcpu)
{
	const u64 *word = writable(t, reg);

	if (word)
		return *word;
	switch (reg) {
	case AXVM_TESTDEV_ID:
		return AXVM_TESTDEV_MAGIC;
	case AXVM_TESTDEV_COUNT:
		return t->count;
	case AXVM_TESTDEV_TIME:
		return ktime_get_real_ns();
	case AXVM_TESTDEV_SLOW:
		return t->delay;
	case AXVM_TESTDEV_VCPU:
		return vcpu;
	}
	return 0;
}

static void access(struct axvm_device *dev, unsigned int vcpu, u32 offset, u32 size, bool write,
		   u64 *value)
{
	struct testdev *t = dev->private;
	u32 reg = offset & ~7U, shift = 8 * (offset & 7);
	u64 mask = size < 8 ? (1ULL << (8 * size)) - 1 : U64_MAX;
	u64 delay, *word;

	mutex_lock(&t->lock);
	t->count++;
	word = writable(t, reg);
	if ((offset & 7) + size > 8)
		*value = U64_MAX;	/* across two registers: nobody is there */
	else if (!write)
		*value = read_register(t, reg, vcpu) >> shift & mask;
	else if (word)
		*word = (*word & ~(mask << shift)) | (*value & mask) << shift;
	t->delay = min_t(u64, t->delay, MAX_DELAY_US);
	delay = reg == AXVM_TESTDEV_SLOW ? t->delay : 0;
	mutex_unlock(&t->lock);
	if (delay)
		dawdle(dev, delay);
}

static void reset(struct axvm_device *dev)
{
	struct testdev *t = dev->private;

	t->count = 0;
	t->delay = 0;
	memset(t->scratch, 0, sizeof(t->scratch));
}

static void release(struct axvm_device *dev)
{
	kfree(dev->private);
}

static const struct axvm_device_ops ops = {
	.access = access,
	.reset = reset,
	.release = release,
};

int axvm_testdev_init(struct axvm_device *dev)
{
	struct testdev *t = kzalloc(sizeof(*t), GFP_KERNEL);

	if (!t)
		return -ENOMEM;
	mutex_init(&t->lock);
	dev->private = t;
	dev->ops = &ops;
	return 0;
}
