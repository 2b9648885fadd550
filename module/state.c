// SPDX-License-Identifier: GPL-2.0
/* The life of a cell as two tables: what may follow what, and who may ask for it. */
#include <linux/bits.h>
#include <linux/errno.h>

#include "names.h"
#include "state.h"

#define S(name) BIT(AXVM_STATE_##name)

static const unsigned long follows[AXVM_NR_STATES] = {
	[AXVM_STATE_LOADING] = S(LOADED) | S(STOPPING),
	[AXVM_STATE_LOADED] = S(RUNNING) | S(STOPPING) | S(FAILED),
	[AXVM_STATE_RUNNING] = S(SUSPENDED) | S(STOPPING) | S(FAILED),
	[AXVM_STATE_SUSPENDED] = S(RUNNING) | S(STOPPING) | S(FAILED),
	/* A reset is no end: nobody who waits for one must take it for that. */
	[AXVM_STATE_STOPPING] = S(STOPPED) | S(RUNNING) | S(FAILED),
	[AXVM_STATE_STOPPED] = S(RUNNING) | S(STOPPING) | S(FAILED),
	[AXVM_STATE_FAILED] = S(RUNNING) | S(STOPPING),
};

/* What a user may ask: from which states, where it leads, and what to do otherwise. */
static const struct {
	unsigned long from;
	enum axvm_state to;
	const char *need;
	const char *instead[AXVM_NR_STATES];
} requests[AXVM_NR_REQUESTS] = {
	[AXVM_REQUEST_START] = {
		.from = S(LOADED) | S(STOPPED),
		.to = AXVM_STATE_RUNNING,
		.need = "start needs a loaded or stopped cell",
		.instead = {
			[AXVM_STATE_SUSPENDED] = "use resume",
			[AXVM_STATE_FAILED] = "use reset",
		},
	},
	[AXVM_REQUEST_STOP] = {
		.from = S(RUNNING) | S(SUSPENDED),
		.to = AXVM_STATE_STOPPED,
		.need = "stop needs a running or suspended cell",
		.instead = {
			[AXVM_STATE_LOADED] = "it was not started",
			[AXVM_STATE_FAILED] = "it does not run",
		},
	},
	[AXVM_REQUEST_SUSPEND] = {
		.from = S(RUNNING),
		.to = AXVM_STATE_SUSPENDED,
		.need = "suspend needs a running cell",
	},
	[AXVM_REQUEST_RESUME] = {
		.from = S(SUSPENDED),
		.to = AXVM_STATE_RUNNING,
		.need = "resume needs a suspended cell",
		.instead = {
			[AXVM_STATE_LOADED] = "use start",
			[AXVM_STATE_STOPPED] = "use start",
			[AXVM_STATE_FAILED] = "use reset",
		},
	},
	[AXVM_REQUEST_RESET] = {
		.from = S(RUNNING) | S(SUSPENDED) | S(STOPPED) | S(FAILED),
		.to = AXVM_STATE_RUNNING,
		.need = "reset needs a cell that was started",
		.instead = {
			[AXVM_STATE_LOADED] = "use start",
		},
	},
	[AXVM_REQUEST_DESTROY] = {
		.from = S(LOADED) | S(RUNNING) | S(SUSPENDED) | S(STOPPING) | S(STOPPED) |
			S(FAILED),
		.to = AXVM_STATE_STOPPING,
		.need = "destroy needs a complete cell",
	},
};

bool axvm_state_may_follow(enum axvm_state from, enum axvm_state to)
{
	return follows[from] & BIT(to);
}

int axvm_state_allows(const char *name, enum axvm_state state, enum axvm_request request,
		      struct axvm_error *err)
{
	const char *instead = requests[request].instead[state];
	const char *to = axvm_state_names[requests[request].to];

	if (requests[request].from & BIT(state))
		return 0;
	if (state == AXVM_STATE_LOADING)
		return axvm_fail(err, -EBUSY,
				 "cell \"%s\" is loading and cannot become %s: wait until create is done, or end it",
				 name, to);
	if (state == AXVM_STATE_STOPPING)
		return axvm_fail(err, -EBUSY,
				 "cell \"%s\" is stopping and cannot become %s: wait until it has stopped",
				 name, to);
	if (requests[request].to == state)
		return axvm_fail(err, -EINVAL, "cell \"%s\" is already %s: %s", name, to,
				 requests[request].need);
	return axvm_fail(err, -EINVAL, "cell \"%s\" is %s and cannot become %s: %s%s%s", name,
			 axvm_state_names[state], to, requests[request].need,
			 instead ? "; " : "", instead ?: "");
}
