/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Builder of page tables with 512 entries a table: the stage-2 maps of cells
 * and the core's own address spaces. Formats come from the architecture.
 */
#ifndef AXVM_PGTABLE_H
#define AXVM_PGTABLE_H

#include <linux/gfp.h>
#include <linux/list.h>
#include <linux/types.h>

#define AXVM_PT_READ	1U
#define AXVM_PT_WRITE	2U
#define AXVM_PT_EXEC	4U
#define AXVM_PT_DEVICE	8U	/* uncached, no speculation */

#define AXVM_PT_SHIFT(level)	(12 + 9 * (level))	/* of what one entry of a level maps */
#define AXVM_PT_SIZE(level)	(1ULL << AXVM_PT_SHIFT(level))

/**
 * struct axvm_pgtable_format - how an architecture writes an entry
 * @levels: tables on the way to a 4 KiB page; the root is level @levels - 1
 * @max_leaf_level: largest page: 0 is 4 KiB, 1 is 2 MiB, 2 is 1 GiB
 * @va_bits: input address width; all above must be zero. When it is wider than
 *           @levels tables translate, the root is that much larger (Sv48x4)
 * @leaf_ok: may a leaf of this level be used on this machine? NULL: yes
 * @pa_bits: output address width of this machine. NULL: 52
 * @leaf: entry for a page of @level at @pa with AXVM_PT_* flags; never 0
 * @table: entry for the next table at @pa; never 0
 * @is_leaf: does a non-zero entry of a level map a page?
 * @pa: address bits of a leaf or table entry; bits below a leaf's size are ignored
 * @flags: AXVM_PT_* flags of a leaf
 * @root_gfp: for the root table
 * @gfp: for all other tables
 */
struct axvm_pgtable_format {
	unsigned int levels;
	unsigned int max_leaf_level;
	unsigned int va_bits;
	bool (*leaf_ok)(unsigned int level);
	unsigned int (*pa_bits)(void);
	u64 (*leaf)(unsigned int level, u64 pa, unsigned int flags);
	u64 (*table)(u64 pa);
	bool (*is_leaf)(unsigned int level, u64 entry);
	u64 (*pa)(u64 entry);
	unsigned int (*flags)(unsigned int level, u64 entry);
	gfp_t root_gfp;
	gfp_t gfp;
};

/**
 * struct axvm_pgtable - one address space; all zero is "none"
 * @nr_pages: 4 KiB pages that its tables occupy, unlinked ones included
 * @pages: the tables but the root, through page->lru
 * @unlinked: tables that nothing leads to any more, but that a CPU may still be walking
 *
 * No lock of its own: the owner serialises changes.
 */
struct axvm_pgtable {
	const struct axvm_pgtable_format *fmt;
	u64 *root;
	unsigned long nr_pages;
	struct list_head pages;
	struct list_head unlinked;
};

#define AXVM_PT_EDITS	16

/**
 * struct axvm_pgtable_edit - a change in two halves, with all CPUs forgetting in between
 * @nr: entries that are not there until the second half
 * @before: the newest table before this edit made some
 */
struct axvm_pgtable_edit {
	unsigned int nr;
	struct list_head *before;
	struct {
		u64 *entry;
		u64 value;
	} later[AXVM_PT_EDITS];
};

/**
 * axvm_pgtable_init() - make an empty address space
 * @fmt: must outlive @pt
 *
 * May sleep. Return: 0 or -ENOMEM.
 */
int axvm_pgtable_init(struct axvm_pgtable *pt, const struct axvm_pgtable_format *fmt);

/**
 * axvm_pgtable_map() - map a range with the largest pages that fit
 * @va: input address; @pa: output address; @size: all in bytes, multiples of 4 KiB
 * @flags: AXVM_PT_*
 *
 * May sleep. On failure nothing is mapped that was not mapped before.
 * Return: 0, -EINVAL (unaligned, empty, wraps or is too wide), -EEXIST (some of
 * it is mapped already), -ENOMEM.
 */
