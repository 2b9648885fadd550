/* SPDX-License-Identifier: GPL-2.0 */
/* Part of core_test.c: interrupts from outside. */
#ifndef AXVM_CORE_IRQ_CASES_H
#define AXVM_CORE_IRQ_CASES_H

static void lines_from_outside(struct kunit *test)
{
	struct core_irq *irq = &axvm_test_cell->irq;

	irq->level[1] = 1U << 8;
	irq->pulse[0] = 1U << 5;
	core_irq_update();
	KUNIT_EXPECT_EQ(test, line_irq, 40);
	KUNIT_EXPECT_TRUE(test, line_level);
	KUNIT_EXPECT_EQ(test, nr_pulses, 1);
	KUNIT_EXPECT_EQ(test, pulsed[0], 5);
	/* Nothing new: nothing happens. */
	line_irq = 0;
	core_irq_update();
	KUNIT_EXPECT_EQ(test, line_irq, 0);
	KUNIT_EXPECT_EQ(test, nr_pulses, 1);
	/* The end of an interrupt is nobody's business where nobody watches. */
	core_irq_end(40);
	KUNIT_EXPECT_EQ(test, irq->level[1], 1U << 8);
	KUNIT_EXPECT_EQ(test, raises, 0);
	irq->watched[1] = 1U << 8;
	core_irq_end(40);
	KUNIT_EXPECT_EQ(test, irq->level[1], 0);
	KUNIT_EXPECT_EQ(test, irq->ended[1], 1U << 8);
	KUNIT_EXPECT_EQ(test, raises, 1);
	KUNIT_EXPECT_EQ(test, line_irq, 40);
	KUNIT_EXPECT_FALSE(test, line_level);
	/* Raised again before the core has looked: that is a change. */
	irq->level[1] = 1U << 8;
	line_irq = 0;
	core_irq_update();
	KUNIT_EXPECT_EQ(test, line_irq, 40);
	/* Beyond the last line, as a broken caller may have it. */
	core_irq_pulse(CORE_IRQ_LINES);
	core_irq_end(CORE_NO_IRQ);
	KUNIT_EXPECT_EQ(test, nr_pulses, 1);
}

static void vectors_from_outside(struct kunit *test)
{
	struct core_cell *cell = axvm_test_cell;
	u64 arg[4] = { 1, 0x41 };

	KUNIT_EXPECT_EQ(test, core_hypercall(core_self(), AXVM_HC_IRQ, arg), 0);
	KUNIT_EXPECT_EQ(test, cell->irq.vector[1][2], 2);
	KUNIT_EXPECT_EQ(test, cell->vcpu[1].requests, CORE_REQ_INJECT);
	KUNIT_EXPECT_EQ(test, kicks, 1U << 11);
	arg[1] = 100;
	KUNIT_EXPECT_EQ(test, core_hypercall(core_self(), AXVM_HC_IRQ, arg), AXVM_HC_EINVAL);
	arg[0] = 3;
	arg[1] = 0x41;
	KUNIT_EXPECT_EQ(test, core_hypercall(core_self(), AXVM_HC_IRQ, arg), AXVM_HC_EINVAL);
	arg[0] = 1ULL << 32;
	KUNIT_EXPECT_EQ(test, core_hypercall(core_self(), AXVM_HC_IRQ, arg), AXVM_HC_EINVAL);
	cell->irq_mode = AXVM_IRQ_MODE_NONE;
	arg[0] = 1;
	KUNIT_EXPECT_EQ(test, core_hypercall(core_self(), AXVM_HC_IRQ, arg), AXVM_HC_EINVAL);
	/* All that were asked for, once; none of them while the vCPU does not run. */
	axvm_test_index = 1;
	cell->irq.vector[1][7] = 1U << 31;
	core_irq_take_vectors(true);
	KUNIT_EXPECT_EQ(test, nr_injected, 2);
	KUNIT_EXPECT_EQ(test, injected[0], 0x41);
	KUNIT_EXPECT_EQ(test, injected[1], 0xff);
	cell->irq.vector[1][0] = 1U << 31;
	core_irq_take_vectors(false);
	core_irq_take_vectors(true);
	KUNIT_EXPECT_EQ(test, nr_injected, 2);
}

#endif
