// SPDX-License-Identifier: GPL-2.0
/* axvmctl ivc: channels between cells and Linux. */
#include <inttypes.h>
#include <string.h>

#include "ivc_bench.h"
#include "number.h"
#include "options.h"
#include "reply.h"

/* What the options of all its subcommands together say. */
struct ivc_options {
	const char *key, *size, *publisher, *rights, *linux_rights, *gpa, *irq;
	const char *image, *rounds, *bytes;	/* of bench */
	bool json;
};

#define DEFAULT_IMAGE	PREFIX "/lib/axvm/ivc-bench.elf"

static const char *const rights_names[] = { "none", "ro", "wo", "rw" };

static int put_rights(const struct command *self, struct nl_msg *msg, int attr, const char *option,
		      const char *text, bool none_ok)
{
	if (!text)
		return EXIT_OK;
	for (u32 i = 0; i < ARRAY_SIZE(rights_names); i++) {
		if (strcmp(text, rights_names[i]) || i == AXVM_IVC_RIGHT_WRITE || (!i && !none_ok))
			continue;
		ctl_put_u32(msg, attr, i);
		return EXIT_OK;
	}
	return usage_error(self, "--%s=%s: accepted: ro, rw%s", option, text,
			   none_ok ? ", none" : "");
}

static int put_number(const struct command *self, struct nl_msg *msg, int attr, const char *option,
		      const char *text, u64 max)
{
	u64 value;

	if (!text)
		return EXIT_OK;
	if (!parse_number(text, &value) || value > max)
		return usage_error(self, "--%s=%s: accepted: %s", option, text, NUMBER_ACCEPTED);
	if (max == UINT32_MAX)
		ctl_put_u32(msg, attr, value);
	else
		ctl_put_u64(msg, attr, value);
	return EXIT_OK;
}

static int put_place(const struct command *self, struct nl_msg *msg, const struct ivc_options *o)
{
	int ret = put_rights(self, msg, AXVM_A_IVC_RIGHTS, "rights", o->rights, false);

	if (!ret)
		ret = put_number(self, msg, AXVM_A_IVC_GPA, "gpa", o->gpa, UINT64_MAX);
	return ret ? ret : put_number(self, msg, AXVM_A_IVC_LINE, "irq", o->irq, UINT32_MAX);
}

static void print_peers(const json_t *channel)
{
	json_t *peer;
	size_t i;

	json_array_foreach(json_object_get(channel, "peers"), i, peer) {
		const char *cell = json_string_value(json_object_get(peer, "cell"));

		printf("  peer %" PRIu64 ": %s (ID %" PRIu64 "), %s, %s, epoch %" PRIu64,
		       get_integer(peer, "index"), cell ? cell : get_integer(peer, "id") ? "-" : "Linux",
		       get_integer(peer, "id"), get_string(peer, "state"),
		       get_string(peer, "rights"), get_integer(peer, "epoch"));
		if (cell)
			printf(", GPA %s, interrupt %" PRIu64 ", rang %" PRIu64 ", was rung %" PRIu64 "%s",
			       get_string(peer, "gpa"), get_integer(peer, "irq"),
			       get_integer(peer, "sent"), get_integer(peer, "received"),
			       json_is_true(json_object_get(peer, "by_host")) ? ", by the host" : "");
		puts("");
	}
}

static void print_channel(const json_t *channel)
{
	char size[24];

	printf("%s: key %" PRIu64 ", %s, %s, publisher ID %" PRIu64 "\n", get_string(channel, "name"),
	       get_integer(channel, "key"), format_size(get_integer(channel, "size"), size),
	       get_string(channel, "state"), get_integer(channel, "publisher"));
	printf("  HPA %s, generation %" PRIu64 ", subscribers %s, Linux %s (open %" PRIu64 " times)\n",
	       get_string(channel, "hpa"), get_integer(channel, "generation"),
	       get_string(channel, "rights"), get_string(channel, "linux"),
	       get_integer(channel, "opens"));
	print_peers(channel);
}

static u64 count_attached(const json_t *channel)
{
	json_t *peer;
	size_t i;
	u64 nr = 0;

	json_array_foreach(json_object_get(channel, "peers"), i, peer)
		nr += !strcmp(get_string(peer, "state"), "attached") ||
		      !strcmp(get_string(peer, "state"), "stopped");
	return nr;
}

static void print_list(const json_t *channels)
{
	json_t *channel;
	char size[24];
	size_t i;

	printf("%-24s %-10s %-8s %-8s %-9s %s\n", "NAME", "KEY", "SIZE", "STATE", "PUBLISHER", "PEERS");
	json_array_foreach(channels, i, channel)
		printf("%-24s %-10" PRIu64 " %-8s %-8s %-9" PRIu64 " %" PRIu64 "\n",
		       get_string(channel, "name"), get_integer(channel, "key"),
		       format_size(get_integer(channel, "size"), size), get_string(channel, "state"),
		       get_integer(channel, "publisher"), count_attached(channel));
}

