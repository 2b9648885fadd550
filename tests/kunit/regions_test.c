// SPDX-License-Identifier: GPL-2.0
/* The rules of passthrough: ranges are widened, sorted, merged, and give way to excluded ones. */
#include <kunit/test.h>
#include <linux/sizes.h>

#include "axvm.h"
#include "regions.h"

#define SPACE	4
#define END	{ .size = 0 }
#define TOP	(~0ULL - SZ_4K + 1)	/* the last page of all */

struct plan {
	const char *what;
	struct axvm_region in[SPACE + 1];
	struct axvm_region excluded[SPACE + 1];
	struct axvm_region out[SPACE + 1];
};

static unsigned int length(const struct axvm_region *list)
{
	unsigned int nr = 0;

	while (nr <= SPACE && list[nr].size)
		nr++;
	return nr;
}

static void expect_plans(struct kunit *test, const struct plan *plans, unsigned int nr_plans,
			 u64 unit)
{
	unsigned int i, k;

	for (i = 0; i < nr_plans; i++) {
		const struct plan *p = &plans[i];
		struct axvm_region list[SPACE];
		unsigned int nr = length(p->in);
		struct axvm_error err = {};
		int ret;

		memcpy(list, p->in, sizeof(list));
		ret = axvm_regions_plan(list, &nr, SPACE, p->excluded, length(p->excluded), unit, &err);
		KUNIT_EXPECT_EQ_MSG(test, ret, 0, "%s: %s", p->what, err.text);
		KUNIT_EXPECT_EQ_MSG(test, nr, length(p->out), "%s", p->what);
		for (k = 0; k < nr && k < length(p->out); k++) {
			KUNIT_EXPECT_EQ_MSG(test, list[k].base, p->out[k].base, "%s, %u", p->what, k);
			KUNIT_EXPECT_EQ_MSG(test, list[k].host, p->out[k].host, "%s, %u", p->what, k);
			KUNIT_EXPECT_EQ_MSG(test, list[k].size, p->out[k].size, "%s, %u", p->what, k);
		}
	}
}

static void merged(struct kunit *test)
{
	static const struct plan plans[] = {
		{ "nothing", { END }, { END }, { END } },
		{ "a page", { { 0x1000, 0x1000, 0x1000 } }, { END }, { { 0x1000, 0x1000, 0x1000 } } },
		{ "a byte", { { 0x1fff, 0x5fff, 1 } }, { END }, { { 0x1000, 0x5000, 0x1000 } } },
		{ "two bytes in two pages", { { 0x1fff, 0x5fff, 2 } }, { END },
		  { { 0x1000, 0x5000, 0x2000 } } },
		{ "sorted", { { 0x9000, 0x9000, 16 }, { 0x1000, 0x1000, 16 }, { 0x5000, 0x5000, 16 } },
		  { END },
		  { { 0x1000, 0x1000, 0x1000 }, { 0x5000, 0x5000, 0x1000 }, { 0x9000, 0x9000, 0x1000 } } },
		{ "overlapping", { { 0x2800, 0x2800, 0x1000 }, { 0x1000, 0x1000, 0x1801 } }, { END },
		  { { 0x1000, 0x1000, 0x3000 } } },
		{ "adjacent", { { 0x2000, 0x2000, 0x1000 }, { 0x1000, 0x1000, 0x1000 } }, { END },
		  { { 0x1000, 0x1000, 0x2000 } } },
		{ "adjacent for the guest only", { { 0x2000, 0x7000, 0x1000 }, { 0x1000, 0x1000, 0x1000 } },
		  { END }, { { 0x1000, 0x1000, 0x1000 }, { 0x2000, 0x7000, 0x1000 } } },
		{ "nested", { { 0x1000, 0x1000, 0x8000 }, { 0x3000, 0x3000, 0x1000 }, { 0x4000, 0x4000, 16 } },
		  { END }, { { 0x1000, 0x1000, 0x8000 } } },
		{ "the same twice", { { 0x1000, 0x6000, 8 }, { 0x1008, 0x6008, 8 } }, { END },
		  { { 0x1000, 0x6000, 0x1000 } } },
		{ "a chain", { { 0x3000, 0x3000, 0x1001 }, { 0x2000, 0x2000, 0x1001 },
			       { 0x1000, 0x1000, 0x1001 } }, { END }, { { 0x1000, 0x1000, 0x4000 } } },
		{ "the last byte", { { ~0ULL, ~0ULL, 1 } }, { END }, { { TOP, TOP, 0x1000 } } },
		{ "the last page, and the one before", { { TOP, TOP, 0x1000 }, { TOP - 1, TOP - 1, 1 } },
		  { END }, { { TOP - 0x1000, TOP - 0x1000, 0x2000 } } },
	};

	expect_plans(test, plans, ARRAY_SIZE(plans), SZ_4K);
}

