// SPDX-License-Identifier: GPL-2.0
/* A taken arm64 CPU: making it fit for guests, its vCPU's power-on state. */
#include "core.h"

/* Registers that only some CPUs have; at 0 they trap what their feature adds (D19.2). */
#define HFGRTR_EL2	"S3_4_C1_C1_4"
#define HFGWTR_EL2	"S3_4_C1_C1_5"
#define HFGITR_EL2	"S3_4_C1_C1_6"
#define HDFGRTR_EL2	"S3_4_C3_C1_4"
#define HDFGWTR_EL2	"S3_4_C3_C1_5"
#define HCRX_EL2	"S3_4_C1_C2_2"
#define MPAM2_EL2	"S3_4_C10_C5_0"
#define MPAM2_TRAPS	(3ULL << 48)

#define CNTHCTL_EL1PCTEN	(1ULL << 0)
#define CNTHCTL_EL1PCEN		(1ULL << 1)
#define HPMN_MASK		0x1fULL

static void init_traps(struct core_cpu *cpu)
{
	core_write("hcr_el2", cpu->hcr);
	core_write("cptr_el2", ARM_CPTR);
	core_write("mdcr_el2", ARM_MDCR | (core_read("mdcr_el2") & HPMN_MASK));
	core_write("hstr_el2", 0);
	core_write("vpidr_el2", cpu->midr);
	core_write("vmpidr_el2", 1ULL << 31 | GUEST_MPIDR(cpu->index));
	core_write("cnthctl_el2", CNTHCTL_EL1PCTEN | CNTHCTL_EL1PCEN);
	core_write("cntvoff_el2", 0);
	if (cpu->features & CORE_ARM_FGT) {
		core_write(HFGRTR_EL2, 0);
		core_write(HFGWTR_EL2, 0);
		core_write(HFGITR_EL2, 0);
		core_write(HDFGRTR_EL2, 0);
		core_write(HDFGWTR_EL2, 0);
	}
	if (cpu->features & CORE_ARM_HCX)
		core_write(HCRX_EL2, 0);
	if (cpu->features & CORE_ARM_MPAM)
		core_write(MPAM2_EL2, MPAM2_TRAPS);
}

void core_arch_cpu_init(void)
{
	struct core_cpu *cpu = core_cpu();

	cpu->entry.entered = CORE_ENTERED_EL2;
	cpu->vectors = core_direct() ? core_vectors : core_vectors_fast;
	cpu->vectors_traced = core_direct() ? core_vectors : core_vectors_traced;
	core_write("vbar_el2", (u64)core_vectors);
	core_arm_sysreg_init(cpu);
	init_traps(cpu);
	core_write("vtcr_el2", cpu->vtcr);
	core_write("vttbr_el2", cpu->vttbr);
	core_isb();
	core_gic_init();
}

void core_arch_cpu_exit(void)
{
	core_gic_exit();
	/* KVM may give this VMID to a guest of its own, and does not flush for that. */
	asm volatile("tlbi alle1; dsb nsh; isb" : : : "memory");
}

void core_arch_cpu_off(void)
{
	core_smc(ARM_PSCI_FN_CPU_OFF);
	/* Refused (it cannot be): the host half sees that the CPU is not off. */
	for (;;)
		asm volatile("wfi");
}

void core_arm_die(void)
{
	core_arch_cpu_exit();
	core_arch_cpu_off();
}

static void sleep(struct core_vcpu *vcpu, u32 mask)
{
	for (;;) {
		if (core_load_acquire(&vcpu->cmd) != READ_WORD(vcpu->ack) ||
		    (core_load_acquire(&vcpu->requests) & mask))
			return;
		/* Masked interrupts end a WFI (D1.6.2): none is lost between test and sleep. */
		asm volatile("dsb sy; wfi" : : : "memory");
		if (core_gic_interrupt())
			return;
	}
}

void core_arch_sleep(struct core_vcpu *vcpu, u32 mask)
{
	struct core_direct_state state;

	if (!core_direct()) {
		sleep(vcpu, mask);
		return;
	}
	core_direct_mute(&state);
	sleep(vcpu, mask);
	core_direct_unmute(&state);
}

void core_arch_kick_cell(u32 hw_id, u32 irq_mode)
{
	/* What the other side must see before it looks; ICC_SGI1R is not ordered with stores. */
	asm volatile("dsb ishst" : : : "memory");
	if (irq_mode == AXVM_IRQ_MODE_PASSTHROUGH)
		core_write(ICC_SGI0R_EL1, arm_sgi1r(hw_id, ARM_DIRECT_SGI));
	else
		core_write(ICC_SGI1R_EL1, arm_sgi1r(hw_id, ARM_KICK_SGI));
	core_isb();
}