/* Send @msg; what comes back is shown when @show. */
static int request(struct ctl *ctl, struct nl_msg *msg, bool show, bool json)
{
	json_t *channel = NULL;
	int ret = ctl_request(ctl, msg, reply_set_ivc, &channel);

	if (!ret && show && json)
		print_json(channel, false);
	else if (!ret && show)
		print_channel(channel);
	json_decref(channel);
	return ret;
}

static int do_create(const struct command *self, struct ctl *ctl, const char **operand,
		     const struct ivc_options *o)
{
	struct nl_msg *msg = ctl_new(ctl, AXVM_CMD_IVC_CREATE, 0);
	int ret;

	ctl_put_string(msg, AXVM_A_IVC_NAME, operand[0]);
	if (o->publisher)
		ctl_put_string(msg, AXVM_A_IVC_CELL, o->publisher);
	ret = put_number(self, msg, AXVM_A_IVC_KEY, "key", o->key ? o->key : "0", UINT32_MAX);
	if (!ret)
		ret = put_number(self, msg, AXVM_A_IVC_SIZE, "size", o->size ? o->size : "64K",
				 UINT64_MAX);
	if (!ret)
		ret = put_rights(self, msg, AXVM_A_IVC_LINUX_RIGHTS, "linux", o->linux_rights, true);
	if (!ret)
		ret = put_place(self, msg, o);
	if (!ret)
		return request(ctl, msg, true, o->json);
	nlmsg_free(msg);
	return ret;
}

static int do_attach(const struct command *self, struct ctl *ctl, const char **operand,
		     const struct ivc_options *o)
{
	struct nl_msg *msg = ctl_new(ctl, AXVM_CMD_IVC_ATTACH, 0);
	int ret;

	ctl_put_string(msg, AXVM_A_IVC_NAME, operand[0]);
	ctl_put_string(msg, AXVM_A_IVC_CELL, operand[1]);
	ret = put_place(self, msg, o);
	if (!ret)
		return request(ctl, msg, true, o->json);
	nlmsg_free(msg);
	return ret;
}

static int do_detach(const struct command *self, struct ctl *ctl, const char **operand,
		     const struct ivc_options *o)
{
	struct nl_msg *msg = ctl_new(ctl, AXVM_CMD_IVC_DETACH, 0);

	(void)self;
	ctl_put_string(msg, AXVM_A_IVC_NAME, operand[0]);
	ctl_put_string(msg, AXVM_A_IVC_CELL, operand[1]);
	return request(ctl, msg, false, o->json);
}

static int do_destroy(const struct command *self, struct ctl *ctl, const char **operand,
		      const struct ivc_options *o)
{
	struct nl_msg *msg = ctl_new(ctl, AXVM_CMD_IVC_DESTROY, 0);

	(void)self;
	ctl_put_string(msg, AXVM_A_IVC_NAME, operand[0]);
	return request(ctl, msg, false, o->json);
}

static int do_show(const struct command *self, struct ctl *ctl, const char **operand,
		   const struct ivc_options *o)
{
	struct nl_msg *msg = ctl_new(ctl, AXVM_CMD_IVC_GET, 0);

	(void)self;
	ctl_put_string(msg, AXVM_A_IVC_NAME, operand[0]);
	return request(ctl, msg, true, o->json);
}

static int do_list(const struct command *self, struct ctl *ctl, const char **operand,
		   const struct ivc_options *o)
{
	json_t *channels = json_array();
	int ret = ctl_request(ctl, ctl_new(ctl, AXVM_CMD_IVC_GET, NLM_F_DUMP), reply_append_ivc,
			      channels);

	(void)self;
	(void)operand;
	if (!ret && o->json)
		print_json(channels, false);
	else if (!ret)
		print_list(channels);
	json_decref(channels);
	return ret;
}

static const struct {
	const char *name;
	int operands;
	int (*run)(const struct command *self, struct ctl *ctl, const char **operand,
		   const struct ivc_options *o);
} verbs[] = {
	{ "create", 1, do_create },
	{ "destroy", 1, do_destroy },
	{ "attach", 2, do_attach },
	{ "detach", 2, do_detach },
	{ "list", 0, do_list },
	{ "show", 1, do_show },
};

