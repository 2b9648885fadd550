// SPDX-License-Identifier: GPL-2.0
/* axvmctl check and version: can this machine run cells, and is this file right? */
#include <inttypes.h>
#include <stdlib.h>
#include <unistd.h>

#include "describe.h"
#include "number.h"
#include "options.h"
#include "reply.h"

/* Return: an exit code; *machine is set to a description. */
static int check_file(const char *path, json_t **machine)
{
	struct config *cfg = calloc(1, sizeof(*cfg));
	struct machine *m = calloc(1, sizeof(*m));
	int ret;

	if (!cfg || !m)
		exit(fail(EXIT_FAILED, "out of memory"));
	ret = config_load(cfg, path);
	if (!ret)
		ret = machine_build(m, cfg, 0);
	if (!ret)
		*machine = describe_machine(m);
	machine_free(m);
	config_free(cfg);
	free(m);
	free(cfg);
	return ret;
}

static void print_machine(const char *path, const json_t *machine)
{
	json_t *image, *region;
	char size[24];
	u64 sum = 0;
	size_t i;

	json_array_foreach(json_object_get(machine, "memory"), i, region)
		sum += get_integer(region, "size");
	printf("%s: ok: cell '%s', %" PRIu64 " vCPU%s, %s of memory\n", path,
	       get_string(machine, "name"), get_integer(machine, "vcpus"),
	       get_integer(machine, "vcpus") == 1 ? "" : "s", format_size(sum, size));
	json_array_foreach(json_object_get(machine, "images"), i, image)
		printf("  GPA %-12s %10" PRIu64 " bytes  %s\n", get_string(image, "gpa"),
		       get_integer(image, "size"), get_string(image, "name"));
}

/* Return: EXIT_OK, or EXIT_UNABLE when a requirement is not met. */
static int print_info(const json_t *info, bool json)
{
	int ret = EXIT_OK;
	json_t *req;
	size_t i;

	json_array_foreach(json_object_get(info, "requirements"), i, req) {
		bool ok = json_is_true(json_object_get(req, "ok"));

		if (!ok)
			ret = EXIT_UNABLE;
		if (!json)
			printf("%-4s %-20s %s\n", ok ? "ok" : "FAIL", get_string(req, "name"),
			       get_string(req, "detail"));
	}
	if (!json)
		puts(ret ? "This machine cannot run cells; see FAIL above." :
		     "This machine can run cells.");
	return ret;
}

static int ask_info(json_t **info)
{
	struct ctl ctl;
	int ret = ctl_open(&ctl);

	if (!ret)
		ret = ctl_request(&ctl, ctl_new(&ctl, AXVM_CMD_INFO_GET, 0), reply_set_info, info);
	ctl_close(&ctl);
	return ret;
}

static int check(const char *path, bool json, bool offline)
{
	json_t *machine = NULL, *info = NULL, *all;
	int ret = path ? check_file(path, &machine) : EXIT_OK;

	if (!ret && machine && !json)
		print_machine(path, machine);
	if (!ret && !offline)
		ret = ask_info(&info);
	if (info)
		ret = print_info(info, json);
	if (json && (info || machine)) {
		all = info ? json_incref(info) : json_object();
		if (machine)
			json_object_set(all, "cell", machine);
		if (info)
			json_object_set_new(all, "able", json_boolean(!ret));
		print_json(all, false);
		json_decref(all);
	}
	json_decref(machine);
	json_decref(info);
	return ret;
}

static int run_check(const struct command *self, int argc, char **argv)
{
	bool json = false, offline = false;
	const struct option_spec opts[] = {
		{ .name = "json", .flag = &json },
		{ .name = "offline", .flag = &offline },
	};
	const char *path;
	int ret = parse_options(self, argc, argv, opts, ARRAY_SIZE(opts), &path, 0, 1);

	if (ret)
		return ret < 0 ? EXIT_OK : ret;
	if (offline && !path)
		return usage_error(self, "with --offline a FILE is needed");
	return check(path, json, offline);
}

static int run_version(const struct command *self, int argc, char **argv)
{
	bool json = false;
	const struct option_spec opts[] = { { .name = "json", .flag = &json } };
	int ret = parse_options(self, argc, argv, opts, ARRAY_SIZE(opts), NULL, 0, 0);
	json_t *info = NULL, *versions;

	if (ret)
		return ret < 0 ? EXIT_OK : ret;
	/* A missing module is not an error here, but it is said. */
	ask_info(&info);
	if (json) {
		versions = json_pack("{s:s, s:O?}", "axvmctl", AXVMCTL_VERSION,
				     "module", json_object_get(info, "version"));
		print_json(versions, false);
		json_decref(versions);
	} else {
		printf("axvmctl %s\n", AXVMCTL_VERSION);
		if (info)
			printf("module  %s (%s, core of %" PRIu64 " bytes)\n",
			       get_string(info, "version"), get_string(info, "arch"),
			       get_integer(info, "core_size"));
	}
	json_decref(info);
	return EXIT_OK;
}

const struct command cmd_check = {
	"check", "[--json] [--offline] [FILE]", "Check this machine, and a cell.json",
	"Prints which requirements this machine meets. With FILE, reads it and everything\n"
	"that it names as 'create' would, and touches nothing.\n\n"
	"Options:\n"
	"  --offline  only the file; the module need not be loaded\n"
	"  --json     for programs; \"cell\" has the memory layout and the images' places\n\n"
	"Exit code 8 says that a requirement is not met, 3 that the file is wrong.\n\n"
	"Examples:\n"
	"  axvmctl check\n"
	"  axvmctl check --offline debian.json\n", run_check,
};

const struct command cmd_version = {
	"version", "[--json]", "Print the versions of the command and of the module",
	"Examples:\n"
	"  axvmctl version\n", run_version,
};
