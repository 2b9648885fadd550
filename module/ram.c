// SPDX-License-Identifier: GPL-2.0
/*
 * Guest memory of a cell that exists: more of it, less of it, elsewhere. All
 * that can be refused is refused before anything changes; what fails on the way
 * is undone. A range need not be what was mapped at once: pieces are split.
 */
#include <linux/mm.h>

#include "arch.h"
#include "cell.h"
#include "iommu.h"
#include "live.h"
#include "log.h"
#include "names.h"
#include "passthrough.h"
#include "ram.h"

static unsigned int pt_flags(u32 flags)
{
	return (flags & AXVM_MEMORY_FLAG_READ ? AXVM_PT_READ : 0) |
	       (flags & AXVM_MEMORY_FLAG_WRITE ? AXVM_PT_WRITE : 0) |
	       (flags & AXVM_MEMORY_FLAG_EXEC ? AXVM_PT_EXEC : 0);
}

int axvm_ram_give(struct axvm_memory *mem, struct axvm_error *err)
{
	struct axvm_cell *cell = mem->cell;
	int ret;

	/* While it is being created its start does that. */
	if (cell->state != AXVM_STATE_LOADING && !mem->mapped)
		axvm_arch_memory_clean(mem->va, mem->size);
	ret = axvm_pgtable_map(&cell->stage2, mem->gpa, mem->hpa, mem->size,
			       pt_flags(mem->flags));
	if (ret)
		return ret;
	ret = axvm_window_map(cell, mem->gpa, mem->hpa, mem->size);
	if (!ret)
		ret = axvm_iommu_map(cell, mem->gpa, mem->hpa, mem->size, mem->flags, err);
	if (ret)
		return axvm_stage2_unmap_live(cell, mem->gpa, mem->size, err) ?: ret;
	mem->mapped = true;
	return 0;
}

int axvm_ram_take(struct axvm_cell *cell, u64 gpa, u64 size, bool flip, struct axvm_error *err)
{
	int ret = flip ? axvm_stage2_change_live(cell, gpa, size, 0, err) :
			 axvm_stage2_unmap_live(cell, gpa, size, err);

	if (!ret)
		axvm_iommu_unmap(cell, gpa, size);
	return ret;
}

/* What was asked for. */

static int check_range(u64 gpa, u64 size, const char *what, struct axvm_error *err)
{
	u64 limit = 1ULL << axvm_arch_stage2.va_bits;

	if (!size || !PAGE_ALIGNED(gpa | size))
		return axvm_fail(err, -EINVAL,
				 "%s: GPA 0x%llx, size 0x%llx: both must be multiples of the page size 0x%lx, and the size not 0",
				 what, gpa, size, PAGE_SIZE);
	if (gpa >= limit || size > limit - gpa)
		return axvm_fail(err, -ERANGE,
				 "%s: 0x%llx bytes at GPA 0x%llx go beyond the guest's last address 0x%llx",
				 what, size, gpa, limit - 1);
	return 0;
}

static int check_flags(u32 flags, struct axvm_error *err)
{
	if (!(flags & AXVM_MEMORY_FLAG_READ))
		return axvm_fail(err, -EINVAL,
				 "flags 0x%x lack read, no machine maps such memory: add it", flags);
	return 0;
}

/* Memory would hide a device that the core emulates, whose accesses must fault. */
static int check_devices(struct axvm_cell *cell, u64 gpa, u64 size, struct axvm_error *err)
{
	const struct core_tables *tables = &cell->core->tables[cell->table];
	unsigned int i, nr = min_t(u32, READ_ONCE(tables->nr_devices), CORE_MAX_DEVICES);

	for (i = 0; i < nr; i++) {
		const struct core_device *dev = &tables->device[i];
		u64 base = READ_ONCE(dev->base);

		if (READ_ONCE(dev->space) != CORE_SPACE_MMIO || base >= gpa + size ||
		    gpa >= base + READ_ONCE(dev->size))
			continue;
		return axvm_fail(err, -EEXIST,
				 "GPA 0x%llx, 0x%llx bytes: the cell has a device at 0x%llx; choose another GPA",
				 gpa, size, base);
	}
	return axvm_arch_ram_ok(gpa, size, err);
}

