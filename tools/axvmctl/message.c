// SPDX-License-Identifier: GPL-2.0
/* Messages for people, on stderr. */
#include <stdarg.h>

#include "axvmctl.h"

void (*message_prepare)(void);

static void say(const char *fmt, va_list args)
{
	if (message_prepare)
		message_prepare();
	fflush(stdout);
	fputs("axvmctl: ", stderr);
	vfprintf(stderr, fmt, args);
	fputc('\n', stderr);
}

int fail(enum exit_code code, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	say(fmt, args);
	va_end(args);
	return code;
}

void note(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	say(fmt, args);
	va_end(args);
}
