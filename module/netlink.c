// SPDX-License-Identifier: GPL-2.0
/*
 * The control plane: generic netlink family "axvm". The policies and the table
 * of operations are generated (nl_policy.c); here are the operations, which
 * check privileges, find the cell, and turn errors into messages.
 */
#include <linux/capability.h>
#include <linux/err.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <net/genetlink.h>

#include "cell.h"
#include "compat.h"
#include "config.h"
#include "create.h"
#include "host.h"
#include "log.h"
#include "netlink.h"
#include "nl_policy.h"
#include "parse.h"
#include "reply.h"
#include "trace.h"

static struct genl_family family;

/*
 * extack wants a message that stays after the operation has returned, and 6.1
 * has no room for a formatted one in extack itself.
 */
static const char *keep_text(const char *text)
{
	static char slots[256][sizeof_field(struct axvm_error, text)];
	static atomic_t last;
	char *slot = slots[(unsigned int)atomic_inc_return(&last) % ARRAY_SIZE(slots)];

	strscpy(slot, text, sizeof(slots[0]));
	return slot;
}

int axvm_nl_answer(struct netlink_ext_ack *extack, const struct axvm_error *err, int ret)
{
	if (ret && extack && err->text[0])
		extack->_msg = keep_text(err->text);
	return ret;
}

int axvm_nl_allowed(struct sk_buff *skb, struct axvm_error *err)
{
	if (netlink_capable(skb, CAP_SYS_RAWIO))
		return 0;
	return axvm_fail(err, -EPERM, "not permitted: needs CAP_SYS_RAWIO besides CAP_NET_ADMIN");
}

/* Ending a cell is always possible, letting one run is not. */
static int allowed_to_run(struct sk_buff *skb, struct axvm_error *err)
{
	int ret = axvm_nl_allowed(skb, err);

	if (!ret && axvm_host_locked())
		ret = axvm_fail(err, -EPERM,
				"kernel lockdown is on, cells cannot run: boot without secure boot, or without lockdown=");
	return ret;
}

struct axvm_cell *axvm_nl_find_cell(struct nlattr **attrs, struct axvm_error *err)
{
	const char *name = attrs[AXVM_A_CELL_NAME] ? nla_data(attrs[AXVM_A_CELL_NAME]) : "";
	u32 id = attrs[AXVM_A_CELL_ID] ? nla_get_u32(attrs[AXVM_A_CELL_ID]) : 0;
	struct axvm_cell *cell;

	if (!id && !*name) {
		axvm_fail(err, -EINVAL, "which cell? Give its name or its ID, which is not 0");
		return ERR_PTR(-EINVAL);
	}
	cell = axvm_cell_get(id, name);
	if (cell)
		return cell;
	if (id)
		axvm_fail(err, -ENOENT, "there is no cell with ID %u", id);
	else
		axvm_fail(err, -ENOENT, "there is no cell \"%s\"", name);
	return ERR_PTR(-ENOENT);
}

static int request(struct sk_buff *skb, struct genl_info *info, bool runs,
		   int (*fn)(struct axvm_cell *cell, struct axvm_error *err))
{
	struct axvm_error err = {};
	struct axvm_cell *cell;
	int ret;

	ret = runs ? allowed_to_run(skb, &err) : axvm_nl_allowed(skb, &err);
	if (ret)
		return axvm_nl_answer(info->extack, &err, ret);
	cell = axvm_nl_find_cell(info->attrs, &err);
	if (IS_ERR(cell))
		return axvm_nl_answer(info->extack, &err, PTR_ERR(cell));
	ret = fn(cell, &err);
	trace_axvm_request(cell->id, cell->cfg->name, info->genlhdr->cmd, ret);
	axvm_cell_put(cell);
	return axvm_nl_answer(info->extack, &err, ret);
}

int axvm_nl_cell_start_doit(struct sk_buff *skb, struct genl_info *info)
{
	return request(skb, info, true, axvm_cell_start);
}

