// SPDX-License-Identifier: GPL-2.0
/*
 * Builder of page tables with 512 entries a table. It knows radix trees and
 * page sizes; what an entry looks like is the architecture's business.
 */
#include <linux/errno.h>
#include <linux/io.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/sizes.h>
#include <linux/string.h>

#include "pgtable.h"

#define BITS		9	/* of address that a table translates */
#define ENTRIES		512

static unsigned int root_level(const struct axvm_pgtable_format *fmt)
{
	return fmt->levels - 1;
}

/* The root is larger than a page when the address is wider than full levels. */
static unsigned int root_order(const struct axvm_pgtable_format *fmt)
{
	unsigned int shift = AXVM_PT_SHIFT(fmt->levels);

	return fmt->va_bits > shift ? fmt->va_bits - shift : 0;
}

static unsigned int index_of(const struct axvm_pgtable_format *fmt, unsigned int level, u64 va)
{
	unsigned int bits = level == root_level(fmt) ? BITS + root_order(fmt) : BITS;

	return (va >> AXVM_PT_SHIFT(level)) & ((1U << bits) - 1);
}

static u64 *table_at(const struct axvm_pgtable *pt, u64 entry)
{
	return phys_to_virt(pt->fmt->pa(entry));
}

static bool is_leaf(const struct axvm_pgtable *pt, unsigned int level, u64 entry)
{
	return level == 0 || pt->fmt->is_leaf(level, entry);
}

static u64 leaf_pa(const struct axvm_pgtable *pt, unsigned int level, u64 entry)
{
	return pt->fmt->pa(entry) & ~(AXVM_PT_SIZE(level) - 1);
}

/* End of the part of [va, end) that one entry of a level covers. */
static u64 entry_end(unsigned int level, u64 va, u64 end)
{
	return min(end, (va | (AXVM_PT_SIZE(level) - 1)) + 1);
}

static void set_entry(u64 *entry, u64 value)
{
	smp_wmb();	/* a walker that sees the entry sees what the table behind it holds */
	WRITE_ONCE(*entry, value);
}

static u64 *new_table(struct axvm_pgtable *pt)
{
	struct page *page = alloc_page(pt->fmt->gfp | __GFP_ZERO);

	if (!page)
		return NULL;
	list_add(&page->lru, &pt->pages);
	pt->nr_pages++;
	return page_address(page);
}

static bool any_mapped(const struct axvm_pgtable *pt, const u64 *table, unsigned int level,
		       u64 va, u64 end)
{
	u64 next, entry;

	for (; va < end; va = next) {
		next = entry_end(level, va, end);
		entry = table[index_of(pt->fmt, level, va)];
		if (!entry)
			continue;
		if (is_leaf(pt, level, entry) ||
		    any_mapped(pt, table_at(pt, entry), level - 1, va, next))
			return true;
	}
	return false;
}

/* No leaf may be partly inside. Empty tables are unlinked, see axvm_pgtable_unmap(). */
static void clear_range(struct axvm_pgtable *pt, u64 *table, unsigned int level, u64 va, u64 end)
{
	u64 next, *entry, *child;

	for (; va < end; va = next) {
		next = entry_end(level, va, end);
		entry = &table[index_of(pt->fmt, level, va)];
		if (!*entry)
			continue;
		if (!is_leaf(pt, level, *entry)) {
			child = table_at(pt, *entry);
			clear_range(pt, child, level - 1, va, next);
			if (memchr_inv(child, 0, PAGE_SIZE))
				continue;
			cond_resched();
		}
		set_entry(entry, 0);
	}
}

static int split_leaf(struct axvm_pgtable *pt, unsigned int level, u64 *entry)
{
	u64 pa = leaf_pa(pt, level, *entry);
	unsigned int flags = pt->fmt->flags(level, *entry);
	u64 *table = new_table(pt);
	unsigned int i;

	if (!table)
		return -ENOMEM;
	for (i = 0; i < ENTRIES; i++)
		table[i] = pt->fmt->leaf(level - 1, pa + i * AXVM_PT_SIZE(level - 1), flags);
	set_entry(entry, pt->fmt->table(virt_to_phys(table)));
	return 0;
}

/* Make sure that no large page lies across an address. Translates as before. */
static int split_at(struct axvm_pgtable *pt, u64 va)
{
	unsigned int level;
	u64 *table = pt->root, *entry;
	int ret;

	for (level = root_level(pt->fmt); level > 0; level--) {
		if (IS_ALIGNED(va, AXVM_PT_SIZE(level)))
			return 0;
		entry = &table[index_of(pt->fmt, level, va)];
		if (!*entry)
			return 0;
		ret = is_leaf(pt, level, *entry) ? split_leaf(pt, level, entry) : 0;
		if (ret)
			return ret;
		table = table_at(pt, *entry);
	}
	return 0;
}

