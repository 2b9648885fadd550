// SPDX-License-Identifier: GPL-2.0
/*
 * Interrupts of a taken CPU: IHI 0069, chapters 6 and 12. All physical ones
 * come here (HCR_EL2.IMO); the guest's timers are passed on as hardware
 * interrupts, which its own deactivation completes. Virtual ones are put into
 * list registers, those of the highest priority first when there are too few.
 */
#include "core.h"

#define INTID_SPECIAL	1020
#define GICR_SGI_VA	(CORE_GICR_VA + ARM_GICR_SGI)
#define NR_PRIVATE	32
#define NO_SLOT		CORE_MAX_LRS

static struct core_gic *gic(void)
{
	return &core_cell()->arch.gic;
}

static struct core_gic_word *word_of(u32 intid)
{
	if (intid < NR_PRIVATE)
		return &gic()->redist[core_index()].word;
	return &gic()->word[intid / 32 - 1];
}

static u8 priority_of(u32 intid)
{
	if (intid < NR_PRIVATE)
		return gic()->redist[core_index()].priority[intid];
	return gic()->priority[intid - NR_PRIVATE];
}

static void set_bits(u32 *word, u32 mask)
{
	__atomic_fetch_or(word, mask, __ATOMIC_SEQ_CST);
}

static void clear_bits(u32 *word, u32 mask)
{
	__atomic_fetch_and(word, ~mask, __ATOMIC_SEQ_CST);
}

/* The physical side. */

static void deactivate(u32 intid)
{
	core_write(ICC_DIR_EL1, intid);
}

static bool timer_line(u32 intid)
{
	u64 ctl = intid == ARM_PPI_VTIMER ? core_read("cntv_ctl_el0") : core_read("cntp_ctl_el0");

	return (ctl & 7) == 5;	/* ENABLE, not IMASK, ISTATUS */
}

/* Quiet, group 1, edges forgotten, nothing active; the timers, our own and the kicks enabled. */
static void setup_private(u32 enable)
{
	core_mmio_write(GICR_SGI_VA + ARM_GICD_ICENABLER, ~0U);
	core_mmio_write(GICR_SGI_VA + ARM_GICD_ICPENDR, ~0U);
	core_mmio_write(GICR_SGI_VA + ARM_GICD_ICACTIVER, ~0U);
	core_mmio_write(GICR_SGI_VA + ARM_GICD_IGROUPR, ~0U);
	asm volatile("dsb sy" : : : "memory");
	core_mmio_write(GICR_SGI_VA + ARM_GICD_ISENABLER, enable);
	asm volatile("dsb sy" : : : "memory");
}

void core_gic_init(void)
{
	struct core_cpu *cpu = core_cpu();
	u64 vtr;

	/* Enable stays 0: the guest's ICC_SRE_EL1 is the core's answer. */
	core_write(ICC_SRE_EL2, ARM_ICC_SRE_ALL);
	core_isb();
	core_write(ICC_SRE_EL1, ARM_ICC_SRE_ALL);
	core_isb();
	core_write(ICH_HCR_EL2, 0);
	vtr = core_read(ICH_VTR_EL2);
	cpu->nr_lrs = (vtr & 0x1f) + 1;
	if (cpu->nr_lrs > CORE_MAX_LRS)
		cpu->nr_lrs = CORE_MAX_LRS;
	cpu->lrs_used = (1U << cpu->nr_lrs) - 1;
	cpu->ich_hcr = ARM_ICH_HCR_EN;
	if (core_direct() && (vtr & ARM_ICH_VTR_TDS))
		cpu->ich_hcr |= ARM_ICH_HCR_TDIR;
	core_gic_reset(cpu);
	core_write(ICC_PMR_EL1, 0xff);
	if (core_direct()) {
		setup_private(0);
		core_direct_init(cpu);
		return;
	}
	setup_private(0xff | 1U << cpu->maintenance | ARM_TIMERS);
	core_write(ICC_BPR1_EL1, 0);
	core_write(ICC_CTLR_EL1, ARM_ICC_CTLR_EOIMODE);
	core_write(ICC_IGRPEN1_EL1, 1);
	core_isb();
}

