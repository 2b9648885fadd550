// SPDX-License-Identifier: GPL-2.0
/*
 * Cells as peers of channels: finding room in their address space, mapping the
 * memory while they run, and letting go of it in whatever state they are.
 */
#include <linux/err.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/sizes.h>

#include "../arch.h"
#include "../cell.h"
#include "../log.h"
#include "../memory.h"
#include "../live.h"
#include "ivc.h"

static u64 whole(const struct axvm_channel *channel)
{
	return channel->size + AXVM_IVC_TABLE_SIZE;
}

struct axvm_attachment *axvm_ivc_attachment(struct axvm_cell *cell, u64 publisher, u64 key)
{
	struct axvm_attachment *att;

	lockdep_assert_held(&cell->lock);
	list_for_each_entry(att, &cell->channels, node) {
		u32 from = att->channel->publisher;

		if (att->channel->key == key &&
		    (publisher == AXVM_IVC_ANY ? from != cell->id : from == publisher))
			return att;
	}
	return NULL;
}

/* Where the first thing that is in the way of [gpa, gpa + size) ends, or 0: nothing is. */
static u64 obstacle(struct axvm_cell *cell, u64 gpa, u64 size)
{
	const struct core_tables *tables = &cell->core->tables[cell->table];
	u64 at, pa, step;
	unsigned int level, i;

	for (i = 0; i < tables->nr_devices; i++) {
		const struct core_device *dev = &tables->device[i];

		if (dev->space == CORE_SPACE_MMIO && gpa < dev->base + dev->size &&
		    dev->base < gpa + size)
			return PAGE_ALIGN(dev->base + dev->size);
	}
	for (at = gpa; at < gpa + size; at += PAGE_SIZE) {
		if (!axvm_pgtable_lookup(&cell->stage2, at, &pa, NULL, &level))
			continue;
		step = AXVM_PT_SIZE(level);
		return (at & ~(step - 1)) + step;
	}
	return 0;
}

/* Large pages fit when GPA and HPA are the same modulo their size. */
static u64 aligned(const struct axvm_channel *channel, u64 gpa)
{
	u64 align = channel->size >= SZ_2M ? SZ_2M : PAGE_SIZE;
	u64 offset = channel->hpa & (align - 1);

	return round_up(gpa - offset, align) + offset;
}

static bool find_room(struct axvm_attachment *att, u64 start, u64 end)
{
	u64 size = whole(att->channel), gpa, next;

	for (gpa = aligned(att->channel, start); gpa < end && size <= end - gpa;
	     gpa = aligned(att->channel, next)) {
		next = obstacle(att->cell, gpa, size);
		if (!next) {
			att->gpa = gpa;
			return true;
		}
	}
	return false;
}

static int choose_gpa(struct axvm_attachment *att, struct axvm_error *err)
{
	u64 start, end;
	unsigned int i;

	for (i = 0; axvm_arch_ivc_window(i, &start, &end); i++)
		if (find_room(att, start, end))
			return 0;
	return axvm_fail(err, -ENOSPC,
			 "channel \"%s\": cell \"%s\" has no room for 0x%llx bytes where the module looks: say where, with \"gpa\"",
			 att->channel->name, att->cell->cfg->name, whole(att->channel));
}

static int check_gpa(struct axvm_attachment *att, struct axvm_error *err)
{
	u64 size = whole(att->channel);
	unsigned int bits = axvm_arch_stage2.va_bits;

	if (!PAGE_ALIGNED(att->gpa))
		return axvm_fail(err, -EINVAL,
				 "channel \"%s\": gpa 0x%llx is not a multiple of the page size 0x%lx",
				 att->channel->name, att->gpa, PAGE_SIZE);
	if (att->gpa >> bits || (att->gpa + size - 1) >> bits)
		return axvm_fail(err, -EINVAL,
				 "channel \"%s\": 0x%llx bytes at gpa 0x%llx do not fit into the guest's %u address bits",
				 att->channel->name, size, att->gpa, bits);
	if (obstacle(att->cell, att->gpa, size))
		return axvm_fail(err, -EEXIST,
				 "channel \"%s\": cell \"%s\" has something else in the 0x%llx bytes at gpa 0x%llx: choose another",
				 att->channel->name, att->cell->cfg->name, size, att->gpa);
	return 0;
}

/* Return: whether nothing is mapped any more. */
static bool unmap(struct axvm_attachment *att)
{
	struct axvm_channel *channel = att->channel;
	struct axvm_error err = {};

	if (att->data_mapped &&
	    !axvm_stage2_unmap_live(att->cell, att->gpa, channel->size, &err))
		att->data_mapped = false;
	if (att->table_mapped &&
	    !axvm_stage2_unmap_live(att->cell, att->gpa + channel->size, AXVM_IVC_TABLE_SIZE, &err))
		att->table_mapped = false;
	if (err.text[0])
		axvm_log(att->cell, "channel \"%s\" cannot be taken away: %s", channel->name, err.text);
	return axvm_ivc_hide(att) && !att->data_mapped && !att->table_mapped;
}

