// SPDX-License-Identifier: GPL-2.0
/*
 * axvmctl console: the user's terminal, or a pipe, and the cell's tty, joined in
 * both directions until one of them ends.
 */
#include <errno.h>
#include <fcntl.h>
#include <netlink/netlink.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/file.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#include "number.h"
#include "options.h"
#include "reply.h"
#include "terminal.h"

#define ESCAPE		0x1d	/* Ctrl-] */
#define DEFAULT_IDLE	2	/* seconds */
#define LAST_WORDS	300	/* ms; output on its way when its cell stopped */

enum { IN, TTY_FD, SIGNALS, EVENTS, NR_FDS };

struct session {
	const char *name;
	int tty, signals;
	struct ctl events;
	bool interactive;	/* stdin is a terminal */
	bool input_done;	/* stdin has ended */
	bool cell_ended;	/* it stopped, and nobody is there to start it again */
	bool finished;
	int code;		/* exit code, once finished */
	u64 idle_ms;		/* after the end of input leave when this quiet; 0: never */
	u64 last_output;	/* ms */
	const char *until;	/* leave when this was printed, or NULL */
	size_t matched;		/* bytes of it seen */
	char pending[4096];	/* from stdin, not yet taken by the tty */
	size_t nr_pending;
};

static u64 now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000ULL + ts.tv_nsec / 1000000;
}

static void finish(struct session *s, int code)
{
	if (!s->finished)
		s->code = code;
	s->finished = true;
}

/* Of the bytes up to here, how many at the end are the start of the wanted text? */
static void match(struct session *s, char c)
{
	size_t n = s->matched;

	if (!s->until || s->finished)
		return;
	while (s->until[n] != c) {
		size_t shorter = n;

		if (!n)
			break;
		while (--shorter && strncmp(s->until, s->until + n - shorter, shorter))
			;
		n = shorter;
	}
	s->matched = n + (s->until[n] == c);
	if (!s->until[s->matched])
		finish(s, EXIT_OK);
}

static bool write_all(int fd, const char *data, size_t len)
{
	while (len) {
		ssize_t n = write(fd, data, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		data += n;
		len -= n;
	}
	return true;
}

/* Return: false when there is nothing to read now. */
static bool pass_output(struct session *s)
{
	char buf[4096];
	ssize_t n = read(s->tty, buf, sizeof(buf));

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return false;
	if (n <= 0) {
		finish(s, EXIT_CELL_GONE);
		return false;
	}
	s->last_output = now_ms();
	if (!write_all(STDOUT_FILENO, buf, n))
		finish(s, EXIT_FAILED);
	for (ssize_t i = 0; i < n; i++)
		match(s, buf[i]);
	return true;
}

static void flush_input(struct session *s)
{
	ssize_t n;

	if (!s->nr_pending)
		return;
	n = write(s->tty, s->pending, s->nr_pending);
	if (n < 0 && errno != EAGAIN && errno != EINTR)
		finish(s, EXIT_CELL_GONE);
	if (n <= 0)
		return;
	s->nr_pending -= n;
	memmove(s->pending, s->pending + n, s->nr_pending);
}

static void take_input(struct session *s)
{
	char buf[sizeof(s->pending)];
	size_t room = sizeof(s->pending) - s->nr_pending;
	ssize_t n;
	char *escape;

	/* What a person types while the guest takes nothing is lost, but not Ctrl-]. */
	n = read(STDIN_FILENO, buf, s->interactive ? sizeof(buf) : room);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) {
		s->input_done = true;
		s->last_output = now_ms();
		return;
	}
	escape = s->interactive ? memchr(buf, ESCAPE, n) : NULL;
	if (escape) {
		n = escape - buf;
		finish(s, EXIT_OK);
	}
	n = MIN((size_t)n, room);
	memcpy(s->pending + s->nr_pending, buf, n);
	s->nr_pending += n;
}

