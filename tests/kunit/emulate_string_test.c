// SPDX-License-Identifier: GPL-2.0
/*
 * The emulator: string instructions between device and RAM, and that an
 * instruction which cannot be performed leaves guest and device as they were.
 */
#include <kunit/test.h>
#include <linux/string.h>

#include "x86_guest.h"

#define REG		(GUEST_DEVICE_LINEAR + 0x10)
#define REG_GPA		(GUEST_DEVICE + 0x10)
#define UNMAPPED	0x100000ULL

#define RUN(g, code, gpa)	test_guest_run(g, code, sizeof(code) - 1, gpa)

static int string_test_init(struct kunit *test)
{
	test->priv = test_guest_create();
	if (!test->priv)
		return -ENOMEM;
	test_guest_flat(test->priv);
	guest_put_pte(test->priv, UNMAPPED, 0);
	return 0;
}

static void string_test_exit(struct kunit *test)
{
	test_guest_destroy(test->priv);
}

static void set_pointers(struct test_guest *g, u64 rsi, u64 rdi, u64 rcx)
{
	g->gpr[CORE_RSI] = rsi;
	g->gpr[CORE_RDI] = rdi;
	g->gpr[CORE_RCX] = rcx;
}

static void expect_pointers(struct kunit *test, u64 rsi, u64 rdi, u64 rcx)
{
	struct test_guest *g = test->priv;

	KUNIT_EXPECT_EQ(test, g->gpr[CORE_RSI], rsi);
	KUNIT_EXPECT_EQ(test, g->gpr[CORE_RDI], rdi);
	KUNIT_EXPECT_EQ(test, g->gpr[CORE_RCX], rcx);
}

static void string_single(struct kunit *test)
{
	struct test_guest *g = test->priv;

	guest_set_device(g, 0x1122334455667788ULL);
	guest_put64(g, GUEST_BUFFER, GARBAGE);
	/* movsd from the device: RCX plays no part */
	set_pointers(g, REG, GUEST_BUFFER, 7);
	KUNIT_EXPECT_EQ(test, RUN(g, "\xa5", REG_GPA), CORE_EMUL_DONE);
	expect_pointers(test, REG + 4, GUEST_BUFFER + 4, 7);
	KUNIT_EXPECT_EQ(test, guest_get64(g, GUEST_BUFFER), 0xa5a5a5a555667788ULL);
	KUNIT_EXPECT_EQ(test, g->view.rip, GUEST_CODE + 1);
	/* movsw, movsb */
	set_pointers(g, REG + 2, GUEST_BUFFER + 2, 7);
	KUNIT_EXPECT_EQ(test, RUN(g, "\x66\xa5", REG_GPA + 2), CORE_EMUL_DONE);
	KUNIT_EXPECT_EQ(test, RUN(g, "\xa4", REG_GPA + 4), CORE_EMUL_DONE);
	KUNIT_EXPECT_EQ(test, guest_get64(g, GUEST_BUFFER), 0xa5a5a54455667788ULL);

	/* movsq to the device, downwards */
	g->view.rflags |= X86_EFLAGS_DF;
	guest_put64(g, GUEST_BUFFER + 8, 0xcafebabe12345678ULL);
	set_pointers(g, GUEST_BUFFER + 8, REG, 7);
	KUNIT_EXPECT_EQ(test, RUN(g, "\x48\xa5", REG_GPA), CORE_EMUL_DONE);
	expect_pointers(test, GUEST_BUFFER, REG - 8, 7);
	KUNIT_EXPECT_EQ(test, guest_device_value(g), 0xcafebabe12345678ULL);

	/* stosw with 32-bit addresses: the upper half of RDI goes */
	set_pointers(g, 1, 0xffffffff00000000ULL | REG, 7);
	KUNIT_EXPECT_EQ(test, RUN(g, "\x67\x66\xab", REG_GPA), CORE_EMUL_DONE);
	expect_pointers(test, 1, REG - 2, 7);
	KUNIT_EXPECT_EQ(test, guest_device_value(g), 0xcafebabe1234a5a5ULL);

	/* lodsb */
	set_pointers(g, REG, 1, 7);
	KUNIT_EXPECT_EQ(test, RUN(g, "\xac", REG_GPA), CORE_EMUL_DONE);
	expect_pointers(test, REG - 1, 1, 7);
	guest_set_device(g, 0xfeed);
	set_pointers(g, REG, 1, 7);
	KUNIT_EXPECT_EQ(test, RUN(g, "\xad", REG_GPA), CORE_EMUL_DONE);
	KUNIT_EXPECT_EQ(test, g->gpr[CORE_RAX], 0xfeedULL);
}

