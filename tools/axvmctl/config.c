// SPDX-License-Identifier: GPL-2.0
/* cell.json: what it may say. cell.schema.json says the same to editors. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "arch.h"
#include "names.h"
#include "number.h"
#include "pci.h"

#define NAME_ACCEPTED	"1 to 31 letters, digits, '_', '-' or '.', the first one a letter"
#define PATH_ACCEPTED	"a path, relative to this file or absolute"
#define CPUS_ACCEPTED	"a list with, for each vCPU, a CPU number or a list of CPUs that may be used"
#define MEMORY_ACCEPTED	"a list of regions, such as [ { \"size\": \"256M\" } ]"
#define CMDLINE_ACCEPTED "text without control characters"
#define SEED_ACCEPTED	"64 hexadecimal digits"

static const char *const none[] = { NULL };

bool config_name_ok(const char *name)
{
	size_t len = strlen(name);

	if (!isalpha((unsigned char)*name) || len > AXVM_NAME_MAX)
		return false;
	for (; *name; name++)
		if (!isalnum((unsigned char)*name) && !strchr("_-.", *name))
			return false;
	return true;
}

static int read_name(struct config *cfg, const struct json_value *value)
{
	const char *name = json_string_value(value->json);

	if (!name)
		return json_bad(value, "not a string", NAME_ACCEPTED);
	if (!config_name_ok(name))
		return json_bad(value, "not a name", NAME_ACCEPTED);
	snprintf(cfg->name, sizeof(cfg->name), "%s", name);
	return EXIT_OK;
}

int config_check_list(const struct json_value *value, size_t max, const char *accepted)
{
	char what[64];

	if (!json_is_array(value->json))
		return json_bad(value, "not a list", accepted);
	if (!json_array_size(value->json))
		return json_bad(value, "empty", accepted);
	if (json_array_size(value->json) <= max)
		return EXIT_OK;
	snprintf(what, sizeof(what), "too long: %zu elements", json_array_size(value->json));
	return json_file_fail(value->file, value->path, "the list is %s; accepted: at most %zu",
			      what, max);
}

static int read_cpu(const struct json_value *value, u32 *cpu)
{
	json_int_t number = json_integer_value(value->json);
	char accepted[80];

	snprintf(accepted, sizeof(accepted), "0 to %d, as in /sys/devices/system/cpu",
		 CONFIG_MAX_CPU);
	if (!json_is_integer(value->json) || number < 0 || number > CONFIG_MAX_CPU)
		return json_bad(value, "not a CPU number", accepted);
	*cpu = number;
	return EXIT_OK;
}

static int read_affinity(struct config_vcpu *vcpu, const struct json_value *list)
{
	u32 cpu;
	int ret;

	ret = config_check_list(list, CONFIG_MAX_CPU + 1, CPUS_ACCEPTED);
	if (ret)
		return ret;
	vcpu->list = true;
	for (size_t i = 0; i < json_array_size(list->json); i++) {
		struct json_value value = json_element(list, i);

		ret = read_cpu(&value, &cpu);
		if (ret)
			return ret;
		if (vcpu->affinity[cpu / 8] & 1 << cpu % 8)
			return json_bad(&value, "given twice", "each CPU once");
		vcpu->affinity[cpu / 8] |= 1 << cpu % 8;
		vcpu->affinity_bytes = MAX(vcpu->affinity_bytes, cpu / 8 + 1);
	}
	return EXIT_OK;
}

static int read_cpus(struct config *cfg, const struct json_value *list)
{
	int ret = config_check_list(list, AXVM_MAX_VCPUS, CPUS_ACCEPTED);

	for (size_t i = 0; !ret && i < json_array_size(list->json); i++) {
		struct config_vcpu *vcpu = &cfg->vcpu[cfg->nr_vcpus++];
		struct json_value value = json_element(list, i);

		if (json_is_array(value.json)) {
			ret = read_affinity(vcpu, &value);
			continue;
		}
		ret = read_cpu(&value, &vcpu->cpu);
		for (size_t k = 0; !ret && k < i; k++)
			if (!cfg->vcpu[k].list && cfg->vcpu[k].cpu == vcpu->cpu)
				ret = json_bad(&value, "given twice", "each CPU once");
	}
	return ret;
}

static int read_flags(const struct json_value *value, u32 *flags)
{
	static const char *const names[] = { "r", "rw", "rx", "rwx", NULL };
	static const u32 bits[] = {
		AXVM_MEMORY_FLAG_READ,
		AXVM_MEMORY_FLAG_READ | AXVM_MEMORY_FLAG_WRITE,
		AXVM_MEMORY_FLAG_READ | AXVM_MEMORY_FLAG_EXEC,
		AXVM_ALL_MEMORY_FLAGS,
	};
	u32 choice = 3;
	int ret = json_get_choice(value, names, &choice);

	*flags = bits[choice];
	return ret;
}

static int check_memory(const struct config_memory *memory, const struct json_value *value,
			bool hpa_given)
{
	struct json_value hpa = json_member(value, "hpa"), size = json_member(value, "size");

	if (memory->type == AXVM_MEMORY_TYPE_RESERVED && !hpa_given)
		return json_file_fail(value->file, value->path,
				      "'hpa' is missing; type \"reserved\" needs the start of a range that memmap= kept out of Linux");
	if (memory->type != AXVM_MEMORY_TYPE_RESERVED && hpa_given)
		return json_bad(&hpa, "out of place", "hpa with type \"reserved\" only");
	if (memory->type == AXVM_MEMORY_TYPE_IDENTICAL && !memory->gpa_given)
		return json_file_fail(value->file, value->path,
				      "'gpa' is missing; type \"identical\" needs the host address that the guest sees too");
	if (memory->size - 1 > CONFIG_MAX_ADDRESS - MAX(memory->gpa, memory->hpa))
		return json_bad(&size, "too large", "a region that ends below 2^52");
	return EXIT_OK;
}

static int read_memory_entry(struct config_memory *memory, const struct json_value *value)
{
	static const char *const keys[] = { "type", "gpa", "hpa", "size", "flags", NULL };
	static const char *const required[] = { "size", NULL };
	static const char *const types[] = { "alloc", "identical", "reserved", NULL };
	static const struct json_range address = { "an address", 0, CONFIG_MAX_ADDRESS, PAGE_SIZE };
	static const struct json_range size = { "a size", PAGE_SIZE, CONFIG_MAX_ADDRESS + 1, PAGE_SIZE };
	struct json_value type, gpa, hpa, bytes, flags;
	bool hpa_given = false;
	int ret = json_keys(value, "{ \"size\": ... }", keys, required);

	if (ret)
		return ret;
	type = json_member(value, "type");
	gpa = json_member(value, "gpa");
	hpa = json_member(value, "hpa");
	bytes = json_member(value, "size");
	flags = json_member(value, "flags");
	ret = json_get_choice(&type, types, &memory->type);
	if (!ret)
		ret = json_get_number(&gpa, &address, &memory->gpa, &memory->gpa_given);
	if (!ret)
		ret = json_get_number(&hpa, &address, &memory->hpa, &hpa_given);
	if (!ret)
		ret = json_get_number(&bytes, &size, &memory->size, NULL);
	if (!ret)
		ret = read_flags(&flags, &memory->flags);
	if (ret)
		return ret;
	return check_memory(memory, value, hpa_given);
}

static int read_memory(struct config *cfg, const struct json_value *list)
{
	int ret = config_check_list(list, AXVM_MAX_REGIONS, MEMORY_ACCEPTED);

	for (size_t i = 0; !ret && i < json_array_size(list->json); i++) {
		struct json_value value = json_element(list, i);

		ret = read_memory_entry(&cfg->memory[cfg->nr_memory++], &value);
	}
	return ret;
}

/* Paths are relative to the folder that the file is in. */
static int read_path(const struct json_value *value, char **out)
{
	const char *name = value->file->name, *slash = strrchr(name, '/');
	int ret = json_get_text(value, PATH_ACCEPTED, out);
	char *path;

	if (ret || !*out || **out == '/' || !slash)
		return ret;
	if (asprintf(&path, "%.*s/%s", (int)(slash - name), name, *out) < 0)
		return fail(EXIT_FAILED, "out of memory");
	free(*out);
	*out = path;
	return EXIT_OK;
}

