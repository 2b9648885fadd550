// SPDX-License-Identifier: GPL-2.0
/*
 * The local APIC: APM volume 2, chapter 16. The physical one is always in
 * x2APIC mode; timer, EOI, TPR and self-IPI are the guest's without an exit.
 * What comes here is what could reach beyond the cell (commands to other
 * CPUs, LINT pins, SMI and INIT delivery), what must show the cell's own
 * numbering (ID, LDR), and everything of a guest in xAPIC mode.
 */
#include "core.h"
#include "lapic.h"
#include "vlapic.h"

#define LVT_TIMER_BITS	0x300ffU
#define LVT_BITS	0x100ffU	/* fixed delivery only */
#define SVR_BITS	0x1ffU
#define DIV_BITS	0xbU

static const u16 lvts[] = {
	X86_X2APIC_LVT_TIMER, X86_X2APIC_LVT_THERMAL, X86_X2APIC_LVT_PMC,
	X86_X2APIC_LVT_LINT0, X86_X2APIC_LVT_LINT1, X86_X2APIC_LVT_ERROR,
};

void core_lapic_init(void)
{
	u64 base = rdmsr(X86_MSR_APIC_BASE) | X86_APIC_BASE_EN;

	/* Disabled to xAPIC to x2APIC, one step at a time: figure 16-26. */
	wrmsr(X86_MSR_APIC_BASE, base);
	wrmsr(X86_MSR_APIC_BASE, base | X86_APIC_BASE_EXTD);
	core_lapic_reset();
}

/* Linux gets the APIC back in the mode that it uses on its other CPUs. */
void core_lapic_exit(void)
{
	u64 base = rdmsr(X86_MSR_APIC_BASE);

	core_lapic_reset();
	if (core_cpu()->host_apic_base & X86_APIC_BASE_EXTD)
		return;
	wrmsr(X86_MSR_APIC_BASE, base & ~(X86_APIC_BASE_EN | X86_APIC_BASE_EXTD));
	wrmsr(X86_MSR_APIC_BASE, (base & ~X86_APIC_BASE_EXTD) | X86_APIC_BASE_EN);
}

static bool any_bit(u32 first)
{
	u32 i;

	for (i = 0; i < 8; i++)
		if (rdmsr(first + i))
			return true;
	return false;
}

/* As after INIT, with nothing pending from whoever had it before. */
void core_lapic_reset(void)
{
	u32 i;

	wrmsr(X86_X2APIC_SVR, X86_SVR_ENABLE | 0xff);
	for (i = 0; i < sizeof(lvts) / sizeof(lvts[0]); i++)
		wrmsr(lvts[i], X86_LVT_MASKED);
	wrmsr(X86_X2APIC_TIMER_INIT, 0);
	wrmsr(X86_X2APIC_TPR, 0);
	for (i = 0; i < 256 && any_bit(X86_X2APIC_ISR); i++)
		wrmsr(X86_X2APIC_EOI, 0);
	for (i = 0; i < 256 && any_bit(X86_X2APIC_IRR); i++)
		core_drain_interrupts();
	wrmsr(X86_X2APIC_SVR, 0xff);
	wrmsr(X86_X2APIC_TIMER_DIV, 0);
	wrmsr(X86_X2APIC_ESR, 0);
}

void core_lapic_send_physical(u32 vcpu, u8 vector)
{
	/* What the sender wrote before must be seen by the interrupted (16.11.2). */
	asm volatile("mfence; lfence" : : : "memory");
	wrmsr(X86_X2APIC_ICR, (u64)core_cell()->vcpu[vcpu].hw_id << 32 | X86_ICR_ASSERT | vector);
}

void core_lapic_send(u32 vcpu, u8 vector)
{
	if (core_arch_slow())
		core_vlapic_post(vcpu, vector);
	else
		core_lapic_send_physical(vcpu, vector);
}

static void set_eoi_exits(struct core_cpu *cpu, bool on)
{
	cpu->eoi_exits = on;
	cpu->vmcb.control.msrpm_base_pa = cpu->msrpm_pa[on];
}

/*
 * Only the receiver can have its own EOI intercepted, so it sends the interrupt
 * itself; where the APIC is emulated, every EOI exits.
 */
void core_lapic_send_level(u32 vcpu, u8 vector)
{
	u32 *word = &core_cell()->arch.lapic[vcpu].level[vector / 32];

	__atomic_fetch_or(word, 1U << vector % 32, __ATOMIC_SEQ_CST);
	if (core_arch_slow())
		core_vlapic_post(vcpu, vector);
	else
		core_irq_send_vector(vcpu, vector);
}

static bool any_level(const struct core_lapic *lapic)
{
	u32 i, any = 0;

	for (i = 0; i < 8; i++)
		any |= READ_WORD(lapic->level[i]);
	return any;
}

/* Return: was there one of a level-triggered pin? It is not under way any more then. */
static bool take_level(struct core_lapic *lapic, u32 vector)
{
	u32 bit = 1U << vector % 32;

	return __atomic_fetch_and(&lapic->level[vector / 32], ~bit, __ATOMIC_SEQ_CST) & bit;
}