static int check_free(struct axvm_cell *cell, u64 gpa, u64 size, struct axvm_error *err)
{
	u64 at;

	if (axvm_pgtable_first(&cell->stage2, gpa, size, &at))
		return axvm_fail(err, -EEXIST,
				 "GPA 0x%llx, 0x%llx bytes: 0x%llx is mapped already; choose another GPA or unmap that first",
				 gpa, size, at);
	return check_devices(cell, gpa, size, err);
}

static int check_is_ram(struct axvm_cell *cell, u64 gpa, u64 size, struct axvm_error *err)
{
	u64 at, part;

	for (at = gpa; at < gpa + size; at += part) {
		part = gpa + size - at;
		if (!axvm_memory_at(cell, at, &part))
			return axvm_fail(err, -ENOENT,
					 "GPA 0x%llx, 0x%llx bytes: there is no memory of the cell at 0x%llx; \"axvmctl mem list\" shows what there is",
					 gpa, size, at);
	}
	return 0;
}

static bool overlaps(u64 a, u64 a_size, u64 b, u64 b_size)
{
	return a < b + b_size && b < a + a_size;
}

/* A reset loads the images where they were, and starts where it did. */
static int check_not_needed(struct axvm_cell *cell, u64 gpa, u64 size, struct axvm_error *err)
{
	const struct axvm_config *cfg = cell->cfg;
	unsigned int i;

	for (i = 0; i < cfg->nr_images; i++) {
		const struct axvm_config_image *image = &cfg->image[i];

		if (overlaps(gpa, size, image->gpa, image->size))
			return axvm_fail(err, -EBUSY,
					 "GPA 0x%llx, 0x%llx bytes: a reset loads image \"%.80s\" to 0x%llx, 0x%llx bytes: leave that out",
					 gpa, size, image->name, image->gpa, image->size);
	}
	if (overlaps(gpa, size, cfg->boot.entry, 1) ||
	    (cfg->boot.table && overlaps(gpa, size, cfg->boot.table, PAGE_SIZE)))
		return axvm_fail(err, -EBUSY,
				 "GPA 0x%llx, 0x%llx bytes: a reset starts the guest there, entry 0x%llx: leave that out",
				 gpa, size, cfg->boot.entry);
	return 0;
}

/* A cell that failed because of the change, or during it: the user shall hear of it. */
static int finish(struct axvm_cell *cell, u32 before, int ret, struct axvm_error *err)
{
	if (!ret && before == AXVM_STATE_RUNNING && cell->state == AXVM_STATE_FAILED)
		ret = axvm_fail(err, -ETIMEDOUT, "cell \"%s\" failed meanwhile", cell->cfg->name);
	mutex_unlock(&cell->lock);
	return ret;
}

/* More. */

static int map(struct axvm_cell *cell, const struct axvm_config_memory *cfg,
	       struct axvm_error *err)
{
	struct list_head *before = cell->memory.prev;
	int ret = check_range(cfg->gpa, cfg->size, "map", err);

	ret = ret ?: check_flags(cfg->flags, err);
	ret = ret ?: check_free(cell, cfg->gpa, cfg->size, err);
	ret = ret ?: axvm_memory_claim(cell, cfg, NULL, err);
	if (ret)
		return ret;
	ret = axvm_cell_publish(cell, err);
	if (ret) {
		axvm_memory_release_after(cell, before);
		return ret;
	}
	axvm_log(cell, "memory mapped: GPA 0x%llx, 0x%llx bytes, %s", cfg->gpa, cfg->size,
		 axvm_memory_type_names[cfg->type]);
	return axvm_stage2_merge_live(cell, cfg->gpa, cfg->size, err);
}

int axvm_ram_map(struct axvm_cell *cell, const struct axvm_config_memory *cfg,
		 struct axvm_error *err)
{
	int ret = axvm_cell_lock_live(cell, err);
	u32 before;

	if (ret)
		return ret;
	before = cell->state;
	return finish(cell, before, map(cell, cfg, err), err);
}

/* Less. */

static int split_borders(struct axvm_cell *cell, u64 gpa, u64 size, struct axvm_error *err)
{
	int ret = axvm_memory_split(cell, gpa, err);

	return ret ?: axvm_memory_split(cell, gpa + size, err);
}

static bool inside(const struct axvm_memory *mem, u64 gpa, u64 size)
{
	return mem->gpa >= gpa && mem->gpa - gpa < size;
}

