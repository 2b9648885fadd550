// SPDX-License-Identifier: GPL-2.0
/* cell.json: "devices" and "excluded_devices". */
#include <string.h>

#include "../../uapi/axvm_guest.h"
#include "config.h"
#include "pci.h"
#include "wire.h"

#define MAX_PORTS	0x10000

static const char *const none[] = { NULL };

int config_access(const char *text, u32 *access)
{
	static const struct {
		const char *text;
		u32 access;
	} known[] = {
		{ "rw", AXVM_DEVICE_RIGHT_READ | AXVM_DEVICE_RIGHT_WRITE },
		{ "ro", AXVM_DEVICE_RIGHT_READ },
		{ "wo", AXVM_DEVICE_RIGHT_WRITE },
	};

	for (u32 i = 0; i < ARRAY_SIZE(known); i++) {
		if (strcmp(text, known[i].text))
			continue;
		*access = known[i].access;
		return EXIT_OK;
	}
	return EXIT_USAGE;
}

const char *config_access_name(u32 access)
{
	if (!(access & AXVM_DEVICE_RIGHT_WRITE))
		return "ro";
	return access & AXVM_DEVICE_RIGHT_READ ? "rw" : "wo";
}

static int read_access(const struct json_value *value, u32 *access)
{
	const char *text = json_string_value(value->json);

	if (!value->json)
		return EXIT_OK;
	if (!text || config_access(text, access))
		return json_bad(value, "not an access", CONFIG_ACCESS_ACCEPTED);
	return EXIT_OK;
}

/* @access: NULL: has none */
static int read_ports(struct config_device *ports, const struct json_value *value, u32 *access)
{
	static const char *const keys[] = { "base", "size", "access", NULL };
	static const char *const no_access[] = { "base", "size", NULL };
	static const char *const required[] = { "base", NULL };
	static const struct json_range bases = { "an I/O port", 0, MAX_PORTS - 1, 0 };
	static const struct json_range sizes = { "a number of I/O ports", 1, MAX_PORTS, 0 };
	struct json_value base, size, rights;
	int ret = json_keys(value, "{ \"base\": \"0x402\", \"size\": 1 }",
			    access ? keys : no_access, required);

	if (ret)
		return ret;
	base = json_member(value, "base");
	size = json_member(value, "size");
	rights = json_member(value, "access");
	ports->type = AXVM_DEVICE_TYPE_PORTS;
	ports->size = 1;
	ret = json_get_number(&base, &bases, &ports->base, NULL);
	if (!ret)
		ret = json_get_number(&size, &sizes, &ports->size, NULL);
	if (!ret && access)
		ret = read_access(&rights, access);
	if (ret)
		return ret;
	if (ports->base + ports->size > MAX_PORTS)
		return json_bad(&size, "too large", "ports that end at 0xffff or below");
	return EXIT_OK;
}

static int read_range(struct config_device *mmio, const struct json_value *value)
{
	static const struct json_range address = { "an address", 0, CONFIG_MAX_ADDRESS, 0 };
	static const struct json_range sizes = { "a size", 1, CONFIG_MAX_ADDRESS + 1, 0 };
	struct json_value hpa = json_member(value, "hpa");
	struct json_value gpa = json_member(value, "gpa");
	struct json_value size = json_member(value, "size");
	int ret;

	mmio->type = AXVM_DEVICE_TYPE_MMIO;
	mmio->size = PAGE_SIZE;
	ret = json_get_number(&hpa, &address, &mmio->hpa, NULL);
	mmio->base = mmio->hpa;
	if (!ret)
		ret = json_get_number(&gpa, &address, &mmio->base, NULL);
	if (!ret)
		ret = json_get_number(&size, &sizes, &mmio->size, NULL);
	if (ret)
		return ret;
	if ((mmio->base ^ mmio->hpa) & (PAGE_SIZE - 1))
		return json_bad(&gpa, "not in the same place of its page as hpa",
				"an address that differs from it by a multiple of 4K");
	if (mmio->size - 1 > CONFIG_MAX_ADDRESS - MAX(mmio->base, mmio->hpa))
		return json_bad(&size, "too large", "a range that ends below 2^52");
	return EXIT_OK;
}

static int read_device_ports(struct config_device *device, const struct json_value *value)
{
	return read_ports(device, value, &device->access);
}

static int read_device_mmio(struct config_device *device, const struct json_value *value)
{
	static const char *const keys[] = { "gpa", "hpa", "size", "access", NULL };
	static const char *const required[] = { "hpa", NULL };
	struct json_value access;
	int ret = json_keys(value, "{ \"hpa\": \"0xfed40000\", \"size\": \"4K\" }", keys, required);

	if (!ret)
		ret = read_range(device, value);
	if (ret)
		return ret;
	access = json_member(value, "access");
	return read_access(&access, &device->access);
}