static void string_device_to_device(struct kunit *test)
{
	struct test_guest *g = test->priv;

	set_pointers(g, REG, REG + 0x20, 1);
	KUNIT_EXPECT_EQ(test, RUN(g, "\xa4", REG_GPA), CORE_EMUL_DONE);
	KUNIT_EXPECT_EQ(test, g->device[0x30], 0x90);
	KUNIT_EXPECT_EQ(test, g->reads, 1u);
	KUNIT_EXPECT_EQ(test, g->writes, 1u);
	/* The other one is not there. */
	guest_put_pte(g, UNMAPPED, 0x123456000ULL | PWU);
	set_pointers(g, REG, UNMAPPED + 8, 1);
	KUNIT_EXPECT_EQ(test, RUN(g, "\xa4", REG_GPA), CORE_EMUL_REFUSED);
	KUNIT_EXPECT_EQ(test, g->em.gpa, 0x123456008ULL);
	expect_pointers(test, REG, UNMAPPED + 8, 1);
	KUNIT_EXPECT_EQ(test, g->view.rip, GUEST_CODE);
}

/* RAM that the guest may not write is no place to store to, but one to load from. */
static void string_read_only(struct kunit *test)
{
	struct test_guest *g = test->priv;

	g->read_only = GUEST_BUFFER;
	guest_put64(g, GUEST_BUFFER, 0x99);
	set_pointers(g, REG, GUEST_BUFFER, 1);
	KUNIT_EXPECT_EQ(test, RUN(g, "\xa4", REG_GPA), CORE_EMUL_REFUSED);
	KUNIT_EXPECT_EQ(test, g->em.gpa, GUEST_BUFFER);
	set_pointers(g, GUEST_BUFFER, REG, 1);
	KUNIT_EXPECT_EQ(test, RUN(g, "\xa4", REG_GPA), CORE_EMUL_DONE);
	KUNIT_EXPECT_EQ(test, guest_device_value(g) & 0xff, 0x99ULL);
	/* Nor does code have to be writable. */
	g->read_only = GUEST_CODE;
	KUNIT_EXPECT_EQ(test, RUN(g, "\xaa", REG_GPA + 1), CORE_EMUL_DONE);
	/* Stage 2 refused a store to RAM: the device model is asked, not RAM written. */
	g->read_only = 0;
	g->gpr[CORE_RBX] = GUEST_BUFFER;
	KUNIT_EXPECT_EQ(test, RUN(g, "\x89\x03", GUEST_BUFFER), CORE_EMUL_REFUSED);
	KUNIT_EXPECT_EQ(test, guest_get64(g, GUEST_BUFFER), 0x99ULL);
}

/* A store whose bytes come from two pages of RAM that are not neighbours. */
static void string_split_source(struct kunit *test)
{
	struct test_guest *g = test->priv;

	guest_put_pte(g, GUEST_BUFFER + 0x1000, (GUEST_BUFFER + 0x3000) | PWU);
	memcpy(g->ram + GUEST_BUFFER + 0xffd, "\x01\x02\x03", 3);
	memcpy(g->ram + GUEST_BUFFER + 0x3000, "\x04\x05\x06\x07\x08", 5);
	set_pointers(g, GUEST_BUFFER + 0xffd, REG, 1);
	KUNIT_EXPECT_EQ(test, RUN(g, "\x48\xa5", REG_GPA), CORE_EMUL_DONE);
	KUNIT_EXPECT_EQ(test, guest_device_value(g), 0x0807060504030201ULL);
}