static void mark_mapped(struct axvm_cell *cell, u64 gpa, u64 size, bool mapped)
{
	struct axvm_memory *mem;

	list_for_each_entry(mem, &cell->memory, node)
		if (inside(mem, gpa, size))
			mem->mapped = mapped;
}

static void release_range(struct axvm_cell *cell, u64 gpa, u64 size)
{
	struct axvm_memory *mem, *next;

	list_for_each_entry_safe(mem, next, &cell->memory, node)
		if (inside(mem, gpa, size))
			axvm_release(&mem->claim);
}

static int unmap(struct axvm_cell *cell, u64 gpa, u64 size, struct axvm_error *err)
{
	int ret = check_range(gpa, size, "unmap", err);

	ret = ret ?: check_is_ram(cell, gpa, size, err);
	ret = ret ?: check_not_needed(cell, gpa, size, err);
	ret = ret ?: split_borders(cell, gpa, size, err);
	if (ret)
		return ret;
	/* What is not mapped is not in the tables. */
	mark_mapped(cell, gpa, size, false);
	ret = axvm_tables_fill(cell, err);
	ret = ret ?: axvm_ram_take(cell, gpa, size, true, err);
	if (ret) {
		mark_mapped(cell, gpa, size, true);
		return ret;
	}
	release_range(cell, gpa, size);
	axvm_log(cell, "memory unmapped: GPA 0x%llx, 0x%llx bytes", gpa, size);
	return 0;
}

int axvm_ram_unmap(struct axvm_cell *cell, u64 gpa, u64 size, struct axvm_error *err)
{
	int ret = axvm_cell_lock_live(cell, err);
	u32 before;

	if (ret)
		return ret;
	before = cell->state;
	return finish(cell, before, unmap(cell, gpa, size, err), err);
}

/* Elsewhere, or otherwise. */

static void set_flags(struct axvm_cell *cell, u64 gpa, u64 size, u32 flags)
{
	struct axvm_memory *mem;

	list_for_each_entry(mem, &cell->memory, node)
		if (inside(mem, gpa, size))
			mem->flags = flags;
}

/* A range whose flags are all the same: so they can be put back. */
static int change_flags(struct axvm_cell *cell, u64 gpa, u64 size, u32 old, u32 flags,
			struct axvm_error *err)
{
	int ret;

	set_flags(cell, gpa, size, flags);
	ret = axvm_tables_fill(cell, err);
	ret = ret ?: axvm_stage2_change_live(cell, gpa, size, pt_flags(flags), err);
	if (!ret)
		axvm_iommu_change(cell, gpa, size);
	if (ret && ret != -EIO)
		set_flags(cell, gpa, size, old);
	return ret;
}

static void shift(struct axvm_cell *cell, u64 gpa, u64 size, u64 by)
{
	struct axvm_memory *mem;

	list_for_each_entry(mem, &cell->memory, node)
		if (inside(mem, gpa, size))
			mem->gpa += by;
}

static int map_again(struct axvm_cell *cell, u64 gpa, u64 size, struct axvm_error *err)
{
	struct axvm_memory *mem;
	int ret;

	list_for_each_entry(mem, &cell->memory, node) {
		ret = inside(mem, gpa, size) ? axvm_ram_give(mem, err) : 0;
		if (ret == -ENOMEM)
			axvm_fail(err, ret, "GPA 0x%llx, 0x%llx bytes: no memory for the tables that map it",
				  gpa, size);
		if (ret)
			return ret;
	}
	return 0;
}

/* Both places are mapped for a moment in which no vCPU runs. */
static int move(struct axvm_cell *cell, u64 gpa, u64 size, u64 to, struct axvm_error *err)
{
	int ret = axvm_cell_hold(cell, err), late;

	shift(cell, gpa, size, to - gpa);
	ret = ret ?: axvm_tables_fill(cell, err);
	ret = ret ?: map_again(cell, to, size, err);
	ret = ret ?: axvm_ram_take(cell, gpa, size, true, err);
	if (ret && ret != -EIO) {
		/* Of nothing but whole pages just made: only a lost CPU can keep it from working. */
		late = axvm_ram_take(cell, to, size, false, err);
		WARN_ON(late && late != -EIO);
		shift(cell, to, size, gpa - to);
	}
	late = axvm_cell_release(cell, err);
	return ret ?: late;
}