static int read_image(struct config *cfg, const struct json_value *value)
{
	static const char *const keys[] = { "file", "gpa", "entry", "mode", NULL };
	static const char *const required[] = { "file", NULL };
	static const struct json_range address = { "an address", 0, CONFIG_MAX_ADDRESS, 0 };
	static const struct json_range number = { "a mode", 0, UINT32_MAX, 0 };
	struct config_image *image = &cfg->image;
	struct json_value file, gpa, entry, mode;
	int ret;

	if (!value->json)
		return EXIT_OK;
	cfg->has_image = true;
	ret = json_keys(value, "{ \"file\": ... }", keys, required);
	if (ret)
		return ret;
	file = json_member(value, "file");
	gpa = json_member(value, "gpa");
	entry = json_member(value, "entry");
	mode = json_member(value, "mode");
	ret = read_path(&file, &image->file);
	if (!ret)
		ret = json_get_number(&gpa, &address, &image->gpa, &image->gpa_given);
	if (!ret)
		ret = json_get_number(&entry, &address, &image->entry, &image->entry_given);
	if (ret)
		return ret;
	return json_get_number(&mode, &number, &image->mode, &image->mode_given);
}

static int read_linux(struct config *cfg, const struct json_value *value)
{
	static const char *const keys[] = { "kernel", "initrd", "cmdline", NULL };
	static const char *const required[] = { "kernel", NULL };
	struct config_linux *os = &cfg->linux_os;
	struct json_value kernel, initrd, cmdline;
	int ret;

	if (!value->json)
		return EXIT_OK;
	cfg->has_linux = true;
	ret = json_keys(value, "{ \"kernel\": ... }", keys, required);
	if (ret)
		return ret;
	kernel = json_member(value, "kernel");
	initrd = json_member(value, "initrd");
	cmdline = json_member(value, "cmdline");
	ret = read_path(&kernel, &os->kernel);
	if (!ret)
		ret = read_path(&initrd, &os->initrd);
	if (ret)
		return ret;
	if (!cmdline.json)
		return EXIT_OK;
	if (!json_is_string(cmdline.json))
		return json_bad(&cmdline, "not a string", CMDLINE_ACCEPTED);
	os->cmdline = strdup(json_string_value(cmdline.json));
	if (!os->cmdline)
		return fail(EXIT_FAILED, "out of memory");
	for (const char *c = os->cmdline; *c; c++)
		if (iscntrl((unsigned char)*c))
			return json_bad(&cmdline, "not one line", CMDLINE_ACCEPTED);
	return EXIT_OK;
}

