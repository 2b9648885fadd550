/* SPDX-License-Identifier: GPL-2.0 */
/* Part of core_test.c: the asking end of the slow path, with the host half's moves made here. */
#ifndef AXVM_CORE_CALL_CASES_H
#define AXVM_CORE_CALL_CASES_H

#define TESTDEV	0xfe000000ULL

static struct core_host_call *call_of_0(void)
{
	return &axvm_test_cell->call[0];
}

/* As the host half does. Return: was the answer still wanted? */
static bool answer(u32 word, u64 value)
{
	struct core_host_call *call = call_of_0();

	call->result[0] = value;
	return cmpxchg(&call->word, word, (word & ~CORE_CALL_STATE) | CORE_CALL_ANSWERED) == word;
}

static void calls_begin(void)
{
	add_device(CORE_SPACE_MMIO, TESTDEV, 0x1000, AXVM_DEVICE_TYPE_TESTDEV);
	again_gpa = TESTDEV + 8;
	again_value = 0;
	agains = 0;
}

static u64 testdev_accesses(void)
{
	return core_self()->devices[core_find_device(core_tables(), CORE_SPACE_MMIO, TESTDEV, 1)->slot];
}

static void call_answered(struct kunit *test)
{
	struct core_host_call *call = call_of_0();
	struct core_vcpu *self = core_self();
	u64 value = 77;

	calls_begin();
	KUNIT_EXPECT_EQ(test, core_device_access(CORE_SPACE_MMIO, TESTDEV + 8, 8, false, &value),
			CORE_IO_ASKED);
	KUNIT_EXPECT_EQ(test, value, 77ULL);
	KUNIT_EXPECT_EQ(test, call->word & CORE_CALL_STATE, CORE_CALL_ASKED);
	KUNIT_EXPECT_EQ(test, call->type, (u32)CORE_CALL_MMIO);
	KUNIT_EXPECT_EQ(test, call->arg[CORE_CALL_ADDRESS], TESTDEV + 8);
	KUNIT_EXPECT_EQ(test, call->arg[CORE_CALL_SIZE], 8ULL);
	KUNIT_EXPECT_EQ(test, call->arg[CORE_CALL_WRITE], 0ULL);
	KUNIT_EXPECT_EQ(test, self->requests & CORE_REQ_ANSWER, CORE_REQ_ANSWER);
	KUNIT_EXPECT_EQ(test, raises, 1u);
	KUNIT_EXPECT_EQ(test, testdev_accesses(), 0ULL);
	KUNIT_EXPECT_EQ(test, take_requests(self, CORE_RUNNING), CORE_ASKING);
	KUNIT_EXPECT_EQ(test, step_of(self, CORE_ASKING), STEP_WAIT);
	KUNIT_EXPECT_EQ(test, agains, 0u);

	KUNIT_EXPECT_TRUE(test, answer(call->word, 1234));
	self->requests = CORE_REQ_ANSWER;
	KUNIT_EXPECT_EQ(test, take_requests(self, CORE_ASKING), CORE_RUNNING);
	KUNIT_EXPECT_EQ(test, agains, 1u);
	KUNIT_EXPECT_EQ(test, again_io, CORE_IO_DONE);
	KUNIT_EXPECT_EQ(test, again_value, 1234ULL);
	KUNIT_EXPECT_EQ(test, testdev_accesses(), 1ULL);
	KUNIT_EXPECT_EQ(test, call->word & CORE_CALL_STATE, CORE_CALL_NONE);
	KUNIT_EXPECT_EQ(test, self->requests, 0u);
}

/* The answer came before the vCPU noticed that it had asked. */
static void call_answered_at_once(struct kunit *test)
{
	u64 value;

	calls_begin();
	core_device_access(CORE_SPACE_MMIO, TESTDEV + 8, 8, false, &value);
	KUNIT_EXPECT_TRUE(test, answer(call_of_0()->word, 5));
	KUNIT_EXPECT_EQ(test, take_requests(core_self(), CORE_RUNNING), CORE_RUNNING);
	KUNIT_EXPECT_EQ(test, again_value, 5ULL);
}

/* An answer is for the question that was asked, and for no other. */
static void call_of_another_mind(struct kunit *test)
{
	struct core_vcpu *self = core_self();
	u64 value;
	u32 first;

	calls_begin();
	core_device_access(CORE_SPACE_MMIO, TESTDEV, 8, false, &value);
	first = call_of_0()->word;
	take_requests(self, CORE_RUNNING);
	KUNIT_EXPECT_TRUE(test, answer(first, 5));
	self->requests = CORE_REQ_ANSWER;
	/* Performed again, the instruction reads another register: it is asked anew. */
	KUNIT_EXPECT_EQ(test, take_requests(self, CORE_ASKING), CORE_ASKING);
	KUNIT_EXPECT_EQ(test, again_io, CORE_IO_ASKED);
	KUNIT_EXPECT_NE(test, call_of_0()->word, first);
	KUNIT_EXPECT_FALSE(test, answer(first, 6));
	/* Or it reads none at all: the answer is dropped. */
	KUNIT_EXPECT_TRUE(test, answer(call_of_0()->word, 7));
	again_gpa = 0x10;
	self->requests = CORE_REQ_ANSWER;
	KUNIT_EXPECT_EQ(test, take_requests(self, CORE_ASKING), CORE_RUNNING);
	KUNIT_EXPECT_EQ(test, call_of_0()->word & CORE_CALL_STATE, CORE_CALL_NONE);
}

