// SPDX-License-Identifier: GPL-2.0
/*
 * The usual cases that walk.c, decode.c and emulate.c deal with in a shorter
 * way: whatever comes in, it must be as if they did not.
 */
#include <kunit/test.h>
#include <linux/string.h>

#include "x86_guest.h"

#define ROUNDS	60000

static int shortcut_test_init(struct kunit *test)
{
	test->priv = test_guest_create();
	if (!test->priv)
		return -ENOMEM;
	test_guest_flat(test->priv);
	return 0;
}

static void shortcut_test_exit(struct kunit *test)
{
	test_guest_destroy(test->priv);
}

static u64 next(u64 *random)
{
	*random ^= *random << 13;
	*random ^= *random >> 7;
	*random ^= *random << 17;
	return *random;
}

/* An entry that is as it should be, with now and then a bit that should not be. */
static u64 entry(u64 *random, u64 to)
{
	u64 bits = next(random);
	u64 value = to | P | W | A | D;

	if (bits % 4 == 0)
		value ^= 1ULL << (bits >> 8 & 63);
	if (bits % 3 == 0)
		value ^= 1ULL << (bits >> 16 & 7);
	return value;
}

static void shortcut_walk(struct kunit *test)
{
	struct test_guest *g = test->priv;
	u64 random = 0x2545f4914f6cdd1dULL;
	u32 i, seen[CORE_WALK_RACE + 1] = {}, quick = 0;

	for (i = 0; i < ROUNDS; i++) {
		struct core_gpa a = {}, b = {};
		u64 bits = next(&random);
		u64 linear = bits >> 20 & 0x1fffff;
		u32 access = bits & (CORE_ACCESS_WRITE | CORE_ACCESS_FETCH);
		struct core_view before;
		int status;

		guest_put64(g, T4, entry(&random, T3));
		guest_put64(g, T3, entry(&random, T2));
		guest_put64(g, T2, entry(&random, T1));
		guest_put_pte(g, linear & ~0xfffULL, entry(&random, linear & 0x3f000));
		g->view.cr4 = X86_CR4_PAE | (bits & 8 ? X86_CR4_SMEP : 0) |
			      (bits & 16 ? X86_CR4_SMAP : 0);
		g->view.efer = EFER_LMA | (bits & 32 ? EFER_NX : 0);
		g->view.cpl = bits & 64 ? 3 : 0;
		before = g->view;
		/* The short way wants tables that can be written. */
		g->read_only = T4;
		status = core_walk(&g->view, linear, access, &a);
		swap(before, g->view);
		g->read_only = 0;
		g->lookups = 0;
		KUNIT_ASSERT_EQ(test, core_walk(&g->view, linear, access, &b), status);
		KUNIT_ASSERT_EQ(test, memcmp(&before, &g->view, sizeof(before)), 0);
		if (!status) {
			KUNIT_ASSERT_EQ(test, a.gpa, b.gpa);
			KUNIT_ASSERT_EQ(test, a.left, b.left);
			quick += g->lookups <= 4;
		}
		seen[status]++;
	}
	KUNIT_EXPECT_GT(test, quick, 1000u);
	KUNIT_EXPECT_GT(test, seen[CORE_WALK_FAULT], 1000u);
}

/* Return: was there anything to compare? */
static bool decodes_alike(struct kunit *test, u8 rex, u8 op, u8 modrm, u8 sib)
{
	u8 code[CORE_INSN_MAX];
	struct core_insn quick, slow;
	u32 n = 0;

	memset(code, 0xf1, sizeof(code));
	memset(&quick, 0, sizeof(quick));
	memset(&slow, 0, sizeof(slow));
	if (rex)
		code[n++] = rex;
	code[n++] = op;
	code[n++] = modrm;
	code[n++] = sib;
	/* Where there are fewer than eight bytes only the long way is gone. */
	if (core_decode(code, sizeof(code), 8, &quick) || quick.len > 7)
		return false;
	KUNIT_EXPECT_EQ(test, core_decode(code, quick.len, 8, &slow), CORE_DECODE_OK);
	KUNIT_EXPECT_EQ_MSG(test, memcmp(&quick, &slow, sizeof(quick)), 0, "%*ph", 8, code);
	return true;
}

static void shortcut_decode(struct kunit *test)
{
	u32 i, sib, same = 0;

	/* REX or none, eight opcodes around MOV, all of ModRM */
	for (i = 0; i < 17 * 8 * 256; i++)
		for (sib = 0; sib < 0x100; sib += 0x0c)
			same += decodes_alike(test, i / 2048 ? 0x3f + i / 2048 : 0,
					      0x88 + i / 256 % 8, i % 256, sib);
	KUNIT_EXPECT_GT(test, same, 10000u);
}

