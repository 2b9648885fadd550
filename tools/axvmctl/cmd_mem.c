// SPDX-License-Identifier: GPL-2.0
/* axvmctl mem: the memory of cells that exist, whether they run or not. */
#include <inttypes.h>
#include <string.h>

#include "ctl.h"
#include "number.h"
#include "options.h"
#include "reply.h"

/* What the command line says; NULL: nothing. */
struct words {
	const char *gpa, *size, *type, *hpa, *flags, *to;
	bool json;
};

struct verb {
	const char *name;
	int cmd;
	bool type, hpa, flags, to;	/* options that it understands */
};

static const struct verb verbs[] = {
	{ "map", AXVM_CMD_MEMORY_MAP, .type = true, .hpa = true, .flags = true },
	{ "unmap", AXVM_CMD_MEMORY_UNMAP },
	{ "remap", AXVM_CMD_MEMORY_REMAP, .flags = true, .to = true },
};

static int put_number(const struct command *self, struct nl_msg *msg, int attr, const char *option,
		      const char *text)
{
	u64 value;

	if (!text)
		return EXIT_OK;
	if (!parse_number(text, &value))
		return usage_error(self, "--%s: '%s' is not " NUMBER_ACCEPTED, option, text);
	ctl_put_u64(msg, attr, value);
	return EXIT_OK;
}

static int put_type(const struct command *self, struct nl_msg *msg, const char *text)
{
	static const char *const types[] = { "alloc", "identical", "reserved" };

	if (!text)
		return EXIT_OK;
	for (u32 i = 0; i < ARRAY_SIZE(types); i++) {
		if (strcmp(types[i], text))
			continue;
		ctl_put_u32(msg, AXVM_A_MEMORY_TYPE, i);
		return EXIT_OK;
	}
	return usage_error(self, "--type: '%s' is none of alloc, identical, reserved", text);
}

static int put_flags(const struct command *self, struct nl_msg *msg, const char *text)
{
	static const char letters[] = "rwx";	/* bit 0, 1, 2: enum axvm_memory_flag */
	u32 flags = 0;

	if (!text)
		return EXIT_OK;
	if (strchr(text, 'd') || strchr(text, 'D'))
		return usage_error(self,
				   "--flags: memory cannot be device memory; a device's own address space is handed through as a device of type mmio");
	for (const char *p = text; *p; p++) {
		const char *letter = strchr(letters, *p);

		if (!letter || (flags & 1U << (letter - letters)))
			return usage_error(self, "--flags: '%s' is not made of r, w and x", text);
		flags |= 1U << (letter - letters);
	}
	ctl_put_u32(msg, AXVM_A_MEMORY_FLAGS, flags);
	return EXIT_OK;
}

static int check_words(const struct command *self, const struct verb *verb, const struct words *w)
{
	const struct { const char *option, *given; bool known; } all[] = {
		{ "type", w->type, verb->type }, { "hpa", w->hpa, verb->hpa },
		{ "flags", w->flags, verb->flags }, { "to", w->to, verb->to },
	};

	if (!w->gpa || !w->size)
		return usage_error(self, "%s needs --gpa and --size", verb->name);
	for (size_t i = 0; i < ARRAY_SIZE(all); i++)
		if (all[i].given && !all[i].known)
			return usage_error(self, "%s has no option --%s", verb->name,
					   all[i].option);
	return EXIT_OK;
}

static int change(const struct command *self, struct ctl *ctl, const struct verb *verb,
		  const char *name, const struct words *w)
{
	struct nl_msg *msg = ctl_new(ctl, verb->cmd, 0);
	struct nlattr *nest;
	int ret;

	ctl_put_cell(msg, name);
	nest = ctl_nest(msg, AXVM_A_CELL_MEMORY);
	ret = put_number(self, msg, AXVM_A_MEMORY_GPA, "gpa", w->gpa);
	ret = ret ? ret : put_number(self, msg, AXVM_A_MEMORY_SIZE, "size", w->size);
	ret = ret ? ret : put_type(self, msg, w->type);
	ret = ret ? ret : put_number(self, msg, AXVM_A_MEMORY_HPA, "hpa", w->hpa);
	ret = ret ? ret : put_flags(self, msg, w->flags);
	ret = ret ? ret : put_number(self, msg, AXVM_A_MEMORY_TO, "to", w->to);
	ctl_nest_end(msg, nest);
	if (!ret)
		return ctl_request(ctl, msg, NULL, NULL);
	nlmsg_free(msg);
	return ret;
}

