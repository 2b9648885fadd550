/* SPDX-License-Identifier: GPL-2.0 */
/* Raw terminals that are always put back. */
#ifndef AXVMCTL_TERMINAL_H
#define AXVMCTL_TERMINAL_H

/**
 * terminal_raw() - hand every byte through unchanged
 * @fd: a terminal
 *
 * Return: 0, or -1 with errno.
 */
int terminal_raw(int fd);

/**
 * terminal_borrow() - terminal_raw() until terminal_restore() or the end of the program
 *
 * For the user's own terminal; there can be one.
 */
int terminal_borrow(int fd);
void terminal_restore(void);

#endif
