// SPDX-License-Identifier: GPL-2.0
/* Is this machine able, is this CPU, is this configuration? */
#include <linux/cpumask.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/topology.h>

#include <asm/apic.h>
#include <asm/cpufeature.h>
#include <asm/e820/api.h>
#include <asm/msr.h>
#include <asm/processor.h>
#include <asm/smp.h>
#include <asm/tsc.h>

#include "arch.h"
#include "x86.h"

#define VM_CR_SVMDIS		BIT_ULL(4)
#define SYSCFG_MEM_ENCRYPT	BIT_ULL(23)
#define LEAF_SVM		0x8000000a
#define SVM_EDX_NP		BIT(0)
#define LEAF_ENCRYPTION		0x8000001f

/* As they were when the CPU was last seen on line: Linux forgets them when it goes off line. */
static struct cpumask *siblings;

int axvm_check_init(void)
{
	int cpu;

	siblings = kcalloc(nr_cpu_ids, sizeof(*siblings), GFP_KERNEL);
	if (!siblings)
		return -ENOMEM;
	for_each_online_cpu(cpu)
		cpumask_copy(&siblings[cpu], topology_sibling_cpumask(cpu));
	return 0;
}

void axvm_check_exit(void)
{
	kfree(siblings);
}

bool axvm_arch_sibling(int cpu, int other)
{
	return cpu != other && (cpumask_test_cpu(other, &siblings[cpu]) ||
				cpumask_test_cpu(cpu, &siblings[other]));
}

u32 axvm_arch_hw_id(int cpu)
{
	return cpu_physical_id(cpu);
}

static bool is_amd(void)
{
	return boot_cpu_data.x86_vendor == X86_VENDOR_AMD ||
	       boot_cpu_data.x86_vendor == X86_VENDOR_HYGON;
}

static bool has_nested_paging(void)
{
	return boot_cpu_has(X86_FEATURE_SVM) && cpuid_eax(0x80000000) >= LEAF_SVM &&
	       (cpuid_edx(LEAF_SVM) & SVM_EDX_NP);
}

static bool svm_disabled(int cpu)
{
	u64 vm_cr;

	return rdmsrl_safe_on_cpu(cpu, X86_MSR_VM_CR, &vm_cr) || (vm_cr & VM_CR_SVMDIS);
}

static bool memory_encrypted(void)
{
	u64 syscfg;

	return cpuid_eax(0x80000000) >= LEAF_ENCRYPTION && (cpuid_eax(LEAF_ENCRYPTION) & BIT(0)) &&
	       !rdmsrl_safe(X86_MSR_SYSCFG, &syscfg) && (syscfg & SYSCFG_MEM_ENCRYPT);
}

void axvm_arch_check(struct axvm_requirements *req)
{
	bool svm = boot_cpu_has(X86_FEATURE_SVM);
	bool usable = svm && !svm_disabled(0);
	bool paging = has_nested_paging();
	bool x2apic = boot_cpu_has(X86_FEATURE_X2APIC);
	bool clear = !memory_encrypted();

	axvm_require(req, "amd-svm", is_amd() && svm, is_amd() && svm ? "the CPU has AMD-V (SVM)" :
		     "the CPU has no AMD-V (SVM); use an AMD or Hygon CPU (Intel VT-x is not supported)");
	axvm_require(req, "svm-enabled", usable, usable ? "not disabled by the firmware" :
		     "disabled by the firmware; turn on SVM in its setup");
	axvm_require(req, "nested-paging", paging, paging ? "the CPU has nested paging" :
		     "the CPU has no nested paging (NPT); use a newer one");
	axvm_require(req, "x2apic", x2apic, x2apic ? "the CPU has an x2APIC (Linux uses it: %s)" :
		     "the CPU has no x2APIC; use Zen 2 or newer", x2apic_mode ? "yes" : "no");
	axvm_require(req, "tsc", tsc_khz && boot_cpu_has(X86_FEATURE_TSC), tsc_khz ? "%u kHz" :
		     "its frequency is unknown (%u); boot with tsc_early_khz=", tsc_khz);
	axvm_require(req, "memory-encryption", clear, clear ? "off" :
		     "on; boot with mem_encrypt=off");
	axvm_require(req, "low-memory", axvm_start_possible(), axvm_start_possible() ?
		     "there is RAM below 640K to start CPUs from" :
		     "no usable RAM between 64K and 640K");
}

int axvm_arch_cpu_check(int cpu, struct axvm_error *err)
{
	const struct cpuinfo_x86 *info = &cpu_data(cpu);

	cpumask_copy(&siblings[cpu], topology_sibling_cpumask(cpu));
	if (!cpu_has(info, X86_FEATURE_SVM) || !is_amd())
		return axvm_fail(err, -EOPNOTSUPP,
				 "CPU %d has no AMD-V (SVM); `axvmctl check` tells what is missing",
				 cpu);
	if (svm_disabled(cpu))
		return axvm_fail(err, -EOPNOTSUPP,
				 "CPU %d: SVM is disabled by the firmware; turn it on in its setup",
				 cpu);
	if (!has_nested_paging())
		return axvm_fail(err, -EOPNOTSUPP, "CPU %d has no nested paging (NPT)", cpu);
	if (!cpu_has(info, X86_FEATURE_X2APIC))
		return axvm_fail(err, -EOPNOTSUPP, "CPU %d has no x2APIC; use Zen 2 or newer", cpu);
	if (memory_encrypted())
		return axvm_fail(err, -EOPNOTSUPP,
				 "memory encryption is on; boot with mem_encrypt=off");
	if (!axvm_start_possible())
		return axvm_fail(err, -EOPNOTSUPP,
				 "no usable RAM between 64K and 640K to start CPU %d from", cpu);
	return 0;
}

u32 axvm_arch_clock_khz(void)
{
	return tsc_khz;
}

/* memmap= makes RAM, as the firmware tells it, something that Linux does not use. */
bool axvm_arch_reserved_ok(u64 start, u64 size)
{
	u64 pa;

	for (pa = start; pa < start + size; pa += PAGE_SIZE) {
		if (!e820__mapped_raw_any(pa, pa + PAGE_SIZE, E820_TYPE_RAM) ||
		    e820__mapped_raw_any(pa, pa + PAGE_SIZE, E820_TYPE_RESERVED) ||
		    e820__mapped_any(pa, pa + PAGE_SIZE, E820_TYPE_RAM))
			return false;
		cond_resched();
	}
	return true;
}
