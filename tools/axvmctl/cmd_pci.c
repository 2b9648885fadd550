// SPDX-License-Identifier: GPL-2.0
/* axvmctl pci: give PCI functions to a cell that exists, take them back, show them. */
#include <string.h>

#include "ctl.h"
#include "number.h"
#include "options.h"
#include "pci.h"
#include "reply.h"
#include "request.h"

static json_t *functions_of(const json_t *cell)
{
	json_t *list = json_array(), *dev, *entry;
	size_t i;

	json_array_foreach(json_object_get(cell, "devices"), i, dev) {
		if (!json_object_get(dev, "function"))
			continue;
		entry = json_pack("{s:s, s:I}", "function", get_string(dev, "function"), "slot",
				  (json_int_t)strtoull(get_string(dev, "base"), NULL, 16));
		json_array_append_new(list, entry);
	}
	return list;
}

static int list_functions(const char *name, bool json)
{
	json_t *cell = NULL, *list, *entry;
	struct ctl ctl;
	int ret = ctl_open(&ctl);
	size_t i;

	if (!ret)
		ret = ctl_simple(&ctl, AXVM_CMD_CELL_GET, name, reply_set_cell, &cell);
	if (!ret) {
		list = functions_of(cell);
		if (json)
			print_json(list, false);
		json_array_foreach(list, i, entry)
			if (!json)
				printf("%s in slot %" JSON_INTEGER_FORMAT "\n",
				       get_string(entry, "function"),
				       json_integer_value(json_object_get(entry, "slot")));
		json_decref(list);
	}
	json_decref(cell);
	ctl_close(&ctl);
	return ret;
}

static int run_pci(const struct command *self, int argc, char **argv)
{
	const char *word[3] = {}, *slot_text = NULL;
	struct config_device dev = { .type = AXVM_DEVICE_TYPE_PCI };
	bool json = false, list, attach;
	const struct option_spec opts[] = {
		{ .name = "slot", .value = &slot_text },
		{ .name = "unsafe-no-iommu", .flag = &dev.unsafe },
		{ .name = "json", .flag = &json },
	};
	int ret = parse_options(self, argc, argv, opts, ARRAY_SIZE(opts), word, 2, 3);

	if (ret)
		return ret < 0 ? EXIT_OK : ret;
	list = !strcmp(word[0], "list");
	attach = !strcmp(word[0], "attach");
	if (!list && !attach && strcmp(word[0], "detach"))
		return usage_error(self, "'%s' is none of attach, detach, list", word[0]);
	if (list && (word[2] || slot_text || dev.unsafe))
		return usage_error(self, "list takes only a cell and --json");
	if (list)
		return list_functions(word[1], json);
	if (json || (!attach && (slot_text || dev.unsafe)))
		return usage_error(self, "--slot and --unsafe-no-iommu are for attach, --json for list");
	if (!word[2] || !pci_function_parse(word[2], &dev.function))
		return usage_error(self, "'%s' is not a PCI function such as 0000:00:06.0",
				   word[2] ? word[2] : "");
	if (slot_text && (!parse_decimal(slot_text, PCI_LAST_SLOT, &dev.base) || !dev.base))
		return usage_error(self, "'%s' is not a slot from 1 to %d", slot_text, PCI_LAST_SLOT);
	return request_device(attach ? AXVM_CMD_PCI_ATTACH : AXVM_CMD_PCI_DETACH, word[1], &dev);
}

const struct command cmd_pci = {
	"pci", "attach|detach|list NAME [FUNCTION] [OPTION...]", "PCI functions of a cell, while it runs",
	"  attach NAME FUNCTION  take a function from its driver and put it on the cell's bus\n"
	"  detach NAME FUNCTION  reset it and give it back to Linux\n"
	"  list NAME             functions that the cell has\n\n"
	"A function is named as lspci -D does. The guest finds what came or went when it\n"
	"scans its bus again (Linux: echo 1 >/sys/bus/pci/rescan).\n\n"
	"Options:\n"
	"  --slot=N           device number on the guest's bus, 1 to 15; default: a free one\n"
	"  --unsafe-no-iommu  accept that nothing confines its DMA; taints the kernel\n"
	"  --json             list: a list of objects\n\n"
	"Examples:\n"
	"  axvmctl pci attach debian 0000:00:06.0\n"
	"  axvmctl pci detach debian 0000:00:06.0\n"
	"  axvmctl pci list debian --json\n", run_pci,
};
