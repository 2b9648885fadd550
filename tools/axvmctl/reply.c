// SPDX-License-Identifier: GPL-2.0
/* The module's answers as JSON: each attribute set is a table of fields. */
#include <inttypes.h>
#include <netlink/attr.h>
#include <netlink/genl/genl.h>
#include <stdlib.h>
#include <string.h>

#include "names.h"
#include "pci.h"
#include "config.h"
#include "reply.h"

enum kind {
	U8_BOOL, U32, U64,	/* JSON booleans and numbers */
	HEX,			/* u64: a string with 0x, an address or a code */
	TEXT,
	PCI,			/* u32: a function's name */
	ENUM,			/* u32 */
	RWX,			/* u32: memory flags */
	SMT,			/* u32: cell flags */
	ACCESS,			/* u32: device rights */
	TRUE_FLAG,
	TTY,			/* u32: minor number */
	NEST,			/* an object */
	LIST,			/* a nest of which there may be many: a list of objects */
	COUNTS,			/* many nests of id and value: an object, names to numbers */
	HEX_COUNTS,		/* the same, with IDs that are codes */
	ACCESSES,		/* many nests of an address, a type and a value: likewise */
	COSTS,			/* the same, two levels deep: ID / 256 has a name, ID % 256 is n */
};

struct field {
	int attr;
	const char *key;
	enum kind kind;
	const char *const *names;	/* of ENUM and COUNTS */
	u32 nr_names;
	const struct field *set;	/* of NEST and LIST, ended by a field without key */
};

#define NAMES(n)	.names = (n), .nr_names = ARRAY_SIZE(n)

static const struct field piece_fields[] = {
	{ AXVM_A_MEMORY_HPA, "hpa", HEX },
	{ AXVM_A_MEMORY_SIZE, "size", U64 },
	{ AXVM_A_MEMORY_GPA, "gpa", HEX },
	{ 0 }
};

static const struct field memory_fields[] = {
	{ AXVM_A_MEMORY_TYPE, "type", ENUM, NAMES(axvm_memory_type_names) },
	{ AXVM_A_MEMORY_FLAGS, "flags", RWX },
	{ AXVM_A_MEMORY_GPA, "gpa", HEX },
	{ AXVM_A_MEMORY_SIZE, "size", U64 },
	{ AXVM_A_MEMORY_HPA, "hpa", HEX },
	{ AXVM_A_MEMORY_PIECE, "pieces", LIST, .set = piece_fields },
	{ 0 }
};

static const struct field record_fields[] = {
	{ AXVM_A_RECORD_SEQ, "seq", U32 },
	{ AXVM_A_RECORD_REASON, "reason", ENUM, NAMES(axvm_exit_names) },
	{ AXVM_A_RECORD_CODE, "code", HEX },
	{ AXVM_A_RECORD_PC, "pc", HEX },
	{ AXVM_A_RECORD_COST, "ticks", U32 },
	{ 0 }
};

static const struct field vcpu_fields[] = {
	{ AXVM_A_VCPU_INDEX, "index", U32 },
	{ AXVM_A_VCPU_CPU, "cpu", U32 },
	{ AXVM_A_VCPU_HW_ID, "hw_id", U32 },
	{ AXVM_A_VCPU_STATE, "state", ENUM, NAMES(axvm_vcpu_state_names) },
	{ AXVM_A_VCPU_EXIT, "exits", COUNTS, NAMES(axvm_exit_names) },
	{ AXVM_A_VCPU_COUNTER, "counters", COUNTS, NAMES(axvm_counter_names) },
	{ AXVM_A_VCPU_CALL, "hypercalls", HEX_COUNTS },
	{ AXVM_A_VCPU_ACCESS, "devices", ACCESSES, NAMES(axvm_device_type_names) },
	{ AXVM_A_VCPU_TIME, "ticks", COUNTS, NAMES(axvm_time_names) },
	{ AXVM_A_VCPU_SPENT, "spent", COUNTS, NAMES(axvm_exit_names) },
	{ AXVM_A_VCPU_COST, "costs", COSTS, NAMES(axvm_exit_names) },
	{ AXVM_A_VCPU_RECORD, "records", LIST, .set = record_fields },
	{ 0 }
};

