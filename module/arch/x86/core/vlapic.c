// SPDX-License-Identifier: GPL-2.0
/*
 * The registers of an emulated local APIC: APM volume 2, chapter 16. Siblings
 * set bits in its IRR; everything else is its own CPU's. What it shares with the
 * passthrough mode (ID, logical destination, commands) is in lapic.c.
 */
#include "core.h"
#include "lapic.h"
#include "vlapic.h"

#define VERSION		0x50010		/* six local vectors, no directed EOI */
#define SVR_RESET	0xff
#define SVR_BITS	0x1ff
#define LVT_TIMER_BITS	(0x100ff | X86_LVT_TIMER_MODE)
#define LVT_ERROR_BITS	0x100ff
#define LVT_BITS	0x107ff
#define LVT_LINT_BITS	0x1a7ff
#define DIV_BITS	0xb
#define FIRST_VECTOR	16

static const u32 lvt_bits[] = {
	LVT_TIMER_BITS, LVT_BITS, LVT_BITS, LVT_LINT_BITS, LVT_LINT_BITS, LVT_ERROR_BITS,
};

static struct core_vlapic *own(void)
{
	return &core_cell()->arch.vlapic[core_index()];
}

void core_vlapic_reset(struct core_vlapic *v)
{
	u32 i;

	for (i = 0; i < 8; i++) {
		WRITE_WORD(v->irr[i], 0);
		v->isr[i] = 0;
	}
	for (i = 0; i < 6; i++)
		v->lvt[i] = X86_LVT_MASKED;
	WRITE_WORD(v->svr, SVR_RESET);
	v->tpr = 0;
	v->esr = 0;
	v->errors = 0;
	v->divide = 0;
	v->initial = 0;
	v->deadline = 0;
}

void core_vlapic_post(u32 vcpu, u8 vector)
{
	struct core_vlapic *v = &core_cell()->arch.vlapic[vcpu];
	u32 bit = 1U << (vector % 32);

	if (!(READ_WORD(v->svr) & X86_SVR_ENABLE)) {
		core_count_event(AXVM_COUNTER_IRQ_DROPPED);
		return;
	}
	/* Whoever found the bit clear has sent the IPI, or will; the bit is taken after it came. */
	if (!(__atomic_fetch_or(&v->irr[vector / 32], bit, __ATOMIC_SEQ_CST) & bit) &&
	    vcpu != core_index())
		core_lapic_send_physical(vcpu, CORE_VECTOR_POST);
}

void core_vlapic_local(struct core_vlapic *v, u32 lvt)
{
	if (v->lvt[lvt] & X86_LVT_MASKED)
		return;
	if ((u8)v->lvt[lvt] >= FIRST_VECTOR)
		core_vlapic_post(core_index(), v->lvt[lvt]);
	else if (lvt != VLAPIC_LVT_ERROR)
		core_vlapic_error(v, VLAPIC_GOT_ILLEGAL);
}

void core_vlapic_error(struct core_vlapic *v, u32 error)
{
	v->errors |= error;
	core_vlapic_local(v, VLAPIC_LVT_ERROR);
}

static void eoi(struct core_vlapic *v)
{
	u32 vector = core_vlapic_highest(v->isr);

	v->isr[vector / 32] &= ~(1U << (vector % 32));
	core_lapic_ended(vector);
}

