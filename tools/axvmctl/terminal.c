// SPDX-License-Identifier: GPL-2.0
/* Raw terminals that are always put back. */
#include <stdlib.h>
#include <termios.h>

#include "terminal.h"

static int borrowed = -1;
static struct termios before;

int terminal_raw(int fd)
{
	struct termios raw;

	if (tcgetattr(fd, &raw))
		return -1;
	cfmakeraw(&raw);
	return tcsetattr(fd, TCSANOW, &raw);
}

void terminal_restore(void)
{
	if (borrowed >= 0)
		tcsetattr(borrowed, TCSADRAIN, &before);
	borrowed = -1;
}

int terminal_borrow(int fd)
{
	if (tcgetattr(fd, &before))
		return -1;
	borrowed = fd;
	atexit(terminal_restore);
	return terminal_raw(fd);
}