/* Every round is one device access of the operand size, across pages of RAM too. */
static void string_repeat(struct kunit *test)
{
	struct test_guest *g = test->priv;
	u64 buffer = GUEST_BUFFER + 0xffb;
	u32 calls = 0, accesses = 0;
	int status;

	/* The pages of the buffer are not neighbours. */
	guest_put_pte(g, GUEST_BUFFER + 0x1000, (GUEST_BUFFER + 0x3000) | PWU);
	set_pointers(g, GUEST_DEVICE_LINEAR, buffer, 200);
	do {
		u64 done = 200 - g->gpr[CORE_RCX];

		status = RUN(g, "\xf3\xa5", GUEST_DEVICE + done * 4);
		accesses += g->reads;
		calls++;
		KUNIT_EXPECT_EQ(test, g->view.rip, GUEST_CODE + (status ? 0 : 2));
	} while (status == CORE_EMUL_AGAIN && calls < 200);
	KUNIT_EXPECT_EQ(test, status, CORE_EMUL_DONE);
	KUNIT_EXPECT_EQ(test, accesses, 200u);
	KUNIT_EXPECT_GT(test, calls, 1u);
	expect_pointers(test, GUEST_DEVICE_LINEAR + 800, buffer + 800, 0);
	KUNIT_EXPECT_EQ(test, memcmp(g->ram + buffer, g->device, 5), 0);
	KUNIT_EXPECT_EQ(test, memcmp(g->ram + GUEST_BUFFER + 0x3000, g->device + 5, 795), 0);
	KUNIT_EXPECT_EQ(test, guest_get64(g, GUEST_BUFFER + 0x1000), 0ULL);
	KUNIT_EXPECT_EQ(test, guest_get64(g, T1 + (GUEST_BUFFER >> 12) * 8),
			GUEST_BUFFER | PWU | A | D);

	/* rep stosb with nothing left to do, and with a count of 16 bits in a 16-bit segment */
	set_pointers(g, 1, REG, 0);
	KUNIT_EXPECT_EQ(test, RUN(g, "\xf3\xaa", REG_GPA), CORE_EMUL_DONE);
	KUNIT_EXPECT_EQ(test, g->writes, 0u);
	KUNIT_EXPECT_EQ(test, g->view.rip, GUEST_CODE + 2);
	test_guest_legacy(g, false);
	g->seg[CORE_ES].base = GUEST_DEVICE;
	set_pointers(g, 1, 0x77770010, 0x55550003);
	KUNIT_EXPECT_EQ(test, RUN(g, "\xf3\xaa", REG_GPA), CORE_EMUL_DONE);
	KUNIT_EXPECT_EQ(test, g->writes, 3u);
	expect_pointers(test, 1, 0x77770013, 0x55550000);
	/* The count may run out at the very end of what one call does. */
	set_pointers(g, 1, 0x10, 0x55550040);
	KUNIT_EXPECT_EQ(test, RUN(g, "\xf3\xaa", REG_GPA), CORE_EMUL_DONE);
	KUNIT_EXPECT_EQ(test, g->writes, 64u);
	expect_pointers(test, 1, 0x50, 0x55550000);
}

