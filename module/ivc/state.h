/* SPDX-License-Identifier: GPL-2.0 */
/* A channel's state table: every step that it can take, and who has to be told. Pure. */
#ifndef AXVM_IVC_STATE_H
#define AXVM_IVC_STATE_H

#include <linux/types.h>

#include "../../uapi/axvm_guest.h"

/* What can happen to a peer, or through it to the channel. */
enum axvm_ivc_step {
	AXVM_IVC_LEAVE,		/* lets go of the channel; the publisher: unpublishes it */
	AXVM_IVC_DIE,		/* its guest ended with the channel attached */
	AXVM_IVC_STOP,		/* the same, but it stays attached: the host attached it */
	AXVM_IVC_START,		/* a stopped one's guest starts anew */
	AXVM_IVC_REVOKE,	/* the host takes the channel back; the peer is who published it */
};

/**
 * axvm_ivc_table_init() - a live channel without peers
 * @table: zeroed memory of AXVM_IVC_TABLE_SIZE bytes
 */
void axvm_ivc_table_init(struct axvm_ivc_table *table, u32 publisher, u64 key, u64 size);

/**
 * axvm_ivc_attached() - does this peer hold the channel?
 */
bool axvm_ivc_attached(const struct axvm_ivc_table *table, unsigned int index);

/**
 * axvm_ivc_others() - bits of the peers that hold it, all but one
 * @index: that one; any other number: none is left out
 */
u32 axvm_ivc_others(const struct axvm_ivc_table *table, unsigned int index);

/**
 * axvm_ivc_place() - which entry a new peer gets
 * @reserved: bits of entries that are spoken for
 *
 * The publisher's is the first one. One that was here before gets its own again;
 * else those that had no peer yet come first, so that what is told of one that
 * left is there for long.
 * Return: index; -ENOENT: the channel is not live; -EEXIST: @id is there
 * already, -ENOSPC.
 */
int axvm_ivc_place(const struct axvm_ivc_table *table, u32 id, u32 reserved);

/**
 * axvm_ivc_attach() - a peer is there now, its guest runs or not
 * @index: from axvm_ivc_place(), and reserved since
 * @state: AXVM_IVC_PEER_ATTACHED or _STOPPED
 *
 * Return: bits of the peers to be rung; the channel may have ended meanwhile,
 * which the caller has looked at.
 */
u32 axvm_ivc_attach(struct axvm_ivc_table *table, unsigned int index, u32 id, u32 rights,
		    u32 state);

/**
 * axvm_ivc_step() - one step of a peer
 *
 * What makes no sense in the peer's state changes nothing.
 * Return: bits of the peers to be rung.
 */
u32 axvm_ivc_step(struct axvm_ivc_table *table, unsigned int index, enum axvm_ivc_step step);

#endif
