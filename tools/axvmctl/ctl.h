/* SPDX-License-Identifier: GPL-2.0 */
/* Talking to the module: the generic netlink family "axvm". */
#ifndef AXVMCTL_CTL_H
#define AXVMCTL_CTL_H

#include <jansson.h>
#include <netlink/msg.h>

#include "../../uapi/axvm.h"
#include "axvmctl.h"

struct ctl {
	struct nl_sock *sock;
	int family;
	int error;		/* negative errno of the last request, or 0 */
};

/**
 * ctl_open() - connect to the module
 *
 * Return: an exit code, after a message; ctl_close() in any case.
 */
int ctl_open(struct ctl *ctl);
void ctl_close(struct ctl *ctl);

/**
 * ctl_new() - start a request
 * @cmd: AXVM_CMD_*
 * @flags: 0, or NLM_F_DUMP
 *
 * Never fails: running out of memory ends the program.
 */
struct nl_msg *ctl_new(struct ctl *ctl, int cmd, int flags);

/* Add an attribute; a message that is too long ends the program. */
void ctl_put_u32(struct nl_msg *msg, int attr, u32 value);
void ctl_put_u64(struct nl_msg *msg, int attr, u64 value);
void ctl_put_string(struct nl_msg *msg, int attr, const char *value);
void ctl_put_data(struct nl_msg *msg, int attr, const void *data, size_t size);
void ctl_put_flag(struct nl_msg *msg, int attr);
struct nlattr *ctl_nest(struct nl_msg *msg, int attr);
void ctl_nest_end(struct nl_msg *msg, struct nlattr *nest);

/**
 * ctl_put_cell() - say which cell a request is about
 * @cell: its name, or its number
 */
void ctl_put_cell(struct nl_msg *msg, const char *cell);

/* Called for each answer to a request. */
typedef void (*ctl_answer)(struct nlmsghdr *answer, void *arg);

/**
 * ctl_request() - send a request and wait until it is done
 * @msg: consumed
 * @fn: may be NULL
 *
 * Return: an exit code; when not EXIT_OK the module's message was printed.
 */
int ctl_request(struct ctl *ctl, struct nl_msg *msg, ctl_answer fn, void *arg);

/**
 * ctl_simple() - ctl_request() for a command that has only a cell's name
 */
int ctl_simple(struct ctl *ctl, int cmd, const char *cell, ctl_answer fn, void *arg);

/**
 * ctl_listen() - make a connection receive the module's events
 *
 * Return: an exit code, after a message.
 */
int ctl_listen(struct ctl *ctl);

/**
 * ctl_next_events() - wait for events and hand them over
 *
 * Return: false when the connection is lost or @stop_fd becomes readable (-1: none).
 */
bool ctl_next_events(struct ctl *ctl, int stop_fd, ctl_answer fn, void *arg);

#endif
