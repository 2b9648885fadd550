// SPDX-License-Identifier: GPL-2.0
/*
 * The instruction decoder against a table of encodings, against every truncation
 * of them, and against noise.
 */
#include <kunit/test.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

#include "decode.h"
#include "walk.h"
#include "decode_table.h"

/* The page before an unmapped one: a read beyond the given bytes is an oops. */
static u8 *edge;

static int decode_test_init(struct kunit *test)
{
	u8 *page = vmalloc(PAGE_SIZE);

	if (!page)
		return -ENOMEM;
	edge = page + PAGE_SIZE;
	test->priv = page;
	return 0;
}

static void decode_test_exit(struct kunit *test)
{
	vfree(test->priv);
}

static int decode_at_edge(const void *bytes, u32 len, u32 code_size, struct core_insn *insn)
{
	memcpy(edge - len, bytes, len);
	return core_decode(edge - len, len, code_size, insn);
}

static void decode_encodings(struct kunit *test)
{
	const struct encoding *e;

	for (e = encodings; e < encodings + ARRAY_SIZE(encodings); e++) {
		struct core_insn insn;

		KUNIT_EXPECT_EQ_MSG(test, decode_at_edge(e->bytes, e->len, e->code_size, &insn),
				    CORE_DECODE_OK, "%s", e->text);
		KUNIT_EXPECT_EQ_MSG(test, insn.len, e->len, "%s", e->text);
		KUNIT_EXPECT_EQ_MSG(test, insn.op, e->insn.op, "%s", e->text);
		KUNIT_EXPECT_EQ_MSG(test, insn.flags, e->insn.flags, "%s", e->text);
		KUNIT_EXPECT_EQ_MSG(test, insn.mem_size, e->insn.mem_size, "%s", e->text);
		KUNIT_EXPECT_EQ_MSG(test, insn.reg_size, e->insn.reg_size, "%s", e->text);
		KUNIT_EXPECT_EQ_MSG(test, insn.addr_size, e->insn.addr_size, "%s", e->text);
		KUNIT_EXPECT_EQ_MSG(test, insn.reg, e->insn.reg, "%s", e->text);
		KUNIT_EXPECT_EQ_MSG(test, insn.seg, e->insn.seg, "%s", e->text);
		KUNIT_EXPECT_EQ_MSG(test, insn.base, e->insn.base, "%s", e->text);
		KUNIT_EXPECT_EQ_MSG(test, insn.index, e->insn.index, "%s", e->text);
		KUNIT_EXPECT_EQ_MSG(test, insn.scale, e->insn.scale, "%s", e->text);
		KUNIT_EXPECT_EQ_MSG(test, insn.disp, e->insn.disp, "%s", e->text);
		KUNIT_EXPECT_EQ_MSG(test, insn.imm, e->insn.imm, "%s", e->text);
	}
}

/* Cut off anywhere, each says so; with anything behind it, each stays the same. */
static void decode_truncated(struct kunit *test)
{
	const struct encoding *e;
	u8 longer[CORE_INSN_MAX + 1];
	u32 len;

	for (e = encodings; e < encodings + ARRAY_SIZE(encodings); e++) {
		struct core_insn insn, same;

		for (len = 0; len < e->len; len++)
			KUNIT_EXPECT_EQ_MSG(test,
					    decode_at_edge(e->bytes, len, e->code_size, &insn),
					    CORE_DECODE_TRUNCATED, "%s, %u bytes", e->text, len);
		decode_at_edge(e->bytes, e->len, e->code_size, &insn);
		memset(longer, 0x66, sizeof(longer));
		memcpy(longer, e->bytes, e->len);
		KUNIT_EXPECT_EQ_MSG(test,
				    decode_at_edge(longer, sizeof(longer), e->code_size, &same),
				    CORE_DECODE_OK, "%s", e->text);
		KUNIT_EXPECT_EQ_MSG(test, memcmp(&insn, &same, sizeof(insn)), 0, "%s", e->text);
	}
}

/* mov [rbx], eax behind any number of prefixes: 15 bytes are the limit. */
static void decode_too_long(struct kunit *test)
{
	u8 bytes[32];
	struct core_insn insn;
	u32 prefixes;

	for (prefixes = 0; prefixes < 20; prefixes++) {
		int want = prefixes <= 13 ? CORE_DECODE_OK : CORE_DECODE_TOO_LONG;

		memset(bytes, 0x2e, prefixes);
		memcpy(bytes + prefixes, "\x89\x03", 2);
		KUNIT_EXPECT_EQ_MSG(test, decode_at_edge(bytes, prefixes + 2, 8, &insn), want,
				    "%u prefixes", prefixes);
		if (want == CORE_DECODE_OK)
			KUNIT_EXPECT_EQ(test, insn.len, prefixes + 2);
	}
	/* Fourteen bytes of an instruction that would need sixteen. */
	memset(bytes, 0x67, 14);
	KUNIT_EXPECT_EQ(test, decode_at_edge(bytes, 14, 8, &insn), CORE_DECODE_TRUNCATED);
}