/* In raw mode a new line needs both characters. */
static void say(const struct session *s, const char *what, const char *detail)
{
	const char *end = s->interactive ? "\r\n" : "\n";

	fprintf(stderr, "%saxvmctl: cell '%s' %s%s%s%s", s->interactive ? "\r\n" : "", s->name,
		what, *detail ? ": " : "", detail, end);
}

static bool is_end(const char *state)
{
	return !strcmp(state, "stopped") || !strcmp(state, "failed");
}

static void cell_ended(struct session *s, const char *state)
{
	if (s->interactive)
		return;
	s->cell_ended = true;
	s->last_output = now_ms();
	s->code = strcmp(state, "failed") ? EXIT_OK : EXIT_FAILED;
}

static void on_event(struct nlmsghdr *answer, void *arg)
{
	struct session *s = arg;
	json_t *event = reply_cell(answer);
	const char *kind = get_string(event, "event"), *state = get_string(event, "state");
	const json_t *stop = get_stop(event);

	if (!strcmp(get_string(event, "name"), s->name) && !strcmp(kind, "state") &&
	    is_end(state)) {
		say(s, state, stop ? get_string(stop, "text") : "");
		cell_ended(s, state);
	}
	json_decref(event);
}

/* How long to wait for more, in ms; -1: for ever. */
static int timeout(const struct session *s)
{
	u64 quiet = now_ms() - s->last_output, limit = s->idle_ms;

	if (s->cell_ended)
		limit = LAST_WORDS;
	else if (!s->input_done || s->interactive || !s->idle_ms || s->until)
		return -1;
	return quiet >= limit ? 0 : (int)(limit - quiet);
}

/* The exit code that a shell gives to a command that a signal ended. */
static void on_signal(struct session *s)
{
	struct signalfd_siginfo info;

	if (read(s->signals, &info, sizeof(info)) == sizeof(info))
		finish(s, 128 + info.ssi_signo);
}

static void serve(struct session *s, struct pollfd *fds)
{
	int ready = poll(fds, NR_FDS, timeout(s));

	if (!ready)
		finish(s, s->code);
	if (ready <= 0)
		return;
	if (fds[SIGNALS].revents)
		on_signal(s);
	if (fds[IN].revents)
		take_input(s);
	flush_input(s);
	if (fds[TTY_FD].revents & (POLLIN | POLLHUP | POLLERR))
		pass_output(s);
	if (fds[EVENTS].revents && !ctl_next_events(&s->events, -1, on_event, s))
		finish(s, EXIT_FAILED);
}

static int run_session(struct session *s)
{
	bool input_open;

	s->last_output = now_ms();
	while (!s->finished) {
		struct pollfd fds[NR_FDS] = {
			[TTY_FD] = { .fd = s->tty, .events = POLLIN },
			[SIGNALS] = { .fd = s->signals, .events = POLLIN },
			[EVENTS] = { .fd = nl_socket_get_fd(s->events.sock), .events = POLLIN },
		};

		input_open = !s->input_done &&
			     (s->interactive || s->nr_pending < sizeof(s->pending));
		fds[IN] = (struct pollfd){ .fd = input_open ? STDIN_FILENO : -1,
					   .events = POLLIN };
		if (s->nr_pending)
			fds[TTY_FD].events |= POLLOUT;
		serve(s, fds);
	}
	terminal_restore();
	if (s->code == EXIT_CELL_GONE)
		say(s, "is gone: it was destroyed", "");
	if (s->until && s->until[s->matched] && !s->code)
		return fail(EXIT_FAILED, "the cell has not printed '%s'", s->until);
	return s->code;
}

