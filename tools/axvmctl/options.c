// SPDX-License-Identifier: GPL-2.0
/* Command line options of a subcommand: --flag, --name=VALUE, --name VALUE. */
#include <string.h>

#include "options.h"

static const struct option_spec *find_option(const char *name, size_t len,
					     const struct option_spec *opts, size_t nr)
{
	for (size_t i = 0; i < nr; i++)
		if (strlen(opts[i].name) == len && !strncmp(opts[i].name, name, len))
			return &opts[i];
	return NULL;
}

/* Return: how many arguments were used up, or 0 after a message. */
static int take_option(const struct command *cmd, char **argv, const struct option_spec *opts,
		       size_t nr)
{
	const char *name = argv[0] + 2, *equals = strchr(name, '=');
	size_t len = equals ? (size_t)(equals - name) : strlen(name);
	const struct option_spec *opt = find_option(name, len, opts, nr);

	if (argv[0][1] != '-' || !opt) {
		usage_error(cmd, "unknown option '%s'", argv[0]);
		return 0;
	}
	if (opt->flag) {
		if (equals) {
			usage_error(cmd, "option '--%s' takes no value", opt->name);
			return 0;
		}
		*opt->flag = true;
		return 1;
	}
	*opt->value = equals ? equals + 1 : argv[1];
	if (!*opt->value) {
		usage_error(cmd, "option '--%s' needs a value", opt->name);
		return 0;
	}
	return equals ? 1 : 2;
}

int parse_options(const struct command *cmd, int argc, char **argv,
		  const struct option_spec *opts, size_t nr_opts,
		  const char **operands, int min, int max)
{
	bool only_operands = false;
	int nr = 0, used;

	for (int i = 0; i < max; i++)
		operands[i] = NULL;
	for (int i = 1; i < argc; i += used) {
		used = 1;
		if (!only_operands && !strcmp(argv[i], "--")) {
			only_operands = true;
		} else if (!only_operands && (!strcmp(argv[i], "--help") ||
					      !strcmp(argv[i], "-h"))) {
			command_help(cmd);
			return -1;
		} else if (!only_operands && argv[i][0] == '-' && argv[i][1]) {
			used = take_option(cmd, argv + i, opts, nr_opts);
			if (!used)
				return EXIT_USAGE;
		} else if (nr == max) {
			return usage_error(cmd, "unexpected argument '%s'", argv[i]);
		} else {
			operands[nr++] = argv[i];
		}
	}
	if (nr < min)
		return usage_error(cmd, "an argument is missing");
	return EXIT_OK;
}
