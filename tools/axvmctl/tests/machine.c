// SPDX-License-Identifier: GPL-2.0
/* Where memory lies, and what has a place in it. */
#include "arch.h"
#include "unit.h"

#define BASE	arch_layout.ram_base

static struct config cfg;
static struct machine m;

/* A region's "gpa", counted from the start of memory, in front of its size. */
static const char *at(u64 offset)
{
	static char text[4][40];
	static int turn;

	turn = (turn + 1) % 4;
	snprintf(text[turn], sizeof(text[turn]), "{\"gpa\":%llu,\"size\":",
		 (unsigned long long)(BASE + offset));
	return text[turn];
}

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
	u64 below = arch_layout.hole_start - BASE;

	EXPECT(build("[{\"size\":\"6G\"}]") == EXIT_OK);
	if (!arch_layout.hole_end) {
		EXPECT(m.nr_memory == 1 && region(0, BASE, 6 * GIB));
		return;
	}
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
	EXPECT(m.memory[0].hpa == 16 * GIB);
	if (arch_layout.hole_end)
		EXPECT(m.nr_memory == 2 && m.memory[1].hpa == 19 * GIB);
	else
		EXPECT(m.nr_memory == 1);
}

static void test_given(void)
{
	char list[256];

	snprintf(list, sizeof(list), "[{\"size\":\"4M\"},%s\"2M\"},{\"size\":\"1M\"}]", at(GIB));
	EXPECT(build(list) == EXIT_OK);
	EXPECT(region(1, BASE + GIB, 2 * MIB) && region(2, BASE + GIB + 2 * MIB, MIB));
	snprintf(list, sizeof(list), "[{\"size\":\"4M\"},%s\"4K\"}]", at(0x3ff000));
	EXPECT(build(list) == EXIT_CONFIG);
	EXPECT(unit_said("key 'memory[1]'") && unit_said("overlaps memory[0]"));
}

static void test_is_ram(void)
{
	char list[256];

	snprintf(list, sizeof(list), "[{\"size\":\"4M\"},{\"size\":\"4M\"},%s\"1M\"}]", at(16 * MIB));
	EXPECT(build(list) == EXIT_OK);
	EXPECT(machine_is_ram(&m, BASE, 8 * MIB));
	EXPECT(!machine_is_ram(&m, BASE, 8 * MIB + 1));
	EXPECT(machine_is_ram(&m, BASE + 17 * MIB - 1, 1));
	EXPECT(!machine_is_ram(&m, BASE + 17 * MIB - 1, 2));
	EXPECT(!machine_is_ram(&m, UINT64_MAX, 2));
	EXPECT(machine_ram_end(&m, BASE + 4 * GIB) == BASE + 17 * MIB);
	EXPECT(machine_ram_end(&m, BASE + 6 * MIB) == BASE + 6 * MIB);
}

/* machine_find() with addresses counted from the start of memory. */
static bool find(u64 size, u64 align, u64 min, u64 end, bool high, u64 *offset)
{
	bool found = machine_find(&m, size, align, BASE + min, BASE + end, high, offset);

	*offset -= BASE;
	return found;
}

static void test_find(void)
{
	char list[256];
	u64 gpa = 0;

	snprintf(list, sizeof(list), "[{\"size\":\"4M\"},%s\"1M\"}]", at(16 * MIB));
	EXPECT(build(list) == EXIT_OK);
	EXPECT(machine_claim(&m, "memory", BASE + 2 * MIB + 4096, MIB - 4096, "a test") ==
	       EXIT_OK);
	EXPECT(find(MIB, MIB, MIB, 4 * MIB, true, &gpa) && gpa == 3 * MIB);
	EXPECT(find(512 * KIB, 4096, MIB + 4096, 4 * MIB, false, &gpa) && gpa == MIB + 4096);
	EXPECT(find(MIB, 4096, MIB + 8192, 17 * MIB, false, &gpa) && gpa == 3 * MIB);
	EXPECT(find(MIB, 4096, 4 * MIB, 64 * MIB, true, &gpa) && gpa == 16 * MIB);
	EXPECT(!find(2 * MIB, 4096, 2 * MIB, 64 * MIB, true, &gpa));
	EXPECT(!find(MIB, 4096, 5 * MIB, 4 * MIB, true, &gpa));
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

static bool build_devices(const char *devices)
{
	char text[512];

	unit_free(&cfg, &m);
	snprintf(text, sizeof(text),
		 "{\"name\":\"t\",\"cpus\":[1],\"memory\":[{\"size\":\"4M\"}],\"image\":{\"file\":\"%s\"},"
		 "\"devices\":[%s]}",
		 unit_file("x", 1), devices);
	return !unit_build(&cfg, &m, text, 0);
}

static void test_devices(void)
{
	EXPECT(build_devices("{\"mmio\":{\"hpa\":\"0x9f000000\",\"gpa\":\"0x7000000\",\"size\":\"64K\"}}"));
	EXPECT(m.device[m.nr_devices - 1].hpa == 0x9f000000);
	/* The module widens and merges. */
	EXPECT(build_devices("{\"mmio\":{\"hpa\":\"0x7000000\",\"size\":\"8K\"}},{\"mmio\":{\"hpa\":\"0x7001010\",\"size\":5}}"));
	EXPECT(m.device[m.nr_devices - 1].base == 0x7001010 && m.device[m.nr_devices - 1].size == 5);
	EXPECT(m.device[m.nr_devices - 1].access == 0);
	/* Not where access is filtered. */
	EXPECT(!build_devices("{\"mmio\":{\"hpa\":\"0x7000000\",\"size\":\"8K\"}},{\"mmio\":{\"hpa\":\"0x7001000\",\"access\":\"ro\"}}"));
	EXPECT(unit_said("key 'devices[1].mmio'") && unit_said("overlaps"));
	EXPECT(build_devices("{\"mmio\":{\"hpa\":\"0x7000010\",\"gpa\":\"0x6000010\",\"size\":16,\"access\":\"wo\"}}"));
	EXPECT(m.device[m.nr_devices - 1].access == AXVM_DEVICE_RIGHT_WRITE);
	EXPECT(!build_devices("{\"mmio\":{\"hpa\":\"0x7000010\",\"gpa\":\"0x6000000\"}}"));
	EXPECT(unit_said("same place of its page"));
	EXPECT(!build_devices("{\"mmio\":{\"hpa\":\"0x7000000\",\"access\":\"x\"}}") && unit_said("not an access"));
	EXPECT(build_devices("{\"testdev\":{\"gpa\":\"0x7000000\"}}"));
	EXPECT(!build_devices("{\"testdev\":{\"gpa\":\"0x7000010\"}}") && unit_said("multiple of 4K"));
	EXPECT(!build_devices("{\"mmio\":{\"gpa\":\"0x7000000\"}}") && unit_said("'hpa' is missing"));
	EXPECT(!build_devices("{\"mmio\":{\"hpa\":4096},\"ports\":{\"base\":5}}"));
	EXPECT(unit_said("not one device"));
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
	{ "machine: MMIO that is handed through", test_devices },
	{ 0 }
};
