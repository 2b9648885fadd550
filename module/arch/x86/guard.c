// SPDX-License-Identifier: GPL-2.0
/*
 * Linux sends some IPIs to "all but self" with the APIC's shorthand, which
 * reaches taken CPUs too: call-function, stop at panic, NMI for backtraces. It
 * does so only while every CPU that was ever booted is also present; a taken
 * CPU that is not present turns the shorthand off, and Linux names its
 * targets one by one.
 */
#include <linux/cpumask.h>

#include "../../arch.h"

void axvm_arch_guard_cpu(int cpu, bool hide)
{
	set_cpu_present(cpu, !hide);
}