static void end_level(u8 vector)
{
	core_device_lock();
	core_ioapic_eoi(vector);
	core_device_unlock();
}

void core_lapic_ended(u8 vector)
{
	if (take_level(&core_cell()->arch.lapic[core_index()], vector))
		end_level(vector);
}

/* The vector that an EOI ends: the highest in service (16.6.3). 0: none. */
static u32 in_service(void)
{
	u32 i, bits;

	for (i = 8; i-- > 0;) {
		bits = rdmsr(X86_X2APIC_ISR + i);
		if (bits)
			return i * 32 + 31 - __builtin_clz(bits);
	}
	return 0;
}

static void end_of_interrupt(struct core_cpu *cpu, struct core_lapic *lapic)
{
	u32 vector = in_service();

	wrmsr(X86_X2APIC_EOI, 0);
	core_lapic_ended(vector);
	/* One that is sent right now switches it on again when it is taken. */
	if (!any_level(lapic))
		set_eoi_exits(cpu, false);
}

void core_lapic_forget(void)
{
	struct core_lapic *lapic = &core_cell()->arch.lapic[core_index()];
	u32 vector;

	for (vector = 0; any_level(lapic) && vector < CORE_MAX_VECTOR; vector++)
		core_lapic_ended(vector);
	set_eoi_exits(core_cpu(), false);
}

void core_arch_inject(u32 vector)
{
	struct core_lapic *lapic = &core_cell()->arch.lapic[core_index()];

	if (READ_WORD(lapic->level[vector / 32]) & 1U << vector % 32)
		set_eoi_exits(core_cpu(), true);
	core_lapic_send(core_index(), vector);
}

bool core_arch_guest_irq(u32 vcpu, u64 number)
{
	if (number < 16 || number >= CORE_MAX_VECTOR)
		return false;
	core_lapic_send(vcpu, number);
	return true;
}

/* Compiled for each mode, so that neither has to ask. */
static inline __attribute__((always_inline)) void deliver(u32 vcpu, u64 icr, bool emulated)
{
	u8 vector = icr;

	switch (X86_ICR_MODE(icr)) {
	case X86_ICR_FIXED:
	case X86_ICR_LOWEST:
		if (vector < 16 && emulated)
			core_vlapic_error(&core_cell()->arch.vlapic[core_index()], VLAPIC_SENT_ILLEGAL);
		else if (vector >= 16 && (icr & X86_ICR_LEVEL))
			core_lapic_send_level(vcpu, vector);
		else if (vector >= 16 && emulated)
			core_vlapic_post(vcpu, vector);
		else if (vector >= 16)
			core_lapic_send_physical(vcpu, vector);
		break;
	case X86_ICR_NMI:
		core_request(vcpu, CORE_REQ_NMI);
		break;
	case X86_ICR_INIT:
		/* The de-assert of old MP start-up sequences does nothing. */
		if (!(icr & X86_ICR_LEVEL) || (icr & X86_ICR_ASSERT))
			core_request(vcpu, CORE_REQ_INIT);
		break;
	case X86_ICR_STARTUP:
		WRITE_WORD(core_cell()->vcpu[vcpu].start_arg, vector);
		core_request(vcpu, CORE_REQ_START);
		break;
	}
}

static void refuse(u64 icr)
{
	struct core_vcpu *self = core_self();

	if (self->counters[AXVM_COUNTER_IPI_REFUSED]++ < CORE_LOG_SIZE / 4)
		core_log(CORE_LOG_IPI, icr, 0);
}

static inline __attribute__((always_inline)) bool command(u64 icr, bool emulated)
{
	struct core_cell *cell = core_cell();
	u32 mode = X86_ICR_MODE(icr);
	bool found = false;
	u32 i;

	if (mode == X86_ICR_FIXED || mode == X86_ICR_LOWEST || mode == X86_ICR_NMI ||
	    mode == X86_ICR_INIT || mode == X86_ICR_STARTUP) {
		for (i = 0; i < cell->nr_vcpus; i++) {
			if (!core_lapic_match(cell, core_index(), i, icr))
				continue;
			deliver(i, icr, emulated);
			found = true;
			if (mode == X86_ICR_LOWEST)
				break;
		}
	}
	if (!found)
		refuse(icr);
	return found;
}

static noinline bool command_physical(u64 icr)
{
	return command(icr, false);
}

bool core_lapic_command(u64 icr)
{
	return core_arch_slow() ? command(icr, true) : command_physical(icr);
}

static bool readable(u32 reg)
{
	switch (reg) {
	case X86_X2APIC_VERSION:
	case X86_X2APIC_TPR:
	case X86_X2APIC_PPR:
	case X86_X2APIC_SVR:
	case X86_X2APIC_ISR ... X86_X2APIC_ESR:
	case X86_X2APIC_LVT_TIMER ... X86_X2APIC_TIMER_NOW:
	case X86_X2APIC_TIMER_DIV:
		return true;
	}
	return false;
}

