/* SPDX-License-Identifier: GPL-2.0 */
/* The control plane: generic netlink family "axvm". */
#ifndef AXVM_NETLINK_H
#define AXVM_NETLINK_H

#include "axvm.h"

int axvm_netlink_init(void);
void axvm_netlink_exit(void);

/**
 * axvm_nl_event() - tell whoever listens to the group "events"
 * @progress: what create is doing, for AXVM_EVENT_PROGRESS, or NULL
 *
 * May sleep. An event that cannot be sent is lost; listeners may ask for the state.
 */
void axvm_nl_event(struct axvm_cell *cell, enum axvm_event event, const char *progress);

#endif
