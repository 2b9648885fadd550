// SPDX-License-Identifier: GPL-2.0
/*
 * Distributor and redistributors of an arm64 cell, register by register. What
 * is in list registers is played by a few variables.
 */
#include <kunit/test.h>
#include <linux/vmalloc.h>

/* core_test.c plays the architecture to the neutral core, this too. */
#define core_arch_msi	gicd_arch_msi

#include "../../module/core/core.h"
#include "../../module/arch/arm64/include/arm.h"

static u32 target_kicks;	/* one bit an SPI below 32 */
static u32 in_lists;		/* pending in list registers of this vCPU, SPIs 32 to 63 */
static bool direct;
static u32 physical_pending;
static u32 looks;		/* one bit a vCPU */

static bool core_direct(void)
{
	return direct;
}

static u32 core_direct_bits(u32 reg)
{
	return physical_pending;
}

static void core_direct_clear(u32 reg, u32 mask)
{
	physical_pending &= ~mask;
}

static u32 core_gic_active(u32 first)
{
	return 0;
}

static u32 core_gic_forget(u32 first, u32 mask, u64 state)
{
	u32 were = first == 32 ? in_lists & mask : 0;

	if (first == 32 && state == ARM_ICH_LR_PENDING)
		in_lists &= ~mask;
	return were;
}

static void core_gic_look(u32 vcpu)
{
	looks |= 1U << vcpu;
}

static void core_gic_kick_target(u32 spi)
{
	if (spi < 32)
		target_kicks |= 1U << spi;
}

static u32 core_gic_spi_pending(const struct core_gic_word *word)
{
	return word->pending | (word->level & ~word->edge);
}

/* The physical distributor, of the lines from 64 to 95 that are wired. */
static u32 wired, wire_enabled, wire_pending, wire_active;
static unsigned int wire_routes;

static void core_wire_apply(u32 first, u32 mask)
{
	u32 enabled = core_cell()->arch.gic.word[1].enabled;

	if (first == 64)
		wire_enabled = (wire_enabled & ~(mask & wired)) | (enabled & mask & wired);
}

static void core_wire_apply_all(void)
{
	core_wire_apply(64, ~0U);
}

static void core_wire_route(u32 line)
{
	wire_routes++;
}

static u32 core_wire_lines(u32 first)
{
	return first == 64 ? wired : 0;
}

static u32 core_wire_bits(u32 first, u32 reg)
{
	if (first != 64)
		return 0;
	return wired & (reg == ARM_GICD_ISPENDR ? wire_pending : wire_active);
}

static void core_wire_write(u32 first, u32 mask, u32 reg)
{
	if (first != 64)
		return;
	mask &= wired;
	if (reg == ARM_GICD_ICPENDR)
		wire_pending &= ~mask;
	else if (reg == ARM_GICD_ISPENDR)
		wire_pending |= mask;
	else if (reg == ARM_GICD_ICACTIVER)
		wire_active &= ~mask;
}

void core_gicd_access(u32 offset, u32 size, bool write, u64 *value);
bool core_gicd_peek(u32 offset, u64 *value);
#include "../../module/arch/arm64/core/gicd.c"

static struct core_cell *old_cell;

static int gicd_init(struct kunit *test)
{
	struct core_cell *cell = vzalloc(sizeof(*cell));

	KUNIT_ASSERT_NOT_NULL(test, cell);
	old_cell = axvm_test_cell;
	axvm_test_cell = cell;
	axvm_test_index = 0;
	cell->nr_vcpus = 18;
	target_kicks = 0;
	in_lists = 0;
	direct = false;
	physical_pending = 0;
	looks = 0;
	wired = 0;
	wire_enabled = 0;
	wire_pending = 0;
	wire_active = 0;
	wire_routes = 0;
	return 0;
}

static void gicd_exit(struct kunit *test)
{
	vfree(axvm_test_cell);
	axvm_test_cell = old_cell;
}

static u64 get(u32 offset, u32 size)
{
	u64 value = 0xdead;

	core_gicd_access(offset, size, false, &value);
	return value;
}

static void put(u32 offset, u32 size, u64 value)
{
	core_gicd_access(offset, size, true, &value);
}

static u32 gicr(u32 vcpu, u32 offset)
{
	return GUEST_GICR_OFFSET + vcpu * GUEST_GICR_SIZE + offset;
}

