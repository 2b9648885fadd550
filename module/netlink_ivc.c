// SPDX-License-Identifier: GPL-2.0
/* Operations of the netlink family that are about channels. */
#include <linux/err.h>
#include <net/genetlink.h>

#include "arch.h"
#include "cell.h"
#include "compat.h"
#include "ivc/ivc.h"
#include "netlink.h"
#include "nl_policy.h"
#include "reply.h"
#include "state.h"

static u32 get_rights(struct nlattr **attrs, int attr)
{
	return attrs[attr] ? nla_get_u32(attrs[attr]) : AXVM_IVC_RW;
}

/* Return: the cell that a request names, locked and in a state that allows changes to it. */
static struct axvm_cell *lock_cell(struct nlattr **attrs, struct axvm_error *err)
{
	const char *name = nla_data(attrs[AXVM_A_IVC_CELL]);
	struct axvm_cell *cell = axvm_cell_get(0, name);
	int ret = 0;

	if (!cell) {
		axvm_fail(err, -ENOENT, "there is no cell \"%s\"", name);
		return ERR_PTR(-ENOENT);
	}
	if (READ_ONCE(cell->state) == AXVM_STATE_LOADING)
		ret = axvm_fail(err, -EBUSY, "cell \"%s\" is loading: wait until create is done",
				cell->cfg->name);
	ret = ret ?: axvm_cell_lock_for(cell, AXVM_REQUEST_DESTROY, err);
	if (!ret)
		return cell;
	axvm_cell_put(cell);
	return ERR_PTR(ret);
}

static void unlock_cell(struct axvm_cell *cell)
{
	mutex_unlock(&cell->lock);
	axvm_cell_put(cell);
}

static struct axvm_channel *find_channel(struct nlattr **attrs, struct axvm_error *err)
{
	struct nlattr *name = attrs[AXVM_A_IVC_NAME];
	struct axvm_channel *channel;

	if (!name) {
		axvm_fail(err, -EINVAL, "which channel? Attribute \"name\" is missing");
		return ERR_PTR(-EINVAL);
	}
	channel = axvm_ivc_named(nla_data(name));
	if (channel)
		return channel;
	axvm_fail(err, -ENOENT, "there is no channel \"%s\"", (char *)nla_data(name));
	return ERR_PTR(-ENOENT);
}

/* Replies. */

static int put_peer(struct sk_buff *msg, const struct axvm_channel *channel, unsigned int index)
{
	const struct axvm_ivc_peer *peer = &channel->table->peer[index];
	const struct axvm_attachment *att = channel->peer[index];
	struct nlattr *nest = nla_nest_start(msg, AXVM_A_IVC_PEER);
	int ret = nest ? 0 : -EMSGSIZE;

	ret = ret ?: nla_put_u32(msg, AXVM_A_IVC_PEER_INDEX, index);
	ret = ret ?: nla_put_u32(msg, AXVM_A_IVC_PEER_ID, peer->id);
	ret = ret ?: nla_put_u32(msg, AXVM_A_IVC_PEER_STATE, peer->state);
	ret = ret ?: nla_put_u32(msg, AXVM_A_IVC_PEER_RIGHTS, peer->rights);
	ret = ret ?: nla_put_u32(msg, AXVM_A_IVC_PEER_EPOCH, peer->epoch);
	if (att) {
		const struct core_link *link = &att->cell->core->link[att->link];

		ret = ret ?: nla_put_string(msg, AXVM_A_IVC_PEER_CELL, att->cell->cfg->name);
		ret = ret ?: nla_put_u64_64bit(msg, AXVM_A_IVC_PEER_GPA, att->gpa, 0);
		if (att->line != CORE_NO_IRQ)
			ret = ret ?: nla_put_u32(msg, AXVM_A_IVC_PEER_LINE, att->line);
		if (att->by_host)
			ret = ret ?: nla_put_flag(msg, AXVM_A_IVC_PEER_BY_HOST);
		ret = ret ?: nla_put_u64_64bit(msg, AXVM_A_IVC_PEER_SENT, READ_ONCE(link->sent), 0);
		ret = ret ?: nla_put_u64_64bit(msg, AXVM_A_IVC_PEER_RECEIVED,
					       READ_ONCE(link->received), 0);
	}
	if (!ret)
		nla_nest_end(msg, nest);
	return ret;
}

