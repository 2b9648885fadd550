// SPDX-License-Identifier: GPL-2.0
/*
 * Every interrupt command there is, to everybody in the machine. Commands that
 * would reset this vCPU itself are left out; they are allowed and would end
 * the test. Needs a cell of one vCPU.
 */
#include "x86.h"

#define FIXED		0
#define INIT		5
#define NR_MODES	8
#define LOGICAL		0x800
#define SELF		1
#define ALL		2

static const u32 destinations[] = {
	1, 2, 3, 4, 5, 6, 7, 8, 15, 16, 0x7f, 0xff, 0x100, 0x10000, 0x10001, 0x1000f, 0xffff0001,
	0x0000fffe, 0x0000ffff, 0xfffffffe, 0xffffffff, 0,
};

static const u8 vectors[] = { 0x00, 0x02, 0x0f, 0x10, 0x55, 0xec, 0xf8, 0xfb, 0xfc, 0xfd, 0xff };

static u32 tried;

static bool hits_self(u32 icr, u32 dest)
{
	u32 shorthand = icr >> 18 & 3;

	if (shorthand)
		return shorthand == SELF || shorthand == ALL;
	if (dest == 0xffffffff)
		return true;
	return icr & LOGICAL ? !(dest >> 16) && (dest & 1) : !dest;
}

static void try_one(u32 icr, u32 dest)
{
	/* Nor those that look like an exception here. */
	if (hits_self(icr, dest) && ((icr >> 8 & 7) == INIT || (icr & 0xff) == 0x10))
		return;
	/* A reserved form may be answered by #GP. */
	try_wrmsr(X2APIC_ICR, (u64)dest << 32 | icr);
	tried++;
}

static void try_mode(u32 mode)
{
	for (u32 d = 0; d < sizeof(destinations) / sizeof(destinations[0]); d++)
		for (u32 v = 0; v < sizeof(vectors); v++)
			for (u32 bits = 0; bits < 32; bits++)
				/* shorthand, trigger, level, destination mode */
				try_one(mode << 8 | vectors[v] | (bits & 3) << 18 | (bits & 4) << 13 |
					(bits & 8) << 11 | (bits & 16) << 7, destinations[d]);
}

void guest_main(u64 arg)
{
	char line[16];
	u64 value;

	cpu_irq_on();
	/* The harmless ones first, so that a leak is seen before it kills. */
	for (u32 mode = FIXED; mode < NR_MODES; mode++) {
		try_mode(mode);
		print("GUEST icr: mode=%u tried=%u\n", mode, tried);
	}
	for (u32 vector = 32; vector < 256; vector++)
		try_wrmsr(X2APIC_SELF, vector);
	try_rdmsr(X2APIC_ICR, &value);
	/* 0xff was among them, whose handler takes it for spurious and does not end it. */
	for (u32 i = 0; i < 256; i++)
		wrmsr(X2APIC_EOI, 0);
	print("GUEST icr: survived tried=%u self55=%u\n", tried, irq_count(0, 0x55));
	for (;;) {
		read_line(line, sizeof(line));
		print("GUEST icr: alive\n");
	}
}
