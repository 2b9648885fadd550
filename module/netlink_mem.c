// SPDX-License-Identifier: GPL-2.0
/* Operations of the netlink family on the memory of cells that exist. */
#include <linux/err.h>
#include <net/genetlink.h>

#include "cell.h"
#include "compat.h"
#include "netlink.h"
#include "nl_policy.h"
#include "ram.h"
#include "reply.h"
#include "trace.h"

/* What the one memory entry of a request says. */
static int parse(struct genl_info *info, struct nlattr **tb, struct axvm_error *err)
{
	struct nlattr *entry = NULL, *attr;
	int ret, left;

	nlmsg_for_each_attr(attr, info->nlhdr, GENL_HDRLEN, left) {
		if (nla_type(attr) != AXVM_A_CELL_MEMORY)
			continue;
		if (entry)
			return axvm_fail(err, -EINVAL, "more than one range of memory: one at a time");
		entry = attr;
	}
	if (!entry)
		return axvm_fail(err, -EINVAL, "which memory? Attribute \"memory\" is missing");
	ret = nla_parse_nested(tb, AXVM_A_MEMORY_MAX, entry, axvm_memory_nl_policy, info->extack);
	if (ret)
		return ret;
	if (!tb[AXVM_A_MEMORY_GPA] || !tb[AXVM_A_MEMORY_SIZE])
		return axvm_fail(err, -EINVAL, "memory: attributes \"gpa\" and \"size\" are needed");
	if (tb[AXVM_A_MEMORY_PIECE])
		return axvm_fail(err, -EINVAL, "memory: attribute \"piece\" is only for replies");
	return 0;
}

static u64 number(struct nlattr **tb, int attr)
{
	return tb[attr] ? nla_get_u64(tb[attr]) : 0;
}

static int map(struct axvm_cell *cell, struct nlattr **tb, struct axvm_error *err)
{
	struct axvm_config_memory cfg = {
		.type = AXVM_MEMORY_TYPE_ALLOC, .flags = AXVM_ALL_MEMORY_FLAGS,
		.gpa = number(tb, AXVM_A_MEMORY_GPA), .size = number(tb, AXVM_A_MEMORY_SIZE),
		.hpa = number(tb, AXVM_A_MEMORY_HPA),
	};

	if (tb[AXVM_A_MEMORY_TYPE])
		cfg.type = nla_get_u32(tb[AXVM_A_MEMORY_TYPE]);
	if (tb[AXVM_A_MEMORY_FLAGS])
		cfg.flags = nla_get_u32(tb[AXVM_A_MEMORY_FLAGS]);
	if (tb[AXVM_A_MEMORY_TO])
		return axvm_fail(err, -EINVAL, "map: attribute \"to\" is for memory-remap");
	if (!tb[AXVM_A_MEMORY_HPA] != (cfg.type != AXVM_MEMORY_TYPE_RESERVED))
		return axvm_fail(err, -EINVAL, "map: reserved memory, and no other, needs an hpa");
	return axvm_ram_map(cell, &cfg, err);
}

static int unmap(struct axvm_cell *cell, struct nlattr **tb, struct axvm_error *err)
{
	if (tb[AXVM_A_MEMORY_TYPE] || tb[AXVM_A_MEMORY_FLAGS] || tb[AXVM_A_MEMORY_HPA] ||
	    tb[AXVM_A_MEMORY_TO])
		return axvm_fail(err, -EINVAL, "unmap: only gpa and size say what");
	return axvm_ram_unmap(cell, number(tb, AXVM_A_MEMORY_GPA), number(tb, AXVM_A_MEMORY_SIZE),
			      err);
}

