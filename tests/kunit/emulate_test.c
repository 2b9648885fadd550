// SPDX-License-Identifier: GPL-2.0
/*
 * The emulator: register and flag semantics, string instructions between device
 * and RAM, and what must not happen when an instruction cannot be performed.
 */
#include <kunit/test.h>
#include <linux/string.h>

#include "x86_guest.h"

#define CF		X86_EFLAGS_CF
#define PF		X86_EFLAGS_PF
#define AF		X86_EFLAGS_AF
#define ZF		X86_EFLAGS_ZF
#define SF		X86_EFLAGS_SF
#define OF		X86_EFLAGS_OF
#define DF		X86_EFLAGS_DF
#define STATUS		(CF | PF | AF | ZF | SF | OF)

#define CASE(text_, code_, ...)	{ text_, sizeof(code_) - 1, code_, __VA_ARGS__ }

static int emulate_test_init(struct kunit *test)
{
	test->priv = test_guest_create();
	if (!test->priv)
		return -ENOMEM;
	test_guest_flat(test->priv);
	return 0;
}

static void emulate_test_exit(struct kunit *test)
{
	test_guest_destroy(test->priv);
}

/* Runs @code, which must work and touch the device at offset 0x10 of its page. */
#define EXPECT_DONE(test, g, code) do { \
	KUNIT_EXPECT_EQ(test, test_guest_run(g, code, sizeof(code) - 1, GUEST_DEVICE + 0x10), \
			CORE_EMUL_DONE); \
	KUNIT_EXPECT_EQ(test, (g)->view.rip, GUEST_CODE + sizeof(code) - 1); \
	KUNIT_EXPECT_EQ(test, (g)->last_gpa, GUEST_DEVICE + 0x10); \
} while (0)

static void emulate_loads(struct kunit *test)
{
	static const struct {
		const char *text;
		u32 len;
		const char *code;	/* memory operand [rbx+0x10], register RDX or DH */
		u64 want;
	} loads[] = {
		CASE("mov dl", "\x8a\x53\x10", 0xa5a5a5a5a5a5a588ULL),
		CASE("mov dh", "\x8a\x73\x10", 0xa5a5a5a5a5a588a5ULL),
		CASE("mov dx", "\x66\x8b\x53\x10", 0xa5a5a5a5a5a59988ULL),
		CASE("mov edx", "\x8b\x53\x10", 0x00000000bbaa9988ULL),
		CASE("mov rdx", "\x48\x8b\x53\x10", 0x7feeddccbbaa9988ULL),
		CASE("movzx dx, byte", "\x66\x0f\xb6\x53\x10", 0xa5a5a5a5a5a50088ULL),
		CASE("movzx edx, byte", "\x0f\xb6\x53\x10", 0x88),
		CASE("movzx rdx, word", "\x48\x0f\xb7\x53\x10", 0x9988),
		CASE("movsx dx, byte", "\x66\x0f\xbe\x53\x10", 0xa5a5a5a5a5a5ff88ULL),
		CASE("movsx edx, byte", "\x0f\xbe\x53\x10", 0xffffff88),
		CASE("movsx edx, word", "\x0f\xbf\x53\x10", 0xffff9988),
		CASE("movsx rdx, word", "\x48\x0f\xbf\x53\x10", 0xffffffffffff9988ULL),
		CASE("movsxd rdx", "\x48\x63\x53\x10", 0xffffffffbbaa9988ULL),
		CASE("movbe dx", "\x66\x0f\x38\xf0\x53\x10", 0xa5a5a5a5a5a58899ULL),
		CASE("movbe edx", "\x0f\x38\xf0\x53\x10", 0x8899aabb),
		CASE("movbe rdx", "\x48\x0f\x38\xf0\x53\x10", 0x8899aabbccddee7fULL),
	};
	struct test_guest *g = test->priv;
	u32 i;

	guest_set_device(g, 0x7feeddccbbaa9988ULL);
	g->gpr[CORE_RBX] = GUEST_DEVICE_LINEAR;
	for (i = 0; i < ARRAY_SIZE(loads); i++) {
		g->gpr[CORE_RDX] = GARBAGE;
		g->view.rflags = X86_EFLAGS_RF | DF | STATUS | 2;
		KUNIT_EXPECT_EQ_MSG(test,
				    test_guest_run(g, loads[i].code, loads[i].len,
						  GUEST_DEVICE + 0x10),
				    CORE_EMUL_DONE, "%s", loads[i].text);
		KUNIT_EXPECT_EQ_MSG(test, g->gpr[CORE_RDX], loads[i].want, "%s", loads[i].text);
		KUNIT_EXPECT_EQ_MSG(test, g->reads, 1u, "%s", loads[i].text);
		KUNIT_EXPECT_EQ(test, g->writes, 0u);
		KUNIT_EXPECT_EQ(test, g->view.rip, GUEST_CODE + loads[i].len);
		KUNIT_EXPECT_EQ(test, g->view.rflags, DF | STATUS | 2);
	}
}