bool core_lapic_read_view(u32 reg, u64 *value)
{
	struct core_cell *cell = core_cell();
	struct core_lapic *lapic = &cell->arch.lapic[core_index()];
	bool x2 = lapic->base & X86_APIC_BASE_EXTD;

	switch (reg) {
	case X86_X2APIC_ID:
		*value = x2 ? core_index() : core_index() << 24;
		return true;
	case X86_X2APIC_LDR:
		*value = x2 ? core_lapic_logical_id(core_index()) : lapic->ldr;
		return true;
	case X86_X2APIC_DFR:
		*value = lapic->dfr;
		return !x2;
	case X86_X2APIC_ICR:
		*value = x2 ? lapic->icr : (u32)lapic->icr;
		return true;
	case X86_X2APIC_ICR_HIGH:
		*value = lapic->icr >> 32;
		return !x2;
	}
	return false;
}

bool core_lapic_read(u32 reg, u64 *value)
{
	if (core_lapic_read_view(reg, value))
		return true;
	if (!readable(reg))
		return false;
	*value = rdmsr(reg);
	return true;
}

/* Commands are edges but for INIT's de-assert (table 16-4); levels are the I/O APIC's. */
static u64 guest_command(u64 icr)
{
	return X86_ICR_MODE(icr) == X86_ICR_INIT ? icr : icr & ~(u64)X86_ICR_LEVEL;
}

/* Registers that only a guest in xAPIC mode has. */
static inline __attribute__((always_inline)) bool write_xapic(struct core_lapic *lapic, u32 reg,
							      u32 value)
{
	switch (reg) {
	case X86_X2APIC_LDR:
		lapic->ldr = value & 0xff000000;
		return true;
	case X86_X2APIC_DFR:
		lapic->dfr = value | 0x0fffffff;
		return true;
	case X86_X2APIC_ICR_HIGH:
		lapic->icr = (u32)lapic->icr | (u64)value << 32;
		return true;
	case X86_X2APIC_ICR:
		lapic->icr = (lapic->icr & ~0xffffffffULL) | value;
		core_lapic_command(guest_command(lapic->icr));
		return true;
	case X86_X2APIC_ID:
	case X86_X2APIC_VERSION:	/* read-only: writes have no effect */
		return true;
	}
	return false;
}

bool core_lapic_write_view(u32 reg, u64 value)
{
	struct core_lapic *lapic = &core_cell()->arch.lapic[core_index()];

	if (!(lapic->base & X86_APIC_BASE_EXTD))
		return write_xapic(lapic, reg, value);
	if (reg != X86_X2APIC_ICR)
		return false;
	lapic->icr = value;
	core_lapic_command(guest_command(value));
	return true;
}

/* Values are cut to what the register takes: a bad one would be our #GP, not the guest's. */
static bool write_physical(u32 reg, u64 value)
{
	switch (reg) {
	case X86_X2APIC_TPR:
		value &= 0xff;
		break;
	case X86_X2APIC_EOI:
	case X86_X2APIC_ESR:
		value = 0;
		break;
	case X86_X2APIC_SVR:
		value &= SVR_BITS;
		break;
	case X86_X2APIC_LVT_TIMER:
		value &= LVT_TIMER_BITS;
		break;
	case X86_X2APIC_LVT_THERMAL:
	case X86_X2APIC_LVT_PMC:
	case X86_X2APIC_LVT_ERROR:
		value &= LVT_BITS;
		break;
	case X86_X2APIC_LVT_LINT0:	/* wired to the host's 8259 and NMI sources */
	case X86_X2APIC_LVT_LINT1:
		value = (value & LVT_BITS) | X86_LVT_MASKED;
		break;
	case X86_X2APIC_TIMER_INIT:
		value = (u32)value;
		break;
	case X86_X2APIC_TIMER_DIV:
		value &= DIV_BITS;
		break;
	default:
		return false;
	}
	wrmsr(reg, value);
	return true;
}

/* What nearly every IPI is: x2APIC mode, fixed, to one vCPU by its ID. Return: false if it is not. */
static inline bool send_plain(u64 icr)
{
	u32 vcpu = icr >> 32;

	if ((icr & (X86_ICR_LOGICAL | 0xc0700)) || (u8)icr < 16 || vcpu >= core_cell()->nr_vcpus)
		return false;
	core_lapic_send_physical(vcpu, icr);
	return true;
}

bool core_lapic_write(u32 reg, u64 value)
{
	struct core_lapic *lapic = &core_cell()->arch.lapic[core_index()];

	if (!(lapic->base & X86_APIC_BASE_EXTD) && write_xapic(lapic, reg, value))
		return true;
	if (reg == X86_X2APIC_ICR) {
		lapic->icr = value;
		if (!send_plain(value))
			command_physical(guest_command(value));
		return true;
	}
	if (reg == X86_X2APIC_EOI && core_cpu()->eoi_exits) {
		end_of_interrupt(core_cpu(), lapic);
		return true;
	}
	return write_physical(reg, value);
}
