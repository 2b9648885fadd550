/* SPDX-License-Identifier: GPL-2.0 */
/* Contiguous frames of host memory, asked from Linux while it runs. */
#ifndef AXVM_FRAMES_H
#define AXVM_FRAMES_H

#include <linux/sizes.h>
#include <linux/types.h>

#define AXVM_FRAMES_SMALL	SZ_4M	/* up to here the page allocator is asked first */

struct zone;

/**
 * struct axvm_frames_search - a top-down walk over all zones for ranges of one size
 * @nr, @align, @offset: frames wanted; the first one is @offset modulo @align
 * @zone: index of the zone being searched, counting down
 * @pfn: lowest range to consider next; @known: frames from here to its end look movable
 *         (0: go to the next zone)
 * @refusals: by Linux, in a row
 */
struct axvm_frames_search {
	unsigned long nr, align, offset;
	int zone;
	unsigned long pfn, known;
	unsigned long refusals;
};

/**
 * axvm_frames_search_init() - look for ranges from the top of memory again
 * @size: bytes, a multiple of the page size
 * @align: bytes, a power of two and at least a page
 * @offset: the HPA found will be equal to it modulo @align
 */
void axvm_frames_search_init(struct axvm_frames_search *s, u64 size, u64 align, u64 offset);

/**
 * axvm_frames_next() - find and take the next range below the last one
 * @hpa: of the range found, which Linux no longer uses. Contents undefined
 *
 * May sleep for seconds; makes Linux move its pages, but kills nobody for them.
 * Return: 0, -ENOENT (no more), -EINTR (fatal signal).
 */
int axvm_frames_next(struct axvm_frames_search *s, u64 *hpa);

/**
 * axvm_frames_small() - take any @size bytes, at most AXVM_FRAMES_SMALL
 *
 * The range is aligned to @size rounded up to a power of two.
 * Return: 0 or -ENOENT.
 */
int axvm_frames_small(u64 size, u64 *hpa);

/**
 * axvm_frames_take() - take exactly this range, all in one zone
 * @blocker: on -EBUSY: HPA of a page that cannot be moved, or @hpa if there is no telling
 *
 * May sleep for seconds. Return: 0, -EBUSY, -EINTR.
 */
int axvm_frames_take(u64 hpa, u64 size, u64 *blocker);

/**
 * axvm_frames_one_zone() - how much of a range is in the zone of its first frame
 *
 * Return: bytes, at most @size; 0 when the first frame is not online memory.
 */
u64 axvm_frames_one_zone(u64 hpa, u64 size);

/**
 * axvm_frames_free() - give a range back, however it was taken. May sleep.
 */
void axvm_frames_free(u64 hpa, u64 size);

/**
 * axvm_frames_below() - highest range that ends at or below a limit
 * @end: first frame that must not be in it
 * @floor: lowest frame that may be
 * @nr, @align, @offset: as in struct axvm_frames_search
 * @pfn: its first frame
 *
 * Pure. Return: false when there is none.
 */
bool axvm_frames_below(unsigned long end, unsigned long floor, unsigned long nr,
		       unsigned long align, unsigned long offset, unsigned long *pfn);

#endif
