/* SPDX-License-Identifier: GPL-2.0 */
/* What all parts of axvmctl share: exit codes, messages, the subcommands. */
#ifndef AXVMCTL_H
#define AXVMCTL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define AXVMCTL_VERSION	"0.1.0"

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))
#define ALIGN_UP(x, a)	(((x) + (a) - 1) & ~((u64)(a) - 1))
#define ALIGN_DOWN(x, a) ((x) & ~((u64)(a) - 1))
#define MIN(a, b)	((a) < (b) ? (a) : (b))
#define MAX(a, b)	((a) > (b) ? (a) : (b))
#define __printf(fmt, args) __attribute__((format(printf, fmt, args)))

#define KIB		((u64)1024)
#define MIB		(1024 * KIB)
#define GIB		(1024 * MIB)
#define PAGE_SIZE	4096ULL

/* Exit codes; the man page says the same. */
enum exit_code {
	EXIT_OK = 0,
	EXIT_FAILED = 1,
	EXIT_USAGE = 2,		/* the command line */
	EXIT_CONFIG = 3,	/* cell.json, or a file that it names */
	EXIT_NO_CELL = 4,
	EXIT_NOT_PERMITTED = 5,
	EXIT_NO_MODULE = 6,
	EXIT_BUSY = 7,		/* taken by another, or not possible in the cell's state */
	EXIT_UNABLE = 8,	/* this machine cannot do it */
	EXIT_CELL_GONE = 9,	/* destroyed while the console was attached */
};

/**
 * fail() - say on stderr why a command ends
 * @code: the exit code that belongs to it
 *
 * Return: @code, so that a caller can say `return fail(EXIT_FAILED, ...)`.
 */
__printf(2, 3)
int fail(enum exit_code code, const char *fmt, ...);

/**
 * note() - say something on stderr that is not a failure
 */
__printf(1, 2)
void note(const char *fmt, ...);

/**
 * message_prepare - called before each message, to make it visible; NULL: nothing to do
 */
extern void (*message_prepare)(void);

/**
 * struct command - a subcommand
 * @name: as the user types it
 * @args: what follows it, for the usage line
 * @summary: one line for `axvmctl help`
 * @help: options and examples, for `axvmctl NAME --help`
 * @run: gets argv with argv[0] the subcommand's name; returns an exit code
 */
struct command {
	const char *name;
	const char *args;
	const char *summary;
	const char *help;
	int (*run)(const struct command *self, int argc, char **argv);
};

extern const struct command cmd_create, cmd_start, cmd_stop, cmd_suspend, cmd_resume, cmd_reset,
			    cmd_destroy, cmd_list, cmd_show, cmd_console, cmd_log, cmd_events,
			    cmd_check, cmd_version, cmd_stats, cmd_top, cmd_record, cmd_inject,
			    cmd_dev, cmd_pci, cmd_ivc, cmd_mem, cmd_irq;

/**
 * command_help() - print a subcommand's usage, options and examples on stdout
 */
void command_help(const struct command *cmd);

/**
 * usage_error() - say what is wrong with the command line, and where help is
 *
 * Return: EXIT_USAGE.
 */
__printf(2, 3)
int usage_error(const struct command *cmd, const char *fmt, ...);

#endif
