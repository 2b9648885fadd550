// SPDX-License-Identifier: GPL-2.0
/* Talking to the module: the generic netlink family "axvm", with extended answers. */
#include <ctype.h>
#include <errno.h>
#include <linux/netlink.h>
#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>
#include <netlink/netlink.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "ctl.h"

#define MESSAGE_ROOM	(128 * 1024)	/* bytes; the largest cell needs less than half */
#define EVENT_ROOM	(1024 * 1024)	/* bytes that may wait in the socket */
#define DUMP_TRIES	5

/* One request on its way. */
struct exchange {
	ctl_answer fn;
	void *arg;
	bool done;
	int error;		/* negative errno */
	char text[512];		/* the module's message */
};

static void no_memory(void)
{
	exit(fail(EXIT_FAILED, "out of memory"));
}

static void must(int ret)
{
	if (ret < 0)
		no_memory();
}

int ctl_open(struct ctl *ctl)
{
	int on = 1, fd;

	memset(ctl, 0, sizeof(*ctl));
	ctl->sock = nl_socket_alloc();
	if (!ctl->sock)
		no_memory();
	if (genl_connect(ctl->sock))
		return fail(EXIT_FAILED, "cannot open a netlink socket: %s", strerror(errno));
	fd = nl_socket_get_fd(ctl->sock);
	setsockopt(fd, SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof(on));
	setsockopt(fd, SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof(on));
	nl_socket_enable_msg_peek(ctl->sock);
	ctl->family = genl_ctrl_resolve(ctl->sock, AXVM_FAMILY_NAME);
	if (ctl->family < 0)
		return fail(EXIT_NO_MODULE,
			    "the axvm module is not loaded; load it with 'modprobe axvm', or 'insmod axvm.ko'");
	return EXIT_OK;
}

void ctl_close(struct ctl *ctl)
{
	nl_socket_free(ctl->sock);
	ctl->sock = NULL;
}

struct nl_msg *ctl_new(struct ctl *ctl, int cmd, int flags)
{
	struct nl_msg *msg = nlmsg_alloc_size(MESSAGE_ROOM);

	if (!msg || !genlmsg_put(msg, NL_AUTO_PORT, NL_AUTO_SEQ, ctl->family, 0,
				 NLM_F_REQUEST | (flags ? flags : NLM_F_ACK), cmd,
				 AXVM_FAMILY_VERSION))
		no_memory();
	return msg;
}

void ctl_put_u32(struct nl_msg *msg, int attr, u32 value)
{
	must(nla_put_u32(msg, attr, value));
}

void ctl_put_u64(struct nl_msg *msg, int attr, u64 value)
{
	must(nla_put_u64(msg, attr, value));
}

void ctl_put_string(struct nl_msg *msg, int attr, const char *value)
{
	must(nla_put_string(msg, attr, value));
}

void ctl_put_data(struct nl_msg *msg, int attr, const void *data, size_t size)
{
	must(nla_put(msg, attr, size, data));
}

void ctl_put_flag(struct nl_msg *msg, int attr)
{
	must(nla_put_flag(msg, attr));
}

struct nlattr *ctl_nest(struct nl_msg *msg, int attr)
{
	struct nlattr *nest = nla_nest_start(msg, attr | NLA_F_NESTED);

	if (!nest)
		no_memory();
	return nest;
}

void ctl_nest_end(struct nl_msg *msg, struct nlattr *nest)
{
	must(nla_nest_end(msg, nest));
}

void ctl_put_cell(struct nl_msg *msg, const char *cell)
{
	char *end;
	unsigned long id;

	errno = 0;
	id = strtoul(cell, &end, 10);
	if (isdigit((unsigned char)*cell) && !*end && !errno && id <= UINT32_MAX)
		ctl_put_u32(msg, AXVM_A_CELL_ID, id);
	else
		ctl_put_string(msg, AXVM_A_CELL_NAME, cell);
}

static int on_valid(struct nl_msg *msg, void *arg)
{
	struct exchange *x = arg;

	if (x->fn)
		x->fn(nlmsg_hdr(msg), x->arg);
	return NL_OK;
}

/* The module's message stands in the attributes that follow a struct nlmsgerr. */
static void take_text(struct exchange *x, void *attrs, int len)
{
	struct nlattr *text = len > 0 ? nla_find(attrs, len, NLMSGERR_ATTR_MSG) : NULL;

	if (text)
		snprintf(x->text, sizeof(x->text), "%.*s", nla_len(text),
			 (char *)nla_data(text));
}

static int on_error(struct sockaddr_nl *from, struct nlmsgerr *err, void *arg)
{
	struct exchange *x = arg;
	struct nlmsghdr *header = (struct nlmsghdr *)((char *)err - NLMSG_HDRLEN);
	size_t used = sizeof(*err);

	(void)from;
	x->error = err->error;
	x->done = true;
	if (!(header->nlmsg_flags & NLM_F_CAPPED) && err->msg.nlmsg_len > sizeof(err->msg))
		used += NLMSG_ALIGN(err->msg.nlmsg_len - sizeof(err->msg));
	if (header->nlmsg_flags & NLM_F_ACK_TLVS)
		take_text(x, (char *)err + used,
			  (int)(header->nlmsg_len - NLMSG_HDRLEN) - (int)used);
	return NL_STOP;
}

/* Events have no sequence to check. */
static int on_any(struct nl_msg *msg, void *arg)
{
	(void)msg;
	(void)arg;
	return NL_OK;
}

