// SPDX-License-Identifier: GPL-2.0
/* Netlink operations about interrupts. */
#include <linux/err.h>
#include <net/genetlink.h>

#include "cell.h"
#include "irq.h"
#include "netlink.h"
#include "nl_policy.h"
#include "trace.h"

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

int axvm_nl_cell_inject_doit(struct sk_buff *skb, struct genl_info *info)
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
	ret = inject(cell, info, &err);
	trace_axvm_request(cell->id, cell->cfg->name, AXVM_CMD_CELL_INJECT, ret);
	axvm_cell_put(cell);
	return axvm_nl_answer(info->extack, &err, ret);
}
