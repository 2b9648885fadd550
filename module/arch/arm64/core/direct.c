// SPDX-License-Identifier: GPL-2.0
/*
 * Interrupts "passthrough": the guest takes its timers and SGIs from the
 * physical CPU interface, without an exit (HCR_EL2.IMO 0). The core keeps Group
 * 0 to itself (FMO 1), for kicks at the highest priority; that group is Linux's
 * to give only where there is one security state (GICD_CTLR.DS).
 *
 * Emulated devices have no physical interrupt. For theirs the guest is shown
 * the virtual CPU interface (IMO 1) until it has handled them, with the
 * physical Group 1 off meanwhile. The view may change only while the guest
 * handles no physical interrupt, since its end would go to the wrong side.
 */
#include "core.h"

#define GICR_SGI_VA	(CORE_GICR_VA + ARM_GICR_SGI)
#define HYP_TIMER	26
#define INTID_SPECIAL	1020
#define SGIS		0xffffU
#define CNTHP_ENABLE	1ULL
#define RETRY_HZ	1000
#define PRIORITY_TOP	0x00000000U	/* of four INTIDs */
#define PRIORITY_GUEST	0xa0a0a0a0U

static u32 ours(const struct core_cpu *cpu)
{
	return 1U << ARM_DIRECT_SGI | 1U << HYP_TIMER | 1U << cpu->maintenance;
}

static u32 guests(const struct core_cpu *cpu)
{
	return (SGIS | ARM_TIMERS) & ~ours(cpu);
}

static void sync_gic(void)
{
	asm volatile("dsb sy; isb" : : : "memory");
}

static void set_priorities(const struct core_cpu *cpu)
{
	u32 i;

	for (i = 0; i < 32; i++) {
		u64 va = GICR_SGI_VA + ARM_GICD_IPRIORITYR + i;
		u32 priority = ours(cpu) & 1U << i ? PRIORITY_TOP : PRIORITY_GUEST;

		*(volatile u8 *)va = priority;
	}
}

/* ICC_AP1R<n>_EL1: one for each 32 preemption levels, of which five bits make 32. */
static u32 nr_active_words(void)
{
	u32 bits = (core_read(ICC_CTLR_EL1) >> 8 & 7) + 1;

	return bits <= 5 ? 1 : 1U << (bits - 5);
}

static void read_active(u64 active[4])
{
	u32 nr = nr_active_words();

	active[0] = core_read("S3_0_C12_C9_0");
	active[1] = nr > 1 ? core_read("S3_0_C12_C9_1") : 0;
	active[2] = nr > 2 ? core_read("S3_0_C12_C9_2") : 0;
	active[3] = nr > 2 ? core_read("S3_0_C12_C9_3") : 0;
}

static void write_active(const u64 active[4])
{
	u32 nr = nr_active_words();

	core_write("S3_0_C12_C9_0", active[0]);
	if (nr > 1)
		core_write("S3_0_C12_C9_1", active[1]);
	if (nr > 2) {
		core_write("S3_0_C12_C9_2", active[2]);
		core_write("S3_0_C12_C9_3", active[3]);
	}
}

/* The guest may have been stopped while it handled interrupts. */
static void drop_active(void)
{
	static const u64 none[4];

	write_active(none);
}

static bool is_active(void)
{
	u64 active[4];

	read_active(active);
	return active[0] | active[1] | active[2] | active[3];
}

void core_direct_init(struct core_cpu *cpu)
{
	core_mmio_write(GICR_SGI_VA + ARM_GICD_IGROUPR, ~ours(cpu));
	set_priorities(cpu);
	sync_gic();
	core_mmio_write(GICR_SGI_VA + ARM_GICD_ISENABLER, ours(cpu));
	core_write("cnthp_ctl_el2", 0);
	core_write(ICC_IGRPEN1_EL1, 0);
	core_write(ICC_CTLR_EL1, 0);
	core_write(ICC_BPR0_EL1, 0);
	core_write(ICC_IGRPEN0_EL1, 1);
	sync_gic();
}

void core_direct_exit(void)
{
	core_write("cnthp_ctl_el2", 0);
	core_write(ICC_IGRPEN0_EL1, 0);
	core_write(ICC_IGRPEN1_EL1, 0);
	drop_active();
	core_isb();
}

void core_direct_reset(struct core_cpu *cpu)
{
	cpu->applied = 0;
	cpu->window = false;
	core_write("hcr_el2", cpu->hcr);
	core_write("cnthp_ctl_el2", 0);
	core_write(ICC_IGRPEN1_EL1, 0);
	drop_active();
	core_mmio_write(GICR_SGI_VA + ARM_GICD_ICENABLER, guests(cpu));
	core_mmio_write(GICR_SGI_VA + ARM_GICD_ICPENDR, guests(cpu));
	core_mmio_write(GICR_SGI_VA + ARM_GICD_ICACTIVER, guests(cpu));
	core_wire_drop(cpu->index);
	sync_gic();
}