#define REFUSAL(text_, code_size_, bytes_, status_, opcode_) \
	{ text_, code_size_, sizeof(bytes_) - 1, bytes_, CORE_DECODE_##status_, opcode_ }

static const struct refusal {
	const char *text;
	u8 code_size;
	u8 len;
	const char *bytes;
	u8 status;
	u32 opcode;
} refusals[] = {
	REFUSAL("nop", 8, "\x90", UNSUPPORTED, 0x90),
	REFUSAL("push [rax]", 8, "\xff\x30", UNSUPPORTED, 0xff),
	REFUSAL("mov [rax], ds", 8, "\x8c\x18", UNSUPPORTED, 0x8c),
	REFUSAL("inc byte [rax]", 8, "\xfe\x00", UNSUPPORTED, 0xfe),
	REFUSAL("not dword [rax]", 8, "\xf7\x10", UNSUPPORTED, 0xf7),
	REFUSAL("mov /1", 8, "\xc7\x08\x00\x00\x00\x00", UNSUPPORTED, 0xc7),
	REFUSAL("cmpsb", 8, "\xa6", UNSUPPORTED, 0xa6),
	REFUSAL("scasd", 8, "\xaf", UNSUPPORTED, 0xaf),
	REFUSAL("bt [rax], ecx", 8, "\x0f\xa3\x08", UNSUPPORTED, 0x0fa3),
	REFUSAL("movaps [rax], xmm0", 8, "\x0f\x29\x00", UNSUPPORTED, 0x0f29),
	REFUSAL("crc32 eax, [rax]", 8, "\xf2\x0f\x38\xf1\x00", UNSUPPORTED, 0x0f38f1),
	REFUSAL("f3 movbe", 8, "\xf3\x0f\x38\xf0\x00", UNSUPPORTED, 0x0f38f0),
	REFUSAL("66 movnti", 8, "\x66\x0f\xc3\x00", UNSUPPORTED, 0x0fc3),
	REFUSAL("vmovdqu [rax], ymm0", 8, "\xc5\xfe\x7f\x00", UNSUPPORTED, 0xc5),
	REFUSAL("0f 3a", 8, "\x0f\x3a\x14\x00\x00", UNSUPPORTED, 0x0f3a),
	REFUSAL("arpl [ebx], ax", 4, "\x63\x03", UNSUPPORTED, 0x63),
	REFUSAL("inc eax", 4, "\x40\x89\x03", UNSUPPORTED, 0x40),
	REFUSAL("lock mov [rbx], eax", 8, "\xf0\x89\x03", UNSUPPORTED, 0x89),
	REFUSAL("lock or eax, [rbx]", 8, "\xf0\x0b\x03", UNSUPPORTED, 0x0b),
	REFUSAL("lock cmp [rbx], eax", 8, "\xf0\x39\x03", UNSUPPORTED, 0x39),
	REFUSAL("lock test [rbx], eax", 8, "\xf0\x85\x03", UNSUPPORTED, 0x85),
	REFUSAL("lock stosb", 8, "\xf0\xaa", UNSUPPORTED, 0xaa),
	REFUSAL("mov ebx, eax", 8, "\x89\xc3", NO_MEMORY, 0x89),
	REFUSAL("movzx eax, bl", 4, "\x0f\xb6\xc3", NO_MEMORY, 0x0fb6),
	REFUSAL("or al, 1", 2, "\x80\xc8\x01", NO_MEMORY, 0x80),
	REFUSAL("nothing", 8, "", TRUNCATED, 0),
	REFUSAL("prefixes", 4, "\x66\xf3", TRUNCATED, 0),
};

static void decode_refused(struct kunit *test)
{
	const struct refusal *r;

	for (r = refusals; r < refusals + ARRAY_SIZE(refusals); r++) {
		struct core_insn insn;

		KUNIT_EXPECT_EQ_MSG(test, decode_at_edge(r->bytes, r->len, r->code_size, &insn),
				    r->status, "%s", r->text);
		KUNIT_EXPECT_EQ_MSG(test, insn.opcode, r->opcode, "%s", r->text);
	}
}

/* How many of the 256 opcodes of a map are taken, so that none slips in unseen. */
static u32 count_opcodes(u32 code_size, const char *escape, u32 escape_len)
{
	u8 bytes[CORE_INSN_MAX] = {};
	struct core_insn insn;
	u32 opcode, count = 0;

	memcpy(bytes, escape, escape_len);
	for (opcode = 0; opcode < 256; opcode++) {
		bytes[escape_len] = opcode;
		count += !decode_at_edge(bytes, sizeof(bytes), code_size, &insn) &&
			 (insn.opcode & 0xff) == opcode;
	}
	return count;
}

static void decode_opcode_maps(struct kunit *test)
{
	/* 32 arithmetic, 3 with immediate, 8 MOV, TEST and XCHG, 4 moffs, 6 string, C6/C7, F6/F7 */
	const u32 one_byte = 32 + 3 + 8 + 4 + 6 + 2 + 2;

	KUNIT_EXPECT_EQ(test, count_opcodes(2, "", 0), one_byte);
	KUNIT_EXPECT_EQ(test, count_opcodes(4, "", 0), one_byte);
	/* and MOVSXD */
	KUNIT_EXPECT_EQ(test, count_opcodes(8, "", 0), one_byte + 1);
	KUNIT_EXPECT_EQ(test, count_opcodes(8, "\x0f", 1), 5);
	KUNIT_EXPECT_EQ(test, count_opcodes(8, "\x0f\x38", 2), 2);
}

static void expect_sane(struct kunit *test, const struct core_insn *insn, const u8 *bytes,
			u32 code_size)
{
	struct core_insn again;

	KUNIT_ASSERT_TRUE(test, insn->len >= 1 && insn->len <= CORE_INSN_MAX);
	KUNIT_ASSERT_TRUE(test, insn->op <= CORE_OP_LODS);
	KUNIT_ASSERT_TRUE(test, insn->reg < 16 && insn->seg <= CORE_GS);
	KUNIT_ASSERT_TRUE(test, insn->base <= CORE_REG_RIP || insn->base == CORE_REG_NONE);
	KUNIT_ASSERT_TRUE(test, insn->index < 16 || insn->index == CORE_REG_NONE);
	KUNIT_ASSERT_TRUE(test, insn->index != CORE_RSP);
	KUNIT_ASSERT_TRUE(test, is_power_of_2(insn->scale) && insn->scale <= 8);
	KUNIT_ASSERT_TRUE(test, is_power_of_2(insn->mem_size) && insn->mem_size <= 8);
	KUNIT_ASSERT_TRUE(test, is_power_of_2(insn->reg_size) && insn->reg_size <= 8);
	KUNIT_ASSERT_TRUE(test, insn->addr_size >= 2 && insn->addr_size <= code_size * 2);
	KUNIT_ASSERT_TRUE(test, code_size == 8 ||
			  (insn->reg < 8 && insn->mem_size <= 4 && insn->addr_size <= 4));
	KUNIT_ASSERT_EQ(test, decode_at_edge(bytes, insn->len, code_size, &again), CORE_DECODE_OK);
	KUNIT_ASSERT_EQ(test, memcmp(insn, &again, sizeof(again)), 0);
	KUNIT_ASSERT_EQ(test, decode_at_edge(bytes, insn->len - 1, code_size, &again),
			CORE_DECODE_TRUNCATED);
}

static void decode_noise(struct kunit *test)
{
	static const u8 sizes[] = { 2, 4, 8 };
	u64 random = 0x9e3779b97f4a7c15ULL;
	u8 bytes[CORE_INSN_MAX + 1];
	u32 seen[CORE_DECODE_NO_MEMORY + 1] = {};
	struct core_insn insn;
	u32 round, i;

	for (round = 0; round < 200000; round++) {
		u32 code_size = sizes[round % ARRAY_SIZE(sizes)];
		u32 len;
		int status;

		for (i = 0; i < sizeof(bytes); i++) {
			random ^= random << 13;
			random ^= random >> 7;
			random ^= random << 17;
			bytes[i] = random >> 32;
		}
		len = (random >> 16) % (sizeof(bytes) + 1);
		status = decode_at_edge(bytes, len, code_size, &insn);
		KUNIT_ASSERT_TRUE(test, status >= 0 && status <= CORE_DECODE_NO_MEMORY);
		KUNIT_ASSERT_TRUE(test, insn.len <= len);
		seen[status]++;
		if (status == CORE_DECODE_OK)
			expect_sane(test, &insn, bytes, code_size);
	}
	KUNIT_EXPECT_GT(test, seen[CORE_DECODE_OK], 10000);
	KUNIT_EXPECT_GT(test, seen[CORE_DECODE_TRUNCATED], 10000);
	KUNIT_EXPECT_GT(test, seen[CORE_DECODE_UNSUPPORTED], 10000);
	KUNIT_EXPECT_GT(test, seen[CORE_DECODE_NO_MEMORY], 1000);
}

static struct kunit_case decode_cases[] = {
	KUNIT_CASE(decode_encodings),
	KUNIT_CASE(decode_truncated),
	KUNIT_CASE(decode_too_long),
	KUNIT_CASE(decode_refused),
	KUNIT_CASE(decode_opcode_maps),
	KUNIT_CASE(decode_noise),
	{}
};

static struct kunit_suite decode_suite = {
	.name = "axvm_x86_decode",
	.init = decode_test_init,
	.exit = decode_test_exit,
	.test_cases = decode_cases,
};
kunit_test_suite(decode_suite);
