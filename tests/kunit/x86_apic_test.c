// SPDX-License-Identifier: GPL-2.0
/* x86: whom an interrupt command means, and what the I/O APIC makes of its pins. */
#include <kunit/test.h>
#include <linux/vmalloc.h>

#define core_arch_irq_line ioapic_line
#define core_arch_irq_pulse ioapic_pulse
#define core_irq_end ioapic_told_end
#include "../../module/core/core.h"

void core_ioapic_access(u32 offset, u32 size, bool write, u64 *value);
void core_ioapic_eoi(u8 vector);
#include "../../module/arch/x86/core/ioapic.c"

static u64 commands[8];
static unsigned int nr_commands;
static u32 ended;	/* pins whose interrupts ended */
static bool ends_lower;	/* that is told to somebody, who lowers them */
static bool nobody;	/* no vCPU is meant */

bool core_lapic_command(u64 icr)
{
	commands[nr_commands++ % ARRAY_SIZE(commands)] = icr;
	return !nobody;
}

void core_irq_end(u32 line)
{
	ended |= 1U << line;
	if (ends_lower)
		ioapic_line(line, false);
}

static int apic_test_init(struct kunit *test)
{
	struct core_cell *cell = vzalloc(sizeof(*cell));
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, cell);
	axvm_test_cell = cell;
	axvm_test_index = 0;
	nr_commands = 0;
	ended = 0;
	ends_lower = false;
	nobody = false;
	cell->nr_vcpus = 20;
	for (i = 0; i < 20; i++)
		cell->arch.lapic[i].base = X86_APIC_BASE_ADDR | X86_APIC_BASE_EN | X86_APIC_BASE_EXTD;
	for (i = 0; i < 24; i++)
		cell->arch.ioapic.rte[i] = RTE_MASKED;
	return 0;
}

static void apic_test_exit(struct kunit *test)
{
	vfree(axvm_test_cell);
}

/* Return: bitmap of the vCPUs that a command means. */
static u32 meant(u32 sender, u64 icr)
{
	u32 i, bits = 0;

	for (i = 0; i < axvm_test_cell->nr_vcpus; i++)
		bits |= (u32)core_lapic_match(axvm_test_cell, sender, i, icr) << i;
	return bits;
}

static void x2apic_destinations(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, meant(0, 5ULL << 32), 1U << 5);
	KUNIT_EXPECT_EQ(test, meant(0, 20ULL << 32), 0);
	KUNIT_EXPECT_EQ(test, meant(0, 0xffULL << 32), 0);
	KUNIT_EXPECT_EQ(test, meant(0, 0xffffffffULL << 32), 0xfffff);
	KUNIT_EXPECT_EQ(test, meant(7, 1ULL << 18), 1U << 7);
	KUNIT_EXPECT_EQ(test, meant(7, 2ULL << 18), 0xfffff);
	KUNIT_EXPECT_EQ(test, meant(7, 3ULL << 18), 0xfffff & ~(1U << 7));
	/* A shorthand makes the destination void. */
	KUNIT_EXPECT_EQ(test, meant(7, 5ULL << 32 | 1ULL << 18), 1U << 7);
	/* Logical: cluster in bits 31:16, members below. */
	KUNIT_EXPECT_EQ(test, meant(0, 0x00000005ULL << 32 | X86_ICR_LOGICAL), 0x5);
	KUNIT_EXPECT_EQ(test, meant(0, 0x0001ffffULL << 32 | X86_ICR_LOGICAL), 0xf0000);
	KUNIT_EXPECT_EQ(test, meant(0, 0x0002ffffULL << 32 | X86_ICR_LOGICAL), 0);
	KUNIT_EXPECT_EQ(test, meant(0, 0xffffffffULL << 32 | X86_ICR_LOGICAL), 0xfffff);
}

