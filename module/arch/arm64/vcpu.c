// SPDX-License-Identifier: GPL-2.0
/* The block and the address space that a taken CPU's core finds ready. */
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include <asm/cpufeature.h>
#include <asm/sysreg.h>

#include "../../ivc/ivc.h"
#include "arch.h"
#include "arm.h"

#define WINDOW_SLOT	(CORE_GUEST_VA >> 39)
#define WINDOW_SLOTS	(CORE_GUEST_END >> 39)

#define HCR	(ARM_HCR_VM | ARM_HCR_SWIO | ARM_HCR_FMO | ARM_HCR_IMO | ARM_HCR_AMO | \
		 ARM_HCR_TID3 | ARM_HCR_TSC | ARM_HCR_TIDCP | ARM_HCR_TACR | ARM_HCR_RW | \
		 ARM_HCR_TLOR | ARM_HCR_TERR | ARM_HCR_TEA)

static unsigned int field(u64 reg, unsigned int shift)
{
	return reg >> shift & 0xf;
}

/* Registers that the core must set exist only with these: D19.2. */
static u32 features(void)
{
	u64 isar1 = read_sanitised_ftr_reg(SYS_ID_AA64ISAR1_EL1);
	u64 isar2 = read_sanitised_ftr_reg(SYS_ID_AA64ISAR2_EL1);
	u64 mmfr0 = read_sanitised_ftr_reg(SYS_ID_AA64MMFR0_EL1);
	u64 mmfr1 = read_sanitised_ftr_reg(SYS_ID_AA64MMFR1_EL1);
	u64 pfr0 = read_sanitised_ftr_reg(SYS_ID_AA64PFR0_EL1);
	u32 bits = 0;

	/* APA, API, GPA, GPI; APA3, GPA3 */
	if ((isar1 & 0xff000ff0) || (isar2 & 0xff00))
		bits |= CORE_ARM_PAUTH;
	if (field(mmfr0, 56))
		bits |= CORE_ARM_FGT;
	if (field(mmfr1, 40))
		bits |= CORE_ARM_HCX;
	if (field(mmfr1, 20))
		bits |= CORE_ARM_PAN;
	if (field(pfr0, 40))
		bits |= CORE_ARM_MPAM;
	return bits;
}

static void fill_block(const struct axvm_cpu *acpu, struct core_cpu *block)
{
	const struct arm_cell *acell = acpu->cell->arch;
	struct core_cell *cell = (struct core_cell *)CORE_CELL_VA;	/* only for offsets */

	block->entry.mair = ARM_MAIR;
	block->entry.tcr = axvm_arm_tcr();
	block->entry.ttbr = axvm_pgtable_root(&acpu->map);
	block->entry.sctlr = ARM_SCTLR_EL2;
	block->entry.virtual_entry = axvm_core_header()->virtual_entry;
	block->index = acpu->index;
	block->self = &cell->vcpu[acpu->index];
	block->trace = &cell->trace[acpu->index];
	block->redist = &cell->arch.gic.redist[acpu->index];
	block->features = features();
	block->hcr = HCR;
	if (acpu->cell->cfg->irq_mode == AXVM_IRQ_MODE_PASSTHROUGH)
		block->hcr &= ~ARM_HCR_IMO;
	if (block->features & CORE_ARM_PAUTH)
		block->hcr |= ARM_HCR_APK | ARM_HCR_API;
	block->midr = read_cpuid_id();
	block->vtcr = axvm_arm_vtcr();
	block->vttbr = axvm_pgtable_root(&acpu->cell->stage2) |
		       (u64)acell->vmid << ARM_VTTBR_VMID_SHIFT;
	block->maintenance = axvm_arm_gic.maintenance;
}

/* The guest window: the cell's tables below our own root. */
static void map_window(struct axvm_cpu *acpu)
{
	const u64 *window = axvm_arch_window(acpu->cell)->root;
	unsigned int i;

	for (i = WINDOW_SLOT; i < WINDOW_SLOT + WINDOW_SLOTS; i++)
		WRITE_ONCE(acpu->map.root[i], window[i]);
}

void axvm_arch_window_refresh(struct axvm_cell *cell)
{
	unsigned int i;

	for (i = 0; i < cell->nr_cpus; i++)
		if (cell->cpu[i].map.root)
			map_window(&cell->cpu[i]);
}

