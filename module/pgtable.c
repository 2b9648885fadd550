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

static bool first_mapped(const struct axvm_pgtable *pt, const u64 *table, unsigned int level,
			 u64 va, u64 end, u64 *at)
{
	u64 next, entry;

	for (; va < end; va = next) {
		next = entry_end(level, va, end);
		entry = table[index_of(pt->fmt, level, va)];
		if (!entry)
			continue;
		*at = va;
		if (is_leaf(pt, level, entry) ||
		    first_mapped(pt, table_at(pt, entry), level - 1, va, next, at))
			return true;
	}
	return false;
}

static void unlink_table(struct axvm_pgtable *pt, u64 *table)
{
	list_move(&virt_to_page(table)->lru, &pt->unlinked);
}

static void free_tables(struct axvm_pgtable *pt, struct list_head *from, struct list_head *until)
{
	struct page *page;

	while (from->next != until) {
		page = list_first_entry(from, struct page, lru);
		list_del(&page->lru);
		__free_page(page);
		pt->nr_pages--;
	}
}

/*
 * Leaves that are wholly in [va, end) get @flags, or go away. Empty tables are
 * unlinked, see axvm_pgtable_unmap().
 */
static void change_range(struct axvm_pgtable *pt, u64 *table, unsigned int level, u64 va, u64 end,
			 unsigned int flags)
{
	u64 next, *entry, *child;

	for (; va < end; va = next) {
		next = entry_end(level, va, end);
		entry = &table[index_of(pt->fmt, level, va)];
		if (!*entry)
			continue;
		if (is_leaf(pt, level, *entry)) {
			if (next - va == AXVM_PT_SIZE(level))
				set_entry(entry, flags ? pt->fmt->leaf(level, leaf_pa(pt, level, *entry),
								       flags) : 0);
			continue;
		}
		child = table_at(pt, *entry);
		change_range(pt, child, level - 1, va, next, flags);
		cond_resched();
		if (memchr_inv(child, 0, PAGE_SIZE))
			continue;
		set_entry(entry, 0);
		unlink_table(pt, child);
	}
}

/* A table that maps what a leaf did, but the bytes from..to of it with @flags, or not at all. */
static u64 *split_leaf(struct axvm_pgtable *pt, unsigned int level, u64 leaf, u64 from, u64 to,
		       unsigned int flags)
{
	u64 pa = leaf_pa(pt, level, leaf), size = AXVM_PT_SIZE(level - 1), at;
	unsigned int old = pt->fmt->flags(level, leaf);
	u64 *table = new_table(pt), *entry = table, *child;

	for (at = 0; table && at < AXVM_PT_SIZE(level); at += size, entry++) {
		*entry = pt->fmt->leaf(level - 1, pa + at, old);
		if (at + size <= from || to <= at)
			continue;
		if (from <= at && at + size <= to) {
			*entry = flags ? pt->fmt->leaf(level - 1, pa + at, flags) : 0;
			continue;
		}
		child = split_leaf(pt, level - 1, *entry, max(from, at) - at,
				   min(to, at + size) - at, flags);
		if (!child)
			return NULL;
		*entry = pt->fmt->table(virt_to_phys(child));
	}
	return table;
}

/* The leaf that lies across an address, NULL if there is none. */
static u64 *leaf_across(const struct axvm_pgtable *pt, u64 va, unsigned int *at)
{
	u64 *table = pt->root, *entry;
	unsigned int level;

	for (level = root_level(pt->fmt); level > 0; level--) {
		if (IS_ALIGNED(va, AXVM_PT_SIZE(level)))
			return NULL;
		entry = &table[index_of(pt->fmt, level, va)];
		*at = level;
		if (!*entry || is_leaf(pt, level, *entry))
			return *entry ? entry : NULL;
		table = table_at(pt, *entry);
	}
	return NULL;
}

/* A table for the leaf that lies across @border, which is @start or @end. */
static int prepare_split(struct axvm_pgtable *pt, u64 border, u64 start, u64 end,
			 unsigned int flags, struct axvm_pgtable_edit *edit)
{
	unsigned int level;
	u64 *entry = leaf_across(pt, border, &level), *table, base;

	if (!entry || (edit->nr && edit->later[0].entry == entry))
		return 0;
	base = border & ~(AXVM_PT_SIZE(level) - 1);
	table = split_leaf(pt, level, *entry, max(start, base) - base,
			   min(end, base + AXVM_PT_SIZE(level)) - base, flags);
	if (!table)
		return -ENOMEM;
	edit->later[edit->nr].entry = entry;
	edit->later[edit->nr++].value = pt->fmt->table(virt_to_phys(table));
	return 0;
}

/* Does a table map what one leaf of @level could? */
static bool whole(const struct axvm_pgtable *pt, const u64 *table, unsigned int level, u64 *leaf)
{
	const struct axvm_pgtable_format *fmt = pt->fmt;
	unsigned int flags, i;
	u64 pa;

	if (level > fmt->max_leaf_level || (fmt->leaf_ok && !fmt->leaf_ok(level)))
		return false;
	if (!table[0] || !is_leaf(pt, level - 1, table[0]))
		return false;
	pa = leaf_pa(pt, level - 1, table[0]);
	flags = fmt->flags(level - 1, table[0]);
	if (!IS_ALIGNED(pa, AXVM_PT_SIZE(level)))
		return false;
	for (i = 1; i < ENTRIES; i++)
		if (table[i] != fmt->leaf(level - 1, pa + i * AXVM_PT_SIZE(level - 1), flags))
			return false;
	*leaf = fmt->leaf(level, pa, flags);
	return true;
}