static int read_console(struct config *cfg, const struct json_value *value)
{
	static const char *const keys[] = { "port", "gpa", "irq", NULL };
	static const struct json_range ports = { "an I/O port", 0, 0xfff8, 8 };
	static const struct json_range address = { "an address", 0, CONFIG_MAX_ADDRESS, PAGE_SIZE };
	struct config_console *console = &cfg->console;
	struct json_value port, gpa, irq;
	int ret;

	if (!value->json)
		return EXIT_OK;
	if (json_is_boolean(value->json)) {
		console->none = json_is_false(value->json);
		return EXIT_OK;
	}
	ret = json_keys(value, "true, false or { \"port\": ..., \"irq\": ... } or { \"gpa\": ..., \"irq\": ... }",
			keys, none);
	if (ret)
		return ret;
	port = json_member(value, "port");
	gpa = json_member(value, "gpa");
	irq = json_member(value, "irq");
	ret = json_get_number(&port, &ports, &console->port, &console->port_given);
	if (!ret)
		ret = json_get_number(&gpa, &address, &console->gpa, &console->gpa_given);
	if (ret)
		return ret;
	return json_get_number(&irq, &arch_layout.irqs, &console->irq, &console->irq_given);
}

static int read_seed(struct config *cfg, const struct json_value *value)
{
	const char *text = json_string_value(value->json);

	if (!value->json)
		return EXIT_OK;
	if (!text || strlen(text) != 2 * CONFIG_SEED ||
	    strspn(text, "0123456789abcdefABCDEF") != 2 * CONFIG_SEED)
		return json_bad(value, "not a random seed", SEED_ACCEPTED);
	for (int i = 0; i < CONFIG_SEED; i++) {
		const char byte[] = { text[2 * i], text[2 * i + 1], '\0' };

		cfg->seed[i] = strtoul(byte, NULL, 16);
	}
	cfg->seed_given = true;
	return EXIT_OK;
}

