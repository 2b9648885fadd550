// SPDX-License-Identifier: GPL-2.0
/*
 * Channels: their memory, their names and keys, how they end. The memory is
 * claimed when the channel is made and given back, cleared, by whoever lets go
 * of it last.
 */
#include <linux/ctype.h>
#include <linux/err.h>
#include <linux/io.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "../arch.h"
#include "../cell.h"
#include "../frames.h"
#include "../log.h"
#include "../memory.h"
#include "ivc.h"

#define CLEAR_STEP	SZ_2M

DEFINE_MUTEX(axvm_ivc_lock);
LIST_HEAD(axvm_channels);
static DECLARE_BITMAP(indexes, CORE_MAX_CHANNELS);	/* under axvm_ivc_lock */

static u64 whole(const struct axvm_channel *channel)
{
	return channel->size + AXVM_IVC_TABLE_SIZE;
}

/* No data of the host may reach a guest, nor a guest's the host; not even past the caches. */
static void clear(const struct axvm_channel *channel)
{
	u64 at, len;

	for (at = 0; at < whole(channel); at += len) {
		len = min_t(u64, CLEAR_STEP, whole(channel) - at);
		memset64(channel->va + at, 0, len / sizeof(u64));
		cond_resched();
	}
}

static void give_memory_back(struct axvm_claim *claim)
{
	struct axvm_channel *channel = container_of(claim, struct axvm_channel, claim);

	clear(channel);
	axvm_frames_free(channel->hpa, whole(channel));
}

static int find_frames(u64 size, u64 *hpa)
{
	struct axvm_frames_search search = { };
	u64 align = size >= SZ_2M ? SZ_2M : PAGE_SIZE;

	if (size <= AXVM_FRAMES_SMALL && !axvm_frames_small(size, hpa))
		return 0;
	axvm_frames_search_init(&search, size, align, 0);
	return axvm_frames_next(&search, hpa);
}

static int get_memory(struct axvm_channel *channel, struct axvm_error *err)
{
	u64 available = (u64)max(si_mem_available(), 0L) << PAGE_SHIFT;
	u64 reserve = axvm_memory_host_reserve((u64)totalram_pages() << PAGE_SHIFT);
	u64 size = whole(channel);
	int ret;

	if (size > available || available - size < reserve)
		return axvm_fail(err, -ENOMEM,
				 "channel \"%s\": %llu KiB wanted, %llu KiB available, of which %llu must stay with Linux: ask for less",
				 channel->name, size >> 10, available >> 10, reserve >> 10);
	ret = find_frames(size, &channel->hpa);
	if (ret)
		return axvm_fail(err, ret == -ENOENT ? -ENOMEM : ret,
				 "channel \"%s\": Linux has no %llu KiB in one piece: ask for less",
				 channel->name, size >> 10);
	channel->va = phys_to_virt(channel->hpa);
	channel->claim = (struct axvm_claim) {
		.type = AXVM_RES_RAM, .start = channel->hpa, .size = size,
	};
	ret = axvm_claim(&channel->owner, &channel->claim, err);
	if (ret) {
		axvm_frames_free(channel->hpa, size);
		return ret;
	}
	channel->claim.undo = give_memory_back;
	clear(channel);
	return 0;
}

/* The header that AxVisor's guests look for, and the table that cannot be forged. */
static void fill_memory(struct axvm_channel *channel)
{
	u64 *header = channel->va;

	header[0] = channel->publisher;
	header[1] = channel->key;
	channel->table = channel->va + channel->size;
	axvm_ivc_table_init(channel->table, channel->publisher, channel->key, channel->size);
	axvm_arch_memory_clean(channel->va, whole(channel));
}

static bool live(const struct axvm_channel *channel)
{
	return channel->table->state == AXVM_IVC_LIVE;
}

static struct axvm_channel *find_locked(u32 publisher, u64 key, const char *name)
{
	struct axvm_channel *channel;

	list_for_each_entry(channel, &axvm_channels, node) {
		if (!live(channel))
			continue;
		if (name ? !strcmp(channel->name, name) :
		    channel->publisher == publisher && channel->key == key)
			return channel;
	}
	return NULL;
}

static struct axvm_channel *find(u32 publisher, u64 key, const char *name)
{
	struct axvm_channel *channel;

