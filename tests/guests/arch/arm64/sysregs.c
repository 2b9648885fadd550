// SPDX-License-Identifier: GPL-2.0
/*
 * Reads and writes every system register number there is, whatever it is. What
 * can be read is written back unchanged, so that the guest itself survives;
 * what cannot be read is written with noise.
 */
#include "arm64.h"

#define PROBE	0x5a5a5a5a5a5a5a5aULL
#define MRS	0xd5300000U	/* mrs x0, op0 = 2 */
#define MSR	0xd5100000U
#define NR	(2U << 14)	/* op0, op1, CRn, CRm, op2 */

extern u32 probe_insn[];
u64 probe(u64 value);

/* x0 in and out; the first instruction is written over. */
asm(".text\nprobe:\nprobe_insn:\n nop\n ret\n"
    ".pushsection .fixups, \"a\"\n .quad probe_insn, probe_insn + 4\n .popsection");

static u32 reads, writes, refused_reads, refused_writes, other;

/* What is executed next must be what is written here. */
static void set_insn(u32 insn)
{
	*(volatile u32 *)probe_insn = insn;
	asm volatile("dc cvau, %0\n dsb ish\n ic ivau, %0\n dsb ish\n isb" : : "r"(probe_insn) : "memory");
}

static int execute(u32 insn, u64 *value)
{
	set_insn(insn);
	this_cpu()->fault = -1;
	*value = probe(*value);
	return this_cpu()->fault;
}

static void count(u32 number, int fault, u32 *done, u32 *refused)
{
	if (fault < 0) {
		(*done)++;
	} else if (fault == EC_UNKNOWN || fault == EC_SYSREG) {
		(*refused)++;
	} else {
		other++;
		print("GUEST sysregs: number=0x%x class=0x%x\n", number, fault);
	}
}

static void try_register(u32 number)
{
	u64 value = 0, kept;
	int fault = execute(MRS | number << 5, &value);

	count(number, fault, &reads, &refused_reads);
	kept = fault < 0 ? value : PROBE;
	count(number, execute(MSR | number << 5, &kept), &writes, &refused_writes);
}

/* What the core does not virtualise must not show in the ID registers. */
static void identify(void)
{
	u64 pfr0 = read_sysreg("id_aa64pfr0_el1"), pfr1 = read_sysreg("id_aa64pfr1_el1");
	u64 dfr0 = read_sysreg("id_aa64dfr0_el1");

	print("GUEST sysregs: el2=%u el3=%u gic=%u sve=%u sme=%u mte=%u pmu=%u mpidr=0x%lx\n",
	      (u32)(pfr0 >> 8 & 15), (u32)(pfr0 >> 12 & 15), (u32)(pfr0 >> 24 & 15),
	      (u32)(pfr0 >> 32 & 15), (u32)(pfr1 >> 24 & 15), (u32)(pfr1 >> 8 & 15),
	      (u32)(dfr0 >> 8 & 15), read_sysreg("mpidr_el1"));
}

void guest_main(u64 arg)
{
	char line[16];

	identify();
	for (u32 number = 0; number < NR; number++)
		try_register(number);
	print("GUEST sysregs: survived reads=%u writes=%u refused_reads=%u refused_writes=%u other=%u\n",
	      reads, writes, refused_reads, refused_writes, other);
	for (;;) {
		read_line(line, sizeof(line));
		print("GUEST sysregs: alive\n");
	}
}
