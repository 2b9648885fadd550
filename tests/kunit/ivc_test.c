// SPDX-License-Identifier: GPL-2.0
/*
 * Channels: every step from every state that can be reached, held against what
 * the protocol promises; the rules of a configuration; doorbells of the core.
 */
#include <kunit/test.h>
#include <linux/limits.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "../../module/ivc/policy.h"
#include "../../module/ivc/state.h"

#define PUBLISHER	1
#define PEERS		3	/* the publisher and two subscribers */
#define STATES		(4 * 5 * 5 * 5)
#define NO_STEP		(AXVM_IVC_REVOKE + 1)	/* attach */

static struct axvm_ivc_table *table;

static int ivc_test_init(struct kunit *test)
{
	table = kzalloc(AXVM_IVC_TABLE_SIZE, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, table);
	return 0;
}

static void ivc_test_exit(struct kunit *test)
{
	kfree(table);
}

static unsigned int number(const struct axvm_ivc_table *t)
{
	unsigned int i, n = t->state;

	for (i = 0; i < PEERS; i++)
		n = n * 5 + t->peer[i].state;
	return n;
}

static void set_number(struct axvm_ivc_table *t, unsigned int n)
{
	int i;

	memset(t, 0, AXVM_IVC_TABLE_SIZE);
	axvm_ivc_table_init(t, PUBLISHER, 7, PAGE_SIZE);
	for (i = PEERS - 1; i >= 0; i--, n /= 5) {
		t->peer[i].state = n % 5;
		t->peer[i].id = PUBLISHER + i;
	}
	t->state = n;
}

static bool holds(u32 state)
{
	return state == AXVM_IVC_PEER_ATTACHED || state == AXVM_IVC_PEER_STOPPED;
}

static unsigned int holders(const struct axvm_ivc_table *t)
{
	unsigned int i, nr = t->state == AXVM_IVC_LIVE;

	for (i = 0; i < AXVM_IVC_MAX_PEERS; i++)
		nr += holds(t->peer[i].state);
	return nr;
}

/* What a peer becomes, as Documentation/ivc.md has it. */
static u32 expected_peer(u32 state, unsigned int step)
{
	static const u32 becomes[] = {
		[AXVM_IVC_LEAVE] = AXVM_IVC_PEER_LEFT, [AXVM_IVC_DIE] = AXVM_IVC_PEER_DIED,
		[AXVM_IVC_STOP] = AXVM_IVC_PEER_STOPPED,
	};

	if (step == NO_STEP)
		return AXVM_IVC_PEER_ATTACHED;
	if (step == AXVM_IVC_REVOKE || !holds(state))
		return state;
	if (step == AXVM_IVC_START)
		return AXVM_IVC_PEER_ATTACHED;
	return becomes[step];
}

static u32 expected_channel(u32 state, unsigned int index, u32 peer, unsigned int step)
{
	if (state != AXVM_IVC_LIVE)
		return state;
	if (step == AXVM_IVC_REVOKE)
		return AXVM_IVC_REVOKED;
	if (index || !holds(peer))
		return state;
	if (step == AXVM_IVC_LEAVE)
		return AXVM_IVC_REVOKED;
	return step == AXVM_IVC_DIE ? AXVM_IVC_DEAD : state;
}

static u32 do_step(unsigned int index, unsigned int step)
{
	if (step != NO_STEP)
		return axvm_ivc_step(table, index, step);
	return axvm_ivc_attach(table, index, PUBLISHER + index, AXVM_IVC_READ, AXVM_IVC_PEER_ATTACHED);
}

static void check_step(struct kunit *test, unsigned int from, unsigned int index,
		       unsigned int step)
{
	u32 generation, told, others, state, peer, epoch;
	unsigned int before, i;
	bool changed;

	set_number(table, from);
	before = holders(table);
	generation = table->generation;
	state = table->state;
	peer = table->peer[index].state;
	epoch = table->peer[index].epoch;
	told = do_step(index, step);
	KUNIT_EXPECT_EQ(test, table->peer[index].state, expected_peer(peer, step));
	KUNIT_EXPECT_EQ(test, table->state, expected_channel(state, index, peer, step));
	changed = number(table) != from || step == NO_STEP;
	KUNIT_EXPECT_EQ(test, table->generation, generation + 2 * changed);
	for (i = 0, others = 0; i < PEERS; i++)
		if ((i != index || step == AXVM_IVC_REVOKE) && holds(table->peer[i].state))
			others |= 1U << i;
	KUNIT_EXPECT_EQ(test, told, changed ? others : 0);
	KUNIT_EXPECT_EQ(test, table->peer[index].epoch,
			epoch + (changed && table->peer[index].state == AXVM_IVC_PEER_ATTACHED &&
				 step != AXVM_IVC_REVOKE));
	/* Nobody but a new peer ever makes more holders: so the memory is freed once, by the last. */
	if (step == NO_STEP)
		KUNIT_EXPECT_GE(test, holders(table), before);
	else
		KUNIT_EXPECT_LE(test, holders(table), before);
	KUNIT_EXPECT_GE(test, holders(table) + 2, before);
}

