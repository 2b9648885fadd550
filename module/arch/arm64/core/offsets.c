// SPDX-License-Identifier: GPL-2.0
/* Compiled to assembly only: numbers that the .S files need. See Kbuild. */
#include "core_abi.h"

#define DEFINE(name, value) \
	do { asm volatile("\n#DEFINE " name " %0" : : "i"(value)); } while (0)
#define OFFSET(name, type, member)	DEFINE(name, __builtin_offsetof(struct type, member))

void core_offsets(void);
void core_offsets(void)
{
	OFFSET("CPU_X", core_cpu, x);
	OFFSET("CPU_ELR", core_cpu, elr);
	OFFSET("CPU_ESR", core_cpu, esr);
	OFFSET("CPU_HPFAR", core_cpu, hpfar);
	OFFSET("CPU_SELF", core_cpu, self);
	OFFSET("CPU_SP", core_cpu, sp);
	OFFSET("ENTRY_MAIR", core_cpu, entry.mair);
	OFFSET("ENTRY_TCR", core_cpu, entry.tcr);
	OFFSET("ENTRY_TTBR", core_cpu, entry.ttbr);
	OFFSET("ENTRY_SCTLR", core_cpu, entry.sctlr);
	OFFSET("ENTRY_VIRTUAL", core_cpu, entry.virtual_entry);
	OFFSET("ENTRY_ENTERED", core_cpu, entry.entered);
	DEFINE("SIZEOF_CELL", sizeof(struct core_cell));
}
