// SPDX-License-Identifier: GPL-2.0
/* Sums and differences of what the module counts; on JSON as reply.c makes it. */
#include <stdlib.h>
#include <string.h>

#include "names.h"
#include "stats.h"

static u64 sum_of(const json_t *numbers)
{
	const char *key;
	json_t *value;
	u64 sum = 0;

	json_object_foreach((json_t *)numbers, key, value)
		sum += json_integer_value(value);
	return sum;
}

u64 stats_sum(const json_t *cell, const char *key, const char *name)
{
	json_t *vcpu;
	size_t i;
	u64 sum = 0;

	json_array_foreach(json_object_get(cell, "vcpus"), i, vcpu) {
		const json_t *numbers = json_object_get(vcpu, key);

		sum += name ? (u64)json_integer_value(json_object_get(numbers, name)) :
			      sum_of(numbers);
	}
	return sum;
}

/* Exits of a reason that are in its histogram. */
static u64 recorded(const json_t *cell, const char *name)
{
	json_t *vcpu;
	size_t i;
	u64 sum = 0;

	json_array_foreach(json_object_get(cell, "vcpus"), i, vcpu)
		sum += sum_of(json_object_get(json_object_get(vcpu, "costs"), name));
	return sum;
}

/* The module forgets costs when it starts to record: then all that there is, is new. */
static u64 since(u64 now, u64 before)
{
	return now >= before ? now - before : now;
}

static int dearer(const void *left, const void *right)
{
	const struct stats_reason *a = left, *b = right;

	if (a->spent != b->spent)
		return a->spent < b->spent ? 1 : -1;
	return a->exits < b->exits ? 1 : a->exits > b->exits ? -1 : 0;
}

size_t stats_reasons(const json_t *cell, const json_t *before, struct stats_reason *list)
{
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_SIZE(axvm_exit_names) && n < STATS_MAX_REASONS; i++) {
		const char *name = axvm_exit_names[i];
		struct stats_reason *r = &list[n];

		r->name = name;
		r->exits = since(stats_sum(cell, "exits", name), stats_sum(before, "exits", name));
		r->spent = since(stats_sum(cell, "spent", name), stats_sum(before, "spent", name));
		r->recorded = since(recorded(cell, name), recorded(before, name));
		if (r->exits)
			n++;
	}
	qsort(list, n, sizeof(*list), dearer);
	return n;
}

const char *stats_hint(const char *reason)
{
	static const struct {
		const char *reason, *hint;
	} hints[] = {
		{ "mmio", "an emulated device's registers: give the cell a real one, or use its interrupt instead of polling" },
		{ "pio", "an emulated device's ports: print less, use hypercalls for a console, or pass ports through" },
		{ "sysreg", "registers that are not the guest's own: read them once and keep the value" },
		{ "hypercall", "the guest's own calls: put more into each of them" },
		{ "ipi", "interrupts between vCPUs: fewer vCPUs, or work that stays where it is" },
		{ "idle", "the guest's idle instruction: let it spin (idle=poll) if latency matters" },
		{ "kick", "requests of the host or of another vCPU: read the console less often" },
		{ "interrupt", "physical interrupts taken by the core: fewer timers (nohz), or mode passthrough" },
		{ "ident", "questions for the processor's features: ask once and keep the answer" },
		{ "exception", "instructions that a guest does not have: see its log" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(hints); i++)
		if (!strcmp(hints[i].reason, reason))
			return hints[i].hint;
	return "see the cell's log";
}