int axvm_pgtable_map(struct axvm_pgtable *pt, u64 va, u64 pa, u64 size, unsigned int flags);

/**
 * axvm_pgtable_unmap() - make a range fault; holes in it are no error
 * @va: input address; @size: both in bytes, multiples of 4 KiB
 *
 * Splits a large page that is only partly inside. Tables that become empty are
 * unlinked but stay allocated until axvm_pgtable_finish() or _destroy(), because
 * a CPU may still be walking them; making CPUs forget the old entries is the
 * caller's work. With no CPU that walks the tables, or only holes changing. May sleep. Return: 0, -EINVAL, or -ENOMEM (a split failed: nothing was
 * unmapped).
 */
int axvm_pgtable_unmap(struct axvm_pgtable *pt, u64 va, u64 size);

/**
 * axvm_pgtable_prepare() - all of a change that can fail
 * @flags: AXVM_PT_* that what is mapped in the range shall have; 0: it shall not be mapped
 * @edit: for the two halves, or axvm_pgtable_abandon()
 *
 * A large page across a border of the range gets a table to be split into.
 * May sleep. Return: 0, -EINVAL, -ENOMEM, with nothing changed.
 */
int axvm_pgtable_prepare(struct axvm_pgtable *pt, u64 va, u64 size, unsigned int flags,
			 struct axvm_pgtable_edit *edit);
void axvm_pgtable_abandon(struct axvm_pgtable *pt, struct axvm_pgtable_edit *edit);

/**
 * axvm_pgtable_break() - first half: what is wholly in the range changes
 * @va, @size, @flags: as given to axvm_pgtable_prepare()
 *
 * A large page across a border is not mapped at all until axvm_pgtable_finish().
 * So no CPU ever finds two sizes of page for one address, which arm64 forbids
 * (break-before-make, DDI 0487, D8.16.1). May sleep.
 */
void axvm_pgtable_break(struct axvm_pgtable *pt, u64 va, u64 size, unsigned int flags,
			struct axvm_pgtable_edit *edit);

/**
 * axvm_pgtable_finish() - second half: all is mapped again, unlinked tables are freed
 *
 * Since the first half every CPU has forgotten what it knew of the tables.
 */
void axvm_pgtable_finish(struct axvm_pgtable *pt, struct axvm_pgtable_edit *edit);

/**
 * axvm_pgtable_merge() - first half of making large pages of small ones, where they fit
 * @edit: NULL to find out only. Needs no axvm_pgtable_prepare()
 *
 * Looks at all tables for addresses of the range. A large page can make an even
 * larger one possible: to be repeated until there is nothing.
 * May sleep. Return: is there something to merge (and to finish)?
 */
bool axvm_pgtable_merge(struct axvm_pgtable *pt, u64 va, u64 size, struct axvm_pgtable_edit *edit);

/**
 * axvm_pgtable_lookup() - translate one address
 * @pa: output address of @va itself; @flags: AXVM_PT_*; @level: of the leaf. Each may be NULL
 *
 * Any context. Return: false when @va is not mapped.
 */
bool axvm_pgtable_lookup(const struct axvm_pgtable *pt, u64 va, u64 *pa, unsigned int *flags,
			 unsigned int *level);

/**
 * axvm_pgtable_first() - the lowest address of a range that is mapped
 * @at: it
 *
 * Return: false when nothing of it is.
 */
bool axvm_pgtable_first(const struct axvm_pgtable *pt, u64 va, u64 size, u64 *at);

/**
 * axvm_pgtable_root() - HPA of the root table
 */
u64 axvm_pgtable_root(const struct axvm_pgtable *pt);

/**
 * axvm_pgtable_destroy() - free all tables; nothing may be walking them
 *
 * Harmless on a space that was destroyed already or never made.
 */
void axvm_pgtable_destroy(struct axvm_pgtable *pt);

#endif