static bool merge_range(struct axvm_pgtable *pt, u64 *table, unsigned int level, u64 va, u64 end,
			struct axvm_pgtable_edit *edit)
{
	u64 next, leaf, *entry, *child;
	bool found = false;

	for (; va < end; va = next) {
		next = entry_end(level, va, end);
		entry = &table[index_of(pt->fmt, level, va)];
		if (!*entry || is_leaf(pt, level, *entry))
			continue;
		child = table_at(pt, *entry);
		found |= level > 1 && merge_range(pt, child, level - 1, va, next, edit);
		cond_resched();
		if ((edit && edit->nr == AXVM_PT_EDITS) || !whole(pt, child, level, &leaf))
			continue;
		found = true;
		if (!edit)
			return true;
		edit->later[edit->nr].entry = entry;
		edit->later[edit->nr++].value = leaf;
		set_entry(entry, 0);
		unlink_table(pt, child);
	}
	return found;
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
	INIT_LIST_HEAD(&pt->unlinked);
	return 0;
}

int axvm_pgtable_map(struct axvm_pgtable *pt, u64 va, u64 pa, u64 size, unsigned int flags)
{
	const struct axvm_pgtable_format *fmt = pt->fmt;
	unsigned int pa_bits = fmt->pa_bits ? fmt->pa_bits() : 52, level;
	u64 at = va, end = va + size, *entry, where;

	if (!range_ok(va, size, fmt->va_bits) || !range_ok(pa, size, pa_bits))
		return -EINVAL;
	if (first_mapped(pt, pt->root, root_level(fmt), va, end, &where))
		return -EEXIST;

	for (; at < end; at += AXVM_PT_SIZE(level), pa += AXVM_PT_SIZE(level)) {
		level = best_level(fmt, at, pa, end - at);
		entry = make_entry(pt, level, at);
		if (!entry) {
			change_range(pt, pt->root, root_level(fmt), va, end, 0);
			return -ENOMEM;
		}
		set_entry(entry, fmt->leaf(level, pa, flags));
		if (IS_ALIGNED(at, SZ_2M))
			cond_resched();
	}
	return 0;
}

int axvm_pgtable_prepare(struct axvm_pgtable *pt, u64 va, u64 size, unsigned int flags,
			 struct axvm_pgtable_edit *edit)
{
	int ret;

	if (!range_ok(va, size, pt->fmt->va_bits))
		return -EINVAL;
	edit->nr = 0;
	edit->before = pt->pages.next;
	ret = prepare_split(pt, va, va, va + size, flags, edit);
	if (!ret)
		ret = prepare_split(pt, va + size, va, va + size, flags, edit);
	if (ret)
		axvm_pgtable_abandon(pt, edit);
	return ret;
}

void axvm_pgtable_abandon(struct axvm_pgtable *pt, struct axvm_pgtable_edit *edit)
{
	free_tables(pt, &pt->pages, edit->before);
	edit->nr = 0;
}

void axvm_pgtable_break(struct axvm_pgtable *pt, u64 va, u64 size, unsigned int flags,
			struct axvm_pgtable_edit *edit)
{
	unsigned int i;

	/* While the pages across the borders are there, their tables are not empty. */
	change_range(pt, pt->root, root_level(pt->fmt), va, va + size, flags);
	for (i = 0; i < edit->nr; i++)
		set_entry(edit->later[i].entry, 0);
}

static void make(struct axvm_pgtable_edit *edit)
{
	unsigned int i;

	for (i = 0; i < edit->nr; i++)
		set_entry(edit->later[i].entry, edit->later[i].value);
	edit->nr = 0;
}

void axvm_pgtable_finish(struct axvm_pgtable *pt, struct axvm_pgtable_edit *edit)
{
	make(edit);
	free_tables(pt, &pt->unlinked, &pt->unlinked);
}

int axvm_pgtable_unmap(struct axvm_pgtable *pt, u64 va, u64 size)
{
	struct axvm_pgtable_edit edit;
	int ret = axvm_pgtable_prepare(pt, va, size, 0, &edit);

	if (ret)
		return ret;
	axvm_pgtable_break(pt, va, size, 0, &edit);
	make(&edit);
	return 0;
}

bool axvm_pgtable_merge(struct axvm_pgtable *pt, u64 va, u64 size, struct axvm_pgtable_edit *edit)
{
	if (edit)
		edit->nr = 0;
	return range_ok(va, size, pt->fmt->va_bits) &&
	       merge_range(pt, pt->root, root_level(pt->fmt), va, va + size, edit);
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

bool axvm_pgtable_first(const struct axvm_pgtable *pt, u64 va, u64 size, u64 *at)
{
	return range_ok(va, size, pt->fmt->va_bits) &&
	       first_mapped(pt, pt->root, root_level(pt->fmt), va, va + size, at);
}

u64 axvm_pgtable_root(const struct axvm_pgtable *pt)
{
	return virt_to_phys(pt->root);
}

void axvm_pgtable_destroy(struct axvm_pgtable *pt)
{
	if (!pt->root)
		return;
	free_tables(pt, &pt->pages, &pt->pages);
	free_tables(pt, &pt->unlinked, &pt->unlinked);
	free_pages((unsigned long)pt->root, root_order(pt->fmt));
	memset(pt, 0, sizeof(*pt));
}