static void emulate_stores(struct kunit *test)
{
	static const struct {
		const char *text;
		u32 len;
		const char *code;	/* register RDX or DH */
		u32 size;
		u64 want;
	} stores[] = {
		CASE("dl", "\x88\x53\x10", 1, 0x88),
		CASE("dh", "\x88\x73\x10", 1, 0x99),
		CASE("dx", "\x66\x89\x53\x10", 2, 0x9988),
		CASE("edx", "\x89\x53\x10", 4, 0xbbaa9988),
		CASE("rdx", "\x48\x89\x53\x10", 8, 0x7feeddccbbaa9988ULL),
		CASE("byte -1", "\xc6\x43\x10\xff", 1, 0xff),
		CASE("word 0x1234", "\x66\xc7\x43\x10\x34\x12", 2, 0x1234),
		CASE("dword -2", "\xc7\x43\x10\xfe\xff\xff\xff", 4, 0xfffffffe),
		CASE("qword -2", "\x48\xc7\x43\x10\xfe\xff\xff\xff", 8, -2ULL),
		CASE("movnti edx", "\x0f\xc3\x53\x10", 4, 0xbbaa9988),
		CASE("movbe dx", "\x66\x0f\x38\xf1\x53\x10", 2, 0x8899),
		CASE("movbe rdx", "\x48\x0f\x38\xf1\x53\x10", 8, 0x8899aabbccddee7fULL),
	};
	struct test_guest *g = test->priv;
	u32 i;

	g->gpr[CORE_RBX] = GUEST_DEVICE_LINEAR;
	g->gpr[CORE_RDX] = 0x7feeddccbbaa9988ULL;
	for (i = 0; i < ARRAY_SIZE(stores); i++) {
		u64 mask = ~0ULL >> (64 - 8 * stores[i].size);

		guest_set_device(g, GARBAGE);
		KUNIT_EXPECT_EQ_MSG(test,
				    test_guest_run(g, stores[i].code, stores[i].len,
						  GUEST_DEVICE + 0x10),
				    CORE_EMUL_DONE, "%s", stores[i].text);
		KUNIT_EXPECT_EQ_MSG(test, guest_device_value(g), stores[i].want | (GARBAGE & ~mask),
				    "%s", stores[i].text);
		KUNIT_EXPECT_EQ_MSG(test, g->last_size, stores[i].size, "%s", stores[i].text);
		KUNIT_EXPECT_EQ_MSG(test, g->reads, 0u, "%s", stores[i].text);
		KUNIT_EXPECT_EQ(test, g->writes, 1u);
	}
	KUNIT_EXPECT_EQ(test, g->gpr[CORE_RDX], 0x7feeddccbbaa9988ULL);
}