static void identifies_itself(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, get(ARM_GICD_TYPER, 4) & 0x1f, GUEST_NR_IRQS / 32 - 1);
	KUNIT_EXPECT_EQ(test, get(ARM_GIC_PIDR2, 4) >> 4, 3);
	KUNIT_EXPECT_EQ(test, get(gicr(3, ARM_GIC_PIDR2), 4) >> 4, 3);
	KUNIT_EXPECT_EQ(test, get(gicr(0, ARM_GICR_TYPER), 8), 0);
	/* Sixteen vCPUs to an Aff1; the last one says that it is. */
	KUNIT_EXPECT_EQ(test, get(gicr(17, ARM_GICR_TYPER), 8), 0x101ULL << 32 | 17 << 8 | 1 << 4);
	KUNIT_EXPECT_EQ(test, get(gicr(17, ARM_GICR_TYPER) + 4, 4), 0x101);
	KUNIT_EXPECT_EQ(test, get(gicr(18, ARM_GICR_TYPER), 8), 0);
}

static void sets_and_clears(struct kunit *test)
{
	put(ARM_GICD_ISENABLER + 4, 4, 0xf0);
	put(ARM_GICD_ISENABLER + 4, 4, 0x0f);
	put(ARM_GICD_ICENABLER + 4, 4, 0x81);
	KUNIT_EXPECT_EQ(test, get(ARM_GICD_ISENABLER + 4, 4), 0x7e);
	KUNIT_EXPECT_EQ(test, get(ARM_GICD_ICENABLER + 4, 4), 0x7e);
	KUNIT_EXPECT_EQ(test, get(ARM_GICD_ISENABLER + 8, 4), 0);
	put(gicr(2, ARM_GICR_SGI + ARM_GICD_ISENABLER), 4, 1);
	KUNIT_EXPECT_EQ(test, get(gicr(2, ARM_GICR_SGI + ARM_GICD_ISENABLER), 4), 1);
	KUNIT_EXPECT_EQ(test, get(gicr(1, ARM_GICR_SGI + ARM_GICD_ISENABLER), 4), 0);
}

/* With affinity routing the distributor has no private interrupts, and ours no more than 96. */
static void ends_where_it_ends(struct kunit *test)
{
	put(ARM_GICD_ISENABLER, 4, ~0U);
	KUNIT_EXPECT_EQ(test, get(ARM_GICD_ISENABLER, 4), 0);
	put(ARM_GICD_ISENABLER + 12, 4, ~0U);
	KUNIT_EXPECT_EQ(test, get(ARM_GICD_ISENABLER + 12, 4), 0);
	put(ARM_GICD_IPRIORITYR + 96, 4, ~0U);
	KUNIT_EXPECT_EQ(test, get(ARM_GICD_IPRIORITYR + 96, 4), 0);
	put(gicr(0, ARM_GICR_SGI + ARM_GICD_ISENABLER + 4), 4, ~0U);
	KUNIT_EXPECT_EQ(test, axvm_test_cell->arch.gic.word[0].enabled, 0);
	put(gicr(18, ARM_GICR_SGI + ARM_GICD_ISENABLER), 4, ~0U);
	KUNIT_EXPECT_EQ(test, axvm_test_cell->arch.gic.redist[18].word.enabled, 0);
	put(ARM_GICD_IROUTER + 8 * 96, 8, 1);
	put(CORE_GIC_SIZE, 4, ~0U);
	KUNIT_EXPECT_EQ(test, get(0xfffffffc, 4), 0);
}

static void refuses_odd_accesses(struct kunit *test)
{
	put(ARM_GICD_ISENABLER + 4, 1, 0xff);
	put(ARM_GICD_ISENABLER + 4, 8, ~0ULL);
	put(ARM_GICD_ISENABLER + 5, 4, ~0U);
	KUNIT_EXPECT_EQ(test, get(ARM_GICD_ISENABLER + 4, 4), 0);
}

