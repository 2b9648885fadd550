// SPDX-License-Identifier: GPL-2.0
/*
 * System registers that trap: ID registers are shown with the features that
 * the core virtualises and no others, a few are emulated, all else does not
 * exist for the guest. Field names and values: DDI 0487, D19.2.
 */
#include "core.h"

/* ID registers' fields that a guest may see. */
#define FIELD(shift)	(0xfULL << (shift))

/* FP, AdvSIMD, GIC, DIT, CSV3; AArch64 only at EL0 and EL1 */
#define PFR0_KEEP	(FIELD(16) | FIELD(20) | FIELD(24) | FIELD(48) | FIELD(60))
#define PFR0_AARCH64	0x11ULL
#define PFR0_CSV2	FIELD(56)
/* BT, SSBS */
#define PFR1_KEEP	(FIELD(0) | FIELD(4))
/* ARMv8.0 debug, two breakpoints, two watchpoints; no PMU, trace, SPE */
#define DFR0_MINIMUM	0x101006ULL
/* All but TME */
#define ISAR0_KEEP	(~FIELD(24))
/* All but LS64 and XS, which HCRX_EL2 keeps from guests */
#define ISAR1_KEEP	(~(FIELD(60) | FIELD(56)))
/* WFxT, RPRES, GPA3, APA3, BC, PAC_frac, CLRBHB, CSSC */
#define ISAR2_KEEP	(FIELD(0) | FIELD(4) | FIELD(8) | FIELD(12) | FIELD(20) | FIELD(24) | \
			 FIELD(28) | FIELD(52))
/* PARange, ASIDBits, BigEnd, BigEndEL0, TGran16, TGran64, TGran4 */
#define MMFR0_KEEP	(FIELD(0) | FIELD(4) | FIELD(8) | FIELD(16) | FIELD(20) | FIELD(24) | \
			 FIELD(28))
/* HAFDBS, VMIDBits, HPDS, PAN, ETS */
#define MMFR1_KEEP	(FIELD(0) | FIELD(4) | FIELD(12) | FIELD(20) | FIELD(36))
/* CnP, UAO, LSM, VARange, CCIDX, ST, AT, IDS, TTL, BBM, E0PD */
#define MMFR2_KEEP	(FIELD(0) | FIELD(4) | FIELD(8) | FIELD(16) | FIELD(20) | FIELD(28) | \
			 FIELD(32) | FIELD(36) | FIELD(48) | FIELD(52) | FIELD(60))

#define OSLSR_EL1	ARM_SYSREG(2, 0, 1, 1, 4)
#define OSLAR_EL1	ARM_SYSREG(2, 0, 1, 0, 4)
#define OSDLR_EL1	ARM_SYSREG(2, 0, 1, 3, 4)
#define MDSCR_EL1	ARM_SYSREG(2, 0, 0, 2, 2)
#define ACTLR_EL1	ARM_SYSREG(3, 0, 1, 0, 1)
#define ICC_DIR		ARM_SYSREG(3, 0, 12, 11, 1)
#define ICC_SGI1R	ARM_SYSREG(3, 0, 12, 11, 5)
#define ICC_ASGI1R	ARM_SYSREG(3, 0, 12, 11, 6)
#define ICC_SGI0R	ARM_SYSREG(3, 0, 12, 11, 7)
#define ICC_SRE		ARM_SYSREG(3, 0, 12, 12, 5)

#define OSLSR_OSLM	8ULL		/* the lock exists, and is open */
/* SS, TDCC, KDE, MDE */
#define MDSCR_OPEN	(1ULL << 0 | 1ULL << 12 | 1ULL << 13 | 1ULL << 15)

static u64 csv2(u64 pfr0)
{
	/* Level 2 adds SCXTNUM registers, which trap. */
	return pfr0 & PFR0_CSV2 ? 1ULL << 56 : 0;
}

