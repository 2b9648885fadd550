// SPDX-License-Identifier: GPL-2.0
/*
 * Finds contiguous memory in a running Linux: zones are searched from the top,
 * a look at the page flags passes over what cannot be moved, and
 * alloc_contig_range() moves the rest out of the way.
 */
#include <linux/errno.h>
#include <linux/memory_hotplug.h>
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/nodemask.h>
#include <linux/pfn.h>
#include <linux/sched/signal.h>

#include "compat.h"
#include "frames.h"

/* How often in a row Linux may refuse in one zone: each costs up to a range of migrations. */
#define MIN_REFUSALS	24UL
#define MAX_REFUSALS	256UL
#define LOOK_STEP	512UL	/* frames between two chances to be scheduled away */

/*
 * A hint, read without locks: memory of the kernel itself. Pages on their way
 * to an LRU list are not on it yet, but belong to a mapping.
 */
static bool looks_unmovable(struct page *page)
{
	page = compound_head(page);
	if (PageReserved(page) || PageSlab(page))
		return true;
	return page_count(page) && !PageLRU(page) && !page->mapping;
}

/* First frame in [pfn, end) that spoils a range in this zone, or end. */
static unsigned long first_obstacle(struct zone *zone, unsigned long pfn, unsigned long end)
{
	struct page *page;

	for (; pfn < end; pfn++) {
		if (IS_ALIGNED(pfn, LOOK_STEP)) {
			cond_resched();
			if (fatal_signal_pending(current))
				return pfn;
		}
		page = pfn_to_online_page(pfn);
		if (!page || page_zone(page) != zone || looks_unmovable(page))
			return pfn;
	}
	return end;
}

bool axvm_frames_below(unsigned long end, unsigned long floor, unsigned long nr,
		       unsigned long align, unsigned long offset, unsigned long *pfn)
{
	unsigned long first;

	offset &= align - 1;
	if (end < nr || end - nr < offset)
		return false;
	first = ALIGN_DOWN(end - nr - offset, align) + offset;
	if (first < floor)
		return false;
	*pfn = first;
	return true;
}

void axvm_frames_search_init(struct axvm_frames_search *s, u64 size, u64 align, u64 offset)
{
	s->nr = PHYS_PFN(size);
	s->align = PHYS_PFN(align);
	s->offset = PHYS_PFN(offset & (align - 1));
	s->zone = MAX_NUMNODES * MAX_NR_ZONES;
	s->pfn = 0;
	s->known = 0;
	s->refusals = 0;
}

static bool enough_refusals(const struct axvm_frames_search *s, unsigned long zone_pages)
{
	return s->refusals >= clamp(zone_pages / s->nr, MIN_REFUSALS, MAX_REFUSALS);
}

static struct zone *zone_of(const struct axvm_frames_search *s)
{
	return &NODE_DATA(s->zone / MAX_NR_ZONES)->node_zones[s->zone % MAX_NR_ZONES];
}

/* Go to the next range of this zone whose end is at most @end. */
static bool move_below(struct axvm_frames_search *s, unsigned long end)
{
	unsigned long known = s->pfn, floor = zone_of(s)->zone_start_pfn;

	if (!axvm_frames_below(end, floor, s->nr, s->align, s->offset, &s->pfn))
		return false;
	s->known = min(known, s->pfn + s->nr);
	return true;
}

/* Go to the highest range of the next lower zone that is large enough. */
static bool next_zone_down(struct axvm_frames_search *s)
{
	while (s->zone > 0) {
		s->zone--;
		if (!node_online(s->zone / MAX_NR_ZONES) || !populated_zone(zone_of(s)))
			continue;
		s->pfn = ULONG_MAX;	/* nothing is known of this zone */
		s->refusals = 0;
		if (move_below(s, zone_end_pfn(zone_of(s))))
			return true;
	}
	return false;
}

/* Look at the current range and, if it seems good, ask Linux for it. */
static int try_here(struct axvm_frames_search *s)
{
	unsigned long obstacle = first_obstacle(zone_of(s), s->pfn, s->known);
	unsigned long here = s->pfn, end = here + s->nr;
	int ret = -EBUSY;

	if (fatal_signal_pending(current))
		return -EINTR;
	if (obstacle == s->known) {
		ret = axvm_alloc_contig_range(here, end, GFP_KERNEL | __GFP_NOWARN);
		if (ret == -EINTR)
			return ret;
		/* After a refusal move by a part of the range: what was in the way is not told. */
		obstacle = ret ? end - max(s->nr / 4, 1UL) : here;
		s->refusals = ret ? s->refusals + 1 : 0;
	}
	if (!move_below(s, obstacle) || enough_refusals(s, zone_of(s)->spanned_pages))
		s->known = 0;
	return ret;
}

int axvm_frames_next(struct axvm_frames_search *s, u64 *hpa)
{
	unsigned long here;
	int ret;

	while (s->known || next_zone_down(s)) {
		here = s->pfn;
		ret = try_here(s);
		if (!ret)
			*hpa = PFN_PHYS(here);
		if (!ret || ret == -EINTR)
			return ret;
	}
	return -ENOENT;
}

int axvm_frames_small(u64 size, u64 *hpa)
{
	void *va = alloc_pages_exact(size, GFP_KERNEL | __GFP_NORETRY | __GFP_NOWARN);

	if (!va)
		return -ENOENT;
	*hpa = virt_to_phys(va);
	return 0;
}

int axvm_frames_take(u64 hpa, u64 size, u64 *blocker)
{
	unsigned long pfn = PHYS_PFN(hpa), end = PHYS_PFN(hpa + size), obstacle;
	unsigned int attempt;
	int ret = -EBUSY;

	obstacle = first_obstacle(page_zone(pfn_to_page(pfn)), pfn, end);
	*blocker = obstacle == end ? hpa : PFN_PHYS(obstacle);
	if (fatal_signal_pending(current))
		return -EINTR;
	if (obstacle != end)
		return -EBUSY;
	/* A page can be pinned for a moment by whoever reads or writes it. */
	for (attempt = 0; attempt < 5 && ret && ret != -EINTR; attempt++)
		ret = axvm_alloc_contig_range(pfn, end, GFP_KERNEL | __GFP_NOWARN);
	return ret && ret != -EINTR ? -EBUSY : ret;
}

u64 axvm_frames_one_zone(u64 hpa, u64 size)
{
	unsigned long pfn = PHYS_PFN(hpa), end = PHYS_PFN(hpa + size);
	struct page *page = pfn_to_online_page(pfn);
	struct zone *zone;

	if (!page)
		return 0;
	zone = page_zone(page);
	while (page && page_zone(page) == zone && ++pfn < end)
		page = pfn_to_online_page(pfn);
	return PFN_PHYS(pfn) - hpa;
}

void axvm_frames_free(u64 hpa, u64 size)
{
	unsigned long pfn = PHYS_PFN(hpa), left = PHYS_PFN(size), nr;

	for (; left; pfn += nr, left -= nr) {
		nr = min(left, LOOK_STEP);
		free_contig_range(pfn, nr);
		cond_resched();
	}
}