static int read_testdev(struct config_device *device, const struct json_value *value)
{
	static const char *const keys[] = { "gpa", NULL };
	static const struct json_range address = {
		"an address", 0, CONFIG_MAX_ADDRESS + 1 - AXVM_TESTDEV_SIZE, AXVM_TESTDEV_SIZE,
	};
	struct json_value gpa;
	int ret = json_keys(value, "{ \"gpa\": \"0xfe000000\" }", keys, keys);

	if (ret)
		return ret;
	gpa = json_member(value, "gpa");
	device->type = AXVM_DEVICE_TYPE_TESTDEV;
	device->size = AXVM_TESTDEV_SIZE;
	return json_get_number(&gpa, &address, &device->base, NULL);
}

static int read_excluded_ports(struct config_device *device, const struct json_value *value)
{
	return read_ports(device, value, NULL);
}

static int read_excluded_mmio(struct config_device *device, const struct json_value *value)
{
	static const char *const keys[] = { "hpa", "size", NULL };
	static const char *const required[] = { "hpa", NULL };
	int ret = json_keys(value, "{ \"hpa\": \"0xfed40000\", \"size\": \"4K\" }", keys, required);

	return ret ? ret : read_range(device, value);
}

/* An object with one key, which says what kind of device it is. */
struct kinds {
	const char *accepted;
	const char *const *keys;
	int (*const *read)(struct config_device *device, const struct json_value *value);
};

static int read_device(struct config_device *device, const struct json_value *value,
		       const struct kinds *kinds)
{
	int ret = json_keys(value, kinds->accepted, kinds->keys, none);
	struct json_value kind;
	u32 nr = 0, which = 0;

	if (ret)
		return ret;
	for (u32 i = 0; kinds->keys[i]; i++) {
		if (!json_member(value, kinds->keys[i]).json)
			continue;
		which = i;
		nr++;
	}
	if (nr != 1)
		return json_bad(value, "not one device", kinds->accepted);
	kind = json_member(value, kinds->keys[which]);
	return kinds->read[which](device, &kind);
}

static int read_list(struct config_device *out, u32 *nr, const struct json_value *list,
		     const struct kinds *kinds)
{
	int ret = EXIT_OK;

	if (!list->json)
		return EXIT_OK;
	if (!json_is_array(list->json) || json_array_size(list->json))
		ret = config_check_list(list, AXVM_MAX_REGIONS, "a list of devices");
	for (size_t i = 0; !ret && i < json_array_size(list->json); i++) {
		struct json_value value = json_element(list, i);

		ret = read_device(&out[(*nr)++], &value, kinds);
	}
	return ret;
}

static int read_wire(struct config *cfg, const struct json_value *value)
{
	static const char *const keys[] = { "irq", NULL };
	struct json_value irq = json_member(value, "irq");
	int ret = json_keys(value, "{ \"irq\": { ... } }", keys, none);

	if (ret)
		return ret;
	if (cfg->nr_wires == AXVM_MAX_WIRES)
		return json_bad(&irq, "one too many", "at most 16 interrupts of the host");
	return wire_read(&cfg->wire[cfg->nr_wires++], &irq);
}

int config_read_devices(struct config *cfg, const struct json_value *list)
{
	static const char *const keys[] = { "ports", "mmio", "testdev", "pci", NULL };
	static int (*const read[])(struct config_device *device, const struct json_value *value) = {
		read_device_ports, read_device_mmio, read_testdev, pci_read,
	};
	static const struct kinds kinds = {
		"{ \"ports\": { ... } } or { \"mmio\": { ... } } or { \"testdev\": { ... } } or { \"pci\": ... } "
		"or { \"irq\": { ... } }",
		keys, read,
	};
	int ret = EXIT_OK;

	if (!list->json)
		return EXIT_OK;
	if (!json_is_array(list->json) || json_array_size(list->json))
		ret = config_check_list(list, AXVM_MAX_REGIONS + AXVM_MAX_WIRES,
					"a list of devices");
	for (size_t i = 0; !ret && i < json_array_size(list->json); i++) {
		struct json_value value = json_element(list, i);

		if (json_member(&value, "irq").json)
			ret = read_wire(cfg, &value);
		else if (cfg->nr_devices == AXVM_MAX_REGIONS)
			ret = json_bad(&value, "one too many",
				       "at most 16 devices, and 16 interrupts of the host");
		else
			ret = read_device(&cfg->device[cfg->nr_devices++], &value, &kinds);
	}
	return ret;
}

int config_read_excluded(struct config *cfg, const struct json_value *list)
{
	static const char *const keys[] = { "ports", "mmio", NULL };
	static int (*const read[])(struct config_device *device, const struct json_value *value) = {
		read_excluded_ports, read_excluded_mmio,
	};
	static const struct kinds kinds = {
		"{ \"ports\": { ... } } or { \"mmio\": { ... } }", keys, read,
	};

	return read_list(cfg->excluded, &cfg->nr_excluded, list, &kinds);
}
