/* SPDX-License-Identifier: GPL-2.0 */
/* Who an interrupt command means: pure, so that KUnit can try every form of it. */
#ifndef AXVM_X86_CORE_LAPIC_H
#define AXVM_X86_CORE_LAPIC_H

#include "core_abi.h"
#include "x86.h"

/* APM volume 2, section 16.11.1: fixed by the ID in x2APIC mode. */
static inline u32 core_lapic_logical_id(u32 id)
{
	return (id >> 4) << 16 | 1U << (id & 15);
}

static inline bool core_lapic_match_logical(const struct core_lapic *lapic, u32 id, u32 dest)
{
	u32 ldr = lapic->ldr >> 24;

	if (lapic->base & X86_APIC_BASE_EXTD) {
		u32 own = core_lapic_logical_id(id);

		return dest == 0xffffffff || (own >> 16 == dest >> 16 && (own & dest & 0xffff));
	}
	if (dest == 0xff)
		return true;
	if (lapic->dfr >> 28 == 0xf)	/* flat model */
		return ldr & dest;
	return ldr >> 4 == dest >> 4 && (ldr & dest & 0xf);
}

/**
 * core_lapic_match() - is a vCPU meant by an interrupt command? Section 16.5
 * @cell: for the APICs' logical IDs
 * @sender: vCPU that gave the command
 * @vcpu: candidate
 * @icr: command, destination in bits 63:32 (x2APIC) or 63:56 (xAPIC, by the sender's mode)
 */
static inline bool core_lapic_match(const struct core_cell *cell, u32 sender, u32 vcpu, u64 icr)
{
	bool x2 = cell->arch.lapic[sender].base & X86_APIC_BASE_EXTD;
	u32 dest = x2 ? icr >> 32 : icr >> 56;

	switch (X86_ICR_SHORTHAND(icr)) {
	case X86_ICR_SELF:
		return vcpu == sender;
	case X86_ICR_ALL:
		return true;
	case X86_ICR_OTHERS:
		return vcpu != sender;
	}
	if (icr & X86_ICR_LOGICAL)
		return core_lapic_match_logical(&cell->arch.lapic[vcpu], vcpu, dest);
	return dest == vcpu || dest == (x2 ? 0xffffffff : 0xff);
}

/**
 * core_lapic_command() - carry out an interrupt command within the cell
 * @icr: as in core_lapic_match()
 *
 * Anything that is not for a CPU of this cell, or not allowed, is refused and counted.
 * Return: true if somebody was meant.
 */
bool core_lapic_command(u64 icr);

#endif