/* Breadth first over all that can be reached from a new channel. */
static void every_step(struct kunit *test)
{
	static bool seen[STATES];
	static unsigned int queue[STATES];
	unsigned int head = 0, tail = 0, index, step, next, freed = 0;

	memset(seen, 0, sizeof(seen));
	axvm_ivc_table_init(table, PUBLISHER, 7, PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, axvm_ivc_place(table, PUBLISHER, 0), 0);
	axvm_ivc_attach(table, 0, PUBLISHER, AXVM_IVC_READ, AXVM_IVC_PEER_ATTACHED);
	queue[tail++] = number(table);
	seen[number(table)] = true;
	while (head < tail) {
		unsigned int from = queue[head++];

		for (index = 0; index < PEERS; index++) {
			for (step = 0; step <= NO_STEP; step++) {
				set_number(table, from);
				if (step == NO_STEP &&
				    axvm_ivc_place(table, PUBLISHER + index, 0) < 0)
					continue;
				if (step == NO_STEP && !index)
					continue;	/* a publisher comes once, at the beginning */
				check_step(test, from, index, step);
				next = number(table);
				if (seen[next])
					continue;
				seen[next] = true;
				queue[tail++] = next;
				freed += !holders(table);
			}
		}
	}
	/* Live: the publisher holds it (2), subscribers are in any state (5 * 5); and so on. */
	kunit_info(test, "%u states, %u without any holder\n", tail, freed);
	KUNIT_EXPECT_GT(test, tail, 150U);
	KUNIT_EXPECT_GT(test, freed, 10U);
}

static void places(struct kunit *test)
{
	unsigned int i;

	axvm_ivc_table_init(table, PUBLISHER, 7, PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, axvm_ivc_place(table, PUBLISHER, 0), 0);
	axvm_ivc_attach(table, 0, PUBLISHER, 3, AXVM_IVC_PEER_ATTACHED);
	KUNIT_EXPECT_EQ(test, axvm_ivc_place(table, PUBLISHER, 0), -EEXIST);
	for (i = 1; i < AXVM_IVC_MAX_PEERS; i++) {
		KUNIT_EXPECT_EQ(test, axvm_ivc_place(table, 100 + i, 0), (int)i);
		axvm_ivc_attach(table, i, 100 + i, 1, AXVM_IVC_PEER_ATTACHED);
	}
	KUNIT_EXPECT_EQ(test, axvm_ivc_place(table, 99, 0), -ENOSPC);
	KUNIT_EXPECT_EQ(test, axvm_ivc_place(table, 103, 0), -EEXIST);
	/* One that left gives its place to the next, but not while that is on its way. */
	axvm_ivc_step(table, 3, AXVM_IVC_LEAVE);
	KUNIT_EXPECT_EQ(test, axvm_ivc_place(table, 103, 0), 3);
	KUNIT_EXPECT_EQ(test, axvm_ivc_place(table, 99, 1U << 3), -ENOSPC);
	/* A place that nobody had comes before one that says something of its last owner. */
	memset(&table->peer[9], 0, sizeof(table->peer[9]));
	KUNIT_EXPECT_EQ(test, axvm_ivc_place(table, 99, 0), 9);
	/* Whoever was here before gets his own. */
	axvm_ivc_step(table, 5, AXVM_IVC_DIE);
	KUNIT_EXPECT_EQ(test, axvm_ivc_place(table, 105, 0), 5);
	axvm_ivc_step(table, 0, AXVM_IVC_LEAVE);
	KUNIT_EXPECT_EQ(test, axvm_ivc_place(table, 99, 0), -ENOENT);
}