/* Under axvm_ivc_lock. */
static int put_channel(struct sk_buff *msg, const struct axvm_channel *channel)
{
	const struct axvm_ivc_table *table = channel->table;
	unsigned int i;
	int ret;

	ret = nla_put_string(msg, AXVM_A_IVC_NAME, channel->name);
	ret = ret ?: nla_put_u32(msg, AXVM_A_IVC_KEY, channel->key);
	ret = ret ?: nla_put_u64_64bit(msg, AXVM_A_IVC_SIZE, channel->size, 0);
	ret = ret ?: nla_put_u32(msg, AXVM_A_IVC_PUBLISHER, channel->publisher);
	ret = ret ?: nla_put_u32(msg, AXVM_A_IVC_STATE, table->state);
	ret = ret ?: nla_put_u32(msg, AXVM_A_IVC_GENERATION, table->generation);
	ret = ret ?: nla_put_u32(msg, AXVM_A_IVC_RIGHTS, channel->rights);
	ret = ret ?: nla_put_u32(msg, AXVM_A_IVC_LINUX_RIGHTS, channel->linux_rights);
	ret = ret ?: nla_put_u64_64bit(msg, AXVM_A_IVC_HPA, channel->hpa, 0);
	ret = ret ?: nla_put_u32(msg, AXVM_A_IVC_OPENS, channel->opens);
	for (i = 0; i < AXVM_IVC_MAX_PEERS && !ret; i++)
		if (table->peer[i].state != AXVM_IVC_PEER_NONE)
			ret = put_peer(msg, channel, i);
	return ret;
}

/* Before the work, which must not be lost for want of a reply. Return: NULL when there is no memory. */
static struct sk_buff *new_reply(struct genl_info *info, u8 cmd, void **head)
{
	struct sk_buff *msg = genlmsg_new(AXVM_REPLY_SIZE, GFP_KERNEL);

	if (!msg)
		return NULL;
	*head = axvm_nl_reply_head(msg, info, cmd);
	if (*head)
		return msg;
	nlmsg_free(msg);
	return NULL;
}

static int reply(struct genl_info *info, struct sk_buff *msg, void *head,
		 struct axvm_channel *channel)
{
	int ret;

	mutex_lock(&axvm_ivc_lock);
	ret = put_channel(msg, channel);
	mutex_unlock(&axvm_ivc_lock);
	if (ret) {
		nlmsg_free(msg);
		return ret;
	}
	genlmsg_end(msg, head);
	return genlmsg_reply(msg, info);
}

/* Requests. */

static int get_wish(struct nlattr **attrs, struct axvm_ivc_wish *wish, struct axvm_error *err)
{
	u32 first, last, usual;

	axvm_arch_ivc_lines(&first, &last, &usual);
	*wish = (struct axvm_ivc_wish) {
		.rights = get_rights(attrs, AXVM_A_IVC_RIGHTS),
		.line = attrs[AXVM_A_IVC_LINE] ? nla_get_u32(attrs[AXVM_A_IVC_LINE]) : CORE_NO_IRQ,
		.gpa_given = attrs[AXVM_A_IVC_GPA],
		.gpa = attrs[AXVM_A_IVC_GPA] ? nla_get_u64(attrs[AXVM_A_IVC_GPA]) : 0,
		.by_host = true,
	};
	if (!(wish->rights & AXVM_IVC_READ))
		return axvm_fail(err, -EINVAL, "rights without read: use read, or read and write");
	if (attrs[AXVM_A_IVC_LINE] && (wish->line < first || wish->line > last))
		return axvm_fail(err, -EINVAL, "interrupt line %u: a cell's are %u to %u", wish->line,
				 first, last);
	return 0;
}

