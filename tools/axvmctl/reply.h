/* SPDX-License-Identifier: GPL-2.0 */
/* The module's answers as JSON, which is also what the text output is made from. */
#ifndef AXVMCTL_REPLY_H
#define AXVMCTL_REPLY_H

#include "ctl.h"

/* Return: a new object; running out of memory ends the program. */
json_t *reply_cell(struct nlmsghdr *answer);
json_t *reply_info(struct nlmsghdr *answer);

/* ctl_answer functions: @arg is a json_t * array to append to. */
void reply_append_cell(struct nlmsghdr *answer, void *arg);
void reply_append_ivc(struct nlmsghdr *answer, void *arg);

/* ctl_answer functions: @arg is a json_t ** to set. */
void reply_set_cell(struct nlmsghdr *answer, void *arg);
void reply_set_info(struct nlmsghdr *answer, void *arg);
void reply_set_ivc(struct nlmsghdr *answer, void *arg);

/* Access that gives something printable when a key is absent. */
const char *get_string(const json_t *object, const char *key);
u64 get_integer(const json_t *object, const char *key);

/**
 * get_stop() - why a cell stopped, or NULL when it did not
 * @cell: what reply_cell() made
 */
const json_t *get_stop(const json_t *cell);

/**
 * print_json() - print a value for programs, on stdout
 * @lines: on one line, for a stream of values
 */
void print_json(const json_t *value, bool one_line);

/**
 * print_host_irqs() - a cell's wired interrupts as text, a line each
 * @irqs: member "host_irqs", or NULL
 * @before: what each line starts with
 */
void print_host_irqs(const json_t *irqs, const char *before);

#endif
