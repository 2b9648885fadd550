// SPDX-License-Identifier: GPL-2.0
/*
 * Reads and writes every MSR of the three ranges that exist. Each access must
 * work or raise #GP. What can be read is written back, so that the guest's own
 * base registers keep their values.
 */
#include "x86.h"

#define RANGE	0x2000
#define PROBE	0x40	/* as a vector it is one that nobody uses */

static u32 reads, writes, refused_reads, refused_writes, other;

static void count(int fault, u32 *done, u32 *refused)
{
	if (fault < 0)
		(*done)++;
	else if (fault == VECTOR_GP)
		(*refused)++;
	else
		other++;
}

static void probe(u32 msr)
{
	u64 value;
	int fault = try_rdmsr(msr, &value);

	count(fault, &reads, &refused_reads);
	count(try_wrmsr(msr, fault < 0 ? value : PROBE), &writes, &refused_writes);
	if (fault >= 0)
		count(try_wrmsr(msr, ~0ULL << 8 | PROBE), &writes, &refused_writes);
}

static void wild(void)
{
	static const u32 msrs[] = { 0x40000000, 0x4b564d00, 0x4b564d01, 0x80000000, 0xffffffff, 0xc0020000 };
	u64 value;

	for (u32 i = 0; i < sizeof(msrs) / sizeof(msrs[0]); i++) {
		count(try_rdmsr(msrs[i], &value), &reads, &refused_reads);
		count(try_wrmsr(msrs[i], ~0ULL), &writes, &refused_writes);
	}
	/* SVME is not the guest's, and not there to see. */
	value = rdmsr(MSR_EFER);
	if (value & 1 << 12)
		other++;
	if (try_wrmsr(MSR_EFER, value | 1 << 12) != VECTOR_GP)
		other++;
}

void guest_main(u64 arg)
{
	static const u32 bases[] = { 0, 0xc0000000, 0xc0010000 };
	char line[16];

	for (u32 i = 0; i < 3; i++)
		for (u32 n = 0; n < RANGE; n++)
			probe(bases[i] + n);
	wild();
	print("GUEST msrs: survived reads=%u writes=%u refused_reads=%u refused_writes=%u other=%u\n",
	      reads, writes, refused_reads, refused_writes, other);
	for (;;) {
		read_line(line, sizeof(line));
		print("GUEST msrs: alive\n");
	}
}
