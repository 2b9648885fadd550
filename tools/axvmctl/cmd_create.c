// SPDX-License-Identifier: GPL-2.0
/* axvmctl create: from a cell.json to a running cell. */
#include <errno.h>
#include <stdlib.h>

#include "options.h"
#include "progress.h"
#include "reply.h"
#include "request.h"

/* The guest's clock, which a kernel's command line names. */
static int ask_clock(struct ctl *ctl, u32 *khz)
{
	json_t *info = NULL;
	int ret = ctl_request(ctl, ctl_new(ctl, AXVM_CMD_INFO_GET, 0), reply_set_info, &info);

	*khz = get_integer(info, "clock_khz");
	json_decref(info);
	return ret;
}

static int send_create(struct ctl *ctl, const struct machine *m, json_t **cell)
{
	struct progress progress;
	int ret;

	progress_start(&progress, m->cfg->name);
	ret = ctl_request(ctl, request_create(ctl, m), reply_set_cell, cell);
	progress_stop(&progress);
	/* The module refused what the file asks for. */
	if (ctl->error == -EINVAL || ctl->error == -ERANGE || ctl->error == -EOVERFLOW)
		return EXIT_CONFIG;
	/* There is no cell yet that could be missing. */
	return ret == EXIT_NO_CELL ? EXIT_FAILED : ret;
}

/* A create that cannot start leaves nothing behind. */
static int start(struct ctl *ctl, const char *name, json_t **cell)
{
	int ret = ctl_simple(ctl, AXVM_CMD_CELL_START, name, NULL, NULL);

	if (ret) {
		ctl_simple(ctl, AXVM_CMD_CELL_DESTROY, name, NULL, NULL);
		return ret;
	}
	json_decref(*cell);
	*cell = NULL;
	return ctl_simple(ctl, AXVM_CMD_CELL_GET, name, reply_set_cell, cell);
}

static int create(struct ctl *ctl, const struct config *cfg, bool no_start, json_t **cell)
{
	struct machine *m = calloc(1, sizeof(*m));
	u32 khz;
	int ret;

	if (!m)
		return fail(EXIT_FAILED, "out of memory");
	ret = ask_clock(ctl, &khz);
	if (!ret)
		ret = machine_build(m, cfg, khz);
	if (!ret)
		ret = send_create(ctl, m, cell);
	if (!ret && !no_start)
		ret = start(ctl, cfg->name, cell);
	machine_free(m);
	free(m);
	return ret;
}

static void print_created(const json_t *cell, bool json)
{
	json_t *brief;

	if (!json) {
		puts(get_string(cell, "name"));
		return;
	}
	brief = json_pack("{s:I, s:s, s:s, s:O?}", "id", (json_int_t)get_integer(cell, "id"),
			  "name", get_string(cell, "name"), "state", get_string(cell, "state"),
			  "console", json_object_get(cell, "console"));
	print_json(brief, false);
	json_decref(brief);
}

static int run_create(const struct command *self, int argc, char **argv)
{
	bool json = false, no_start = false;
	const struct option_spec opts[] = {
		{ .name = "json", .flag = &json },
		{ .name = "no-start", .flag = &no_start },
	};
	const char *path;
	int ret = parse_options(self, argc, argv, opts, ARRAY_SIZE(opts), &path, 1, 1);
	struct config *cfg;
	json_t *cell = NULL;
	struct ctl ctl = { 0 };

	if (ret)
		return ret < 0 ? EXIT_OK : ret;
	cfg = calloc(1, sizeof(*cfg));
	if (!cfg)
		return fail(EXIT_FAILED, "out of memory");
	ret = config_load(cfg, path);
	if (!ret)
		ret = ctl_open(&ctl);
	if (!ret)
		ret = create(&ctl, cfg, no_start, &cell);
	if (!ret)
		print_created(cell, json);
	json_decref(cell);
	ctl_close(&ctl);
	config_free(cfg);
	free(cfg);
	return ret;
}

const struct command cmd_create = {
	"create", "[--no-start] [--json] FILE", "Create a cell from a cell.json, and start it",
	"Takes the CPUs and the memory that the file asks for from Linux, loads the\n"
	"images and starts the cell. Prints its name. On any error everything is as before.\n\n"
	"Options:\n"
	"  --no-start  leave it in state loaded\n"
	"  --json      print an object with id, name, state and console\n\n"
	"Examples:\n"
	"  axvmctl create debian.json\n"
	"  axvmctl create --no-start debian.json && axvmctl start debian\n", run_create,
};