static void priorities(struct kunit *test)
{
	put(ARM_GICD_IPRIORITYR + 33, 1, 0xa7);
	KUNIT_EXPECT_EQ(test, get(ARM_GICD_IPRIORITYR + 33, 1), 0xa0);
	KUNIT_EXPECT_EQ(test, get(ARM_GICD_IPRIORITYR + 32, 4), 0xa000);
	put(ARM_GICD_IPRIORITYR + 92, 4, 0x11223344);
	KUNIT_EXPECT_EQ(test, get(ARM_GICD_IPRIORITYR + 92, 4), 0x10203040);
	put(gicr(1, ARM_GICR_SGI + ARM_GICD_IPRIORITYR + 27), 1, 0x80);
	KUNIT_EXPECT_EQ(test, axvm_test_cell->arch.gic.redist[1].priority[27], 0x80);
}

static void trigger_modes(struct kunit *test)
{
	put(ARM_GICD_ICFGR + 8, 4, 0x8000000a);
	KUNIT_EXPECT_EQ(test, get(ARM_GICD_ICFGR + 8, 4), 0x8000000a);
	KUNIT_EXPECT_EQ(test, axvm_test_cell->arch.gic.word[0].edge, 0x8003);
	/* PPIs are levels, whatever is written. */
	put(gicr(0, ARM_GICR_SGI + ARM_GICD_ICFGR + 4), 4, ~0U);
	KUNIT_EXPECT_EQ(test, get(gicr(0, ARM_GICR_SGI + ARM_GICD_ICFGR + 4), 4), 0);
}

static void routes(struct kunit *test)
{
	struct core_gic *g = &axvm_test_cell->arch.gic;

	put(ARM_GICD_IROUTER + 8 * 33, 8, 5);
	KUNIT_EXPECT_EQ(test, g->target[1], 5);
	KUNIT_EXPECT_EQ(test, get(ARM_GICD_IROUTER + 8 * 33, 8), 5);
	put(ARM_GICD_IROUTER + 8 * 33, 4, 0x101);
	KUNIT_EXPECT_EQ(test, g->target[1], 17);
	/* Nobody: no such Aff0, not so many vCPUs, Aff3. */
	put(ARM_GICD_IROUTER + 8 * 33, 8, 0x10);
	KUNIT_EXPECT_EQ(test, g->target[1], NO_TARGET);
	put(ARM_GICD_IROUTER + 8 * 33, 8, 0x102);
	KUNIT_EXPECT_EQ(test, g->target[1], NO_TARGET);
	put(ARM_GICD_IROUTER + 8 * 33, 8, 1ULL << 32);
	KUNIT_EXPECT_EQ(test, g->target[1], NO_TARGET);
	KUNIT_EXPECT_EQ(test, target_kicks, 1U << 1);
}

static void pends(struct kunit *test)
{
	struct core_gic_word *word = &axvm_test_cell->arch.gic.word[0];

	put(ARM_GICD_ISPENDR + 4, 4, 6);
	KUNIT_EXPECT_EQ(test, target_kicks, 6);
	word->level = 0x10;
	in_lists = 0x100;
	KUNIT_EXPECT_EQ(test, get(ARM_GICD_ISPENDR + 4, 4), 0x116);
	put(ARM_GICD_ICPENDR + 4, 4, ~0U);
	/* A line that is high stays pending. */
	KUNIT_EXPECT_EQ(test, get(ARM_GICD_ICPENDR + 4, 4), 0x10);
	/* Timers follow their lines alone. */
	put(gicr(0, ARM_GICR_SGI + ARM_GICD_ISPENDR), 4, ~0U);
	KUNIT_EXPECT_EQ(test, axvm_test_cell->arch.gic.redist[0].word.pending, ~ARM_TIMERS);
}

/* An edge that was disabled on its way to the guest is not lost. */
static void disabling_keeps_edges(struct kunit *test)
{
	struct core_gic_word *word = &axvm_test_cell->arch.gic.word[0];

	word->edge = 1;
	in_lists = 3;
	put(ARM_GICD_ICENABLER + 4, 4, 3);
	KUNIT_EXPECT_EQ(test, word->pending, 1);
	KUNIT_EXPECT_EQ(test, in_lists, 0);
}

