// SPDX-License-Identifier: GPL-2.0
/* Doorbells of the core: two cells, Linux, and the memory that they share, without any of them. */
#include <kunit/test.h>
#include <linux/vmalloc.h>

#include "../../module/core/core.h"
#include "../../module/core/pci.h"
#include "../../uapi/axvm_guest.h"

#define CHANNEL	3
#define KEY	7
#define LINE	20
#define B_BELL	5
#define B_LINK	2
#define B_HW_ID	9

struct core_ivc *axvm_test_ivc;

/* core_test.c: what its architecture was asked for. */
extern u64 axvm_test_kicked;	/* hw_id | irq_mode << 32 of the last kick of another cell */
extern unsigned int axvm_test_kicks;
extern unsigned int axvm_test_pulses(u32 line);

static struct core_cell *a, *b, *before;

static void add_link(struct core_cell *cell, u32 index, u32 self, u32 bell, u32 id)
{
	struct core_ivc_peer *peer = &axvm_test_ivc->peer[CHANNEL][self];

	cell->bell = bell;
	cell->link[index] = (struct core_link) {
		.used = 1, .channel = CHANNEL, .self = self, .line = LINE, .publisher = 1,
		.key = KEY,
	};
	*peer = (struct core_ivc_peer) { .bell = bell + 1, .link = index, .id = id };
}

static int bell_test_init(struct kunit *test)
{
	a = vzalloc(sizeof(*a));
	b = vzalloc(sizeof(*b));
	axvm_test_ivc = vzalloc(sizeof(*axvm_test_ivc));
	KUNIT_ASSERT_NOT_NULL(test, a);
	KUNIT_ASSERT_NOT_NULL(test, b);
	KUNIT_ASSERT_NOT_NULL(test, axvm_test_ivc);
	before = axvm_test_cell;
	axvm_test_cell = a;
	axvm_test_index = 0;
	axvm_test_kicks = 0;
	add_link(a, 0, 0, 4, 1);
	add_link(b, B_LINK, 1, B_BELL, 2);
	axvm_test_ivc->peer[CHANNEL][2] = (struct core_ivc_peer) { .bell = 1, .link = CHANNEL };
	axvm_test_ivc->bell[0].target = (u64)CORE_BELL_EVENT << 32;
	axvm_test_ivc->bell[B_BELL].target =
		(u64)(CORE_BELL_KICK + AXVM_IRQ_MODE_EMULATED) << 32 | B_HW_ID;
	return 0;
}

static void bell_test_exit(struct kunit *test)
{
	axvm_test_cell = before;
	vfree(axvm_test_ivc);
	vfree(b);
	vfree(a);
}

static void kicked(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, core_ivc_ring(1, KEY, 2), 0);
	KUNIT_EXPECT_EQ(test, axvm_test_kicks, 1U);
	KUNIT_EXPECT_EQ(test, axvm_test_kicked, (u64)AXVM_IRQ_MODE_EMULATED << 32 | B_HW_ID);
	KUNIT_EXPECT_EQ(test, axvm_test_ivc->bell[B_BELL].rung, 1ULL << B_LINK);
	KUNIT_EXPECT_EQ(test, axvm_test_ivc->peer[CHANNEL][1].rung, 1U);
	/* Until the other end has looked there is nothing more to tell it. */
	KUNIT_EXPECT_EQ(test, core_ivc_ring(AXVM_IVC_ANY, KEY, AXVM_IVC_ANY), 0);
	KUNIT_EXPECT_EQ(test, axvm_test_kicks, 1U);
	KUNIT_EXPECT_EQ(test, a->vcpu[0].ringing % 2, 0U);
	KUNIT_EXPECT_EQ(test, a->vcpu[0].ringing, 4U);
	KUNIT_EXPECT_EQ(test, a->link[0].sent, 2ULL);
}