static int run(struct test_guest *g, const char *code, u32 len, u64 gpa, u8 refused)
{
	g->view.refused = refused;
	g->gpr[CORE_RBX] = GUEST_DEVICE_LINEAR;
	g->gpr[CORE_RDX] = 0x1122334455667788ULL;
	return test_guest_run(g, code, len, gpa);
}

#define RUN(g, code, gpa, refused)	run(g, code, sizeof(code) - 1, gpa, refused)

static void shortcut_emulate(struct kunit *test)
{
	struct test_guest *g = test->priv;

	/* mov edx, [rbx+0x10]: what stage 2 refused is not looked up again */
	KUNIT_EXPECT_EQ(test, RUN(g, "\x8b\x53\x10", GUEST_DEVICE + 0x10, CORE_REFUSED_READ),
			CORE_EMUL_DONE);
	KUNIT_EXPECT_EQ(test, g->gpr[CORE_RDX], 0x93929190ULL);
	KUNIT_EXPECT_EQ(test, RUN(g, "\x89\x53\x10", GUEST_DEVICE + 0x10, CORE_REFUSED_WRITE),
			CORE_EMUL_DONE);
	KUNIT_EXPECT_EQ(test, g->last_gpa, GUEST_DEVICE + 0x10);
	KUNIT_EXPECT_EQ(test, memcmp(g->device + 0x10, "\x88\x77\x66\x55", 4), 0);
	/* mov dword [rbx+0x10], 5 */
	KUNIT_EXPECT_EQ(test, RUN(g, "\xc7\x43\x10\x05\x00\x00\x00", GUEST_DEVICE + 0x10,
				  CORE_REFUSED_WRITE), CORE_EMUL_DONE);
	KUNIT_EXPECT_EQ(test, g->device[0x10], 5);
	KUNIT_EXPECT_EQ(test, g->once, 3u);
	KUNIT_EXPECT_EQ(test, g->others, 0u);
	/* add edx, [rbx+0x10] goes the long way, and says so */
	g->once = 0;
	KUNIT_EXPECT_EQ(test, RUN(g, "\x03\x53\x10", GUEST_DEVICE + 0x10, CORE_REFUSED_READ),
			CORE_EMUL_DONE);
	KUNIT_EXPECT_EQ(test, g->once, 0u);
	KUNIT_EXPECT_EQ(test, g->others, 1u);

	/* The other kind of access, or another offset, was not refused there. */
	guest_put_pte(g, GUEST_DEVICE_LINEAR, GUEST_DEVICE | P | U);
	KUNIT_EXPECT_EQ(test, RUN(g, "\x89\x53\x10", GUEST_DEVICE + 0x10, CORE_REFUSED_READ),
			CORE_EMUL_FAULT);
	KUNIT_EXPECT_EQ(test, RUN(g, "\x8b\x53\x14", GUEST_DEVICE + 0x10, CORE_REFUSED_READ),
			CORE_EMUL_MISMATCH);
	/* add [rbx+0x10], edx was read, but wants to write */
	KUNIT_EXPECT_EQ(test, RUN(g, "\x01\x53\x10", GUEST_DEVICE + 0x10, CORE_REFUSED_READ),
			CORE_EMUL_FAULT);
	KUNIT_EXPECT_EQ(test, g->reads + g->writes, 0u);
	/* mov edx, [rbx+0xffe] goes on in the next page */
	KUNIT_EXPECT_NE(test, RUN(g, "\x8b\x93\xfe\x0f\x00\x00", GUEST_DEVICE + 0xffe,
				  CORE_REFUSED_READ), CORE_EMUL_DONE);
	/* There is no device after all. */
	g->refuse = true;
	KUNIT_EXPECT_EQ(test, RUN(g, "\x8b\x53\x10", GUEST_DEVICE + 0x10, CORE_REFUSED_READ),
			CORE_EMUL_REFUSED);
}

static struct kunit_case shortcut_cases[] = {
	KUNIT_CASE(shortcut_walk),
	KUNIT_CASE(shortcut_decode),
	KUNIT_CASE(shortcut_emulate),
	{}
};

static struct kunit_suite shortcut_suite = {
	.name = "axvm_x86_shortcut",
	.init = shortcut_test_init,
	.exit = shortcut_test_exit,
	.test_cases = shortcut_cases,
};
kunit_test_suite(shortcut_suite);