static int map(struct axvm_attachment *att, struct axvm_error *err)
{
	struct axvm_channel *channel = att->channel;
	unsigned int flags = AXVM_PT_READ;
	int ret;

	if (att->rights & AXVM_IVC_WRITE)
		flags |= AXVM_PT_WRITE;
	ret = axvm_stage2_map_live(att->cell, att->gpa, channel->hpa, channel->size, flags, err);
	if (ret)
		return ret;
	att->data_mapped = true;
	ret = axvm_stage2_map_live(att->cell, att->gpa + channel->size,
				   channel->hpa + channel->size, AXVM_IVC_TABLE_SIZE,
				   AXVM_PT_READ, err);
	att->table_mapped = !ret;
	return ret;
}

/* Reserve the places that it will have in channel and cell. */
static int reserve(struct axvm_attachment *att, struct axvm_error *err)
{
	struct axvm_channel *channel = att->channel;
	struct axvm_cell *cell = att->cell;
	unsigned long link = find_first_zero_bit(cell->links, CORE_MAX_LINKS);
	int place;

	lockdep_assert_held(&axvm_ivc_lock);
	place = axvm_ivc_place(channel->table, cell->id, channel->reserved);
	if (place == -ENOENT)
		return axvm_fail(err, place, "channel \"%s\" has been revoked", channel->name);
	if (place == -EEXIST)
		return axvm_fail(err, place, "channel \"%s\": cell \"%s\" has it already",
				 channel->name, cell->cfg->name);
	if (place < 0)
		return axvm_fail(err, place, "channel \"%s\" has %u peers, which is all: detach one",
				 channel->name, AXVM_IVC_MAX_PEERS);
	if (link >= CORE_MAX_LINKS)
		return axvm_fail(err, -ENOSPC, "cell \"%s\" has %u channels, which is all: detach one",
				 cell->cfg->name, CORE_MAX_LINKS);
	if (axvm_bell_get(cell))
		return axvm_fail(err, -ENOSPC, "%u cells have channels, which is all", CORE_MAX_BELLS);
	att->index = place;
	att->link = link;
	channel->reserved |= 1U << place;
	set_bit(link, cell->links);
	return 0;
}

static bool guest_runs(const struct axvm_cell *cell)
{
	return cell->state == AXVM_STATE_RUNNING || cell->state == AXVM_STATE_SUSPENDED;
}

/* From here on the core and the other peers know of it. */
static int commit(struct axvm_attachment *att, struct axvm_error *err)
{
	struct axvm_channel *channel = att->channel;
	struct core_link *link = &att->cell->core->link[att->link];
	struct core_ivc_peer *peer = &axvm_ivc_bells->peer[channel->index][att->index];
	u32 others;

	lockdep_assert_held(&axvm_ivc_lock);
	if (channel->table->state != AXVM_IVC_LIVE)
		return axvm_fail(err, -ENOENT, "channel \"%s\" has been revoked", channel->name);
	channel->peer[att->index] = att;
	WRITE_ONCE(peer->rung, 0);
	WRITE_ONCE(peer->link, att->link);
	WRITE_ONCE(peer->id, att->cell->id);
	smp_store_release(&peer->bell, att->cell->core->bell + 1);
	link->channel = channel->index;
	link->self = att->index;
	link->line = att->line;
	link->publisher = channel->publisher;
	link->key = channel->key;
	link->rung = 0;
	link->sent = 0;
	link->received = 0;
	smp_store_release(&link->used, 1);
	others = axvm_ivc_attach(channel->table, att->index, att->cell->id, att->rights,
				 guest_runs(att->cell) ? AXVM_IVC_PEER_ATTACHED :
				 AXVM_IVC_PEER_STOPPED);
	axvm_ivc_ring(channel, att->index, others);
	return 0;
}

/* The other end of reserve() and commit(): nobody finds it any more. */
static void release(struct axvm_attachment *att, enum axvm_ivc_step step)
{
	struct axvm_channel *channel = att->channel;

	mutex_lock(&axvm_ivc_lock);
	WRITE_ONCE(att->cell->core->link[att->link].used, 0);
	if (channel->peer[att->index] == att) {
		WRITE_ONCE(axvm_ivc_bells->peer[channel->index][att->index].bell, 0);
		axvm_bell_quiesce();
		channel->peer[att->index] = NULL;
		axvm_ivc_ring(channel, att->index,
			      axvm_ivc_step(channel->table, att->index, step));
	}
	channel->reserved &= ~(1U << att->index);
	mutex_unlock(&axvm_ivc_lock);
}

static void let_go(struct axvm_attachment *att)
{
	clear_bit(att->link, att->cell->links);
	axvm_ivc_put(att->channel);
	kfree(att);
}

/* The memory is nobody's but the cell's for as long as a core might still reach it. */
static void forget(struct axvm_attachment *att)
{
	if (unmap(att))
		let_go(att);
	else
		list_add_tail(&att->node, &att->cell->stuck_channels);
}

