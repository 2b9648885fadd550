// SPDX-License-Identifier: GPL-2.0
/* Tests of guest memory: arithmetic, access across pieces, and real claims from this kernel. */
#include <kunit/test.h>
#include <linux/io.h>
#include <linux/mm.h>
#include <linux/sizes.h>

#include "arch.h"
#include "axvm.h"
#include "fake_format.h"
#include "frames.h"
#include "ram.h"

#define RWX	(AXVM_MEMORY_FLAG_READ | AXVM_MEMORY_FLAG_WRITE | AXVM_MEMORY_FLAG_EXEC)
#define PATTERN	0xa55a5aa5c33c3cc3ULL

static struct axvm_cell *cell;
static struct axvm_error err;

/* Stand in for ram.c, whose business is cores. */
int axvm_ram_give(struct axvm_memory *mem, struct axvm_error *error)
{
	int ret = axvm_pgtable_map(&mem->cell->stage2, mem->gpa, mem->hpa, mem->size,
				   AXVM_PT_READ | AXVM_PT_WRITE | AXVM_PT_EXEC);

	mem->mapped = !ret;
	return ret;
}

int axvm_ram_take(struct axvm_cell *from, u64 gpa, u64 size, bool flip, struct axvm_error *error)
{
	return axvm_pgtable_unmap(&from->stage2, gpa, size);
}

static int memory_test_init(struct kunit *test)
{
	cell = kunit_kzalloc(test, sizeof(*cell), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, cell);
	cell->core = kunit_kzalloc(test, sizeof(*cell->core), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, cell->core);
	INIT_LIST_HEAD(&cell->memory);
	axvm_owner_init(&cell->owner, "memory-test");
	err.text[0] = '\0';
	return axvm_pgtable_init(&cell->stage2, &fake_format);
}

static void memory_test_exit(struct kunit *test)
{
	axvm_release_all(&cell->owner);
	axvm_pgtable_destroy(&cell->stage2);
}

static void expect_ram(struct kunit *test, const struct core_ram *ram, unsigned int nr,
		       const struct core_ram *want, unsigned int nr_want)
{
	unsigned int i;

	KUNIT_ASSERT_EQ(test, nr, nr_want);
	for (i = 0; i < nr; i++) {
		KUNIT_EXPECT_EQ_MSG(test, ram[i].gpa, want[i].gpa, "range %u", i);
		KUNIT_EXPECT_EQ_MSG(test, ram[i].size, want[i].size, "range %u", i);
		KUNIT_EXPECT_EQ_MSG(test, ram[i].flags, RWX, "range %u", i);
	}
}

static void test_ram_sort_merge(struct kunit *test)
{
	static const struct core_ram apart[] = {
		{ .gpa = 0, .size = 10 }, { .gpa = 20, .size = 5 }, { .gpa = 40, .size = 10 } };
	static const struct core_ram sides[] = {
		{ .gpa = 0, .size = 15 }, { .gpa = 20, .size = 5 }, { .gpa = 35, .size = 15 } };
	static const struct core_ram joined[] = {
		{ .gpa = 0, .size = 25 }, { .gpa = 35, .size = 15 } };
	struct core_ram ram[3];
	unsigned int nr = 0;

	nr = axvm_ram_add(ram, nr, 3, 20, 5, RWX);
	nr = axvm_ram_add(ram, nr, 3, 0, 10, RWX);
	nr = axvm_ram_add(ram, nr, 3, 40, 10, RWX);
	expect_ram(test, ram, nr, apart, 3);
	KUNIT_EXPECT_EQ(test, axvm_ram_add(ram, nr, 3, 30, 5, RWX), 4);
	expect_ram(test, ram, nr, apart, 3);
	nr = axvm_ram_add(ram, nr, 3, 10, 5, RWX);
	nr = axvm_ram_add(ram, nr, 3, 35, 5, RWX);
	expect_ram(test, ram, nr, sides, 3);
	nr = axvm_ram_add(ram, nr, 3, 15, 5, RWX);
	expect_ram(test, ram, nr, joined, 2);
	/* Neighbours that allow different things stay apart. */
	KUNIT_EXPECT_EQ(test, axvm_ram_add(ram, nr, 3, 25, 10, AXVM_MEMORY_FLAG_READ), 3);
	KUNIT_EXPECT_EQ(test, ram[1].flags, AXVM_MEMORY_FLAG_READ);
}

