// SPDX-License-Identifier: GPL-2.0
/* cell.json's "ivc": the channels that the guest may publish or subscribe to. */
#include <string.h>

#include "arch.h"
#include "config.h"

#define RULES_ACCEPTED	"a list of channels, such as [ 7 ] or [ { \"key\": 7 } ]"
#define DEFAULT_BYTES	MIB

static const struct json_range keys_range = { "a key", 0, UINT32_MAX, 0 };

static int read_rights(const struct json_value *value, bool none_ok, u32 *rights)
{
	static const char *const names[] = { "ro", "rw", "none", NULL };
	static const char *const without[] = { "ro", "rw", NULL };
	static const u32 bits[] = { AXVM_IVC_RIGHT_READ, AXVM_ALL_IVC_RIGHTS, 0 };
	u32 choice = 1;
	int ret = json_get_choice(value, none_ok ? names : without, &choice);

	*rights = bits[choice];
	return ret;
}

static int read_place(struct config_ivc *rule, const struct json_value *value)
{
	static const struct json_range address = { "an address", 0, (1ULL << 52) - 1, PAGE_SIZE };
	struct json_value irq = json_member(value, "irq"), gpa = json_member(value, "gpa");
	u64 line = 0;
	int ret;

	ret = json_get_number(&irq, &arch_layout.irqs, &line, &rule->line_given);
	rule->line = line;
	return ret ? ret : json_get_number(&gpa, &address, &rule->gpa, &rule->gpa_given);
}

static int read_key(struct config_ivc *rule, const struct json_value *value)
{
	u64 key = 0;
	int ret = json_get_number(value, &keys_range, &key, NULL);

	rule->key = key;
	return ret;
}

static int read_publish(struct config_ivc *rule, const struct json_value *value)
{
	static const char *const keys[] = { "key", "subscribers", "linux", "irq", "gpa", NULL };
	static const char *const required[] = { "key", NULL };
	struct json_value key, subscribers, host;
	int ret;

	rule->kind = AXVM_IVC_KIND_PUBLISH;
	rule->rights = AXVM_ALL_IVC_RIGHTS;
	rule->linux_rights = AXVM_ALL_IVC_RIGHTS;
	if (!json_is_object(value->json))
		return read_key(rule, value);
	ret = json_keys(value, "a key, or { \"key\": 7 }", keys, required);
	if (ret)
		return ret;
	key = json_member(value, "key");
	subscribers = json_member(value, "subscribers");
	host = json_member(value, "linux");
	ret = read_key(rule, &key);
	if (!ret)
		ret = read_rights(&subscribers, false, &rule->rights);
	if (!ret)
		ret = read_rights(&host, true, &rule->linux_rights);
	return ret ? ret : read_place(rule, value);
}

static int read_subscribe(struct config_ivc *rule, const struct json_value *value)
{
	static const char *const keys[] = { "key", "cell", "rights", "irq", "gpa", NULL };
	static const char *const required[] = { "key", NULL };
	struct json_value key, cell, rights;
	const char *name;
	int ret;

	rule->kind = AXVM_IVC_KIND_SUBSCRIBE;
	rule->rights = AXVM_ALL_IVC_RIGHTS;
	rule->linux_rights = AXVM_ALL_IVC_RIGHTS;
	ret = json_keys(value, "{ \"cell\": \"rt\", \"key\": 7 }", keys, required);
	if (ret)
		return ret;
	key = json_member(value, "key");
	cell = json_member(value, "cell");
	rights = json_member(value, "rights");
	name = json_string_value(cell.json);
	if (cell.json && (!name || !config_name_ok(name)))
		return json_bad(&cell, "not a cell's name", "the name of the cell that publishes; without it Linux does");
	snprintf(rule->cell, sizeof(rule->cell), "%s", name ? name : "");
	ret = read_key(rule, &key);
	if (!ret)
		ret = read_rights(&rights, false, &rule->rights);
	return ret ? ret : read_place(rule, value);
}

static int check_twice(const struct config *cfg, const struct json_value *value)
{
	const struct config_ivc *last = &cfg->ivc[cfg->nr_ivc - 1], *rule;

	for (rule = cfg->ivc; rule < last; rule++)
		if (rule->kind == last->kind && rule->key == last->key &&
		    !strcmp(rule->cell, last->cell))
			return json_bad(value, "given twice", "each channel once");
	return EXIT_OK;
}

static int read_rules(struct config *cfg, const struct json_value *list,
		      int (*read)(struct config_ivc *rule, const struct json_value *value))
{
	int ret = EXIT_OK;

	if (!list->json)
		return EXIT_OK;
	if (!json_is_array(list->json))
		return json_bad(list, "not a list", RULES_ACCEPTED);
	for (size_t i = 0; !ret && i < json_array_size(list->json); i++) {
		struct json_value value = json_element(list, i);

		if (cfg->nr_ivc == AXVM_MAX_IVC_RULES)
			return json_file_fail(list->file, list->path,
					      "too many channels; accepted: at most %d together",
					      AXVM_MAX_IVC_RULES);
		ret = read(&cfg->ivc[cfg->nr_ivc++], &value);
		if (!ret)
			ret = check_twice(cfg, &value);
	}
	return ret;
}

int config_read_ivc(struct config *cfg, const struct json_value *value)
{
	static const char *const keys[] = { "publish", "subscribe", "max_bytes", NULL };
	static const char *const none[] = { NULL };
	static const struct json_range sizes = { "a size", 0, 1ULL << 40, 0 };
	struct json_value publish, subscribe, bytes;
	int ret;

	if (!value->json)
		return EXIT_OK;
	ret = json_keys(value, "{ \"publish\": [ ... ], \"subscribe\": [ ... ] }", keys, none);
	if (ret)
		return ret;
	publish = json_member(value, "publish");
	subscribe = json_member(value, "subscribe");
	bytes = json_member(value, "max_bytes");
	cfg->ivc_max_bytes = DEFAULT_BYTES;
	ret = read_rules(cfg, &publish, read_publish);
	if (!ret)
		ret = read_rules(cfg, &subscribe, read_subscribe);
	return ret ? ret : json_get_number(&bytes, &sizes, &cfg->ivc_max_bytes, NULL);
}
