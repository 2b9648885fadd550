// SPDX-License-Identifier: GPL-2.0
/* Netlink operations about the devices of a cell that exists. */
#include <linux/err.h>
#include <net/genetlink.h>

#include "attach.h"
#include "cell.h"
#include "config.h"
#include "host.h"
#include "netlink.h"
#include "nl_policy.h"
#include "parse.h"
#include "trace.h"

static int attach(struct axvm_cell *cell, const struct axvm_config_device *dev,
		  struct axvm_error *err)
{
	if (axvm_host_locked())
		return axvm_fail(err, -EPERM,
				 "kernel lockdown is on, devices cannot be handed to cells: boot without secure boot, or without lockdown=");
	return axvm_device_attach(cell, dev, err);
}

static int detach(struct axvm_cell *cell, const struct axvm_config_device *dev,
		  struct axvm_error *err)
{
	return axvm_device_detach(cell, dev->type, dev->base, err);
}

static int request(struct sk_buff *skb, struct genl_info *info, bool check,
		   int (*fn)(struct axvm_cell *cell, const struct axvm_config_device *dev,
			     struct axvm_error *err))
{
	struct axvm_config *cfg = NULL;
	struct axvm_error err = {};
	struct axvm_cell *cell;
	int ret;

	ret = axvm_nl_allowed(skb, &err);
	if (!ret) {
		cfg = axvm_parse_device(info, check, &err);
		ret = PTR_ERR_OR_ZERO(cfg);
	}
	if (ret)
		return axvm_nl_answer(info->extack, &err, ret);
	cell = axvm_nl_find_cell(info->attrs, &err);
	ret = PTR_ERR_OR_ZERO(cell);
	if (!ret) {
		ret = fn(cell, &cfg->device[0], &err);
		trace_axvm_request(cell->id, cell->cfg->name, info->genlhdr->cmd, ret);
		axvm_cell_put(cell);
	}
	axvm_config_free(cfg);
	return axvm_nl_answer(info->extack, &err, ret);
}

int axvm_nl_dev_attach_doit(struct sk_buff *skb, struct genl_info *info)
{
	return request(skb, info, true, attach);
}

int axvm_nl_dev_detach_doit(struct sk_buff *skb, struct genl_info *info)
{
	return request(skb, info, false, detach);
}