static void test_piece_sizes(struct kunit *test)
{
	unsigned int steps = 0;
	u64 piece;

	KUNIT_EXPECT_EQ(test, axvm_memory_smaller(SZ_1G), SZ_512M);
	KUNIT_EXPECT_EQ(test, axvm_memory_smaller(SZ_2M + SZ_4K), SZ_2M);
	KUNIT_EXPECT_EQ(test, axvm_memory_smaller(6 * SZ_1M), SZ_4M);
	KUNIT_EXPECT_EQ(test, axvm_memory_smaller(SZ_2M), 0);
	KUNIT_EXPECT_EQ(test, axvm_memory_smaller(SZ_4K), 0);
	for (piece = 1ULL << 40; piece; piece = axvm_memory_smaller(piece))
		steps++;
	KUNIT_EXPECT_EQ(test, steps, 20);

	KUNIT_EXPECT_EQ(test, axvm_memory_host_reserve(SZ_128M), SZ_32M);
	KUNIT_EXPECT_EQ(test, axvm_memory_host_reserve(SZ_1G), SZ_64M);
	KUNIT_EXPECT_EQ(test, axvm_memory_host_reserve(1ULL << 40), SZ_512M);
}

static void test_frames_below(struct kunit *test)
{
	static const struct { unsigned long end, floor, nr, align, offset, pfn; } cases[] = {
		{ 1000, 0, 100, 1, 0, 900 },
		{ 1024, 0, 512, 512, 0, 512 },
		{ 1023, 0, 512, 512, 0, 0 },
		{ 511, 0, 512, 512, 0, ~0UL },
		{ 2048, 0, 512, 512, 256, 1280 },
		{ 2048, 0, 512, 512, 512 + 256, 1280 },
		{ 600, 0, 512, 512, 256, ~0UL },
		{ 1024, 513, 512, 512, 0, ~0UL },
		{ 1024, 512, 512, 512, 0, 512 },
		{ 1000, 0, 1001, 1, 0, ~0UL },
	};
	unsigned long pfn;
	unsigned int i;
	bool found;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		pfn = ~0UL;
		found = axvm_frames_below(cases[i].end, cases[i].floor, cases[i].nr,
					  cases[i].align, cases[i].offset, &pfn);
		KUNIT_EXPECT_EQ_MSG(test, found, cases[i].pfn != ~0UL, "case %u", i);
		KUNIT_EXPECT_EQ_MSG(test, pfn, cases[i].pfn, "case %u", i);
	}
}

/* A piece that never came from Linux, for tests of access. */
static void fake_piece(struct kunit *test, u64 gpa, u64 size)
{
	struct axvm_memory *mem = kunit_kzalloc(test, sizeof(*mem), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, mem);
	mem->va = kunit_kzalloc(test, size, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, mem->va);
	mem->gpa = gpa;
	mem->size = size;
	mem->mapped = true;
	list_add_tail(&mem->node, &cell->memory);
}