static int on_ack(struct nl_msg *msg, void *arg)
{
	struct exchange *x = arg;

	(void)msg;
	x->done = true;
	return NL_STOP;
}

/* The end of a dump carries its error, and a message as above. */
static int on_finish(struct nl_msg *msg, void *arg)
{
	struct nlmsghdr *header = nlmsg_hdr(msg);
	struct exchange *x = arg;

	x->done = true;
	if (nlmsg_datalen(header) < (int)sizeof(int))
		return NL_STOP;
	x->error = *(int *)nlmsg_data(header);
	if (x->error > 0)
		x->error = 0;
	if (header->nlmsg_flags & NLM_F_ACK_TLVS)
		take_text(x, (char *)nlmsg_data(header) + sizeof(int),
			  nlmsg_datalen(header) - (int)sizeof(int));
	return NL_STOP;
}

static struct nl_cb *callbacks(struct exchange *x)
{
	struct nl_cb *cb = nl_cb_alloc(NL_CB_DEFAULT);

	if (!cb)
		no_memory();
	nl_cb_set(cb, NL_CB_VALID, NL_CB_CUSTOM, on_valid, x);
	nl_cb_set(cb, NL_CB_ACK, NL_CB_CUSTOM, on_ack, x);
	nl_cb_set(cb, NL_CB_FINISH, NL_CB_CUSTOM, on_finish, x);
	nl_cb_err(cb, NL_CB_CUSTOM, on_error, x);
	return cb;
}

static enum exit_code exit_code_of(int error)
{
	switch (-error) {
	case ENOENT:
	case ESRCH:
		return EXIT_NO_CELL;
	case EPERM:
	case EACCES:
		return EXIT_NOT_PERMITTED;
	case EBUSY:
	case EEXIST:
		return EXIT_BUSY;
	case EOPNOTSUPP:
	case ENODEV:
	case ENXIO:
		return EXIT_UNABLE;
	default:
		return EXIT_FAILED;
	}
}

static int report(const struct exchange *x)
{
	enum exit_code code = exit_code_of(x->error);

	if (*x->text)
		return fail(code, "%s", x->text);
	if (x->error == -EPERM)
		return fail(code, "not permitted: run it as root (it takes CAP_NET_ADMIN and CAP_SYS_RAWIO)");
	/* Linux 6.1 loses the message of a dump that was refused. */
	if (x->error == -ENOENT)
		return fail(code, "there is no cell of that name or number");
	return fail(code, "the module says: %s", strerror(-x->error));
}

int ctl_request(struct ctl *ctl, struct nl_msg *msg, ctl_answer fn, void *arg)
{
	struct exchange x = { .fn = fn, .arg = arg };
	struct nl_cb *cb = callbacks(&x);
	int ret = nl_send_auto(ctl->sock, msg);

	nlmsg_free(msg);
	/* An interrupted dump still comes to its end; what changed meanwhile may be missing. */
	while (ret >= 0 && !x.done) {
		ret = nl_recvmsgs(ctl->sock, cb);
		if (ret == -NLE_DUMP_INTR || ret == -NLE_INTR || ret == -NLE_AGAIN || x.done)
			ret = 0;
	}
	nl_cb_put(cb);
	ctl->error = x.error;
	if (ret < 0)
		return fail(EXIT_FAILED, "no answer from the module: %s", nl_geterror(ret));
	return x.error ? report(&x) : EXIT_OK;
}

int ctl_simple(struct ctl *ctl, int cmd, const char *cell, ctl_answer fn, void *arg)
{
	struct nl_msg *msg = ctl_new(ctl, cmd, 0);

	ctl_put_cell(msg, cell);
	return ctl_request(ctl, msg, fn, arg);
}

int ctl_listen(struct ctl *ctl)
{
	int group = genl_ctrl_resolve_grp(ctl->sock, AXVM_FAMILY_NAME, AXVM_MCGRP_EVENTS), ret;

	if (group < 0)
		return fail(EXIT_FAILED, "the module has no events: %s", nl_geterror(group));
	nl_socket_set_buffer_size(ctl->sock, EVENT_ROOM, 0);
	nl_socket_disable_seq_check(ctl->sock);
	ret = nl_socket_add_membership(ctl->sock, group);
	if (ret)
		return fail(ret == -NLE_PERM ? EXIT_NOT_PERMITTED : EXIT_FAILED,
			    "cannot listen to events: %s", nl_geterror(ret));
	return EXIT_OK;
}

bool ctl_next_events(struct ctl *ctl, int stop_fd, ctl_answer fn, void *arg)
{
	struct pollfd fds[] = {
		{ .fd = nl_socket_get_fd(ctl->sock), .events = POLLIN },
		{ .fd = stop_fd, .events = POLLIN },
	};
	struct exchange x = { .fn = fn, .arg = arg };
	struct nl_cb *cb;
	int ret;

	while (poll(fds, ARRAY_SIZE(fds), -1) < 0)
		if (errno != EINTR)
			return false;
	if (fds[1].revents)
		return false;
	cb = callbacks(&x);
	nl_cb_set(cb, NL_CB_SEQ_CHECK, NL_CB_CUSTOM, on_any, NULL);
	ret = nl_recvmsgs(ctl->sock, cb);
	nl_cb_put(cb);
	if (ret == -NLE_NOMEM)
		note("events came faster than they were read; some are lost");
	return ret >= 0 || ret == -NLE_NOMEM || ret == -NLE_INTR || ret == -NLE_AGAIN;
}