int axvm_nl_cell_stop_doit(struct sk_buff *skb, struct genl_info *info)
{
	return request(skb, info, false, axvm_cell_stop);
}

int axvm_nl_cell_suspend_doit(struct sk_buff *skb, struct genl_info *info)
{
	return request(skb, info, false, axvm_cell_suspend);
}

int axvm_nl_cell_resume_doit(struct sk_buff *skb, struct genl_info *info)
{
	return request(skb, info, true, axvm_cell_resume);
}

int axvm_nl_cell_reset_doit(struct sk_buff *skb, struct genl_info *info)
{
	return request(skb, info, true, axvm_cell_reset);
}

int axvm_nl_cell_destroy_doit(struct sk_buff *skb, struct genl_info *info)
{
	return request(skb, info, false, axvm_cell_destroy);
}

/* Replies. */

static struct sk_buff *new_reply(struct genl_info *info, u8 cmd, void **head)
{
	struct sk_buff *msg = genlmsg_new(AXVM_REPLY_SIZE, GFP_KERNEL);

	if (!msg)
		return NULL;
	*head = genlmsg_put_reply(msg, info, &family, 0, cmd);
	if (*head)
		return msg;
	nlmsg_free(msg);
	return NULL;
}

static int send_reply(struct genl_info *info, struct sk_buff *msg, void *head, int ret)
{
	if (ret) {
		nlmsg_free(msg);
		return ret;
	}
	genlmsg_end(msg, head);
	return genlmsg_reply(msg, info);
}

/* Is everything there that cells need? */
static int check_machine(struct axvm_error *err)
{
	struct axvm_requirements *req = kzalloc(sizeof(*req), GFP_KERNEL);
	unsigned int i;
	int ret = 0;

	if (!req)
		return -ENOMEM;
	axvm_host_check(req);
	for (i = 0; i < req->nr && !ret; i++) {
		if (!req->list[i].ok)
			ret = axvm_fail(err, -EOPNOTSUPP, "this machine cannot run cells: %s: %s",
					req->list[i].name, req->list[i].detail);
	}
	kfree(req);
	return ret;
}

static struct axvm_cell *create(struct sk_buff *skb, struct genl_info *info, struct axvm_error *err)
{
	struct axvm_config *cfg;
	int ret;

	ret = allowed_to_run(skb, err);
	if (!ret)
		ret = check_machine(err);
	if (ret)
		return ERR_PTR(ret);
	cfg = axvm_parse_create(info, err);
	if (IS_ERR(cfg))
		return ERR_CAST(cfg);
	return axvm_cell_create(cfg, err);
}

int axvm_nl_cell_create_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct axvm_error err = {};
	struct axvm_cell *cell;
	struct sk_buff *msg;
	void *head;
	int ret;

	/* Before the work, which must not be lost for want of a reply. */
	msg = new_reply(info, AXVM_CMD_CELL_CREATE, &head);
	if (!msg)
		return -ENOMEM;
	cell = create(skb, info, &err);
	if (IS_ERR(cell)) {
		nlmsg_free(msg);
		return axvm_nl_answer(info->extack, &err, PTR_ERR(cell));
	}
	trace_axvm_request(cell->id, cell->cfg->name, AXVM_CMD_CELL_CREATE, 0);
	mutex_lock(&cell->lock);
	ret = axvm_reply_head(msg, cell);
	ret = ret ?: axvm_reply_tty(msg, cell);
	mutex_unlock(&cell->lock);
	axvm_cell_put(cell);
	return send_reply(info, msg, head, ret);
}

