// SPDX-License-Identifier: GPL-2.0
/* Compiled to assembly only: numbers that the .S files need. See Kbuild. */
#include "core_abi.h"

#define DEFINE(name, value) \
	do { asm volatile("\n#DEFINE " name " %0" : : "i"(value)); } while (0)
#define OFFSET(name, type, member)	DEFINE(name, __builtin_offsetof(struct type, member))

void core_offsets(void);
void core_offsets(void)
{
	OFFSET("CPU_GPR", core_cpu, gpr);
	OFFSET("CPU_VMCB_PA", core_cpu, vmcb_pa);
	OFFSET("CPU_VMCB_RAX", core_cpu, vmcb.save.rax);
	OFFSET("CPU_VMCB_RSP", core_cpu, vmcb.save.rsp);
	OFFSET("CPU_TIMER_FIRED", core_cpu, timer_fired);
	DEFINE("SIZEOF_CELL", sizeof(struct core_cell));
}
