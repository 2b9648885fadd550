// SPDX-License-Identifier: GPL-2.0
/* Tests of the page-table builder: page sizes, refusals, undo, and that no table leaks. */
#include <kunit/test.h>
#include <linux/io.h>
#include <linux/kprobes.h>
#include <linux/sizes.h>

#include "fake_format.h"

#define RW	(AXVM_PT_READ | AXVM_PT_WRITE)
#define T	(512ULL * SZ_1G)	/* what an entry of the root maps */

static struct axvm_pgtable pt;
static struct axvm_pgtable_format fmt;

static int pgtable_test_init(struct kunit *test)
{
	fmt = fake_format;
	return axvm_pgtable_init(&pt, &fmt);
}

static void pgtable_test_exit(struct kunit *test)
{
	axvm_pgtable_destroy(&pt);
}

static void expect_at(struct kunit *test, u64 va, u64 pa, unsigned int level)
{
	unsigned int got_level = 99, got_flags = 0;
	u64 got = 0;

	KUNIT_EXPECT_TRUE_MSG(test, axvm_pgtable_lookup(&pt, va, &got, &got_flags, &got_level),
			      "va 0x%llx", va);
	KUNIT_EXPECT_EQ_MSG(test, got, pa, "va 0x%llx", va);
	KUNIT_EXPECT_EQ_MSG(test, got_level, level, "va 0x%llx", va);
	KUNIT_EXPECT_EQ_MSG(test, got_flags, RW, "va 0x%llx", va);
}

static void expect_hole(struct kunit *test, u64 va)
{
	KUNIT_EXPECT_FALSE_MSG(test, axvm_pgtable_lookup(&pt, va, NULL, NULL, NULL),
			       "va 0x%llx", va);
}

/* 4 KiB up to the next 2 MiB, then 2 MiB up to the next 1 GiB, and down again. */
static void test_mix(struct kunit *test)
{
	u64 va = SZ_1G - SZ_2M - SZ_4K, pa = va + 16ULL * SZ_1G;
	u64 size = SZ_4K + SZ_2M + SZ_1G + SZ_2M + SZ_4K;

	KUNIT_ASSERT_EQ(test, axvm_pgtable_map(&pt, va, pa, size, RW), 0);
	expect_hole(test, va - 1);
	expect_at(test, va, pa, 0);
	expect_at(test, va + SZ_4K, pa + SZ_4K, 1);
	expect_at(test, SZ_1G, pa + SZ_4K + SZ_2M, 2);
	expect_at(test, SZ_1G + 0x12345678, pa + SZ_4K + SZ_2M + 0x12345678, 2);
	expect_at(test, 2ULL * SZ_1G, pa + SZ_4K + SZ_2M + SZ_1G, 1);
	expect_at(test, va + size - 1, pa + size - 1, 0);
	expect_hole(test, va + size);
	/* the root, one of level 2, two of level 1, two of level 0 */
	KUNIT_EXPECT_EQ(test, pt.nr_pages, 6);
}

/* The page size follows from what both addresses are aligned to. */
static void test_alignment_decides(struct kunit *test)
{
	KUNIT_ASSERT_EQ(test, axvm_pgtable_map(&pt, 0, SZ_2M, SZ_1G, RW), 0);
	expect_at(test, 0, SZ_2M, 1);
	expect_at(test, SZ_1G - 1, SZ_1G + SZ_2M - 1, 1);
	KUNIT_ASSERT_EQ(test, axvm_pgtable_map(&pt, T, SZ_4K, SZ_4M, RW), 0);
	expect_at(test, T + SZ_2M, SZ_2M + SZ_4K, 0);
	KUNIT_ASSERT_EQ(test, axvm_pgtable_map(&pt, 2 * T, SZ_1G, SZ_1G - SZ_4K, RW), 0);
	expect_at(test, 2 * T, SZ_1G, 1);
	expect_at(test, 2 * T + SZ_1G - SZ_8K, 2ULL * SZ_1G - SZ_8K, 0);
}

