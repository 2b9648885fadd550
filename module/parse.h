/* SPDX-License-Identifier: GPL-2.0 */
/* From a netlink message to a configuration. */
#ifndef AXVM_PARSE_H
#define AXVM_PARSE_H

#include <net/genetlink.h>

struct axvm_config;
struct axvm_error;

/**
 * axvm_parse_create() - read a CELL_CREATE request and check it
 * @info: of the request; its extack learns which attribute is wrong
 * @err: gets the message
 *
 * Runs in the context of the sender, because image files are looked up among
 * its file descriptors. May sleep.
 * Return: a configuration that axvm_config_free() frees, or an ERR_PTR().
 */
struct axvm_config *axvm_parse_create(struct genl_info *info, struct axvm_error *err);

/**
 * axvm_parse_wire() - one nest "wire"
 * @wire: filled in; what was left out has its default
 *
 * Return: 0, or -EINVAL with a message.
 */
int axvm_parse_wire(const struct nlattr *attr, struct axvm_config_wire *wire,
		    struct netlink_ext_ack *extack, struct axvm_error *err);

/**
 * axvm_parse_device() - the one device that a request names
 * @check_it: refuse what no architecture could do
 *
 * May sleep. Return: a configuration with that device only, the caller's to free,
 * or an ERR_PTR() with a message.
 */
struct axvm_config *axvm_parse_device(struct genl_info *info, bool check_it, struct axvm_error *err);

#endif
