/* SPDX-License-Identifier: GPL-2.0 */
/* Command line options of a subcommand. */
#ifndef AXVMCTL_OPTIONS_H
#define AXVMCTL_OPTIONS_H

#include "axvmctl.h"

/**
 * struct option_spec - one option
 * @name: long name, without dashes
 * @flag: set to true when given; NULL for an option with an argument
 * @value: set to the argument; NULL for a flag
 */
struct option_spec {
	const char *name;
	bool *flag;
	const char **value;
};

/**
 * parse_options() - read options and operands
 * @opts: the subcommand's own options; --help and -h are always understood
 * @operands: filled in; missing ones are NULL
 * @min: fewest operands
 * @max: most operands
 *
 * Options may stand before or after operands; "--" ends them.
 * Return: EXIT_OK to go on, EXIT_USAGE after a message, or -1 after --help.
 */
int parse_options(const struct command *cmd, int argc, char **argv,
		  const struct option_spec *opts, size_t nr_opts,
		  const char **operands, int min, int max);

#endif