static void excluded(struct kunit *test)
{
	static const struct plan plans[] = {
		{ "of nothing", { END }, { { 0, 0, 0x1000 } }, { END } },
		{ "elsewhere", { { 0x1000, 0x5000, 0x1000 } }, { { 0, 0x1000, 0x1000 } },
		  { { 0x1000, 0x5000, 0x1000 } } },
		{ "right before and behind", { { 0x1000, 0x5000, 0x1000 } },
		  { { 0, 0x4000, 0x1000 }, { 0, 0x6000, 0x1000 } }, { { 0x1000, 0x5000, 0x1000 } } },
		{ "all", { { 0x1000, 0x5000, 0x1000 } }, { { 0, 0x5000, 0x1000 } }, { END } },
		{ "more than all", { { 0x1000, 0x5000, 0x1000 } }, { { 0, 0, 0x100000 } }, { END } },
		{ "a byte of it", { { 0x1000, 0x5000, 0x1000 } }, { { 0, 0x5800, 1 } }, { END } },
		{ "its start", { { 0x1000, 0x5000, 0x3000 } }, { { 0, 0x4000, 0x1001 } },
		  { { 0x2000, 0x6000, 0x2000 } } },
		{ "its end", { { 0x1000, 0x5000, 0x3000 } }, { { 0, 0x7fff, 1 } },
		  { { 0x1000, 0x5000, 0x2000 } } },
		{ "its middle", { { 0x1000, 0x5000, 0x3000 } }, { { 0, 0x6000, 16 } },
		  { { 0x1000, 0x5000, 0x1000 }, { 0x3000, 0x7000, 0x1000 } } },
		{ "two holes", { { 0x1000, 0x5000, 0x5000 } }, { { 0, 0x8000, 1 }, { 0, 0x6000, 1 } },
		  { { 0x1000, 0x5000, 0x1000 }, { 0x3000, 0x7000, 0x1000 }, { 0x5000, 0x9000, 0x1000 } } },
		{ "the same twice", { { 0x1000, 0x5000, 0x2000 } }, { { 0, 0x5000, 1 }, { 0, 0x5001, 1 } },
		  { { 0x2000, 0x6000, 0x1000 } } },
		{ "across two", { { 0x1000, 0x1000, 0x2000 }, { 0x8000, 0x4000, 0x2000 } },
		  { { 0, 0x2000, 0x3000 } }, { { 0x1000, 0x1000, 0x1000 }, { 0x9000, 0x5000, 0x1000 } } },
		{ "the last page", { { TOP - 0x1000, TOP - 0x1000, 0x2000 } }, { { 0, ~0ULL, 1 } },
		  { { TOP - 0x1000, TOP - 0x1000, 0x1000 } } },
	};

	expect_plans(test, plans, ARRAY_SIZE(plans), SZ_4K);
}

/* Ports are single: nothing is widened. */
static void single(struct kunit *test)
{
	static const struct plan plans[] = {
		{ "as it is", { { 0x3f9, 0x3f9, 3 } }, { END }, { { 0x3f9, 0x3f9, 3 } } },
		{ "adjacent", { { 0x3fc, 0x3fc, 4 }, { 0x3f8, 0x3f8, 4 } }, { END }, { { 0x3f8, 0x3f8, 8 } } },
		{ "one left out", { { 0x3f8, 0x3f8, 8 } }, { { 0, 0x3fb, 1 } },
		  { { 0x3f8, 0x3f8, 3 }, { 0x3fc, 0x3fc, 4 } } },
	};

	expect_plans(test, plans, ARRAY_SIZE(plans), 1);
}

static void refused(struct kunit *test)
{
	static const struct {
		struct axvm_region in[2];
		struct axvm_region hole;
		int ret;
		const char *text;
	} cases[] = {
		{ { { 0x1000, 0x1000, 0 } }, { }, -EINVAL, "is empty" },
		{ { { ~0ULL, 0xfff, 2 } }, { }, -ERANGE, "beyond the last" },
		{ { { 0xfff, ~0ULL, 2 } }, { }, -ERANGE, "beyond the last" },
		{ { { 0x1000, 0x1000, ~0ULL } }, { }, -ERANGE, "beyond the last" },
		{ { { 1, 1, ~0ULL } }, { }, -ERANGE, "beyond the last" },
		{ { { 0, 0, ~0ULL } }, { }, -ERANGE, "beyond the last" },
		{ { { 0x1010, 0x1000, 16 } }, { }, -EINVAL, "same place" },
		{ { { 0x1000, 0x5000, 16 }, { 0x1010, 0x6010, 16 } }, { }, -EINVAL, "different places" },
		{ { { 0x1000, 0x5000, 0x2000 }, { 0x2000, 0x5000, 16 } }, { }, -EINVAL, "different places" },
		{ { { 0x1000, 0x5000, 0x2000 } }, { 0, ~0ULL, 2 }, -ERANGE, "beyond the last" },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct axvm_region list[2];
		unsigned int nr = 1 + !!cases[i].in[1].size;
		struct axvm_error err = {};

		memcpy(list, cases[i].in, sizeof(list));
		KUNIT_EXPECT_EQ_MSG(test, axvm_regions_plan(list, &nr, 2, &cases[i].hole,
							    !!cases[i].hole.size, SZ_4K, &err),
				    cases[i].ret, "case %u", i);
		KUNIT_EXPECT_NOT_NULL_MSG(test, strstr(err.text, cases[i].text), "case %u: %s", i, err.text);
	}
}

static void too_many_pieces(struct kunit *test)
{
	struct axvm_region list[2] = { { 0x1000, 0x1000, 0x3000 }, { 0x8000, 0x8000, 0x3000 } };
	const struct axvm_region hole = { 0, 0x2000, 1 };
	struct axvm_error err = {};
	unsigned int nr = 2;

	KUNIT_EXPECT_EQ(test, axvm_regions_plan(list, &nr, 2, &hole, 1, SZ_4K, &err), -E2BIG);
	KUNIT_EXPECT_NOT_NULL(test, strstr(err.text, "exclude less"));
}

static struct kunit_case regions_cases[] = {
	KUNIT_CASE(merged),
	KUNIT_CASE(excluded),
	KUNIT_CASE(single),
	KUNIT_CASE(refused),
	KUNIT_CASE(too_many_pieces),
	{ }
};

static struct kunit_suite regions_suite = {
	.name = "axvm_regions",
	.test_cases = regions_cases,
};

kunit_test_suite(regions_suite);
