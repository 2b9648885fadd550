// SPDX-License-Identifier: GPL-2.0
/* Pictures that are drawn again and again: on the whole terminal, or one below the other. */
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "axvmctl.h"
#include "screen.h"
#include "terminal.h"

#define CTRL_C		3
#define MAX_LINE	1024
#define PICTURE		(64 * 1024)
#define ENTER		"\033[?1049h\033[?25l"	/* the alternate screen, no cursor */
#define LEAVE		"\033[?25h\033[?1049l"

static bool entered;
static volatile sig_atomic_t resized, ended;

static void on_resize(int signal)
{
	(void)signal;
	resized = 1;
}

static void on_end(int signal)
{
	(void)signal;
	ended = 1;
}

/* Without SA_RESTART, for poll() to notice. */
static void catch_signals(void)
{
	struct sigaction resize = { .sa_handler = on_resize }, end = { .sa_handler = on_end };

	sigaction(SIGWINCH, &resize, NULL);
	sigaction(SIGTERM, &end, NULL);
	sigaction(SIGHUP, &end, NULL);
	sigaction(SIGINT, &end, NULL);
}

void screen_close(void)
{
	if (!entered)
		return;
	entered = false;
	fputs(LEAVE, stdout);
	fflush(stdout);
	terminal_restore();
}

void screen_open(struct screen *s)
{
	*s = (struct screen) { .on = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO) };
	if (!s->on)
		return;
	catch_signals();
	if (terminal_borrow(STDIN_FILENO)) {
		s->on = false;
		return;
	}
	entered = true;
	atexit(screen_close);
	/* A message would be gone with the alternate screen. */
	message_prepare = screen_close;
	/* A picture is one write, or it would flicker. */
	setvbuf(stdout, NULL, _IOFBF, PICTURE);
	fputs(ENTER, stdout);
}

static int from_environment(const char *name, int otherwise)
{
	const char *text = getenv(name);
	int value = text ? atoi(text) : 0;

	return value > 0 ? value : otherwise;
}

void screen_begin(struct screen *s)
{
	struct winsize size = { 0 };

	s->used = 0;
	s->width = MAX_LINE;
	s->height = INT_MAX;
	if (!s->on)
		return;
	resized = 0;
	/* A serial console does not know how large it is. */
	ioctl(STDOUT_FILENO, TIOCGWINSZ, &size);
	s->width = size.ws_col ? size.ws_col : from_environment("COLUMNS", 80);
	s->height = size.ws_row ? size.ws_row : from_environment("LINES", 24);
	fputs("\033[H", stdout);
}

void screen_line(struct screen *s, const char *fmt, ...)
{
	char text[MAX_LINE];
	va_list args;

	if (s->used == s->height)
		return;
	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	/*
	 * The last column stays free: terminals differ in what erasing the
	 * rest of a full line does. The last line has no end, which would scroll.
	 */
	if (s->on)
		printf("%s%.*s\033[K", s->used ? "\r\n" : "", s->width - 1, text);
	else
		printf("%s\n", text);
	s->used++;
}

bool screen_end(const struct screen *s)
{
	if (s->on)
		fputs("\033[J", stdout);
	return !fflush(stdout) && !ferror(stdout);
}

int screen_room(const struct screen *s)
{
	return s->height - s->used;
}

long screen_clock(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

enum screen_event screen_wait(const struct screen *s, int *ms)
{
	struct pollfd in = { .fd = s->on ? STDIN_FILENO : -1, .events = POLLIN };
	long end = screen_clock() + *ms;
	char c;

	while (*ms > 0 && !resized && !ended) {
		int ready = poll(&in, 1, *ms);

		*ms = (int)(end - screen_clock());
		if (ready > 0 && (read(STDIN_FILENO, &c, 1) != 1 || c == 'q' || c == CTRL_C))
			return SCREEN_QUIT;
	}
	if (ended)
		return SCREEN_QUIT;
	return resized && *ms > 0 ? SCREEN_RESIZED : SCREEN_TIME;
}