/* A REP that leaves the device page stops there; what comes next is not known. */
static void string_leaves_page(struct kunit *test)
{
	struct test_guest *g = test->priv;

	set_pointers(g, GUEST_DEVICE_LINEAR + 8, GUEST_BUFFER + 0x100, 20);
	g->view.rflags |= X86_EFLAGS_DF;
	KUNIT_EXPECT_EQ(test, RUN(g, "\xf3\xa5", GUEST_DEVICE + 8), CORE_EMUL_AGAIN);
	expect_pointers(test, GUEST_DEVICE_LINEAR - 4, GUEST_BUFFER + 0xf4, 17);
	KUNIT_EXPECT_EQ(test, g->reads, 3u);
	KUNIT_EXPECT_EQ(test, g->view.rip, GUEST_CODE);

	/* The buffer runs into an unmapped page: three rounds, then the guest's own fault. */
	g->view.rflags = 2;
	guest_put_pte(g, UNMAPPED - 0x1000, GUEST_BUFFER | PWU);
	set_pointers(g, REG, UNMAPPED - 24, 20);
	KUNIT_EXPECT_EQ(test, RUN(g, "\xf3\x48\xa5", REG_GPA), CORE_EMUL_AGAIN);
	expect_pointers(test, REG + 24, UNMAPPED, 17);
	KUNIT_EXPECT_EQ(test, RUN(g, "\xf3\x48\xa5", REG_GPA + 24), CORE_EMUL_FAULT);
	KUNIT_EXPECT_EQ(test, g->view.fault_addr, UNMAPPED);
	KUNIT_EXPECT_EQ(test, g->reads, 0u);
}

/* Performs what must not work; nothing may have changed but the report. */
static void expect_unchanged(struct kunit *test, const char *code, u32 len, u64 gpa, int want)
{
	struct test_guest *g = test->priv;
	u64 rflags = g->view.rflags;
	u64 gpr[16];

	memcpy(gpr, g->gpr, sizeof(gpr));
	guest_set_device(g, 0x1122334455667788ULL);
	guest_put64(g, GUEST_BUFFER, 0x99);
	KUNIT_EXPECT_EQ(test, test_guest_run(g, code, len, gpa), want);
	KUNIT_EXPECT_EQ(test, memcmp(gpr, g->gpr, sizeof(gpr)), 0);
	KUNIT_EXPECT_EQ(test, g->view.rip, GUEST_CODE);
	KUNIT_EXPECT_EQ(test, g->view.rflags, rflags);
	KUNIT_EXPECT_EQ(test, g->reads + g->writes, 0u);
	KUNIT_EXPECT_EQ(test, guest_device_value(g), 0x1122334455667788ULL);
	KUNIT_EXPECT_EQ(test, guest_get64(g, GUEST_BUFFER), 0x99ULL);
}

#define EXPECT_UNCHANGED(test, code, gpa, want) \
	expect_unchanged(test, code, sizeof(code) - 1, gpa, want)

static void emulate_mismatch(struct kunit *test)
{
	struct test_guest *g = test->priv;

	/* Leads to the device, but not to where the CPU saw it go. */
	g->gpr[CORE_RBX] = REG;
	EXPECT_UNCHANGED(test, "\x89\x03", REG_GPA + 4, CORE_EMUL_MISMATCH);
	KUNIT_EXPECT_EQ(test, g->em.gpa, REG_GPA);
	/* Leads to RAM. */
	g->gpr[CORE_RBX] = GUEST_BUFFER;
	EXPECT_UNCHANGED(test, "\x01\x03", REG_GPA, CORE_EMUL_MISMATCH);
	set_pointers(g, GUEST_BUFFER, GUEST_BUFFER + 64, 3);
	EXPECT_UNCHANGED(test, "\xf3\xa5", REG_GPA, CORE_EMUL_MISMATCH);
	EXPECT_UNCHANGED(test, "\xf3\xab", REG_GPA, CORE_EMUL_MISMATCH);
	KUNIT_EXPECT_EQ(test, g->em.gpa, GUEST_BUFFER + 64);
	set_pointers(g, REG, REG + 8, 3);
	EXPECT_UNCHANGED(test, "\xa5", REG_GPA + 4, CORE_EMUL_MISMATCH);
	EXPECT_UNCHANGED(test, "\xf3\xa5", REG_GPA + 4, CORE_EMUL_MISMATCH);
}

