/* SPDX-License-Identifier: GPL-2.0 */
/* The core when its cell's machine changes, and when its guest is where nothing is. Part of core_test.c. */
#ifndef AXVM_CORE_LIVE_CASES_H
#define AXVM_CORE_LIVE_CASES_H

/* Any state answers a sync, with the tables that are in use then. */
static void sync(struct kunit *test)
{
	struct core_cell *cell = axvm_test_cell;
	struct core_vcpu *vcpu = &cell->vcpu[0];

	syncs = 0;
	vcpu->last_device[CORE_SPACE_MMIO] = 3;
	cell->tables[1] = cell->tables[0];
	cell->tables[1].nr_devices = 1;
	cell->table = 1;
	KUNIT_EXPECT_NOT_NULL(test, core_device_at(CORE_SPACE_MMIO, 0xfec00000, 4));
	cell->sync = 5;
	vcpu->requests = CORE_REQ_SYNC | CORE_REQ_START;
	KUNIT_EXPECT_EQ(test, take_requests(vcpu, CORE_RUNNING), CORE_RUNNING);
	KUNIT_EXPECT_EQ(test, vcpu->synced, 5);
	KUNIT_EXPECT_EQ(test, syncs, 1);
	KUNIT_EXPECT_PTR_EQ(test, vcpu->tables, (const struct core_tables *)&cell->tables[1]);
	KUNIT_EXPECT_NULL(test, core_device_at(CORE_SPACE_MMIO, 0xfec00000, 4));
	/* A stopping vCPU answers as well. */
	cell->sync = 6;
	vcpu->requests = CORE_REQ_SYNC | CORE_REQ_STOP;
	KUNIT_EXPECT_EQ(test, take_requests(vcpu, CORE_RUNNING), CORE_PARKED);
	KUNIT_EXPECT_EQ(test, vcpu->synced, 6);
	/* Dropped with the others, it is answered all the same; nothing new, no answer. */
	drop_requests(vcpu);
	KUNIT_EXPECT_EQ(test, syncs, 2);
	cell->sync = 7;
	vcpu->requests = CORE_REQ_SYNC;
	drop_requests(vcpu);
	KUNIT_EXPECT_EQ(test, vcpu->requests, 0);
	KUNIT_EXPECT_EQ(test, vcpu->synced, 7);
	KUNIT_EXPECT_EQ(test, syncs, 3);
	/* A counter that wraps is as good as any. */
	cell->sync = 0;
	drop_requests(vcpu);
	KUNIT_EXPECT_EQ(test, vcpu->synced, 0);
}

/* A guest that faults for ever: counted all, logged a few in each second. */
static void faults_are_limited(struct kunit *test)
{
	struct core_cell *cell = axvm_test_cell;
	struct core_vcpu *vcpu = &cell->vcpu[0];
	unsigned int i;

	clock_now = 5000000;
	for (i = 0; i < 100; i++)
		core_fault_note(CORE_LOG_FAULT_WRITE, 0x1000 + i, 0x2000);
	KUNIT_EXPECT_EQ(test, vcpu->counters[AXVM_COUNTER_FAULT], 100);
	KUNIT_EXPECT_EQ(test, cell->log_head, FAULTS_PER_SECOND + 1);
	KUNIT_EXPECT_EQ(test, cell->log[0].type, CORE_LOG_FAULT_WRITE);
	KUNIT_EXPECT_EQ(test, cell->log[0].a, 0x1000);
	KUNIT_EXPECT_EQ(test, cell->log[0].b, 0x2000);
	KUNIT_EXPECT_EQ(test, cell->log[FAULTS_PER_SECOND].type, CORE_LOG_FAULT_MORE);
	clock_now += 999999;	/* of 1,000,000 a second */
	core_fault_note(CORE_LOG_FAULT_READ, 1, 2);
	KUNIT_EXPECT_EQ(test, cell->log_head, FAULTS_PER_SECOND + 1);
	clock_now++;
	core_fault_note(CORE_LOG_FAULT_READ, 1, 2);
	KUNIT_EXPECT_EQ(test, cell->log_head, FAULTS_PER_SECOND + 2);
	KUNIT_EXPECT_EQ(test, cell->log[FAULTS_PER_SECOND + 1].type, CORE_LOG_FAULT_READ);
}

#endif
