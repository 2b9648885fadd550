/* SPDX-License-Identifier: GPL-2.0 */
/* What happened, as lines of text: a bounded log for each cell and one for the module. */
#ifndef AXVM_LOG_H
#define AXVM_LOG_H

#include <linux/types.h>

struct axvm_cell;

#define AXVM_LOG_TEXT	160

/**
 * struct axvm_log_line - one message
 * @seq: counts from 1; a gap means that lines were overwritten
 * @time: CLOCK_REALTIME in nanoseconds
 */
struct axvm_log_line {
	u64 seq;
	u64 time;
	char text[AXVM_LOG_TEXT];
};

/**
 * axvm_log_new() - an empty log
 *
 * May sleep. Return: NULL when there is no memory.
 */
struct axvm_log *axvm_log_new(void);
void axvm_log_free(struct axvm_log *log);

/**
 * axvm_log() - add a line
 * @cell: whose log; NULL: the module's
 *
 * Any context but NMI. The oldest line goes when the log is full.
 */
__printf(2, 3)
void axvm_log(struct axvm_cell *cell, const char *fmt, ...);

/**
 * axvm_log_read() - copy the oldest line that the reader has not seen
 * @cell: whose log, or NULL: the module's
 * @after: the last seq that the reader has, 0: none
 *
 * Any context but NMI. Return: false when there is none.
 */
bool axvm_log_read(struct axvm_cell *cell, u64 after, struct axvm_log_line *line);

/**
 * axvm_log_last() - seq of the newest line, 0: there is none
 */
u64 axvm_log_last(struct axvm_cell *cell);

/**
 * axvm_log_drain_core() - turn what a cell's cores recorded into lines
 *
 * Bounded by the size of the core's ring. One caller at a time.
 * Return: was there anything?
 */
bool axvm_log_drain_core(struct axvm_cell *cell);

#endif
