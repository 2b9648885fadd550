// SPDX-License-Identifier: GPL-2.0
/*
 * A 24-pin I/O APIC (Intel 82093AA data sheet, section 3; its version 0x20 has
 * the EOI register too) for the cell's emulated devices and the lines that the
 * host half forwards. Interrupts are sent as IPIs to the cell's own CPUs and
 * arrive without an exit. Only while one of a level-triggered pin is under way
 * does the receiver's EOI exit, so that remote IRR can end.
 */
#include "core.h"
#include "lapic.h"

#define REG_SELECT	0x00
#define REG_WINDOW	0x10
#define REG_EOI		0x40
#define INDEX_ID	0
#define INDEX_VERSION	1
#define INDEX_ARB	2
#define INDEX_RTE	16
#define NR_PINS		24
#define VERSION		(0x20 | (NR_PINS - 1) << 16)

#define RTE_IRR		(1ULL << 14)	/* remote IRR */
#define RTE_LEVEL	(1ULL << 15)
#define RTE_MASKED	(1ULL << 16)
#define RTE_READ_ONLY	((1ULL << 12) | RTE_IRR)	/* and delivery status */
#define RTE_BITS	(0xff0000000001ffffULL & ~RTE_READ_ONLY)

static void deliver(u64 *rte)
{
	u32 mode = X86_ICR_MODE(*rte);
	u64 dest = *rte >> 56;
	bool x2 = core_cell()->arch.lapic[core_index()].base & X86_APIC_BASE_EXTD;

	/* The rest (SMI, NMI, INIT, ExtINT) no device of ours uses. */
	if (mode != X86_ICR_FIXED && mode != X86_ICR_LOWEST) {
		core_count_event(AXVM_COUNTER_IRQ_DROPPED);
		return;
	}
	if (x2 && dest == 0xff)
		dest = 0xffffffff;
	if (core_lapic_command(dest << (x2 ? 32 : 56) | X86_ICR_ASSERT |
			       (*rte & (X86_ICR_LEVEL | X86_ICR_LOGICAL | 0x7ff))) &&
	    (*rte & RTE_LEVEL))
		*rte |= RTE_IRR;
}

/* A level-triggered pin that is high asks for as long as nobody deals with it. */
static void deliver_level(struct core_ioapic *ioapic, u32 pin)
{
	u64 *rte = &ioapic->rte[pin];

	if ((*rte & RTE_LEVEL) && !(*rte & (RTE_MASKED | RTE_IRR)) && (ioapic->level & 1U << pin))
		deliver(rte);
}

void core_arch_irq_pulse(u32 line)
{
	u64 *rte;

	if (line >= NR_PINS)
		return;
	rte = &core_cell()->arch.ioapic.rte[line];
	if (*rte & (RTE_MASKED | RTE_IRR))
		core_count_event(AXVM_COUNTER_IRQ_DROPPED);
	else
		deliver(rte);
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
	if (ioapic->rte[irq] & RTE_LEVEL)
		deliver_level(ioapic, irq);
	else
		core_arch_irq_pulse(irq);
}

static void end(struct core_ioapic *ioapic, u32 pin)
{
	if (!(ioapic->rte[pin] & RTE_IRR))
		return;
	ioapic->rte[pin] &= ~RTE_IRR;
	core_irq_end(pin);
	deliver_level(ioapic, pin);
}

void core_ioapic_eoi(u8 vector)
{
	struct core_ioapic *ioapic = &core_cell()->arch.ioapic;
	u32 pin;

	for (pin = 0; pin < NR_PINS; pin++)
		if ((ioapic->rte[pin] & RTE_LEVEL) && (u8)ioapic->rte[pin] == vector)
			end(ioapic, pin);
}

static void write_rte(struct core_ioapic *ioapic, u32 index, u32 value)
{
	u32 pin = index / 2;
	u64 old = ioapic->rte[pin];
	u64 rte = index & 1 ? (u32)old | (u64)value << 32 : (old & ~0xffffffffULL) | value;

	ioapic->rte[pin] = (rte & RTE_BITS) | (old & RTE_IRR);
	/* What is edge-triggered awaits no EOI: so guests get rid of a remote IRR. */
	if (!(rte & RTE_LEVEL))
		end(ioapic, pin);
	if (rte & RTE_LEVEL)
		deliver_level(ioapic, pin);
	else if ((old & RTE_MASKED) && !(rte & RTE_MASKED) && (ioapic->level & 1U << pin))
		deliver(&ioapic->rte[pin]);
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

static void write_register(struct core_ioapic *ioapic, u32 value)
{
	if (ioapic->select == INDEX_ID)
		ioapic->id = value & 0x0f000000;
	else if (ioapic->select >= INDEX_RTE && ioapic->select < INDEX_RTE + 2 * NR_PINS)
		write_rte(ioapic, ioapic->select - INDEX_RTE, value);
}

void core_ioapic_access(u32 offset, u32 size, bool write, u64 *value)
{
	struct core_ioapic *ioapic = &core_cell()->arch.ioapic;

	if (!write)
		*value = 0;
	if (size != 4)
		return;
	if (offset == REG_EOI && write)
		core_ioapic_eoi(*value);
	else if (offset == REG_SELECT && write)
		ioapic->select = *value & 0xff;
	else if (offset == REG_WINDOW && write)
		write_register(ioapic, *value);
	else if (offset == REG_SELECT)
		*value = ioapic->select;
	else if (offset == REG_WINDOW)
		*value = read_register(ioapic);
}