static const struct field device_fields[] = {
	{ AXVM_A_DEVICE_TYPE, "type", ENUM, NAMES(axvm_device_type_names) },
	{ AXVM_A_DEVICE_BASE, "base", HEX },
	{ AXVM_A_DEVICE_SIZE, "size", U64 },
	{ AXVM_A_DEVICE_HPA, "hpa", HEX },
	{ AXVM_A_DEVICE_FUNCTION, "function", PCI },
	{ AXVM_A_DEVICE_ACCESS, "access", ACCESS },
	{ AXVM_A_DEVICE_IRQ, "irq", U32 },
	{ AXVM_A_DEVICE_CONSOLE, "console", TRUE_FLAG },
	{ 0 }
};

static const struct field wire_fields[] = {
	{ AXVM_A_WIRE_HOST, "host", U32 },
	{ AXVM_A_WIRE_LINE, "guest", U32 },
	{ AXVM_A_WIRE_TRIGGER, "trigger", ENUM, NAMES(axvm_trigger_names) },
	{ AXVM_A_WIRE_COUNT, "count", U64 },
	{ AXVM_A_WIRE_STORMS, "storms", U64 },
	{ 0 }
};

static const struct field boot_fields[] = {
	{ AXVM_A_BOOT_ENTRY, "entry", HEX },
	{ AXVM_A_BOOT_ARG, "arg", HEX },
	{ AXVM_A_BOOT_MODE, "mode", U32 },
	{ AXVM_A_BOOT_TABLE, "table", HEX },
	{ 0 }
};

static const struct field stop_fields[] = {
	{ AXVM_A_STOP_CAUSE, "cause", ENUM, NAMES(axvm_cause_names) },
	{ AXVM_A_STOP_VCPU, "vcpu", U32 },
	{ AXVM_A_STOP_CODE, "code", HEX },
	{ AXVM_A_STOP_PC, "pc", HEX },
	{ AXVM_A_STOP_GPA, "gpa", HEX },
	{ AXVM_A_STOP_INFO, "info", HEX },
	{ AXVM_A_STOP_TEXT, "text", TEXT },
	{ AXVM_A_STOP_RECORD, "records", LIST, .set = record_fields },
	{ 0 }
};

static const struct field log_fields[] = {
	{ AXVM_A_LOG_SEQ, "seq", U64 },
	{ AXVM_A_LOG_TIME, "time_ns", U64 },
	{ AXVM_A_LOG_TEXT, "text", TEXT },
	{ 0 }
};

static const struct field cell_fields[] = {
	{ AXVM_A_CELL_ID, "id", U32 },
	{ AXVM_A_CELL_NAME, "name", TEXT },
	{ AXVM_A_CELL_EVENT, "event", ENUM, NAMES(axvm_event_names) },
	{ AXVM_A_CELL_STATE, "state", ENUM, NAMES(axvm_state_names) },
	{ AXVM_A_CELL_PROGRESS, "progress", TEXT },
	{ AXVM_A_CELL_IRQ_MODE, "interrupts", ENUM, NAMES(axvm_irq_mode_names) },
	{ AXVM_A_CELL_FAULT_POLICY, "fault_policy", ENUM, NAMES(axvm_fault_policy_names) },
	{ AXVM_A_CELL_FLAGS, "allow_smt_sharing", SMT },
	{ AXVM_A_CELL_TTY, "console", TTY },
	{ AXVM_A_CELL_RECORDER, "recorder", ENUM, NAMES(axvm_recorder_names) },
	{ AXVM_A_CELL_VCPU, "vcpus", LIST, .set = vcpu_fields },
	{ AXVM_A_CELL_MEMORY, "memory", LIST, .set = memory_fields },
	{ AXVM_A_CELL_DEVICE, "devices", LIST, .set = device_fields },
	{ AXVM_A_CELL_WIRE, "host_irqs", LIST, .set = wire_fields },
	{ AXVM_A_CELL_BOOT, "boot", NEST, .set = boot_fields },
	{ AXVM_A_CELL_STOP, "stop", NEST, .set = stop_fields },
	{ AXVM_A_CELL_LOG, "log", LIST, .set = log_fields },
	{ 0 }
};

