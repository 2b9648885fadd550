/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A page-table format that no machine has, for tests of the builder: bit 0
 * valid, bit 1 leaf above level 0, flags in bits 2-5, address from bit 12.
 */
#ifndef AXVM_FAKE_FORMAT_H
#define AXVM_FAKE_FORMAT_H

#include "pgtable.h"

#define FAKE_ADDRESS	0x000ffffffffff000ULL

static u64 fake_leaf(unsigned int level, u64 pa, unsigned int flags)
{
	return pa | flags << 2 | (level ? 2 : 0) | 1;
}

static u64 fake_table(u64 pa)
{
	return pa | 1;
}

static bool fake_is_leaf(unsigned int level, u64 entry)
{
	return entry & 2;
}

static u64 fake_pa(u64 entry)
{
	return entry & FAKE_ADDRESS;
}

static unsigned int fake_flags(unsigned int level, u64 entry)
{
	return entry >> 2 & 0xf;
}

static const struct axvm_pgtable_format fake_format = {
	.levels = 4,
	.max_leaf_level = 2,
	.va_bits = 48,
	.leaf = fake_leaf,
	.table = fake_table,
	.is_leaf = fake_is_leaf,
	.pa = fake_pa,
	.flags = fake_flags,
	.root_gfp = GFP_KERNEL,
	.gfp = GFP_KERNEL,
};

#endif