static int map_gic(struct axvm_cpu *acpu)
{
	u64 redist = axvm_gic_redistributor(acpu->hw_id);
	int ret;

	if (!redist)
		return -ENODEV;
	ret = axvm_pgtable_map(&acpu->map, CORE_GICR_VA, redist, 2 * ARM_GICR_SGI,
			       AXVM_PT_READ | AXVM_PT_WRITE | AXVM_PT_DEVICE);
	if (ret)
		return ret;
	ret = axvm_pgtable_map(&acpu->map, CORE_GICD_VA, axvm_arm_gic.dist_pa, PAGE_SIZE,
			       AXVM_PT_READ | AXVM_PT_WRITE | AXVM_PT_DEVICE);
	if (ret)
		return ret;
	return axvm_pgtable_map(&acpu->map, CORE_GICD_VA + ARM_GICD_IROUTER,
				axvm_arm_gic.dist_pa + ARM_GICD_IROUTER, ARM_GICD_IROUTER_SIZE,
				AXVM_PT_READ | AXVM_PT_WRITE | AXVM_PT_DEVICE);
}

static int map_all(struct axvm_cpu *acpu, struct arm_cpu *arm)
{
	int ret;

	ret = axvm_pgtable_init(&acpu->map, &axvm_arch_core_map);
	if (ret)
		return ret;
	ret = axvm_core_map(&acpu->map);
	if (ret)
		return ret;
	/* The entry turns the MMU on under its own feet. */
	ret = axvm_pgtable_map(&acpu->map, axvm_core_pa(0), axvm_core_pa(0), PAGE_SIZE,
			       AXVM_PT_READ | AXVM_PT_EXEC);
	if (ret)
		return ret;
	ret = axvm_map_vmalloc(&acpu->map, CORE_CPU_VA, arm->block, sizeof(*arm->block),
			       AXVM_PT_READ | AXVM_PT_WRITE);
	if (ret)
		return ret;
	ret = axvm_map_vmalloc(&acpu->map, CORE_STACK_VA, arm->stack, CORE_STACK_SIZE,
			       AXVM_PT_READ | AXVM_PT_WRITE);
	if (ret)
		return ret;
	ret = axvm_map_vmalloc(&acpu->map, CORE_IVC_VA, axvm_ivc_bells, sizeof(*axvm_ivc_bells),
			       AXVM_PT_READ | AXVM_PT_WRITE);
	if (ret)
		return ret;
	ret = axvm_map_vmalloc(&acpu->map, CORE_CELL_VA, acpu->cell->core,
			       sizeof(*acpu->cell->core), AXVM_PT_READ | AXVM_PT_WRITE);
	if (ret)
		return ret;
	ret = map_gic(acpu);
	if (!ret)
		map_window(acpu);
	return ret;
}

int axvm_arch_cpu_init(struct axvm_cpu *acpu, struct axvm_error *err)
{
	struct arm_cpu *arm;
	int ret;

	ret = axvm_core_get(err);
	if (ret)
		return ret;
	ret = -ENOMEM;
	arm = kzalloc(sizeof(*arm), GFP_KERNEL);
	if (!arm)
		goto put_image;
	acpu->arch = arm;
	arm->block = vzalloc(sizeof(*arm->block));
	arm->stack = vzalloc(CORE_STACK_SIZE);
	if (!arm->block || !arm->stack)
		goto fail;
	ret = map_all(acpu, arm);
	if (ret)
		goto fail;
	fill_block(acpu, arm->block);
	return 0;
fail:
	axvm_arch_cpu_exit(acpu);
	return axvm_fail(err, ret,
			 "CPU %d: the core's own tables cannot be made (error %d); free some memory",
			 acpu->cpu, ret);
put_image:
	axvm_core_put();
	return axvm_fail(err, ret, "CPU %d: no memory for its record; free some", acpu->cpu);
}

void axvm_arch_cpu_exit(struct axvm_cpu *acpu)
{
	struct arm_cpu *arm = acpu->arch;

	if (!arm)
		return;
	acpu->arch = NULL;
	if (arm->lost)		/* it may still run the core, on these tables: keep them for ever */
		return;
	axvm_pgtable_destroy(&acpu->map);
	vfree(arm->stack);
	vfree(arm->block);
	kfree(arm);
	axvm_core_put();
}