static const struct field requirement_fields[] = {
	{ AXVM_A_REQUIREMENT_NAME, "name", TEXT },
	{ AXVM_A_REQUIREMENT_OK, "ok", U8_BOOL },
	{ AXVM_A_REQUIREMENT_DETAIL, "detail", TEXT },
	{ 0 }
};

static const struct field info_fields[] = {
	{ AXVM_A_INFO_VERSION, "version", TEXT },
	{ AXVM_A_INFO_ARCH, "arch", TEXT },
	{ AXVM_A_INFO_CLOCK_KHZ, "clock_khz", U32 },
	{ AXVM_A_INFO_CORE_SIZE, "core_size", U32 },
	{ AXVM_A_INFO_CELLS, "cells", U32 },
	{ AXVM_A_INFO_TAKEN, "taken", U32 },
	{ AXVM_A_INFO_REQUIREMENT, "requirements", LIST, .set = requirement_fields },
	{ 0 }
};

static const char *const rights_names[] = { "none", "ro", "wo", "rw" };

static const struct field ivc_peer_fields[] = {
	{ AXVM_A_IVC_PEER_INDEX, "index", U32 },
	{ AXVM_A_IVC_PEER_ID, "id", U32 },
	{ AXVM_A_IVC_PEER_CELL, "cell", TEXT },
	{ AXVM_A_IVC_PEER_STATE, "state", ENUM, NAMES(axvm_ivc_peer_state_names) },
	{ AXVM_A_IVC_PEER_RIGHTS, "rights", ENUM, NAMES(rights_names) },
	{ AXVM_A_IVC_PEER_EPOCH, "epoch", U32 },
	{ AXVM_A_IVC_PEER_GPA, "gpa", HEX },
	{ AXVM_A_IVC_PEER_LINE, "irq", U32 },
	{ AXVM_A_IVC_PEER_BY_HOST, "by_host", TRUE_FLAG },
	{ AXVM_A_IVC_PEER_SENT, "sent", U64 },
	{ AXVM_A_IVC_PEER_RECEIVED, "received", U64 },
	{ 0 }
};

static const struct field ivc_fields[] = {
	{ AXVM_A_IVC_NAME, "name", TEXT },
	{ AXVM_A_IVC_KEY, "key", U32 },
	{ AXVM_A_IVC_SIZE, "size", U64 },
	{ AXVM_A_IVC_PUBLISHER, "publisher", U32 },
	{ AXVM_A_IVC_STATE, "state", ENUM, NAMES(axvm_ivc_state_names) },
	{ AXVM_A_IVC_GENERATION, "generation", U32 },
	{ AXVM_A_IVC_RIGHTS, "rights", ENUM, NAMES(rights_names) },
	{ AXVM_A_IVC_LINUX_RIGHTS, "linux", ENUM, NAMES(rights_names) },
	{ AXVM_A_IVC_HPA, "hpa", HEX },
	{ AXVM_A_IVC_OPENS, "opens", U32 },
	{ AXVM_A_IVC_PEER, "peers", LIST, .set = ivc_peer_fields },
	{ 0 }
};

static json_t *set_to_json(const struct field *set, struct nlattr *head, int len);

static u32 to_u32(const struct nlattr *attr)
{
	return nla_len(attr) >= (int)sizeof(u32) ? nla_get_u32(attr) : 0;
}

static u64 to_u64(const struct nlattr *attr)
{
	return nla_len(attr) >= (int)sizeof(u64) ? nla_get_u64(attr) : to_u32(attr);
}

static const char *name_of(const struct field *field, u32 value, char *buf, size_t size)
{
	if (value < field->nr_names)
		return field->names[value];
	/* A newer module may know more. */
	snprintf(buf, size, "%u", value);
	return buf;
}

