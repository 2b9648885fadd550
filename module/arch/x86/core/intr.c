// SPDX-License-Identifier: GPL-2.0
/*
 * Interrupts "emulated", on the CPU: physical ones exit and are taken here, the
 * guest's go in as virtual interrupts (APM volume 2, section 15.21), its timer
 * is the physical APIC's, and its HLT is waited out here.
 *
 * Nothing is lost between a look and a sleep: GIF is clear from the look on, so
 * whatever comes after it is pending when GIF is set, and ends the sleep. IF is
 * set only around the guest and that sleep; elsewhere interrupts stay pending.
 */
#include "core.h"
#include "lapic.h"
#include "vlapic.h"

#define SHORTEST_US	20		/* period of a timer */
#define SAMPLE		(1U << 20)	/* clock ticks */
#define SAMPLE_GAP	8192
#define SAMPLE_TRIES	64
#define FARTHEST	(1ULL << 30)	/* clock ticks at a time */
#define DIV_BY_1	0xb
#define V_TPR		0xfULL
#define EVENT_KIND	(7ULL << 8)

static struct core_vlapic *own(const struct core_cpu *cpu)
{
	return &core_cell()->arch.vlapic[cpu->index];
}

static bool by_deadline(const struct core_vlapic *v)
{
	return v->lvt[VLAPIC_LVT_TIMER] & X86_LVT_DEADLINE;
}

/* The timer's count and the clock at one moment, unless we are kept from it too often. */
static u64 sample(u32 *count)
{
	u64 before, tries = SAMPLE_TRIES;

	do {
		before = rdtsc();
		*count = rdmsr(X86_X2APIC_TIMER_NOW);
	} while (rdtsc() - before > SAMPLE_GAP && --tries);
	return before;
}

/* How fast the timer is. Slightly wrong does no harm: who is early looks at the clock. */
static void calibrate(struct core_cpu *cpu)
{
	u32 first, last;
	u64 start, end;

	wrmsr(X86_X2APIC_TIMER_DIV, DIV_BY_1);
	wrmsr(X86_X2APIC_TIMER_INIT, 0xffffffff);
	start = sample(&first);
	while (rdtsc() - start < SAMPLE)
		core_lock_relax();
	end = sample(&last);
	cpu->timer_ratio = ((u64)(first - last) << 32) / (end - start);
	wrmsr(X86_X2APIC_TIMER_INIT, 0);
}

static u32 timer_ticks(const struct core_cpu *cpu, u64 clocks)
{
	clocks = clocks < FARTHEST ? clocks : FARTHEST;
	return (clocks * cpu->timer_ratio >> 32) + 1;
}

static void set_deadline(struct core_cpu *cpu, struct core_vlapic *v)
{
	u64 now = rdtsc() + cpu->vmcb.control.tsc_offset;
	u32 ticks = 0;

	cpu->timer_offset = cpu->vmcb.control.tsc_offset;
	if (v->deadline > now)
		ticks = timer_ticks(cpu, v->deadline - now);
	else if (v->deadline)
		WRITE_WORD(cpu->timer_fired, 1);
	wrmsr(X86_X2APIC_TIMER_DIV, DIV_BY_1);
	wrmsr(X86_X2APIC_TIMER_INIT, ticks);
}

void core_vtimer_update(struct core_vlapic *v, u32 reg)
{
	struct core_cpu *cpu = core_cpu();
	u32 lvt = v->lvt[VLAPIC_LVT_TIMER];
	u32 least = timer_ticks(cpu, core_cell()->clock.khz * SHORTEST_US / 1000);
	u32 initial = core_vtimer_initial(v, least);

	if (reg == X86_X2APIC_LVT_TIMER)
		wrmsr(reg, (lvt & (X86_LVT_MASKED | X86_LVT_PERIODIC)) | CORE_VECTOR_TIMER);
	if (by_deadline(v)) {
		set_deadline(cpu, v);
		return;
	}
	if (reg != X86_X2APIC_TIMER_INIT)
		wrmsr(X86_X2APIC_TIMER_DIV, v->divide);
	if (reg == X86_X2APIC_TIMER_INIT || initial != v->initial)
		wrmsr(X86_X2APIC_TIMER_INIT, initial);
}

u32 core_vtimer_count(const struct core_vlapic *v)
{
	u32 count = by_deadline(v) ? 0 : rdmsr(X86_X2APIC_TIMER_NOW);

	return count < v->initial ? count : v->initial;
}

static void timer_expired(struct core_cpu *cpu, struct core_vlapic *v)
{
	cpu->timer_fired = 0;
	if (by_deadline(v)) {
		if (!v->deadline)
			return;
		if (rdtsc() + cpu->vmcb.control.tsc_offset < v->deadline) {
			set_deadline(cpu, v);
			return;
		}
		v->deadline = 0;
	}
	core_vlapic_local(v, VLAPIC_LVT_TIMER);
}

void core_intr_start(struct core_cpu *cpu)
{
	core_vlapic_reset(own(cpu));
	cpu->timer_fired = 0;
	cpu->offered = 0;
	cpu->halted = 0;
	wrmsr(X86_X2APIC_LVT_TIMER, X86_LVT_MASKED);
	wrmsr(X86_X2APIC_TIMER_INIT, 0);
	if (!cpu->timer_ratio)
		calibrate(cpu);
	/* From here on the core's own interrupts arrive. */
	wrmsr(X86_X2APIC_SVR, X86_SVR_ENABLE | 0xff);
}

/* May the guest take it now? The shadow after STI does not outlast a HLT. */
static bool is_open(const struct core_cpu *cpu, const struct core_vlapic *v, u32 vector)
{
	return (cpu->vmcb.save.rflags & X86_RFLAGS_IF) && vector >> 4 > v->tpr >> 4;
}

