// SPDX-License-Identifier: GPL-2.0
/* axvmctl top: all cells, live, those that leave their guests most first. */
#include <inttypes.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "number.h"
#include "options.h"
#include "reply.h"
#include "stats.h"
#include "terminal.h"

#define PERIOD_MS	1000
#define MAX_ROWS	1024
#define CTRL_C		3

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

static void line(const char *end, int width, const char *text)
{
	printf("%.*s%s", width, text, end);
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

static void draw(const struct row *rows, size_t n, u64 ms, bool screen)
{
	struct winsize size = { .ws_row = 24, .ws_col = 80 };
	const char *end = screen ? "\033[K\r\n" : "\n";
	size_t room = SIZE_MAX, i;
	char text[512], why[256];

	if (screen) {
		ioctl(STDOUT_FILENO, TIOCGWINSZ, &size);
		room = size.ws_row > 4 ? size.ws_row - 4 : 1;
		fputs("\033[H", stdout);
	} else {
		size.ws_col = sizeof(text);
	}
	snprintf(text, sizeof(text), "axvm: %zu cell%s%s", n, n == 1 ? "" : "s",
		 screen ? "; q ends" : "");
	line(end, size.ws_col, text);
	snprintf(text, sizeof(text), "%-16s %-10s %5s %10s %7s  %s", "NAME", "STATE", "VCPUS",
		 "EXITS/S", "EACH", "WHY");
	line(end, size.ws_col, text);
	for (i = 0; i < n && i < room; i++) {
		u64 vcpus = json_array_size(json_object_get(rows[i].cell, "vcpus"));

		shares(&rows[i], why, sizeof(why));
		snprintf(text, sizeof(text), "%-16.16s %-10s %5" PRIu64 " %10" PRIu64 " %7" PRIu64 "  %s",
			 get_string(rows[i].cell, "name"), get_string(rows[i].cell, "state"), vcpus,
			 rows[i].exits * 1000 / ms, vcpus ? rows[i].exits * 1000 / ms / vcpus : 0, why);
		line(end, size.ws_col, text);
	}
	if (i < n) {
		snprintf(text, sizeof(text), "... and %zu more", n - i);
		line(end, size.ws_col, text);
	}
	if (screen)
		fputs("\033[J", stdout);
}

/* Return: does the user want to go on? */
static bool rest(bool screen)
{
	struct pollfd in = { .fd = screen ? STDIN_FILENO : -1, .events = POLLIN };
	char c;

	if (poll(&in, 1, PERIOD_MS) <= 0)
		return true;
	return read(STDIN_FILENO, &c, 1) == 1 && c != 'q' && c != CTRL_C;
}

static u64 now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000ULL + now.tv_nsec / 1000000;
}

static int show(struct ctl *ctl, u64 count, bool screen)
{
	static struct row rows[MAX_ROWS];
	json_t *before = NULL, *cells = NULL;
	u64 then = now_ms(), shown = 0;
	int ret = get_all(ctl, &before);

	while (!ret && rest(screen) && !ferror(stdout)) {
		u64 now;

		ret = get_all(ctl, &cells);
		if (ret)
			break;
		now = now_ms();
		draw(rows, make_rows(cells, before, rows), MAX(now - then, 1), screen);
		fflush(stdout);
		then = now;
		json_decref(before);
		before = cells;
		cells = NULL;
		if (count && ++shown == count)
			break;
	}
	json_decref(before);
	json_decref(cells);
	return ret;
}

static int run_top(const struct command *self, int argc, char **argv)
{
	const char *count_text = NULL;
	const struct option_spec opts[] = { { .name = "count", .value = &count_text } };
	int ret = parse_options(self, argc, argv, opts, ARRAY_SIZE(opts), NULL, 0, 0);
	bool screen = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
	struct ctl ctl = { 0 };
	u64 count = 0;

	if (ret)
		return ret < 0 ? EXIT_OK : ret;
	if (count_text && (!parse_decimal(count_text, UINT32_MAX, &count) || !count))
		return usage_error(self, "'%s' is not a number of pictures", count_text);
	ret = ctl_open(&ctl);
	if (!ret && screen && !terminal_borrow(STDIN_FILENO))
		fputs("\033[?1049h\033[?25l", stdout);
	else
		screen = false;
	if (!ret)
		ret = show(&ctl, count, screen);
	if (screen) {
		fputs("\033[?25h\033[?1049l", stdout);
		fflush(stdout);
		terminal_restore();
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