void core_gic_exit(void)
{
	core_write("cntv_ctl_el0", 0);
	core_write("cntp_ctl_el0", 0);
	core_write(ICH_HCR_EL2, 0);
	if (core_direct())
		core_direct_exit();
	setup_private(0);
	core_write(ICC_IGRPEN1_EL1, 0);
	core_write(ICC_CTLR_EL1, 0);
	core_isb();
}

/* Active priorities of both groups, as many as there are: ICH_AP0R<n>, ICH_AP1R<n>. */
static void reset_priorities(void)
{
	u32 bits = (core_read(ICH_VTR_EL2) >> 26 & 7) + 1;

	core_write("S3_4_C12_C8_0", 0);
	core_write("S3_4_C12_C9_0", 0);
	if (bits >= 6) {
		core_write("S3_4_C12_C8_1", 0);
		core_write("S3_4_C12_C9_1", 0);
	}
	if (bits >= 7) {
		core_write("S3_4_C12_C8_2", 0);
		core_write("S3_4_C12_C9_2", 0);
		core_write("S3_4_C12_C8_3", 0);
		core_write("S3_4_C12_C9_3", 0);
	}
}

/* Is a physical interrupt behind it that is still the cell's? */
static bool wired_lr(u32 intid, u64 lr)
{
	return (lr & ARM_ICH_LR_HW) && intid >= NR_PRIVATE &&
	       core_wire_host(intid) == (lr >> 32 & 0x3ff);
}

void core_gic_reset(struct core_cpu *cpu)
{
	u32 i;

	for (i = 0; i < cpu->nr_lrs; i++) {
		u32 intid = cpu->lr_intid[i];

		if ((cpu->lrs_used & 1U << i) && intid >= NR_PRIVATE && intid < CORE_GIC_INTIDS) {
			clear_bits(&word_of(intid)->sent, 1U << intid % 32);
			if (wired_lr(intid, core_lr_read(i)))
				core_wire_deactivate(core_wire_host(intid));
		}
		core_lr_write(i, 0);
	}
	core_cell()->arch.kick[cpu->index] = arm_sgi1r(cpu->self->hw_id, ARM_KICK_SGI);
	cpu->lrs_used = 0;
	cpu->lrs_spi = 0;
	cpu->crowded = false;
	clear_bits(&word_of(0)->pending, ~0U);
	reset_priorities();
	core_write(ICH_VMCR_EL2, 0);
	core_write(ICH_HCR_EL2, cpu->ich_hcr);
	if (core_direct())
		core_direct_reset(cpu);
	/* The timers are off by now; what they left active belongs to nobody. */
	core_mmio_write(GICR_SGI_VA + ARM_GICD_ICACTIVER, ARM_TIMERS);
	asm volatile("dsb sy; isb" : : : "memory");
}

static u32 *taken_word(u32 line)
{
	return &core_cell()->irq.taken[line / 32];
}

/* A device's: it stays active until the guest has ended the virtual one, so it cannot storm. */
static void take_wired(u32 host)
{
	u32 line = core_wire_take(host);

	if (!line) {	/* withdrawn just now */
		deactivate(host);
		core_isb();
		return;
	}
	set_bits(taken_word(line), 1U << line % 32);
	set_bits(&word_of(line)->pending, 1U << line % 32);
	core_gic_kick_target(line - NR_PRIVATE);
}

bool core_gic_interrupt(void)
{
	struct core_cpu *cpu = core_cpu();
	u32 intid;

	if (core_direct())
		return core_direct_interrupt(cpu);
	intid = core_read(ICC_IAR1_EL1) & 0xffffff;
	if (intid >= INTID_SPECIAL)
		return false;
	core_write(ICC_EOIR1_EL1, intid);
	core_isb();
	core_gic_taken(cpu, intid);
	return true;
}

void core_gic_taken(struct core_cpu *cpu, u32 intid)
{
	if (intid < 16) {
		core_count(AXVM_EXIT_KICK);
		deactivate(intid);
		core_ivc_kicked();
		if (READ_WORD(cpu->die))
			core_arm_die();
		return;
	}
	core_count(AXVM_EXIT_INTERRUPT);
	if (intid >= NR_PRIVATE) {
		take_wired(intid);
		return;
	}
	if (intid == cpu->maintenance)
		core_write(ICH_HCR_EL2, cpu->ich_hcr);
	/* A timer stays active until the guest deactivates the virtual interrupt. */
	if (ARM_TIMERS & 1U << intid)
		set_bits(&word_of(intid)->pending, 1U << intid);
	else
		deactivate(intid);
	core_isb();
}

