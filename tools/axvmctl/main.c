// SPDX-License-Identifier: GPL-2.0
/* axvmctl: create, watch and destroy cells. Each subcommand is in its cmd_*.c. */
#include <locale.h>
#include <stdarg.h>
#include <string.h>

#include "axvmctl.h"
#include "suggest.h"

static const struct command *const commands[] = {
	&cmd_create,
	&cmd_start,
	&cmd_stop,
	&cmd_suspend,
	&cmd_resume,
	&cmd_reset,
	&cmd_destroy,
	&cmd_list,
	&cmd_show,
	&cmd_stats,
	&cmd_top,
	&cmd_record,
	&cmd_mem,
	&cmd_ivc,
	&cmd_inject,
	&cmd_irq,
	&cmd_pci,
	&cmd_dev,
	&cmd_console,
	&cmd_log,
	&cmd_events,
	&cmd_check,
	&cmd_version,
};

void command_help(const struct command *cmd)
{
	printf("usage: axvmctl %s%s%s\n\n%s.\n\n%s", cmd->name, *cmd->args ? " " : "", cmd->args,
	       cmd->summary, cmd->help);
}

int usage_error(const struct command *cmd, const char *fmt, ...)
{
	va_list args;

	fprintf(stderr, "axvmctl %s: ", cmd->name);
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fprintf(stderr, "; see 'axvmctl %s --help'\n", cmd->name);
	return EXIT_USAGE;
}

static void usage(FILE *to)
{
	fputs("usage: axvmctl COMMAND [ARGUMENT...]\n\n"
	      "Run isolated machines (cells) on CPUs and memory taken from Linux.\n\n", to);
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++)
		fprintf(to, "  %-9s %s\n", commands[i]->name, commands[i]->summary);
	fputs("  help      Show this, or the help of a command\n\n"
	      "'axvmctl COMMAND --help' has options and examples. A cell is named by its\n"
	      "name or its number.\n", to);
}

static const struct command *find_command(const char *name)
{
	const char *names[ARRAY_SIZE(commands) + 1], *near;

	for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
		if (!strcmp(commands[i]->name, name))
			return commands[i];
		names[i] = commands[i]->name;
	}
	names[ARRAY_SIZE(commands)] = NULL;
	near = suggest(name, names);
	if (near)
		fail(EXIT_USAGE, "no command '%s'; did you mean '%s'?", name, near);
	else
		fail(EXIT_USAGE, "no command '%s'; see 'axvmctl help'", name);
	return NULL;
}

int main(int argc, char **argv)
{
	const struct command *cmd;

	setlocale(LC_CTYPE, "");
	if (argc < 2) {
		usage(stderr);
		return EXIT_USAGE;
	}
	if (!strcmp(argv[1], "help") || !strcmp(argv[1], "--help") || !strcmp(argv[1], "-h")) {
		if (argc < 3 || argv[1][0] == '-') {
			usage(stdout);
			return EXIT_OK;
		}
		cmd = find_command(argv[2]);
		if (!cmd)
			return EXIT_USAGE;
		command_help(cmd);
		return EXIT_OK;
	}
	cmd = find_command(!strcmp(argv[1], "--version") ? "version" : argv[1]);
	return cmd ? cmd->run(cmd, argc - 1, argv + 1) : EXIT_USAGE;
}
