// SPDX-License-Identifier: GPL-2.0
/* x86: the registers of the emulated local APIC, without a CPU behind it. */
#include <kunit/test.h>
#include <linux/vmalloc.h>

#include "../../module/core/core.h"

/* What is in lapic.c and intr.c. */
#define core_lapic_send_physical	vlapic_send_physical
#define core_lapic_command		vlapic_command
#define core_lapic_read_view		vlapic_read_view
#define core_lapic_write_view		vlapic_write_view
#define core_lapic_ended		vlapic_ended
void vlapic_send_physical(u32 vcpu, u8 vector);
bool vlapic_command(u64 icr);
bool vlapic_read_view(u32 reg, u64 *value);
bool vlapic_write_view(u32 reg, u64 value);
void vlapic_ended(u8 vector);
#include "../../module/arch/x86/core/vlapic.c"

static u32 sent, last_vcpu, last_vector, updated, ended;
static u64 commanded;

void vlapic_send_physical(u32 vcpu, u8 vector)
{
	sent++;
	last_vcpu = vcpu;
	last_vector = vector;
}

bool vlapic_command(u64 icr)
{
	commanded = icr;
	return true;
}

bool vlapic_read_view(u32 reg, u64 *value)
{
	return false;
}

bool vlapic_write_view(u32 reg, u64 value)
{
	return false;
}

void vlapic_ended(u8 vector)
{
	ended = vector;
}

void core_vtimer_update(struct core_vlapic *v, u32 reg)
{
	updated = reg;
}

u32 core_vtimer_count(const struct core_vlapic *v)
{
	return v->initial / 2;
}

static int vlapic_test_init(struct kunit *test)
{
	struct core_cell *cell = vzalloc(sizeof(*cell));
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, cell);
	axvm_test_cell = cell;
	axvm_test_index = 1;
	cell->nr_vcpus = 3;
	sent = 0;
	updated = 0;
	ended = 0;
	commanded = 0;
	for (i = 0; i < 3; i++) {
		cell->arch.lapic[i].base = X86_APIC_BASE_EN | X86_APIC_BASE_EXTD;
		core_vlapic_reset(&cell->arch.vlapic[i]);
		cell->arch.vlapic[i].svr = X86_SVR_ENABLE | 0xff;
	}
	return 0;
}

static void vlapic_test_exit(struct kunit *test)
{
	vfree(axvm_test_cell);
}

static u32 reg_of(u32 reg)
{
	u64 value = ~0ULL;

	return core_vlapic_read(reg, &value) ? value : 0xdeadbeef;
}

/* What intr.c does when the guest takes one. */
static void take(struct core_vlapic *v, u32 vector)
{
	v->irr[vector / 32] &= ~(1U << (vector % 32));
	v->isr[vector / 32] |= 1U << (vector % 32);
}

static void reset_values(struct kunit *test)
{
	struct core_vlapic *v = own();
	u32 i;

	core_vlapic_reset(v);
	KUNIT_EXPECT_EQ(test, reg_of(X86_X2APIC_SVR), 0xff);
	KUNIT_EXPECT_EQ(test, reg_of(X86_X2APIC_TPR), 0);
	for (i = X86_X2APIC_LVT_TIMER; i <= X86_X2APIC_LVT_ERROR; i++)
		KUNIT_EXPECT_EQ(test, reg_of(i), X86_LVT_MASKED);
	KUNIT_EXPECT_EQ(test, reg_of(X86_X2APIC_EOI), 0xdeadbeef);
	KUNIT_EXPECT_EQ(test, reg_of(0x83f), 0xdeadbeef);
	KUNIT_EXPECT_EQ(test, reg_of(0x8ff), 0xdeadbeef);
	/* Disabled: it takes nothing. */
	core_vlapic_post(1, 0x50);
	KUNIT_EXPECT_EQ(test, core_vlapic_next(v), 0);
	KUNIT_EXPECT_EQ(test, core_self()->counters[AXVM_COUNTER_IRQ_DROPPED], 1);
}

