// SPDX-License-Identifier: GPL-2.0
/* axvmctl irq: wired interrupts of the host, handed to a cell and back while it runs. */
#include <inttypes.h>
#include <string.h>

#include "ctl.h"
#include "names.h"
#include "number.h"
#include "options.h"
#include "reply.h"
#include "request.h"
#include "wire.h"

struct words {
	const char *host, *guest, *trigger;
};

static int read_wire(const struct command *self, const struct words *words,
		     struct config_wire *wire)
{
	u64 host, line;

	if (!words->host)
		return usage_error(self, "--host is needed: which interrupt?");
	if (!parse_number(words->host, &host) || !host || host > UINT32_MAX)
		return usage_error(self, "'%s' is not the number of an interrupt", words->host);
	*wire = wire_default(host);
	if (words->guest) {
		if (!parse_number(words->guest, &line) || line > UINT32_MAX)
			return usage_error(self, "'%s' is not the number of an interrupt line",
					   words->guest);
		wire->line = line;
	}
	if (!words->trigger)
		return EXIT_OK;
	for (wire->trigger = 0; wire->trigger < AXVM_NR_TRIGGERS; wire->trigger++)
		if (!strcmp(words->trigger, axvm_trigger_names[wire->trigger]))
			return EXIT_OK;
	return usage_error(self, "'%s' is neither edge nor level", words->trigger);
}

static int change(const struct command *self, int cmd, const char *cell,
		  const struct words *words)
{
	struct config_wire wire;
	struct nl_msg *msg;
	struct ctl ctl;
	int ret = read_wire(self, words, &wire);

	if (ret)
		return ret;
	ret = ctl_open(&ctl);
	if (!ret) {
		msg = ctl_new(&ctl, cmd, 0);
		ctl_put_cell(msg, cell);
		request_put_wire(msg, &wire);
		ret = ctl_request(&ctl, msg, NULL, NULL);
	}
	ctl_close(&ctl);
	return ret;
}

static int list(const char *name, bool json)
{
	json_t *cell = NULL, *none = json_array(), *irqs;
	struct ctl ctl;
	int ret = ctl_open(&ctl);

	if (!ret)
		ret = ctl_simple(&ctl, AXVM_CMD_CELL_GET, name, reply_set_cell, &cell);
	irqs = json_object_get(cell, "host_irqs");
	if (!ret && json)
		print_json(irqs ? irqs : none, false);
	else if (!ret)
		print_host_irqs(irqs, "");
	json_decref(none);
	json_decref(cell);
	ctl_close(&ctl);
	return ret;
}

static int run_irq(const struct command *self, int argc, char **argv)
{
	struct words words = { 0 };
	bool json = false;
	const struct option_spec opts[] = {
		{ .name = "host", .value = &words.host },
		{ .name = "guest", .value = &words.guest },
		{ .name = "trigger", .value = &words.trigger },
		{ .name = "json", .flag = &json },
	};
	const char *operands[2];
	int ret = parse_options(self, argc, argv, opts, ARRAY_SIZE(opts), operands, 2, 2);

	if (ret)
		return ret < 0 ? EXIT_OK : ret;
	if (!strcmp(operands[0], "attach"))
		return change(self, AXVM_CMD_CELL_WIRE_ATTACH, operands[1], &words);
	if (!strcmp(operands[0], "detach"))
		return change(self, AXVM_CMD_CELL_WIRE_DETACH, operands[1], &words);
	if (!strcmp(operands[0], "list"))
		return list(operands[1], json);
	return usage_error(self, "'%s' is none of attach, detach, list", operands[0]);
}

const struct command cmd_irq = {
	"irq", "attach|detach|list NAME [--host=N] [--guest=N] [--trigger=edge|level] [--json]",
	"Hand wired interrupts of the host to a cell and back",
	"Options:\n"
	"  --host=N     attach, detach: the host's interrupt; x86-64: GSI, arm64: INTID\n"
	"  --guest=N    attach: the guest's line; x86-64: pin of its I/O APIC, arm64: INTID;\n"
	"               default: the same number\n"
	"  --trigger=T  attach: edge or level; default: level, but edge for x86-64's GSIs\n"
	"               below 16\n"
	"  --json       list: for programs\n\n"
	"No driver of Linux may use it. Given back, it is as it was.\n\n"
	"Examples:\n"
	"  axvmctl irq attach board --host 5\n"
	"  axvmctl irq attach board --host=40 --guest=72 --trigger=level\n"
	"  axvmctl irq list board\n"
	"  axvmctl irq detach board --host 5\n", run_irq,
};
