// SPDX-License-Identifier: GPL-2.0
/* axvmctl top: all cells, live, those that leave their guests most first. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "number.h"
#include "options.h"
#include "reply.h"
#include "screen.h"
#include "stats.h"

#define PERIOD_MS	1000
#define FIRST_MS	300		/* until the first picture */
#define MAX_ROWS	1024
#define MIN_NAME	8		/* columns */
#define NUMBERS		42		/* columns of all that is right of the name, but WHY */

struct row {
	const json_t *cell;
	const json_t *before;
	u64 exits;		/* since then */
};

static void append_vcpu(struct nlmsghdr *answer, void *arg)
{
	json_t *cells = arg, *part = reply_cell(answer), *cell;
	size_t i;

	/* One message for each vCPU. */
	json_array_foreach(cells, i, cell) {
		if (get_integer(cell, "id") != get_integer(part, "id"))
			continue;
		json_array_extend(json_object_get(cell, "vcpus"), json_object_get(part, "vcpus"));
		json_decref(part);
		return;
	}
	json_array_append_new(cells, part);
}

static int get_all(struct ctl *ctl, json_t **cells)
{
	*cells = json_array();
	return ctl_request(ctl, ctl_new(ctl, AXVM_CMD_STATS_GET, NLM_F_DUMP), append_vcpu, *cells);
}

static const json_t *find(const json_t *cells, u64 id)
{
	json_t *cell;
	size_t i;

	json_array_foreach((json_t *)cells, i, cell)
		if (get_integer(cell, "id") == id)
			return cell;
	return NULL;
}

static int busier(const void *left, const void *right)
{
	const struct row *a = left, *b = right;

	if (a->exits != b->exits)
		return a->exits < b->exits ? 1 : -1;
	return strcmp(get_string(a->cell, "name"), get_string(b->cell, "name"));
}

static size_t make_rows(const json_t *cells, const json_t *before, struct row *rows)
{
	json_t *cell;
	size_t i, n = 0;

	json_array_foreach((json_t *)cells, i, cell) {
		struct row *r = &rows[n];
		u64 now = stats_sum(cell, "exits", NULL), then;

		if (n++ == MAX_ROWS)
			return MAX_ROWS;
		r->cell = cell;
		r->before = find(before, get_integer(cell, "id"));
		then = stats_sum(r->before, "exits", NULL);
		r->exits = r->before && now >= then ? now - then : 0;
	}
	qsort(rows, n, sizeof(*rows), busier);
	return n;
}

/* "mmio 60%, pio 40%" of the exits, most first as far as there is room. */
static void shares(const struct row *row, char *buf, size_t size)
{
	struct stats_reason list[STATS_MAX_REASONS];
	size_t n = row->before && row->exits ? stats_reasons(row->cell, row->before, list) : 0;
	size_t len = 0;

	*buf = 0;
	for (size_t i = 0; i < n && len < size; i++)
		len += snprintf(buf + len, size - len, "%s%s %" PRIu64 "%%", i ? ", " : "",
				list[i].name, list[i].exits * 100 / row->exits);
}

static void draw_row(struct screen *s, const struct row *row, int name_width, u64 ms)
{
	u64 vcpus = json_array_size(json_object_get(row->cell, "vcpus"));
	u64 rate = row->exits * 1000 / ms;
	char why[256];

	shares(row, why, sizeof(why));
	screen_line(s, "%-*.*s %-10s %5" PRIu64 " %10" PRIu64 " %10" PRIu64 "  %s", name_width,
		    name_width, get_string(row->cell, "name"), get_string(row->cell, "state"),
		    vcpus, rate, vcpus ? rate / vcpus : 0, why);
}

/* As wide as the longest, but never so wide that numbers are lost. */
static int name_column(const struct row *rows, size_t n, int screen_width)
{
	int width = MIN_NAME;

	for (size_t i = 0; i < n; i++)
		width = MAX(width, (int)strlen(get_string(rows[i].cell, "name")));
	return MAX(MIN(width, screen_width - NUMBERS), MIN_NAME);
}

static void draw(struct screen *s, const struct row *rows, size_t n, u64 ms)
{
	int name_width;

	screen_begin(s);
	name_width = name_column(rows, n, s->width);
	screen_line(s, "axvm: %zu cell%s%s", n, n == 1 ? "" : "s", s->on ? "; q ends" : "");
	screen_line(s, "%-*s %-10s %5s %10s %10s  %s", name_width, "NAME", "STATE", "VCPUS",
		    "EXITS/S", "EACH VCPU", "WHY");
	for (size_t i = 0; i < n; i++) {
		if (screen_room(s) == 1 && i + 1 < n) {
			screen_line(s, "... and %zu more", n - i);
			break;
		}
		draw_row(s, &rows[i], name_width, ms);
	}
}

/* Draw what has happened in a second. Return: an exit code, or -1: enough. */
static int picture(struct ctl *ctl, struct screen *s, json_t **before, long *then)
{
	static struct row rows[MAX_ROWS];
	json_t *cells;
	int ret = get_all(ctl, &cells), left = PERIOD_MS;
	enum screen_event event;
	long now = screen_clock();
	size_t n;

	if (ret) {
		json_decref(cells);
		return ret;
	}
	n = make_rows(cells, *before, rows);
	do {
		draw(s, rows, n, MAX(now - *then, 1));
		event = screen_end(s) ? SCREEN_TIME : SCREEN_QUIT;
		if (event == SCREEN_TIME)
			event = screen_wait(s, &left);
	} while (event == SCREEN_RESIZED);
	json_decref(*before);
	*before = cells;
	*then = now;
	return event == SCREEN_QUIT ? -1 : EXIT_OK;
}

static int show(struct ctl *ctl, struct screen *s, u64 count)
{
	json_t *before = NULL;
	long then = screen_clock();
	u64 shown = 0;
	int ret = get_all(ctl, &before), left = FIRST_MS;

	if (!ret && screen_wait(s, &left) == SCREEN_QUIT)
		ret = -1;
	while (!ret) {
		ret = picture(ctl, s, &before, &then);
		if (count && ++shown == count)
			break;
	}
	json_decref(before);
	return ret < 0 ? EXIT_OK : ret;
}

static int run_top(const struct command *self, int argc, char **argv)
{
	const char *count_text = NULL;
	const struct option_spec opts[] = { { .name = "count", .value = &count_text } };
	int ret = parse_options(self, argc, argv, opts, ARRAY_SIZE(opts), NULL, 0, 0);
	struct ctl ctl = { 0 };
	struct screen s;
	u64 count = 0;

	if (ret)
		return ret < 0 ? EXIT_OK : ret;
	if (count_text && (!parse_decimal(count_text, UINT32_MAX, &count) || !count))
		return usage_error(self, "'%s' is not a number of pictures", count_text);
	ret = ctl_open(&ctl);
	if (!ret) {
		screen_open(&s);
		ret = show(&ctl, &s, count);
		screen_close();
	}
	ctl_close(&ctl);
	return ret;
}

const struct command cmd_top = {
	"top", "[--count=N]", "Show all cells live, those with most exits first",
	"q ends it. Without a terminal it prints a table every second.\n\n"
	"Options:\n"
	"  --count=N  end after N tables\n\n"
	"Examples:\n"
	"  axvmctl top\n"
	"  axvmctl top --count=1 | cat\n", run_top,
};
