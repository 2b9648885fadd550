// SPDX-License-Identifier: GPL-2.0
/* axvmctl stats: what a cell's exits are, and what they cost. */
#include <inttypes.h>
#include <poll.h>
#include <string.h>

#include "number.h"
#include "options.h"
#include "record.h"
#include "reply.h"
#include "screen.h"
#include "stats.h"

#define WATCH_MS	1000
#define MAX_SECONDS	86400
#define NR_DEAREST	3

static int get_stats(struct ctl *ctl, const char *name, json_t **cell)
{
	struct nl_msg *msg = ctl_new(ctl, AXVM_CMD_STATS_GET, NLM_F_DUMP);

	*cell = NULL;
	ctl_put_cell(msg, name);
	return ctl_request(ctl, msg, reply_set_cell, cell);
}

static bool is_recorded(const json_t *cell)
{
	return !strcmp(get_string(cell, "recorder"), "on");
}

/* "mmio 5, pio 120", without those that are 0. */
static void print_numbers(const char *title, const json_t *numbers)
{
	const char *key, *separator = "";
	json_t *value;

	printf("  %-11s", title);
	json_object_foreach((json_t *)numbers, key, value) {
		if (!json_integer_value(value))
			continue;
		printf("%s%s %" JSON_INTEGER_FORMAT, separator, key, json_integer_value(value));
		separator = ", ";
	}
	puts(*separator ? "" : "none");
}

static void print_vcpu(const json_t *vcpu)
{
	const json_t *costs = json_object_get(vcpu, "costs");
	const char *reason;
	json_t *histogram;

	printf("vCPU %" PRIu64 " on CPU %" PRIu64 ": %s\n", get_integer(vcpu, "index"),
	       get_integer(vcpu, "cpu"), get_string(vcpu, "state"));
	print_numbers("exits", json_object_get(vcpu, "exits"));
	print_numbers("counted", json_object_get(vcpu, "counters"));
	print_numbers("hypercalls", json_object_get(vcpu, "hypercalls"));
	print_numbers("devices", json_object_get(vcpu, "devices"));
	print_numbers("ticks", json_object_get(vcpu, "ticks"));
	json_object_foreach((json_t *)costs, reason, histogram) {
		char title[48];

		snprintf(title, sizeof(title), "2^n ticks: %s:", reason);
		print_numbers(title, histogram);
	}
}

static void print_stats(const json_t *cell)
{
	json_t *vcpu;
	size_t i;

	printf("%s (%" PRIu64 "): %s, recorder %s\n", get_string(cell, "name"),
	       get_integer(cell, "id"), get_string(cell, "state"), get_string(cell, "recorder"));
	json_array_foreach(json_object_get(cell, "vcpus"), i, vcpu)
		print_vcpu(vcpu);
}

static void draw_reasons(struct screen *s, const json_t *cell, const json_t *before, u64 ms)
{
	struct stats_reason list[STATS_MAX_REASONS];
	size_t n = stats_reasons(cell, before, list);

	screen_line(s, "%-14s %12s %12s %14s %12s", "REASON", "EXITS", "PER SECOND", "TICKS",
		    "TICKS EACH");
	for (size_t i = 0; i < n; i++) {
		char each[24] = "-", spent[24] = "-";

		if (list[i].recorded) {
			snprintf(spent, sizeof(spent), "%" PRIu64, list[i].spent);
			snprintf(each, sizeof(each), "%" PRIu64,
				 list[i].spent / list[i].recorded);
		}
		screen_line(s, "%-14s %12" PRIu64 " %12" PRIu64 " %14s %12s", list[i].name,
			    list[i].exits, list[i].exits * 1000 / ms, spent, each);
	}
	if (!n)
		screen_line(s, "no exits");
}

static void print_dearest(const json_t *cell, const json_t *before)
{
	struct stats_reason list[STATS_MAX_REASONS];
	size_t n = stats_reasons(cell, before, list);

	for (size_t i = 0; i < n && i < NR_DEAREST; i++)
		printf("%zu. %s: %s\n", i + 1, list[i].name, stats_hint(list[i].name));
}

static int once(struct ctl *ctl, const char *name, bool json)
{
	json_t *cell;
	int ret = get_stats(ctl, name, &cell);

	if (!ret && !json_object_get(cell, "vcpus"))
		ret = fail(EXIT_BUSY, "cell '%s' has no vCPUs yet", name);
	else if (!ret && json)
		print_json(cell, false);
	else if (!ret)
		print_stats(cell);
	json_decref(cell);
	return ret;
}