/* The entries of all messages of the dump, in one list. */
static void append_memory(struct nlmsghdr *answer, void *arg)
{
	json_t *cell = reply_cell(answer);

	json_array_extend(arg, json_object_get(cell, "memory"));
	json_decref(cell);
}

static void print_memory(const json_t *list)
{
	char size[24];
	json_t *run;
	size_t i;

	printf("%-18s %-9s %-5s %-9s %s\n", "GPA", "SIZE", "FLAGS", "TYPE", "HPA");
	json_array_foreach((json_t *)list, i, run)
		printf("%-18s %-9s %-5s %-9s %s\n", get_string(run, "gpa"),
		       format_size(get_integer(run, "size"), size), get_string(run, "flags"),
		       get_string(run, "type"), get_string(run, "hpa"));
}

static int list(struct ctl *ctl, const char *name, bool json)
{
	struct nl_msg *msg = ctl_new(ctl, AXVM_CMD_MEMORY_GET, NLM_F_DUMP);
	json_t *memory = json_array();
	int ret;

	ctl_put_cell(msg, name);
	ret = ctl_request(ctl, msg, append_memory, memory);
	if (!ret && json)
		print_json(memory, false);
	else if (!ret)
		print_memory(memory);
	json_decref(memory);
	return ret;
}

static const struct verb *find_verb(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(verbs); i++)
		if (!strcmp(verbs[i].name, name))
			return &verbs[i];
	return NULL;
}

static int run_mem(const struct command *self, int argc, char **argv)
{
	struct words w = { 0 };
	const struct option_spec opts[] = {
		{ .name = "gpa", .value = &w.gpa }, { .name = "size", .value = &w.size },
		{ .name = "type", .value = &w.type }, { .name = "hpa", .value = &w.hpa },
		{ .name = "flags", .value = &w.flags }, { .name = "to", .value = &w.to },
		{ .name = "json", .flag = &w.json },
	};
	const char *operands[2];
	int ret = parse_options(self, argc, argv, opts, ARRAY_SIZE(opts), operands, 2, 2);
	const struct verb *verb;
	struct ctl ctl = { 0 };

	if (ret)
		return ret < 0 ? EXIT_OK : ret;
	verb = find_verb(operands[0]);
	if (!verb && strcmp(operands[0], "list"))
		return usage_error(self, "'%s' is none of map, unmap, remap, list", operands[0]);
	if (!verb && (w.gpa || w.size || w.type || w.hpa || w.flags || w.to))
		return usage_error(self, "list has no option but --json");
	if (verb && w.json)
		return usage_error(self, "%s has no option --json", verb->name);
	ret = verb ? check_words(self, verb, &w) : EXIT_OK;
	ret = ret ? ret : ctl_open(&ctl);
	if (!ret)
		ret = verb ? change(self, &ctl, verb, operands[1], &w) :
		      list(&ctl, operands[1], w.json);
	ctl_close(&ctl);
	return ret;
}

const struct command cmd_mem = {
	"mem", "map|unmap|remap|list [OPTION...] NAME", "Change or print the memory of a cell, while it runs",
	"map gives a cell memory, unmap gives some back to Linux (cleared), remap lets it\n"
	"appear at another GPA or with other flags. A reset keeps what there is then.\n\n"
	"Options:\n"
	"  --gpa=G         where in the guest; --size=S bytes. Whole pages\n"
	"  --type=TYPE     map: alloc (default), identical or reserved\n"
	"  --hpa=H         map: where in host memory, for reserved\n"
	"  --flags=FLAGS   map, remap: r, rw, rx or rwx (default of map)\n"
	"  --to=G          remap: the new place\n"
	"  --json          list: for programs\n\n"
	"Examples:\n"
	"  axvmctl mem map --gpa=0x80000000 --size=64M debian\n"
	"  axvmctl mem remap --gpa=0x80000000 --size=1M --flags=r debian\n"
	"  axvmctl mem unmap --gpa=0x80000000 --size=64M debian\n"
	"  axvmctl mem list debian\n", run_mem,
};