static int run_verb(const struct command *self, size_t verb, const char **operand,
		    const struct ivc_options *o)
{
	struct ctl ctl;
	int ret, nr = 0;

	while (nr < 2 && operand[nr])
		nr++;
	if (nr != verbs[verb].operands)
		return usage_error(self, "%s needs %s", verbs[verb].name,
				   verbs[verb].operands == 2 ? "a channel and a cell" :
				   verbs[verb].operands ? "a channel" : "nothing more");
	ret = ctl_open(&ctl);
	if (!ret)
		ret = verbs[verb].run(self, &ctl, operand, o);
	ctl_close(&ctl);
	return ret;
}

/* An option of bench that must be from 1 to @max; absent: @usual. */
static int bench_number(const struct command *self, const char *option, const char *text, u64 usual,
			u64 max, u64 *value)
{
	*value = usual;
	if (text && (!parse_number(text, value) || !*value || *value > max))
		return usage_error(self, "--%s=%s: accepted: 1 to %" PRIu64, option, text, max);
	return EXIT_OK;
}

static int run_bench(const struct command *self, const char **cpu, const struct ivc_options *o)
{
	struct ivc_bench bench = {
		.image = o->image ? o->image : DEFAULT_IMAGE, .cpu = { cpu[0], cpu[1] },
		.json = o->json,
	};
	u64 number;
	int ret;

	if (!cpu[0])
		return usage_error(self, "bench needs one CPU, or two");
	for (int i = 0; i < 2 && cpu[i]; i++)
		if (!parse_decimal(cpu[i], UINT32_MAX, &number))
			return usage_error(self, "'%s' is not a CPU", cpu[i]);
	ret = bench_number(self, "rounds", o->rounds, 500, 500, &bench.rounds);
	if (!ret)
		ret = bench_number(self, "bytes", o->bytes, 64 * MIB, 1024 * GIB, &bench.bytes);
	bench.bytes = ALIGN_UP(bench.bytes, PAGE_SIZE);
	return ret ? ret : ivc_bench(&bench);
}

static int run_ivc(const struct command *self, int argc, char **argv)
{
	struct ivc_options o = { 0 };
	const struct option_spec opts[] = {
		{ .name = "key", .value = &o.key }, { .name = "size", .value = &o.size },
		{ .name = "publisher", .value = &o.publisher },
		{ .name = "rights", .value = &o.rights }, { .name = "linux", .value = &o.linux_rights },
		{ .name = "gpa", .value = &o.gpa }, { .name = "irq", .value = &o.irq },
		{ .name = "image", .value = &o.image }, { .name = "rounds", .value = &o.rounds },
		{ .name = "bytes", .value = &o.bytes },
		{ .name = "json", .flag = &o.json },
	};
	const char *operands[3];
	int ret = parse_options(self, argc, argv, opts, ARRAY_SIZE(opts), operands, 1, 3);

	if (ret)
		return ret < 0 ? EXIT_OK : ret;
	if (!strcmp(operands[0], "bench"))
		return run_bench(self, operands + 1, &o);
	for (size_t i = 0; i < ARRAY_SIZE(verbs); i++)
		if (!strcmp(operands[0], verbs[i].name))
			return run_verb(self, i, operands + 1, &o);
	return usage_error(self, "'%s' is none of create, destroy, attach, detach, list, show, bench",
			   operands[0]);
}

const struct command cmd_ivc = {
	"ivc", "create|destroy|attach|detach|list|show|bench [CHANNEL [CELL]]",
	"Let cells and Linux share memory, with doorbells",
	"  create CHANNEL   make one; /dev/axvm/ivc-CHANNEL appears\n"
	"    --key=N          number by which guests subscribe to it, default 0\n"
	"    --size=SIZE      bytes of data, default 64K\n"
	"    --publisher=CELL default: Linux\n"
	"    --rights=ro|rw   most that a subscriber gets, default rw\n"
	"    --linux=ro|rw|none  what Linux gets, default rw\n"
	"  attach CHANNEL CELL  map it into a cell\n"
	"    --rights=ro|rw, --gpa=ADDRESS, --irq=LINE\n"
	"  detach CHANNEL CELL  take it from a cell\n"
	"  destroy CHANNEL  revoke it; its memory goes when the last peer lets go\n"
	"  list, show CHANNEL\n"
	"  bench CPU [CPU]  latency and throughput of a cell and Linux, and of two cells,\n"
	"                   made on these CPUs for it\n"
	"    --rounds=N, --bytes=SIZE (64M), --image=FILE (the guest)\n"
	"  --json           print for programs\n\n"
	"Examples:\n"
	"  axvmctl ivc create sensors --key 7 --size 1M\n"
	"  axvmctl ivc attach sensors rt --rights ro\n"
	"  axvmctl ivc show --json sensors\n"
	"  axvmctl ivc bench 2 3\n", run_ivc,
};
