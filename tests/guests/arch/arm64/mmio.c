// SPDX-License-Identifier: GPL-2.0
/*
 * Every form of access that compilers emit, to an emulated register, with and
 * without what the hardware decodes by itself: each must have the effect that
 * it has on memory.
 */
#include "arm64.h"

/* PL011 registers that hold what was written to them. */
#define IBRD	(GUEST_PL011_BASE + 0x24)	/* 16 bits */
#define FBRD	(GUEST_PL011_BASE + 0x28)	/* 6 bits */
#define FR	(GUEST_PL011_BASE + 0x18)

static u32 tried, bad;

static void check(const char *what, u64 value, u64 want)
{
	tried++;
	if (value == want)
		return;
	bad++;
	print("GUEST mmio: %s is 0x%lx, not 0x%lx\n", what, value, want);
}

static void loads(void)
{
	u64 value, at;

	mmio_write(IBRD, 0x80a5);
	asm volatile("ldr %w0, [%1]" : "=r"(value) : "r"(IBRD));
	check("ldr w", value, 0x80a5);
	asm volatile("mov %0, #-1; ldrh %w0, [%1]" : "=&r"(value) : "r"(IBRD));
	check("ldrh", value, 0x80a5);
	asm volatile("mov %0, #-1; ldrb %w0, [%1]" : "=&r"(value) : "r"(IBRD));
	check("ldrb", value, 0xa5);
	asm volatile("ldrsh %0, [%1]" : "=r"(value) : "r"(IBRD));
	check("ldrsh x", value, 0xffffffffffff80a5);
	asm volatile("mov %0, #-1; ldrsh %w0, [%1]" : "=&r"(value) : "r"(IBRD));
	check("ldrsh w", value, 0xffff80a5);
	asm volatile("ldrsb %0, [%1]" : "=r"(value) : "r"(IBRD));
	check("ldrsb x", value, 0xffffffffffffffa5);
	asm volatile("mov %0, #-1; ldrsw %0, [%1]" : "=&r"(value) : "r"(IBRD));
	check("ldrsw", value, 0x80a5);
	at = IBRD - 8;
	asm volatile("ldr %w0, [%1, #8]!" : "=&r"(value), "+r"(at));
	check("ldr pre-index", value, 0x80a5);
	check("ldr pre-index base", at, IBRD);
	asm volatile("ldr %w0, [%1], #-4" : "=&r"(value), "+r"(at));
	check("ldr post-index", value, 0x80a5);
	check("ldr post-index base", at, IBRD - 4);
	at = 4;
	asm volatile("ldr %w0, [%1, %2]" : "=r"(value) : "r"(IBRD - 4), "r"(at));
	check("ldr register offset", value, 0x80a5);
	at = 9;
	asm volatile("ldr %w0, [%1, %w2, uxtw #2]" : "=r"(value) : "r"(GUEST_PL011_BASE), "r"(at));
	check("ldr extended offset", value, 0x80a5);
	asm volatile("ldur %w0, [%1, #-4]" : "=r"(value) : "r"(IBRD + 4));
	check("ldur", value, 0x80a5);
}

static void stores(void)
{
	u64 at = IBRD + 4, value = 0x1234;

	asm volatile("str %w0, [%1, #-4]!" : "+r"(value), "+r"(at));
	check("str pre-index", mmio_read(IBRD), 0x1234);
	check("str pre-index base", at, IBRD);
	value = 0x4321;
	asm volatile("str %w0, [%1], #8" : "+r"(value), "+r"(at));
	check("str post-index", mmio_read(IBRD), 0x4321);
	check("str post-index base", at, IBRD + 8);
	asm volatile("str wzr, [%0]" : : "r"(IBRD));
	check("str wzr", mmio_read(IBRD), 0);
	value = 0x5555;
	asm volatile("strh %w0, [%1]" : : "r"(value), "r"(IBRD));
	check("strh", mmio_read(IBRD), 0x5555);
	value = 0x77;
	at = IBRD;
	asm volatile("strb %w0, [%1], #1" : "+r"(value), "+r"(at));
	check("strb post-index", mmio_read(IBRD) & 0xff, 0x77);
	check("strb post-index base", at, IBRD + 1);
}

static void pairs(void)
{
	u64 a = 0x1111, b = 0x22, at = IBRD;

	asm volatile("stp %w0, %w1, [%2]" : : "r"(a), "r"(b), "r"(IBRD));
	check("stp first", mmio_read(IBRD), 0x1111);
	check("stp second", mmio_read(FBRD), 0x22);
	a = b = 0;
	asm volatile("ldp %w0, %w1, [%2]" : "=&r"(a), "=&r"(b) : "r"(IBRD));
	check("ldp first", a, 0x1111);
	check("ldp second", b, 0x22);
	asm volatile("ldp %w0, %w1, [%2], #16" : "=&r"(a), "=&r"(b), "+r"(at));
	check("ldp post-index base", at, IBRD + 16);
	check("ldp post-index second", b, 0x22);
	a = 0x3333;
	b = 0x11;
	asm volatile("stp %w0, %w1, [%2, #-16]!" : "+r"(a), "+r"(b), "+r"(at));
	check("stp pre-index first", mmio_read(IBRD), 0x3333);
	check("stp pre-index second", mmio_read(FBRD), 0x11);
	check("stp pre-index base", at, IBRD);
	asm volatile("ldpsw %0, %1, [%2]" : "=&r"(a), "=&r"(b) : "r"(IBRD));
	check("ldpsw", b, 0x11);
}

/* To the zero register: it must stay zero. */
static void zero(void)
{
	u64 value;

	asm volatile("ldr wzr, [%1]; mov %0, xzr" : "=r"(value) : "r"(IBRD));
	check("ldr wzr", value, 0);
	asm volatile("prfm pldl1keep, [%0]" : : "r"(FR));
	check("prfm", 0, 0);
}

void guest_main(u64 arg)
{
	char line[16];

	loads();
	stores();
	pairs();
	zero();
	mmio_write(IBRD, 13);
	mmio_write(FBRD, 1);
	check("PL011 ID", mmio_read(GUEST_PL011_BASE + 0xfe0), 0x11);
	check("PL031 ID", mmio_read(GUEST_PL031_BASE + 0xfe0), 0x31);
	print("GUEST mmio: tried=%u bad=%u\n", tried, bad);
	for (;;)
		read_line(line, sizeof(line));
}
