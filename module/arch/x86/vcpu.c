// SPDX-License-Identifier: GPL-2.0
/* The block, the address space and the VMCB that a taken CPU's core finds ready. */
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include <asm/apic.h>
#include <asm/cpufeature.h>
#include <asm/msr.h>
#include <asm/processor.h>

#include "../../ivc/ivc.h"
#include "arch.h"
#include "x86.h"

#define WINDOW_SLOT	((CORE_GUEST_VA >> 39) & 511)
#define WINDOW_SLOTS	(CORE_GUEST_END >> 39)
#define PTE_NX		(1ULL << 63)

#define EXCEPTIONS	(1U << X86_VEC_DB | 1U << X86_VEC_AC | 1U << X86_VEC_MC)
#define MISC1	(SVM_MISC1_NMI | SVM_MISC1_RDPMC | SVM_MISC1_CPUID | SVM_MISC1_INVD | \
		 SVM_MISC1_INVLPGA | SVM_MISC1_IOIO | SVM_MISC1_MSR | SVM_MISC1_FERR_FREEZE | \
		 SVM_MISC1_SHUTDOWN)
#define MISC2	(SVM_MISC2_VMRUN | SVM_MISC2_VMMCALL | SVM_MISC2_VMLOAD | SVM_MISC2_VMSAVE | \
		 SVM_MISC2_STGI | SVM_MISC2_CLGI | SVM_MISC2_SKINIT | SVM_MISC2_MONITOR | \
		 SVM_MISC2_MWAIT)

static u64 vmalloc_pa(const void *mem)
{
	return PFN_PHYS(vmalloc_to_pfn(mem));
}

static void fill_vmcb(const struct axvm_cpu *acpu, struct svm_control *control)
{
	const struct x86_cell *xcell = acpu->cell->arch;

	control->intercept_exceptions = EXCEPTIONS;
	control->intercept_misc1 = MISC1;
	control->intercept_misc2 = MISC2;
	if (cpuid_ebx(0x80000008) & BIT(4))	/* RDPRU; the intercept is reserved without it */
		control->intercept_misc2 |= SVM_MISC2_RDPRU;
	control->iopm_base_pa = virt_to_phys(xcell->iopm);
	control->msrpm_base_pa = virt_to_phys(xcell->msrpm);
	control->asid = 1;	/* the only guest that this CPU runs while it is taken */
	control->nested_control = SVM_NESTED_ENABLE;
	control->nested_cr3 = axvm_pgtable_root(&acpu->cell->stage2);
	/* Where physical interrupts are not the guest's, its IF must not let them in. */
	if (acpu->cell->cfg->irq_mode != AXVM_IRQ_MODE_PASSTHROUGH)
		control->v_intr = SVM_V_INTR_MASKING;
	if (acpu->cell->cfg->irq_mode == AXVM_IRQ_MODE_EMULATED)
		control->intercept_misc1 |= SVM_MISC1_INTR | SVM_MISC1_HLT;
}

static void fill_block(const struct axvm_cpu *acpu, struct x86_cpu *xcpu)
{
	struct core_cell *cell = (struct core_cell *)CORE_CELL_VA;	/* only for offsets */
	struct core_cpu *block = xcpu->block;

	fill_vmcb(acpu, &block->vmcb.control);
	block->vmcb_pa = vmalloc_pa(&block->vmcb);
	block->hsave_pa = virt_to_phys(xcpu->hsave);
	block->index = acpu->index;
	block->self = &cell->vcpu[acpu->index];
	block->trace = &cell->trace[acpu->index];
	block->cr4 = X86_CR4_PAE | X86_CR4_MCE | X86_CR4_OSFXSR;
	block->msrpm_pa[0] = block->vmcb.control.msrpm_base_pa;
	block->msrpm_pa[1] = block->msrpm_pa[0] + X86_MSRPM_SIZE;
	block->host_apic_base = x2apic_mode ? X86_APIC_BASE_EXTD : 0;
	if (boot_cpu_has(X86_FEATURE_SMEP))
		block->cr4 |= X86_CR4_SMEP;
	if (boot_cpu_has(X86_FEATURE_NRIPS))
		block->features |= CORE_X86_NRIPS;
	if (cpuid_ebx(0x80000008) & (BIT(14) | BIT(15) | BIT(24)))
		block->features |= CORE_X86_SPEC_CTRL;
	if (boot_cpu_has(X86_FEATURE_XSAVE)) {
		u32 eax, ebx, ecx, edx;

		cpuid_count(0xd, 0, &eax, &ebx, &ecx, &edx);
		block->features |= CORE_X86_XSAVE;
		block->cr4 |= X86_CR4_OSXSAVE;
		block->xcr0 = eax | (u64)edx << 32;
	}
}