static void test_access(struct kunit *test)
{
	u64 len = 64;
	u8 *at;

	fake_piece(test, 0x3000, 0x1000);
	fake_piece(test, 0x1000, 0x1000);
	fake_piece(test, 0x2000, 0x1000);
	at = axvm_memory_at(cell, 0x2fc0, &len);
	KUNIT_ASSERT_NOT_NULL(test, at);
	KUNIT_EXPECT_EQ(test, len, 64);
	memset(at, 1, len);
	len = 65;
	KUNIT_EXPECT_PTR_EQ(test, axvm_memory_at(cell, 0x2fc0, &len), (void *)at);
	KUNIT_EXPECT_EQ(test, len, 64);
	len = 1;
	KUNIT_EXPECT_PTR_EQ(test, axvm_memory_at(cell, 0x2fff, &len), (void *)at + 63);
	KUNIT_EXPECT_EQ(test, len, 1);
	axvm_memory_zero_all(cell);
	KUNIT_EXPECT_NULL(test, memchr_inv(at, 0, 64));

	KUNIT_EXPECT_EQ(test, axvm_memory_fill_ram(cell, &cell->core->tables[0]), 0);
	KUNIT_EXPECT_EQ(test, cell->core->tables[0].nr_ram, 1);
	KUNIT_EXPECT_EQ(test, cell->core->tables[0].ram[0].gpa, 0x1000);
	KUNIT_EXPECT_EQ(test, cell->core->tables[0].ram[0].size, 0x3000);
	INIT_LIST_HEAD(&cell->memory);
}

static void test_access_outside(struct kunit *test)
{
	u64 len = 1;

	fake_piece(test, 0x1000, 0x1000);
	fake_piece(test, 0x3000, 0x1000);
	KUNIT_EXPECT_TRUE(test, axvm_memory_covers(cell, 0x1000, 0x1000));
	KUNIT_EXPECT_TRUE(test, axvm_memory_covers(cell, 0, 0));
	KUNIT_EXPECT_FALSE(test, axvm_memory_covers(cell, 0x1000, 0x1001));
	KUNIT_EXPECT_FALSE(test, axvm_memory_covers(cell, 0x1000, 0x3000));
	KUNIT_EXPECT_FALSE(test, axvm_memory_covers(cell, 0xfff, 1));
	KUNIT_EXPECT_FALSE(test, axvm_memory_covers(cell, 0xfff, 2));
	KUNIT_EXPECT_FALSE(test, axvm_memory_covers(cell, 0x1000, ~0ULL));
	KUNIT_EXPECT_NULL(test, axvm_memory_at(cell, 0xfff, &len));
	KUNIT_EXPECT_NULL(test, axvm_memory_at(cell, 0x2000, &len));
	KUNIT_EXPECT_NULL(test, axvm_memory_at(cell, 0x4000, &len));
	KUNIT_EXPECT_EQ(test, len, 1);
	INIT_LIST_HEAD(&cell->memory);
}

static int claim(u32 type, u64 gpa, u64 size, u64 hpa)
{
	struct axvm_config_memory cfg = {
		.type = type, .flags = RWX, .gpa = gpa, .size = size, .hpa = hpa,
	};

	return axvm_memory_claim(cell, &cfg, NULL, &err);
}

static void expect_mapped(struct kunit *test, u64 gpa, u64 size)
{
	unsigned int flags;
	u64 at, pa, len;

	for (at = gpa; at < gpa + size; at += PAGE_SIZE) {
		len = 1;
		KUNIT_ASSERT_TRUE(test, axvm_pgtable_lookup(&cell->stage2, at, &pa, &flags, NULL));
		KUNIT_ASSERT_PTR_EQ(test, axvm_memory_at(cell, at, &len), phys_to_virt(pa));
		KUNIT_ASSERT_EQ(test, flags, AXVM_PT_READ | AXVM_PT_WRITE | AXVM_PT_EXEC);
		KUNIT_ASSERT_TRUE(test, axvm_claimed(AXVM_RES_RAM, pa, PAGE_SIZE));
	}
}

