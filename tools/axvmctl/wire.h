/* SPDX-License-Identifier: GPL-2.0 */
/* Wired interrupts of the host, in cell.json. */
#ifndef AXVMCTL_WIRE_H
#define AXVMCTL_WIRE_H

#include "config.h"

/**
 * wire_default() - what a wired interrupt is that nothing more is said of
 * @host: the host's number
 */
struct config_wire wire_default(u32 host);

/**
 * wire_read() - { "host": 5, "guest": 5, "trigger": "edge" } of a cell.json
 *
 * Return: an exit code, after a message.
 */
int wire_read(struct config_wire *wire, const struct json_value *value);

#endif