static int remap(struct axvm_cell *cell, struct nlattr **tb, struct axvm_error *err)
{
	struct axvm_remap how = {
		.gpa = number(tb, AXVM_A_MEMORY_GPA), .size = number(tb, AXVM_A_MEMORY_SIZE),
	};

	if (tb[AXVM_A_MEMORY_TYPE] || tb[AXVM_A_MEMORY_HPA])
		return axvm_fail(err, -EINVAL, "remap: type and host memory stay what they are");
	how.to = tb[AXVM_A_MEMORY_TO] ? nla_get_u64(tb[AXVM_A_MEMORY_TO]) : how.gpa;
	if (tb[AXVM_A_MEMORY_FLAGS]) {
		how.flags = nla_get_u32(tb[AXVM_A_MEMORY_FLAGS]);
		if (!how.flags)
			return axvm_fail(err, -EINVAL, "remap: no flag at all; unmap it instead");
	}
	return axvm_ram_remap(cell, &how, err);
}

static int request(struct sk_buff *skb, struct genl_info *info,
		   int (*fn)(struct axvm_cell *cell, struct nlattr **tb, struct axvm_error *err))
{
	struct nlattr *tb[AXVM_A_MEMORY_MAX + 1];
	struct axvm_error err = {};
	struct axvm_cell *cell;
	int ret;

	ret = axvm_nl_allowed(skb, &err);
	ret = ret ?: parse(info, tb, &err);
	if (ret)
		return axvm_nl_answer(info->extack, &err, ret);
	cell = axvm_nl_find_cell(info->attrs, &err);
	if (IS_ERR(cell))
		return axvm_nl_answer(info->extack, &err, PTR_ERR(cell));
	ret = fn(cell, tb, &err);
	trace_axvm_request(cell->id, cell->cfg->name, info->genlhdr->cmd, ret);
	axvm_cell_put(cell);
	return axvm_nl_answer(info->extack, &err, ret);
}

int axvm_nl_memory_map_doit(struct sk_buff *skb, struct genl_info *info)
{
	return request(skb, info, map);
}

int axvm_nl_memory_unmap_doit(struct sk_buff *skb, struct genl_info *info)
{
	return request(skb, info, unmap);
}

int axvm_nl_memory_remap_doit(struct sk_buff *skb, struct genl_info *info)
{
	return request(skb, info, remap);
}

enum { MEMORY_CELL, MEMORY_FROM, MEMORY_DONE };	/* uses of cb->args */

int axvm_nl_memory_get_start(struct netlink_callback *cb)
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
	cb->args[MEMORY_CELL] = cell->id;
	axvm_cell_put(cell);
	return 0;
}

/* As many runs as fit, from where the last message ended. */
static int put_runs(struct sk_buff *skb, struct netlink_callback *cb, struct axvm_cell *cell)
{
	struct axvm_memory_run run = { .gpa = cb->args[MEMORY_FROM] };
	int ret = axvm_reply_head(skb, cell);
	bool any = false;

	while (!ret && axvm_memory_next(cell, &run, true)) {
		if (axvm_reply_memory(skb, &run))
			return any ? 0 : -EMSGSIZE;
		any = true;
		cb->args[MEMORY_FROM] = run.gpa + run.size;
	}
	cb->args[MEMORY_DONE] = !ret;
	return ret;
}

static int dump_runs(struct sk_buff *skb, struct netlink_callback *cb, struct axvm_cell *cell)
{
	void *head = axvm_nl_dump_head(skb, cb, AXVM_CMD_MEMORY_GET);
	int ret;

	if (!head)
		return -EMSGSIZE;
	mutex_lock(&cell->lock);
	ret = cell->gone ? -ENOENT : put_runs(skb, cb, cell);
	mutex_unlock(&cell->lock);
	if (ret)
		genlmsg_cancel(skb, head);
	else
		genlmsg_end(skb, head);
	return ret;
}

int axvm_nl_memory_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct axvm_cell *cell;
	int ret;

	if (cb->args[MEMORY_DONE])
		return 0;
	cell = axvm_cell_get(cb->args[MEMORY_CELL], NULL);
	/* While it is being created its lock is held for long, and nothing is certain. */
	if (!cell || READ_ONCE(cell->state) == AXVM_STATE_LOADING)
		ret = 0;
	else
		ret = dump_runs(skb, cb, cell);
	if (cell)
		axvm_cell_put(cell);
	return ret == -EMSGSIZE && !skb->len ? ret : skb->len;
}
