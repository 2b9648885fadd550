// SPDX-License-Identifier: GPL-2.0
/* Where memory lies, and what has a place in it. */
#include "arch.h"
#include "unit.h"

static struct config cfg;
static struct machine m;

/* A cell with this memory and a one-page image; frees what was before. */
static int build(const char *memory)
{
	const char *image = unit_file("program", 7);
	char text[1024];

	unit_free(&cfg, &m);
	snprintf(text, sizeof(text),
		 "{\"name\":\"t\",\"cpus\":[1],\"memory\":%s,\"image\":{\"file\":\"%s\"}}", memory,
		 image);
	return unit_build(&cfg, &m, text, 0);
}

static bool region(u32 i, u64 gpa, u64 size)
{
	return i < m.nr_memory && m.memory[i].gpa == gpa && m.memory[i].size == size;
}

static void test_small(void)
{
	EXPECT(build("[{\"size\":\"4M\"}]") == EXIT_OK);
	EXPECT(m.nr_memory == 1 && region(0, arch_layout.ram_base, 4 * MIB));
	EXPECT(m.boot.entry == arch_layout.image_gpa);
}

static void test_hole(void)
{
	u64 below = arch_layout.hole_start - arch_layout.ram_base;

	EXPECT(build("[{\"size\":\"6G\"}]") == EXIT_OK);
	EXPECT(m.nr_memory == 2 && region(0, arch_layout.ram_base, below));
	EXPECT(region(1, arch_layout.hole_end, 6 * GIB - below));
	EXPECT(m.memory[1].origin == 0);
	EXPECT(build("[{\"size\":\"2G\"},{\"size\":\"2G\"},{\"size\":\"1M\"}]") == EXIT_OK);
	EXPECT(m.nr_memory == 4 && region(1, 2 * GIB, GIB) && region(2, 4 * GIB, GIB) &&
	       region(3, 5 * GIB, MIB));
	EXPECT(build("[{\"size\":\"3G\"}]") == EXIT_OK && m.nr_memory == 1);
	EXPECT(build("[{\"size\":\"3G\"},{\"size\":\"4K\"}]") == EXIT_OK);
	EXPECT(region(1, 4 * GIB, 4096));
}

static void test_reserved_split(void)
{
	EXPECT(build("[{\"type\":\"reserved\",\"hpa\":\"16G\",\"size\":\"4G\"}]") == EXIT_OK);
	EXPECT(m.nr_memory == 2 && m.memory[0].hpa == 16 * GIB && m.memory[1].hpa == 19 * GIB);
}

static void test_given(void)
{
	EXPECT(build("[{\"size\":\"4M\"},{\"gpa\":\"1G\",\"size\":\"2M\"},{\"size\":\"1M\"}]") ==
	       EXIT_OK);
	EXPECT(region(1, GIB, 2 * MIB) && region(2, GIB + 2 * MIB, MIB));
	EXPECT(build("[{\"size\":\"4M\"},{\"gpa\":\"0x3ff000\",\"size\":\"4K\"}]") == EXIT_CONFIG);
	EXPECT(unit_said("key 'memory[1]'") && unit_said("overlaps memory[0]"));
}

static void test_is_ram(void)
{
	EXPECT(build("[{\"size\":\"4M\"},{\"size\":\"4M\"},{\"gpa\":\"16M\",\"size\":\"1M\"}]") ==
	       EXIT_OK);
	EXPECT(machine_is_ram(&m, 0, 8 * MIB));
	EXPECT(!machine_is_ram(&m, 0, 8 * MIB + 1));
	EXPECT(machine_is_ram(&m, 17 * MIB - 1, 1));
	EXPECT(!machine_is_ram(&m, 17 * MIB - 1, 2));
	EXPECT(!machine_is_ram(&m, UINT64_MAX, 2));
	EXPECT(machine_ram_end(&m, 4 * GIB) == 17 * MIB);
	EXPECT(machine_ram_end(&m, 6 * MIB) == 6 * MIB);
}

static void test_find(void)
{
	u64 gpa = 0;

	EXPECT(build("[{\"size\":\"4M\"},{\"gpa\":\"16M\",\"size\":\"1M\"}]") == EXIT_OK);
	EXPECT(machine_claim(&m, "memory", 2 * MIB, MIB, "a test") == EXIT_OK);
	EXPECT(machine_find(&m, MIB, MIB, MIB, 4 * MIB, true, &gpa) && gpa == 3 * MIB);
	EXPECT(machine_find(&m, 512 * KIB, 4096, MIB + 4096, 4 * MIB, false, &gpa) &&
	       gpa == MIB + 4096);
	EXPECT(machine_find(&m, MIB, 4096, MIB + 8192, 17 * MIB, false, &gpa) && gpa == 3 * MIB);
	EXPECT(machine_find(&m, MIB, 4096, 4 * MIB, 64 * MIB, true, &gpa) && gpa == 16 * MIB);
	EXPECT(!machine_find(&m, 2 * MIB, 4096, 2 * MIB, 64 * MIB, true, &gpa));
	EXPECT(!machine_find(&m, MIB, 4096, 5 * MIB, 4 * MIB, true, &gpa));
}

static void test_too_many(void)
{
	char list[1024] = "[";

	for (int i = 0; i < AXVM_MAX_REGIONS; i++)
		strcat(list, i ? ",{\"size\":\"256M\"}" : "{\"size\":\"1792M\"}");
	strcat(list, "]");
	/* 16 entries, one of which the hole splits. */
	EXPECT(build(list) == EXIT_OK || unit_said("too many regions"));
	list[strlen(list) - 1] = '\0';
	strcat(list, ",{\"size\":\"4K\"}]");
	EXPECT(build(list) == EXIT_CONFIG && unit_said("at most 16"));
}

static void test_devices(void)
{
	char text[512];

	unit_free(&cfg, &m);
	snprintf(text, sizeof(text),
		 "{\"name\":\"t\",\"cpus\":[1],\"memory\":[{\"size\":\"4M\"}],\"image\":{\"file\":\"%s\"},"
		 "\"devices\":[{\"ports\":{\"base\":100,\"size\":2}},{\"ports\":{\"base\":101}}]}",
		 unit_file("x", 1));
	EXPECT(unit_build(&cfg, &m, text, 0) == EXIT_CONFIG);
	EXPECT(unit_said("key 'devices[1].ports'") && unit_said("overlaps"));
	unit_free(&cfg, &m);
}

const struct unit_test machine_tests[] = {
	{ "machine: one region", test_small },
	{ "machine: memory goes around the hole", test_hole },
	{ "machine: a reserved range that the hole splits", test_reserved_split },
	{ "machine: addresses that are given", test_given },
	{ "machine: what is memory", test_is_ram },
	{ "machine: finding a free place", test_find },
	{ "machine: more regions than a cell can have", test_too_many },
	{ "machine: ports that overlap", test_devices },
	{ 0 }
};
