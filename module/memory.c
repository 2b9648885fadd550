// SPDX-License-Identifier: GPL-2.0
/*
 * Guest memory: gets pieces of host memory by type, claims, clears and maps
 * them, and gives them back without the guest's data.
 */
#include <linux/errno.h>
#include <linux/io.h>
#include <linux/mm.h>
#include <linux/sched/signal.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "axvm.h"
#include "arch.h"
#include "frames.h"
#include "ram.h"

#define CLEAR_STEP	SZ_2M	/* bytes between two chances to be scheduled away */

/* One region on its way into a cell. */
struct region {
	struct axvm_cell *cell;
	const struct axvm_config_memory *cfg;
	axvm_progress_fn progress;
	struct axvm_error *err;
	u64 done;		/* bytes of it that are ready */
};

static struct axvm_memory *of_claim(struct axvm_claim *claim)
{
	return container_of(claim, struct axvm_memory, claim);
}

static u64 mib(u64 bytes)
{
	return bytes >> 20;
}

/* Whole pages. By 8 bytes: emulated CPUs are slow at clearing by the byte. */
static void clear_some(void *va, u64 len)
{
	memset64(va, 0, len / sizeof(u64));
	cond_resched();
}

static void clear_piece(struct axvm_memory *mem)
{
	u64 at, len;

	for (at = 0; at < mem->size; at += len) {
		len = min_t(u64, CLEAR_STEP, mem->size - at);
		clear_some(mem->va + at, len);
	}
}

/* No host data may reach the guest. */
static int scrub_before_use(struct region *r, struct axvm_memory *mem)
{
	u64 at, len;

	for (at = 0; at < mem->size; at += len) {
		if (fatal_signal_pending(current))
			return -EINTR;
		len = min_t(u64, CLEAR_STEP, mem->size - at);
		clear_some(mem->va + at, len);
		if (r->progress)
			r->progress(r->cell, r->done + at + len, r->cfg->size);
	}
	return 0;
}

/* No guest data may reach the host. Not interruptible: it must happen. */
static void scrub_before_return(struct axvm_memory *mem)
{
	clear_piece(mem);
}

static void give_back(struct axvm_memory *mem)
{
	if (mem->type == AXVM_MEMORY_TYPE_RESERVED)
		memunmap(mem->va);
	else
		axvm_frames_free(mem->hpa, mem->size);
}

static void undo_piece(struct axvm_claim *claim)
{
	struct axvm_memory *mem = of_claim(claim);
	struct axvm_error err = {};
	int ret = 0;

	list_del(&mem->node);
	/* A piece is mapped whole, so this needs no tables, unless it was merged with others. */
	if (mem->mapped)
		ret = axvm_ram_take(mem->cell, mem->gpa, mem->size, false, &err);
	if (ret) {
		pr_err("axvm: memory 0x%llx-0x%llx of cell \"%s\" is lost until the machine is reset: %s\n",
		       mem->hpa, mem->hpa + mem->size - 1, mem->cell->cfg->name, err.text);
		return;
	}
	if (mem->exposed)
		scrub_before_return(mem);
	if (mem->held)
		give_back(mem);
}

static void free_piece(struct axvm_claim *claim)
{
	kfree(of_claim(claim));
}

/* Enter a piece into ledger and cell. On failure the frames are the caller's again. */
static struct axvm_memory *new_piece(struct region *r, u64 hpa, u64 size)
{
	struct axvm_memory *mem = kzalloc(sizeof(*mem), GFP_KERNEL);
	int ret;

	if (!mem)
		return ERR_PTR(axvm_fail(r->err, -ENOMEM, "no memory to keep track of memory"));
	mem->cell = r->cell;
	mem->type = r->cfg->type;
	mem->flags = r->cfg->flags;
	mem->gpa = r->cfg->gpa + r->done;
	mem->hpa = hpa;
	mem->size = size;
	mem->claim.type = AXVM_RES_RAM;
	mem->claim.start = hpa;
	mem->claim.size = size;
	mem->claim.undo = undo_piece;
	mem->claim.free = free_piece;
	ret = axvm_claim(&r->cell->owner, &mem->claim, r->err);
	if (ret) {
		kfree(mem);
		return ERR_PTR(ret);
	}
	list_add_tail(&mem->node, &r->cell->memory);
	return mem;
}

