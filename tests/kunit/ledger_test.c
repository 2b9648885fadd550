// SPDX-License-Identifier: GPL-2.0
/* Tests of the ledger: what is refused, in whose name, and how claims are undone. */
#include <kunit/test.h>

#include "axvm.h"

static struct axvm_owner alice, bob;
static struct axvm_claim base, probe;

static int ledger_test_init(struct kunit *test)
{
	axvm_owner_init(&alice, "alice");
	axvm_owner_init(&bob, "bob");
	base = (struct axvm_claim){ .type = AXVM_RES_RAM, .start = 100, .size = 100 };
	KUNIT_ASSERT_EQ(test, axvm_claim(&alice, &base, NULL), 0);
	return 0;
}

static void ledger_test_exit(struct kunit *test)
{
	axvm_release_all(&bob);
	axvm_release_all(&alice);
}

/* Try a claim of bob's and take it back if it is granted. */
static int try(enum axvm_resource type, u64 start, u64 size, struct axvm_error *err)
{
	int ret;

	probe = (struct axvm_claim){ .type = type, .start = start, .size = size };
	ret = axvm_claim(&bob, &probe, err);
	axvm_release(&probe);
	return ret;
}

static void test_edges(struct kunit *test)
{
	static const struct { u64 start, size; int ret; } cases[] = {
		{ 0, 100, 0 }, { 99, 1, 0 }, { 200, 1, 0 }, { 200, 100, 0 },
		{ 0, 101, -EBUSY }, { 99, 2, -EBUSY }, { 100, 1, -EBUSY }, { 199, 1, -EBUSY },
		{ 199, 2, -EBUSY }, { 100, 100, -EBUSY }, { 150, 10, -EBUSY }, { 0, 1000, -EBUSY },
		{ 1, ~0ULL, -EBUSY },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		KUNIT_EXPECT_EQ_MSG(test, try(AXVM_RES_RAM, cases[i].start, cases[i].size, NULL),
				    cases[i].ret, "case %u", i);
		KUNIT_EXPECT_EQ_MSG(test,
				    axvm_claimed(AXVM_RES_RAM, cases[i].start, cases[i].size),
				    cases[i].ret == -EBUSY, "case %u", i);
	}
	KUNIT_EXPECT_TRUE(test, list_empty(&bob.claims));
}

static void test_split(struct kunit *test)
{
	struct axvm_claim upper = { };

	axvm_claim_split(&base, 150, &upper);
	KUNIT_EXPECT_EQ(test, base.start, 100);
	KUNIT_EXPECT_EQ(test, base.size, 50);
	KUNIT_EXPECT_EQ(test, upper.start, 150);
	KUNIT_EXPECT_EQ(test, upper.size, 50);
	KUNIT_EXPECT_EQ(test, try(AXVM_RES_RAM, 149, 1, NULL), -EBUSY);
	KUNIT_EXPECT_EQ(test, try(AXVM_RES_RAM, 199, 1, NULL), -EBUSY);
	axvm_release(&base);
	KUNIT_EXPECT_EQ(test, try(AXVM_RES_RAM, 100, 50, NULL), 0);
	KUNIT_EXPECT_EQ(test, try(AXVM_RES_RAM, 150, 1, NULL), -EBUSY);
	axvm_release(&upper);
	KUNIT_EXPECT_TRUE(test, list_empty(&alice.claims));
	KUNIT_EXPECT_FALSE(test, axvm_claimed(AXVM_RES_RAM, 0, ~0ULL));
}

static void test_wrap(struct kunit *test)
{
	struct axvm_claim top = { .type = AXVM_RES_MMIO, .start = ~0ULL, .size = 1 };

	KUNIT_EXPECT_EQ(test, try(AXVM_RES_MMIO, ~0ULL, 2, NULL), -EINVAL);
	KUNIT_EXPECT_EQ(test, try(AXVM_RES_MMIO, 2, ~0ULL, NULL), -EINVAL);
	KUNIT_EXPECT_EQ(test, try(AXVM_RES_MMIO, 5, 0, NULL), -EINVAL);
	KUNIT_ASSERT_EQ(test, axvm_claim(&alice, &top, NULL), 0);
	KUNIT_EXPECT_EQ(test, try(AXVM_RES_MMIO, ~0ULL, 1, NULL), -EBUSY);
	KUNIT_EXPECT_EQ(test, try(AXVM_RES_MMIO, ~0ULL - 9, 10, NULL), -EBUSY);
	KUNIT_EXPECT_EQ(test, try(AXVM_RES_MMIO, ~0ULL - 9, 9, NULL), 0);
	axvm_release(&top);
	KUNIT_EXPECT_FALSE(test, axvm_claimed(AXVM_RES_MMIO, 200, ~0ULL - 200));
}

static void test_types_apart(struct kunit *test)
{
	unsigned int type;

	/* Host memory and host registers are one address space. */
	for (type = 0; type < AXVM_NR_RES; type++)
		KUNIT_EXPECT_EQ_MSG(test, try(type, 100, 100, NULL),
				    type == AXVM_RES_RAM || type == AXVM_RES_MMIO ? -EBUSY : 0,
				    "type %u", type);
}

