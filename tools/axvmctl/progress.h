/* SPDX-License-Identifier: GPL-2.0 */
/* Telling a waiting user what the module is doing. */
#ifndef AXVMCTL_PROGRESS_H
#define AXVMCTL_PROGRESS_H

#include <pthread.h>

#include "ctl.h"

struct progress {
	const char *cell;
	bool running;
	pthread_t thread;
	struct ctl ctl;
	int stop[2];		/* a pipe: writing ends the thread */
	u64 started;		/* CLOCK_MONOTONIC, ns */
	size_t width;		/* of what stands on the terminal's line */
};

/**
 * progress_start() - show the module's progress events on stderr
 * @cell: name of the cell that is being created
 *
 * Only when stderr is a terminal, and only when it takes longer than a second.
 * It is a courtesy: when it cannot be had, nothing is shown.
 */
void progress_start(struct progress *progress, const char *cell);

/**
 * progress_stop() - end it and clear the line
 */
void progress_stop(struct progress *progress);

#endif
