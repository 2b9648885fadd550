// SPDX-License-Identifier: GPL-2.0
/* Translation tables, stage 2 of guests and stage 1 of the core at EL2: DDI 0487, D8.3. */
#include <linux/minmax.h>

#include <asm/cpufeature.h>
#include <asm/sysreg.h>

#include "arch.h"
#include "arm.h"

#define PTE_LEAF_BLOCK	1ULL		/* of levels 1 and 2 */
#define PTE_LEAF_PAGE	3ULL
#define PTE_TABLE_ENTRY	3ULL
#define PTE_NOT_BLOCK	2ULL
#define PTE_ATTR_SHIFT	2
#define PTE_AP_RES1	(1ULL << 6)	/* stage 1, one range */
#define PTE_AP_RO	(1ULL << 7)
#define PTE_S2AP_READ	(1ULL << 6)
#define PTE_S2AP_WRITE	(1ULL << 7)
#define PTE_SH_INNER	(3ULL << 8)
#define PTE_ACCESSED	(1ULL << 10)
#define PTE_NO_EXEC	(1ULL << 54)
#define PTE_ADDRESS	0x0000fffffffff000ULL

#define S2_NORMAL_WB	0xfULL
#define S2_DEVICE	0x1ULL		/* nGnRE */
#define S1_DEVICE	1ULL		/* index into ARM_MAIR */

/* A 48-bit address is what these descriptors hold. */
static const u8 pa_bits_of[] = { 32, 36, 40, 42, 44, 48, 48, 48 };

static unsigned int pa_range(void)
{
	unsigned int range = read_sanitised_ftr_reg(SYS_ID_AA64MMFR0_EL1) & 0xf;

	return min(range, 5U);
}

static unsigned int pa_bits(void)
{
	return pa_bits_of[pa_range()];
}

/* A and the dirty state are set beforehand: the CPU need not write to these tables, ever. */
static u64 leaf_common(unsigned int level, u64 pa)
{
	return pa | PTE_ACCESSED | PTE_SH_INNER | (level ? PTE_LEAF_BLOCK : PTE_LEAF_PAGE);
}

static u64 stage2_leaf(unsigned int level, u64 pa, unsigned int flags)
{
	u64 entry = leaf_common(level, pa);

	entry |= (flags & AXVM_PT_DEVICE ? S2_DEVICE : S2_NORMAL_WB) << PTE_ATTR_SHIFT;
	if (flags & AXVM_PT_READ)
		entry |= PTE_S2AP_READ;
	if (flags & AXVM_PT_WRITE)
		entry |= PTE_S2AP_WRITE;
	if (!(flags & AXVM_PT_EXEC))
		entry |= PTE_NO_EXEC;
	return entry;
}

static unsigned int stage2_flags(unsigned int level, u64 entry)
{
	unsigned int flags = 0;

	if (entry & PTE_S2AP_READ)
		flags |= AXVM_PT_READ;
	if (entry & PTE_S2AP_WRITE)
		flags |= AXVM_PT_WRITE;
	if (!(entry & PTE_NO_EXEC))
		flags |= AXVM_PT_EXEC;
	if (((entry >> PTE_ATTR_SHIFT) & 0xf) == S2_DEVICE)
		flags |= AXVM_PT_DEVICE;
	return flags;
}

static u64 core_leaf(unsigned int level, u64 pa, unsigned int flags)
{
	u64 entry = leaf_common(level, pa) | PTE_AP_RES1;

	if (flags & AXVM_PT_DEVICE)
		entry |= S1_DEVICE << PTE_ATTR_SHIFT;
	if (!(flags & AXVM_PT_WRITE))
		entry |= PTE_AP_RO;
	if (!(flags & AXVM_PT_EXEC))
		entry |= PTE_NO_EXEC;
	return entry;
}

static unsigned int core_flags(unsigned int level, u64 entry)
{
	unsigned int flags = AXVM_PT_READ;

	if (!(entry & PTE_AP_RO))
		flags |= AXVM_PT_WRITE;
	if (!(entry & PTE_NO_EXEC))
		flags |= AXVM_PT_EXEC;
	if (((entry >> PTE_ATTR_SHIFT) & 7) == S1_DEVICE)
		flags |= AXVM_PT_DEVICE;
	return flags;
}

static u64 table(u64 pa)
{
	return pa | PTE_TABLE_ENTRY;
}

static bool is_leaf(unsigned int level, u64 entry)
{
	return level == 0 || !(entry & PTE_NOT_BLOCK);
}

static u64 entry_pa(u64 entry)
{
	return entry & PTE_ADDRESS;
}

/* Three levels and the address width are those of most machines until axvm_maps_init(). */
struct axvm_pgtable_format axvm_arch_stage2 = {
	.levels = 3,
	.max_leaf_level = 2,
	.va_bits = 39,
	.pa_bits = pa_bits,
	.leaf = stage2_leaf,
	.table = table,
	.is_leaf = is_leaf,
	.pa = entry_pa,
	.flags = stage2_flags,
	.root_gfp = GFP_KERNEL,
	.gfp = GFP_KERNEL,
};

struct axvm_pgtable_format axvm_arch_core_map = {
	.levels = 4,
	.max_leaf_level = 2,
	.va_bits = 48,
	.pa_bits = pa_bits,
	.leaf = core_leaf,
	.table = table,
	.is_leaf = is_leaf,
	.pa = entry_pa,
	.flags = core_flags,
	.root_gfp = GFP_KERNEL,
	.gfp = GFP_KERNEL,
};

/*
 * Guest addresses are as wide as physical ones (they may not be wider). Up to
 * 43 bits, walks start at level 1, with a root of up to 16 tables; from 44 bits
 * on they may start at level 0 (D8.2.9 and D8.2.10).
 */
void axvm_maps_init(void)
{
	axvm_arch_stage2.va_bits = pa_bits();
	axvm_arch_stage2.levels = pa_bits() >= 44 ? 4 : 3;
}

u64 axvm_arm_tcr(void)
{
	return ARM_TCR | (u64)pa_range() << ARM_TCR_PS_SHIFT;
}

u64 axvm_arm_vtcr(void)
{
	u64 start = axvm_arch_stage2.levels - 2;

	return ARM_VTCR | (u64)pa_range() << ARM_VTCR_PS_SHIFT | start << ARM_VTCR_SL0_SHIFT |
	       (64 - axvm_arch_stage2.va_bits);
}
