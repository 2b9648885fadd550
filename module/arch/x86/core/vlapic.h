/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Interrupts "emulated": a local APIC made of memory (vlapic.c), and what the
 * CPU behind it does for it (intr.c). APM volume 2, chapter 16.
 */
#ifndef AXVM_X86_CORE_VLAPIC_H
#define AXVM_X86_CORE_VLAPIC_H

#include "core_abi.h"
#include "x86.h"

/* The core's own vectors in this mode; nothing of Linux's comes to a taken CPU by them. */
#define CORE_VECTOR_TIMER	0x21
#define CORE_VECTOR_POST	0x22	/* a sibling has set a bit in our IRR */

/* Indices into core_vlapic.lvt, in the registers' order */
#define VLAPIC_LVT_TIMER	0
#define VLAPIC_LVT_ERROR	5

/* Error status: section 16.4.6 */
#define VLAPIC_SENT_ILLEGAL	(1U << 5)
#define VLAPIC_GOT_ILLEGAL	(1U << 6)
#define VLAPIC_NO_REGISTER	(1U << 7)

static inline u32 core_vlapic_highest(const u32 word[8])
{
	u32 i;

	for (i = 8; i-- > 0;) {
		u32 bits = *(const volatile u32 *)&word[i];

		if (bits)
			return i * 32 + 31 - __builtin_clz(bits);
	}
	return 0;
}

/**
 * core_vlapic_ppr() - the processor priority: section 16.6.5
 */
static inline u32 core_vlapic_ppr(const struct core_vlapic *v)
{
	u32 serviced = core_vlapic_highest(v->isr);

	return v->tpr >> 4 >= serviced >> 4 ? v->tpr : serviced & 0xf0;
}

/**
 * core_vlapic_next() - the vector that comes next, whatever the task priority says
 *
 * Return: 0 if there is none, or one in service is not of a lower class.
 */
static inline u32 core_vlapic_next(const struct core_vlapic *v)
{
	u32 vector = core_vlapic_highest(v->irr);

	return vector >> 4 > core_vlapic_highest(v->isr) >> 4 ? vector : 0;
}

/* What the divide configuration divides by, as a power of two: figure 16-10. */
static inline u32 core_vtimer_shift(u32 divide)
{
	return ((divide & 3) + (divide >> 1 & 4) + 1) & 7;
}

/**
 * core_vtimer_initial() - the count to load
 * @least: the shortest period, in undivided ticks
 *
 * A periodic timer could otherwise keep its CPU busy with nothing else.
 */
static inline u32 core_vtimer_initial(const struct core_vlapic *v, u32 least)
{
	bool periodic = (v->lvt[VLAPIC_LVT_TIMER] & X86_LVT_TIMER_MODE) == X86_LVT_PERIODIC;

	least = (least >> core_vtimer_shift(v->divide)) + 1;
	return periodic && v->initial && v->initial < least ? least : v->initial;
}

/* vlapic.c */

/**
 * core_vlapic_reset() - this vCPU's APIC as after INIT or being switched off; nothing is pending
 */
void core_vlapic_reset(struct core_vlapic *v);

/**
 * core_vlapic_post() - a fixed interrupt for a vCPU of this cell, from any of its CPUs
 * @vector: 16 to 255
 *
 * Dropped (and counted) while the APIC is disabled by software: section 16.4.7.
 */
void core_vlapic_post(u32 vcpu, u8 vector);

/**
 * core_vlapic_local() - the source of a local vector has something to say
 * @lvt: index into core_vlapic.lvt
 */
void core_vlapic_local(struct core_vlapic *v, u32 lvt);

/**
 * core_vlapic_error() - something for the error status register
 */
void core_vlapic_error(struct core_vlapic *v, u32 error);

/**
 * core_vlapic_read() - this vCPU reads a register
 * @reg: x2APIC MSR number, in both modes
 *
 * Return: false if there is none that can be read.
 */
bool core_vlapic_read(u32 reg, u64 *value);
bool core_vlapic_write(u32 reg, u64 value);

/* intr.c */

/**
 * core_vtimer_update() - bring the physical timer in line with the guest's registers
 * @reg: the one that was written: LVT_TIMER, TIMER_INIT, TIMER_DIV or TSC_DEADLINE
 */
void core_vtimer_update(struct core_vlapic *v, u32 reg);

/**
 * core_vtimer_count() - the guest's current count
 */
u32 core_vtimer_count(const struct core_vlapic *v);

/**
 * core_intr_start() - the vCPU begins or is reset; after core_lapic_reset()
 */
void core_intr_start(struct core_cpu *cpu);

/**
 * core_intr_enter() - before VMRUN: offer the guest what is pending
 */
void core_intr_enter(struct core_cpu *cpu);

/**
 * core_intr_exit() - after it: see what the guest has taken, and handle this mode's own exits
 *
 * Return: false if the exit is for everybody's handler.
 */
bool core_intr_exit(struct core_cpu *cpu, u64 code);

#endif
