/* SPDX-License-Identifier: GPL-2.0 */
/* Turning a machine into a request to the module. */
#ifndef AXVMCTL_REQUEST_H
#define AXVMCTL_REQUEST_H

#include "ctl.h"
#include "machine.h"

/**
 * request_create() - the cell-create request for a machine
 *
 * The machine's files must stay open until the request was sent.
 */
struct nl_msg *request_create(struct ctl *ctl, const struct machine *m);

/**
 * request_put_wire() - add a wired interrupt to a request
 */
void request_put_wire(struct nl_msg *msg, const struct config_wire *wire);

/**
 * request_device() - send a command that is about one device of a cell
 *
 * Return: an exit code, after a message.
 */
int request_device(int cmd, const char *cell, const struct config_device *dev);

#endif