int axvm_nl_info_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct axvm_requirements *req;
	struct axvm_error err = {};
	struct sk_buff *msg;
	void *head;
	int ret;

	ret = axvm_nl_allowed(skb, &err);
	if (ret)
		return axvm_nl_answer(info->extack, &err, ret);
	req = kzalloc(sizeof(*req), GFP_KERNEL);
	if (!req)
		return -ENOMEM;
	msg = new_reply(info, AXVM_CMD_INFO_GET, &head);
	ret = -ENOMEM;
	if (msg) {
		axvm_host_check(req);
		ret = send_reply(info, msg, head, axvm_reply_info(msg, req));
	}
	kfree(req);
	return ret;
}

/* While a cell is being created its lock is held, and little is known of it. */
static int describe(struct sk_buff *msg, struct axvm_cell *cell, bool counts)
{
	int ret;

	if (READ_ONCE(cell->state) == AXVM_STATE_LOADING)
		return axvm_reply_head(msg, cell);
	if (mutex_lock_killable(&cell->lock))
		return -EINTR;
	ret = cell->gone ? -ENOENT : axvm_reply_cell(msg, cell, counts);
	mutex_unlock(&cell->lock);
	return ret;
}

int axvm_nl_cell_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct axvm_error err = {};
	struct axvm_cell *cell;
	struct sk_buff *msg;
	void *head;
	int ret;

	ret = axvm_nl_allowed(skb, &err);
	if (ret)
		return axvm_nl_answer(info->extack, &err, ret);
	cell = axvm_nl_find_cell(info->attrs, &err);
	if (IS_ERR(cell))
		return axvm_nl_answer(info->extack, &err, PTR_ERR(cell));
	msg = new_reply(info, AXVM_CMD_CELL_GET, &head);
	ret = -ENOMEM;
	if (msg)
		ret = send_reply(info, msg, head, describe(msg, cell, true));
	axvm_cell_put(cell);
	return ret;
}

/* Dumps. start refuses with a message; errors of dumpit come too late for one. */

int axvm_nl_cell_get_start(struct netlink_callback *cb)
{
	struct axvm_error err = {};

	return axvm_nl_answer(cb->extack, &err, axvm_nl_allowed(cb->skb, &err));
}

static int dump_cell(struct sk_buff *skb, struct netlink_callback *cb, struct axvm_cell *cell)
{
	void *head;
	int ret;

	head = axvm_nl_dump_head(skb, cb, AXVM_CMD_CELL_GET);
	if (!head)
		return -EMSGSIZE;
	ret = describe(skb, cell, false);
	if (ret)
		genlmsg_cancel(skb, head);
	else
		genlmsg_end(skb, head);
	return ret;
}

int axvm_nl_cell_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct axvm_cell *cell;
	int ret;

	while ((cell = axvm_cell_next(cb->args[0]))) {
		ret = dump_cell(skb, cb, cell);
		if (!ret || ret == -ENOENT)	/* -ENOENT: it went away just now */
			cb->args[0] = cell->id;
		axvm_cell_put(cell);
		if (ret && ret != -ENOENT)
			return skb->len ?: ret;
	}
	return skb->len;
}

enum { LOG_CELL, LOG_SEQ, LOG_LAST };	/* uses of cb->args */

int axvm_nl_log_get_start(struct netlink_callback *cb)
{
	struct nlattr **attrs = axvm_dump_attrs(cb);
	struct axvm_cell *cell = NULL;
	struct axvm_error err = {};
	int ret;

	ret = axvm_nl_allowed(cb->skb, &err);
	if (!ret && (attrs[AXVM_A_CELL_ID] || attrs[AXVM_A_CELL_NAME])) {
		cell = axvm_nl_find_cell(attrs, &err);
		ret = PTR_ERR_OR_ZERO(cell);
	}
	if (ret)
		return axvm_nl_answer(cb->extack, &err, ret);
	cb->args[LOG_CELL] = cell ? cell->id : 0;
	/* What is logged from now on is not shown, or there might be no end. */
	cb->args[LOG_LAST] = axvm_log_last(cell);
	if (cell)
		axvm_cell_put(cell);
	return 0;
}