static void emulate_split(struct kunit *test)
{
	struct test_guest *g = test->priv;

	g->gpr[CORE_RBX] = GUEST_DEVICE_LINEAR + 0xffd;
	guest_put64(g, T2 + 8, T1 | PWU);
	EXPECT_UNCHANGED(test, "\x8b\x03", GUEST_DEVICE + 0xffd, CORE_EMUL_SPLIT);
	KUNIT_EXPECT_EQ(test, g->em.gpa, 0ULL);
	/* From RAM into the device, seen from the second page. */
	guest_put_pte(g, GUEST_DEVICE_LINEAR - 0x1000, GUEST_BUFFER | PWU);
	g->gpr[CORE_RBX] = GUEST_DEVICE_LINEAR - 2;
	EXPECT_UNCHANGED(test, "\x8b\x03", GUEST_DEVICE, CORE_EMUL_SPLIT);
	KUNIT_EXPECT_EQ(test, g->em.gpa, GUEST_DEVICE);
	/* Both in RAM, and one of them said to have faulted. */
	guest_put_pte(g, GUEST_DEVICE_LINEAR - 0x2000, GUEST_BUFFER | PWU);
	g->gpr[CORE_RBX] = GUEST_DEVICE_LINEAR - 0x1002;
	EXPECT_UNCHANGED(test, "\x89\x03", GUEST_BUFFER + 0xffe, CORE_EMUL_MISMATCH);
}

static void emulate_refused(struct kunit *test)
{
	struct test_guest *g = test->priv;

	g->refuse = true;
	g->gpr[CORE_RBX] = REG;
	EXPECT_UNCHANGED(test, "\x8b\x03", REG_GPA, CORE_EMUL_REFUSED);
	KUNIT_EXPECT_EQ(test, g->em.gpa, REG_GPA);
	EXPECT_UNCHANGED(test, "\x01\x03", REG_GPA, CORE_EMUL_REFUSED);
	EXPECT_UNCHANGED(test, "\x87\x03", REG_GPA, CORE_EMUL_REFUSED);
	set_pointers(g, REG, GUEST_BUFFER, 3);
	EXPECT_UNCHANGED(test, "\xf3\xa5", REG_GPA, CORE_EMUL_REFUSED);
	set_pointers(g, GUEST_BUFFER, REG, 3);
	EXPECT_UNCHANGED(test, "\xf3\xa5", REG_GPA, CORE_EMUL_REFUSED);
}

static void expect_fault(struct kunit *test, u8 vector, u32 error, u64 addr)
{
	struct test_guest *g = test->priv;

	KUNIT_EXPECT_EQ(test, g->view.fault_vector, vector);
	KUNIT_EXPECT_EQ(test, g->view.fault_error, error);
	if (vector == 14)
		KUNIT_EXPECT_EQ(test, g->view.fault_addr, addr);
}

/* The RAM side faults: the device must not notice. */
static void emulate_faults(struct kunit *test)
{
	struct test_guest *g = test->priv;

	set_pointers(g, REG, UNMAPPED + 8, 3);
	EXPECT_UNCHANGED(test, "\xf3\xa5", REG_GPA, CORE_EMUL_FAULT);
	expect_fault(test, 14, 2, UNMAPPED + 8);
	/* The second page of an operand. */
	set_pointers(g, REG, UNMAPPED - 2, 3);
	guest_put_pte(g, UNMAPPED - 0x1000, (GUEST_BUFFER + 0x1000) | PWU);
	EXPECT_UNCHANGED(test, "\xa5", REG_GPA, CORE_EMUL_FAULT);
	expect_fault(test, 14, 2, UNMAPPED);
	set_pointers(g, UNMAPPED - 2, REG, 3);
	EXPECT_UNCHANGED(test, "\xa5", REG_GPA, CORE_EMUL_FAULT);
	expect_fault(test, 14, 0, UNMAPPED);
	/* Not writable; not the user's. */
	guest_put_pte(g, GUEST_BUFFER, GUEST_BUFFER | P | U);
	set_pointers(g, REG, GUEST_BUFFER, 3);
	EXPECT_UNCHANGED(test, "\xa5", REG_GPA, CORE_EMUL_FAULT);
	expect_fault(test, 14, 3, GUEST_BUFFER);
	guest_put_pte(g, GUEST_BUFFER, GUEST_BUFFER | P | W);
	g->view.cpl = 3;
	EXPECT_UNCHANGED(test, "\xa5", REG_GPA, CORE_EMUL_FAULT);
	expect_fault(test, 14, 7, GUEST_BUFFER);
	/* Not canonical; beyond a limit. */
	g->view.cpl = 0;
	set_pointers(g, 1ULL << 47, REG, 3);
	EXPECT_UNCHANGED(test, "\xa5", REG_GPA, CORE_EMUL_FAULT);
	expect_fault(test, 13, 0, 0);
	test_guest_legacy(g, true);
	g->seg[CORE_SS].limit = 0xffff;
	set_pointers(g, 0x10000, REG_GPA, 3);
	EXPECT_UNCHANGED(test, "\x36\xa5", REG_GPA, CORE_EMUL_FAULT);
	expect_fault(test, 12, 0, 0);
}