/* The guest window: nested page tables below our own root, never executable here. */
static void map_window(struct axvm_cpu *acpu)
{
	unsigned int i;

	for (i = 0; i < WINDOW_SLOTS; i++) {
		u64 entry = acpu->cell->stage2.root[i];

		WRITE_ONCE(acpu->map.root[WINDOW_SLOT + i], entry ? entry | PTE_NX : 0);
	}
}

struct axvm_pgtable *axvm_arch_window(struct axvm_cell *cell)
{
	return NULL;
}

void axvm_arch_window_refresh(struct axvm_cell *cell)
{
	unsigned int i;

	for (i = 0; i < cell->nr_cpus; i++)
		if (cell->cpu[i].map.root)
			map_window(&cell->cpu[i]);
}

static int map_all(struct axvm_cpu *acpu, struct x86_cpu *xcpu)
{
	int ret;

	ret = axvm_pgtable_init(&acpu->map, &axvm_arch_core_map);
	if (ret)
		return ret;
	ret = axvm_core_map(&acpu->map);
	if (ret)
		return ret;
	ret = axvm_map_vmalloc(&acpu->map, CORE_CPU_VA, xcpu->block, sizeof(*xcpu->block),
			       AXVM_PT_READ | AXVM_PT_WRITE);
	if (ret)
		return ret;
	ret = axvm_map_vmalloc(&acpu->map, CORE_STACK_VA, xcpu->stack, CORE_STACK_SIZE,
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
	map_window(acpu);
	return 0;
}

int axvm_arch_cpu_init(struct axvm_cpu *acpu, struct axvm_error *err)
{
	struct x86_cpu *xcpu;
	int ret;

	ret = axvm_core_get(err);
	if (ret)
		return ret;
	ret = -ENOMEM;
	xcpu = kzalloc(sizeof(*xcpu), GFP_KERNEL);
	if (!xcpu)
		goto put_image;
	acpu->arch = xcpu;
	xcpu->block = vzalloc(sizeof(*xcpu->block));
	xcpu->stack = vzalloc(CORE_STACK_SIZE);
	xcpu->hsave = (void *)get_zeroed_page(GFP_KERNEL);
	if (!xcpu->block || !xcpu->stack || !xcpu->hsave)
		goto fail;
	fill_block(acpu, xcpu);
	ret = map_all(acpu, xcpu);
	if (ret)
		goto fail;
	return 0;
fail:
	axvm_arch_cpu_exit(acpu);
	return axvm_fail(err, ret,
			 "CPU %d: no memory for the core's own tables (error %d); free some",
			 acpu->cpu, ret);
put_image:
	axvm_core_put();
	return axvm_fail(err, ret, "CPU %d: no memory for its record; free some", acpu->cpu);
}

void axvm_arch_cpu_exit(struct axvm_cpu *acpu)
{
	struct x86_cpu *xcpu = acpu->arch;

	if (!xcpu)
		return;
	axvm_pgtable_destroy(&acpu->map);
	free_page((unsigned long)xcpu->hsave);
	vfree(xcpu->stack);
	vfree(xcpu->block);
	kfree(xcpu);
	acpu->arch = NULL;
	axvm_core_put();
}
