// SPDX-License-Identifier: GPL-2.0
/*
 * Linux names the targets of its IPIs one by one on a GICv3, and they are
 * online CPUs: no interrupt of its own reaches a CPU that is off line. A taken
 * CPU is not present all the same, as on every architecture, so that nobody
 * who looks for CPUs to use finds it.
 */
#include <linux/cpumask.h>

#include "../../arch.h"

void axvm_arch_guard_cpu(int cpu, bool hide)
{
	set_cpu_present(cpu, !hide);
}