/* The virtual side. */

/* The guest has ended an SPI. */
static void complete(u32 intid)
{
	clear_bits(&word_of(intid)->sent, 1U << intid % 32);
	if (core_irq_watched(intid)) {
		core_device_lock();
		core_irq_end(intid);
		core_device_unlock();
	}
	/* Once more, and perhaps for another vCPU now. */
	if (core_gic_spi_pending(word_of(intid)) & 1U << intid % 32)
		core_gic_kick_target(intid - NR_PRIVATE);
}

void core_gic_sync(struct core_cpu *cpu)
{
	u32 ended, done, slot, intid;

	if (!cpu->lrs_used)
		return;
	/* One that has told of its EOI is not called empty (IHI 0069, ICH_ELRSR_EL2). */
	ended = core_read(ICH_EISR_EL2) & cpu->lrs_used;
	done = (core_read(ICH_ELRSR_EL2) & cpu->lrs_used) | ended;
	cpu->lrs_used &= ~done;
	cpu->lrs_spi &= ~done;
	/* Or its EOI bit would go on asking for maintenance (IHI 0069, ICH_EISR_EL2). */
	for (; ended; ended &= ended - 1)
		core_lr_write(__builtin_ctz(ended), 0);
	for (; done; done &= done - 1) {
		slot = __builtin_ctz(done);
		intid = cpu->lr_intid[slot];
		if (intid >= NR_PRIVATE)
			complete(intid);
	}
}

static u32 slot_of(const struct core_cpu *cpu, u32 intid)
{
	u32 i;

	for (i = 0; i < cpu->nr_lrs; i++)
		if ((cpu->lrs_used & 1U << i) && cpu->lr_intid[i] == intid)
			return i;
	return NO_SLOT;
}

u32 core_gic_active(u32 first)
{
	struct core_cpu *cpu = core_cpu();
	u32 active = 0, i;

	for (i = 0; i < cpu->nr_lrs; i++)
		if ((cpu->lrs_used & 1U << i) && cpu->lr_intid[i] / 32 == first / 32 &&
		    (core_lr_read(i) & ARM_ICH_LR_ACTIVE))
			active |= 1U << cpu->lr_intid[i] % 32;
	return active;
}

/* A slot loses one state; empty, it is free, and the interrupt behind it complete. */
static void drop_state(struct core_cpu *cpu, u32 slot, u64 state)
{
	u32 intid = cpu->lr_intid[slot];
	u64 lr = core_lr_read(slot) & ~state;

	if (lr & (ARM_ICH_LR_PENDING | ARM_ICH_LR_ACTIVE)) {
		core_lr_write(slot, lr);
		return;
	}
	core_lr_write(slot, 0);
	cpu->lrs_used &= ~(1U << slot);
	cpu->lrs_spi &= ~(1U << slot);
	if (intid < NR_PRIVATE)
		return;
	if ((lr & ARM_ICH_LR_HW) && state == ARM_ICH_LR_PENDING)
		set_bits(taken_word(intid), 1U << intid % 32);
	clear_bits(&word_of(intid)->sent, 1U << intid % 32);
}

u32 core_gic_forget(u32 first, u32 mask, u64 state)
{
	struct core_cpu *cpu = core_cpu();
	u32 were = 0, i;

	for (i = 0; i < cpu->nr_lrs; i++) {
		u32 intid = cpu->lr_intid[i];
		u64 lr;

		if (!(cpu->lrs_used & 1U << i) || intid / 32 != first / 32 ||
		    !(mask & 1U << intid % 32))
			continue;
		lr = core_lr_read(i);
		if (lr & ARM_ICH_LR_PENDING)
			were |= 1U << intid % 32;
		if (!(lr & state))
			continue;
		drop_state(cpu, i, state);
		if (state != ARM_ICH_LR_ACTIVE)
			continue;
		/* The physical one would wait for a deactivation that no longer comes. */
		if (wired_lr(intid, lr))
			core_wire_deactivate(core_wire_host(intid));
		else if (lr & ARM_ICH_LR_HW)
			deactivate(intid);
		else
			core_irq_end(intid);
	}
	return were;
}

