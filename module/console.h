/* SPDX-License-Identifier: GPL-2.0 */
/* A cell's console: /dev/ttyAXVMn, whose other end are the rings of core_cell. */
#ifndef AXVM_CONSOLE_H
#define AXVM_CONSOLE_H

#include <linux/types.h>

struct axvm_cell;
struct axvm_error;

int axvm_console_init(void);
void axvm_console_exit(void);

/**
 * axvm_console_create() - make the tty of a cell
 * @cell: ->core is set; ->console is filled in
 *
 * May sleep. Return: 0 or a negative errno.
 */
int axvm_console_create(struct axvm_cell *cell, struct axvm_error *err);

/**
 * axvm_console_destroy() - hang up whoever is attached, remove the tty
 *
 * Harmless without a console. May sleep; caller does not hold axvm_cells_lock.
 */
void axvm_console_destroy(struct axvm_cell *cell);

/**
 * axvm_console_minor() - number of the tty, or -1 without a console
 */
int axvm_console_minor(struct axvm_cell *cell);

/**
 * axvm_console_drain() - move what the guest wrote towards the reader
 *
 * Bounded. Caller holds axvm_cells_lock.
 * Return: shall it be called again soon?
 */
bool axvm_console_drain(struct axvm_cell *cell);

#endif