static void test_message(struct kunit *test)
{
	struct axvm_claim cpu = { .type = AXVM_RES_CPU, .start = 3, .size = 1 };
	struct axvm_claim pci = { .type = AXVM_RES_PCI, .start = 0x0001031a, .size = 1 };
	struct axvm_claim ports = { .type = AXVM_RES_PORT, .start = 0x3f8, .size = 8 };
	struct axvm_error err = { };

	KUNIT_EXPECT_EQ(test, try(AXVM_RES_RAM, 0x80, 0x10, &err), -EBUSY);
	KUNIT_EXPECT_NOT_NULL(test, strstr(err.text, "alice"));
	KUNIT_EXPECT_NOT_NULL(test, strstr(err.text, "0x80-0x8f"));
	KUNIT_EXPECT_NOT_NULL(test, strstr(err.text, "0x64-0xc7"));

	KUNIT_ASSERT_EQ(test, axvm_claim(&alice, &cpu, NULL), 0);
	KUNIT_ASSERT_EQ(test, axvm_claim(&alice, &pci, NULL), 0);
	err.text[0] = '\0';
	KUNIT_EXPECT_EQ(test, try(AXVM_RES_CPU, 3, 1, &err), -EBUSY);
	KUNIT_EXPECT_NOT_NULL(test, strstr(err.text, "CPU 3"));
	err.text[0] = '\0';
	KUNIT_EXPECT_EQ(test, try(AXVM_RES_PCI, 0x0001031a, 1, &err), -EBUSY);
	KUNIT_EXPECT_NOT_NULL(test, strstr(err.text, "0001:03:03.2"));
	/* Address space that is another's memory, ports that are another's. */
	err.text[0] = '\0';
	KUNIT_EXPECT_EQ(test, try(AXVM_RES_MMIO, 0xc7, 1, &err), -EBUSY);
	KUNIT_EXPECT_NOT_NULL(test, strstr(err.text, "MMIO 0xc7-0xc7: cell \"alice\" has memory 0x64-0xc7"));
	KUNIT_ASSERT_EQ(test, axvm_claim(&alice, &ports, NULL), 0);
	err.text[0] = '\0';
	KUNIT_EXPECT_EQ(test, try(AXVM_RES_PORT, 0x3ff, 2, &err), -EBUSY);
	KUNIT_EXPECT_NOT_NULL(test, strstr(err.text, "I/O ports 0x3f8-0x3ff"));
	axvm_release(&ports);
	axvm_release(&cpu);
	axvm_release(&pci);
}

/* Twice by one owner is refused as well, and says so. */
static void test_same_owner(struct kunit *test)
{
	struct axvm_claim again = { .type = AXVM_RES_RAM, .start = 199, .size = 1 };
	struct axvm_error err = { };

	KUNIT_EXPECT_EQ(test, axvm_claim(&alice, &again, &err), -EBUSY);
	KUNIT_EXPECT_NOT_NULL(test, strstr(err.text, "already"));
}

static struct {
	unsigned int nr;
	u64 undone[4];
	bool held[4];
	unsigned int freed;
} seen;

static void note_undo(struct axvm_claim *claim)
{
	seen.undone[seen.nr] = claim->start;
	seen.held[seen.nr++] = axvm_claimed(claim->type, claim->start, claim->size);
}

static void note_free(struct axvm_claim *claim)
{
	seen.freed += !axvm_claimed(claim->type, claim->start, claim->size);
}

static void test_release_order(struct kunit *test)
{
	static const enum axvm_resource types[] = { AXVM_RES_CPU, AXVM_RES_IRQ, AXVM_RES_CPU };
	static struct axvm_claim claims[3];
	unsigned int i;

	memset(&seen, 0, sizeof(seen));
	for (i = 0; i < 3; i++) {
		claims[i] = (struct axvm_claim){ .type = types[i], .start = 10 + i, .size = 1,
						 .undo = note_undo, .free = note_free };
		KUNIT_ASSERT_EQ(test, axvm_claim(&bob, &claims[i], NULL), 0);
	}
	axvm_release_all(&bob);
	KUNIT_ASSERT_EQ(test, seen.nr, 3);
	for (i = 0; i < 3; i++) {
		KUNIT_EXPECT_EQ(test, seen.undone[i], 12 - i);
		KUNIT_EXPECT_TRUE_MSG(test, seen.held[i], "claim %u was free during its undo", i);
	}
	KUNIT_EXPECT_EQ(test, seen.freed, 3);
	KUNIT_EXPECT_TRUE(test, list_empty(&bob.claims));
	KUNIT_EXPECT_TRUE(test, axvm_claimed(AXVM_RES_RAM, 100, 1));
}

/* A refused claim was never held: nothing is undone; releasing it is harmless, also twice. */
static void test_refused_is_untouched(struct kunit *test)
{
	struct axvm_claim refused = { .type = AXVM_RES_RAM, .start = 150, .size = 1,
				      .undo = note_undo, .free = note_free };

	memset(&seen, 0, sizeof(seen));
	KUNIT_EXPECT_EQ(test, axvm_claim(&bob, &refused, NULL), -EBUSY);
	axvm_release(&refused);
	axvm_release(&refused);
	KUNIT_EXPECT_EQ(test, seen.nr, 0);
	KUNIT_EXPECT_EQ(test, seen.freed, 0);
	KUNIT_EXPECT_TRUE(test, list_empty(&bob.claims));
}

static struct kunit_case ledger_cases[] = {
	KUNIT_CASE(test_edges),
	KUNIT_CASE(test_split),
	KUNIT_CASE(test_wrap),
	KUNIT_CASE(test_types_apart),
	KUNIT_CASE(test_message),
	KUNIT_CASE(test_same_owner),
	KUNIT_CASE(test_release_order),
	KUNIT_CASE(test_refused_is_untouched),
	{ }
};

static struct kunit_suite ledger_suite = {
	.name = "axvm_ledger",
	.init = ledger_test_init,
	.exit = ledger_test_exit,
	.test_cases = ledger_cases,
};

kunit_test_suite(ledger_suite);