/* Fresh memory is clear and mapped; what comes back to Linux has nothing of the guest's. */
static void claim_and_release(struct kunit *test, u64 gpa, u64 size)
{
	u64 left, *word, seen = 0, hpa[8], sizes[8];
	struct axvm_memory *mem;
	unsigned int i, nr = 0;

	KUNIT_ASSERT_EQ_MSG(test, claim(AXVM_MEMORY_TYPE_ALLOC, gpa, size, 0), 0, "%s", err.text);
	expect_mapped(test, gpa, size);
	list_for_each_entry(mem, &cell->memory, node) {
		KUNIT_EXPECT_NULL(test, memchr_inv(mem->va, 0, mem->size));
		memset64(mem->va, PATTERN, mem->size / 8);
		KUNIT_ASSERT_LT(test, nr, 8);
		hpa[nr] = mem->hpa;
		sizes[nr++] = mem->size;
	}
	axvm_release_all(&cell->owner);
	for (i = 0; i < nr; i++)
		for (word = phys_to_virt(hpa[i]), left = sizes[i] / 8; left; left--, word++)
			seen += *word == PATTERN;
	KUNIT_EXPECT_EQ_MSG(test, seen, 0, "words of the guest's went back to Linux");
	KUNIT_EXPECT_FALSE(test, axvm_claimed(AXVM_RES_RAM, 0, ~0ULL));
	KUNIT_EXPECT_FALSE(test, axvm_pgtable_lookup(&cell->stage2, gpa, NULL, NULL, NULL));
	KUNIT_EXPECT_TRUE(test, list_empty(&cell->memory));
}

static void test_alloc_small(struct kunit *test)
{
	claim_and_release(test, 0x5000, SZ_4K);
	claim_and_release(test, SZ_1M, SZ_2M + SZ_1M);
}

static void test_alloc_large(struct kunit *test)
{
	claim_and_release(test, SZ_1M, SZ_8M + SZ_64K);
}

/* Host memory is as far from a large page boundary as guest memory, so that large pages fit. */
static void test_alloc_congruent(struct kunit *test)
{
	unsigned int level;

	KUNIT_ASSERT_EQ(test, claim(AXVM_MEMORY_TYPE_ALLOC, SZ_1M, SZ_16M, 0), 0);
	KUNIT_ASSERT_TRUE(test, axvm_pgtable_lookup(&cell->stage2, SZ_4M, NULL, NULL, &level));
	KUNIT_EXPECT_EQ(test, level, 1);
}

/* Frames with the host's data in them come to the guest cleared. */
static void test_host_data_is_cleared(struct kunit *test)
{
	struct axvm_frames_search search;
	struct axvm_memory *mem;
	u64 hpa;

	axvm_frames_search_init(&search, SZ_4M, SZ_2M, 0);
	KUNIT_ASSERT_EQ(test, axvm_frames_next(&search, &hpa), 0);
	memset64(phys_to_virt(hpa), PATTERN, SZ_4M / 8);
	axvm_frames_free(hpa, SZ_4M);
	KUNIT_ASSERT_EQ_MSG(test, claim(AXVM_MEMORY_TYPE_IDENTICAL, hpa, SZ_4M, 0), 0, "%s",
			    err.text);
	mem = list_first_entry(&cell->memory, struct axvm_memory, node);
	KUNIT_EXPECT_NULL(test, memchr_inv(mem->va, 0, SZ_4M));
}