static int attach(struct axvm_attachment *att, struct axvm_error *err)
{
	int ret;

	mutex_lock(&axvm_ivc_lock);
	ret = reserve(att, err);
	mutex_unlock(&axvm_ivc_lock);
	if (ret) {
		axvm_ivc_put(att->channel);
		kfree(att);
		return ret;
	}
	ret = map(att, err);
	if (!ret) {
		mutex_lock(&axvm_ivc_lock);
		ret = commit(att, err);
		mutex_unlock(&axvm_ivc_lock);
	}
	if (ret) {
		release(att, AXVM_IVC_LEAVE);
		forget(att);
		return ret;
	}
	list_add_tail(&att->node, &att->cell->channels);
	return 0;
}

/* What guests do goes on for ever if they like; enough to see what it is. */
static bool worth_logging(const struct axvm_attachment *att)
{
	return att->by_host || att->cell->ivc_logged++ < AXVM_IVC_GUEST_LINES;
}

static u32 line_of(const struct axvm_cell *cell, const struct axvm_ivc_wish *wish)
{
	u32 first, last, usual;

	if (cell->cfg->irq_mode == AXVM_IRQ_MODE_NONE)
		return CORE_NO_IRQ;
	axvm_arch_ivc_lines(&first, &last, &usual);
	return wish->line == CORE_NO_IRQ ? usual : wish->line;
}

struct axvm_attachment *axvm_ivc_attach_cell(struct axvm_channel *channel, struct axvm_cell *cell,
					     const struct axvm_ivc_wish *wish,
					     struct axvm_error *err)
{
	struct axvm_attachment *att;
	int ret;

	lockdep_assert_held(&cell->lock);
	att = kzalloc(sizeof(*att), GFP_KERNEL);
	if (!att)
		return ERR_PTR(axvm_fail(err, -ENOMEM, "no memory for a peer of channel \"%s\"",
					 channel->name));
	att->channel = channel;
	att->cell = cell;
	att->gpa = wish->gpa;
	att->line = line_of(cell, wish);
	att->by_host = wish->by_host;
	att->rights = wish->rights;
	if (channel->publisher != cell->id)
		att->rights &= channel->rights;
	ret = wish->gpa_given ? check_gpa(att, err) : choose_gpa(att, err);
	if (ret) {
		kfree(att);
		return ERR_PTR(ret);
	}
	kref_get(&channel->ref);
	ret = attach(att, err);
	if (ret)
		return ERR_PTR(ret);
	if (worth_logging(att))
		axvm_log(cell, "channel \"%s\": attached at GPA 0x%llx, %llu bytes, %s",
			 channel->name, att->gpa, channel->size,
			 att->rights & AXVM_IVC_WRITE ? "rw" : "ro");
	axvm_ivc_show(att);
	return att;
}

void axvm_ivc_detach_cell(struct axvm_attachment *att, enum axvm_ivc_step step)
{
	struct axvm_channel *channel = att->channel;

	lockdep_assert_held(&att->cell->lock);
	if (worth_logging(att))
		axvm_log(att->cell, "channel \"%s\": detached", channel->name);
	kref_get(&channel->ref);
	list_del(&att->node);
	release(att, step);
	forget(att);
	axvm_ivc_retire(channel);
	axvm_ivc_put(channel);
}

static void step_stays(struct axvm_attachment *att, bool runs)
{
	struct axvm_channel *channel = att->channel;
	enum axvm_ivc_step step = runs ? AXVM_IVC_START : AXVM_IVC_STOP;

	att->claimed = false;
	mutex_lock(&axvm_ivc_lock);
	axvm_ivc_ring(channel, att->index, axvm_ivc_step(channel->table, att->index, step));
	mutex_unlock(&axvm_ivc_lock);
}

static struct axvm_attachment *first_of_guest(struct axvm_cell *cell)
{
	struct axvm_attachment *att;

	list_for_each_entry(att, &cell->channels, node)
		if (!att->by_host)
			return att;
	return NULL;
}

void axvm_ivc_guest(struct axvm_cell *cell, bool runs)
{
	struct axvm_attachment *att;

	lockdep_assert_held(&cell->lock);
	list_for_each_entry(att, &cell->channels, node)
		if (att->by_host)
			step_stays(att, runs);
	/* Anew each time: a core that does not answer meanwhile ends the cell, and calls this. */
	while ((att = first_of_guest(cell)))
		axvm_ivc_detach_cell(att, AXVM_IVC_DIE);
}

void axvm_ivc_cell_gone(struct axvm_cell *cell)
{
	lockdep_assert_held(&cell->lock);
	while (!list_empty(&cell->channels))
		axvm_ivc_detach_cell(list_first_entry(&cell->channels, struct axvm_attachment, node),
				     AXVM_IVC_DIE);
	mutex_lock(&axvm_ivc_lock);
	axvm_bell_put(cell);
	mutex_unlock(&axvm_ivc_lock);
}

void axvm_ivc_cell_freed(struct axvm_cell *cell)
{
	struct axvm_attachment *att, *next;

	list_for_each_entry_safe(att, next, &cell->stuck_channels, node) {
		list_del(&att->node);
		kfree(att->function);
		let_go(att);
	}
}