static void emulate_unreadable(struct kunit *test)
{
	struct test_guest *g = test->priv;

	EXPECT_UNCHANGED(test, "\x0f\xae\x38", REG_GPA, CORE_EMUL_DECODE);
	KUNIT_EXPECT_EQ(test, g->em.decode, CORE_DECODE_UNSUPPORTED);
	KUNIT_EXPECT_EQ(test, g->em.insn.opcode, 0x0faeu);
	KUNIT_EXPECT_EQ(test, g->em.nbytes, 15);
	KUNIT_EXPECT_EQ(test, memcmp(g->em.bytes, "\x0f\xae\x38\x90", 4), 0);
	KUNIT_EXPECT_EQ(test, g->em.gpa, REG_GPA);

	/* Cut off by the end of what is mapped. */
	guest_put_pte(g, UNMAPPED - 0x1000, GUEST_BUFFER | PWU);
	g->view.rip = UNMAPPED - 2;
	memcpy(g->ram + GUEST_BUFFER + 0xffe, "\x8b\x05", 2);
	KUNIT_EXPECT_EQ(test, core_emulate(&g->view, REG_GPA, &g->em), CORE_EMUL_DECODE);
	KUNIT_EXPECT_EQ(test, g->em.decode, CORE_DECODE_TRUNCATED);
	KUNIT_EXPECT_EQ(test, g->em.nbytes, 2);
	g->view.rip = UNMAPPED;
	KUNIT_EXPECT_EQ(test, core_emulate(&g->view, REG_GPA, &g->em), CORE_EMUL_FETCH);
	KUNIT_EXPECT_EQ(test, g->em.insn.opcode, 0u);
	KUNIT_EXPECT_EQ(test, g->em.decode, CORE_DECODE_OK);
	KUNIT_EXPECT_EQ(test, g->view.rip, UNMAPPED);

	/* Tables of the operand outside RAM. */
	guest_put64(g, T2 + 8, GUEST_DEVICE | PWU);
	set_pointers(g, 0x200000, REG, 3);
	EXPECT_UNCHANGED(test, "\xa5", REG_GPA, CORE_EMUL_NO_RAM);
	KUNIT_EXPECT_EQ(test, g->em.gpa, GUEST_DEVICE);
}

/* As the core does when the answer has come. */
static int perform_again(struct test_guest *g, u64 gpa)
{
	g->view.again = true;
	g->view.kept = g->view.nth > 1;
	g->view.nth = 0;
	return core_emulate(&g->view, gpa, &g->em);
}

static int run_asking(struct test_guest *g, const char *code, u32 len, u64 gpa, u32 asks)
{
	g->view.again = false;
	g->view.kept = false;
	g->view.nth = 0;
	g->asks = asks;
	return test_guest_run(g, code, len, gpa);
}