static void call_given_up(struct kunit *test)
{
	struct core_vcpu *self = core_self();
	u64 value;
	u32 word;

	calls_begin();
	core_device_access(CORE_SPACE_MMIO, TESTDEV + 8, 8, false, &value);
	word = call_of_0()->word;
	take_requests(self, CORE_RUNNING);
	self->requests = CORE_REQ_INIT;
	KUNIT_EXPECT_EQ(test, take_requests(self, CORE_ASKING), CORE_WAITING);
	KUNIT_EXPECT_FALSE(test, answer(word, 5));
	self->requests = CORE_REQ_ANSWER;
	KUNIT_EXPECT_EQ(test, take_requests(self, CORE_WAITING), CORE_WAITING);
	KUNIT_EXPECT_EQ(test, agains, 0u);
	/* Reset in the moment that it asks, started again at once: it asks for nothing. */
	core_device_access(CORE_SPACE_MMIO, TESTDEV + 8, 8, false, &value);
	self->requests |= CORE_REQ_INIT | CORE_REQ_START;
	KUNIT_EXPECT_EQ(test, take_requests(self, CORE_RUNNING), CORE_RUNNING);
	KUNIT_EXPECT_EQ(test, call_of_0()->word & CORE_CALL_STATE, CORE_CALL_NONE);
	/* Whoever stops does not wait. */
	core_device_access(CORE_SPACE_MMIO, TESTDEV + 8, 8, false, &value);
	self->requests |= CORE_REQ_STOP;
	KUNIT_EXPECT_EQ(test, take_requests(self, CORE_RUNNING), CORE_PARKED);
}

static void call_by_number(struct kunit *test)
{
	const u64 arg[4] = { 1, 2, 3, 4 };
	struct core_vcpu *self = core_self();

	calls_begin();
	KUNIT_EXPECT_EQ(test, core_call_hypercall(3, arg), 3LL);
	KUNIT_EXPECT_EQ(test, call_of_0()->arg[0], 3ULL);
	KUNIT_EXPECT_EQ(test, call_of_0()->arg[4], 4ULL);
	KUNIT_EXPECT_EQ(test, take_requests(self, CORE_RUNNING), CORE_ASKING);
	KUNIT_EXPECT_TRUE(test, answer(call_of_0()->word, -22LL));
	self->requests = CORE_REQ_ANSWER;
	KUNIT_EXPECT_EQ(test, take_requests(self, CORE_ASKING), CORE_RUNNING);
	KUNIT_EXPECT_EQ(test, hypercall_result, (u64)-22LL);
	KUNIT_EXPECT_EQ(test, agains, 0u);
	KUNIT_EXPECT_EQ(test, call_of_0()->word & CORE_CALL_STATE, CORE_CALL_NONE);
}

/* Physical registers that the guest may use in one direction only, and only as a whole. */
static void physical_rights(struct kunit *test)
{
	struct core_tables *tables = &axvm_test_cell->tables[0];
	const u64 *refused = &core_self()->counters[AXVM_COUNTER_ACCESS_REFUSED];
	u64 value = 7;

	tables->nr_devices = 0;
	add_device(CORE_SPACE_PIO, 0x500, 8, AXVM_DEVICE_TYPE_PORTS);
	tables->device[tables->nr_devices - 1].access = CORE_DEVICE_SLOW | AXVM_DEVICE_RIGHT_READ;
	add_device(CORE_SPACE_PIO, 0x600, 1, AXVM_DEVICE_TYPE_PORTS);
	tables->device[tables->nr_devices - 1].access = CORE_DEVICE_SLOW | AXVM_DEVICE_RIGHT_WRITE;
	port_accesses = 0;
	KUNIT_EXPECT_EQ(test, core_device_access(CORE_SPACE_PIO, 0x504, 4, false, &value), CORE_IO_DONE);
	KUNIT_EXPECT_EQ(test, value, 0x5aULL);
	KUNIT_EXPECT_EQ(test, port_seen, 0x504);
	KUNIT_EXPECT_EQ(test, core_device_access(CORE_SPACE_PIO, 0x504, 4, true, &value), CORE_IO_DONE);
	KUNIT_EXPECT_EQ(test, core_device_access(CORE_SPACE_PIO, 0x502, 4, false, &value), CORE_IO_DONE);
	KUNIT_EXPECT_EQ(test, value, ~0ULL);
	KUNIT_EXPECT_EQ(test, core_device_access(CORE_SPACE_PIO, 0x506, 4, false, &value), CORE_IO_NONE);
	KUNIT_EXPECT_EQ(test, port_accesses, 1u);
	KUNIT_EXPECT_EQ(test, *refused, 2ULL);
	KUNIT_EXPECT_EQ(test, core_device_access(CORE_SPACE_PIO, 0x600, 1, true, &value), CORE_IO_DONE);
	KUNIT_EXPECT_EQ(test, port_accesses, 2u);
	value = 7;
	KUNIT_EXPECT_EQ(test, core_device_access(CORE_SPACE_PIO, 0x600, 1, false, &value), CORE_IO_DONE);
	KUNIT_EXPECT_EQ(test, value, ~0ULL);
	KUNIT_EXPECT_EQ(test, port_accesses, 2u);
	KUNIT_EXPECT_EQ(test, *refused, 3ULL);
	KUNIT_EXPECT_EQ(test, axvm_test_cell->lock, 0u);
}

#endif
