// SPDX-License-Identifier: GPL-2.0
/* Netlink operations about the PCI functions of a cell that exists. */
#include <linux/err.h>
#include <net/genetlink.h>

#include "cell.h"
#include "host.h"
#include "netlink.h"
#include "nl_policy.h"
#include "pci.h"
#include "trace.h"

static int lock(struct axvm_cell *cell, struct axvm_error *err)
{
	/* Being created takes long; do not wait to be told that it is. */
	if (READ_ONCE(cell->state) == AXVM_STATE_LOADING)
		return axvm_fail(err, -EBUSY, "cell \"%s\" is being created: wait for that",
				 cell->cfg->name);
	if (mutex_lock_killable(&cell->lock))
		return axvm_fail(err, -EINTR, "interrupted while waiting for cell \"%s\"",
				 cell->cfg->name);
	if (!cell->gone && !cell->lost)
		return 0;
	mutex_unlock(&cell->lock);
	return axvm_fail(err, cell->gone ? -ENOENT : -EIO,
			 cell->gone ? "cell \"%s\" was destroyed meanwhile" :
			 "a CPU of cell \"%s\" cannot be stopped: nothing of it can be changed",
			 cell->cfg->name);
}

static int change(struct axvm_cell *cell, struct genl_info *info, bool attach,
		  struct axvm_error *err)
{
	struct nlattr *tb[AXVM_A_DEVICE_MAX + 1];
	struct nlattr *nest = info->attrs[AXVM_A_CELL_DEVICE];
	u64 slot;
	u32 id;
	int ret;

	if (!nest)
		return axvm_fail(err, -EINVAL, "which function? Attribute \"device\" is missing");
	ret = nla_parse_nested(tb, AXVM_A_DEVICE_MAX, nest, axvm_device_nl_policy, info->extack);
	if (ret)
		return ret;
	if (!tb[AXVM_A_DEVICE_FUNCTION])
		return axvm_fail(err, -EINVAL, "which function? Attribute \"function\" is missing");
	id = nla_get_u32(tb[AXVM_A_DEVICE_FUNCTION]);
	slot = tb[AXVM_A_DEVICE_BASE] ? nla_get_u64(tb[AXVM_A_DEVICE_BASE]) : 0;
	if (slot >= CORE_PCI_SLOTS)
		return axvm_fail(err, -EINVAL, "PCI slot %llu does not exist: use 1 to %u", slot,
				 CORE_PCI_SLOTS - 1);
	ret = lock(cell, err);
	if (ret)
		return ret;
	if (attach)
		ret = axvm_pci_attach(cell, id, slot, nla_get_flag(tb[AXVM_A_DEVICE_UNSAFE]), err);
	else
		ret = axvm_pci_detach(cell, id, err);
	mutex_unlock(&cell->lock);
	return ret;
}

static int request(struct sk_buff *skb, struct genl_info *info, bool attach)
{
	struct axvm_error err = {};
	struct axvm_cell *cell;
	int ret;

	ret = axvm_nl_allowed(skb, &err);
	if (!ret && attach)
		ret = axvm_host_may_create(&err);
	if (ret)
		return axvm_nl_answer(info->extack, &err, ret);
	cell = axvm_nl_find_cell(info->attrs, &err);
	if (IS_ERR(cell))
		return axvm_nl_answer(info->extack, &err, PTR_ERR(cell));
	ret = change(cell, info, attach, &err);
	trace_axvm_request(cell->id, cell->cfg->name, info->genlhdr->cmd, ret);
	axvm_cell_put(cell);
	return axvm_nl_answer(info->extack, &err, ret);
}

int axvm_nl_pci_attach_doit(struct sk_buff *skb, struct genl_info *info)
{
	return request(skb, info, true);
}

int axvm_nl_pci_detach_doit(struct sk_buff *skb, struct genl_info *info)
{
	return request(skb, info, false);
}
