// SPDX-License-Identifier: GPL-2.0
/*
 * A 24-pin I/O APIC (Intel 82093AA data sheet, section 3) for the cell's
 * emulated devices. Interrupts are sent as IPIs to the cell's own CPUs and
 * arrive without an exit, so the core never sees an EOI: a level-triggered pin
 * is delivered at its rising edge and when it is unmasked while high.
 */
#include "core.h"
#include "lapic.h"

#define REG_SELECT	0x00
#define REG_WINDOW	0x10
#define INDEX_ID	0
#define INDEX_VERSION	1
#define INDEX_ARB	2
#define INDEX_RTE	16
#define NR_PINS		24
#define VERSION		(0x11 | (NR_PINS - 1) << 16)

#define RTE_MASKED	(1ULL << 16)
#define RTE_READ_ONLY	((1ULL << 12) | (1ULL << 14))	/* delivery status, remote IRR */
#define RTE_BITS	(0xff0000000001ffffULL & ~RTE_READ_ONLY)

static void deliver(u64 rte)
{
	u32 mode = X86_ICR_MODE(rte);
	u64 dest = rte >> 56;
	bool x2 = core_cell()->arch.lapic[core_index()].base & X86_APIC_BASE_EXTD;

	/* The rest (SMI, NMI, INIT, ExtINT) no device of ours uses. */
	if (mode != X86_ICR_FIXED && mode != X86_ICR_LOWEST) {
		core_count_event(AXVM_COUNTER_IRQ_DROPPED);
		return;
	}
	if (x2 && dest == 0xff)
		dest = 0xffffffff;
	core_lapic_command(dest << (x2 ? 32 : 56) | (rte & (X86_ICR_LOGICAL | 0x7ff)) |
			   X86_ICR_ASSERT);
}

void core_arch_irq_line(u32 irq, bool level)
{
	struct core_ioapic *ioapic = &core_cell()->arch.ioapic;
	u32 bit;

	if (irq >= NR_PINS)
		return;
	bit = 1U << irq;
	if (!level == !(ioapic->level & bit))
		return;
	ioapic->level ^= bit;
	if (!level)
		return;
	if (ioapic->rte[irq] & RTE_MASKED)
		core_count_event(AXVM_COUNTER_IRQ_DROPPED);
	else
		deliver(ioapic->rte[irq]);
}

static void write_rte(struct core_ioapic *ioapic, u32 index, u32 value)
{
	u32 pin = index / 2;
	u64 old = ioapic->rte[pin];
	u64 rte = index & 1 ? (u32)old | (u64)value << 32 : (old & ~0xffffffffULL) | value;

	ioapic->rte[pin] = rte & RTE_BITS;
	if ((old & RTE_MASKED) && !(rte & RTE_MASKED) && (ioapic->level & 1U << pin))
		deliver(rte);
}

static u32 read_register(const struct core_ioapic *ioapic)
{
	u32 index = ioapic->select;

	if (index == INDEX_ID || index == INDEX_ARB)
		return ioapic->id;
	if (index == INDEX_VERSION)
		return VERSION;
	index -= INDEX_RTE;
	if (index >= 2 * NR_PINS)
		return 0;
	return ioapic->rte[index / 2] >> (index & 1 ? 32 : 0);
}

void core_ioapic_access(u32 offset, u32 size, bool write, u64 *value)
{
	struct core_ioapic *ioapic = &core_cell()->arch.ioapic;

	if (!write)
		*value = 0;
	if (size != 4 || (offset != REG_SELECT && offset != REG_WINDOW))
		return;
	if (!write)
		*value = offset == REG_SELECT ? ioapic->select : read_register(ioapic);
	else if (offset == REG_SELECT)
		ioapic->select = *value & 0xff;
	else if (ioapic->select == INDEX_ID)
		ioapic->id = *value & 0x0f000000;
	else if (ioapic->select >= INDEX_RTE && ioapic->select < INDEX_RTE + 2 * NR_PINS)
		write_rte(ioapic, ioapic->select - INDEX_RTE, *value);
}