static void layout(struct kunit *test)
{
	axvm_ivc_table_init(table, 5, 0xfffffff0, 3 * PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, ((u32 *)table)[0], 0x56495841U);
	KUNIT_EXPECT_EQ(test, ((u32 *)table)[1], 1U);
	KUNIT_EXPECT_EQ(test, ((u32 *)table)[3], 1U);
	KUNIT_EXPECT_EQ(test, ((u64 *)table)[2], 5ULL);
	KUNIT_EXPECT_EQ(test, ((u64 *)table)[3], 0xfffffff0ULL);
	KUNIT_EXPECT_EQ(test, ((u64 *)table)[4], 3ULL * PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, ((u32 *)table)[10], 16U);
	KUNIT_EXPECT_EQ(test, ((u32 *)table)[11], 32U);
	axvm_ivc_attach(table, 2, 77, 3, AXVM_IVC_PEER_ATTACHED);
	KUNIT_EXPECT_EQ(test, ((u32 *)table)[32], 77U);
	KUNIT_EXPECT_EQ(test, ((u32 *)table)[33], 1U);
	KUNIT_EXPECT_EQ(test, ((u32 *)table)[34], 3U);
	KUNIT_EXPECT_EQ(test, ((u32 *)table)[35], 1U);
}

/* Configurations. */

static const struct axvm_config_limits limits = {
	.gpa_bits = 40, .first_line = 32, .last_line = 95,
};

static int check(struct axvm_config *cfg, unsigned int *index)
{
	struct axvm_error err = {};

	return axvm_ivc_check_rules(cfg, &limits, index, &err);
}

static void rules(struct kunit *test)
{
	struct axvm_config *cfg = kvzalloc(sizeof(*cfg), GFP_KERNEL);
	const struct axvm_config_ivc publish = {
		.kind = AXVM_IVC_KIND_PUBLISH, .key = 7, .rights = 3, .linux_rights = 3,
		.line = CORE_NO_IRQ,
	};
	const struct axvm_config_ivc subscribe = {
		.kind = AXVM_IVC_KIND_SUBSCRIBE, .key = 7, .cell = "other", .rights = 1,
		.linux_rights = 3, .line = 40, .gpa_given = true, .gpa = 0x10000000,
	};
	unsigned int index = 99;

	KUNIT_ASSERT_NOT_NULL(test, cfg);
	strscpy(cfg->name, "self", sizeof(cfg->name));
	KUNIT_EXPECT_EQ(test, check(cfg, &index), 0);
	cfg->nr_ivc = 2;
	cfg->ivc[0] = publish;
	cfg->ivc[1] = subscribe;
	KUNIT_EXPECT_EQ(test, check(cfg, &index), 0);
	strscpy(cfg->ivc[1].cell, "self", sizeof(cfg->ivc[1].cell));
	KUNIT_EXPECT_EQ(test, check(cfg, &index), -EINVAL);
	KUNIT_EXPECT_EQ(test, index, 1U);
	cfg->ivc[1] = publish;
	KUNIT_EXPECT_EQ(test, check(cfg, &index), -EINVAL);
	cfg->ivc[1] = subscribe;
	cfg->ivc[1].rights = AXVM_IVC_WRITE;
	KUNIT_EXPECT_EQ(test, check(cfg, &index), -EINVAL);
	cfg->ivc[1] = subscribe;
	cfg->ivc[1].line = 96;
	KUNIT_EXPECT_EQ(test, check(cfg, &index), -ERANGE);
	cfg->ivc[1] = subscribe;
	cfg->ivc[1].gpa = 0x10000001;
	KUNIT_EXPECT_EQ(test, check(cfg, &index), -ERANGE);
	cfg->ivc[1].gpa = 1ULL << 40;
	KUNIT_EXPECT_EQ(test, check(cfg, &index), -ERANGE);
	cfg->ivc[1] = subscribe;
	strscpy(cfg->ivc[0].cell, "other", sizeof(cfg->ivc[0].cell));
	KUNIT_EXPECT_EQ(test, check(cfg, &index), -EINVAL);
	KUNIT_EXPECT_EQ(test, index, 0U);
	kvfree(cfg);
}

static struct kunit_case ivc_cases[] = {
	KUNIT_CASE(every_step),
	KUNIT_CASE(places),
	KUNIT_CASE(layout),
	KUNIT_CASE(rules),
	{}
};

static struct kunit_suite ivc_suite = {
	.name = "axvm_ivc",
	.init = ivc_test_init,
	.exit = ivc_test_exit,
	.test_cases = ivc_cases,
};

kunit_test_suite(ivc_suite);