	mutex_lock(&axvm_ivc_lock);
	channel = find_locked(publisher, key, name);
	if (channel && !kref_get_unless_zero(&channel->ref))
		channel = NULL;
	mutex_unlock(&axvm_ivc_lock);
	return channel;
}

struct axvm_channel *axvm_ivc_find(u32 publisher, u64 key)
{
	return find(publisher, key, NULL);
}

struct axvm_channel *axvm_ivc_named(const char *name)
{
	return find(0, 0, name);
}

/* The last holder is gone: nobody sees the memory any more. */
static void channel_free(struct kref *ref)
{
	struct axvm_channel *channel = container_of(ref, struct axvm_channel, ref);

	mutex_lock(&axvm_ivc_lock);
	if (!list_empty(&channel->node))
		list_del(&channel->node);
	if (channel->index >= 0)
		clear_bit(channel->index, indexes);
	if (channel->charged)
		channel->charged->ivc_bytes -= channel->size;
	mutex_unlock(&axvm_ivc_lock);
	axvm_release_all(&channel->owner);
	if (channel->charged)
		axvm_cell_put(channel->charged);
	kfree(channel);
	module_put(THIS_MODULE);
}

void axvm_ivc_put(struct axvm_channel *channel)
{
	kref_put(&channel->ref, channel_free);
}

static int check_plan(const struct axvm_ivc_plan *plan, struct axvm_error *err)
{
	const char *p;

	if (!plan->size || plan->size > AXVM_IVC_MAX_SIZE)
		return axvm_fail(err, -EINVAL,
				 "channel \"%s\": size %llu: give it from 1 byte to 1 GiB",
				 plan->name, plan->size);
	if (!plan->name[0] || !isalnum(plan->name[0]))
		return axvm_fail(err, -EINVAL,
				 "channel name \"%s\": start it with a letter or a digit", plan->name);
	for (p = plan->name; *p; p++)
		if (!isascii(*p) || !(isalnum(*p) || *p == '.' || *p == '_' || *p == '-'))
			return axvm_fail(err, -EINVAL,
					 "channel name: character %zu (0x%02x) is not allowed: use letters, digits, '.', '_' and '-'",
					 p - plan->name + 1, (u8)*p);
	return 0;
}

static struct axvm_channel *channel_alloc(const struct axvm_ivc_plan *plan)
{
	struct axvm_channel *channel = kzalloc(sizeof(*channel), GFP_KERNEL);

	if (!channel)
		return NULL;
	__module_get(THIS_MODULE);
	INIT_LIST_HEAD(&channel->node);
	INIT_LIST_HEAD(&channel->files);
	kref_init(&channel->ref);
	spin_lock_init(&channel->files_lock);
	init_waitqueue_head(&channel->wait);
	strscpy(channel->name, plan->name, sizeof(channel->name));
	axvm_owner_init(&channel->owner, channel->name);
	channel->index = -1;
	channel->linux_index = -1;
	channel->publisher = plan->publisher ? plan->publisher->id : AXVM_IVC_LINUX;
	channel->key = plan->key;
	channel->size = PAGE_ALIGN(plan->size);
	channel->rights = plan->rights;
	channel->linux_rights = plan->linux_rights;
	return channel;
}

static int charge(struct axvm_channel *channel, struct axvm_cell *cell, struct axvm_error *err)
{
	u64 max = cell->cfg->ivc_max_bytes;

	lockdep_assert_held(&axvm_ivc_lock);
	if (channel->size > max || cell->ivc_bytes > max - channel->size)
		return axvm_fail(err, -ENOMEM,
				 "channel \"%s\": %llu bytes besides %llu are more than the cell's max_bytes %llu",
				 channel->name, channel->size, cell->ivc_bytes, max);
	cell->ivc_bytes += channel->size;
	kref_get(&cell->ref);
	channel->charged = cell;
	return 0;
}

/* Before it has memory: what is refused costs nothing. */
static int enlist(struct axvm_channel *channel, const struct axvm_ivc_plan *plan,
		  struct axvm_error *err)
{
	unsigned long index = find_first_zero_bit(indexes, CORE_MAX_CHANNELS);