/* What list registers are filled from. */
static void delivers_enabled_groups(struct kunit *test)
{
	struct core_gic *g = &axvm_test_cell->arch.gic;

	put(ARM_GICD_ISENABLER + 4, 4, 0xff);
	put(gicr(2, ARM_GICR_SGI + ARM_GICD_ISENABLER), 4, 0x30);
	KUNIT_EXPECT_EQ(test, g->word[0].deliver, 0);
	put(ARM_GICD_CTLR, 4, 1);
	KUNIT_EXPECT_EQ(test, g->word[0].deliver, 0xff);
	KUNIT_EXPECT_EQ(test, g->redist[2].word.deliver, 0x30);
	put(ARM_GICD_IGROUPR + 4, 4, 0x0f);
	KUNIT_EXPECT_EQ(test, g->word[0].deliver, 0xf0);
	put(ARM_GICD_CTLR, 4, 2);
	KUNIT_EXPECT_EQ(test, g->word[0].deliver, 0x0f);
	KUNIT_EXPECT_EQ(test, g->redist[2].word.deliver, 0);
	put(gicr(2, ARM_GICR_SGI + ARM_GICD_IGROUPR), 4, 0x11);
	KUNIT_EXPECT_EQ(test, g->redist[2].word.deliver, 0x10);
	put(ARM_GICD_CTLR, 4, 3);
	put(ARM_GICD_ICENABLER + 4, 4, 0x18);
	KUNIT_EXPECT_EQ(test, g->word[0].deliver, 0xe7);
	KUNIT_EXPECT_EQ(test, g->redist[2].word.deliver, 0x30);
	put(ARM_GICD_CTLR, 4, 0);
	KUNIT_EXPECT_EQ(test, g->word[0].deliver, 0);
}

/* What waits for its group does so no longer. */
static void kicks_for_groups(struct kunit *test)
{
	put(ARM_GICD_ISPENDR + 4, 4, 0x60);
	target_kicks = 0;
	put(ARM_GICD_CTLR, 4, 1);
	KUNIT_EXPECT_EQ(test, target_kicks, 0x60);
	target_kicks = 0;
	put(ARM_GICD_CTLR, 4, 1);
	KUNIT_EXPECT_EQ(test, target_kicks, 0);
	put(ARM_GICD_IGROUPR + 4, 4, 0x20);
	KUNIT_EXPECT_EQ(test, target_kicks, 0x20);
}

static void writes_need_a_look(struct kunit *test)
{
	get(ARM_GICD_ISENABLER + 4, 4);
	get(gicr(1, ARM_GICR_SGI + ARM_GICD_ISPENDR), 4);
	KUNIT_EXPECT_EQ(test, looks, 0);
	put(gicr(1, ARM_GICR_SGI + ARM_GICD_ISPENDR), 4, 1);
	KUNIT_EXPECT_EQ(test, looks, 1);
}

/* Without the lock the same is read as with it. */
static void peeks_the_same(struct kunit *test)
{
	static const u32 vcpus[] = { 0, 17, 18, 31 };
	struct core_gic *g = &axvm_test_cell->arch.gic;
	u32 offset, i, nr = 0;
	u64 value;

	for (i = 0; i < ARRAY_SIZE(g->word); i++)
		g->word[i] = (struct core_gic_word) { .group = 0x11 << i, .enabled = 0x35 << i };
	for (i = 0; i < CORE_MAX_VCPUS; i++)
		g->redist[i].word = (struct core_gic_word) { .group = i, .enabled = ~i };
	g->ctlr = 2;
	for (offset = 0; offset < GUEST_GICD_SIZE; offset++) {
		if (!core_gicd_peek(offset, &value))
			continue;
		KUNIT_EXPECT_EQ(test, value, get(offset, 4));
		nr++;
	}
	/* TYPER, CTLR, three of two words */
	KUNIT_EXPECT_EQ(test, nr, 2 + 3 * 2);
	for (i = 0; i < ARRAY_SIZE(vcpus); i++) {
		for (offset = 0; offset < GUEST_GICR_SIZE; offset++) {
			if (!core_gicd_peek(gicr(vcpus[i], offset), &value))
				continue;
			KUNIT_EXPECT_EQ(test, value, get(gicr(vcpus[i], offset), 4));
			nr++;
		}
	}
	/* Of 18 vCPUs two were looked at. */
	KUNIT_EXPECT_EQ(test, nr, 2 + 3 * 2 + 2 * 3);
	KUNIT_EXPECT_FALSE(test, core_gicd_peek(0xfffffffc, &value));
}

