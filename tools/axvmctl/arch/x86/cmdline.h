/* SPDX-License-Identifier: GPL-2.0 */
/* The kernel command line. */
#ifndef AXVMCTL_CMDLINE_H
#define AXVMCTL_CMDLINE_H

#include "x86.h"

#define CMDLINE_MAX	2048	/* bytes, with the NUL; Linux takes no more on x86 */

/**
 * x86_cmdline() - the user's command line and what the machine adds to it
 * @room: size of @buf in bytes
 *
 * Adds what the user does not name: console= for the cell's UART, tsc_early_khz=
 * because there is no PIT to measure the TSC against, and tsc=reliable because
 * there is no better clock that could prove it wrong, only late ticks.
 * Return: an exit code, after a message.
 */
int x86_cmdline(const struct machine *m, char *buf, size_t room);

#endif