	lockdep_assert_held(&axvm_ivc_lock);
	if (find_locked(0, 0, channel->name))
		return axvm_fail(err, -EEXIST, "there is a channel \"%s\" already: choose another name",
				 channel->name);
	if (find_locked(channel->publisher, channel->key, NULL))
		return axvm_fail(err, -EEXIST,
				 "channel \"%s\": its publisher (ID %u) has published key %llu already: choose another",
				 channel->name, channel->publisher, channel->key);
	if (index >= CORE_MAX_CHANNELS)
		return axvm_fail(err, -ENOSPC, "there are %u channels, which is all: destroy one",
				 CORE_MAX_CHANNELS);
	if (plan->charge) {
		int ret = charge(channel, plan->publisher, err);

		if (ret)
			return ret;
	}
	channel->index = index;
	set_bit(index, indexes);
	return 0;
}

/* Under axvm_ivc_lock again: another may have been faster with the same name. */
static int publish(struct axvm_channel *channel, struct axvm_error *err)
{
	lockdep_assert_held(&axvm_ivc_lock);
	if (find_locked(channel->publisher, channel->key, NULL) ||
	    find_locked(0, 0, channel->name))
		return axvm_fail(err, -EEXIST, "there is a channel \"%s\" already: choose another name",
				 channel->name);
	kref_get(&channel->ref);	/* the list's */
	channel->listed = true;
	list_add_tail(&channel->node, &axvm_channels);
	if (channel->publisher == AXVM_IVC_LINUX) {
		channel->linux_index = 0;
		axvm_ivc_attach(channel->table, 0, AXVM_IVC_LINUX, AXVM_IVC_RW,
				AXVM_IVC_PEER_ATTACHED);
		axvm_ivc_list_linux(channel, true);
	}
	return 0;
}

static int make(struct axvm_channel *channel, const struct axvm_ivc_plan *plan,
		struct axvm_error *err)
{
	int ret;

	mutex_lock(&axvm_ivc_lock);
	ret = enlist(channel, plan, err);
	mutex_unlock(&axvm_ivc_lock);
	if (!ret)
		ret = get_memory(channel, err);
	if (ret)
		return ret;
	fill_memory(channel);
	mutex_lock(&axvm_ivc_lock);
	ret = publish(channel, err);
	mutex_unlock(&axvm_ivc_lock);
	if (ret || !channel->linux_rights)
		return ret;
	ret = axvm_ivc_register(channel);
	if (ret) {
		axvm_fail(err, ret, "channel \"%s\": no device for it, error %d", channel->name, ret);
		axvm_ivc_revoke(channel);
	}
	return ret;
}

struct axvm_channel *axvm_ivc_create(const struct axvm_ivc_plan *plan, struct axvm_error *err)
{
	struct axvm_channel *channel;
	int ret = check_plan(plan, err);

	if (ret)
		return ERR_PTR(ret);
	channel = channel_alloc(plan);
	if (!channel)
		return ERR_PTR(axvm_fail(err, -ENOMEM, "no memory for the channel's description"));
	ret = make(channel, plan, err);
	if (!ret)
		return channel;
	axvm_ivc_put(channel);
	return ERR_PTR(ret);
}

void axvm_ivc_retire(struct axvm_channel *channel)
{
	bool registered, listed;

	mutex_lock(&axvm_ivc_lock);
	if (live(channel)) {
		mutex_unlock(&axvm_ivc_lock);
		return;
	}
	registered = channel->registered;
	channel->registered = false;
	listed = channel->listed;
	channel->listed = false;
	mutex_unlock(&axvm_ivc_lock);
	if (registered)
		axvm_ivc_unregister(channel);
	if (listed)
		axvm_ivc_put(channel);
}

/* Linux that has published it lets go of it with that, unless somebody has it open. */
void axvm_ivc_revoke(struct axvm_channel *channel)
{
	mutex_lock(&axvm_ivc_lock);
	axvm_ivc_ring(channel, 0, axvm_ivc_step(channel->table, 0, AXVM_IVC_REVOKE));
	if (channel->publisher == AXVM_IVC_LINUX && !channel->opens) {
		axvm_ivc_ring(channel, 0, axvm_ivc_step(channel->table, 0, AXVM_IVC_LEAVE));
		axvm_ivc_list_linux(channel, false);
		channel->linux_index = -1;
	}
	mutex_unlock(&axvm_ivc_lock);
	axvm_ivc_retire(channel);
}
