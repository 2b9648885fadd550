// SPDX-License-Identifier: GPL-2.0
/* Operations of the netlink family that read what is counted and recorded. */
#include <linux/err.h>
#include <net/genetlink.h>

#include "cell.h"
#include "compat.h"
#include "netlink.h"
#include "nl_policy.h"
#include "reply.h"
#include "stats.h"
#include "trace.h"

int axvm_nl_record_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr *what = info->attrs[AXVM_A_CELL_RECORDER];
	struct axvm_error err = {};
	struct axvm_cell *cell;
	int ret;

	ret = axvm_nl_allowed(skb, &err);
	if (!ret && !what)
		ret = axvm_fail(&err, -EINVAL, "record what? Attribute \"recorder\" is missing");
	if (ret)
		return axvm_nl_answer(info->extack, &err, ret);
	cell = axvm_nl_find_cell(info->attrs, &err);
	if (IS_ERR(cell))
		return axvm_nl_answer(info->extack, &err, PTR_ERR(cell));
	ret = axvm_stats_record(cell, nla_get_u32(what) == AXVM_RECORDER_ON, &err);
	trace_axvm_request(cell->id, cell->cfg->name, AXVM_CMD_RECORD_SET, ret);
	axvm_cell_put(cell);
	return axvm_nl_answer(info->extack, &err, ret);
}

enum { STATS_AFTER, STATS_VCPU, STATS_ONLY };	/* uses of cb->args */

int axvm_nl_stats_get_start(struct netlink_callback *cb)
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
	if (cell) {
		cb->args[STATS_ONLY] = cell->id;
		cb->args[STATS_AFTER] = cell->id - 1;
		axvm_cell_put(cell);
	}
	return 0;
}

/* One vCPU. Return: 0, -ENOENT when there is none (left), -EMSGSIZE. */
static int dump_stats(struct sk_buff *skb, struct netlink_callback *cb, struct axvm_cell *cell)
{
	unsigned int index = cb->args[STATS_VCPU];
	void *head;
	int ret;

	if (index >= READ_ONCE(cell->nr_cpus) || READ_ONCE(cell->state) == AXVM_STATE_LOADING)
		return -ENOENT;
	head = axvm_nl_dump_head(skb, cb, AXVM_CMD_STATS_GET);
	if (!head)
		return -EMSGSIZE;
	mutex_lock(&cell->lock);
	ret = cell->gone || index >= cell->nr_cpus ? -ENOENT : axvm_reply_head(skb, cell);
	ret = ret ?: nla_put_u32(skb, AXVM_A_CELL_RECORDER, cell->core->vcpu[index].trace ?
				 AXVM_RECORDER_ON : AXVM_RECORDER_OFF);
	ret = ret ?: axvm_stats_put(skb, cell, index);
	mutex_unlock(&cell->lock);
	if (ret)
		genlmsg_cancel(skb, head);
	else
		genlmsg_end(skb, head);
	return ret;
}

int axvm_nl_stats_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct axvm_cell *cell;
	int ret;

	while ((cell = axvm_cell_next(cb->args[STATS_AFTER]))) {
		u32 id = cell->id;

		ret = cb->args[STATS_ONLY] && id != cb->args[STATS_ONLY] ? -ENODEV :
		      dump_stats(skb, cb, cell);
		axvm_cell_put(cell);
		if (ret == -ENODEV)
			break;
		if (ret == -EMSGSIZE)
			return skb->len ?: ret;
		cb->args[STATS_VCPU] = ret ? 0 : cb->args[STATS_VCPU] + 1;
		if (ret)
			cb->args[STATS_AFTER] = id;
	}
	return skb->len;
}

enum { RECORD_CELL, RECORD_VCPU, RECORD_POS, RECORD_END, RECORD_BEGUN };	/* likewise */

int axvm_nl_record_get_start(struct netlink_callback *cb)
{
	struct axvm_error err = {};
	struct axvm_cell *cell;
	int ret;

	ret = axvm_nl_allowed(cb->skb, &err);
	if (ret)
		return axvm_nl_answer(cb->extack, &err, ret);
	cell = axvm_nl_find_cell(axvm_dump_attrs(cb), &err);
	if (IS_ERR(cell))
		return axvm_nl_answer(cb->extack, &err, PTR_ERR(cell));
	cb->args[RECORD_CELL] = cell->id;
	axvm_cell_put(cell);
	return 0;
}

/* What fits of one vCPU's. Caller holds cell->lock. Return: 0, or -EMSGSIZE. */
static int dump_records(struct sk_buff *skb, struct netlink_callback *cb, struct axvm_cell *cell)
{
	u32 pos = cb->args[RECORD_POS], end = cb->args[RECORD_END];
	unsigned int index = cb->args[RECORD_VCPU];
	void *head;
	int ret;

	if (!cb->args[RECORD_BEGUN])
		axvm_stats_records_begin(cell, index, &pos, &end);
	head = axvm_nl_dump_head(skb, cb, AXVM_CMD_RECORD_GET);
	if (!head)
		return -EMSGSIZE;
	ret = nla_put_u32(skb, AXVM_A_CELL_ID, cell->id);
	ret = ret ?: nla_put_string(skb, AXVM_A_CELL_NAME, cell->cfg->name);
	ret = ret ?: axvm_stats_put_records(skb, cell, index, &pos, end);
	if (ret) {
		genlmsg_cancel(skb, head);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, head);
	cb->args[RECORD_POS] = pos;
	cb->args[RECORD_END] = end;
	cb->args[RECORD_BEGUN] = pos != end;
	cb->args[RECORD_VCPU] += pos == end;
	return 0;
}

int axvm_nl_record_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct axvm_cell *cell = axvm_cell_get(cb->args[RECORD_CELL], NULL);
	int ret = 0;

	if (!cell)
		return 0;
	mutex_lock(&cell->lock);
	while (!ret && !cell->gone && cell->state != AXVM_STATE_LOADING &&
	       cb->args[RECORD_VCPU] < cell->nr_cpus)
		ret = dump_records(skb, cb, cell);
	mutex_unlock(&cell->lock);
	axvm_cell_put(cell);
	return skb->len ?: ret;
}
