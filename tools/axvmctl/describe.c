// SPDX-License-Identifier: GPL-2.0
/* A machine that is not running yet, with the same keys as `axvmctl show --json` where they fit. */
#include <inttypes.h>

#include "describe.h"
#include "names.h"
#include "pci.h"

static json_t *hex(u64 value)
{
	char buf[24];

	snprintf(buf, sizeof(buf), "0x%" PRIx64, value);
	return json_string(buf);
}

static json_t *describe_memory(const struct machine *m)
{
	json_t *list = json_array();

	for (u32 i = 0; i < m->nr_memory; i++) {
		const struct machine_memory *ram = &m->memory[i];
		json_t *entry = json_pack("{s:s, s:o, s:I}", "type",
					  axvm_memory_type_names[ram->type], "gpa", hex(ram->gpa),
					  "size", (json_int_t)ram->size);

		if (ram->type == AXVM_MEMORY_TYPE_RESERVED)
			json_object_set_new(entry, "hpa", hex(ram->hpa));
		json_array_append_new(list, entry);
	}
	return list;
}

static json_t *describe_images(const struct machine *m)
{
	json_t *list = json_array();

	for (u32 i = 0; i < m->nr_images; i++) {
		const struct machine_image *image = &m->image[i];

		json_array_append_new(list, json_pack("{s:s, s:o, s:I, s:I}", "name", image->name,
						      "gpa", hex(image->gpa),
						      "offset", (json_int_t)image->offset,
						      "size", (json_int_t)image->size));
	}
	return list;
}

static json_t *describe_devices(const struct machine *m)
{
	json_t *list = json_array();
	char name[PCI_NAME];

	for (u32 i = 0; i < m->nr_devices; i++) {
		const struct machine_device *dev = &m->device[i];
		json_t *entry = json_pack("{s:s, s:o, s:I}", "type",
					  axvm_device_type_names[dev->type],
					  "base", hex(dev->base), "size", (json_int_t)dev->size);

		if (dev->type == AXVM_DEVICE_TYPE_MMIO)
			json_object_set_new(entry, "hpa", hex(dev->hpa));
		if (dev->type == AXVM_DEVICE_TYPE_PCI) {
			pci_function_name(dev->function, name, sizeof(name));
			json_object_set_new(entry, "function", json_string(name));
		}
		if (dev->access)
			json_object_set_new(entry, "access",
					    json_string(config_access_name(dev->access)));
		if (dev->irq_given)
			json_object_set_new(entry, "irq", json_integer(dev->irq));
		if (dev->console)
			json_object_set_new(entry, "console", json_true());
		json_array_append_new(list, entry);
	}
	return list;
}

json_t *describe_machine(const struct machine *m)
{
	return json_pack("{s:s, s:I, s:o, s:o, s:o, s:{s:o, s:o, s:I, s:o}}",
			 "name", m->cfg->name, "vcpus", (json_int_t)m->cfg->nr_vcpus,
			 "memory", describe_memory(m), "images", describe_images(m),
			 "devices", describe_devices(m),
			 "boot", "entry", hex(m->boot.entry), "arg", hex(m->boot.arg),
			 "mode", (json_int_t)m->boot.mode, "table", hex(m->boot.table));
}
