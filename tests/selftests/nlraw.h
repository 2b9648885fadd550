/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Messages to the module's netlink family, built without any library, so that
 * they can be as wrong as possible. Included by the one file of a program.
 */
#ifndef AXVM_NLRAW_H
#define AXVM_NLRAW_H

#include <errno.h>
#include <fcntl.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <axvm.h>

#define SIZE		65536
#define NO_ANSWER	1

static char message[SIZE], answer_buf[SIZE];
static size_t used;
static int fd, family;
static const char *reason = "";
static bool want_reason;	/* the last message is one that the module must explain */
static unsigned int tests, failed;

static void start(int type, int cmd, int flags)
{
	struct nlmsghdr *nlh = (void *)message;
	struct genlmsghdr *genl = NLMSG_DATA(nlh);

	memset(message, 0, sizeof(message));
	want_reason = false;
	nlh->nlmsg_type = type;
	nlh->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | flags;
	nlh->nlmsg_seq = 1;
	genl->cmd = cmd;
	genl->version = AXVM_FAMILY_VERSION;
	used = NLMSG_LENGTH(GENL_HDRLEN);
}

static void put(int type, const void *data, size_t len)
{
	struct nlattr *attr = (void *)(message + used);

	attr->nla_type = type;
	attr->nla_len = NLA_HDRLEN + len;
	memcpy((char *)attr + NLA_HDRLEN, data, len);
	used += NLA_ALIGN(attr->nla_len);
}

static void put_u32(int type, uint32_t value)
{
	put(type, &value, sizeof(value));
}

static void put_u64(int type, uint64_t value)
{
	put(type, &value, sizeof(value));
}

static void put_text(int type, const char *text)
{
	put(type, text, strlen(text) + 1);
}

static size_t open_nest(int type)
{
	size_t at = used;

	put(type | NLA_F_NESTED, "", 0);
	return at;
}

static void close_nest(size_t at)
{
	((struct nlattr *)(message + at))->nla_len = used - at;
}

/* The kernel's reason comes in attributes behind the copy of the request's header. */
static void keep_reason(const struct nlmsghdr *nlh)
{
	size_t at = NLMSG_LENGTH(sizeof(struct nlmsgerr));
	const struct nlattr *attr;

	reason = "";
	if (!(nlh->nlmsg_flags & NLM_F_ACK_TLVS))
		return;
	if (!(nlh->nlmsg_flags & NLM_F_CAPPED))
		at += ((struct nlmsgerr *)NLMSG_DATA(nlh))->msg.nlmsg_len - NLMSG_HDRLEN;
	for (; at + NLA_HDRLEN <= nlh->nlmsg_len; at += NLA_ALIGN(attr->nla_len)) {
		attr = (const void *)((const char *)nlh + at);
		if (attr->nla_type == NLMSGERR_ATTR_MSG)
			reason = (const char *)attr + NLA_HDRLEN;
		if (attr->nla_len < NLA_HDRLEN)
			break;
	}
}

/* Return: 0, a negative error from the kernel, or NO_ANSWER. */
static int exchange(size_t claimed)
{
	struct nlmsghdr *nlh = (void *)message;
	ssize_t len;

	nlh->nlmsg_len = claimed;
	if (send(fd, message, used, 0) < 0)
		return -errno;
	for (;;) {
		len = recv(fd, answer_buf, sizeof(answer_buf), 0);
		if (len < 0)
			return errno == EAGAIN ? NO_ANSWER : -errno;
		nlh = (void *)answer_buf;
		for (; NLMSG_OK(nlh, (size_t)len); nlh = NLMSG_NEXT(nlh, len)) {
			if (nlh->nlmsg_type == NLMSG_ERROR)
				keep_reason(nlh);
			if (nlh->nlmsg_type == NLMSG_ERROR)
				return ((struct nlmsgerr *)NLMSG_DATA(nlh))->error;
			if (nlh->nlmsg_type == NLMSG_DONE)
				return *(int *)NLMSG_DATA(nlh);
		}
	}
}

static void open_socket(void)
{
	struct sockaddr_nl addr = { .nl_family = AF_NETLINK };
	struct timeval patience = { .tv_sec = 2 };
	int yes = 1;

	fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_GENERIC);
	if (fd < 0 || bind(fd, (void *)&addr, sizeof(addr))) {
		perror("netlink socket");
		exit(2);
	}
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	setsockopt(fd, SOL_NETLINK, NETLINK_EXT_ACK, &yes, sizeof(yes));
	setsockopt(fd, SOL_NETLINK, NETLINK_CAP_ACK, &yes, sizeof(yes));
}

static void find_family(void)
{
	struct nlattr *attr;
	struct nlmsghdr *nlh = (void *)answer_buf;
	ssize_t len;

	start(GENL_ID_CTRL, CTRL_CMD_GETFAMILY, 0);
	((struct nlmsghdr *)message)->nlmsg_flags = NLM_F_REQUEST;
	put_text(CTRL_ATTR_FAMILY_NAME, AXVM_FAMILY_NAME);
	((struct nlmsghdr *)message)->nlmsg_len = used;
	send(fd, message, used, 0);
	len = recv(fd, answer_buf, sizeof(answer_buf), 0);
	for (size_t at = NLMSG_LENGTH(GENL_HDRLEN); len > 0 && at < nlh->nlmsg_len;
	     at += NLA_ALIGN(attr->nla_len)) {
		attr = (void *)(answer_buf + at);
		if (attr->nla_type == CTRL_ATTR_FAMILY_ID)
			family = *(uint16_t *)((char *)attr + NLA_HDRLEN);
	}
	if (!family) {
		fprintf(stderr, "there is no netlink family axvm\n");
		exit(2);
	}
}

#endif
