/* SPDX-License-Identifier: GPL-2.0 */
/* The control plane: generic netlink family "axvm". */
#ifndef AXVM_NETLINK_H
#define AXVM_NETLINK_H

#include <net/genetlink.h>

#include "axvm.h"

int axvm_netlink_init(void);
void axvm_netlink_exit(void);

/* What the operations share, wherever they are. */

/**
 * axvm_nl_allowed() - may the sender use the family?
 *
 * CAP_NET_ADMIN and the initial network namespace are checked by genetlink.
 * Return: 0, or -EPERM with a message.
 */
int axvm_nl_allowed(struct sk_buff *skb, struct axvm_error *err);

/**
 * axvm_nl_find_cell() - the cell that a request names by ID or name
 * @attrs: of the set "cell"
 *
 * Return: the cell, to be given to axvm_cell_put(), or ERR_PTR with a message.
 */
struct axvm_cell *axvm_nl_find_cell(struct nlattr **attrs, struct axvm_error *err);

/**
 * axvm_nl_answer() - end an operation
 * @extack: may be NULL
 *
 * Return: @ret, with the message for the user attached.
 */
int axvm_nl_answer(struct netlink_ext_ack *extack, const struct axvm_error *err, int ret);

/**
 * axvm_nl_reply_head() - begin the reply to a request
 *
 * Return: for genlmsg_end(), or NULL: no room.
 */
void *axvm_nl_reply_head(struct sk_buff *msg, struct genl_info *info, u8 cmd);

/**
 * axvm_nl_dump_head() - begin one message of a dump
 *
 * Return: for genlmsg_end() or genlmsg_cancel(), or NULL: no room.
 */
void *axvm_nl_dump_head(struct sk_buff *skb, struct netlink_callback *cb, u8 cmd);

/**
 * axvm_nl_event() - tell whoever listens to the group "events"
 * @progress: what create is doing, for AXVM_EVENT_PROGRESS, or NULL
 *
 * May sleep. An event that cannot be sent is lost; listeners may ask for the state.
 */
void axvm_nl_event(struct axvm_cell *cell, enum axvm_event event, const char *progress);

#endif