static void sleeps_and_wakes(struct kunit *test)
{
	put(gicr(0, ARM_GICR_WAKER), 4, ARM_GICR_WAKER_SLEEP);
	KUNIT_EXPECT_EQ(test, get(gicr(0, ARM_GICR_WAKER), 4),
			ARM_GICR_WAKER_SLEEP | ARM_GICR_WAKER_ASLEEP);
	put(gicr(0, ARM_GICR_WAKER), 4, 0);
	KUNIT_EXPECT_EQ(test, get(gicr(0, ARM_GICR_WAKER), 4), 0);
	put(ARM_GICD_CTLR, 4, ~0U);
	KUNIT_EXPECT_EQ(test, get(ARM_GICD_CTLR, 4), CTLR_ARE_DS | CTLR_GROUPS);
}

static void passthrough_shows_physical_state(struct kunit *test)
{
	direct = true;
	physical_pending = 1U << 27;
	KUNIT_EXPECT_EQ(test, get(gicr(0, ARM_GICR_SGI + ARM_GICD_ISPENDR), 4), 1U << 27);
	/* Another vCPU's is not at hand. */
	KUNIT_EXPECT_EQ(test, get(gicr(1, ARM_GICR_SGI + ARM_GICD_ISPENDR), 4), 0);
	put(gicr(0, ARM_GICR_SGI + ARM_GICD_ICACTIVER), 4, ~0U);
	KUNIT_EXPECT_EQ(test, physical_pending, 0);
}

static void wired_lines_are_physical(struct kunit *test)
{
	u32 *taken = &axvm_test_cell->irq.taken[2];

	wired = 0x6;
	put(ARM_GICD_ISENABLER + 8, 4, 0xff);
	KUNIT_EXPECT_EQ(test, wire_enabled, 0x6);
	put(ARM_GICD_ICENABLER + 8, 4, 0x2);
	KUNIT_EXPECT_EQ(test, wire_enabled, 0x4);
	/* Others' are never touched, whatever is written. */
	wire_pending = 0xff;
	put(ARM_GICD_ICPENDR + 8, 4, ~0U);
	KUNIT_EXPECT_EQ(test, wire_pending, 0xf9);
	KUNIT_EXPECT_EQ(test, get(ARM_GICD_ISPENDR + 8, 4), 0);
	wire_pending = 0x4;
	KUNIT_EXPECT_EQ(test, get(ARM_GICD_ISPENDR + 8, 4), 0x4);
	/* One that the core has acknowledged, and the guest takes back, ends physically. */
	*taken = 0x2;
	wire_active = 0xf;
	put(ARM_GICD_ICPENDR + 8, 4, 0x2);
	KUNIT_EXPECT_EQ(test, *taken, 0);
	KUNIT_EXPECT_EQ(test, wire_active, 0xd);
	put(ARM_GICD_IROUTER + 8 * 65, 8, 1);
	KUNIT_EXPECT_EQ(test, wire_routes, 1);
	/* Without the core in between, pending and active are the distributor's. */
	direct = true;
	wire_pending = 0;
	put(ARM_GICD_ISPENDR + 8, 4, 0x3);
	KUNIT_EXPECT_EQ(test, wire_pending, 0x2);
	KUNIT_EXPECT_EQ(test, axvm_test_cell->arch.gic.word[1].pending, 0x1);
	put(ARM_GICD_ICACTIVER + 8, 4, ~0U);
	KUNIT_EXPECT_EQ(test, wire_active, 0x9);
}

static struct kunit_case gicd_cases[] = {
	KUNIT_CASE(identifies_itself),
	KUNIT_CASE(sets_and_clears),
	KUNIT_CASE(ends_where_it_ends),
	KUNIT_CASE(refuses_odd_accesses),
	KUNIT_CASE(priorities),
	KUNIT_CASE(trigger_modes),
	KUNIT_CASE(routes),
	KUNIT_CASE(pends),
	KUNIT_CASE(disabling_keeps_edges),
	KUNIT_CASE(delivers_enabled_groups),
	KUNIT_CASE(kicks_for_groups),
	KUNIT_CASE(writes_need_a_look),
	KUNIT_CASE(peeks_the_same),
	KUNIT_CASE(sleeps_and_wakes),
	KUNIT_CASE(passthrough_shows_physical_state),
	KUNIT_CASE(wired_lines_are_physical),
	{}
};

static struct kunit_suite gicd_suite = {
	.name = "axvm_gicd",
	.init = gicd_init,
	.exit = gicd_exit,
	.test_cases = gicd_cases,
};

kunit_test_suite(gicd_suite);
