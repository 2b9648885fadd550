// SPDX-License-Identifier: GPL-2.0
/* Compiled to assembly only: numbers that the .S files need. See Kbuild. */
#include "core_abi.h"

#define OFFSET(name, type, member) \
	asm volatile("\n#DEFINE " name " %0" : : "i"(__builtin_offsetof(struct type, member)))

void core_offsets(void);
void core_offsets(void)
{
	OFFSET("CPU_GPR", core_cpu, gpr);
	OFFSET("CPU_VMCB_PA", core_cpu, vmcb_pa);
	OFFSET("CPU_VMCB_RAX", core_cpu, vmcb.save.rax);
	OFFSET("CPU_VMCB_RSP", core_cpu, vmcb.save.rsp);
	asm volatile("\n#DEFINE SIZEOF_CELL %0" : : "i"(sizeof(struct core_cell)));
}