static u64 id_register(u32 id)
{
	u64 value;

	switch (id) {
	case CORE_ID(4, 0):
		value = core_read("id_aa64pfr0_el1");
		return (value & PFR0_KEEP) | PFR0_AARCH64 | csv2(value);
	case CORE_ID(4, 1):
		return core_read("id_aa64pfr1_el1") & PFR1_KEEP;
	case CORE_ID(5, 0):
		return DFR0_MINIMUM;
	case CORE_ID(6, 0):
		return core_read("id_aa64isar0_el1") & ISAR0_KEEP;
	case CORE_ID(6, 1):
		return core_read("id_aa64isar1_el1") & ISAR1_KEEP;
	case CORE_ID(6, 2):
		return core_read("S3_0_C0_C6_2") & ISAR2_KEEP;
	case CORE_ID(7, 0):
		return core_read("id_aa64mmfr0_el1") & MMFR0_KEEP;
	case CORE_ID(7, 1):
		return core_read("id_aa64mmfr1_el1") & MMFR1_KEEP;
	case CORE_ID(7, 2):
		return core_read("S3_0_C0_C7_2") & MMFR2_KEEP;
	}
	/* AArch32, SVE, SME, and whatever comes later: not there. */
	return 0;
}

static bool is_id_register(u32 reg)
{
	return ARM_SYSREG_OP0(reg) == 3 && ARM_SYSREG_OP1(reg) == 0 && ARM_SYSREG_CRN(reg) == 0 &&
	       ARM_SYSREG_CRM(reg) >= 1 && ARM_SYSREG_CRM(reg) <= 7;
}

/* Breakpoints, watchpoints and the like: present as the architecture demands, without effect. */
static bool is_debug_register(u32 reg)
{
	return ARM_SYSREG_OP0(reg) == 2 && ARM_SYSREG_OP1(reg) == 0 && ARM_SYSREG_CRN(reg) <= 1;
}

void core_arm_sysreg_init(struct core_cpu *cpu)
{
	u32 i;

	for (i = 0; i < CORE_NR_ID; i++)
		cpu->id[i] = id_register(i);
}

bool core_arm_sysreg_read(struct core_cpu *cpu, u32 reg, u64 *value)
{
	*value = 0;
	if (is_id_register(reg))
		*value = cpu->id[CORE_ID(ARM_SYSREG_CRM(reg), ARM_SYSREG_OP2(reg))];
	else if (reg == OSLSR_EL1)
		*value = OSLSR_OSLM;
	else if (reg == MDSCR_EL1)
		*value = core_read("mdscr_el1");
	else if (reg == ICC_SRE)
		*value = ARM_ICC_SRE_ALL;
	else
		return is_debug_register(reg) || reg == ACTLR_EL1;
	return true;
}

static bool write_register(struct core_cpu *cpu, u32 reg, u64 value)
{
	if (reg == ICC_SGI1R) {
		core_gic_send(cpu, value);
		return true;
	}
	if (reg == ICC_DIR) {
		core_gic_deactivate(value & 0xffffff);
		return true;
	}
	if (reg == MDSCR_EL1) {
		core_write("mdscr_el1", value & MDSCR_OPEN);
		return true;
	}
	return is_debug_register(reg) || reg == ACTLR_EL1 || reg == ICC_SRE;
}

static enum axvm_exit reason_of(u32 reg, bool read)
{
	if (is_id_register(reg))
		return AXVM_EXIT_IDENT;
	return reg == ICC_SGI1R && !read ? AXVM_EXIT_IPI : AXVM_EXIT_SYSREG;
}

static void refuse(struct core_cpu *cpu, u32 reg, bool read, u64 value)
{
	core_count_refused(reason_of(reg, read));
	core_log(read ? CORE_LOG_SYSREG_READ : CORE_LOG_SYSREG_WRITE, reg, value);
	core_arm_undefined(cpu);
}

void core_arm_sysreg(struct core_cpu *cpu)
{
	u32 reg = cpu->esr & ARM_SYSREG_MASK;
	u32 rt = ARM_SYSREG_RT(cpu->esr);
	bool read = cpu->esr & ARM_SYSREG_READ;
	u64 value = rt < 31 ? cpu->x[rt] : 0;
	bool done;

	/* None of ours is for EL0. */
	if (ARM_PSR_EL(cpu->spsr) == 0)
		done = false;
	else if (read)
		done = core_arm_sysreg_read(cpu, reg, &value);
	else
		done = write_register(cpu, reg, value);
	if (!done) {
		refuse(cpu, reg, read, value);
		return;
	}
	core_count(reason_of(reg, read));
	if (read && rt < 31)
		cpu->x[rt] = value;
	core_arm_skip(cpu);
}
