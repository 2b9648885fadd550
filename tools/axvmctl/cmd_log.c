// SPDX-License-Identifier: GPL-2.0
/* axvmctl log and events: what happened, and what happens. */
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdlib.h>
#include <time.h>

#include "number.h"
#include "options.h"
#include "reply.h"

#define FOLLOW_MS	300

/* Every subcommand that goes on until it is interrupted ends when nobody reads. */
static bool output_lost(void)
{
	return fflush(stdout) || ferror(stdout);
}

static void print_entry(const json_t *entry, bool json)
{
	u64 time_ns = get_integer(entry, "time_ns");
	time_t seconds = time_ns / 1000000000;
	struct tm tm;
	char stamp[32];

	if (json) {
		print_json(entry, true);
		return;
	}
	localtime_r(&seconds, &tm);
	strftime(stamp, sizeof(stamp), "%Y-%m-%d %H:%M:%S", &tm);
	printf("%s.%03" PRIu64 " %s\n", stamp, time_ns / 1000000 % 1000, get_string(entry, "text"));
}

/* Prints what was not printed before; *next is the lowest sequence number still wanted. */
static int print_log(struct ctl *ctl, const char *name, bool json, u64 *next)
{
	struct nl_msg *msg = ctl_new(ctl, AXVM_CMD_LOG_GET, NLM_F_DUMP);
	json_t *log = NULL, *entry;
	size_t i;
	int ret;

	if (name)
		ctl_put_cell(msg, name);
	ret = ctl_request(ctl, msg, reply_set_cell, &log);
	json_array_foreach(json_object_get(log, "log"), i, entry) {
		if (get_integer(entry, "seq") < *next)
			continue;
		*next = get_integer(entry, "seq") + 1;
		print_entry(entry, json);
	}
	json_decref(log);
	return ret;
}

static int run_log(const struct command *self, int argc, char **argv)
{
	bool json = false, follow = false;
	const struct option_spec opts[] = {
		{ .name = "json", .flag = &json },
		{ .name = "follow", .flag = &follow },
	};
	const char *name;
	int ret = parse_options(self, argc, argv, opts, ARRAY_SIZE(opts), &name, 0, 1);
	struct ctl ctl;
	u64 next = 0;

	if (ret)
		return ret < 0 ? EXIT_OK : ret;
	ret = ctl_open(&ctl);
	if (!ret)
		ret = print_log(&ctl, name, json, &next);
	while (!ret && follow && !output_lost()) {
		poll(NULL, 0, FOLLOW_MS);
		ret = print_log(&ctl, name, json, &next);
		if (ret == EXIT_NO_CELL)
			ret = EXIT_CELL_GONE;
	}
	ctl_close(&ctl);
	return ret;
}

struct event_output {
	bool json;
	u64 left;		/* events still to print; 0: no limit */
	bool done;
};

static void print_event(struct nlmsghdr *answer, void *arg)
{
	struct event_output *out = arg;
	json_t *event = reply_cell(answer), *progress = json_object_get(event, "progress");
	const json_t *stop = get_stop(event);

	if (out->done) {
		json_decref(event);
		return;
	}
	if (out->json) {
		print_json(event, true);
	} else {
		printf("%s (%" PRIu64 "): %s: %s", get_string(event, "name"),
		       get_integer(event, "id"), get_string(event, "event"),
		       get_string(event, progress ? "progress" : "state"));
		if (stop)
			printf(": %s", get_string(stop, "text"));
		putchar('\n');
	}
	out->done = output_lost() || (out->left && !--out->left);
	json_decref(event);
}

static int run_events(const struct command *self, int argc, char **argv)
{
	struct event_output out = { 0 };
	const char *count = NULL;
	const struct option_spec opts[] = {
		{ .name = "json", .flag = &out.json },
		{ .name = "count", .value = &count },
	};
	int ret = parse_options(self, argc, argv, opts, ARRAY_SIZE(opts), NULL, 0, 0);
	struct ctl ctl;

	if (ret)
		return ret < 0 ? EXIT_OK : ret;
	if (count && (!parse_decimal(count, UINT32_MAX, &out.left) || !out.left))
		return usage_error(self, "'%s' is not a number of events", count);
	ret = ctl_open(&ctl);
	if (!ret)
		ret = ctl_listen(&ctl);
	while (!ret && !out.done)
		if (!ctl_next_events(&ctl, -1, print_event, &out))
			ret = fail(EXIT_FAILED, "the connection to the module is lost");
	ctl_close(&ctl);
	return ret;
}

const struct command cmd_log = {
	"log", "[--follow] [--json] [NAME]", "Print the messages of a cell, or of the module",
	"Options:\n"
	"  --follow  go on until interrupted or the cell is destroyed\n"
	"  --json    one object on each line\n\n"
	"Examples:\n"
	"  axvmctl log\n"
	"  axvmctl log --follow debian\n", run_log,
};

const struct command cmd_events = {
	"events", "[--count=N] [--json]", "Print what happens to cells, as it happens",
	"Options:\n"
	"  --count=N  end after N events\n"
	"  --json     one object on each line\n\n"
	"Examples:\n"
	"  axvmctl events\n"
	"  axvmctl events --json | jq 'select(.state == \"failed\")'\n", run_events,
};