static void delivered(struct kunit *test)
{
	unsigned int pulses = axvm_test_pulses(LINE);

	core_ivc_ring(1, KEY, 2);
	axvm_test_cell = b;
	core_ivc_look();
	KUNIT_EXPECT_EQ(test, b->vcpu[0].requests, CORE_REQ_BELL);
	core_ivc_deliver();
	KUNIT_EXPECT_EQ(test, axvm_test_pulses(LINE), pulses + 1);
	KUNIT_EXPECT_EQ(test, axvm_test_ivc->bell[B_BELL].rung, 0ULL);
	/* A bit without anybody who rang is no interrupt. */
	axvm_test_ivc->bell[B_BELL].rung = ~0ULL;
	core_ivc_deliver();
	KUNIT_EXPECT_EQ(test, axvm_test_pulses(LINE), pulses + 1);
	KUNIT_EXPECT_EQ(test, core_ivc_take(1, KEY), 1);
	KUNIT_EXPECT_EQ(test, core_ivc_take(1, KEY), 0);
	KUNIT_EXPECT_EQ(test, b->link[B_LINK].received, 1ULL);
}

/* vCPU 0 is who is kicked; the others leave the bits to it. */
static void not_its_own(struct kunit *test)
{
	core_ivc_ring(1, KEY, 2);
	axvm_test_cell = b;
	axvm_test_index = 1;
	core_ivc_look();
	KUNIT_EXPECT_EQ(test, b->vcpu[1].requests, 0U);
	axvm_test_index = 0;
}

static void stopped_peer(struct kunit *test)
{
	axvm_test_ivc->bell[B_BELL].target = 0;
	KUNIT_EXPECT_EQ(test, core_ivc_ring(1, KEY, 2), 0);
	KUNIT_EXPECT_EQ(test, axvm_test_kicks, 0U);
	/* Taken without an interrupt, and what was taken is told once. */
	axvm_test_cell = b;
	KUNIT_EXPECT_EQ(test, core_ivc_take(AXVM_IVC_ANY, KEY), 1);
	KUNIT_EXPECT_EQ(test, core_ivc_take(AXVM_IVC_ANY, KEY), 0);
}

static void linux_is_rung(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, core_ivc_ring(1, KEY, AXVM_IVC_LINUX), 0);
	KUNIT_EXPECT_EQ(test, axvm_test_ivc->bell[0].rung, 1ULL << CHANNEL);
	KUNIT_EXPECT_EQ(test, a->event_pending, 1U);
	KUNIT_EXPECT_EQ(test, axvm_test_kicks, 0U);
	KUNIT_EXPECT_EQ(test, axvm_test_ivc->bell[B_BELL].rung, 0ULL);
}

static void nobody(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, core_ivc_ring(1, KEY, 77), AXVM_HC_ENXIO);
	KUNIT_EXPECT_EQ(test, core_ivc_ring(1, KEY, 1), AXVM_HC_ENXIO);
	KUNIT_EXPECT_EQ(test, core_ivc_ring(2, KEY, 2), AXVM_HC_ENOENT);
	KUNIT_EXPECT_EQ(test, core_ivc_ring(1, KEY + 1, 2), AXVM_HC_ENOENT);
	KUNIT_EXPECT_EQ(test, core_ivc_take(1, KEY + 1), AXVM_HC_ENOENT);
	axvm_test_ivc->peer[CHANNEL][1].bell = 0;
	KUNIT_EXPECT_EQ(test, core_ivc_ring(1, KEY, 2), AXVM_HC_ENXIO);
	a->link[0].used = 0;
	KUNIT_EXPECT_EQ(test, core_ivc_ring(1, KEY, 2), AXVM_HC_ENOENT);
	KUNIT_EXPECT_EQ(test, a->vcpu[0].ringing % 2, 0U);
	KUNIT_EXPECT_EQ(test, axvm_test_kicks, 0U);
	KUNIT_EXPECT_EQ(test, a->link[0].sent, 0ULL);
}

static void without_interrupt(struct kunit *test)
{
	unsigned int pulses = axvm_test_pulses(LINE);

	b->link[B_LINK].line = CORE_NO_IRQ;
	core_ivc_ring(1, KEY, 2);
	axvm_test_cell = b;
	core_ivc_deliver();
	KUNIT_EXPECT_EQ(test, axvm_test_pulses(LINE), pulses);
	KUNIT_EXPECT_EQ(test, core_ivc_take(1, KEY), 1);
}

static u64 channel_register(struct core_pci_function *f, u32 offset, u32 size)
{
	u64 value = ~0ULL;

	core_pci_channel(f, offset, size, false, &value);
	return value;
}

