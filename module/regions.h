/* SPDX-License-Identifier: GPL-2.0 */
/* Ranges of physical devices on their way into a cell: the rules of passthrough. Pure. */
#ifndef AXVM_REGIONS_H
#define AXVM_REGIONS_H

#include <linux/types.h>

struct axvm_error;

/**
 * struct axvm_region - a range that a guest sees
 * @base: where the guest sees it: GPA, or port
 * @host: where it is: HPA, or port
 * @size: bytes or ports
 */
struct axvm_region {
	u64 base, host, size;
};

/**
 * axvm_regions_plan() - from the ranges that a user names to those that are handed through
 * @list: in and out; @nr: how many
 * @max: room in @list
 * @excluded: ranges that win over those of @list, by @host and @size; in any order
 * @unit: what a range is made of: the page size, or 1
 *
 * Ranges are widened to whole units, sorted by @base, and those that touch or
 * overlap become one, if they lead to the same place; what is excluded is
 * widened likewise and cut out.
 *
 * Return: 0, @nr can be 0 then; -EINVAL: empty, or @base and @host are not in
 * the same place of their units, or ranges overlap and lead to different places;
 * -ERANGE: beyond the last address; -E2BIG: more than @max are left.
 */
int axvm_regions_plan(struct axvm_region *list, unsigned int *nr, unsigned int max,
		      const struct axvm_region *excluded, unsigned int nr_excluded, u64 unit,
		      struct axvm_error *err);

#endif