/* An instruction that has to wait for its accesses makes each of them once. */
static void emulate_asking(struct kunit *test)
{
	struct test_guest *g = test->priv;

	/* mov rax, [rsi] */
	set_pointers(g, REG, 0x10000, 3);
	guest_set_device(g, 5);
	KUNIT_EXPECT_EQ(test, run_asking(g, "\x48\x8b\x06", 3, REG_GPA, 1), CORE_EMUL_ASKED);
	KUNIT_EXPECT_EQ(test, g->view.rip, GUEST_CODE);
	KUNIT_EXPECT_EQ(test, perform_again(g, REG_GPA), CORE_EMUL_DONE);
	KUNIT_EXPECT_EQ(test, g->gpr[CORE_RAX], 5ULL);
	KUNIT_EXPECT_EQ(test, g->reads, 1u);

	/* add [rdi], rcx: only the write has to wait, then both */
	set_pointers(g, 0x10000, REG, 3);
	KUNIT_EXPECT_EQ(test, run_asking(g, "\x48\x01\x0f", 3, REG_GPA, 2), CORE_EMUL_ASKED);
	KUNIT_EXPECT_EQ(test, perform_again(g, REG_GPA), CORE_EMUL_ASKED);
	KUNIT_EXPECT_EQ(test, g->reads, 1u);
	KUNIT_EXPECT_EQ(test, g->writes, 0u);
	KUNIT_EXPECT_EQ(test, perform_again(g, REG_GPA), CORE_EMUL_DONE);
	KUNIT_EXPECT_EQ(test, g->reads, 1u);
	KUNIT_EXPECT_EQ(test, g->writes, 1u);
	KUNIT_EXPECT_EQ(test, guest_device_value(g), 8ULL);
	KUNIT_EXPECT_EQ(test, g->view.rip, GUEST_CODE + 3);
}

/* A REP goes on with an exit of its own after each round that was waited for. */
static void string_asking(struct kunit *test)
{
	struct test_guest *g = test->priv;

	set_pointers(g, 0x10000, REG, 3);
	KUNIT_EXPECT_EQ(test, run_asking(g, "\xf3\x48\xa5", 3, REG_GPA, 1), CORE_EMUL_ASKED);
	KUNIT_EXPECT_EQ(test, g->gpr[CORE_RCX], 3ULL);
	KUNIT_EXPECT_EQ(test, perform_again(g, REG_GPA), CORE_EMUL_AGAIN);
	KUNIT_EXPECT_EQ(test, g->gpr[CORE_RCX], 2ULL);
	KUNIT_EXPECT_EQ(test, g->gpr[CORE_RDI], REG + 8);
	KUNIT_EXPECT_EQ(test, g->writes, 1u);
	/* From device to device, both have to be waited for. */
	set_pointers(g, REG, REG + 0x40, 2);
	KUNIT_EXPECT_EQ(test, run_asking(g, "\xf3\x48\xa5", 3, REG_GPA, 2), CORE_EMUL_ASKED);
	KUNIT_EXPECT_EQ(test, perform_again(g, REG_GPA), CORE_EMUL_ASKED);
	KUNIT_EXPECT_EQ(test, perform_again(g, REG_GPA), CORE_EMUL_AGAIN);
	KUNIT_EXPECT_EQ(test, g->reads, 1u);
	KUNIT_EXPECT_EQ(test, g->writes, 1u);
	KUNIT_EXPECT_EQ(test, g->gpr[CORE_RCX], 1ULL);
}

static struct kunit_case string_cases[] = {
	KUNIT_CASE(string_single),
	KUNIT_CASE(string_device_to_device),
	KUNIT_CASE(string_read_only),
	KUNIT_CASE(string_split_source),
	KUNIT_CASE(string_repeat),
	KUNIT_CASE(string_leaves_page),
	KUNIT_CASE(emulate_mismatch),
	KUNIT_CASE(emulate_split),
	KUNIT_CASE(emulate_refused),
	KUNIT_CASE(emulate_faults),
	KUNIT_CASE(emulate_unreadable),
	KUNIT_CASE(emulate_asking),
	KUNIT_CASE(string_asking),
	{}
};

static struct kunit_suite string_suite = {
	.name = "axvm_x86_emulate_string",
	.init = string_test_init,
	.exit = string_test_exit,
	.test_cases = string_cases,
};
kunit_test_suite(string_suite);
