// SPDX-License-Identifier: GPL-2.0
/* Ranges of physical devices on their way into a cell: see regions.h. */
#include <linux/align.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/sort.h>
#include <linux/string.h>

#include "axvm.h"
#include "regions.h"

/* Last addresses, not ends: the last byte of all can be part of a range. */
static u64 last_base(const struct axvm_region *r)
{
	return r->base + (r->size - 1);
}

static u64 last_host(const struct axvm_region *r)
{
	return r->host + (r->size - 1);
}

static int widen(struct axvm_region *r, u64 unit, struct axvm_error *err)
{
	u64 before = r->host & (unit - 1);
	u64 size = before + r->size;

	if (!r->size)
		return axvm_fail(err, -EINVAL, "a device range at 0x%llx is empty: say how much",
				 r->base);
	if (last_base(r) < r->base || last_host(r) < r->host || size < r->size ||
	    size > -unit)
		return axvm_fail(err, -ERANGE,
				 "a device range of 0x%llx at 0x%llx goes beyond the last address",
				 r->size, last_host(r) < r->host ? r->host : r->base);
	if ((r->base & (unit - 1)) != before)
		return axvm_fail(err, -EINVAL,
				 "device range at GPA 0x%llx is not in the same place of its page as HPA 0x%llx: make them differ by whole pages of 0x%llx",
				 r->base, r->host, unit);
	r->base -= before;
	r->host -= before;
	r->size = ALIGN(size, unit);
	return 0;
}

static int compare(const void *left, const void *right)
{
	const struct axvm_region *a = left, *b = right;

	if (a->base != b->base)
		return a->base < b->base ? -1 : 1;
	return a->host < b->host ? -1 : a->host > b->host;
}

/* Of a sorted list: @next begins in or right behind @r, or at the same base. */
static bool touches(const struct axvm_region *r, const struct axvm_region *next)
{
	return next->base <= last_base(r) || next->base - last_base(r) == 1;
}

static int merge(struct axvm_region *list, unsigned int *nr, struct axvm_error *err)
{
	unsigned int i, out = 0;

	for (i = 1; i < *nr; i++) {
		struct axvm_region *r = &list[out], *next = &list[i];
		bool same = next->base - r->base == next->host - r->host;

		if (!touches(r, next) || (next->base > last_base(r) && !same)) {
			list[++out] = *next;
			continue;
		}
		if (!same)
			return axvm_fail(err, -EINVAL,
					 "device ranges overlap at 0x%llx and lead to different places, 0x%llx and 0x%llx: move one",
					 next->base, r->host + (next->base - r->base), next->host);
		if (last_base(next) > last_base(r))
			r->size = last_base(next) - r->base + 1;
	}
	if (*nr)
		*nr = out + 1;
	return 0;
}

static void remove_at(struct axvm_region *list, unsigned int *nr, unsigned int i)
{
	memmove(&list[i], &list[i + 1], (--*nr - i) * sizeof(*list));
}

/* Cut one excluded range out of one of the list. Return: -E2BIG when there is no room for the rest. */
static int cut(struct axvm_region *list, unsigned int *nr, unsigned int max, unsigned int i,
	       const struct axvm_region *hole)
{
	struct axvm_region *r = &list[i];
	u64 first = max(r->host, hole->host), last = min(last_host(r), last_host(hole));
	struct axvm_region rest = {
		.base = r->base + (last - r->host) + 1,
		.host = last + 1,
		.size = last_host(r) - last,
	};

	r->size = first - r->host;
	if (!r->size && rest.size)
		*r = rest;
	else if (!r->size)
		remove_at(list, nr, i);
	else if (rest.size && *nr == max)
		return -E2BIG;
	else if (rest.size) {
		memmove(&list[i + 2], &list[i + 1], (*nr - i - 1) * sizeof(*list));
		list[i + 1] = rest;
		++*nr;
	}
	return 0;
}

static bool overlap(const struct axvm_region *r, const struct axvm_region *hole)
{
	return r->host <= last_host(hole) && hole->host <= last_host(r);
}

static int exclude(struct axvm_region *list, unsigned int *nr, unsigned int max,
		   const struct axvm_region *hole, struct axvm_error *err)
{
	unsigned int i = 0;

	while (i < *nr) {
		if (!overlap(&list[i], hole)) {
			i++;
			continue;
		}
		if (cut(list, nr, max, i, hole))
			return axvm_fail(err, -E2BIG,
					 "what is excluded leaves more than %u pieces of the device ranges: exclude less",
					 max);
	}
	return 0;
}

int axvm_regions_plan(struct axvm_region *list, unsigned int *nr, unsigned int max,
		      const struct axvm_region *excluded, unsigned int nr_excluded, u64 unit,
		      struct axvm_error *err)
{
	unsigned int i;
	int ret = 0;

	for (i = 0; i < *nr && !ret; i++)
		ret = widen(&list[i], unit, err);
	if (ret)
		return ret;
	sort(list, *nr, sizeof(*list), compare, NULL);
	ret = merge(list, nr, err);
	for (i = 0; i < nr_excluded && !ret; i++) {
		struct axvm_region hole = {
			.base = excluded[i].host, .host = excluded[i].host, .size = excluded[i].size,
		};

		ret = widen(&hole, unit, err);
		ret = ret ?: exclude(list, nr, max, &hole, err);
	}
	return ret;
}
