// SPDX-License-Identifier: GPL-2.0
/* The firmware that a guest finds: PSCI 1.1 (DEN 0022) and SMCCC 1.1 (DEN 0028), by HVC or SMC. */
#include "core.h"

#define VERSION_1_1		0x10001
#define NOT_SUPPORTED		-1
#define INVALID_PARAMETERS	-2
#define ALREADY_ON		-4
#define ON_PENDING		-5
#define INVALID_ADDRESS		-9
#define NOT_NEEDED		2	/* MIGRATE_INFO_TYPE: no trusted OS to migrate */
#define MPIDR_AFFINITY		0xff00ffffffULL

/* Return: index of the vCPU of that affinity, or -1. */
static s32 find_vcpu(u64 mpidr)
{
	u64 affinity = mpidr & MPIDR_AFFINITY;
	u64 index = (affinity >> 8) * 16 + (affinity & 0xff);

	if ((mpidr & ~MPIDR_AFFINITY) || (affinity & 0xff) > 15 || index >= core_cell()->nr_vcpus)
		return -1;
	return index;
}

static s64 cpu_on(u64 target, u64 entry, u64 arg)
{
	s32 index = find_vcpu(target);
	u32 power = CORE_POWER_OFF;
	struct core_start *start;

	if (index < 0)
		return INVALID_PARAMETERS;
	if ((entry & 3) || !core_ram_ok(core_tables(), entry, 4, false))
		return INVALID_ADDRESS;
	start = &core_cell()->arch.start[index];
	if (!__atomic_compare_exchange_n(&start->power, &power, CORE_POWER_PENDING, false,
					 __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))
		return power == CORE_POWER_ON ? ALREADY_ON : ON_PENDING;
	start->context = arg;
	WRITE_WORD(core_cell()->vcpu[index].start_arg, entry);
	core_request(index, CORE_REQ_START);
	return 0;
}

/* The request comes first: whoever sees the vCPU off may ask it to start, and that must be last. */
static void cpu_off(void)
{
	u32 index = core_index();

	core_request(index, CORE_REQ_INIT);
	__atomic_store_n(&core_cell()->arch.start[index].power, CORE_POWER_OFF, __ATOMIC_SEQ_CST);
}

static s64 affinity_info(u64 target, u64 level)
{
	s32 index = find_vcpu(target);

	if (index < 0 || level)
		return INVALID_PARAMETERS;
	return __atomic_load_n(&core_cell()->arch.start[index].power, __ATOMIC_SEQ_CST);
}

static s64 features(u32 function)
{
	switch (function) {
	case ARM_PSCI_FN_VERSION:
	case ARM_PSCI_FN_FEATURES:
	case ARM_PSCI_FN_CPU_OFF:
	case ARM_PSCI_FN_CPU_ON:
	case ARM_PSCI_FN_CPU_ON | ARM_PSCI_FN_64BIT:
	case ARM_PSCI_FN_AFFINITY_INFO:
	case ARM_PSCI_FN_AFFINITY_INFO | ARM_PSCI_FN_64BIT:
	case ARM_PSCI_FN_MIGRATE_INFO_TYPE:
	case ARM_PSCI_FN_SYSTEM_OFF:
	case ARM_PSCI_FN_SYSTEM_RESET:
	case ARM_SMCCC_FN_VERSION:
		return 0;
	}
	return NOT_SUPPORTED;
}

/* SMC32 functions have 32-bit arguments. */
static u64 argument(const struct core_cpu *cpu, u32 n)
{
	return cpu->x[0] & ARM_PSCI_FN_64BIT ? cpu->x[n] : (u32)cpu->x[n];
}

void core_arm_smccc(struct core_cpu *cpu)
{
	u32 function = cpu->x[0];
	s64 result = NOT_SUPPORTED;

	switch (function) {
	case ARM_PSCI_FN_VERSION:
	case ARM_SMCCC_FN_VERSION:
		result = VERSION_1_1;
		break;
	case ARM_PSCI_FN_FEATURES:
		result = features(cpu->x[1]);
		break;
	case ARM_PSCI_FN_CPU_ON:
	case ARM_PSCI_FN_CPU_ON | ARM_PSCI_FN_64BIT:
		result = cpu_on(argument(cpu, 1), argument(cpu, 2), argument(cpu, 3));
		break;
	case ARM_PSCI_FN_CPU_OFF:
		cpu_off();
		return;
	case ARM_PSCI_FN_AFFINITY_INFO:
	case ARM_PSCI_FN_AFFINITY_INFO | ARM_PSCI_FN_64BIT:
		result = affinity_info(argument(cpu, 1), argument(cpu, 2));
		break;
	case ARM_PSCI_FN_MIGRATE_INFO_TYPE:
		result = NOT_NEEDED;
		break;
	case ARM_PSCI_FN_SYSTEM_OFF:
		core_stop_cell(AXVM_CAUSE_GUEST_OFF, 0, cpu->elr, 0, 0);
		break;
	case ARM_PSCI_FN_SYSTEM_RESET:
		core_stop_cell(AXVM_CAUSE_GUEST_RESET, 0, cpu->elr, 0, 0);
		break;
	}
	cpu->x[0] = result;
}