/* The other end as a PCI function of cell b, in a slot that shares its line with another one. */
static struct core_pci_function *channel_function(void)
{
	struct core_pci_function *f = &b->pci[2];

	*f = (struct core_pci_function) {
		.kind = CORE_PCI_CHANNEL, .line = LINE, .link = B_LINK, .id = 2, .bytes = 0x3000,
	};
	b->pci[2 + CORE_PCI_INTX].line = LINE;
	return f;
}

static void channel_registers(struct kunit *test)
{
	struct core_pci_function *f = channel_function();
	u64 any = AXVM_IVC_ANY;

	axvm_test_cell = b;
	KUNIT_EXPECT_EQ(test, channel_register(f, AXVM_IVC_PCI_ID, 4), 2ULL);
	KUNIT_EXPECT_EQ(test, channel_register(f, AXVM_IVC_PCI_SIZE, 4), 0x3000ULL);
	KUNIT_EXPECT_EQ(test, channel_register(f, AXVM_IVC_PCI_SIZE, 8), 0ULL);
	KUNIT_EXPECT_EQ(test, channel_register(f, AXVM_IVC_PCI_RING, 4), 0ULL);
	KUNIT_EXPECT_EQ(test, channel_register(f, 0xffc, 4), 0ULL);
	/* Half a register rings nobody, all of it everybody. */
	axvm_test_cell = a;
	a->pci[1] = (struct core_pci_function) { .kind = CORE_PCI_CHANNEL, .id = 1 };
	core_pci_channel(&a->pci[1], AXVM_IVC_PCI_RING, 2, true, &any);
	core_pci_channel(&a->pci[1], AXVM_IVC_PCI_SIZE, 4, true, &any);
	KUNIT_EXPECT_EQ(test, axvm_test_kicks, 0U);
	any = ~0U;
	core_pci_channel(&a->pci[1], AXVM_IVC_PCI_RING, 4, true, &any);
	KUNIT_EXPECT_EQ(test, axvm_test_kicks, 1U);
}

/* High from the ring until it is taken, unless the guest does not want it. */
static void channel_pin(struct kunit *test)
{
	struct core_pci_function *f = channel_function();
	u32 bit = 1U << LINE % 32;
	u32 *own = &b->irq.own[LINE / 32];

	core_ivc_ring(1, KEY, 2);
	axvm_test_cell = b;
	core_ivc_deliver();
	KUNIT_EXPECT_EQ(test, *own & bit, bit);
	core_pci_channel_status(f);
	KUNIT_EXPECT_EQ(test, f->config[CORE_PCI_COMMAND], CORE_PCI_STATUS_INTX);
	f->config[CORE_PCI_COMMAND] |= CORE_PCI_CMD_INTX_OFF;
	core_pci_channel_lines();
	KUNIT_EXPECT_EQ(test, *own & bit, 0U);
	f->config[CORE_PCI_COMMAND] &= ~CORE_PCI_CMD_INTX_OFF;
	core_pci_channel_lines();
	KUNIT_EXPECT_EQ(test, *own & bit, bit);
	KUNIT_EXPECT_EQ(test, channel_register(f, AXVM_IVC_PCI_STATUS, 4), 1ULL);
	KUNIT_EXPECT_EQ(test, *own & bit, 0U);
	KUNIT_EXPECT_EQ(test, channel_register(f, AXVM_IVC_PCI_STATUS, 4), 0ULL);
	core_pci_channel_status(f);
	KUNIT_EXPECT_EQ(test, f->config[CORE_PCI_COMMAND], 0U);
}

static struct kunit_case bell_cases[] = {
	KUNIT_CASE(kicked),
	KUNIT_CASE(delivered),
	KUNIT_CASE(not_its_own),
	KUNIT_CASE(stopped_peer),
	KUNIT_CASE(linux_is_rung),
	KUNIT_CASE(nobody),
	KUNIT_CASE(without_interrupt),
	KUNIT_CASE(channel_registers),
	KUNIT_CASE(channel_pin),
	{}
};

static struct kunit_suite bell_suite = {
	.name = "axvm_bell",
	.init = bell_test_init,
	.exit = bell_test_exit,
	.test_cases = bell_cases,
};

kunit_test_suite(bell_suite);