static bool no_giant_leaf(unsigned int level)
{
	return level < 2;
}

static void test_format_decides(struct kunit *test)
{
	fmt.leaf_ok = no_giant_leaf;
	KUNIT_ASSERT_EQ(test, axvm_pgtable_map(&pt, 0, 0, SZ_1G, RW), 0);
	expect_at(test, 0, 0, 1);
	fmt.leaf_ok = NULL;
	fmt.max_leaf_level = 0;
	KUNIT_ASSERT_EQ(test, axvm_pgtable_map(&pt, SZ_1G, 0, SZ_2M, RW), 0);
	expect_at(test, SZ_1G, 0, 0);
}

static void test_mapped_is_refused(struct kunit *test)
{
	static const struct { u64 va, size; } cases[] = {
		{ SZ_1G, SZ_2M }, { SZ_1G - SZ_4K, SZ_8K }, { SZ_1G + SZ_2M - SZ_4K, SZ_4K },
		{ SZ_1G + SZ_2M - SZ_4K, SZ_8K }, { 0, T }, { SZ_1G, SZ_1G },
	};
	unsigned long pages;
	unsigned int i;

	KUNIT_ASSERT_EQ(test, axvm_pgtable_map(&pt, SZ_1G, 0, SZ_2M, RW), 0);
	pages = pt.nr_pages;
	for (i = 0; i < ARRAY_SIZE(cases); i++)
		KUNIT_EXPECT_EQ_MSG(test, axvm_pgtable_map(&pt, cases[i].va, SZ_1G, cases[i].size,
							   AXVM_PT_READ), -EEXIST, "case %u", i);
	KUNIT_EXPECT_EQ(test, pt.nr_pages, pages);
	expect_hole(test, SZ_1G - 1);
	expect_at(test, SZ_1G, 0, 1);
	expect_hole(test, SZ_1G + SZ_2M);
	KUNIT_EXPECT_EQ(test, axvm_pgtable_map(&pt, SZ_1G + SZ_2M, SZ_2M, SZ_2M, RW), 0);
	KUNIT_EXPECT_EQ(test, axvm_pgtable_map(&pt, SZ_1G - SZ_2M, SZ_2M, SZ_2M, RW), 0);
}

static unsigned int narrow_pa_bits(void)
{
	return 40;
}

static void test_bad_ranges(struct kunit *test)
{
	static const struct { u64 va, pa, size; } cases[] = {
		{ 0, 0, 0 }, { 1, 0, SZ_4K }, { 0, 0x800, SZ_4K }, { 0, 0, SZ_4K + 1 },
		{ 1ULL << 48, 0, SZ_4K }, { (1ULL << 48) - SZ_4K, 0, SZ_8K },
		{ ~0ULL << 12, 0, SZ_8K }, { SZ_4K, 0, ~0ULL << 12 },
		{ 0, 1ULL << 40, SZ_4K }, { 0, (1ULL << 40) - SZ_4K, SZ_8K },
		{ 0, ~0ULL << 12, SZ_8K },
	};
	unsigned int i;

	fmt.pa_bits = narrow_pa_bits;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		KUNIT_EXPECT_EQ_MSG(test, axvm_pgtable_map(&pt, cases[i].va, cases[i].pa,
							   cases[i].size, RW), -EINVAL,
				    "case %u", i);
	}
	for (i = 0; i < 8; i++)
		if (i != 2)
			KUNIT_EXPECT_EQ_MSG(test, axvm_pgtable_unmap(&pt, cases[i].va,
								     cases[i].size), -EINVAL,
					    "case %u", i);
	KUNIT_EXPECT_EQ(test, pt.nr_pages, 1);
	KUNIT_EXPECT_EQ(test, axvm_pgtable_map(&pt, (1ULL << 48) - SZ_4K, (1ULL << 40) - SZ_4K,
					       SZ_4K, RW), 0);
	expect_at(test, (1ULL << 48) - 1, (1ULL << 40) - 1, 0);
	expect_hole(test, 1ULL << 48);
}