static unsigned int best_level(const struct axvm_pgtable_format *fmt, u64 va, u64 pa, u64 size)
{
	unsigned int level;

	for (level = fmt->max_leaf_level; level > 0; level--)
		if (size >= AXVM_PT_SIZE(level) && IS_ALIGNED(va | pa, AXVM_PT_SIZE(level)) &&
		    (!fmt->leaf_ok || fmt->leaf_ok(level)))
			break;
	return level;
}

/* The entry of a level for an address, with the tables on the way to it. */
static u64 *make_entry(struct axvm_pgtable *pt, unsigned int level, u64 va)
{
	unsigned int at;
	u64 *table = pt->root, *entry, *child;

	for (at = root_level(pt->fmt); at > level; at--) {
		entry = &table[index_of(pt->fmt, at, va)];
		if (!*entry) {
			child = new_table(pt);
			if (!child)
				return NULL;
			set_entry(entry, pt->fmt->table(virt_to_phys(child)));
		}
		table = table_at(pt, *entry);
	}
	return &table[index_of(pt->fmt, level, va)];
}

static bool range_ok(u64 start, u64 size, unsigned int bits)
{
	u64 limit = 1ULL << bits;

	return size && IS_ALIGNED(start | size, PAGE_SIZE) && start < limit &&
	       size <= limit - start;
}

int axvm_pgtable_init(struct axvm_pgtable *pt, const struct axvm_pgtable_format *fmt)
{
	unsigned int order = root_order(fmt);
	struct page *page = alloc_pages(fmt->root_gfp | __GFP_ZERO, order);

	memset(pt, 0, sizeof(*pt));
	if (!page)
		return -ENOMEM;
	pt->fmt = fmt;
	pt->root = page_address(page);
	pt->nr_pages = 1UL << order;
	INIT_LIST_HEAD(&pt->pages);
	return 0;
}

int axvm_pgtable_map(struct axvm_pgtable *pt, u64 va, u64 pa, u64 size, unsigned int flags)
{
	const struct axvm_pgtable_format *fmt = pt->fmt;
	unsigned int pa_bits = fmt->pa_bits ? fmt->pa_bits() : 52, level;
	u64 at = va, end = va + size, *entry;

	if (!range_ok(va, size, fmt->va_bits) || !range_ok(pa, size, pa_bits))
		return -EINVAL;
	if (any_mapped(pt, pt->root, root_level(fmt), va, end))
		return -EEXIST;

	for (; at < end; at += AXVM_PT_SIZE(level), pa += AXVM_PT_SIZE(level)) {
		level = best_level(fmt, at, pa, end - at);
		entry = make_entry(pt, level, at);
		if (!entry) {
			clear_range(pt, pt->root, root_level(fmt), va, end);
			return -ENOMEM;
		}
		set_entry(entry, fmt->leaf(level, pa, flags));
		if (IS_ALIGNED(at, SZ_2M))
			cond_resched();
	}
	return 0;
}

int axvm_pgtable_unmap(struct axvm_pgtable *pt, u64 va, u64 size)
{
	int ret;

	if (!range_ok(va, size, pt->fmt->va_bits))
		return -EINVAL;
	ret = split_at(pt, va);
	if (!ret)
		ret = split_at(pt, va + size);
	if (!ret)
		clear_range(pt, pt->root, root_level(pt->fmt), va, va + size);
	return ret;
}

bool axvm_pgtable_lookup(const struct axvm_pgtable *pt, u64 va, u64 *pa, unsigned int *flags,
			 unsigned int *level)
{
	unsigned int at = root_level(pt->fmt);
	const u64 *table = pt->root;
	u64 entry;

	if (va >> pt->fmt->va_bits)
		return false;
	while ((entry = READ_ONCE(table[index_of(pt->fmt, at, va)])) && !is_leaf(pt, at, entry)) {
		table = table_at(pt, entry);
		at--;
	}
	if (!entry)
		return false;
	if (pa)
		*pa = leaf_pa(pt, at, entry) | (va & (AXVM_PT_SIZE(at) - 1));
	if (flags)
		*flags = pt->fmt->flags(at, entry);
	if (level)
		*level = at;
	return true;
}

u64 axvm_pgtable_root(const struct axvm_pgtable *pt)
{
	return virt_to_phys(pt->root);
}

void axvm_pgtable_destroy(struct axvm_pgtable *pt)
{
	struct page *page, *next;

	if (!pt->root)
		return;
	list_for_each_entry_safe(page, next, &pt->pages, lru) {
		list_del(&page->lru);
		__free_page(page);
	}
	free_pages((unsigned long)pt->root, root_order(pt->fmt));
	memset(pt, 0, sizeof(*pt));
}
