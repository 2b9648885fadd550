// SPDX-License-Identifier: GPL-2.0
/* Is this machine able, is this CPU? */
#include <linux/cpumask.h>
#include <linux/of.h>
#include <linux/of_address.h>
#include <linux/slab.h>
#include <linux/smp.h>
#include <linux/topology.h>

#include <asm/cpufeature.h>
#include <asm/cputype.h>
#include <asm/sysreg.h>
#include <asm/virt.h>

#include "arch.h"

#define NO_HW_ID	(~0U)
#define PFR0_EL2	8		/* field of ID_AA64PFR0_EL1 */
#define MMFR4_E2H0	24		/* of ID_AA64MMFR4_EL1: when negative, E2H cannot be 0 */
#define ID_AA64MMFR4	sys_reg(3, 0, 0, 7, 4)

/* As they were when the CPU was last seen on line: Linux forgets them, or does not tell. */
struct seen {
	struct cpumask siblings;
	u32 hw_id;
};

static struct seen *seen;

static void read_hw_id(void *info)
{
	u64 mpidr = read_cpuid_mpidr();
	u32 *hw_id = info;

	*hw_id = (mpidr >> 8 & 0xff000000) | (mpidr & 0xffffff);
}

static void look_at(int cpu)
{
	cpumask_copy(&seen[cpu].siblings, topology_sibling_cpumask(cpu));
	smp_call_function_single(cpu, read_hw_id, &seen[cpu].hw_id, true);
}

int axvm_check_init(void)
{
	int cpu;

	seen = kcalloc(nr_cpu_ids, sizeof(*seen), GFP_KERNEL);
	if (!seen)
		return -ENOMEM;
	for_each_possible_cpu(cpu)
		seen[cpu].hw_id = NO_HW_ID;
	for_each_online_cpu(cpu)
		look_at(cpu);
	return 0;
}

void axvm_check_exit(void)
{
	kfree(seen);
}

bool axvm_arch_sibling(int cpu, int other)
{
	return cpu != other && (cpumask_test_cpu(other, &seen[cpu].siblings) ||
				cpumask_test_cpu(cpu, &seen[other].siblings));
}

u32 axvm_arch_hw_id(int cpu)
{
	if (cpu_online(cpu))
		look_at(cpu);
	return seen[cpu].hw_id;
}

static bool has_el2(void)
{
	return is_kernel_in_hyp_mode() ||
	       (read_sanitised_ftr_reg(SYS_ID_AA64PFR0_EL1) >> PFR0_EL2 & 0xf);
}

/* The core is written for EL2 as it was before VHE; some CPUs have no such mode (FEAT_E2H0). */
static bool has_plain_el2(void)
{
	return !(read_sysreg_s(ID_AA64MMFR4) >> MMFR4_E2H0 & 8);
}

/* KVM then keeps EL2 to itself and answers CPU_ON in the firmware's place. */
static bool is_protected(void)
{
	return cpus_have_cap(ARM64_KVM_PROTECTED_MODE);
}

void axvm_arch_check(struct axvm_requirements *req)
{
	bool el2 = has_el2(), plain = has_plain_el2(), open = !is_protected();
	bool gic = axvm_arm_gic.found;
	const char *why;
	bool psci = axvm_psci_usable(&why);

	axvm_require(req, "el2", el2, "%s", el2 ?
		     is_kernel_in_hyp_mode() ? "the CPU has EL2 (Linux runs there: VHE)" :
		     "the CPU has EL2 (Linux runs at EL1)" :
		     "there is no EL2; use a CPU with it, and firmware that starts Linux there");
	axvm_require(req, "plain-el2", plain, plain ? "HCR_EL2.E2H can be 0" :
		     "HCR_EL2.E2H cannot be 0 on this CPU, which is not supported");
	axvm_require(req, "kvm-mode", open, open ? "KVM is not in protected mode" :
		     "KVM is in protected mode and keeps EL2; boot without kvm-arm.mode=protected");
	axvm_require(req, "gicv3", gic, gic ? "the interrupt controller is a GICv3" :
		     "no GICv3 was found; a GICv2 is not supported");
	axvm_require(req, "psci", psci, "%s", why);
}

int axvm_arch_cpu_check(int cpu, struct axvm_error *err)
{
	const char *why;

	look_at(cpu);
	if (!has_el2())
		return axvm_fail(err, -EOPNOTSUPP,
				 "CPU %d has no EL2; `axvmctl check` tells what is missing", cpu);
	if (!has_plain_el2())
		return axvm_fail(err, -EOPNOTSUPP,
				 "CPU %d: HCR_EL2.E2H cannot be 0, which is not supported", cpu);
	if (is_protected())
		return axvm_fail(err, -EOPNOTSUPP,
				 "CPU %d: KVM is in protected mode and keeps EL2; boot without kvm-arm.mode=protected",
				 cpu);
	if (!axvm_psci_usable(&why))
		return axvm_fail(err, -EOPNOTSUPP, "CPU %d cannot be taken: %s", cpu, why);
	if (!axvm_arm_gic.found)
		return axvm_fail(err, -EOPNOTSUPP,
				 "no GICv3 was found; a GICv2 is not supported");
	if (!axvm_gic_redistributor(seen[cpu].hw_id))
		return axvm_fail(err, -EOPNOTSUPP, "CPU %d: its GIC redistributor was not found",
				 cpu);
	return 0;
}

u32 axvm_arch_clock_khz(void)
{
	return max_t(u32, read_sysreg(cntfrq_el0) / 1000, 1);
}

/* Return: does a no-map entry of /reserved-memory contain the range? */
static bool in_reserved_node(u64 start, u64 size)
{
	struct device_node *parent = of_find_node_by_path("/reserved-memory");
	struct device_node *child;
	bool found = false;
	struct resource res;
	int i;

	for_each_available_child_of_node(parent, child) {
		if (!of_property_read_bool(child, "no-map"))
			continue;
		for (i = 0; !of_address_to_resource(child, i, &res); i++)
			found |= start >= res.start && start + size - 1 <= res.end;
	}
	of_node_put(parent);
	return found;
}

bool axvm_arch_reserved_ok(u64 start, u64 size)
{
	u64 pa;

	if (!in_reserved_node(start, size))
		return false;
	for (pa = start; pa < start + size; pa += PAGE_SIZE) {
		if (pfn_is_map_memory(PHYS_PFN(pa)))
			return false;
		cond_resched();
	}
	return true;
}