static int read_schema(struct config *cfg, const struct json_value *value)
{
	(void)cfg;
	if (value->json && !json_is_string(value->json))
		return json_bad(value, "not a string", "where the JSON Schema is");
	return EXIT_OK;
}

static int read_interrupts(struct config *cfg, const struct json_value *value)
{
	const char *names[AXVM_NR_IRQ_MODES + 1] = { NULL };
	u32 modes[AXVM_NR_IRQ_MODES], nr = 0, choice = 0;
	int ret;

	cfg->irq_mode = arch_layout.irq_mode;
	if (!value->json)
		return EXIT_OK;
	for (u32 i = 0; i < AXVM_NR_IRQ_MODES; i++) {
		if (!(arch_layout.irq_modes & 1U << i))
			continue;
		names[nr] = axvm_irq_mode_names[i];
		modes[nr++] = i;
	}
	ret = json_get_choice(value, names, &choice);
	cfg->irq_mode = modes[choice];
	return ret;
}

static int read_fault_policy(struct config *cfg, const struct json_value *value)
{
	static const char *const names[] = { "fail", "inject", "ignore", NULL };

	return json_get_choice(value, names, &cfg->fault_policy);
}

static int read_smt(struct config *cfg, const struct json_value *value)
{
	return json_get_bool(value, &cfg->allow_smt_sharing);
}

static int read_pci_bus(struct config *cfg, const struct json_value *value)
{
	cfg->pci_bus_given = value->json;
	return json_get_bool(value, &cfg->pci_bus);
}

static const struct {
	const char *key;
	int (*read)(struct config *cfg, const struct json_value *value);
} readers[] = {
	{ "name", read_name },
	{ "cpus", read_cpus },
	{ "memory", read_memory },
	{ "image", read_image },
	{ "linux", read_linux },
	{ "interrupts", read_interrupts },
	{ "fault_policy", read_fault_policy },
	{ "console", read_console },
	{ "devices", config_read_devices },
	{ "excluded_devices", config_read_excluded },
	{ "pci_bus", read_pci_bus },
	{ "ivc", config_read_ivc },
	{ "allow_smt_sharing", read_smt },
	{ "random_seed", read_seed },
	{ "$schema", read_schema },
};

static int read_config(struct config *cfg)
{
	static const char *const required[] = { "name", "cpus", "memory", NULL };
	struct json_value root = json_file_root(&cfg->file);
	const char *keys[ARRAY_SIZE(readers) + 1] = { NULL };
	int ret;

	for (size_t i = 0; i < ARRAY_SIZE(readers); i++)
		keys[i] = readers[i].key;
	ret = json_keys(&root, "", keys, required);
	for (size_t i = 0; !ret && i < ARRAY_SIZE(readers); i++) {
		struct json_value value = json_member(&root, readers[i].key);

		ret = readers[i].read(cfg, &value);
	}
	if (ret)
		return ret;
	if (cfg->has_image && cfg->has_linux)
		return json_file_fail(&cfg->file, "linux",
				      "a cell runs either 'image' or 'linux', not both");
	if (!cfg->has_image && !cfg->has_linux)
		return json_file_fail(&cfg->file, "",
				      "nothing to run; accepted: 'image' for a bare-metal program, 'linux' for a Linux kernel");
	return EXIT_OK;
}

int config_load(struct config *cfg, const char *path)
{
	int ret;

	memset(cfg, 0, sizeof(*cfg));
	ret = json_file_load(&cfg->file, path);
	return ret ? ret : read_config(cfg);
}

void config_free(struct config *cfg)
{
	json_file_free(&cfg->file);
	free(cfg->image.file);
	free(cfg->linux_os.kernel);
	free(cfg->linux_os.initrd);
	free(cfg->linux_os.cmdline);
	memset(cfg, 0, sizeof(*cfg));
}