/* Input addresses wider than four levels: the root grows to several pages. */
static void test_wide_root(struct kunit *test)
{
	u64 top = (1ULL << 50) - SZ_1G;

	axvm_pgtable_destroy(&pt);
	fmt.va_bits = 50;
	KUNIT_ASSERT_EQ(test, axvm_pgtable_init(&pt, &fmt), 0);
	KUNIT_EXPECT_EQ(test, pt.nr_pages, 4);
	KUNIT_ASSERT_EQ(test, axvm_pgtable_map(&pt, top, SZ_1G, SZ_1G, RW), 0);
	expect_at(test, top, SZ_1G, 2);
	expect_hole(test, top & ((1ULL << 48) - 1));
	KUNIT_EXPECT_EQ(test, axvm_pgtable_map(&pt, 1ULL << 50, 0, SZ_4K, RW), -EINVAL);
}

static void test_unmap(struct kunit *test)
{
	KUNIT_ASSERT_EQ(test, axvm_pgtable_map(&pt, 0, 0, 2ULL * SZ_1G + SZ_2M, RW), 0);
	KUNIT_EXPECT_EQ(test, axvm_pgtable_unmap(&pt, 0, SZ_1G), 0);
	expect_hole(test, 0);
	expect_hole(test, SZ_1G - 1);
	expect_at(test, SZ_1G, SZ_1G, 2);
	expect_at(test, 2ULL * SZ_1G, 2ULL * SZ_1G, 1);
	/* What is a hole may be unmapped, and mapped again with large pages. */
	KUNIT_EXPECT_EQ(test, axvm_pgtable_unmap(&pt, 0, T), 0);
	expect_hole(test, SZ_1G);
	expect_hole(test, 2ULL * SZ_1G);
	KUNIT_EXPECT_EQ(test, axvm_pgtable_unmap(&pt, 0, 1ULL << 48), 0);
	KUNIT_EXPECT_EQ(test, axvm_pgtable_map(&pt, 2ULL * SZ_1G, SZ_1G, SZ_1G, RW), 0);
	expect_at(test, 2ULL * SZ_1G, SZ_1G, 2);
}

static void test_unmap_splits(struct kunit *test)
{
	u64 hole = SZ_1G / 2 + SZ_4K;

	KUNIT_ASSERT_EQ(test, axvm_pgtable_map(&pt, 0, 4ULL * SZ_1G, SZ_1G, RW), 0);
	KUNIT_ASSERT_EQ(test, axvm_pgtable_unmap(&pt, hole, SZ_2M), 0);
	expect_at(test, 0, 4ULL * SZ_1G, 1);
	expect_at(test, SZ_1G / 2, 4ULL * SZ_1G + SZ_1G / 2, 0);
	expect_at(test, hole - 1, 4ULL * SZ_1G + hole - 1, 0);
	expect_hole(test, hole);
	expect_hole(test, hole + SZ_2M - 1);
	expect_at(test, hole + SZ_2M, 4ULL * SZ_1G + hole + SZ_2M, 0);
	expect_at(test, SZ_1G / 2 + SZ_4M, 4ULL * SZ_1G + SZ_1G / 2 + SZ_4M, 1);
	expect_at(test, SZ_1G - 1, 5ULL * SZ_1G - 1, 1);
	expect_hole(test, SZ_1G);
}