static void priority(struct kunit *test)
{
	struct core_vlapic *v = own();

	KUNIT_EXPECT_EQ(test, core_vlapic_next(v), 0);
	core_vlapic_post(1, 0x31);
	core_vlapic_post(1, 0xff);
	core_vlapic_post(1, 0x3f);
	KUNIT_EXPECT_EQ(test, core_vlapic_next(v), 0xff);
	take(v, 0xff);
	KUNIT_EXPECT_EQ(test, core_vlapic_next(v), 0);
	KUNIT_EXPECT_EQ(test, reg_of(X86_X2APIC_PPR), 0xf0);
	core_vlapic_write(X86_X2APIC_EOI, 0);
	KUNIT_EXPECT_EQ(test, ended, 0xff);
	KUNIT_EXPECT_EQ(test, reg_of(X86_X2APIC_PPR), 0);
	KUNIT_EXPECT_EQ(test, core_vlapic_next(v), 0x3f);
	take(v, 0x3f);
	/* Of the same class: it waits. Of a higher one: it does not. */
	KUNIT_EXPECT_EQ(test, core_vlapic_next(v), 0);
	core_vlapic_post(1, 0x40);
	KUNIT_EXPECT_EQ(test, core_vlapic_next(v), 0x40);
	take(v, 0x40);
	core_vlapic_write(X86_X2APIC_TPR, 0x35);
	KUNIT_EXPECT_EQ(test, reg_of(X86_X2APIC_PPR), 0x40);
	core_vlapic_write(X86_X2APIC_EOI, 0);
	/* An equal class: the task priority is shown with all its bits. */
	KUNIT_EXPECT_EQ(test, reg_of(X86_X2APIC_PPR), 0x35);
	core_vlapic_write(X86_X2APIC_EOI, 0);
	KUNIT_EXPECT_EQ(test, core_vlapic_next(v), 0x31);
	/* An EOI too many ends nothing. */
	core_vlapic_write(X86_X2APIC_EOI, 0);
	KUNIT_EXPECT_EQ(test, reg_of(X86_X2APIC_IRR + 1), 1U << 0x11);
}

static void posting(struct kunit *test)
{
	core_vlapic_post(2, 0x91);
	KUNIT_EXPECT_EQ(test, sent, 1);
	KUNIT_EXPECT_EQ(test, last_vcpu, 2);
	KUNIT_EXPECT_EQ(test, last_vector, CORE_VECTOR_POST);
	KUNIT_EXPECT_EQ(test, axvm_test_cell->arch.vlapic[2].irr[4], 1U << 0x11);
	/* It is on its way already. */
	core_vlapic_post(2, 0x91);
	KUNIT_EXPECT_EQ(test, sent, 1);
	core_vlapic_post(2, 0x90);
	KUNIT_EXPECT_EQ(test, sent, 2);
	/* Nobody interrupts himself; he looks before he goes on. */
	core_vlapic_post(1, 0x91);
	KUNIT_EXPECT_EQ(test, sent, 2);
}

static void local_vectors(struct kunit *test)
{
	struct core_vlapic *v = own();

	core_vlapic_local(v, VLAPIC_LVT_TIMER);
	KUNIT_EXPECT_EQ(test, core_vlapic_next(v), 0);
	core_vlapic_write(X86_X2APIC_LVT_TIMER, 0xffffffff & ~X86_LVT_MASKED);
	KUNIT_EXPECT_EQ(test, reg_of(X86_X2APIC_LVT_TIMER), 0x400ff);
	core_vlapic_write(X86_X2APIC_LVT_TIMER, 0x44);
	core_vlapic_local(v, VLAPIC_LVT_TIMER);
	KUNIT_EXPECT_EQ(test, core_vlapic_next(v), 0x44);
	take(v, 0x44);
	core_vlapic_write(X86_X2APIC_EOI, 0);
	/* An illegal vector is an error, which is told, unless that one is illegal too. */
	core_vlapic_write(X86_X2APIC_LVT_TIMER, 3);
	core_vlapic_write(X86_X2APIC_LVT_ERROR, 4);
	core_vlapic_local(v, VLAPIC_LVT_TIMER);
	KUNIT_EXPECT_EQ(test, core_vlapic_next(v), 0);
	core_vlapic_write(X86_X2APIC_LVT_ERROR, 0x45);
	core_vlapic_local(v, VLAPIC_LVT_TIMER);
	KUNIT_EXPECT_EQ(test, core_vlapic_next(v), 0x45);
	KUNIT_EXPECT_EQ(test, reg_of(X86_X2APIC_ESR), 0);
	core_vlapic_write(X86_X2APIC_ESR, 0);
	KUNIT_EXPECT_EQ(test, reg_of(X86_X2APIC_ESR), VLAPIC_GOT_ILLEGAL);
	core_vlapic_write(X86_X2APIC_ESR, 0);
	KUNIT_EXPECT_EQ(test, reg_of(X86_X2APIC_ESR), 0);
	/* Disabling masks them, for as long as it lasts. */
	core_vlapic_write(X86_X2APIC_SVR, 0xff);
	core_vlapic_write(X86_X2APIC_LVT_LINT0, 0x700);
	KUNIT_EXPECT_EQ(test, reg_of(X86_X2APIC_LVT_ERROR), X86_LVT_MASKED | 0x45);
	KUNIT_EXPECT_EQ(test, reg_of(X86_X2APIC_LVT_LINT0), X86_LVT_MASKED | 0x700);
}