/* The frames of a claimed piece are ours: make them the guest's. */
static int expose_piece(struct region *r, struct axvm_memory *mem, void *va)
{
	int ret;

	mem->held = true;
	mem->va = va;
	ret = scrub_before_use(r, mem);
	if (ret)
		return axvm_fail(r->err, ret, "memory at GPA 0x%llx: interrupted while clearing it",
				 mem->gpa);
	/* It may have been the guest's even if that fails. */
	mem->exposed = true;
	ret = axvm_ram_give(mem, r->err);
	if (ret == -EEXIST)
		return axvm_fail(r->err, ret,
				 "memory at GPA 0x%llx: some of its 0x%llx bytes overlap another region; change \"gpa\" or \"size\"",
				 r->cfg->gpa, r->cfg->size);
	if (ret)
		return axvm_fail(r->err, ret,
				 "memory at GPA 0x%llx: mapping 0x%llx bytes of host memory 0x%llx failed with error %d",
				 mem->gpa, mem->size, mem->hpa, ret);
	r->done += mem->size;
	return 0;
}

static int add_frames(struct region *r, u64 hpa, u64 size)
{
	struct axvm_memory *mem = new_piece(r, hpa, size);

	if (IS_ERR(mem)) {
		axvm_frames_free(hpa, size);
		return PTR_ERR(mem);
	}
	return expose_piece(r, mem, phys_to_virt(hpa));
}

/*
 * Fill the region with pieces of @want bytes that are aligned as their GPAs are,
 * so that large pages fit. Return: 0 also when there are no more of that size.
 */
static int fill(struct region *r, u64 want, u64 align)
{
	struct axvm_frames_search search = { };
	u64 left, size, last = 0, hpa;
	int ret;

	while ((left = r->cfg->size - r->done)) {
		size = min(want, left);
		ret = size <= AXVM_FRAMES_SMALL ? axvm_frames_small(size, &hpa) : -ENOENT;
		if (ret) {
			if (size != last)
				axvm_frames_search_init(&search, size, align,
							r->cfg->gpa + r->done);
			last = size;
			ret = axvm_frames_next(&search, &hpa);
		}
		if (ret == -ENOENT)
			return 0;
		ret = ret ? axvm_fail(r->err, ret,
				      "memory at GPA 0x%llx: interrupted while looking for %llu MiB",
				      r->cfg->gpa, mib(r->cfg->size)) :
			    add_frames(r, hpa, size);
		if (ret)
			return ret;
	}
	return 0;
}

u64 axvm_memory_smaller(u64 piece)
{
	return piece <= SZ_2M ? 0 : round_up(piece / 2, SZ_2M);
}

static int get_alloc(struct region *r)
{
	u64 want = r->cfg->size;
	int ret = 0;

	for (; !ret && want && r->done < r->cfg->size; want = axvm_memory_smaller(want)) {
		if (want >= SZ_1G)
			ret = fill(r, want, SZ_1G);
		if (!ret)
			ret = fill(r, want, SZ_2M);
	}
	if (!ret && r->done < r->cfg->size)
		ret = axvm_fail(r->err, -ENOMEM,
				"memory at GPA 0x%llx: asked %llu MiB, but Linux can free only %llu MiB in pieces of 2 MiB or more; ask for less, or keep memory out of Linux and use type \"reserved\"",
				r->cfg->gpa, mib(r->cfg->size), mib(r->done));
	return ret;
}

static int get_identical(struct region *r)
{
	u64 hpa, size, blocker = 0;
	struct axvm_memory *mem;
	int ret;

	for (; r->done < r->cfg->size; ) {
		hpa = r->cfg->gpa + r->done;
		size = axvm_frames_one_zone(hpa, r->cfg->size - r->done);
		if (!size)
			return axvm_fail(r->err, -EINVAL,
					 "identical memory 0x%llx: 0x%llx is no System RAM of this host; see /proc/iomem",
					 r->cfg->gpa, hpa);
		mem = new_piece(r, hpa, size);
		if (IS_ERR(mem))
			return PTR_ERR(mem);
		ret = axvm_frames_take(hpa, size, &blocker);
		if (ret == -EBUSY)
			return axvm_fail(r->err, ret,
					 "identical memory 0x%llx-0x%llx: Linux cannot move what it keeps there (0x%llx); choose another range or type \"alloc\"",
					 hpa, hpa + size - 1, blocker);
		if (ret)
			return axvm_fail(r->err, ret, "identical memory 0x%llx: interrupted", hpa);
		ret = expose_piece(r, mem, phys_to_virt(hpa));
		if (ret)
			return ret;
	}
	return 0;
}