/* A part of a piece goes back, the rest stays what and where it is. */
static void test_split(struct kunit *test)
{
	struct axvm_memory_run run = { };
	struct axvm_memory *mem;
	u64 hpa, len = SZ_64K;
	u64 *va;

	KUNIT_ASSERT_EQ(test, claim(AXVM_MEMORY_TYPE_ALLOC, SZ_1M, SZ_64K, 0), 0);
	mem = list_first_entry(&cell->memory, struct axvm_memory, node);
	hpa = mem->hpa;
	va = mem->va;
	memset64(va, PATTERN, SZ_64K / 8);
	KUNIT_EXPECT_EQ(test, axvm_memory_split(cell, SZ_1M, &err), 0);
	KUNIT_EXPECT_EQ(test, axvm_memory_split(cell, SZ_1M + SZ_64K, &err), 0);
	KUNIT_EXPECT_TRUE(test, list_is_singular(&cell->memory));
	KUNIT_EXPECT_EQ(test, axvm_memory_split(cell, SZ_1M + SZ_4K, &err), 0);
	KUNIT_EXPECT_EQ(test, axvm_memory_split(cell, SZ_1M + SZ_8K, &err), 0);
	KUNIT_EXPECT_PTR_EQ(test, axvm_memory_at(cell, SZ_1M + SZ_8K, &len), (void *)va + SZ_8K);
	KUNIT_EXPECT_EQ(test, len, SZ_64K - SZ_8K);
	KUNIT_ASSERT_TRUE(test, axvm_memory_next(cell, &run, true));
	KUNIT_EXPECT_EQ(test, run.size, SZ_64K);
	mem = list_next_entry(list_first_entry(&cell->memory, struct axvm_memory, node), node);
	KUNIT_EXPECT_EQ(test, mem->hpa, hpa + SZ_4K);
	axvm_release(&mem->claim);
	KUNIT_EXPECT_EQ(test, va[SZ_4K / 8 - 1], PATTERN);
	KUNIT_EXPECT_EQ(test, va[SZ_8K / 8], PATTERN);
	KUNIT_EXPECT_FALSE(test, axvm_memory_covers(cell, SZ_1M, SZ_8K));
	KUNIT_EXPECT_FALSE(test, axvm_claimed(AXVM_RES_RAM, hpa + SZ_4K, SZ_4K));
	KUNIT_EXPECT_TRUE(test, axvm_claimed(AXVM_RES_RAM, hpa, SZ_4K));
	KUNIT_EXPECT_TRUE(test, axvm_claimed(AXVM_RES_RAM, hpa + SZ_8K, SZ_4K));
	KUNIT_EXPECT_FALSE(test, axvm_pgtable_lookup(&cell->stage2, SZ_1M + SZ_4K, NULL, NULL, NULL));
	run = (struct axvm_memory_run) { };
	KUNIT_ASSERT_TRUE(test, axvm_memory_next(cell, &run, true));
	KUNIT_EXPECT_EQ(test, run.size, SZ_4K);
	KUNIT_ASSERT_TRUE(test, axvm_memory_next(cell, &run, true));
	KUNIT_EXPECT_EQ(test, run.gpa, SZ_1M + SZ_8K);
	KUNIT_EXPECT_EQ(test, run.size, SZ_64K - SZ_8K);
	KUNIT_EXPECT_FALSE(test, axvm_memory_next(cell, &run, true));
}

static void test_overlap_is_undone(struct kunit *test)
{
	u64 pa, again;

	KUNIT_ASSERT_EQ(test, claim(AXVM_MEMORY_TYPE_ALLOC, SZ_16M, SZ_64K, 0), 0);
	KUNIT_ASSERT_TRUE(test, axvm_pgtable_lookup(&cell->stage2, SZ_16M, &pa, NULL, NULL));
	KUNIT_EXPECT_EQ(test, claim(AXVM_MEMORY_TYPE_ALLOC, SZ_8M, SZ_8M + SZ_4K, 0), -EEXIST);
	KUNIT_EXPECT_NOT_NULL(test, strstr(err.text, "overlap"));
	KUNIT_EXPECT_TRUE(test, list_is_singular(&cell->memory));
	KUNIT_EXPECT_TRUE(test, list_is_singular(&cell->owner.claims));
	KUNIT_EXPECT_FALSE(test, axvm_pgtable_lookup(&cell->stage2, SZ_8M, NULL, NULL, NULL));
	KUNIT_ASSERT_TRUE(test, axvm_pgtable_lookup(&cell->stage2, SZ_16M, &again, NULL, NULL));
	KUNIT_EXPECT_EQ(test, pa, again);
}

