// SPDX-License-Identifier: GPL-2.0
/* axvmctl list and show: what cells there are and what they are doing. */
#include <inttypes.h>
#include <string.h>

#include "number.h"
#include "options.h"
#include "record.h"
#include "reply.h"

static const char *cpus_text(const json_t *cell, char *buf, size_t size)
{
	json_t *vcpu;
	size_t i, len = 0;

	snprintf(buf, size, "-");
	json_array_foreach(json_object_get(cell, "vcpus"), i, vcpu)
		if (len < size)
			len += snprintf(buf + len, size - len, "%s%" PRIu64, i ? "," : "",
					get_integer(vcpu, "cpu"));
	return buf;
}

static u64 memory_size(const json_t *cell)
{
	json_t *region;
	size_t i;
	u64 sum = 0;

	json_array_foreach(json_object_get(cell, "memory"), i, region)
		sum += get_integer(region, "size");
	return sum;
}

static void print_list(const json_t *cells)
{
	char cpus[160], size[24];
	int width = 16;
	json_t *cell;
	size_t i;

	json_array_foreach(cells, i, cell)
		width = MAX(width, (int)strlen(get_string(cell, "name")));
	printf("%-4s %-*s %-10s %-12s %-8s %s\n", "ID", width, "NAME", "STATE", "CPUS", "MEMORY",
	       "CONSOLE");
	json_array_foreach(cells, i, cell)
		printf("%-4" PRIu64 " %-*s %-10s %-12s %-8s %s\n", get_integer(cell, "id"), width,
		       get_string(cell, "name"), get_string(cell, "state"),
		       cpus_text(cell, cpus, sizeof(cpus)),
		       format_size(memory_size(cell), size), get_string(cell, "console"));
}

static int run_list(const struct command *self, int argc, char **argv)
{
	bool json = false;
	const struct option_spec opts[] = { { .name = "json", .flag = &json } };
	int ret = parse_options(self, argc, argv, opts, ARRAY_SIZE(opts), NULL, 0, 0);
	json_t *cells = json_array();
	struct ctl ctl;

	if (ret) {
		json_decref(cells);
		return ret < 0 ? EXIT_OK : ret;
	}
	ret = ctl_open(&ctl);
	if (!ret)
		ret = ctl_request(&ctl, ctl_new(&ctl, AXVM_CMD_CELL_GET, NLM_F_DUMP),
				  reply_append_cell, cells);
	if (!ret && json)
		print_json(cells, false);
	else if (!ret)
		print_list(cells);
	json_decref(cells);
	ctl_close(&ctl);
	return ret;
}

/* "mmio 5, pio 120", without those that are 0. */
static void print_counts(const char *title, const json_t *counts)
{
	const char *key, *separator = "";
	json_t *value;

	printf("    %s:", title);
	json_object_foreach((json_t *)counts, key, value) {
		if (!json_integer_value(value))
			continue;
		printf("%s %s %" JSON_INTEGER_FORMAT, separator, key, json_integer_value(value));
		separator = ",";
	}
	puts(*separator ? "" : " none");
}

static void print_vcpus(const json_t *vcpus)
{
	json_t *vcpu;
	size_t i;

	json_array_foreach((json_t *)vcpus, i, vcpu) {
		printf("  vCPU %" PRIu64 ": CPU %" PRIu64 " (hardware ID %" PRIu64 "), %s\n",
		       get_integer(vcpu, "index"), get_integer(vcpu, "cpu"),
		       get_integer(vcpu, "hw_id"), get_string(vcpu, "state"));
		print_counts("exits", json_object_get(vcpu, "exits"));
		print_counts("counted", json_object_get(vcpu, "counters"));
	}
}

static void print_memory(const json_t *regions)
{
	char size[24];
	json_t *region, *piece;
	size_t i, k;

	json_array_foreach((json_t *)regions, i, region) {
		printf("  memory: GPA %s, %s, %s, %s\n", get_string(region, "gpa"),
		       format_size(get_integer(region, "size"), size),
		       get_string(region, "flags"), get_string(region, "type"));
		json_array_foreach(json_object_get(region, "pieces"), k, piece)
			printf("    piece: HPA %s, %s\n", get_string(piece, "hpa"),
			       format_size(get_integer(piece, "size"), size));
	}
}