void core_arch_kick(u32 hw_id)
{
	core_arch_kick_cell(hw_id, core_cell()->irq_mode);
}

/* A spare SPI of the host's, made pending like an edge on its wire. */
void core_arch_raise(u64 target)
{
	if (!target)
		return;
	asm volatile("dsb sy" : : : "memory");
	core_mmio_write(CORE_GICD_VA + ARM_GICD_ISPENDR + target / 32 * 4, 1U << (target % 32));
}

u64 core_arch_clock(void)
{
	core_isb();	/* or it is read ahead of what came before (D11.2.2) */
	return core_read("cntpct_el0");
}

/* Called from run.S when the core itself faulted: the cell is lost, the CPU is not. */
void __attribute__((noreturn, used)) core_fault(u64 esr, u64 elr, u64 far);
void core_fault(u64 esr, u64 elr, u64 far)
{
	core_stop_cell(AXVM_CAUSE_CORE_ERROR, esr, elr, far, 0);
	core_restart();
}

static void reset_el1(void)
{
	core_write("sctlr_el1", ARM_SCTLR_EL1_RESET);
	core_write("actlr_el1", 0);
	core_write("cpacr_el1", 0);
	core_write("ttbr0_el1", 0);
	core_write("ttbr1_el1", 0);
	core_write("tcr_el1", 0);
	core_write("mair_el1", 0);
	core_write("amair_el1", 0);
	core_write("vbar_el1", 0);
	core_write("esr_el1", 0);
	core_write("far_el1", 0);
	core_write("afsr0_el1", 0);
	core_write("afsr1_el1", 0);
	core_write("par_el1", 0);
	core_write("elr_el1", 0);
	core_write("spsr_el1", 0);
	core_write("sp_el0", 0);
	core_write("sp_el1", 0);
	core_write("contextidr_el1", 0);
	core_write("tpidr_el0", 0);
	core_write("tpidr_el1", 0);
	core_write("tpidrro_el0", 0);
	core_write("csselr_el1", 0);
	core_write("mdscr_el1", 0);
	core_write("cntkctl_el1", 0);
	core_write("cntv_ctl_el0", 0);
	core_write("cntv_cval_el0", 0);
	core_write("cntp_ctl_el0", 0);
	core_write("cntp_cval_el0", 0);
}

/* Keys of the last owner must not sign this guest's pointers (D19.2: AP*Key*_EL1). */
static void reset_keys(void)
{
	core_write("S3_0_C2_C1_0", 0);
	core_write("S3_0_C2_C1_1", 0);
	core_write("S3_0_C2_C1_2", 0);
	core_write("S3_0_C2_C1_3", 0);
	core_write("S3_0_C2_C2_0", 0);
	core_write("S3_0_C2_C2_1", 0);
	core_write("S3_0_C2_C2_2", 0);
	core_write("S3_0_C2_C2_3", 0);
	core_write("S3_0_C2_C3_0", 0);
	core_write("S3_0_C2_C3_1", 0);
}

static void start_at(struct core_cpu *cpu, u64 entry, u64 arg)
{
	cpu->elr = entry;
	cpu->spsr = ARM_PSR_EL1H_MASKED;
	cpu->x[0] = arg;
	WRITE_WORD(core_cell()->arch.start[cpu->index].power, CORE_POWER_ON);
}

void core_arch_vcpu_reset(bool boot)
{
	struct core_cpu *cpu = core_cpu();
	u32 i;

	for (i = 0; i < 31; i++)
		cpu->x[i] = 0;
	reset_el1();
	if (cpu->features & CORE_ARM_PAUTH)
		reset_keys();
	core_reset_fpu();
	core_gic_reset(cpu);
	if (boot)
		start_at(cpu, core_cell()->boot.entry, core_cell()->boot.arg);
	/*
	 * This VMID may have been another cell's, and instructions of the last
	 * guest may be cached (D8.14.4, B2.7.4).
	 */
	asm volatile("dsb ishst; tlbi vmalls12e1; ic iallu; dsb nsh; isb" : : : "memory");
}

/*
 * Stage 2 and stage 1 of this VMID, then the core's own window, on this CPU:
 * the host half has written the tables and has all CPUs of the cell do this
 * before it goes on, so none needs to be broadcast (D8.13.5, D8.14.1).
 */
void core_arch_sync(void)
{
	asm volatile("dsb ishst; tlbi vmalls12e1; tlbi alle2; dsb nsh; isb" : : : "memory");
	core_gic_sync_wires();
}

/* PSCI CPU_ON */
void core_arch_vcpu_start(u64 arg)
{
	struct core_cpu *cpu = core_cpu();

	start_at(cpu, arg, core_cell()->arch.start[cpu->index].context);
}

/* No interrupt of this architecture is non-maskable without a feature that guests do not see. */
void core_arch_vcpu_nmi(void)
{
}