static void test_accounting(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, pt.nr_pages, 1);
	KUNIT_ASSERT_EQ(test, axvm_pgtable_map(&pt, 0, 0, SZ_4K, RW), 0);
	KUNIT_EXPECT_EQ(test, pt.nr_pages, 4);
	KUNIT_ASSERT_EQ(test, axvm_pgtable_map(&pt, SZ_4K, SZ_4K, SZ_4K, RW), 0);
	KUNIT_EXPECT_EQ(test, pt.nr_pages, 4);
	KUNIT_EXPECT_EQ(test, axvm_pgtable_root(&pt), virt_to_phys(pt.root));
	axvm_pgtable_destroy(&pt);
	KUNIT_EXPECT_EQ(test, pt.nr_pages, 0);
	KUNIT_EXPECT_NULL(test, pt.root);
	axvm_pgtable_destroy(&pt);
}

/* Page allocations of one task that still succeed; negative: all do. */
static struct {
	struct task_struct *task;
	int left;
	unsigned int failed;
} inject;

static int on_alloc(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	if (current != inject.task || inject.left < 0)
		return 0;
	if (inject.left-- == 0) {
		inject.left = 0;
		inject.failed++;
		regs_set_return_value(regs, true);
	}
	return 0;
}

static struct kretprobe alloc_probe = {
	.kp.symbol_name = "should_fail_alloc_page",
	.handler = on_alloc,
	.maxactive = 32,
};

/* A probe that was registered once remembers its address, which a new one must not bring. */
static bool probe_allocations(void)
{
	alloc_probe.kp.addr = NULL;
	alloc_probe.kp.flags = 0;
	return !register_kretprobe(&alloc_probe);
}

static int map_with_failure(int after, u64 va, u64 pa, u64 size)
{
	int ret;

	inject.task = current;
	inject.left = after;
	ret = axvm_pgtable_map(&pt, va, pa, size, RW);
	inject.left = -1;
	return ret;
}

/* Each allocation of a map in turn fails: what was there stays, nothing else appears. */
static void test_no_memory(struct kunit *test)
{
	u64 va = T - SZ_2M - SZ_4K, pa = SZ_1G - SZ_2M - SZ_4K, size = SZ_4M + SZ_8K, at;
	int after, ret = -ENOMEM;

	if (!probe_allocations())
		kunit_skip(test, "needs CONFIG_KPROBES and CONFIG_FAIL_PAGE_ALLOC");
	KUNIT_EXPECT_EQ(test, axvm_pgtable_map(&pt, va - SZ_4K, 0, SZ_4K, RW), 0);
	for (after = 0; ret == -ENOMEM && after < 16; after++) {
		ret = map_with_failure(after, va, pa, size);
		for (at = va; ret && at < va + size; at += SZ_4K)
			expect_hole(test, at);
		expect_at(test, va - SZ_4K, 0, 0);
	}
	unregister_kretprobe(&alloc_probe);
	KUNIT_EXPECT_EQ(test, ret, 0);
	/* Behind T: levels 2, 1 and 0; before it, a table of level 0 exists already. */
	KUNIT_EXPECT_EQ(test, inject.failed, 3);
	expect_at(test, va, pa, 0);
	expect_at(test, T - SZ_2M, SZ_1G - SZ_2M, 1);
	expect_at(test, T, SZ_1G, 1);
	expect_at(test, T + SZ_2M, SZ_1G + SZ_2M, 0);
}

static void expect_flags(struct kunit *test, u64 va, unsigned int flags, unsigned int level)
{
	unsigned int got_level = 99, got_flags = 0;

	KUNIT_EXPECT_TRUE_MSG(test, axvm_pgtable_lookup(&pt, va, NULL, &got_flags, &got_level),
			      "va 0x%llx", va);
	KUNIT_EXPECT_EQ_MSG(test, got_flags, flags, "va 0x%llx", va);
	KUNIT_EXPECT_EQ_MSG(test, got_level, level, "va 0x%llx", va);
}

static bool merge_all(u64 va, u64 size, unsigned int *rounds)
{
	struct axvm_pgtable_edit edit;
	bool any = false;

	for (*rounds = 0; axvm_pgtable_merge(&pt, va, size, &edit); ++*rounds) {
		any = true;
		axvm_pgtable_finish(&pt, &edit);
	}
	return any;
}

