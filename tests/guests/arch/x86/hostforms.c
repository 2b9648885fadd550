// SPDX-License-Identifier: GPL-2.0
/*
 * Instructions whose device accesses the host half answers: with one access,
 * with two, and with many. Each register counts how often it was reached, so
 * that an access that happens twice is seen. Then a vCPU that waits for an
 * answer is reset by its sibling.
 */
#include "x86.h"

#define TESTDEV		0x0b000000UL
#define SCRATCH		(TESTDEV + AXVM_TESTDEV_SCRATCH)
#define LONG		10000000	/* microseconds */

static u32 tried, bad;
static volatile u32 asking, came_back;

static u64 read64(u64 at)
{
	u64 value;

	asm volatile("movq (%1), %0" : "=r"(value) : "r"(at) : "memory");
	return value;
}

static void write64(u64 at, u64 value)
{
	asm volatile("movq %0, (%1)" : : "r"(value), "r"(at) : "memory");
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
	u64 rax = 0xa5a5a5a5a5a5a5a5ULL;

	write64(SCRATCH, 0x8877665544332211ULL);
	asm volatile("movb 1(%1), %%al" : "+a"(rax) : "r"(SCRATCH) : "memory");
	check("byte", rax, 0xa5a5a5a5a5a5a522ULL);
	asm volatile("movw 2(%1), %%ax" : "+a"(rax) : "r"(SCRATCH) : "memory");
	check("word", rax, 0xa5a5a5a5a5a54433ULL);
	asm volatile("movl 4(%1), %%eax" : "+a"(rax) : "r"(SCRATCH) : "memory");
	check("dword", rax, 0x88776655);
	asm volatile("movb $0x99, 7(%0)\n movw $0xbbaa, (%0)" : : "r"(SCRATCH) : "memory");
	check("parts written", read64(SCRATCH), 0x997766554433bbaaULL);
	asm volatile("movq 4(%1), %0" : "=r"(rax) : "r"(SCRATCH) : "memory");
	check("across two registers", rax, ~0ULL);
}

static void two_accesses(void)
{
	u64 value = 7;

	write64(SCRATCH, 5);
	COUNTED("add", 2, asm volatile("addq %1, (%0)" : : "r"(SCRATCH), "r"(value) : "memory", "cc"));
	check("add", read64(SCRATCH), 12);
	COUNTED("xchg", 2, asm volatile("xchgq %1, (%0)" : : "r"(SCRATCH), "r"(value) : "memory"));
	COUNTED("lock inc by one", 2, asm volatile("lock orq $1, (%0)" : : "r"(SCRATCH) : "memory", "cc"));
	check("xchg", read64(SCRATCH), 7);
	COUNTED("add to a register", 1,
		asm volatile("addq (%1), %0" : "+r"(value) : "r"(SCRATCH) : "memory", "cc"));
}

static void strings(void)
{
	static u64 words[4] = { 11, 22, 33, 44 };
	const void *from = words;
	void *to = (void *)SCRATCH;
	u64 count = 4, sum = 0;

	COUNTED("rep movs to it", 4,
		asm volatile("rep movsq" : "+D"(to), "+S"(from), "+c"(count) : : "memory"));
	check("rep movs count", count, 0);
	check("rep movs end", (u64)to, SCRATCH + 32);
	for (u32 i = 0; i < 4; i++)
		sum = sum * 100 + read64(SCRATCH + 8 * i);
	check("rep movs", sum, 11223344);
	from = (void *)SCRATCH;
	to = (void *)(SCRATCH + 8);
	count = 3;
	/* Each round reads what the one before has written. */
	COUNTED("rep movs from it to it", 6,
		asm volatile("rep movsq" : "+D"(to), "+S"(from), "+c"(count) : : "memory"));
	check("rep movs from it to it", read64(SCRATCH + 24), 11);
	from = (void *)SCRATCH;
	to = words;
	count = 4;
	COUNTED("rep movs from it", 4,
		asm volatile("rep movsq" : "+D"(to), "+S"(from), "+c"(count) : : "memory"));
	check("rep movs from it", words[3], 11);
	to = (void *)SCRATCH;
	count = 8;
	COUNTED("rep stos", 8, asm volatile("rep stosq" : "+D"(to), "+c"(count) : "a"(77UL) : "memory"));
	check("rep stos", read64(SCRATCH + 56), 77);
}

static void asker(void)
{
	asking = 1;
	check("answer that never comes", read64(TESTDEV + AXVM_TESTDEV_SLOW), ~0ULL);
}

static void comer(void)
{
	came_back = 1;
	check("the next one", read64(TESTDEV + AXVM_TESTDEV_VCPU), 1);
	came_back = 2;
	cpu_stop();
}

/* INIT: the sibling's call is given up, and its next one gets its own answer. */
static void abandoned(void)
{
	write64(TESTDEV + AXVM_TESTDEV_DELAY, LONG / 4);
	cpu_start_others(asker);
	while (!asking)
		cpu_relax();
	delay_us(20000);
	/* It returns when the other has come; asker() says so if it ever goes on. */
	cpu_start_others(comer);
	check("reset while it waits", came_back >= 1, 1);
	while (came_back < 2)
		cpu_relax();
}

void guest_main(u64 arg)
{
	widths();
	two_accesses();
	strings();
	abandoned();
	print("GUEST hostforms: tried=%u bad=%u\n", tried, bad);
}