bool core_direct_interrupt(struct core_cpu *cpu)
{
	u32 intid = core_read(ICC_IAR0_EL1) & 0xffffff;

	if (intid >= INTID_SPECIAL)
		return false;
	/* Quiet the line before the interrupt is ended. */
	if (intid == HYP_TIMER)
		core_write("cnthp_ctl_el2", 0);
	if (intid == cpu->maintenance)
		core_write(ICH_HCR_EL2, cpu->ich_hcr);
	core_isb();
	core_write(ICC_EOIR0_EL1, intid);
	core_isb();
	core_count(intid == ARM_DIRECT_SGI ? AXVM_EXIT_KICK : AXVM_EXIT_INTERRUPT);
	core_ivc_kicked();
	if (READ_WORD(cpu->die))
		core_arm_die();
	return true;
}

/*
 * What the guest handles must not make the core deaf, nor may its pending
 * interrupts keep the core from sleeping.
 */
void core_direct_mute(struct core_direct_state *state)
{
	state->enabled = core_read(ICC_IGRPEN1_EL1);
	read_active(state->active);
	core_write(ICC_IGRPEN1_EL1, 0);
	drop_active();
	core_isb();
}

void core_direct_unmute(const struct core_direct_state *state)
{
	write_active(state->active);
	core_write(ICC_IGRPEN1_EL1, state->enabled);
	core_isb();
}

/*
 * The level of our kicks is none of the guest's interrupts', but it can say so
 * all the same. One that never exits again stays deaf: this mode is for guests
 * that are trusted with their CPU.
 */
static void undo_deafness(void)
{
	u64 active[4];

	read_active(active);
	if (!(active[0] & 1))
		return;
	active[0] &= ~1ULL;
	write_active(active);
	core_isb();
}

/* What the guest told its redistributor, for the interrupts that it may have. */
static void apply(struct core_cpu *cpu)
{
	struct core_gic_word *word = &core_cell()->arch.gic.redist[cpu->index].word;
	bool group1 = core_cell()->arch.gic.ctlr & 2;
	u32 enabled = group1 ? READ_WORD(word->enabled) & word->group & guests(cpu) : 0;
	u32 pending;

	if (enabled != cpu->applied) {
		core_mmio_write(GICR_SGI_VA + ARM_GICD_ICENABLER, cpu->applied & ~enabled);
		core_mmio_write(GICR_SGI_VA + ARM_GICD_ISENABLER, enabled);
		cpu->applied = enabled;
		sync_gic();
	}
	if (!READ_WORD(word->pending))
		return;
	pending = __atomic_exchange_n(&word->pending, 0, __ATOMIC_SEQ_CST) & guests(cpu);
	core_mmio_write(GICR_SGI_VA + ARM_GICD_ISPENDR, pending & SGIS);
	sync_gic();
}

static void open_window(struct core_cpu *cpu)
{
	u64 vmcr = core_read(ICH_VMCR_EL2) & ~ARM_ICH_VMCR_VENG1;

	if (core_read(ICC_IGRPEN1_EL1))
		vmcr |= ARM_ICH_VMCR_VENG1;
	core_write(ICC_IGRPEN1_EL1, 0);
	core_write(ICH_VMCR_EL2, vmcr);
	core_write("hcr_el2", cpu->hcr | ARM_HCR_IMO);
	core_write("cnthp_ctl_el2", 0);
	cpu->window = true;
	core_isb();
}

static void close_window(struct core_cpu *cpu)
{
	core_write("hcr_el2", cpu->hcr);
	cpu->window = false;
	core_isb();
	core_write(ICC_IGRPEN1_EL1, !!(core_read(ICH_VMCR_EL2) & ARM_ICH_VMCR_VENG1));
	core_isb();
}

/* The guest is in a handler: look again soon, its end does not exit. */
static void retry_later(void)
{
	core_write("cnthp_tval_el2", core_read("cntfrq_el0") / RETRY_HZ);
	core_write("cnthp_ctl_el2", CNTHP_ENABLE);
}

bool core_direct_flush(struct core_cpu *cpu, bool waiting)
{
	apply(cpu);
	undo_deafness();
	if (!waiting && !cpu->lrs_used) {
		if (cpu->window)
			close_window(cpu);
		return false;
	}
	if (!cpu->window && is_active()) {
		retry_later();
		return false;
	}
	if (!cpu->window)
		open_window(cpu);
	return true;
}

bool core_direct_send(u32 hw_id, u32 sgi)
{
	if (sgi == ARM_DIRECT_SGI)
		return false;
	core_write(ICC_SGI1R_EL1, arm_sgi1r(hw_id, sgi));
	core_isb();
	return true;
}

u32 core_direct_bits(u32 reg)
{
	return core_mmio_read(GICR_SGI_VA + reg) & guests(core_cpu());
}

void core_direct_clear(u32 reg, u32 mask)
{
	core_mmio_write(GICR_SGI_VA + reg, mask & guests(core_cpu()));
	sync_gic();
}