static int check_move(struct axvm_cell *cell, const struct axvm_remap *how, struct axvm_error *err)
{
	const struct axvm_memory *mem;
	int ret = check_range(how->to, how->size, "remap", err);

	if (ret)
		return ret;
	if (overlaps(how->gpa, how->size, how->to, how->size))
		return axvm_fail(err, -EINVAL,
				 "GPA 0x%llx, 0x%llx bytes: the new place 0x%llx overlaps the old one; move it in two steps",
				 how->gpa, how->size, how->to);
	list_for_each_entry(mem, &cell->memory, node) {
		if (mem->type == AXVM_MEMORY_TYPE_IDENTICAL &&
		    overlaps(mem->gpa, mem->size, how->gpa, how->size))
			return axvm_fail(err, -EINVAL,
					 "GPA 0x%llx, 0x%llx bytes: memory at 0x%llx is identical, its GPA is its HPA: unmap it and map other memory",
					 how->gpa, how->size, mem->gpa);
	}
	ret = check_free(cell, how->to, how->size, err);
	return ret ?: check_not_needed(cell, how->gpa, how->size, err);
}

/* The flags of a range, 0 if they are not the same everywhere. */
static u32 flags_of(struct axvm_cell *cell, u64 gpa, u64 size)
{
	const struct axvm_memory *mem;
	u32 flags = 0;

	list_for_each_entry(mem, &cell->memory, node) {
		if (!overlaps(mem->gpa, mem->size, gpa, size))
			continue;
		if (flags && mem->flags != flags)
			return 0;
		flags = mem->flags;
	}
	return flags;
}

static int check_new_flags(struct axvm_cell *cell, const struct axvm_remap *how,
			   struct axvm_error *err)
{
	int ret = check_flags(how->flags, err);

	if (ret)
		return ret;
	if (!(how->flags & AXVM_MEMORY_FLAG_EXEC) &&
	    overlaps(how->gpa, how->size, cell->cfg->boot.entry, 1))
		return axvm_fail(err, -EBUSY,
				 "GPA 0x%llx, 0x%llx bytes: a reset starts the guest at 0x%llx, which needs the exec flag: leave that page out",
				 how->gpa, how->size, cell->cfg->boot.entry);
	if (!flags_of(cell, how->gpa, how->size))
		return axvm_fail(err, -EINVAL,
				 "GPA 0x%llx, 0x%llx bytes: different flags now; change one range of the same flags after the other",
				 how->gpa, how->size);
	return 0;
}

static int remap(struct axvm_cell *cell, const struct axvm_remap *how, struct axvm_error *err)
{
	bool moves = how->to != how->gpa;
	u32 old;
	int ret = check_range(how->gpa, how->size, "remap", err);

	if (!ret && !moves && !how->flags)
		ret = axvm_fail(err, -EINVAL, "remap: neither another GPA nor other flags are given");
	ret = ret ?: check_is_ram(cell, how->gpa, how->size, err);
	if (!ret && how->flags)
		ret = check_new_flags(cell, how, err);
	if (!ret && moves)
		ret = check_move(cell, how, err);
	ret = ret ?: split_borders(cell, how->gpa, how->size, err);
	if (ret)
		return ret;
	old = flags_of(cell, how->gpa, how->size);
	if (how->flags)
		ret = change_flags(cell, how->gpa, how->size, old, how->flags, err);
	if (!ret && moves)
		ret = move(cell, how->gpa, how->size, how->to, err);
	if (ret && ret != -EIO && how->flags && moves)
		change_flags(cell, how->gpa, how->size, how->flags, old, err);
	if (ret)
		return ret;
	axvm_log(cell, "memory remapped: GPA 0x%llx, 0x%llx bytes, now at 0x%llx, flags 0x%x",
		 how->gpa, how->size, how->to, how->flags ?: old);
	return axvm_stage2_merge_live(cell, how->to, how->size, err);
}

int axvm_ram_remap(struct axvm_cell *cell, const struct axvm_remap *how, struct axvm_error *err)
{
	int ret = axvm_cell_lock_live(cell, err);
	u32 before;

	if (ret)
		return ret;
	before = cell->state;
	return finish(cell, before, remap(cell, how, err), err);
}