static int dump_log(struct sk_buff *skb, struct netlink_callback *cb, struct axvm_cell *cell)
{
	struct axvm_log_line line;
	u64 first = cb->args[LOG_SEQ];
	void *head;

	head = axvm_nl_dump_head(skb, cb, AXVM_CMD_LOG_GET);
	if (!head)
		return -EMSGSIZE;
	if (cell && (nla_put_u32(skb, AXVM_A_CELL_ID, cell->id) ||
		     nla_put_string(skb, AXVM_A_CELL_NAME, cell->cfg->name)))
		goto cancel;
	while (axvm_log_read(cell, cb->args[LOG_SEQ], &line) && line.seq <= cb->args[LOG_LAST]) {
		if (axvm_reply_log(skb, &line))
			break;
		cb->args[LOG_SEQ] = line.seq;
	}
	if (cb->args[LOG_SEQ] == first)
		goto cancel;
	genlmsg_end(skb, head);
	return skb->len;

cancel:
	genlmsg_cancel(skb, head);
	return skb->len;
}

int axvm_nl_log_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct axvm_cell *cell;
	int ret;

	if (!cb->args[LOG_CELL])
		return dump_log(skb, cb, NULL);
	cell = axvm_cell_get(cb->args[LOG_CELL], NULL);
	if (!cell)
		return 0;
	ret = dump_log(skb, cb, cell);
	axvm_cell_put(cell);
	return ret;
}

/* Events. */

static int fill_event(struct sk_buff *msg, struct axvm_cell *cell, enum axvm_event event,
		      const char *progress)
{
	int ret = axvm_reply_head(msg, cell);

	ret = ret ?: nla_put_u32(msg, AXVM_A_CELL_EVENT, event);
	if (progress)
		ret = ret ?: nla_put_string(msg, AXVM_A_CELL_PROGRESS, progress);
	if (event == AXVM_EVENT_STATE)
		ret = ret ?: axvm_reply_stop(msg, cell);
	return ret;
}

void *axvm_nl_reply_head(struct sk_buff *msg, struct genl_info *info, u8 cmd)
{
	return genlmsg_put_reply(msg, info, &family, 0, cmd);
}

void *axvm_nl_dump_head(struct sk_buff *skb, struct netlink_callback *cb, u8 cmd)
{
	return genlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq, &family,
			   NLM_F_MULTI, cmd);
}

void axvm_nl_event(struct axvm_cell *cell, enum axvm_event event, const char *progress)
{
	struct sk_buff *msg;
	void *head;

	if (!genl_has_listeners(&family, &init_net, 0))
		return;
	msg = genlmsg_new(GENLMSG_DEFAULT_SIZE, GFP_KERNEL);
	if (!msg)
		return;
	head = genlmsg_put(msg, 0, 0, &family, 0, AXVM_CMD_CELL_EVENT);
	if (!head || fill_event(msg, cell, event, progress)) {
		nlmsg_free(msg);
		return;
	}
	genlmsg_end(msg, head);
	genlmsg_multicast(&family, msg, 0, 0, GFP_KERNEL);
}

static const struct genl_multicast_group groups[] = {
	{ .name = AXVM_MCGRP_EVENTS, .flags = GENL_MCAST_CAP_NET_ADMIN },
};

/* resv_start_op stays 0: all operations are strict about reserved fields and policies. */
static struct genl_family family __ro_after_init = {
	.name = AXVM_FAMILY_NAME,
	.version = AXVM_FAMILY_VERSION,
	.netnsok = false,
	.parallel_ops = true,
	.module = THIS_MODULE,
	.ops = axvm_nl_ops,
	.n_ops = ARRAY_SIZE(axvm_nl_ops),
	.mcgrps = groups,
	.n_mcgrps = ARRAY_SIZE(groups),
};

int __init axvm_netlink_init(void)
{
	return genl_register_family(&family);
}

void axvm_netlink_exit(void)
{
	genl_unregister_family(&family);
}
