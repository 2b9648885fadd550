// SPDX-License-Identifier: GPL-2.0
/*
 * Telling a waiting user what the module is doing. A request is carried out
 * while its sender waits in the kernel, so a thread with a connection of its own
 * listens to the events.
 */
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "progress.h"
#include "reply.h"

#define PATIENCE_NS	1000000000ULL

static u64 now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000ULL + ts.tv_nsec;
}

static void show(struct nlmsghdr *answer, void *arg)
{
	struct progress *progress = arg;
	json_t *event = reply_cell(answer);
	const char *text = get_string(event, "progress");

	if (!strcmp(get_string(event, "event"), "progress") &&
	    !strcmp(get_string(event, "name"), progress->cell) &&
	    now() - progress->started > PATIENCE_NS) {
		fprintf(stderr, "\r%s: %s%*s", progress->cell, text,
			(int)(progress->width > strlen(text) ? progress->width - strlen(text) : 0),
			"");
		fflush(stderr);
		progress->width = strlen(text);
	}
	json_decref(event);
}

static void *watch(void *arg)
{
	struct progress *progress = arg;

	while (ctl_next_events(&progress->ctl, progress->stop[0], show, progress))
		;
	return NULL;
}

void progress_start(struct progress *progress, const char *cell)
{
	memset(progress, 0, sizeof(*progress));
	progress->cell = cell;
	progress->started = now();
	if (!isatty(STDERR_FILENO) || pipe(progress->stop))
		return;
	if (!ctl_open(&progress->ctl) && !ctl_listen(&progress->ctl) &&
	    !pthread_create(&progress->thread, NULL, watch, progress)) {
		progress->running = true;
		return;
	}
	ctl_close(&progress->ctl);
	close(progress->stop[0]);
	close(progress->stop[1]);
}

void progress_stop(struct progress *progress)
{
	if (!progress->running)
		return;
	close(progress->stop[1]);
	pthread_join(progress->thread, NULL);
	if (progress->width)
		fprintf(stderr, "\r%*s\r", (int)(strlen(progress->cell) + 2 + progress->width), "");
	ctl_close(&progress->ctl);
	close(progress->stop[0]);
}