/* Between the halves, what lies across a border has no translation at all. */
static void test_break_before_make(struct kunit *test)
{
	u64 from = SZ_2M + SZ_4K, to = 3ULL * SZ_1G + SZ_2M + SZ_4K;
	struct axvm_pgtable_edit edit;

	KUNIT_ASSERT_EQ(test, axvm_pgtable_map(&pt, 0, 0, 4ULL * SZ_1G, RW), 0);
	KUNIT_ASSERT_EQ(test, axvm_pgtable_prepare(&pt, from, to - from, 0, &edit), 0);
	expect_at(test, from, from, 2);
	expect_at(test, to, to, 2);
	axvm_pgtable_break(&pt, from, to - from, 0, &edit);
	expect_hole(test, 0);
	expect_hole(test, from);
	expect_hole(test, 2ULL * SZ_1G);
	expect_hole(test, to);
	expect_hole(test, 4ULL * SZ_1G - 1);
	axvm_pgtable_finish(&pt, &edit);
	expect_at(test, 0, 0, 1);
	expect_at(test, from - 1, from - 1, 0);
	expect_hole(test, from);
	expect_hole(test, SZ_1G);
	expect_hole(test, to - 1);
	expect_at(test, to, to, 0);
	expect_at(test, 4ULL * SZ_1G - 1, 4ULL * SZ_1G - 1, 1);
	/* the root, one of level 2, for each border one of level 1 and one of level 0 */
	KUNIT_EXPECT_EQ(test, pt.nr_pages, 6);
	KUNIT_EXPECT_TRUE(test, list_empty(&pt.unlinked));
}

/* Both borders in one large page, and in one 2 MiB page of it. */
static void test_one_page_two_borders(struct kunit *test)
{
	struct axvm_pgtable_edit edit;

	KUNIT_ASSERT_EQ(test, axvm_pgtable_map(&pt, SZ_1G, SZ_1G, SZ_1G, RW), 0);
	KUNIT_ASSERT_EQ(test, axvm_pgtable_prepare(&pt, SZ_1G + SZ_4K, SZ_4K, 0, &edit), 0);
	KUNIT_EXPECT_EQ(test, edit.nr, 1);
	axvm_pgtable_break(&pt, SZ_1G + SZ_4K, SZ_4K, 0, &edit);
	axvm_pgtable_finish(&pt, &edit);
	expect_at(test, SZ_1G, SZ_1G, 0);
	expect_hole(test, SZ_1G + SZ_4K);
	expect_at(test, SZ_1G + SZ_8K, SZ_1G + SZ_8K, 0);
	expect_at(test, SZ_1G + SZ_2M, SZ_1G + SZ_2M, 1);
}

static void test_prepare_changes_nothing(struct kunit *test)
{
	struct axvm_pgtable_edit edit;
	unsigned long pages;

	KUNIT_ASSERT_EQ(test, axvm_pgtable_map(&pt, 0, 0, SZ_1G, RW), 0);
	pages = pt.nr_pages;
	KUNIT_ASSERT_EQ(test, axvm_pgtable_prepare(&pt, SZ_4K, SZ_512M, 0, &edit), 0);
	KUNIT_EXPECT_GT(test, pt.nr_pages, pages);
	axvm_pgtable_abandon(&pt, &edit);
	KUNIT_EXPECT_EQ(test, pt.nr_pages, pages);
	expect_at(test, 0, 0, 2);
	KUNIT_EXPECT_EQ(test, axvm_pgtable_prepare(&pt, 1, SZ_4K, 0, &edit), -EINVAL);
	KUNIT_EXPECT_EQ(test, axvm_pgtable_prepare(&pt, 1ULL << 48, SZ_4K, 0, &edit), -EINVAL);
}

