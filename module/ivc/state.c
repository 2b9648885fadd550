// SPDX-License-Identifier: GPL-2.0
/*
 * A channel's state table: every step that it can take, and who has to be told.
 * Readers may be reading meanwhile, in guests and in user space: the generation
 * is odd while something changes.
 */
#include <linux/build_bug.h>
#include <linux/errno.h>
#include <linux/stddef.h>

#include <asm/barrier.h>
#include <asm/rwonce.h>

#include "state.h"

static void begin(struct axvm_ivc_table *table)
{
	WRITE_ONCE(table->generation, table->generation + 1);
	smp_wmb();	/* odd before the first change */
}

static void end(struct axvm_ivc_table *table)
{
	smp_wmb();	/* the last change before even */
	WRITE_ONCE(table->generation, table->generation + 1);
}

void axvm_ivc_table_init(struct axvm_ivc_table *table, u32 publisher, u64 key, u64 size)
{
	BUILD_BUG_ON(offsetof(struct axvm_ivc_table, peer) != 64);
	BUILD_BUG_ON(sizeof(struct axvm_ivc_peer) != 32);
	BUILD_BUG_ON(sizeof(*table) > AXVM_IVC_TABLE_SIZE);
	table->magic = AXVM_IVC_MAGIC;
	table->version = AXVM_IVC_VERSION;
	table->state = AXVM_IVC_LIVE;
	table->publisher = publisher;
	table->key = key;
	table->size = size;
	table->peers = AXVM_IVC_MAX_PEERS;
	table->peer_size = sizeof(struct axvm_ivc_peer);
}

bool axvm_ivc_attached(const struct axvm_ivc_table *table, unsigned int index)
{
	u32 state = table->peer[index].state;

	return state == AXVM_IVC_PEER_ATTACHED || state == AXVM_IVC_PEER_STOPPED;
}

u32 axvm_ivc_others(const struct axvm_ivc_table *table, unsigned int index)
{
	u32 bits = 0;
	unsigned int i;

	for (i = 0; i < AXVM_IVC_MAX_PEERS; i++)
		if (i != index && axvm_ivc_attached(table, i))
			bits |= 1U << i;
	return bits;
}

static int find_place(const struct axvm_ivc_table *table, u32 reserved, bool used)
{
	unsigned int i;

	for (i = 1; i < AXVM_IVC_MAX_PEERS; i++) {
		if ((reserved & 1U << i) || axvm_ivc_attached(table, i))
			continue;
		if (used || table->peer[i].state == AXVM_IVC_PEER_NONE)
			return i;
	}
	return -ENOSPC;
}

int axvm_ivc_place(const struct axvm_ivc_table *table, u32 id, u32 reserved)
{
	unsigned int i;
	int place;

	if (table->state != AXVM_IVC_LIVE)
		return -ENOENT;
	for (i = 0; i < AXVM_IVC_MAX_PEERS; i++)
		if (axvm_ivc_attached(table, i) && table->peer[i].id == id)
			return -EEXIST;
	if (table->publisher == id)
		return 0;
	for (i = 1; i < AXVM_IVC_MAX_PEERS; i++)
		if (table->peer[i].state != AXVM_IVC_PEER_NONE && table->peer[i].id == id &&
		    !(reserved & 1U << i))
			return i;
	place = find_place(table, reserved, false);
	return place > 0 ? place : find_place(table, reserved, true);
}

u32 axvm_ivc_attach(struct axvm_ivc_table *table, unsigned int index, u32 id, u32 rights,
		    u32 state)
{
	struct axvm_ivc_peer *peer = &table->peer[index];

	begin(table);
	peer->id = id;
	peer->state = state;
	peer->rights = rights;
	peer->epoch++;
	end(table);
	return axvm_ivc_others(table, index);
}

static void change_peer(struct axvm_ivc_table *table, unsigned int index, u32 state)
{
	table->peer[index].state = state;
	if (state == AXVM_IVC_PEER_ATTACHED)
		table->peer[index].epoch++;
}

static void change_channel(struct axvm_ivc_table *table, u32 state)
{
	if (table->state == AXVM_IVC_LIVE)
		table->state = state;
}

/* What the step makes of the peer; its present state: nothing. */
static u32 next_state(u32 state, enum axvm_ivc_step step)
{
	bool attached = state == AXVM_IVC_PEER_ATTACHED || state == AXVM_IVC_PEER_STOPPED;

	switch (step) {
	case AXVM_IVC_LEAVE:
		return attached ? AXVM_IVC_PEER_LEFT : state;
	case AXVM_IVC_DIE:
		return attached ? AXVM_IVC_PEER_DIED : state;
	case AXVM_IVC_STOP:
		return attached ? AXVM_IVC_PEER_STOPPED : state;
	case AXVM_IVC_START:
		return state == AXVM_IVC_PEER_STOPPED ? AXVM_IVC_PEER_ATTACHED : state;
	case AXVM_IVC_REVOKE:
		break;
	}
	return state;
}

u32 axvm_ivc_step(struct axvm_ivc_table *table, unsigned int index, enum axvm_ivc_step step)
{
	u32 old = table->peer[index].state;
	u32 new = next_state(old, step);
	bool ends = step == AXVM_IVC_REVOKE && table->state == AXVM_IVC_LIVE;

	if (new == old && !ends)
		return 0;
	begin(table);
	if (new != old)
		change_peer(table, index, new);
	if (step == AXVM_IVC_REVOKE || (step == AXVM_IVC_LEAVE && !index))
		change_channel(table, AXVM_IVC_REVOKED);
	else if (step == AXVM_IVC_DIE && !index)
		change_channel(table, AXVM_IVC_DEAD);
	end(table);
	/* A channel that the host took back is news for its publisher too. */
	return axvm_ivc_others(table, step == AXVM_IVC_REVOKE ? AXVM_IVC_MAX_PEERS : index);
}