void core_gic_sync_wires(void)
{
	struct core_cpu *cpu = core_cpu();
	u64 lr;
	u32 i;

	for (i = 0; i < cpu->nr_lrs; i++) {
		if (!(cpu->lrs_used & 1U << i) || cpu->lr_intid[i] < NR_PRIVATE)
			continue;
		lr = core_lr_read(i);
		if ((lr & ARM_ICH_LR_HW) && !wired_lr(cpu->lr_intid[i], lr))
			core_lr_write(i, (lr & ~ARM_ICH_LR_BEHIND) | ARM_ICH_LR_EOI);
	}
	if (!READ_WORD(core_cell()->irq.wires_on))
		return;
	core_device_lock();
	core_wire_route_all();
	core_device_unlock();
}

/* A timer that was masked meanwhile is no longer pending. */
static u32 private_ready(struct core_cpu *cpu)
{
	struct core_gic_word *word = &gic()->redist[cpu->index].word;
	u32 timers = word->pending & ARM_TIMERS;
	u32 intid;

	for (; timers; timers &= timers - 1) {
		intid = __builtin_ctz(timers);
		if (slot_of(cpu, intid) != NO_SLOT || timer_line(intid))
			continue;
		clear_bits(&word->pending, 1U << intid);
		deactivate(intid);
	}
	return word->pending & word->deliver;
}

static u32 spis_ready(struct core_cpu *cpu, u32 index)
{
	struct core_gic_word *word = &gic()->word[index];
	u32 ready = core_gic_spi_pending(word) & word->deliver & ~word->sent;
	u32 mine = 0, bit;

	for (; ready; ready &= ready - 1) {
		bit = __builtin_ctz(ready);
		if (gic()->target[index * 32 + bit] == cpu->index)
			mine |= 1U << bit;
	}
	return mine;
}

/* Return: the INTID of highest priority that waits for a list register, or INTID_SPECIAL. */
static u32 next_pending(struct core_cpu *cpu)
{
	u32 best = INTID_SPECIAL, best_priority = 0x100, first, ready;

	for (first = 0; first < CORE_GIC_INTIDS; first += 32) {
		if (first)
			ready = spis_ready(cpu, first / 32 - 1);
		else
			ready = core_direct() ? 0 : private_ready(cpu);
		for (; ready; ready &= ready - 1) {
			u32 intid = first + __builtin_ctz(ready);

			if (priority_of(intid) < best_priority) {
				best = intid;
				best_priority = priority_of(intid);
			}
		}
	}
	return best;
}

/* Make room: an interrupt of lower priority that the guest has not taken yet goes back. */
static u32 evict(struct core_cpu *cpu, u32 priority)
{
	u32 worst = NO_SLOT, i;

	for (i = 0; i < cpu->nr_lrs; i++) {
		u64 lr = core_lr_read(i);
		u32 p = lr >> 48 & 0xff;

		if ((lr & ARM_ICH_LR_ACTIVE) || p <= priority)
			continue;
		worst = i;
		priority = p;
	}
	if (worst != NO_SLOT) {
		u32 intid = cpu->lr_intid[worst];
		struct core_gic_word *word = word_of(intid);

		if (intid < NR_PRIVATE || (word->edge & 1U << intid % 32) || core_wire_host(intid))
			set_bits(&word->pending, 1U << intid % 32);
		drop_state(cpu, worst, ARM_ICH_LR_PENDING);
	}
	return worst;
}

static u32 find_slot(struct core_cpu *cpu, u32 intid)
{
	u32 free = ~cpu->lrs_used & ((1U << cpu->nr_lrs) - 1);

	return free ? (u32)__builtin_ctz(free) : evict(cpu, priority_of(intid));
}

/* What ends with a virtual SPI: the physical one, or the core is told, to look at the line again. */
static u64 behind(u32 intid)
{
	u32 *taken = taken_word(intid), bit = 1U << intid % 32;

	u32 host;

	if (!(READ_WORD(*taken) & bit))
		return ARM_ICH_LR_EOI;
	clear_bits(taken, bit);
	host = core_wire_host(intid);
	return host ? ARM_ICH_LR_HW | ARM_ICH_LR_PINTID(host) : ARM_ICH_LR_EOI;
}