static int open_tty(struct session *s, const char *path)
{
	s->tty = open(path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	if (s->tty < 0)
		return fail(errno == EACCES ? EXIT_NOT_PERMITTED : EXIT_FAILED,
			    "cannot open '%s': %s", path, strerror(errno));
	if (flock(s->tty, LOCK_EX | LOCK_NB))
		return fail(EXIT_BUSY, "the console of '%s' is attached elsewhere", s->name);
	if (terminal_raw(s->tty))
		return fail(EXIT_FAILED, "'%s' is not a terminal: %s", path, strerror(errno));
	return EXIT_OK;
}

static int catch_signals(struct session *s)
{
	sigset_t set;

	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGQUIT);
	sigprocmask(SIG_BLOCK, &set, NULL);
	s->signals = signalfd(-1, &set, SFD_CLOEXEC);
	return s->signals < 0 ? fail(EXIT_FAILED, "signalfd: %s", strerror(errno)) : EXIT_OK;
}

static int open_session(struct session *s, const json_t *cell)
{
	int ret;

	s->name = get_string(cell, "name");
	if (!json_object_get(cell, "console"))
		return fail(EXIT_FAILED, "cell '%s' has no console: its cell.json says so", s->name);
	ret = open_tty(s, get_string(cell, "console"));
	if (!ret)
		ret = catch_signals(s);
	if (ret)
		return ret;
	s->interactive = isatty(STDIN_FILENO);
	if (is_end(get_string(cell, "state")))
		cell_ended(s, get_string(cell, "state"));
	if (!s->interactive)
		return EXIT_OK;
	fprintf(stderr, "axvmctl: attached to '%s'; Ctrl-] leaves\n", s->name);
	if (terminal_borrow(STDIN_FILENO))
		return fail(EXIT_FAILED, "cannot use the terminal: %s", strerror(errno));
	return EXIT_OK;
}

/* Listens first, so that no change of state goes unseen. */
static int attach(struct session *s, struct ctl *ctl, const char *name)
{
	json_t *cell = NULL;
	int ret = ctl_open(&s->events);

	if (!ret)
		ret = ctl_listen(&s->events);
	if (!ret)
		ret = ctl_simple(ctl, AXVM_CMD_CELL_GET, name, reply_set_cell, &cell);
	if (!ret)
		ret = open_session(s, cell);
	if (!ret)
		ret = run_session(s);
	json_decref(cell);
	return ret;
}

static int run_console(const struct command *self, int argc, char **argv)
{
	const char *name, *idle = NULL;
	struct session s = { .tty = -1, .signals = -1 };
	const struct option_spec opts[] = {
		{ .name = "idle", .value = &idle },
		{ .name = "until", .value = &s.until },
	};
	int ret = parse_options(self, argc, argv, opts, ARRAY_SIZE(opts), &name, 1, 1);
	u64 seconds = DEFAULT_IDLE;
	struct ctl ctl;

	if (ret)
		return ret < 0 ? EXIT_OK : ret;
	if (idle && !parse_decimal(idle, 86400, &seconds))
		return usage_error(self, "'%s' is not a number of seconds", idle);
	if (s.until && !*s.until)
		return usage_error(self, "option '--until' needs a text");
	s.idle_ms = seconds * 1000;
	ret = ctl_open(&ctl);
	if (!ret)
		ret = attach(&s, &ctl, name);
	ctl_close(&ctl);
	ctl_close(&s.events);
	if (s.tty >= 0)
		close(s.tty);
	return ret;
}

const struct command cmd_console = {
	"console", "[--until=TEXT] [--idle=SECONDS] NAME", "Attach to a cell's console; Ctrl-] leaves",
	"When stdin is no terminal, it is sent to the cell. After its end the command goes\n"
	"on printing until the cell stops, or has printed nothing for a while.\n\n"
	"Options:\n"
	"  --until=TEXT    leave as soon as the cell has printed TEXT (and not for silence)\n"
	"  --idle=SECONDS  how long the cell must be silent after the end of stdin; default 2,\n"
	"                  0 for never\n\n"
	"Exit code 9 says that the cell was destroyed meanwhile, 1 that it failed.\n\n"
	"Examples:\n"
	"  axvmctl console debian\n"
	"  axvmctl console debian --until='login:' </dev/null\n"
	"  echo 'uname -a' | axvmctl console debian\n", run_console,
};