static void draw_watched(struct screen *s, const json_t *cell, const json_t *before, long ms)
{
	screen_begin(s);
	screen_line(s, "%s: %s, recorder %s%s", get_string(cell, "name"), get_string(cell, "state"),
		    get_string(cell, "recorder"), s->on ? "; q ends" : "");
	draw_reasons(s, cell, before, ms > 0 ? ms : 1);
}

/* What has happened since *before. Return: an exit code, or -1: enough. */
static int watch_once(struct ctl *ctl, struct screen *s, const char *name, bool json,
		      json_t **before)
{
	long start = screen_clock();
	enum screen_event event;
	int left = WATCH_MS, ret;
	json_t *cell;

	do {
		event = screen_wait(s, &left);
	} while (event == SCREEN_RESIZED);
	if (event == SCREEN_QUIT)
		return -1;
	ret = get_stats(ctl, name, &cell);
	if (ret) {
		json_decref(cell);
		return ret == EXIT_NO_CELL ? EXIT_CELL_GONE : ret;
	}
	if (json)
		print_json(cell, true);
	else
		draw_watched(s, cell, *before, screen_clock() - start);
	json_decref(*before);
	*before = cell;
	return screen_end(s) ? EXIT_OK : -1;
}

/* Every second what has happened in it, until interrupted. */
static int watch(struct ctl *ctl, const char *name, bool json)
{
	struct screen s = { 0 };
	json_t *before = NULL;
	int ret = get_stats(ctl, name, &before);

	if (!ret && !json)
		screen_open(&s);
	if (s.on) {
		draw_watched(&s, before, before, WATCH_MS);
		screen_end(&s);
	}
	while (!ret)
		ret = watch_once(ctl, &s, name, json, &before);
	screen_close();
	json_decref(before);
	return ret < 0 ? EXIT_OK : ret;
}

static int diff(struct ctl *ctl, const char *name, u64 seconds)
{
	json_t *before = NULL, *cell = NULL;
	int ret = get_stats(ctl, name, &before);
	bool was_on = is_recorded(before);
	struct screen s = { 0 };

	if (!ret && !was_on)
		ret = record_set(ctl, name, AXVM_RECORDER_ON);
	if (ret) {
		json_decref(before);
		return ret;
	}
	poll(NULL, 0, seconds * 1000);
	ret = get_stats(ctl, name, &cell);
	if (!was_on)
		record_set(ctl, name, AXVM_RECORDER_OFF);
	if (!ret) {
		screen_begin(&s);
		draw_reasons(&s, cell, before, seconds * 1000);
		print_dearest(cell, before);
	}
	json_decref(before);
	json_decref(cell);
	return ret;
}

static bool parse_seconds(const char *text, u64 *seconds)
{
	char number[16];
	size_t n = strlen(text);

	if (n && text[n - 1] == 's')
		n--;
	if (!n || n >= sizeof(number))
		return false;
	memcpy(number, text, n);
	number[n] = 0;
	return parse_decimal(number, MAX_SECONDS, seconds) && *seconds;
}

static int run_stats(const struct command *self, int argc, char **argv)
{
	bool json = false, watching = false;
	const char *name, *span = NULL;
	const struct option_spec opts[] = {
		{ .name = "json", .flag = &json },
		{ .name = "watch", .flag = &watching },
		{ .name = "diff", .value = &span },
	};
	int ret = parse_options(self, argc, argv, opts, ARRAY_SIZE(opts), &name, 1, 1);
	struct ctl ctl = { 0 };
	u64 seconds = 0;

	if (ret)
		return ret < 0 ? EXIT_OK : ret;
	if (span && !parse_seconds(span, &seconds))
		return usage_error(self, "'%s' is not a number of seconds", span);
	if (span && (json || watching))
		return usage_error(self, "--diff prints a table of its own; leave --json and --watch out");
	ret = ctl_open(&ctl);
	if (!ret)
		ret = span ? diff(&ctl, name, seconds) : watching ? watch(&ctl, name, json) :
		      once(&ctl, name, json);
	ctl_close(&ctl);
	return ret;
}

const struct command cmd_stats = {
	"stats", "[--json] [--watch] [--diff=SECONDS] NAME", "Print why a cell leaves its guests, and how often",
	"Options:\n"
	"  --json      everything that is counted, for programs\n"
	"  --watch     every second what happened in it; q ends it\n"
	"  --diff=10s  measure for so long, name the dearest exits and what would avoid them\n\n"
	"Examples:\n"
	"  axvmctl stats debian\n"
	"  axvmctl stats --diff=10s debian\n", run_stats,
};
