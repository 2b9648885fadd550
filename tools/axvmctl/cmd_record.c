// SPDX-License-Identifier: GPL-2.0
/* axvmctl record: which exits a cell's vCPUs had last. */
#include <inttypes.h>
#include <string.h>

#include "options.h"
#include "record.h"
#include "reply.h"

static const char *const words[] = { "off", "on", "dump" };

int record_set(struct ctl *ctl, const char *cell, u32 what)
{
	struct nl_msg *msg = ctl_new(ctl, AXVM_CMD_RECORD_SET, 0);

	ctl_put_cell(msg, cell);
	ctl_put_u32(msg, AXVM_A_CELL_RECORDER, what);
	return ctl_request(ctl, msg, NULL, NULL);
}

void record_print(const json_t *records)
{
	size_t i, n = json_array_size(records);
	json_t *record;

	json_array_foreach((json_t *)records, i, record)
		printf("  exit -%-4zu %-12s code %-10s PC %-18s %" PRIu64 " ticks\n", n - i,
		       get_string(record, "reason"), get_string(record, "code"),
		       get_string(record, "pc"), get_integer(record, "ticks"));
}

/* A vCPU's records come in several parts. */
static void add_part(struct nlmsghdr *answer, void *arg)
{
	json_t *vcpus = arg, *cell = reply_cell(answer), *part, *old;

	part = json_array_get(json_object_get(cell, "vcpus"), 0);
	old = json_array_get(vcpus, json_array_size(vcpus) - 1);
	if (!json_object_get(part, "records"))
		json_object_set_new(part, "records", json_array());
	if (old && get_integer(old, "index") == get_integer(part, "index"))
		json_array_extend(json_object_get(old, "records"),
				  json_object_get(part, "records"));
	else
		json_array_append(vcpus, part);
	json_decref(cell);
}

static void print_vcpus(const json_t *vcpus)
{
	json_t *vcpu;
	size_t i;

	json_array_foreach((json_t *)vcpus, i, vcpu) {
		const json_t *records = json_object_get(vcpu, "records");

		printf("vCPU %" PRIu64 ": %zu recorded\n", get_integer(vcpu, "index"),
		       json_array_size(records));
		record_print(records);
	}
}

static int dump(struct ctl *ctl, const char *name, bool json)
{
	struct nl_msg *msg = ctl_new(ctl, AXVM_CMD_RECORD_GET, NLM_F_DUMP);
	json_t *vcpus = json_array();
	int ret;

	ctl_put_cell(msg, name);
	ret = ctl_request(ctl, msg, add_part, vcpus);
	if (!ret && json)
		print_json(vcpus, false);
	else if (!ret)
		print_vcpus(vcpus);
	json_decref(vcpus);
	return ret;
}

/* Return: ARRAY_SIZE(words) if it is none of them. */
static u32 find_word(const char *text)
{
	u32 i = 0;

	while (i < ARRAY_SIZE(words) && strcmp(words[i], text))
		i++;
	return i;
}

static int run_record(const struct command *self, int argc, char **argv)
{
	bool json = false;
	const struct option_spec opts[] = { { .name = "json", .flag = &json } };
	const char *operands[2], *name;
	int ret = parse_options(self, argc, argv, opts, ARRAY_SIZE(opts), operands, 2, 2);
	struct ctl ctl = { 0 };
	u32 what;

	if (ret)
		return ret < 0 ? EXIT_OK : ret;
	/* "record dump debian" says the same as "record debian dump". */
	name = operands[0];
	what = find_word(operands[1]);
	if (what == ARRAY_SIZE(words)) {
		name = operands[1];
		what = find_word(operands[0]);
	}
	if (what == ARRAY_SIZE(words))
		return usage_error(self, "'%s' is none of on, off, dump", operands[1]);
	if (json && strcmp(words[what], "dump"))
		return usage_error(self, "only dump prints something; leave --json out");
	ret = ctl_open(&ctl);
	if (!ret)
		ret = strcmp(words[what], "dump") ? record_set(&ctl, name, what) :
		      dump(&ctl, name, json);
	ctl_close(&ctl);
	return ret;
}

const struct command cmd_record = {
	"record", "[--json] NAME on|off|dump", "Record and measure a cell's exits",
	"While it is on, each vCPU's last 256 exits are kept and the cost of all is measured.\n"
	"dump prints what was kept, also when the recorder is off again or the cell has failed.\n"
	"A cell that fails while it is on has the last exits in its log and in 'show'.\n\n"
	"Options:\n"
	"  --json    dump for programs\n\n"
	"Examples:\n"
	"  axvmctl record debian on\n"
	"  axvmctl record debian dump | tail\n", run_record,
};