static json_t *text_to_json(const struct nlattr *attr)
{
	char *text = strndup(nla_data(attr), nla_len(attr));
	json_t *string = text ? json_string(text) : NULL;

	/* A file name need not be UTF-8. */
	for (char *c = text; !string && c && *c; c++)
		if (*c & 0x80)
			*c = '?';
	if (text && !string)
		string = json_string(text);
	free(text);
	return string ? string : json_null();
}

static json_t *rwx_to_json(u32 flags)
{
	char text[4] = "---";

	if (flags & AXVM_MEMORY_FLAG_READ)
		text[0] = 'r';
	if (flags & AXVM_MEMORY_FLAG_WRITE)
		text[1] = 'w';
	if (flags & AXVM_MEMORY_FLAG_EXEC)
		text[2] = 'x';
	return json_string(text);
}

static json_t *scalar_to_json(const struct field *field, struct nlattr *attr)
{
	char buf[32];

	switch (field->kind) {
	case U8_BOOL:
		return json_boolean(nla_len(attr) && nla_get_u8(attr));
	case U32:
		return json_integer(to_u32(attr));
	case U64:
		return json_integer(to_u64(attr));
	case HEX:
		snprintf(buf, sizeof(buf), "0x%" PRIx64, to_u64(attr));
		return json_string(buf);
	case TEXT:
		return text_to_json(attr);
	case PCI:
		pci_function_name(to_u32(attr), buf, sizeof(buf));
		return json_string(buf);
	case ENUM:
		return json_string(name_of(field, to_u32(attr), buf, sizeof(buf)));
	case RWX:
		return rwx_to_json(to_u32(attr));
	case ACCESS:
		return json_string(config_access_name(to_u32(attr)));
	case SMT:
		return json_boolean(to_u32(attr) & AXVM_CELL_FLAG_ALLOW_SMT_SHARING);
	case TRUE_FLAG:
		return json_true();
	case TTY:
		snprintf(buf, sizeof(buf), "/dev/ttyAXVM%u", to_u32(attr));
		return json_string(buf);
	case NEST:
		return set_to_json(field->set, nla_data(attr), nla_len(attr));
	default:
		return json_null();
	}
}

/* @counts[@outer][@n], making the object that is not there yet. */
static json_t *inner_object(json_t *counts, const char *outer)
{
	json_t *inner = json_object_get(counts, outer);

	if (!inner) {
		inner = json_object();
		json_object_set_new(counts, outer, inner);
	}
	return inner;
}

/* "uart16550@0x3f8": 120 */
static void add_access(const struct field *field, json_t *counts, struct nlattr *attr)
{
	struct nlattr *base = nla_find(nla_data(attr), nla_len(attr), AXVM_A_ACCESS_BASE);
	struct nlattr *type = nla_find(nla_data(attr), nla_len(attr), AXVM_A_ACCESS_TYPE);
	struct nlattr *value = nla_find(nla_data(attr), nla_len(attr), AXVM_A_ACCESS_VALUE);
	char name[32], key[64];

	if (!base || !type || !value)
		return;
	snprintf(key, sizeof(key), "%s@0x%" PRIx64,
		 name_of(field, to_u32(type), name, sizeof(name)), to_u64(base));
	json_object_set_new(counts, key, json_integer(to_u64(value)));
}

static void add_count(const struct field *field, json_t *counts, struct nlattr *attr)
{
	struct nlattr *id = nla_find(nla_data(attr), nla_len(attr), AXVM_A_COUNT_ID);
	struct nlattr *value = nla_find(nla_data(attr), nla_len(attr), AXVM_A_COUNT_VALUE);
	char buf[32];
	u32 n;

	if (!id || !value)
		return;
	n = to_u32(id);
	if (field->kind == COSTS) {
		counts = inner_object(counts, name_of(field, n >> 8, buf, sizeof(buf)));
		snprintf(buf, sizeof(buf), "%u", n & 0xff);
		json_object_set_new(counts, buf, json_integer(to_u64(value)));
	} else if (field->kind == HEX_COUNTS) {
		snprintf(buf, sizeof(buf), n ? "0x%x" : "other", n);
		json_object_set_new(counts, buf, json_integer(to_u64(value)));
	} else {
		json_object_set_new(counts, name_of(field, n, buf, sizeof(buf)),
				    json_integer(to_u64(value)));
	}
}