static bool nmi_is_due(const struct core_cpu *cpu)
{
	return cpu->nmi_pending && !cpu->nmi_masked;
}

/*
 * The bit leaves the IRR when it is offered, not when we learn that it was
 * taken: a second one that comes in between is not the same.
 */
static u64 offer(struct core_cpu *cpu, struct core_vlapic *v, u32 vector)
{
	__atomic_fetch_and(&v->irr[vector / 32], ~(1U << (vector % 32)), __ATOMIC_SEQ_CST);
	cpu->offered = vector;
	return SVM_V_IRQ | SVM_V_IGN_TPR | (u64)(vector >> 4) << SVM_V_PRIO_SHIFT |
	       (u64)vector << SVM_V_VECTOR_SHIFT;
}

void core_intr_enter(struct core_cpu *cpu)
{
	struct svm_control *control = &cpu->vmcb.control;
	struct core_vlapic *v = own(cpu);
	u32 vector;

	if (v->deadline && cpu->timer_offset != control->tsc_offset)
		set_deadline(cpu, v);
	if (READ_WORD(cpu->timer_fired))
		timer_expired(cpu, v);
	vector = core_vlapic_next(v);
	if (cpu->halted && ((vector && is_open(cpu, v, vector)) || nmi_is_due(cpu))) {
		core_x86_skip_to(cpu, cpu->halted);
		cpu->halted = 0;
	}
	control->v_intr = SVM_V_INTR_MASKING | v->tpr >> 4;
	control->intercept_cr = vector ? SVM_CR8_WRITE : 0;
	if (vector >> 4 > v->tpr >> 4)
		control->v_intr |= offer(cpu, v, vector);
	asm volatile("sti" : : : "memory");
}

/*
 * A delivery that was cut short by the exit has left the APIC too; enter() has
 * made it the next event. Where it is noted as an exception, it is none.
 */
static bool was_taken(struct svm_control *control, u32 vector)
{
	u64 *event = &control->event_injection;

	if (!(control->v_intr & SVM_V_IRQ))
		return true;
	if (!(*event & SVM_EVENT_VALID) || (u8)*event != vector || vector < 32)
		return false;
	*event &= ~EVENT_KIND;
	return true;
}

static void left_guest(struct core_cpu *cpu, struct core_vlapic *v)
{
	struct svm_control *control = &cpu->vmcb.control;
	u32 vector = cpu->offered, bit = 1U << (vector % 32);

	if ((control->v_intr & V_TPR) != v->tpr >> 4)
		v->tpr = (control->v_intr & V_TPR) << 4;
	if (!vector)
		return;
	cpu->offered = 0;
	if (was_taken(control, vector))
		v->isr[vector / 32] |= bit;
	else
		__atomic_fetch_or(&v->irr[vector / 32], bit, __ATOMIC_SEQ_CST);
}

/* RIP stays at the HLT until there is something to go on for: core_intr_enter(). */
static void halt(struct core_cpu *cpu, const struct core_vlapic *v)
{
	struct core_trace *trace = cpu->trace;
	u64 start = core_clock(), slept;
	u32 vector = core_vlapic_next(v);

	core_count(AXVM_EXIT_IDLE);
	cpu->halted = cpu->features & CORE_X86_NRIPS ? cpu->vmcb.control.next_rip :
		      cpu->vmcb.save.rip + 1;
	if ((vector && is_open(cpu, v, vector)) || nmi_is_due(cpu) || READ_WORD(cpu->timer_fired))
		return;
	core_idle(&core_self()->cmd, &core_self()->ack, &core_self()->requests, ~0U);
	core_ivc_kicked();
	slept = core_clock() - start;
	trace->idle += slept;
	trace->skipped += slept;
	trace->last += slept;
}

static bool access_msr(struct core_cpu *cpu, struct core_vlapic *v)
{
	u64 base = core_cell()->arch.lapic[cpu->index].base;
	u64 value = (u32)cpu->gpr[0] | cpu->gpr[2] << 32;
	bool write = cpu->vmcb.control.exit_info1 & 1, done;
	u32 msr = cpu->gpr[1];

	if (msr == X86_MSR_TSC_DEADLINE) {
		done = true;
		if (!write) {
			value = v->deadline;
		} else if (by_deadline(v)) {
			v->deadline = value;
			core_vtimer_update(v, msr);
		}
	} else if (msr >= X86_X2APIC_FIRST && msr <= X86_X2APIC_LAST &&
		   (base & X86_APIC_BASE_EXTD)) {
		done = write ? core_vlapic_write(msr, value) : core_vlapic_read(msr, &value);
	} else {
		return false;
	}
	if (!done)
		return false;	/* refused and logged as any other register */
	core_count(msr == X86_X2APIC_ICR ? AXVM_EXIT_IPI : AXVM_EXIT_SYSREG);
	if (!write) {
		cpu->gpr[0] = (u32)value;
		cpu->gpr[2] = value >> 32;
	}
	core_x86_skip(cpu, 2);
	return true;
}

bool core_intr_exit(struct core_cpu *cpu, u64 code)
{
	struct core_vlapic *v = own(cpu);

	left_guest(cpu, v);
	switch (code) {
	case SVM_EXIT_INTR:
		core_count(AXVM_EXIT_INTERRUPT);
		core_take_nmi();
		/* A kick that was pending too has been taken with it. */
		core_ivc_kicked();
		return true;
	case SVM_EXIT_HLT:
		halt(cpu, v);
		return true;
	case SVM_EXIT_CR8_WRITE:
		core_count(AXVM_EXIT_SYSREG);
		core_x86_cr8(cpu, &v->tpr);
		return true;
	case SVM_EXIT_MSR:
		return access_msr(cpu, v);
	}
	return false;
}
