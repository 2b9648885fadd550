// SPDX-License-Identifier: GPL-2.0
/* The A64 decoder against encodings that GNU as made, and what it must refuse. */
#include <kunit/test.h>

#include "../../module/arch/arm64/core/insn.h"

#define NONE	CORE_INSN_NONE
#define LOAD	false
#define STORE	true

struct sample {
	u32 word;
	const char *text;
	struct core_insn want;
};

/* size, registers, { rt, rt2 }, store, sign, wide, base, offset */
static const struct sample samples[] = {
	{ 0xb9400041, "ldr w1, [x2]", { 4, 1, { 1 }, LOAD, false, false, NONE, 0 } },
	{ 0xf9400441, "ldr x1, [x2, #8]", { 8, 1, { 1 }, LOAD, false, true, NONE, 0 } },
	{ 0x38401483, "ldrb w3, [x4], #1", { 1, 1, { 3 }, LOAD, false, false, 4, 1 } },
	{ 0x78402c83, "ldrh w3, [x4, #2]!", { 2, 1, { 3 }, LOAD, false, false, 4, 2 } },
	{ 0x39c000c5, "ldrsb w5, [x6]", { 1, 1, { 5 }, LOAD, true, false, NONE, 0 } },
	{ 0x398000c5, "ldrsb x5, [x6]", { 1, 1, { 5 }, LOAD, true, true, NONE, 0 } },
	{ 0x78dfecc5, "ldrsh w5, [x6, #-2]!", { 2, 1, { 5 }, LOAD, true, false, 6, -2 } },
	{ 0x788024c5, "ldrsh x5, [x6], #2", { 2, 1, { 5 }, LOAD, true, true, 6, 2 } },
	{ 0xb9800507, "ldrsw x7, [x8, #4]", { 4, 1, { 7 }, LOAD, true, true, NONE, 0 } },
	{ 0xb81fcd49, "str w9, [x10, #-4]!", { 4, 1, { 9 }, STORE, false, false, 10, -4 } },
	{ 0xf8008549, "str x9, [x10], #8", { 8, 1, { 9 }, STORE, false, true, 10, 8 } },
	{ 0x380017ff, "strb wzr, [sp], #1", { 1, 1, { 31 }, STORE, false, false, 31, 1 } },
	{ 0x782b6949, "strh w9, [x10, x11]", { 2, 1, { 9 }, STORE, false, false, NONE, 0 } },
	{ 0xf82b5949, "str x9, [x10, w11, uxtw #3]",
	  { 8, 1, { 9 }, STORE, false, true, NONE, 0 } },
	{ 0xf85f8041, "ldur x1, [x2, #-8]", { 8, 1, { 1 }, LOAD, false, true, NONE, 0 } },
	{ 0xb8404841, "ldtr w1, [x2, #4]", { 4, 1, { 1 }, LOAD, false, false, NONE, 0 } },
	{ 0x29400861, "ldp w1, w2, [x3]", { 4, 2, { 1, 2 }, LOAD, false, false, NONE, 0 } },
	{ 0xa8c10861, "ldp x1, x2, [x3], #16", { 8, 2, { 1, 2 }, LOAD, false, true, 3, 16 } },
	{ 0x69ff0861, "ldpsw x1, x2, [x3, #-8]!", { 4, 2, { 1, 2 }, LOAD, true, true, 3, -8 } },
	{ 0xa9a00be1, "stp x1, x2, [sp, #-512]!",
	  { 8, 2, { 1, 2 }, STORE, false, true, 31, -512 } },
	{ 0x289ffc61, "stp w1, wzr, [x3], #252",
	  { 4, 2, { 1, 31 }, STORE, false, false, 3, 252 } },
	{ 0xa8400861, "ldnp x1, x2, [x3]", { 8, 2, { 1, 2 }, LOAD, false, true, NONE, 0 } },
	{ 0x28010861, "stnp w1, w2, [x3, #8]", { 4, 2, { 1, 2 }, STORE, false, false, NONE, 0 } },
};