static void xapic_destinations(struct kunit *test)
{
	struct core_cell *cell = axvm_test_cell;
	unsigned int i;

	cell->nr_vcpus = 4;
	for (i = 0; i < 4; i++) {
		cell->arch.lapic[i].base &= ~X86_APIC_BASE_EXTD;
		cell->arch.lapic[i].dfr = 0xffffffff;
		cell->arch.lapic[i].ldr = 1U << (24 + i);
	}
	KUNIT_EXPECT_EQ(test, meant(0, 3ULL << 56), 1U << 3);
	KUNIT_EXPECT_EQ(test, meant(0, 4ULL << 56), 0);
	KUNIT_EXPECT_EQ(test, meant(0, 0xffULL << 56), 0xf);
	/* What would be an x2APIC destination means vCPU 0 here. */
	KUNIT_EXPECT_EQ(test, meant(0, 3ULL << 32), 1);
	KUNIT_EXPECT_EQ(test, meant(0, 0x0aULL << 56 | X86_ICR_LOGICAL), 0xa);
	KUNIT_EXPECT_EQ(test, meant(0, 0x10ULL << 56 | X86_ICR_LOGICAL), 0);
	for (i = 0; i < 4; i++) {
		cell->arch.lapic[i].dfr = 0x0fffffff;
		cell->arch.lapic[i].ldr = (i / 2) << 28 | 1U << (24 + i % 2);
	}
	KUNIT_EXPECT_EQ(test, meant(0, 0x13ULL << 56 | X86_ICR_LOGICAL), 0xc);
	KUNIT_EXPECT_EQ(test, meant(0, 0x02ULL << 56 | X86_ICR_LOGICAL), 0x2);
}

static void write_ioapic(u32 index, u32 value)
{
	u64 word = index;

	core_ioapic_access(REG_SELECT, 4, true, &word);
	word = value;
	core_ioapic_access(REG_WINDOW, 4, true, &word);
}

static u32 read_ioapic(u32 index)
{
	u64 word = index;

	core_ioapic_access(REG_SELECT, 4, true, &word);
	core_ioapic_access(REG_WINDOW, 4, false, &word);
	return word;
}

static void ioapic_registers(struct kunit *test)
{
	u64 value = 0x123456789;

	KUNIT_EXPECT_EQ(test, read_ioapic(INDEX_VERSION), 0x170020);
	write_ioapic(INDEX_ID, 0xffffffff);
	KUNIT_EXPECT_EQ(test, read_ioapic(INDEX_ID), 0x0f000000);
	KUNIT_EXPECT_EQ(test, read_ioapic(INDEX_RTE + 2 * 23), RTE_MASKED);
	write_ioapic(INDEX_RTE + 2 * 23, 0xffffffff);
	KUNIT_EXPECT_EQ(test, read_ioapic(INDEX_RTE + 2 * 23), 0x1afff);
	/* Past the last pin, and with the wrong width: nothing. */
	write_ioapic(INDEX_RTE + 2 * 24, 0xffffffff);
	KUNIT_EXPECT_EQ(test, read_ioapic(INDEX_RTE + 2 * 24), 0);
	KUNIT_EXPECT_EQ(test, read_ioapic(0xff), 0);
	core_ioapic_access(REG_WINDOW, 8, false, &value);
	KUNIT_EXPECT_EQ(test, value, 0);
	core_ioapic_access(0xffc, 4, false, &value);
	KUNIT_EXPECT_EQ(test, value, 0);
}

static void ioapic_delivery(struct kunit *test)
{
	ioapic_line(4, true);
	KUNIT_EXPECT_EQ(test, nr_commands, 0);
	KUNIT_EXPECT_EQ(test, axvm_test_cell->vcpu[0].counters[AXVM_COUNTER_IRQ_DROPPED], 1);
	/* High while it is unmasked: delivered then. */
	write_ioapic(INDEX_RTE + 9, 2U << 24);
	write_ioapic(INDEX_RTE + 8, 0x41);
	KUNIT_EXPECT_EQ(test, nr_commands, 1);
	KUNIT_EXPECT_EQ(test, commands[0], 2ULL << 32 | X86_ICR_ASSERT | 0x41);
	/* An edge is a change, not a level. */
	ioapic_line(4, true);
	KUNIT_EXPECT_EQ(test, nr_commands, 1);
	ioapic_line(4, false);
	ioapic_line(4, true);
	KUNIT_EXPECT_EQ(test, nr_commands, 2);
	/* Delivery modes that would leave the cell or its interrupt model. */
	ioapic_line(4, false);
	write_ioapic(INDEX_RTE + 8, X86_ICR_SMI << 8);
	ioapic_line(4, true);
	KUNIT_EXPECT_EQ(test, nr_commands, 2);
	ioapic_line(24, true);
	ioapic_line(CORE_NO_IRQ, true);
	KUNIT_EXPECT_EQ(test, nr_commands, 2);
}

#define LEVEL_50	0x8050	/* level-triggered, vector 0x50 */