static int get_reserved(struct region *r)
{
	u64 hpa = r->cfg->hpa, size = r->cfg->size;
	struct axvm_memory *mem;
	void *va;

	if (region_intersects(hpa, size, IORESOURCE_SYSTEM_RAM, IORES_DESC_NONE) !=
	    REGION_DISJOINT)
		return axvm_fail(r->err, -EINVAL,
				 "reserved memory 0x%llx-0x%llx: Linux uses it as System RAM; keep it out of Linux at boot (memmap=) or use type \"alloc\"",
				 hpa, hpa + size - 1);
	if (!axvm_arch_reserved_ok(hpa, size))
		return axvm_fail(r->err, -EINVAL,
				 "reserved memory 0x%llx-0x%llx: not memory that was kept out of Linux at boot (memmap=); see /proc/iomem",
				 hpa, hpa + size - 1);
	mem = new_piece(r, hpa, size);
	if (IS_ERR(mem))
		return PTR_ERR(mem);
	va = memremap(hpa, size, MEMREMAP_WB);
	if (!va)
		return axvm_fail(r->err, -ENOMEM,
				 "reserved memory 0x%llx-0x%llx: Linux refuses to map it",
				 hpa, hpa + size - 1);
	return expose_piece(r, mem, va);
}

u64 axvm_memory_host_reserve(u64 total)
{
	return clamp_t(u64, total / 16, SZ_32M, SZ_512M);
}

/* Linux must be able to go on: better to refuse than to make it kill processes. */
static int check_available(const struct region *r)
{
	u64 available = (u64)max(si_mem_available(), 0L) << PAGE_SHIFT;
	u64 reserve = axvm_memory_host_reserve((u64)totalram_pages() << PAGE_SHIFT);

	if (r->cfg->size <= available && available - r->cfg->size >= reserve)
		return 0;
	return axvm_fail(r->err, -ENOMEM,
			 "memory at GPA 0x%llx: asked %llu MiB, %llu MiB available; %llu MiB of that must stay with Linux: ask for less or free memory on the host",
			 r->cfg->gpa, mib(r->cfg->size), mib(available), mib(reserve));
}

static int check_region(const struct region *r)
{
	const struct axvm_config_memory *cfg = r->cfg;
	u64 hpa = cfg->type == AXVM_MEMORY_TYPE_RESERVED ? cfg->hpa : cfg->gpa;

	if (!cfg->size || (cfg->gpa | hpa | cfg->size) & ~PAGE_MASK)
		return axvm_fail(r->err, -EINVAL,
				 "memory at GPA 0x%llx, size 0x%llx: must be whole pages of %lu bytes",
				 cfg->gpa, cfg->size, PAGE_SIZE);
	if (cfg->gpa + cfg->size < cfg->gpa || hpa + cfg->size < hpa)
		return axvm_fail(r->err, -EINVAL,
				 "memory at GPA 0x%llx, size 0x%llx: goes beyond the last address",
				 cfg->gpa, cfg->size);
	return cfg->type == AXVM_MEMORY_TYPE_RESERVED ? 0 : check_available(r);
}

int axvm_memory_claim(struct axvm_cell *cell, const struct axvm_config_memory *cfg,
		      axvm_progress_fn progress, struct axvm_error *err)
{
	static int (* const get[])(struct region *r) = {
		[AXVM_MEMORY_TYPE_ALLOC] = get_alloc,
		[AXVM_MEMORY_TYPE_IDENTICAL] = get_identical,
		[AXVM_MEMORY_TYPE_RESERVED] = get_reserved,
	};
	struct region r = { .cell = cell, .cfg = cfg, .progress = progress, .err = err };
	struct list_head *before = cell->memory.prev;
	int ret;

	if (cfg->type >= ARRAY_SIZE(get))
		return axvm_fail(err, -EINVAL,
				 "memory at GPA 0x%llx: type %u does not exist; use alloc, identical or reserved",
				 cfg->gpa, cfg->type);
	ret = check_region(&r);
	if (!ret)
		ret = get[cfg->type](&r);
	if (ret)
		axvm_memory_release_after(cell, before);
	return ret;
}

void axvm_memory_release_after(struct axvm_cell *cell, struct list_head *piece)
{
	while (cell->memory.prev != piece)
		axvm_release(&list_last_entry(&cell->memory, struct axvm_memory, node)->claim);
}

/* memremap() can be undone only as a whole: each half gets a mapping of its own. */
static int split_view(struct axvm_memory *lower, struct axvm_memory *upper)
{
	void *low, *high;

	if (lower->type != AXVM_MEMORY_TYPE_RESERVED) {
		upper->va = lower->va + lower->size;
		return 0;
	}
	low = memremap(lower->hpa, lower->size, MEMREMAP_WB);
	high = memremap(upper->hpa, upper->size, MEMREMAP_WB);
	if (!low || !high) {
		if (low)
			memunmap(low);
		if (high)
			memunmap(high);
		return -ENOMEM;
	}
	memunmap(lower->va);
	lower->va = low;
	upper->va = high;
	return 0;
}

