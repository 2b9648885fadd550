/* SPDX-License-Identifier: GPL-2.0 */
/* Which CPU for which vCPU, when vCPUs have a choice. Pure. */
#ifndef AXVM_ASSIGN_H
#define AXVM_ASSIGN_H

#include "axvm.h"

/**
 * axvm_assign() - give each vCPU a CPU of its own that it may use
 * @cfg: what each vCPU may use; CPUs that are named are always used
 * @usable: CPUs that an affinity may pick
 * @cpu: out: of each vCPU
 * @failed: out: the vCPU for which there is none, on -EBUSY
 *
 * Finds an assignment whenever there is one. May sleep.
 * Return: 0, -EBUSY or -ENOMEM.
 */
int axvm_assign(const struct axvm_config *cfg, const struct cpumask *usable, int *cpu,
		unsigned int *failed);

#endif
