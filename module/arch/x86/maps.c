// SPDX-License-Identifier: GPL-2.0
/* Page-table entries of stage-2 and of the core's own maps: APM volume 2, 5.3 and 15.25. */
#include <asm/cpufeature.h>
#include <asm/processor.h>

#include "arch.h"

#define PTE_P		(1ULL << 0)
#define PTE_RW		(1ULL << 1)
#define PTE_US		(1ULL << 2)
#define PTE_PWT		(1ULL << 3)
#define PTE_PCD		(1ULL << 4)
#define PTE_A		(1ULL << 5)
#define PTE_D		(1ULL << 6)
#define PTE_PS		(1ULL << 7)
#define PTE_NX		(1ULL << 63)
#define PTE_PA		0x000ffffffffff000ULL

static u64 leaf(unsigned int level, u64 pa, unsigned int flags)
{
	/* A and D are set beforehand: the CPU need not write to these tables, ever. */
	u64 entry = pa | PTE_P | PTE_A | PTE_D;

	if (flags & AXVM_PT_WRITE)
		entry |= PTE_RW;
	if (!(flags & AXVM_PT_EXEC))
		entry |= PTE_NX;
	if (flags & AXVM_PT_DEVICE)
		entry |= PTE_PCD | PTE_PWT;
	if (level)
		entry |= PTE_PS;
	return entry;
}

/* Nested accesses count as user accesses (section 15.25.5). */
static u64 stage2_leaf(unsigned int level, u64 pa, unsigned int flags)
{
	return leaf(level, pa, flags) | PTE_US;
}

static u64 stage2_table(u64 pa)
{
	return pa | PTE_P | PTE_RW | PTE_US | PTE_A;
}

static u64 core_table(u64 pa)
{
	return pa | PTE_P | PTE_RW | PTE_A;
}

static bool is_leaf(unsigned int level, u64 entry)
{
	return level == 0 || (entry & PTE_PS);
}

static u64 entry_pa(u64 entry)
{
	return entry & PTE_PA;
}

static unsigned int entry_flags(unsigned int level, u64 entry)
{
	unsigned int flags = AXVM_PT_READ;

	if (entry & PTE_RW)
		flags |= AXVM_PT_WRITE;
	if (!(entry & PTE_NX))
		flags |= AXVM_PT_EXEC;
	if (entry & PTE_PCD)
		flags |= AXVM_PT_DEVICE;
	return flags;
}

static bool leaf_ok(unsigned int level)
{
	return level < 2 || boot_cpu_has(X86_FEATURE_GBPAGES);
}

static unsigned int pa_bits(void)
{
	return boot_cpu_data.x86_phys_bits;
}

struct axvm_pgtable_format axvm_arch_stage2 = {
	.levels = 4,
	.max_leaf_level = 2,
	.va_bits = 48,
	.leaf_ok = leaf_ok,
	.pa_bits = pa_bits,
	.leaf = stage2_leaf,
	.table = stage2_table,
	.is_leaf = is_leaf,
	.pa = entry_pa,
	.flags = entry_flags,
	.root_gfp = GFP_KERNEL,
	.gfp = GFP_KERNEL,
};

/*
 * CR3 is loaded in 32-bit code: the root lies below 4 GiB. Addresses of the upper half come
 * without their sign extension, as 48-bit numbers.
 */
struct axvm_pgtable_format axvm_arch_core_map = {
	.levels = 4,
	.max_leaf_level = 0,
	.va_bits = 48,
	.pa_bits = pa_bits,
	.leaf = leaf,
	.table = core_table,
	.is_leaf = is_leaf,
	.pa = entry_pa,
	.flags = entry_flags,
	.root_gfp = GFP_KERNEL | GFP_DMA32,
	.gfp = GFP_KERNEL,
};
