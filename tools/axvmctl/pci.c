// SPDX-License-Identifier: GPL-2.0
/* Names of PCI functions, as lspci -D writes them, and cells' entries for them. */
#include <stdio.h>
#include <string.h>

#include "names.h"
#include "pci.h"

#define FUNCTION_ACCEPTED "a PCI function such as \"0000:00:04.0\" (lspci -D lists them)"

bool pci_function_parse(const char *text, u32 *function)
{
	unsigned int segment, bus, device, number;
	int end = 0;

	if (strspn(text, "0123456789abcdefABCDEF:.") != strlen(text) ||
	    sscanf(text, "%4x:%2x:%2x.%1x%n", &segment, &bus, &device, &number, &end) != 4 ||
	    text[end] || device > 31 || number > 7)
		return false;
	*function = segment << 16 | bus << 8 | device << 3 | number;
	return true;
}

void pci_function_name(u32 function, char *buf, size_t size)
{
	snprintf(buf, size, "%04x:%02x:%02x.%u", function >> 16, function >> 8 & 0xff,
		 function >> 3 & 0x1f, function & 7);
}

static int read_function(const struct json_value *value, u32 *function)
{
	const char *text = json_string_value(value->json);

	if (!text || !pci_function_parse(text, function))
		return json_bad(value, "not a PCI function", FUNCTION_ACCEPTED);
	return EXIT_OK;
}

int pci_read(struct config_device *device, const struct json_value *value)
{
	static const char *const keys[] = { "function", "slot", "unsafe_no_iommu", NULL };
	static const char *const required[] = { "function", NULL };
	static const struct json_range slots = { "a slot", 1, PCI_LAST_SLOT, 0 };
	struct json_value function, slot, unsafe;
	int ret;

	device->type = AXVM_DEVICE_TYPE_PCI;
	if (json_is_string(value->json))
		return read_function(value, &device->function);
	ret = json_keys(value, "\"0000:00:04.0\" or { \"function\": \"0000:00:04.0\" }", keys, required);
	if (ret)
		return ret;
	function = json_member(value, "function");
	slot = json_member(value, "slot");
	unsafe = json_member(value, "unsafe_no_iommu");
	ret = read_function(&function, &device->function);
	if (!ret)
		ret = json_get_number(&slot, &slots, &device->base, NULL);
	return ret ? ret : json_get_bool(&unsafe, &device->unsafe);
}