static void ioapic_remote_irr(struct kunit *test)
{
	write_ioapic(INDEX_RTE + 2 * 5, LEVEL_50 | RTE_MASKED);
	ioapic_line(5, true);
	KUNIT_EXPECT_EQ(test, nr_commands, 0);
	/* A masked level is not lost, only late. */
	KUNIT_EXPECT_EQ(test, axvm_test_cell->vcpu[0].counters[AXVM_COUNTER_IRQ_DROPPED], 0);
	write_ioapic(INDEX_RTE + 2 * 5, LEVEL_50);
	KUNIT_EXPECT_EQ(test, nr_commands, 1);
	KUNIT_EXPECT_EQ(test, commands[0], X86_ICR_ASSERT | X86_ICR_LEVEL | 0x50);
	KUNIT_EXPECT_EQ(test, read_ioapic(INDEX_RTE + 2 * 5), LEVEL_50 | RTE_IRR);
	/* Under way: neither masking nor the line's ups and downs send another. */
	write_ioapic(INDEX_RTE + 2 * 5, LEVEL_50 | RTE_MASKED);
	write_ioapic(INDEX_RTE + 2 * 5, LEVEL_50);
	ioapic_line(5, false);
	ioapic_line(5, true);
	KUNIT_EXPECT_EQ(test, nr_commands, 1);
	core_ioapic_eoi(0x51);
	KUNIT_EXPECT_EQ(test, nr_commands, 1);
	/* Still high at its EOI: again. */
	core_ioapic_eoi(0x50);
	KUNIT_EXPECT_EQ(test, ended, 1U << 5);
	KUNIT_EXPECT_EQ(test, nr_commands, 2);
	ioapic_line(5, false);
	core_ioapic_eoi(0x50);
	KUNIT_EXPECT_EQ(test, nr_commands, 2);
	KUNIT_EXPECT_EQ(test, read_ioapic(INDEX_RTE + 2 * 5), LEVEL_50);
	/* Nothing is under way: an EOI too many ends nothing. */
	ended = 0;
	core_ioapic_eoi(0x50);
	KUNIT_EXPECT_EQ(test, ended, 0);
}

static void ioapic_told_ends(struct kunit *test)
{
	u64 value = 0x50;

	ends_lower = true;
	write_ioapic(INDEX_RTE + 2 * 9, LEVEL_50);
	ioapic_line(9, true);
	KUNIT_EXPECT_EQ(test, nr_commands, 1);
	/* Whoever holds the line finds out whether it is still high. */
	core_ioapic_access(REG_EOI, 4, true, &value);
	KUNIT_EXPECT_EQ(test, ended, 1U << 9);
	KUNIT_EXPECT_EQ(test, nr_commands, 1);
	ioapic_line(9, true);
	KUNIT_EXPECT_EQ(test, nr_commands, 2);
	/* Made edge-triggered, as guests do to get rid of a remote IRR, it has ended too. */
	ended = 0;
	write_ioapic(INDEX_RTE + 2 * 9, 0x50 | RTE_MASKED);
	KUNIT_EXPECT_EQ(test, ended, 1U << 9);
	write_ioapic(INDEX_RTE + 2 * 9, LEVEL_50);
	KUNIT_EXPECT_EQ(test, nr_commands, 2);
	/* For nobody: not under way. */
	nobody = true;
	ioapic_line(9, true);
	KUNIT_EXPECT_EQ(test, read_ioapic(INDEX_RTE + 2 * 9), LEVEL_50);
}

static void ioapic_pulses(struct kunit *test)
{
	write_ioapic(INDEX_RTE + 2 * 7, 0x47);
	ioapic_pulse(7);
	ioapic_pulse(7);
	KUNIT_EXPECT_EQ(test, nr_commands, 2);
	write_ioapic(INDEX_RTE + 2 * 7, 0x47 | RTE_MASKED);
	ioapic_pulse(7);
	ioapic_pulse(24);
	KUNIT_EXPECT_EQ(test, nr_commands, 2);
	KUNIT_EXPECT_EQ(test, axvm_test_cell->vcpu[0].counters[AXVM_COUNTER_IRQ_DROPPED], 1);
}

static struct kunit_case apic_cases[] = {
	KUNIT_CASE(x2apic_destinations),
	KUNIT_CASE(xapic_destinations),
	KUNIT_CASE(ioapic_registers),
	KUNIT_CASE(ioapic_delivery),
	KUNIT_CASE(ioapic_remote_irr),
	KUNIT_CASE(ioapic_told_ends),
	KUNIT_CASE(ioapic_pulses),
	{}
};

static struct kunit_suite apic_suite = {
	.name = "axvm_x86_apic",
	.init = apic_test_init,
	.exit = apic_test_exit,
	.test_cases = apic_cases,
};

kunit_test_suite(apic_suite);