static int create_for_cell(struct axvm_ivc_plan *plan, const struct axvm_ivc_wish *wish,
			   struct nlattr **attrs, struct axvm_channel **channel,
			   struct axvm_error *err)
{
	struct axvm_cell *cell = lock_cell(attrs, err);
	struct axvm_attachment *att;
	int ret;

	if (IS_ERR(cell))
		return PTR_ERR(cell);
	plan->publisher = cell;
	*channel = axvm_ivc_create(plan, err);
	ret = PTR_ERR_OR_ZERO(*channel);
	if (!ret) {
		att = axvm_ivc_attach_cell(*channel, cell, wish, err);
		ret = PTR_ERR_OR_ZERO(att);
		if (ret) {
			axvm_ivc_revoke(*channel);
			axvm_ivc_put(*channel);
		}
	}
	unlock_cell(cell);
	return ret;
}

static int create(struct nlattr **attrs, struct axvm_channel **channel, struct axvm_error *err)
{
	struct axvm_ivc_plan plan = {
		.rights = get_rights(attrs, AXVM_A_IVC_RIGHTS),
		.linux_rights = get_rights(attrs, AXVM_A_IVC_LINUX_RIGHTS),
	};
	struct axvm_ivc_wish wish;
	int ret = get_wish(attrs, &wish, err);

	if (ret)
		return ret;
	if (!attrs[AXVM_A_IVC_NAME] || !attrs[AXVM_A_IVC_KEY] || !attrs[AXVM_A_IVC_SIZE])
		return axvm_fail(err, -EINVAL, "a channel needs name, key and size");
	plan.name = nla_data(attrs[AXVM_A_IVC_NAME]);
	plan.key = nla_get_u32(attrs[AXVM_A_IVC_KEY]);
	plan.size = nla_get_u64(attrs[AXVM_A_IVC_SIZE]);
	if (attrs[AXVM_A_IVC_CELL]) {
		wish.rights = AXVM_IVC_RW;
		return create_for_cell(&plan, &wish, attrs, channel, err);
	}
	*channel = axvm_ivc_create(&plan, err);
	return PTR_ERR_OR_ZERO(*channel);
}

int axvm_nl_ivc_create_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct axvm_channel *channel;
	struct axvm_error err = {};
	struct sk_buff *msg;
	void *head;
	int ret;

	msg = new_reply(info, AXVM_CMD_IVC_CREATE, &head);
	if (!msg)
		return -ENOMEM;
	ret = axvm_nl_allowed(skb, &err);
	ret = ret ?: create(info->attrs, &channel, &err);
	if (ret) {
		nlmsg_free(msg);
		return axvm_nl_answer(info->extack, &err, ret);
	}
	ret = reply(info, msg, head, channel);
	axvm_ivc_put(channel);
	return ret;
}

int axvm_nl_ivc_destroy_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct axvm_channel *channel;
	struct axvm_error err = {};
	int ret;

	ret = axvm_nl_allowed(skb, &err);
	if (ret)
		return axvm_nl_answer(info->extack, &err, ret);
	channel = find_channel(info->attrs, &err);
	if (IS_ERR(channel))
		return axvm_nl_answer(info->extack, &err, PTR_ERR(channel));
	axvm_ivc_revoke(channel);
	axvm_ivc_put(channel);
	return 0;
}

static int attach(struct nlattr **attrs, struct axvm_channel *channel, struct axvm_error *err)
{
	struct axvm_attachment *att;
	struct axvm_ivc_wish wish;
	struct axvm_cell *cell;
	int ret = get_wish(attrs, &wish, err);

	if (ret)
		return ret;
	if (!attrs[AXVM_A_IVC_CELL])
		return axvm_fail(err, -EINVAL, "attach which cell? Attribute \"cell\" is missing");
	cell = lock_cell(attrs, err);
	if (IS_ERR(cell))
		return PTR_ERR(cell);
	att = axvm_ivc_attach_cell(channel, cell, &wish, err);
	unlock_cell(cell);
	return PTR_ERR_OR_ZERO(att);
}