static void modes(struct kunit *test)
{
	KUNIT_EXPECT_TRUE(test, core_vlapic_write(X86_X2APIC_SELF_IPI, 0x1234));
	KUNIT_EXPECT_EQ(test, commanded, X86_ICR_SELF << 18 | 0x34);
	KUNIT_EXPECT_FALSE(test, core_vlapic_write(X86_X2APIC_PPR, 0));
	KUNIT_EXPECT_EQ(test, own()->errors, 0);
	axvm_test_cell->arch.lapic[1].base = X86_APIC_BASE_EN;
	KUNIT_EXPECT_FALSE(test, core_vlapic_write(X86_X2APIC_SELF_IPI, 0x55));
	KUNIT_EXPECT_EQ(test, own()->errors, VLAPIC_NO_REGISTER);
}

static void timer_counts(struct kunit *test)
{
	static const u8 shifts[16] = { [0] = 1, 2, 3, 4, [8] = 5, 6, 7, 0 };
	struct core_vlapic *v = own();
	u32 i;

	for (i = 0; i < 16; i++)
		if (!(i & 4))
			KUNIT_EXPECT_EQ(test, core_vtimer_shift(i), shifts[i]);
	core_vlapic_write(X86_X2APIC_TIMER_DIV, 0xffffffff);
	KUNIT_EXPECT_EQ(test, reg_of(X86_X2APIC_TIMER_DIV), 0xb);
	core_vlapic_write(X86_X2APIC_TIMER_INIT, 10);
	KUNIT_EXPECT_EQ(test, updated, X86_X2APIC_TIMER_INIT);
	KUNIT_EXPECT_EQ(test, reg_of(X86_X2APIC_TIMER_NOW), 5);
	/* One shot: as short as the guest likes. */
	KUNIT_EXPECT_EQ(test, core_vtimer_initial(v, 1000), 10);
	core_vlapic_write(X86_X2APIC_LVT_TIMER, X86_LVT_PERIODIC | 0x40);
	KUNIT_EXPECT_EQ(test, core_vtimer_initial(v, 1000), 1001);
	core_vlapic_write(X86_X2APIC_TIMER_DIV, 3);
	KUNIT_EXPECT_EQ(test, core_vtimer_initial(v, 1600), 101);
	core_vlapic_write(X86_X2APIC_TIMER_INIT, 0);
	KUNIT_EXPECT_EQ(test, core_vtimer_initial(v, 1600), 0);
	core_vlapic_write(X86_X2APIC_TIMER_INIT, 200);
	KUNIT_EXPECT_EQ(test, core_vtimer_initial(v, 1600), 200);
	/* To the deadline: disarmed, and no count any more. */
	core_vlapic_write(X86_X2APIC_LVT_TIMER, X86_LVT_DEADLINE | 0x40);
	KUNIT_EXPECT_EQ(test, v->initial, 0);
	core_vlapic_write(X86_X2APIC_TIMER_INIT, 7);
	KUNIT_EXPECT_EQ(test, v->initial, 0);
	v->deadline = 5;
	core_vlapic_write(X86_X2APIC_LVT_TIMER, X86_LVT_DEADLINE | X86_LVT_MASKED | 0x40);
	KUNIT_EXPECT_EQ(test, v->deadline, 5);
	core_vlapic_write(X86_X2APIC_LVT_TIMER, 0x40);
	KUNIT_EXPECT_EQ(test, v->deadline, 0);
}

static struct kunit_case vlapic_cases[] = {
	KUNIT_CASE(reset_values),
	KUNIT_CASE(priority),
	KUNIT_CASE(posting),
	KUNIT_CASE(local_vectors),
	KUNIT_CASE(modes),
	KUNIT_CASE(timer_counts),
	{}
};

static struct kunit_suite vlapic_suite = {
	.name = "axvm_x86_vlapic",
	.init = vlapic_test_init,
	.exit = vlapic_test_exit,
	.test_cases = vlapic_cases,
};

kunit_test_suite(vlapic_suite);