static void test_identical(struct kunit *test)
{
	struct axvm_memory *mem;
	u64 hpa;

	/* Frames that could be taken a moment ago can be taken now. */
	KUNIT_ASSERT_EQ(test, claim(AXVM_MEMORY_TYPE_ALLOC, 0, SZ_8M, 0), 0);
	mem = list_first_entry(&cell->memory, struct axvm_memory, node);
	hpa = mem->hpa;
	KUNIT_EXPECT_EQ(test, claim(AXVM_MEMORY_TYPE_IDENTICAL, hpa, SZ_2M, 0), -EBUSY);
	KUNIT_EXPECT_NOT_NULL(test, strstr(err.text, "memory-test"));
	axvm_release_all(&cell->owner);
	KUNIT_ASSERT_EQ(test, claim(AXVM_MEMORY_TYPE_IDENTICAL, hpa, SZ_2M, 0), 0);
	mem = list_first_entry(&cell->memory, struct axvm_memory, node);
	KUNIT_EXPECT_EQ(test, mem->hpa, hpa);
	expect_mapped(test, hpa, SZ_2M);
}

static void expect_refused(struct kunit *test, int ret, int want, const char *word)
{
	KUNIT_EXPECT_EQ_MSG(test, ret, want, "%s", err.text);
	KUNIT_EXPECT_NOT_NULL_MSG(test, strstr(err.text, word), "%s", err.text);
	KUNIT_EXPECT_TRUE(test, list_empty(&cell->memory));
	KUNIT_EXPECT_TRUE(test, list_empty(&cell->owner.claims));
	KUNIT_EXPECT_EQ(test, cell->stage2.nr_pages, 1);
	err.text[0] = '\0';
}

static void test_refusals(struct kunit *test)
{
	u64 all = (u64)totalram_pages() << PAGE_SHIFT, kernel = virt_to_phys(cell) & PAGE_MASK;
	u64 beyond = 1ULL << 46;

	expect_refused(test, claim(99, 0, SZ_2M, 0), -EINVAL, "type 99");
	expect_refused(test, claim(AXVM_MEMORY_TYPE_ALLOC, 1, SZ_2M, 0), -EINVAL, "whole pages");
	expect_refused(test, claim(AXVM_MEMORY_TYPE_ALLOC, 0, 0, 0), -EINVAL, "whole pages");
	expect_refused(test, claim(AXVM_MEMORY_TYPE_ALLOC, PAGE_MASK, SZ_2M, 0), -EINVAL,
		       "last address");
	expect_refused(test, claim(AXVM_MEMORY_TYPE_ALLOC, 0, all, 0), -ENOMEM, "available");
	expect_refused(test, claim(AXVM_MEMORY_TYPE_IDENTICAL, kernel, SZ_4K, 0), -EBUSY,
		       "cannot move");
	expect_refused(test, claim(AXVM_MEMORY_TYPE_IDENTICAL, beyond, SZ_4K, 0), -EINVAL,
		       "no System RAM");
	expect_refused(test, claim(AXVM_MEMORY_TYPE_RESERVED, 0, SZ_4K, kernel), -EINVAL,
		       "System RAM");
	expect_refused(test, claim(AXVM_MEMORY_TYPE_RESERVED, 0, SZ_4K, beyond), -EINVAL,
		       "kept out");
}

static struct kunit_case memory_cases[] = {
	KUNIT_CASE(test_ram_sort_merge),
	KUNIT_CASE(test_piece_sizes),
	KUNIT_CASE(test_frames_below),
	KUNIT_CASE(test_access),
	KUNIT_CASE(test_access_outside),
	KUNIT_CASE(test_alloc_small),
	KUNIT_CASE(test_alloc_large),
	KUNIT_CASE(test_alloc_congruent),
	KUNIT_CASE(test_host_data_is_cleared),
	KUNIT_CASE(test_split),
	KUNIT_CASE(test_overlap_is_undone),
	KUNIT_CASE(test_identical),
	KUNIT_CASE(test_refusals),
	{ }
};

static struct kunit_suite memory_suite = {
	.name = "axvm_memory",
	.init = memory_test_init,
	.exit = memory_test_exit,
	.test_cases = memory_cases,
};

kunit_test_suite(memory_suite);