int axvm_nl_ivc_attach_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct axvm_channel *channel = NULL;
	struct axvm_error err = {};
	struct sk_buff *msg;
	void *head;
	int ret;

	msg = new_reply(info, AXVM_CMD_IVC_ATTACH, &head);
	if (!msg)
		return -ENOMEM;
	ret = axvm_nl_allowed(skb, &err);
	if (!ret) {
		channel = find_channel(info->attrs, &err);
		ret = PTR_ERR_OR_ZERO(channel);
	}
	if (ret) {
		nlmsg_free(msg);
		return axvm_nl_answer(info->extack, &err, ret);
	}
	ret = attach(info->attrs, channel, &err);
	if (ret) {
		nlmsg_free(msg);
		axvm_nl_answer(info->extack, &err, ret);
	} else {
		ret = reply(info, msg, head, channel);
	}
	axvm_ivc_put(channel);
	return ret;
}

/* By name in the cell: the channel may have been revoked long ago. */
static int detach(struct nlattr **attrs, struct axvm_error *err)
{
	struct axvm_attachment *att;
	struct axvm_cell *cell;
	const char *name;
	int ret = -ENOENT;

	if (!attrs[AXVM_A_IVC_CELL] || !attrs[AXVM_A_IVC_NAME])
		return axvm_fail(err, -EINVAL, "detach needs the names of a channel and of a cell");
	name = nla_data(attrs[AXVM_A_IVC_NAME]);
	cell = lock_cell(attrs, err);
	if (IS_ERR(cell))
		return PTR_ERR(cell);
	list_for_each_entry(att, &cell->channels, node) {
		if (strcmp(att->channel->name, name))
			continue;
		axvm_ivc_detach_cell(att, AXVM_IVC_LEAVE);
		ret = 0;
		break;
	}
	if (ret)
		axvm_fail(err, ret, "cell \"%s\" has no channel \"%s\" attached", cell->cfg->name, name);
	unlock_cell(cell);
	return ret;
}

int axvm_nl_ivc_detach_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct axvm_error err = {};
	int ret;

	ret = axvm_nl_allowed(skb, &err);
	ret = ret ?: detach(info->attrs, &err);
	return axvm_nl_answer(info->extack, &err, ret);
}

int axvm_nl_ivc_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct axvm_channel *channel;
	struct axvm_error err = {};
	struct sk_buff *msg;
	void *head;
	int ret;

	ret = axvm_nl_allowed(skb, &err);
	if (ret)
		return axvm_nl_answer(info->extack, &err, ret);
	channel = find_channel(info->attrs, &err);
	if (IS_ERR(channel))
		return axvm_nl_answer(info->extack, &err, PTR_ERR(channel));
	msg = new_reply(info, AXVM_CMD_IVC_GET, &head);
	ret = msg ? reply(info, msg, head, channel) : -ENOMEM;
	axvm_ivc_put(channel);
	return ret;
}

int axvm_nl_ivc_get_start(struct netlink_callback *cb)
{
	struct axvm_error err = {};

	return axvm_nl_answer(cb->extack, &err, axvm_nl_allowed(cb->skb, &err));
}

/* args[0]: how many were shown. One that comes or goes meanwhile may shift the rest. */
int axvm_nl_ivc_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct axvm_channel *channel;
	long skip = cb->args[0];
	void *head;
	int ret = 0;

	mutex_lock(&axvm_ivc_lock);
	list_for_each_entry(channel, &axvm_channels, node) {
		if (skip-- > 0)
			continue;
		head = axvm_nl_dump_head(skb, cb, AXVM_CMD_IVC_GET);
		ret = head ? put_channel(skb, channel) : -EMSGSIZE;
		if (ret) {
			if (head)
				genlmsg_cancel(skb, head);
			break;
		}
		genlmsg_end(skb, head);
		cb->args[0]++;
	}
	mutex_unlock(&axvm_ivc_lock);
	return skb->len ?: ret;
}
