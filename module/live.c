// SPDX-License-Identifier: GPL-2.0
/*
 * Changing the stage-2 tables of a cell that may be running. Additions are
 * made as they are: no CPU remembers that something was not mapped. For all
 * else the vCPUs are held between two exits, what changes is taken away, each
 * CPU forgets all translations and says so, the rest is put back, and the vCPUs
 * go on. So no CPU ever has two answers for one address, nor an old one.
 */
#include "arch.h"
#include "cell.h"
#include "live.h"
#include "vcpu.h"

/* A core did not answer. All are reset now, unless one cannot be. */
static int lose(struct axvm_cell *cell, struct axvm_error *err)
{
	axvm_cell_lose(cell, err);
	if (!cell->lost)
		return 0;
	return axvm_fail(err, -EIO, "cell \"%s\" has a CPU that cannot be stopped: what it uses stays its own until the machine is reset",
			 cell->cfg->name);
}

int axvm_cell_sync(struct axvm_cell *cell, struct axvm_error *err)
{
	mb();	/* tables before the question, for other CPUs' table walkers too */
	return axvm_vcpu_sync_all(cell, err) ? lose(cell, err) : 0;
}

int axvm_cell_hold(struct axvm_cell *cell, struct axvm_error *err)
{
	if (cell->holds++ || cell->state != AXVM_STATE_RUNNING)
		return 0;
	return axvm_vcpu_pause_all(cell, err) ? lose(cell, err) : 0;
}

int axvm_cell_release(struct axvm_cell *cell, struct axvm_error *err)
{
	if (--cell->holds || cell->state != AXVM_STATE_RUNNING)
		return 0;
	return axvm_vcpu_run_all(cell, err) ? lose(cell, err) : 0;
}

int axvm_cell_publish(struct axvm_cell *cell, struct axvm_error *err)
{
	int ret = axvm_tables_fill(cell, err);

	if (ret)
		return ret;
	axvm_tables_flip(cell);
	return axvm_cell_sync(cell, err);
}

/* How much of a range the core's window shows, if it has tables of its own. */
static struct axvm_pgtable *window_at(struct axvm_cell *cell, u64 gpa, u64 *size)
{
	if (gpa >= CORE_GUEST_END)
		return NULL;
	*size = min_t(u64, *size, CORE_GUEST_END - gpa);
	return axvm_arch_window(cell);
}

int axvm_window_map(struct axvm_cell *cell, u64 gpa, u64 hpa, u64 size)
{
	struct axvm_pgtable *window = window_at(cell, gpa, &size);
	int ret = 0;

	if (window)
		ret = axvm_pgtable_map(window, CORE_GUEST_VA + gpa, hpa, size,
				       AXVM_PT_READ | AXVM_PT_WRITE);
	axvm_arch_window_refresh(cell);
	return ret;
}

/* Both sets of tables of a change. */
struct change {
	struct axvm_cell *cell;
	u64 gpa, size;
	unsigned int flags;
	struct axvm_pgtable *window;	/* NULL: not concerned */
	u64 window_size;
	struct axvm_pgtable_edit edit, window_edit;
};

static int prepare(struct change *c)
{
	int ret;

	c->window_size = c->size;
	/* The core looks at the flags before it uses its window. */
	c->window = c->flags ? NULL : window_at(c->cell, c->gpa, &c->window_size);
	ret = axvm_pgtable_prepare(&c->cell->stage2, c->gpa, c->size, c->flags, &c->edit);
	if (ret || !c->window)
		return ret;
	ret = axvm_pgtable_prepare(c->window, CORE_GUEST_VA + c->gpa, c->window_size, 0,
				   &c->window_edit);
	if (ret)
		axvm_pgtable_abandon(&c->cell->stage2, &c->edit);
	return ret;
}

static void abandon(struct change *c)
{
	axvm_pgtable_abandon(&c->cell->stage2, &c->edit);
	if (c->window)
		axvm_pgtable_abandon(c->window, &c->window_edit);
}

static void first_half(struct change *c)
{
	axvm_pgtable_break(&c->cell->stage2, c->gpa, c->size, c->flags, &c->edit);
	if (c->window)
		axvm_pgtable_break(c->window, CORE_GUEST_VA + c->gpa, c->window_size, 0,
				   &c->window_edit);
	axvm_arch_window_refresh(c->cell);
}

static void second_half(struct change *c)
{
	axvm_pgtable_finish(&c->cell->stage2, &c->edit);
	if (c->window)
		axvm_pgtable_finish(c->window, &c->window_edit);
	mb();	/* tables before the vCPUs go on */
}

static int run_change(struct change *c, bool flip, struct axvm_error *err)
{
	int ret, late;

	/* Without tables the cell is being taken down: its cores are gone. */
	if (!c->cell->stage2.root)
		return 0;
	ret = prepare(c);
	if (ret)
		return axvm_fail(err, ret, ret == -ENOMEM ?
				 "GPA 0x%llx, 0x%llx bytes: no memory for the tables that splitting large pages needs" :
				 "GPA 0x%llx, 0x%llx bytes: not a range of whole pages that this machine can map",
				 c->gpa, c->size);
	ret = axvm_cell_hold(c->cell, err);
	if (ret) {
		abandon(c);
		goto release;
	}
	if (flip)
		axvm_tables_flip(c->cell);
	first_half(c);
	ret = axvm_cell_sync(c->cell, err);
	if (!ret)
		second_half(c);
release:
	late = axvm_cell_release(c->cell, err);
	return ret ?: late;
}

/* In the stage-2 only: the window's own tables would gain nothing that counts. */
int axvm_stage2_merge_live(struct axvm_cell *cell, u64 gpa, u64 size, struct axvm_error *err)
{
	struct axvm_pgtable_edit edit;
	int ret, late;

	if (!axvm_pgtable_merge(&cell->stage2, gpa, size, NULL))
		return 0;
	ret = axvm_cell_hold(cell, err);
	while (!ret && axvm_pgtable_merge(&cell->stage2, gpa, size, &edit)) {
		ret = axvm_cell_sync(cell, err);
		if (!ret)
			axvm_pgtable_finish(&cell->stage2, &edit);
	}
	mb();	/* tables before the vCPUs go on */
	late = axvm_cell_release(cell, err);
	return ret ?: late;
}

int axvm_stage2_map_live(struct axvm_cell *cell, u64 gpa, u64 hpa, u64 size, unsigned int flags,
			 struct axvm_error *err)
{
	int ret = axvm_pgtable_map(&cell->stage2, gpa, hpa, size, flags);

	if (ret == -EEXIST)
		return axvm_fail(err, ret, "GPA 0x%llx, 0x%llx bytes: something is mapped there already; choose another GPA or unmap it first",
				 gpa, size);
	if (ret)
		return axvm_fail(err, ret, "GPA 0x%llx, 0x%llx bytes of HPA 0x%llx: cannot be mapped, error %d",
				 gpa, size, hpa, ret);
	axvm_arch_window_refresh(cell);
	mb();	/* the tables before anything that tells the guest of it */
	return axvm_stage2_merge_live(cell, gpa, size, err);
}

int axvm_stage2_unmap_live(struct axvm_cell *cell, u64 gpa, u64 size, struct axvm_error *err)
{
	struct change c = { .cell = cell, .gpa = gpa, .size = size };

	return run_change(&c, false, err);
}

int axvm_stage2_change_live(struct axvm_cell *cell, u64 gpa, u64 size, unsigned int flags,
			    struct axvm_error *err)
{
	struct change c = { .cell = cell, .gpa = gpa, .size = size, .flags = flags };

	return run_change(&c, true, err);
}
