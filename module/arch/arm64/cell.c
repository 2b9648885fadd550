// SPDX-License-Identifier: GPL-2.0
/* What all vCPUs of an arm64 cell share: the VMID, and the power-on state of GIC and PSCI. */
#include <linux/idr.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "../../../uapi/axvm_guest.h"
#include "../../live.h"
#include "../../memory.h"
#include "arch.h"
#include "arm.h"

#define VMID_FIRST	1	/* Linux's own translations at EL1 are 0 */
#define VMID_LAST	255	/* 8 bits is what every CPU has */

/*
 * KVM gives out the same numbers on Linux's CPUs. A TLB holds those of its own
 * CPU, so they do not meet.
 */
static DEFINE_IDA(vmids);

static int map_window(struct axvm_cell *cell, struct axvm_pgtable *window)
{
	const struct axvm_memory *mem;
	int ret = axvm_pgtable_init(window, &axvm_arch_core_map);

	list_for_each_entry(mem, &cell->memory, node)
		ret = ret ?: axvm_window_map(cell, mem->gpa, mem->hpa, mem->size);
	return ret;
}

struct axvm_pgtable *axvm_arch_window(struct axvm_cell *cell)
{
	struct arm_cell *acell = cell->arch;

	return acell && acell->window.root ? &acell->window : NULL;
}

int axvm_arch_cell_init(struct axvm_cell *cell, struct axvm_error *err)
{
	struct arm_cell *acell = kzalloc(sizeof(*acell), GFP_KERNEL);
	int ret;

	if (!acell)
		return axvm_fail(err, -ENOMEM, "no memory for the cell's record; free some");
	acell->vmid = ida_alloc_range(&vmids, VMID_FIRST, VMID_LAST, GFP_KERNEL);
	if (acell->vmid < 0) {
		kfree(acell);
		return axvm_fail(err, -ENOSPC, "all %u VMIDs are in use; destroy a cell",
				 VMID_LAST);
	}
	cell->arch = acell;
	ret = map_window(cell, &acell->window);
	if (ret) {
		axvm_arch_cell_exit(cell);
		return axvm_fail(err, ret, "the cores' view of guest memory cannot be made (error %d); free some memory",
				 ret);
	}
	axvm_arch_cell_reset(cell);
	return 0;
}

void axvm_arch_open_ports(struct axvm_cell *cell, u64 base, u64 size, bool open)
{
}

void axvm_arch_cell_exit(struct axvm_cell *cell)
{
	struct arm_cell *acell = cell->arch;

	if (!acell)
		return;
	cell->arch = NULL;
	if (cell->lost)		/* a core may still run on these tables: keep them for ever */
		return;
	axvm_pgtable_destroy(&acell->window);
	ida_free(&vmids, acell->vmid);
	kfree(acell);
}

void axvm_arch_cell_reset(struct axvm_cell *cell)
{
	struct core_arch_cell *arch = &cell->core->arch;
	unsigned int i;

	memset(arch, 0, sizeof(*arch));
	/* Group 1, as firmware would leave them; SGIs are edges. */
	for (i = 0; i < ARRAY_SIZE(arch->gic.word); i++)
		arch->gic.word[i].group = ~0U;
	for (i = 0; i < CORE_MAX_VCPUS; i++) {
		arch->gic.redist[i].word.group = ~0U;
		arch->gic.redist[i].word.edge = 0xffff;
		arch->gic.redist[i].waker = ARM_GICR_WAKER_SLEEP | ARM_GICR_WAKER_ASLEEP;
		arch->start[i].power = CORE_POWER_OFF;
	}
}

/* Past any memory that is likely, where a 39-bit map of the guest still reaches it. */
bool axvm_arch_ivc_window(unsigned int n, u64 *start, u64 *end)
{
	unsigned int bits = axvm_arch_stage2.va_bits;

	*start = 1ULL << min(bits - 1, 37U);
	*end = 1ULL << bits;
	return !n;
}

void axvm_arch_ivc_lines(u32 *first, u32 *last, u32 *usual)
{
	*first = 32;
	*last = 95;
	*usual = AXVM_IVC_LINE_ARM64;
}