/* op [rbx+0x10], edx (or dl): results and flags from the architecture manual's definitions */
static void emulate_arithmetic(struct kunit *test)
{
	static const struct {
		u8 opcode;		/* 32-bit memory form; minus 1: byte form */
		u32 mem, reg;
		u64 carry;
		u32 result;
		u64 flags;
	} rows[] = {
		{ 0x01, 1, 2, CF, 3, PF },
		{ 0x01, 0xffffffff, 1, 0, 0, CF | PF | AF | ZF },
		{ 0x01, 0x7fffffff, 1, 0, 0x80000000, PF | AF | SF | OF },
		{ 0x01, 0x80000000, 0x80000000, 0, 0, CF | PF | ZF | OF },
		{ 0x00, 0x7f, 1, 0, 0x80, AF | SF | OF },
		{ 0x00, 0xf0, 0x20, 0, 0x10, CF },
		{ 0x00, 0x88, 0x01, 0, 0x89, SF },
		{ 0x00, 0x04, 0x04, 0, 0x08, 0 },
		{ 0x00, 0x08, 0x08, 0, 0x10, AF },
		{ 0x11, 1, 2, CF, 4, 0 },
		{ 0x11, 0xffffffff, 0, CF, 0, CF | PF | AF | ZF },
		{ 0x10, 0xff, 0xff, CF, 0xff, CF | PF | AF | SF },
		{ 0x29, 3, 2, CF, 1, 0 },
		{ 0x29, 0, 1, 0, 0xffffffff, CF | PF | AF | SF },
		{ 0x29, 0x80000000, 1, 0, 0x7fffffff, PF | AF | OF },
		{ 0x29, 5, 5, 0, 0, PF | ZF },
		{ 0x28, 0x10, 1, 0, 0x0f, PF | AF },
		{ 0x19, 3, 2, CF, 0, PF | ZF },
		{ 0x19, 0, 0xffffffff, CF, 0, CF | PF | AF | ZF },
		{ 0x18, 0x80, 0x7f, CF, 0, PF | AF | ZF | OF },
		{ 0x09, 0x80000000, 1, CF, 0x80000001, SF },
		{ 0x08, 0, 0, CF, 0, PF | ZF },
		{ 0x21, 0xff00ff00, 0x0ff00ff0, CF, 0x0f000f00, PF },
		{ 0x20, 0x80, 0xff, 0, 0x80, SF },
		{ 0x31, 0xffff0000, 0xffffffff, CF, 0x0000ffff, PF },
		{ 0x30, 0x55, 0x55, 0, 0, PF | ZF },
		{ 0x39, 1, 2, 0, 1, CF | PF | AF | SF },
		{ 0x38, 0x80, 0x01, 0, 0x80, AF | OF },
		{ 0x85, 0x80000001, 0x80000000, CF, 0x80000001, PF | SF },
		{ 0x84, 0x0f, 0xf0, 0, 0x0f, PF | ZF },
	};
	struct test_guest *g = test->priv;
	u32 i;

	g->gpr[CORE_RBX] = GUEST_DEVICE_LINEAR;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		char code[] = { rows[i].opcode, 0x53, 0x10 };
		u64 mask = rows[i].opcode & 1 ? 0xffffffff : 0xff;
		u32 written = rows[i].opcode >= 0x38 ? 0 : 1;

		guest_set_device(g, (GARBAGE & ~mask) | rows[i].mem);
		g->gpr[CORE_RDX] = (GARBAGE & ~mask) | rows[i].reg;
		g->view.rflags = DF | 2 | (rows[i].carry ?: STATUS & ~CF);
		KUNIT_EXPECT_EQ_MSG(test, test_guest_run(g, code, sizeof(code), GUEST_DEVICE + 0x10),
				    CORE_EMUL_DONE, "row %u", i);
		KUNIT_EXPECT_EQ_MSG(test, guest_device_value(g), (GARBAGE & ~mask) | rows[i].result,
				    "row %u", i);
		KUNIT_EXPECT_EQ_MSG(test, g->view.rflags, DF | 2 | rows[i].flags, "row %u", i);
		KUNIT_EXPECT_EQ_MSG(test, g->gpr[CORE_RDX], (GARBAGE & ~mask) | rows[i].reg,
				    "row %u", i);
		KUNIT_EXPECT_EQ_MSG(test, g->reads, 1u, "row %u", i);
		KUNIT_EXPECT_EQ_MSG(test, g->writes, written, "row %u", i);
	}
}

static void emulate_arithmetic_forms(struct kunit *test)
{
	struct test_guest *g = test->priv;

	g->gpr[CORE_RBX] = GUEST_DEVICE_LINEAR;
	guest_set_device(g, 0x0000000100000010ULL);
	/* or dword [rbx+0x10], 0x80000000; and qword, -16 */
	EXPECT_DONE(test, g, "\x81\x4b\x10\x00\x00\x00\x80");
	KUNIT_EXPECT_EQ(test, guest_device_value(g), 0x0000000180000010ULL);
	EXPECT_DONE(test, g, "\x48\x83\x63\x10\xf0");
	KUNIT_EXPECT_EQ(test, guest_device_value(g), 0x0000000180000010ULL);
	/* To a register: sub edx, [rbx+0x10] clears the upper half, add dh leaves the rest. */
	g->gpr[CORE_RDX] = 0xffffffff80000011ULL;
	EXPECT_DONE(test, g, "\x2b\x53\x10");
	KUNIT_EXPECT_EQ(test, g->gpr[CORE_RDX], 1ULL);
	KUNIT_EXPECT_EQ(test, g->writes, 0u);
	g->gpr[CORE_RDX] = 0xfffffffffffff1ffULL;
	EXPECT_DONE(test, g, "\x02\x73\x10");
	KUNIT_EXPECT_EQ(test, g->gpr[CORE_RDX], 0xffffffffffff01ffULL);
	KUNIT_EXPECT_EQ(test, g->view.rflags & CF, CF);
	/* cmp edx, [rbx+0x10]: nothing changes but the flags */
	g->gpr[CORE_RDX] = 0xffffffff80000010ULL;
	EXPECT_DONE(test, g, "\x3b\x53\x10");
	KUNIT_EXPECT_EQ(test, g->gpr[CORE_RDX], 0xffffffff80000010ULL);
	KUNIT_EXPECT_EQ(test, g->view.rflags, ZF | PF | 2);
	/* xchg edx, lock xor dword [rbx+0x10], edx */
	g->gpr[CORE_RDX] = 0x1111111122222222ULL;
	EXPECT_DONE(test, g, "\x87\x53\x10");
	KUNIT_EXPECT_EQ(test, g->gpr[CORE_RDX], 0x80000010ULL);
	KUNIT_EXPECT_EQ(test, guest_device_value(g), 0x0000000122222222ULL);
	EXPECT_DONE(test, g, "\xf0\x31\x53\x10");
	KUNIT_EXPECT_EQ(test, guest_device_value(g), 0x00000001a2222232ULL);
}