static void add_field(const struct field *field, json_t *object, struct nlattr *attr)
{
	json_t *members = json_object_get(object, field->key);

	if (field->kind != LIST && field->kind < COUNTS) {
		json_object_set_new(object, field->key, scalar_to_json(field, attr));
		return;
	}
	if (!members) {
		members = field->kind == LIST ? json_array() : json_object();
		json_object_set_new(object, field->key, members);
	}
	if (field->kind == LIST)
		json_array_append_new(members, set_to_json(field->set, nla_data(attr),
							   nla_len(attr)));
	else if (field->kind == ACCESSES)
		add_access(field, members, attr);
	else
		add_count(field, members, attr);
}

/* In the order of the table, which is the order that people read. */
static json_t *set_to_json(const struct field *set, struct nlattr *head, int len)
{
	json_t *object = json_object();
	struct nlattr *attr;
	int rest;

	if (!object)
		exit(fail(EXIT_FAILED, "out of memory"));
	for (; set->key; set++)
		nla_for_each_attr(attr, head, len, rest)
			if (nla_type(attr) == set->attr)
				add_field(set, object, attr);
	return object;
}

static json_t *answer_to_json(const struct field *set, struct nlmsghdr *answer)
{
	struct genlmsghdr *header = nlmsg_data(answer);

	return set_to_json(set, genlmsg_attrdata(header, 0), genlmsg_attrlen(header, 0));
}

json_t *reply_cell(struct nlmsghdr *answer)
{
	return answer_to_json(cell_fields, answer);
}

json_t *reply_info(struct nlmsghdr *answer)
{
	return answer_to_json(info_fields, answer);
}

/* A cell or a log may come in several parts: lists go on, the rest is said again. */
static void merge(json_t *into, const json_t *from)
{
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)from, key, value) {
		json_t *old = json_object_get(into, key);

		if (json_is_array(old) && json_is_array(value))
			json_array_extend(old, value);
		else
			json_object_set(into, key, value);
	}
}

void reply_append_cell(struct nlmsghdr *answer, void *arg)
{
	json_t *list = arg, *cell = reply_cell(answer);

	json_array_append_new(list, cell);
}

void reply_set_cell(struct nlmsghdr *answer, void *arg)
{
	json_t **cell = arg, *part = reply_cell(answer);

	if (!*cell) {
		*cell = part;
		return;
	}
	merge(*cell, part);
	json_decref(part);
}

void reply_set_info(struct nlmsghdr *answer, void *arg)
{
	json_t **info = arg;

	json_decref(*info);
	*info = reply_info(answer);
}

void reply_append_ivc(struct nlmsghdr *answer, void *arg)
{
	json_array_append_new(arg, answer_to_json(ivc_fields, answer));
}

void reply_set_ivc(struct nlmsghdr *answer, void *arg)
{
	json_t **channel = arg;

	json_decref(*channel);
	*channel = answer_to_json(ivc_fields, answer);
}

const char *get_string(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "-";
}

u64 get_integer(const json_t *object, const char *key)
{
	return json_integer_value(json_object_get(object, key));
}

const json_t *get_stop(const json_t *cell)
{
	const json_t *stop = json_object_get(cell, "stop");

	return strcmp(get_string(stop, "cause"), axvm_cause_names[AXVM_CAUSE_NONE]) ? stop : NULL;
}

void print_json(const json_t *value, bool one_line)
{
	json_dumpf(value, stdout, one_line ? JSON_COMPACT : JSON_INDENT(2));
	fputc('\n', stdout);
	fflush(stdout);
}