static void test_flags_split_and_merge(struct kunit *test)
{
	u64 from = SZ_2M - SZ_4K, size = SZ_2M + SZ_8K;
	struct axvm_pgtable_edit edit;
	unsigned long pages;
	unsigned int rounds;

	KUNIT_ASSERT_EQ(test, axvm_pgtable_map(&pt, 0, SZ_1G, SZ_1G, RW), 0);
	pages = pt.nr_pages;
	KUNIT_EXPECT_FALSE(test, axvm_pgtable_merge(&pt, 0, SZ_1G, NULL));
	KUNIT_ASSERT_EQ(test, axvm_pgtable_prepare(&pt, from, size, AXVM_PT_READ, &edit), 0);
	axvm_pgtable_break(&pt, from, size, AXVM_PT_READ, &edit);
	axvm_pgtable_finish(&pt, &edit);
	expect_flags(test, from - 1, RW, 0);
	expect_flags(test, from, AXVM_PT_READ, 0);
	expect_flags(test, SZ_2M, AXVM_PT_READ, 1);
	expect_flags(test, from + size - 1, AXVM_PT_READ, 0);
	expect_flags(test, from + size, RW, 0);
	KUNIT_EXPECT_FALSE(test, axvm_pgtable_merge(&pt, 0, SZ_1G, NULL));
	KUNIT_ASSERT_EQ(test, axvm_pgtable_prepare(&pt, from, size, RW, &edit), 0);
	axvm_pgtable_break(&pt, from, size, RW, &edit);
	axvm_pgtable_finish(&pt, &edit);
	expect_at(test, from, SZ_1G + from, 0);
	/* First to 2 MiB, then to 1 GiB; asked for a page of it, it looks at what is around. */
	KUNIT_EXPECT_TRUE(test, axvm_pgtable_merge(&pt, from, size, NULL));
	expect_at(test, from, SZ_1G + from, 0);
	KUNIT_EXPECT_TRUE(test, merge_all(from, size, &rounds));
	KUNIT_EXPECT_EQ(test, rounds, 2);
	expect_at(test, 0, SZ_1G, 2);
	expect_at(test, SZ_1G - 1, SZ_2M * 1024ULL - 1, 2);
	KUNIT_EXPECT_EQ(test, pt.nr_pages, pages);
}

/* More than one edit holds, while all of it is looked at. */
static void test_merge_many(struct kunit *test)
{
	unsigned int rounds, i;

	for (i = 0; i < 2 * AXVM_PT_EDITS + 1; i++) {
		KUNIT_ASSERT_EQ(test, axvm_pgtable_map(&pt, i * SZ_2M, i * SZ_2M, SZ_4K, RW), 0);
		KUNIT_ASSERT_EQ(test, axvm_pgtable_map(&pt, i * SZ_2M + SZ_4K, i * SZ_2M + SZ_4K,
						       SZ_2M - SZ_4K, RW), 0);
	}
	expect_at(test, 0, 0, 0);
	KUNIT_EXPECT_TRUE(test, merge_all(0, 1ULL << 48, &rounds));
	KUNIT_EXPECT_EQ(test, rounds, 3);
	for (i = 0; i < 2 * AXVM_PT_EDITS + 1; i++)
		expect_at(test, i * SZ_2M + SZ_4K, i * SZ_2M + SZ_4K, 1);
	expect_hole(test, i * SZ_2M);
	KUNIT_EXPECT_EQ(test, pt.nr_pages, 3);
}