static void emulate_addressing(struct kunit *test)
{
	struct test_guest *g = test->priv;

	guest_set_device(g, 0x12345678);
	/* mov eax, [rip+disp32] counts from the next instruction. */
	EXPECT_DONE(test, g, "\x8b\x05\x0a\x70\x1f\x00");
	KUNIT_EXPECT_EQ(test, g->gpr[CORE_RAX], 0x12345678ULL);
	/* mov eax, [ebx+ecx*8+8]: the sum wraps at 32 bits */
	g->gpr[CORE_RBX] = 0xffffffff00000000ULL | (GUEST_DEVICE_LINEAR + 0x10);
	g->gpr[CORE_RCX] = 0xffffffff1fffffffULL;
	EXPECT_DONE(test, g, "\x67\x8b\x44\xcb\x08");
	/* mov eax, gs:[rbx] */
	g->seg[CORE_GS].base = GUEST_DEVICE_LINEAR - 0x1000;
	g->gpr[CORE_RBX] = 0x1010;
	EXPECT_DONE(test, g, "\x65\x8b\x03");
	/* movabs [moffs], al */
	g->gpr[CORE_RAX] = 0xaabb;
	EXPECT_DONE(test, g, "\xa2\x10\xf0\x1f\x00\x00\x00\x00\x00");
	KUNIT_EXPECT_EQ(test, guest_device_value(g), 0x123456bbULL);

	/* Real mode: mov es:[bx+di+2], ax, offset wraps at 64 KiB */
	test_guest_legacy(g, false);
	g->seg[CORE_ES].base = GUEST_DEVICE;
	g->gpr[CORE_RBX] = GARBAGE << 16 | 0xfff0;
	g->gpr[CORE_RDI] = GARBAGE << 16 | 0x001e;
	EXPECT_DONE(test, g, "\x26\x89\x41\x02");
	KUNIT_EXPECT_EQ(test, g->last_size, 2u);
	/* 32-bit protected mode: mov ds:[moffs32], eax */
	test_guest_legacy(g, true);
	EXPECT_DONE(test, g, "\xa3\x10\x00\xc0\xfe");
	KUNIT_EXPECT_EQ(test, g->last_size, 4u);
}

static void emulate_rip_width(struct kunit *test)
{
	struct test_guest *g = test->priv;

	/* mov [bx], al at the very end of a 64 KiB segment: IP wraps */
	test_guest_legacy(g, false);
	g->seg[CORE_CS].base = 0x10000;
	g->seg[CORE_DS].base = GUEST_DEVICE;
	g->gpr[CORE_RBX] = 0x10;
	g->view.rip = 0xfffe;
	memcpy(g->ram + 0x1fffe, "\x88\x07", 2);
	KUNIT_EXPECT_EQ(test, core_emulate(&g->view, GUEST_DEVICE + 0x10, &g->em), CORE_EMUL_DONE);
	KUNIT_EXPECT_EQ(test, g->view.rip, 0ULL);

	/* mov [ebx], al at the end of 4 GiB */
	test_guest_legacy(g, true);
	g->seg[CORE_CS].base = 0x20000;
	g->view.rip = 0xfffffffe;
	memcpy(g->ram + 0x1fffe, "\x88\x03", 2);
	KUNIT_EXPECT_EQ(test, core_emulate(&g->view, GUEST_DEVICE + 0x10, &g->em), CORE_EMUL_DONE);
	KUNIT_EXPECT_EQ(test, g->view.rip, 0ULL);
}

static struct kunit_case emulate_cases[] = {
	KUNIT_CASE(emulate_loads),
	KUNIT_CASE(emulate_stores),
	KUNIT_CASE(emulate_arithmetic),
	KUNIT_CASE(emulate_arithmetic_forms),
	KUNIT_CASE(emulate_addressing),
	KUNIT_CASE(emulate_rip_width),
	{}
};

static struct kunit_suite emulate_suite = {
	.name = "axvm_x86_emulate",
	.init = emulate_test_init,
	.exit = emulate_test_exit,
	.test_cases = emulate_cases,
};
kunit_test_suite(emulate_suite);
