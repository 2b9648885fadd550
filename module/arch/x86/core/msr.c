// SPDX-License-Identifier: GPL-2.0
/*
 * Model-specific registers by allow-list. Those that are the guest's own
 * (x2APIC, system calls, segment bases) are open in the permission map that
 * the host half makes, and never come here.
 */
#include "core.h"
#include "vlapic.h"

#define MTRRCAP_WC	(1ULL << 10)	/* no variable and no fixed ranges */
#define MTRRDEF_BITS	0xcffULL
#define HWCR_TSC_FREQ	(1ULL << 24)	/* the TSC counts at the P0 frequency */
#define DE_CFG_LFENCE	(1ULL << 1)	/* LFENCE serialises */
#define EFER_GUEST	(X86_EFER_SCE | X86_EFER_LME | X86_EFER_NXE | X86_EFER_FFXSR)
#define APIC_BASE_BITS	(X86_APIC_BASE_EN | X86_APIC_BASE_EXTD)

static struct core_lapic *lapic(void)
{
	return &core_cell()->arch.lapic[core_index()];
}

static bool has_apic(void)
{
	return core_cell()->irq_mode != AXVM_IRQ_MODE_NONE;
}

/* An emulated one's registers were tried before: intr.c. */
static bool has_physical_apic(void)
{
	return core_cell()->irq_mode == AXVM_IRQ_MODE_PASSTHROUGH;
}

static bool is_x2apic(u32 msr)
{
	return msr >= X86_X2APIC_FIRST && msr <= X86_X2APIC_LAST;
}

static bool read_msr(struct core_cpu *cpu, u32 msr, u64 *value)
{
	switch (msr) {
	case X86_MSR_APIC_BASE:
		*value = lapic()->base;
		return has_apic();
	case X86_MSR_EFER:
		*value = cpu->vmcb.save.efer & ~X86_EFER_SVME;
		return true;
	case X86_MSR_PATCH_LEVEL:
		*value = rdmsr(X86_MSR_PATCH_LEVEL);
		return true;
	case X86_MSR_MTRRCAP:
		*value = MTRRCAP_WC;
		return true;
	case X86_MSR_MTRRDEF:
		*value = cpu->mtrr_def;
		return true;
	case X86_MSR_HWCR:
		*value = HWCR_TSC_FREQ;
		return true;
	case X86_MSR_DE_CFG:
		*value = DE_CFG_LFENCE;
		return true;
	case X86_MSR_DEBUGCTL:
	case X86_MSR_SYSCFG:
	case X86_MSR_NB_CFG:
		*value = 0;
		return true;
	}
	return is_x2apic(msr) && has_physical_apic() && (lapic()->base & X86_APIC_BASE_EXTD) &&
	       core_lapic_read(msr, value);
}

/* APM volume 2, section 3.1.7: reserved bits, and LME while paging, are #GP. */
static bool write_efer(struct core_cpu *cpu, u64 value)
{
	struct svm_save *save = &cpu->vmcb.save;

	if (value & ~(EFER_GUEST | X86_EFER_LMA))
		return false;
	if ((save->cr0 & CORE_CR0_PG) && ((value ^ save->efer) & X86_EFER_LME))
		return false;
	save->efer = (value & EFER_GUEST) | (save->efer & X86_EFER_LMA) | X86_EFER_SVME;
	/* What NXE means for cached translations has changed. */
	cpu->vmcb.control.tlb_control = SVM_TLB_FLUSH_ALL;
	return true;
}

/*
 * The guest moves between disabled, xAPIC and x2APIC as figure 16-26 of the
 * APM allows; the physical APIC stays in x2APIC mode.
 */
static bool write_apic_base(u64 value)
{
	u64 *base = &lapic()->base;
	u64 mode = value & APIC_BASE_BITS;

	if ((value ^ *base) & ~APIC_BASE_BITS)
		return false;	/* it does not move, and the BSP bit is not the guest's */
	if (mode == X86_APIC_BASE_EXTD)
		return false;
	if ((*base & X86_APIC_BASE_EXTD) && mode == X86_APIC_BASE_EN)
		return false;
	if (!(*base & X86_APIC_BASE_EN) && mode == APIC_BASE_BITS)
		return false;
	*base = value;
	if (core_arch_slow() && !(mode & X86_APIC_BASE_EN)) {
		core_lapic_forget();
		core_intr_start(core_cpu());
	}
	return true;
}

static bool write_msr(struct core_cpu *cpu, u32 msr, u64 value)
{
	switch (msr) {
	case X86_MSR_APIC_BASE:
		return has_apic() && write_apic_base(value);
	case X86_MSR_EFER:
		return write_efer(cpu, value);
	case X86_MSR_TSC:
		cpu->vmcb.control.tsc_offset = value - rdtsc();
		return true;
	case X86_MSR_MTRRDEF:
		/* Remembered only: under nested paging the guest's memory types are PAT's. */
		if (value & ~MTRRDEF_BITS)
			return false;
		cpu->mtrr_def = value;
		return true;
	case X86_MSR_DEBUGCTL:	/* settings of the physical machine; they stay as they are */
	case X86_MSR_HWCR:
	case X86_MSR_DE_CFG:
	case X86_MSR_NB_CFG:
	case X86_MSR_PATCH_LEVEL:
		return true;
	}
	return is_x2apic(msr) && has_physical_apic() && (lapic()->base & X86_APIC_BASE_EXTD) &&
	       core_lapic_write(msr, value);
}

static void refuse(struct core_cpu *cpu, enum core_log_type type, u32 msr, u64 value)
{
	/* A guest that probes thousands of registers must not push all else out of the log. */
	if (core_count_refused(msr == X86_X2APIC_ICR ? AXVM_EXIT_IPI : AXVM_EXIT_SYSREG) <
	    CORE_LOG_SIZE / 4)
		core_log(type, msr, value);
	core_x86_inject(cpu, X86_VEC_GP, 0);
}

void core_x86_msr(struct core_cpu *cpu)
{
	u32 msr = cpu->gpr[1];
	u64 value = (u32)cpu->gpr[0] | cpu->gpr[2] << 32;
	bool write = cpu->vmcb.control.exit_info1 & 1;

	if (write ? !write_msr(cpu, msr, value) : !read_msr(cpu, msr, &value)) {
		refuse(cpu, write ? CORE_LOG_SYSREG_WRITE : CORE_LOG_SYSREG_READ, msr,
		       write ? value : 0);
		return;
	}
	core_count(msr == X86_X2APIC_ICR ? AXVM_EXIT_IPI : AXVM_EXIT_SYSREG);
	if (!write) {
		cpu->gpr[0] = (u32)value;
		cpu->gpr[2] = value >> 32;
	}
	core_x86_skip(cpu, 2);
}