static void print_devices(const json_t *devices)
{
	json_t *device, *irq;
	size_t i;

	json_array_foreach((json_t *)devices, i, device) {
		if (json_object_get(device, "function"))
			printf("  device: PCI function %s in slot %s", get_string(device, "function"),
			       get_string(device, "base"));
		else
			printf("  device: %s at %s", get_string(device, "type"),
			       get_string(device, "base"));
		if (json_object_get(device, "size"))
			printf(", size %" PRIu64, get_integer(device, "size"));
		if (json_object_get(device, "hpa"))
			printf(", HPA %s", get_string(device, "hpa"));
		if (json_object_get(device, "access"))
			printf(", %s", get_string(device, "access"));
		irq = json_object_get(device, "irq");
		if (irq)
			printf(", interrupt %" JSON_INTEGER_FORMAT, json_integer_value(irq));
		puts(json_object_get(device, "console") ? ", console" : "");
	}
}

void print_host_irqs(const json_t *irqs, const char *before)
{
	json_t *irq;
	size_t i;

	json_array_foreach((json_t *)irqs, i, irq) {
		printf("%sinterrupt %" PRIu64 " of the host: line %" PRIu64 ", %s", before,
		       get_integer(irq, "host"), get_integer(irq, "guest"),
		       get_string(irq, "trigger"));
		if (json_object_get(irq, "count"))
			printf(", forwarded %" PRIu64 ", held back %" PRIu64,
			       get_integer(irq, "count"), get_integer(irq, "storms"));
		puts("");
	}
}

static void print_cell(const json_t *cell)
{
	const json_t *stop = get_stop(cell);
	const json_t *boot = json_object_get(cell, "boot");

	printf("%s (%" PRIu64 "): %s\n", get_string(cell, "name"), get_integer(cell, "id"),
	       get_string(cell, "state"));
	if (stop) {
		printf("  stopped: %s: %s\n", get_string(stop, "cause"), get_string(stop, "text"));
		record_print(json_object_get(stop, "records"));
	}
	printf("  interrupts: %s\n  fault policy: %s\n  console: %s\n",
	       get_string(cell, "interrupts"), get_string(cell, "fault_policy"),
	       get_string(cell, "console"));
	if (boot)
		printf("  boot: entry %s, argument %s, mode %" PRIu64 "\n",
		       get_string(boot, "entry"), get_string(boot, "arg"),
		       get_integer(boot, "mode"));
	print_vcpus(json_object_get(cell, "vcpus"));
	print_memory(json_object_get(cell, "memory"));
	print_devices(json_object_get(cell, "devices"));
	print_host_irqs(json_object_get(cell, "host_irqs"), "  ");
}

static int run_show(const struct command *self, int argc, char **argv)
{
	bool json = false;
	const struct option_spec opts[] = { { .name = "json", .flag = &json } };
	const char *name;
	int ret = parse_options(self, argc, argv, opts, ARRAY_SIZE(opts), &name, 1, 1);
	json_t *cell = NULL;
	struct ctl ctl;

	if (ret)
		return ret < 0 ? EXIT_OK : ret;
	ret = ctl_open(&ctl);
	if (!ret)
		ret = ctl_simple(&ctl, AXVM_CMD_CELL_GET, name, reply_set_cell, &cell);
	if (!ret && json)
		print_json(cell, false);
	else if (!ret)
		print_cell(cell);
	json_decref(cell);
	ctl_close(&ctl);
	return ret;
}

const struct command cmd_list = {
	"list", "[--json]", "List the cells",
	"Options:\n"
	"  --json    a list of objects, as 'show --json' prints one\n\n"
	"Examples:\n"
	"  axvmctl list\n"
	"  axvmctl list --json | jq -r '.[] | select(.state == \"failed\") | .name'\n", run_list,
};

const struct command cmd_show = {
	"show", "[--json] NAME", "Show all about a cell: state, cause of a stop, exits, memory",
	"Options:\n"
	"  --json    for programs; sizes are in bytes, addresses strings with 0x\n\n"
	"Examples:\n"
	"  axvmctl show debian\n"
	"  axvmctl show --json debian | jq '.vcpus[0].exits'\n", run_show,
};
