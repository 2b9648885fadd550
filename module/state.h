/* SPDX-License-Identifier: GPL-2.0 */
/* The life of a cell as two tables: what may follow what, and who may ask for it. Pure. */
#ifndef AXVM_STATE_H
#define AXVM_STATE_H

#include "axvm.h"

enum axvm_request {
	AXVM_REQUEST_START,
	AXVM_REQUEST_STOP,
	AXVM_REQUEST_SUSPEND,
	AXVM_REQUEST_RESUME,
	AXVM_REQUEST_RESET,
	AXVM_REQUEST_DESTROY,
	AXVM_NR_REQUESTS
};

/**
 * axvm_state_may_follow() - can a cell go from one state directly to another?
 */
bool axvm_state_may_follow(enum axvm_state from, enum axvm_state to);

/**
 * axvm_state_allows() - may a user ask this of a cell in this state?
 * @name: the cell's, for the message
 * @err: gets a message that names both states and what is possible instead
 *
 * Return: 0, -EBUSY (later, perhaps) or -EINVAL.
 */
int axvm_state_allows(const char *name, enum axvm_state state, enum axvm_request request,
		      struct axvm_error *err);

#endif
