// SPDX-License-Identifier: GPL-2.0
/* Sums and differences of counters. */
#include <jansson.h>

#include "stats.h"
#include "unit.h"

static const char before_text[] =
	"{ \"vcpus\": [ { \"exits\": { \"mmio\": 10, \"pio\": 5 } } ] }";
static const char after_text[] =
	"{ \"vcpus\": ["
	"{ \"exits\": { \"mmio\": 12, \"pio\": 105, \"ident\": 0 }, \"spent\": { \"mmio\": 4000, \"pio\": 3000 },"
	"  \"costs\": { \"mmio\": { \"10\": 1, \"11\": 1 }, \"pio\": { \"4\": 100 } } },"
	"{ \"exits\": { \"ipi\": 7 }, \"spent\": { \"ipi\": 100 }, \"costs\": { \"ipi\": { \"3\": 7 } } } ] }";

static void test_sums(void)
{
	json_t *cell = json_loads(after_text, 0, NULL);

	EXPECT(stats_sum(cell, "exits", "mmio") == 12);
	EXPECT(stats_sum(cell, "exits", NULL) == 124);
	EXPECT(stats_sum(cell, "exits", "nothing") == 0);
	EXPECT(stats_sum(NULL, "exits", NULL) == 0);
	json_decref(cell);
}

static void test_reasons(void)
{
	json_t *before = json_loads(before_text, 0, NULL), *cell = json_loads(after_text, 0, NULL);
	struct stats_reason list[STATS_MAX_REASONS];

	EXPECT(stats_reasons(cell, before, list) == 3);
	EXPECT(!strcmp(list[0].name, "mmio") && list[0].exits == 2 && list[0].spent == 4000);
	EXPECT(list[0].recorded == 2);
	EXPECT(!strcmp(list[1].name, "pio") && list[1].exits == 100);
	EXPECT(!strcmp(list[2].name, "ipi") && list[2].exits == 7);
	/* Without costs the most frequent comes first. */
	EXPECT(stats_reasons(before, NULL, list) == 2 && !strcmp(list[0].name, "mmio"));
	EXPECT(stats_reasons(cell, cell, list) == 0);
	json_decref(before);
	json_decref(cell);
}

static void test_hints(void)
{
	EXPECT(strstr(stats_hint("pio"), "ports"));
	EXPECT(*stats_hint("a reason of a newer module"));
}

const struct unit_test stats_tests[] = {
	{ "stats: sums over vCPUs", test_sums },
	{ "stats: reasons, the dearest first", test_reasons },
	{ "stats: hints", test_hints },
	{ NULL, NULL }
};
