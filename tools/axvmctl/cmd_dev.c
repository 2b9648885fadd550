// SPDX-License-Identifier: GPL-2.0
/* axvmctl dev: give devices to a cell that exists, take them back, show them. */
#include <inttypes.h>
#include <string.h>

#include "../../uapi/axvm_guest.h"
#include "ctl.h"
#include "number.h"
#include "options.h"
#include "reply.h"
#include "request.h"

#define MAX_PORTS	0x10000ULL

/* What the command line says. */
struct words {
	const char *operand[4];		/* action, cell, kind, address */
	const char *gpa, *size, *access;
	bool json;
};

static const struct {
	const char *name;
	u32 type;
	u64 max;			/* of an address */
} kinds[] = {
	{ "ports", AXVM_DEVICE_TYPE_PORTS, MAX_PORTS - 1 },
	{ "mmio", AXVM_DEVICE_TYPE_MMIO, CONFIG_MAX_ADDRESS },
	{ "testdev", AXVM_DEVICE_TYPE_TESTDEV, CONFIG_MAX_ADDRESS },
};

/* Return: EXIT_OK with @dev's type and base (and the same hpa) filled in. */
static int read_place(const struct command *self, const struct words *w, struct config_device *dev)
{
	for (u32 i = 0; i < ARRAY_SIZE(kinds); i++) {
		if (strcmp(w->operand[2], kinds[i].name))
			continue;
		dev->type = kinds[i].type;
		if (!parse_number(w->operand[3], &dev->base) || dev->base > kinds[i].max)
			return usage_error(self, "'%s' is not an address of %s", w->operand[3],
					   kinds[i].name);
		dev->hpa = dev->base;
		return EXIT_OK;
	}
	return usage_error(self, "'%s' is none of ports, mmio, testdev", w->operand[2]);
}

static int read_options(const struct command *self, const struct words *w,
			struct config_device *dev)
{
	bool mmio = dev->type == AXVM_DEVICE_TYPE_MMIO;
	bool ports = dev->type == AXVM_DEVICE_TYPE_PORTS;

	if (w->gpa && !mmio)
		return usage_error(self, "only mmio has a --gpa");
	if ((w->size || w->access) && !mmio && !ports)
		return usage_error(self, "only mmio and ports have a --size and --access");
	dev->size = ports ? 1 : PAGE_SIZE;
	if (w->gpa && (!parse_number(w->gpa, &dev->base) || dev->base > CONFIG_MAX_ADDRESS))
		return usage_error(self, "'%s' is not a guest physical address", w->gpa);
	if (w->size && (!parse_number(w->size, &dev->size) || !dev->size))
		return usage_error(self, "'%s' is not a size", w->size);
	if (w->access && config_access(w->access, &dev->access))
		return usage_error(self, "'%s' is none of rw, ro, wo", w->access);
	return EXIT_OK;
}

static int run_attach(const struct command *self, const struct words *w)
{
	struct config_device dev = {};
	int ret = read_place(self, w, &dev);

	if (!ret)
		ret = read_options(self, w, &dev);
	return ret ? ret : request_device(AXVM_CMD_DEV_ATTACH, w->operand[1], &dev);
}

static int run_detach(const struct command *self, const struct words *w)
{
	struct config_device dev = {};
	int ret = read_place(self, w, &dev);

	if (!ret && (w->gpa || w->size || w->access))
		ret = usage_error(self, "detach needs only the kind and the first address or port");
	return ret ? ret : request_device(AXVM_CMD_DEV_DETACH, w->operand[1], &dev);
}

