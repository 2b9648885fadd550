// SPDX-License-Identifier: GPL-2.0
/* Wired interrupts of the host, in cell.json: key "irq" of a device. */
#include "arch.h"
#include "names.h"
#include "wire.h"

#define ACCEPTED	"{ \"host\": 5, \"guest\": 5, \"trigger\": \"edge\" }"

struct config_wire wire_default(u32 host)
{
	return (struct config_wire) {
		.host = host, .line = host,
		.trigger = host < arch_layout.edges_below ? AXVM_TRIGGER_EDGE : AXVM_TRIGGER_LEVEL,
	};
}

int wire_read(struct config_wire *wire, const struct json_value *value)
{
	static const char *const keys[] = { "host", "guest", "trigger", NULL };
	static const char *const required[] = { "host", NULL };
	static const struct json_range hosts = { "an interrupt of the host", 1, UINT32_MAX - 1, 0 };
	const char *const triggers[] = {
		axvm_trigger_names[AXVM_TRIGGER_EDGE], axvm_trigger_names[AXVM_TRIGGER_LEVEL], NULL,
	};
	struct json_value host, guest, trigger;
	int ret = json_keys(value, ACCEPTED, keys, required);
	u64 number = 0, line;
	bool given = false;

	if (ret)
		return ret;
	host = json_member(value, "host");
	guest = json_member(value, "guest");
	trigger = json_member(value, "trigger");
	ret = json_get_number(&host, &hosts, &number, NULL);
	if (ret)
		return ret;
	*wire = wire_default(number);
	line = number;
	ret = json_get_number(&guest, &arch_layout.irqs, &line, &given);
	if (!ret && !given && (line < arch_layout.irqs.min || line > arch_layout.irqs.max))
		return json_bad(&host, "no interrupt line of the guest's", "any, with 'guest' to say which line it shall be");
	wire->line = line;
	return ret ? ret : json_get_choice(&trigger, triggers, &wire->trigger);
}