bool core_vlapic_read(u32 reg, u64 *value)
{
	struct core_vlapic *v = own();

	if (core_lapic_read_view(reg, value))
		return true;
	*value = 0;
	switch (reg) {
	case X86_X2APIC_VERSION:
		*value = VERSION;
		return true;
	case X86_X2APIC_TPR:
		*value = v->tpr;
		return true;
	case X86_X2APIC_PPR:
		*value = core_vlapic_ppr(v);
		return true;
	case X86_X2APIC_SVR:
		*value = v->svr;
		return true;
	case X86_X2APIC_ISR ... X86_X2APIC_ISR + 7:
		*value = v->isr[reg - X86_X2APIC_ISR];
		return true;
	case X86_X2APIC_TMR ... X86_X2APIC_TMR + 7:
		*value = READ_WORD(core_cell()->arch.lapic[core_index()].level[reg - X86_X2APIC_TMR]);
		return true;
	case X86_X2APIC_IRR ... X86_X2APIC_IRR + 7:
		*value = READ_WORD(v->irr[reg - X86_X2APIC_IRR]);
		return true;
	case X86_X2APIC_ESR:
		*value = v->esr;
		return true;
	case X86_X2APIC_LVT_TIMER ... X86_X2APIC_LVT_ERROR:
		*value = v->lvt[reg - X86_X2APIC_LVT_TIMER];
		return true;
	case X86_X2APIC_TIMER_INIT:
		*value = v->initial;
		return true;
	case X86_X2APIC_TIMER_NOW:
		*value = core_vtimer_count(v);
		return true;
	case X86_X2APIC_TIMER_DIV:
		*value = v->divide;
		return true;
	}
	return false;
}

static void write_lvt(struct core_vlapic *v, u32 lvt, u32 value)
{
	u32 changed;

	value &= lvt_bits[lvt];
	/* Both are reserved together; a timer that is set by deadline must not repeat itself. */
	if (lvt == VLAPIC_LVT_TIMER && (value & X86_LVT_DEADLINE))
		value &= ~X86_LVT_PERIODIC;
	if (!(v->svr & X86_SVR_ENABLE))
		value |= X86_LVT_MASKED;
	changed = v->lvt[lvt] ^ value;
	v->lvt[lvt] = value;
	if (lvt != VLAPIC_LVT_TIMER)
		return;
	/* To and from the deadline, the timer is disarmed. */
	if (changed & X86_LVT_DEADLINE) {
		v->deadline = 0;
		v->initial = 0;
		core_vtimer_update(v, X86_X2APIC_TIMER_INIT);
	}
	core_vtimer_update(v, X86_X2APIC_LVT_TIMER);
}

static void write_svr(struct core_vlapic *v, u32 value)
{
	u32 i;

	WRITE_WORD(v->svr, value & SVR_BITS);
	for (i = 0; i < 6 && !(value & X86_SVR_ENABLE); i++)
		write_lvt(v, i, v->lvt[i]);
}

/* Return: is it a register that is in memory only in xAPIC mode, or in both? */
static bool write_register(struct core_vlapic *v, u32 reg, u32 value)
{
	switch (reg) {
	case X86_X2APIC_TPR:
		v->tpr = value & 0xff;
		return true;
	case X86_X2APIC_EOI:
		eoi(v);
		return true;
	case X86_X2APIC_SVR:
		write_svr(v, value);
		return true;
	case X86_X2APIC_ESR:
		v->esr = v->errors;
		v->errors = 0;
		return true;
	case X86_X2APIC_LVT_TIMER ... X86_X2APIC_LVT_ERROR:
		write_lvt(v, reg - X86_X2APIC_LVT_TIMER, value);
		return true;
	case X86_X2APIC_TIMER_INIT:
		if (v->lvt[VLAPIC_LVT_TIMER] & X86_LVT_DEADLINE)
			return true;
		v->initial = value;
		core_vtimer_update(v, reg);
		return true;
	case X86_X2APIC_TIMER_DIV:
		v->divide = value & DIV_BITS;
		core_vtimer_update(v, reg);
		return true;
	}
	return false;
}

bool core_vlapic_write(u32 reg, u64 value)
{
	struct core_vlapic *v = own();
	bool x2 = core_cell()->arch.lapic[core_index()].base & X86_APIC_BASE_EXTD;

	if (core_lapic_write_view(reg, value) || write_register(v, reg, value))
		return true;
	if (x2 && reg == X86_X2APIC_SELF_IPI) {
		core_lapic_command(X86_ICR_SELF << 18 | (value & 0xff));
		return true;
	}
	if (!x2)
		core_vlapic_error(v, VLAPIC_NO_REGISTER);
	return false;
}