/* Return: false if there is no list register for it. */
static bool place(struct core_cpu *cpu, u32 intid)
{
	struct core_gic_word *word = word_of(intid);
	u32 bit = 1U << intid % 32;
	u32 slot = slot_of(cpu, intid);
	u64 lr;

	if (slot != NO_SLOT) {		/* private, and still active: pending once more */
		core_lr_write(slot, core_lr_read(slot) | ARM_ICH_LR_PENDING);
		clear_bits(&word->pending, bit);
		return true;
	}
	slot = find_slot(cpu, intid);
	if (slot == NO_SLOT)
		return false;
	lr = ARM_ICH_LR_PENDING | ARM_ICH_LR_PRIORITY(priority_of(intid)) | intid;
	if (word->group & bit)
		lr |= ARM_ICH_LR_GROUP1;
	if (intid >= NR_PRIVATE) {
		lr |= behind(intid);
		cpu->lrs_spi |= 1U << slot;
		set_bits(&word->sent, bit);
	} else if ((ARM_TIMERS & bit)) {
		lr |= ARM_ICH_LR_HW | ARM_ICH_LR_PINTID(intid);
	}
	clear_bits(&word->pending, bit);
	cpu->lr_intid[slot] = intid;
	cpu->lrs_used |= 1U << slot;
	core_lr_write(slot, lr);
	return true;
}

/* A look without the lock; what changes meanwhile comes with a kick. */
static bool anything_pending(struct core_cpu *cpu)
{
	u32 any = core_direct() ? 0 : READ_WORD(gic()->redist[cpu->index].word.pending);
	u32 i;

	for (i = 0; i < CORE_GIC_SPIS / 32; i++)
		any |= spis_ready(cpu, i);
	return any;
}

void core_gic_flush(struct core_cpu *cpu)
{
	u64 hcr = cpu->ich_hcr;
	bool any;
	u32 intid;

	if (core_cell()->irq_mode == AXVM_IRQ_MODE_NONE)
		return;
	if (READ_WORD(cpu->redist->look)) {
		/* In this order: what is noted from here on is seen below or comes with a kick. */
		WRITE_WORD(cpu->redist->look, 0);
		__atomic_thread_fence(__ATOMIC_SEQ_CST);
	}
	any = anything_pending(cpu);
	if (core_direct() && !core_direct_flush(cpu, any))
		return;
	if (!any)
		return;
	cpu->crowded = false;
	core_device_lock();
	while ((intid = next_pending(cpu)) != INTID_SPECIAL) {
		if (place(cpu, intid))
			continue;
		/* Too few: come back when all but one are done. */
		hcr |= ARM_ICH_HCR_UIE;
		cpu->crowded = true;
		break;
	}
	core_device_unlock();
	core_write(ICH_HCR_EL2, hcr);
	core_isb();
}

void core_gic_kick_target(u32 spi)
{
	struct core_cell *cell = core_cell();
	u32 target = cell->arch.gic.target[spi];

	if (target >= cell->nr_vcpus)
		return;
	core_gic_look(target);
	if (target != core_index())
		core_arch_kick(cell->vcpu[target].hw_id);
}

void core_arch_irq_pulse(u32 line)
{
	if (line < NR_PRIVATE || line >= CORE_GIC_INTIDS)
		return;
	set_bits(&word_of(line)->pending, 1U << line % 32);
	core_gic_kick_target(line - NR_PRIVATE);
}

void core_arch_irq_line(u32 irq, bool level)
{
	u32 spi = irq - NR_PRIVATE;
	struct core_gic_word *word;
	u32 bit;

	if (irq < NR_PRIVATE || irq >= CORE_GIC_INTIDS)
		return;
	word = word_of(irq);
	bit = 1U << irq % 32;
	if (!level == !(word->level & bit))
		return;
	word->level ^= bit;
	if (!level) {
		/* A guest that made the device quiet is not to be told of it any more. */
		if (!(word->edge & bit) && slot_of(core_cpu(), irq) != NO_SLOT)
			core_gic_forget(irq, bit, ARM_ICH_LR_PENDING);
		return;
	}
	if (word->edge & bit)
		set_bits(&word->pending, bit);
	core_gic_kick_target(spi);
}