static int split_piece(struct axvm_memory *lower, u64 gpa)
{
	struct axvm_memory *upper = kmemdup(lower, sizeof(*lower), GFP_KERNEL);
	u64 whole = lower->size;

	if (!upper)
		return -ENOMEM;
	lower->size = gpa - lower->gpa;
	upper->gpa = gpa;
	upper->hpa = lower->hpa + lower->size;
	upper->size = whole - lower->size;
	if (split_view(lower, upper)) {
		lower->size = whole;
		kfree(upper);
		return -ENOMEM;
	}
	axvm_claim_split(&lower->claim, upper->hpa, &upper->claim);
	list_add(&upper->node, &lower->node);
	return 0;
}

int axvm_memory_split(struct axvm_cell *cell, u64 gpa, struct axvm_error *err)
{
	struct axvm_memory *mem;

	list_for_each_entry(mem, &cell->memory, node) {
		if (gpa <= mem->gpa || gpa - mem->gpa >= mem->size)
			continue;
		if (!split_piece(mem, gpa))
			return 0;
		return axvm_fail(err, -ENOMEM, "GPA 0x%llx: no memory to keep track of memory",
				 gpa);
	}
	return 0;
}

void *axvm_memory_at(struct axvm_cell *cell, u64 gpa, u64 *len)
{
	struct axvm_memory *mem;

	list_for_each_entry(mem, &cell->memory, node) {
		if (gpa < mem->gpa || gpa - mem->gpa >= mem->size)
			continue;
		*len = min(*len, mem->size - (gpa - mem->gpa));
		return mem->va + (gpa - mem->gpa);
	}
	return NULL;
}

bool axvm_memory_covers(struct axvm_cell *cell, u64 gpa, u64 len)
{
	u64 part;

	if (gpa + len < gpa)
		return false;
	for (; len; gpa += part, len -= part) {
		part = len;
		if (!axvm_memory_at(cell, gpa, &part))
			return false;
	}
	return true;
}

/* The piece with the lowest GPA that is not below an address. */
static const struct axvm_memory *piece_from(struct axvm_cell *cell, u64 gpa)
{
	const struct axvm_memory *mem, *found = NULL;

	list_for_each_entry(mem, &cell->memory, node)
		if (mem->gpa >= gpa && (!found || mem->gpa < found->gpa))
			found = mem;
	return found;
}

bool axvm_memory_next(struct axvm_cell *cell, struct axvm_memory_run *run, bool host)
{
	const struct axvm_memory *mem = piece_from(cell, run->gpa + run->size);

	if (!mem)
		return false;
	*run = (struct axvm_memory_run) {
		.gpa = mem->gpa, .hpa = mem->hpa, .type = mem->type, .flags = mem->flags,
	};
	while (mem && mem->gpa == run->gpa + run->size && mem->type == run->type &&
	       mem->flags == run->flags && (!host || mem->hpa == run->hpa + run->size)) {
		run->size += mem->size;
		mem = piece_from(cell, mem->gpa + 1);
	}
	return true;
}

void axvm_memory_zero_all(struct axvm_cell *cell)
{
	struct axvm_memory *mem;

	list_for_each_entry(mem, &cell->memory, node)
		clear_piece(mem);
}

unsigned int axvm_ram_add(struct core_ram *ram, unsigned int nr, unsigned int max,
			  u64 gpa, u64 size, u32 flags)
{
	unsigned int at = 0;
	bool joins_prev, joins_next;

	while (at < nr && ram[at].gpa < gpa)
		at++;
	joins_prev = at > 0 && ram[at - 1].gpa + ram[at - 1].size == gpa &&
		     ram[at - 1].flags == flags;
	joins_next = at < nr && gpa + size == ram[at].gpa && ram[at].flags == flags;

	if (joins_prev && joins_next) {
		ram[at - 1].size += size + ram[at].size;
		memmove(&ram[at], &ram[at + 1], (nr - at - 1) * sizeof(*ram));
		return nr - 1;
	}
	if (joins_prev) {
		ram[at - 1].size += size;
		return nr;
	}
	if (joins_next) {
		ram[at].gpa = gpa;
		ram[at].size += size;
		return nr;
	}
	if (nr == max)
		return max + 1;
	memmove(&ram[at + 1], &ram[at], (nr - at) * sizeof(*ram));
	ram[at] = (struct core_ram){ .gpa = gpa, .size = size, .flags = flags };
	return nr + 1;
}

int axvm_memory_fill_ram(struct axvm_cell *cell, struct core_tables *tables)
{
	struct axvm_memory *mem;
	unsigned int nr = 0;

	list_for_each_entry(mem, &cell->memory, node) {
		if (!mem->mapped)
			continue;
		nr = axvm_ram_add(tables->ram, nr, CORE_MAX_RAM, mem->gpa, mem->size, mem->flags);
		if (nr > CORE_MAX_RAM)
			return -ENOSPC;
	}
	tables->nr_ram = nr;
	return 0;
}
