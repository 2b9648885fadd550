// SPDX-License-Identifier: GPL-2.0
/*
 * Instructions whose device accesses the host half answers: with one access and
 * with two, with and without what the hardware decodes. The device counts how
 * often it is reached, so that an access that happens twice is seen.
 */
#include "arm64.h"

#define TESTDEV		0x0b000000UL
#define SCRATCH		(TESTDEV + AXVM_TESTDEV_SCRATCH)

static u32 tried, bad;

static u64 read64(u64 at)
{
	u64 value;

	asm volatile("ldr %0, [%1]" : "=r"(value) : "r"(at) : "memory");
	return value;
}

static void write64(u64 at, u64 value)
{
	asm volatile("str %0, [%1]" : : "r"(value), "r"(at) : "memory");
}

static void check(const char *what, u64 got, u64 want)
{
	tried++;
	if (got == want)
		return;
	bad++;
	print("GUEST hostforms: %s: got 0x%lx, wanted 0x%lx\n", what, got, want);
}

/* How many accesses INSN makes, without the one that begins the counting. */
#define COUNTED(what, accesses, insn)						\
do {										\
	u64 before_ = read64(TESTDEV + AXVM_TESTDEV_COUNT);			\
										\
	insn;									\
	check(what " accesses", read64(TESTDEV + AXVM_TESTDEV_COUNT) - before_ - 1, accesses);	\
} while (0)

static void widths(void)
{
	u64 value;

	write64(SCRATCH, 0x8877665544332211ULL);
	asm volatile("ldrb %w0, [%1, #1]" : "=r"(value) : "r"(SCRATCH) : "memory");
	check("byte", value, 0x22);
	asm volatile("ldrsh %0, [%1, #6]" : "=r"(value) : "r"(SCRATCH) : "memory");
	check("half, with its sign", value, 0xffffffffffff8877ULL);
	asm volatile("ldr %w0, [%1, #4]" : "=r"(value) : "r"(SCRATCH) : "memory");
	check("word", value, 0x88776655);
	asm volatile("strb %w0, [%1, #7]" : : "r"(0x99), "r"(SCRATCH) : "memory");
	asm volatile("strh %w0, [%1]" : : "r"(0xbbaa), "r"(SCRATCH) : "memory");
	check("parts written", read64(SCRATCH), 0x997766554433bbaaULL);
}

static void bases(void)
{
	u64 at = SCRATCH - 8, value = 0x1234;


	asm volatile("str %1, [%0, #8]!" : "+r"(at) : "r"(value) : "memory");
	check("str pre-index base", at, SCRATCH);
	asm volatile("ldr %0, [%1], #-16" : "=&r"(value), "+r"(at) : : "memory");
	check("ldr post-index", value, 0x1234);
	check("ldr post-index base", at, SCRATCH - 16);
}

static void pairs(void)
{
	u64 a = 0x1111, b = 0x2222, at = SCRATCH;

	COUNTED("stp", 2, asm volatile("stp %0, %1, [%2]" : : "r"(a), "r"(b), "r"(SCRATCH) : "memory"));
	check("stp first", read64(SCRATCH), 0x1111);
	check("stp second", read64(SCRATCH + 8), 0x2222);
	a = b = 0;
	COUNTED("ldp", 2,
		asm volatile("ldp %0, %1, [%2], #16" : "=&r"(a), "=&r"(b), "+r"(at) : : "memory"));
	check("ldp first", a, 0x1111);
	check("ldp second", b, 0x2222);
	check("ldp base", at, SCRATCH + 16);
	at = SCRATCH;
	/* The first register that comes is the base itself. */
	asm volatile("ldp %0, %1, [%0]" : "+r"(at), "=&r"(b) : : "memory");
	check("ldp over its base", at, 0x1111);
	check("ldp after its base", b, 0x2222);
}

void guest_main(u64 arg)
{
	char line[16];

	widths();
	bases();
	pairs();
	print("GUEST hostforms: tried=%u bad=%u\n", tried, bad);
	for (;;)
		read_line(line, sizeof(line));
}