static void test_no_merge(struct kunit *test)
{
	/* Full, but the addresses do not allow a large page; full, but not contiguous. */
	KUNIT_ASSERT_EQ(test, axvm_pgtable_map(&pt, 0, SZ_4K, SZ_2M, RW), 0);
	KUNIT_ASSERT_EQ(test, axvm_pgtable_map(&pt, SZ_2M, SZ_2M, SZ_1M, RW), 0);
	KUNIT_ASSERT_EQ(test, axvm_pgtable_map(&pt, SZ_2M + SZ_1M, 0, SZ_1M, RW), 0);
	KUNIT_EXPECT_FALSE(test, axvm_pgtable_merge(&pt, 0, SZ_4M, NULL));
	KUNIT_ASSERT_EQ(test, axvm_pgtable_map(&pt, SZ_4M, SZ_4M, SZ_1M, RW), 0);
	KUNIT_ASSERT_EQ(test, axvm_pgtable_map(&pt, SZ_4M + SZ_1M, SZ_4M + SZ_1M, SZ_1M,
					       AXVM_PT_READ), 0);
	KUNIT_EXPECT_FALSE(test, axvm_pgtable_merge(&pt, SZ_4M, SZ_4K, NULL));
	fmt.max_leaf_level = 0;
	KUNIT_ASSERT_EQ(test, axvm_pgtable_map(&pt, SZ_8M, SZ_8M, SZ_2M, RW), 0);
	KUNIT_EXPECT_FALSE(test, axvm_pgtable_merge(&pt, SZ_8M, SZ_2M, NULL));
	fmt.max_leaf_level = 2;
	KUNIT_EXPECT_TRUE(test, axvm_pgtable_merge(&pt, SZ_8M, SZ_2M, NULL));
}

/* Each allocation of a split in turn fails: nothing has changed. */
static void test_split_without_memory(struct kunit *test)
{
	struct axvm_pgtable_edit edit;
	unsigned long pages;
	int after, ret = -ENOMEM;

	if (!probe_allocations())
		kunit_skip(test, "needs CONFIG_KPROBES and CONFIG_FAIL_PAGE_ALLOC");
	KUNIT_EXPECT_EQ(test, axvm_pgtable_map(&pt, 0, 0, 2ULL * SZ_1G, RW), 0);
	pages = pt.nr_pages;
	inject.failed = 0;
	for (after = 0; ret == -ENOMEM && after < 16; after++) {
		inject.task = current;
		inject.left = after;
		ret = axvm_pgtable_prepare(&pt, SZ_4K, SZ_1G, 0, &edit);
		inject.left = -1;
		if (ret)
			KUNIT_EXPECT_EQ(test, pt.nr_pages, pages);
		expect_at(test, SZ_4K, SZ_4K, 2);
	}
	unregister_kretprobe(&alloc_probe);
	KUNIT_EXPECT_EQ(test, ret, 0);
	KUNIT_EXPECT_EQ(test, inject.failed, 4);
	axvm_pgtable_abandon(&pt, &edit);
	KUNIT_EXPECT_EQ(test, pt.nr_pages, pages);
}

static struct kunit_case pgtable_cases[] = {
	KUNIT_CASE(test_mix),
	KUNIT_CASE(test_alignment_decides),
	KUNIT_CASE(test_format_decides),
	KUNIT_CASE(test_mapped_is_refused),
	KUNIT_CASE(test_bad_ranges),
	KUNIT_CASE(test_wide_root),
	KUNIT_CASE(test_unmap),
	KUNIT_CASE(test_unmap_splits),
	KUNIT_CASE(test_accounting),
	KUNIT_CASE(test_no_memory),
	KUNIT_CASE(test_break_before_make),
	KUNIT_CASE(test_one_page_two_borders),
	KUNIT_CASE(test_prepare_changes_nothing),
	KUNIT_CASE(test_flags_split_and_merge),
	KUNIT_CASE(test_merge_many),
	KUNIT_CASE(test_no_merge),
	KUNIT_CASE(test_split_without_memory),
	{ }
};

static struct kunit_suite pgtable_suite = {
	.name = "axvm_pgtable",
	.init = pgtable_test_init,
	.exit = pgtable_test_exit,
	.test_cases = pgtable_cases,
};

kunit_test_suite(pgtable_suite);