static const struct {
	u32 word;
	const char *text;
} refused[] = {
	{ 0xf9800020, "prfm pldl1keep, [x1]" },
	{ 0x3dc00020, "ldr q0, [x1]" },
	{ 0x6d000420, "stp d0, d1, [x1]" },
	{ 0xfc408420, "ldr d0, [x1], #8" },
	{ 0x885f7c41, "ldxr w1, [x2]" },
	{ 0x889ffc41, "stlr w1, [x2]" },
	{ 0xc8dffc41, "ldar x1, [x2]" },
	{ 0x88a17c62, "cas w1, w2, [x3]" },
	{ 0xb8210062, "ldadd w1, w2, [x3]" },
	{ 0xf8218062, "swp x1, x2, [x3]" },
	{ 0x4c407c20, "ld1 { v0.2d }, [x1]" },
	{ 0xd50b7e21, "dc civac, x1" },
	{ 0x8b030041, "add x1, x2, x3" },
	{ 0x58000001, "ldr x1, ." },
	{ 0x69000861, "stgp x1, x2, [x3]" },
	{ 0xd503201f, "nop" },
	{ 0x00000000, "udf" },
	{ 0xffffffff, "nothing" },
};

static void decodes(struct kunit *test)
{
	struct core_insn insn;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(samples); i++) {
		const struct sample *s = &samples[i];

		KUNIT_EXPECT_TRUE_MSG(test, core_insn_decode(s->word, &insn), "%s", s->text);
		KUNIT_EXPECT_EQ_MSG(test, insn.size, s->want.size, "%s", s->text);
		KUNIT_EXPECT_EQ_MSG(test, insn.nr, s->want.nr, "%s", s->text);
		KUNIT_EXPECT_EQ_MSG(test, insn.rt[0], s->want.rt[0], "%s", s->text);
		KUNIT_EXPECT_EQ_MSG(test, insn.rt[1], s->want.rt[1], "%s", s->text);
		KUNIT_EXPECT_EQ_MSG(test, insn.write, s->want.write, "%s", s->text);
		KUNIT_EXPECT_EQ_MSG(test, insn.sign, s->want.sign, "%s", s->text);
		if (!insn.write)
			KUNIT_EXPECT_EQ_MSG(test, insn.wide, s->want.wide, "%s", s->text);
		KUNIT_EXPECT_EQ_MSG(test, insn.base, s->want.base, "%s", s->text);
		KUNIT_EXPECT_EQ_MSG(test, insn.offset, s->want.offset, "%s", s->text);
	}
}

static void refuses(struct kunit *test)
{
	struct core_insn insn;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(refused); i++)
		KUNIT_EXPECT_FALSE_MSG(test, core_insn_decode(refused[i].word, &insn), "%s",
				       refused[i].text);
}

/* Whatever it accepts, the emulation can do. */
static void stays_in_bounds(struct kunit *test)
{
	struct core_insn insn;
	u32 word = 1, i;

	for (i = 0; i < 1000000; i++) {
		word = word * 1664525 + 1013904223;
		if (!core_insn_decode(word, &insn))
			continue;
		KUNIT_ASSERT_TRUE(test, insn.nr == 1 || insn.nr == 2);
		KUNIT_ASSERT_TRUE(test, insn.size >= 1 && insn.size <= 8);
		KUNIT_ASSERT_LT(test, insn.rt[0] | insn.rt[1], 32);
		KUNIT_ASSERT_LE(test, insn.base, NONE);
	}
}

static struct kunit_case insn_cases[] = {
	KUNIT_CASE(decodes),
	KUNIT_CASE(refuses),
	KUNIT_CASE(stays_in_bounds),
	{}
};

static struct kunit_suite insn_suite = {
	.name = "axvm_insn",
	.test_cases = insn_cases,
};

kunit_test_suite(insn_suite);
