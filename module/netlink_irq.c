// SPDX-License-Identifier: GPL-2.0
/* Netlink operations about interrupts. */
#include <linux/err.h>
#include <net/genetlink.h>

#include "cell.h"
#include "irq.h"
#include "netlink.h"
#include "nl_policy.h"
#include "parse.h"
#include "trace.h"
#include "wire.h"

static int inject(struct axvm_cell *cell, struct genl_info *info, struct axvm_error *err)
{
	struct nlattr *tb[AXVM_A_INJECT_MAX + 1];
	struct nlattr *nest = info->attrs[AXVM_A_CELL_INJECT];
	int ret;

	if (!nest)
		return axvm_fail(err, -EINVAL, "inject what? Attribute \"inject\" is missing");
	ret = nla_parse_nested(tb, AXVM_A_INJECT_MAX, nest, axvm_inject_nl_policy, info->extack);
	if (ret)
		return ret;
	if (!tb[AXVM_A_INJECT_VCPU] || !tb[AXVM_A_INJECT_IRQ])
		return axvm_fail(err, -EINVAL,
				 "inject needs both a vCPU and an interrupt: attributes \"vcpu\" and \"irq\"");
	return axvm_irq_inject(cell, nla_get_u32(tb[AXVM_A_INJECT_VCPU]),
			       nla_get_u32(tb[AXVM_A_INJECT_IRQ]), err);
}

static int attach(struct axvm_cell *cell, const struct axvm_config_wire *cfg,
		  struct axvm_error *err)
{
	struct axvm_wire *wire;

	return axvm_wire_attach(cell, cfg->host, cfg->line, cfg->trigger == AXVM_TRIGGER_LEVEL,
				&wire, err);
}

static int detach(struct axvm_cell *cell, const struct axvm_config_wire *cfg,
		  struct axvm_error *err)
{
	struct axvm_wire *wire = axvm_wire_find(cell, cfg->host);

	if (!wire)
		return axvm_fail(err, -ENOENT, "cell \"%s\" does not have interrupt %u of the host",
				 cell->cfg->name, cfg->host);
	return axvm_wire_detach(wire, err);
}

/* Each wire that the message names, up to the first that fails. */
static int for_wires(struct axvm_cell *cell, struct genl_info *info,
		     int (*fn)(struct axvm_cell *cell, const struct axvm_config_wire *cfg,
			       struct axvm_error *err), struct axvm_error *err)
{
	struct axvm_config_wire cfg;
	const struct nlattr *attr;
	int ret = -EINVAL, left;

	nlmsg_for_each_attr(attr, info->nlhdr, GENL_HDRLEN, left) {
		if (nla_type(attr) != AXVM_A_CELL_WIRE)
			continue;
		ret = axvm_parse_wire(attr, &cfg, info->extack, err);
		ret = ret ?: fn(cell, &cfg, err);
		if (ret)
			return ret;
	}
	return ret ? axvm_fail(err, ret, "which interrupt? Attribute \"wire\" is missing") : 0;
}

static int attach_wires(struct axvm_cell *cell, struct genl_info *info, struct axvm_error *err)
{
	int ret = axvm_cell_lock_live(cell, err);

	if (ret)
		return ret;
	ret = for_wires(cell, info, attach, err);
	mutex_unlock(&cell->lock);
	return ret;
}

static int detach_wires(struct axvm_cell *cell, struct genl_info *info, struct axvm_error *err)
{
	int ret = axvm_cell_lock_live(cell, err);

	if (ret)
		return ret;
	ret = for_wires(cell, info, detach, err);
	mutex_unlock(&cell->lock);
	return ret;
}

static int request(struct sk_buff *skb, struct genl_info *info,
		   int (*fn)(struct axvm_cell *cell, struct genl_info *info,
			     struct axvm_error *err))
{
	struct axvm_error err = {};
	struct axvm_cell *cell;
	int ret;

	ret = axvm_nl_allowed(skb, &err);
	if (ret)
		return axvm_nl_answer(info->extack, &err, ret);
	cell = axvm_nl_find_cell(info->attrs, &err);
	if (IS_ERR(cell))
		return axvm_nl_answer(info->extack, &err, PTR_ERR(cell));
	ret = fn(cell, info, &err);
	trace_axvm_request(cell->id, cell->cfg->name, info->genlhdr->cmd, ret);
	axvm_cell_put(cell);
	return axvm_nl_answer(info->extack, &err, ret);
}

int axvm_nl_cell_inject_doit(struct sk_buff *skb, struct genl_info *info)
{
	return request(skb, info, inject);
}

int axvm_nl_cell_wire_attach_doit(struct sk_buff *skb, struct genl_info *info)
{
	return request(skb, info, attach_wires);
}

int axvm_nl_cell_wire_detach_doit(struct sk_buff *skb, struct genl_info *info)
{
	return request(skb, info, detach_wires);
}