static void print_table(const json_t *devices)
{
	const json_t *dev;
	size_t i;

	printf("%-10s %-12s %10s  %-12s %-6s %s\n", "TYPE", "BASE", "SIZE", "HOST", "ACCESS", "IRQ");
	json_array_foreach((json_t *)devices, i, dev) {
		const json_t *irq = json_object_get(dev, "irq");
		const json_t *size = json_object_get(dev, "size");
		char buf[24] = "-", number[24] = "-";

		if (size)
			format_size(json_integer_value(size), buf);
		if (irq)
			snprintf(number, sizeof(number), "%" JSON_INTEGER_FORMAT,
				 json_integer_value(irq));
		printf("%-10s %-12s %10s  %-12s %-6s %s%s\n", get_string(dev, "type"),
		       get_string(dev, "base"), buf,
		       json_object_get(dev, "hpa") ? get_string(dev, "hpa") : "-",
		       json_object_get(dev, "access") ? get_string(dev, "access") : "-", number,
		       json_object_get(dev, "console") ? " console" : "");
	}
}

static int run_list(const char *cell_name, bool json)
{
	json_t *cell = NULL, *devices;
	struct ctl ctl;
	int ret = ctl_open(&ctl);

	if (!ret)
		ret = ctl_simple(&ctl, AXVM_CMD_CELL_GET, cell_name, reply_set_cell, &cell);
	if (!ret) {
		devices = json_object_get(cell, "devices");
		if (!devices) {
			devices = json_array();
			json_object_set_new(cell, "devices", devices);
		}
		if (json)
			print_json(devices, false);
		else
			print_table(devices);
	}
	json_decref(cell);
	ctl_close(&ctl);
	return ret;
}

static int run_dev(const struct command *self, int argc, char **argv)
{
	struct words w = {};
	const struct option_spec opts[] = {
		{ .name = "gpa", .value = &w.gpa },
		{ .name = "size", .value = &w.size },
		{ .name = "access", .value = &w.access },
		{ .name = "json", .flag = &w.json },
	};
	int ret = parse_options(self, argc, argv, opts, ARRAY_SIZE(opts), w.operand, 2, 4);
	bool list;

	if (ret)
		return ret < 0 ? EXIT_OK : ret;
	list = !strcmp(w.operand[0], "list");
	if (!list && strcmp(w.operand[0], "attach") && strcmp(w.operand[0], "detach"))
		return usage_error(self, "'%s' is none of attach, detach, list", w.operand[0]);
	if (list && (w.operand[2] || w.gpa || w.size || w.access))
		return usage_error(self, "list takes only a cell and --json");
	if (list)
		return run_list(w.operand[1], w.json);
	if (!w.operand[3] || w.json)
		return usage_error(self, "which device? A kind and an address or port are needed");
	return *w.operand[0] == 'a' ? run_attach(self, &w) : run_detach(self, &w);
}

const struct command cmd_dev = {
	"dev", "attach|detach|list NAME [KIND ADDRESS] [OPTION...]", "Devices of a cell, while it runs",
	"  attach NAME mmio HPA   physical address space, from HPA on\n"
	"  attach NAME ports PORT physical I/O ports (x86-64)\n"
	"  attach NAME testdev GPA\n"
	"                         the test device, which the host half answers\n"
	"  detach NAME KIND ADDRESS\n"
	"                         one of these, by its first GPA or port as 'list' shows it\n"
	"  list NAME              all devices\n\n"
	"Options:\n"
	"  --size=N    bytes (4K) or ports (1)\n"
	"  --gpa=G     where the guest sees mmio; default: at its HPA\n"
	"  --access=A  rw, ro or wo: exactly these bytes or ports, each access through the core.\n"
	"              Without it the guest gets whole pages (or the ports), without exits\n"
	"  --json      list: a list of objects\n\n"
	"Linux must have let go of what is attached; a message names the driver that has it.\n"
	"When the command returns, every CPU of the cell sees the change.\n\n"
	"Examples:\n"
	"  axvmctl dev attach board mmio 0xfe000000 --size=64K --gpa=0xa0000000\n"
	"  axvmctl dev attach board mmio 0xfed1f404 --size=4 --access=ro\n"
	"  axvmctl dev attach board ports 0x2f8 --size=8\n"
	"  axvmctl dev detach board mmio 0xa0000000\n"
	"  axvmctl dev list board --json\n", run_dev,
};
