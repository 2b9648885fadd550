// SPDX-License-Identifier: GPL-2.0
/* axvmctl start, stop, suspend, resume, reset, destroy: one request for each cell named. */
#include "ctl.h"
#include "options.h"

#define MAX_NAMES	64

static int send_each(const struct command *self, int argc, char **argv, int cmd)
{
	const char *names[MAX_NAMES];
	int ret = parse_options(self, argc, argv, NULL, 0, names, 1, MAX_NAMES);
	struct ctl ctl;

	if (ret)
		return ret < 0 ? EXIT_OK : ret;
	ret = ctl_open(&ctl);
	for (int i = 0; !ret && i < MAX_NAMES && names[i]; i++)
		ret = ctl_simple(&ctl, cmd, names[i], NULL, NULL);
	ctl_close(&ctl);
	return ret;
}

static int run_start(const struct command *self, int argc, char **argv)
{
	return send_each(self, argc, argv, AXVM_CMD_CELL_START);
}

static int run_stop(const struct command *self, int argc, char **argv)
{
	return send_each(self, argc, argv, AXVM_CMD_CELL_STOP);
}

static int run_suspend(const struct command *self, int argc, char **argv)
{
	return send_each(self, argc, argv, AXVM_CMD_CELL_SUSPEND);
}

static int run_resume(const struct command *self, int argc, char **argv)
{
	return send_each(self, argc, argv, AXVM_CMD_CELL_RESUME);
}

static int run_reset(const struct command *self, int argc, char **argv)
{
	return send_each(self, argc, argv, AXVM_CMD_CELL_RESET);
}

static int run_destroy(const struct command *self, int argc, char **argv)
{
	return send_each(self, argc, argv, AXVM_CMD_CELL_DESTROY);
}

#define ARGS	"NAME..."

const struct command cmd_start = {
	"start", ARGS, "Start a cell that is loaded or stopped",
	"A cell that stopped gets its images loaded again first.\n\n"
	"Examples:\n"
	"  axvmctl create --no-start debian.json && axvmctl start debian\n", run_start,
};

const struct command cmd_stop = {
	"stop", ARGS, "Stop a running or suspended cell",
	"The guest is not asked. The cell keeps its CPUs and memory; 'start' runs it again.\n\n"
	"Examples:\n"
	"  axvmctl stop debian\n", run_stop,
};

const struct command cmd_suspend = {
	"suspend", ARGS, "Make a running cell pause",
	"The guest's state is kept and its time goes on.\n\n"
	"Examples:\n"
	"  axvmctl suspend debian; axvmctl resume debian\n", run_suspend,
};

const struct command cmd_resume = {
	"resume", ARGS, "Let a suspended cell go on",
	"Examples:\n"
	"  axvmctl resume debian\n", run_resume,
};

const struct command cmd_reset = {
	"reset", ARGS, "Start a cell from the beginning",
	"Memory is cleared, the images are loaded again, and vCPU 0 starts.\n\n"
	"Examples:\n"
	"  axvmctl reset debian\n", run_reset,
};

const struct command cmd_destroy = {
	"destroy", ARGS, "Stop a cell and give its CPUs and memory back to Linux",
	"The memory is cleared before Linux gets it.\n\n"
	"Examples:\n"
	"  axvmctl destroy debian\n"
	"  axvmctl destroy $(axvmctl list --json | jq -r '.[].name')\n", run_destroy,
};
