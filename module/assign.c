// SPDX-License-Identifier: GPL-2.0
/*
 * Which CPU for which vCPU, when vCPUs have a choice: a matching of vCPUs to
 * CPUs, grown one vCPU at a time along augmenting paths (breadth first), so
 * that an early choice never makes a later vCPU fail needlessly.
 */
#include <linux/slab.h>
#include <linux/string.h>

#include "assign.h"

#define NOBODY	(-1)

struct matching {
	const struct axvm_config *cfg;
	const struct cpumask *usable;
	s8 owner[NR_CPUS];	/* vCPU that has the CPU now */
	s8 asker[NR_CPUS];	/* vCPU from which the search reached it */
	s8 queue[AXVM_MAX_VCPUS];
	int *cpu;		/* of each vCPU */
};

static bool may_use(const struct matching *m, unsigned int vcpu, unsigned int cpu)
{
	const struct axvm_config_vcpu *want = &m->cfg->vcpu[vcpu];

	if (want->cpu >= 0)
		return want->cpu == cpu;
	return test_bit(cpu, want->affinity) && cpumask_test_cpu(cpu, m->usable);
}

/* Everybody on the path moves to the CPU that he asked for. */
static void augment(struct matching *m, int cpu)
{
	int vcpu, next;

	while (cpu >= 0) {
		vcpu = m->asker[cpu];
		next = m->cpu[vcpu];
		m->owner[cpu] = vcpu;
		m->cpu[vcpu] = cpu;
		cpu = next;
	}
}

static bool place(struct matching *m, unsigned int vcpu)
{
	unsigned int head = 0, tail = 0;
	unsigned int cpu;

	memset(m->asker, NOBODY, sizeof(m->asker));
	m->queue[tail++] = vcpu;
	while (head < tail) {
		vcpu = m->queue[head++];
		for (cpu = 0; cpu < nr_cpu_ids; cpu++) {
			if (m->asker[cpu] != NOBODY || !may_use(m, vcpu, cpu))
				continue;
			m->asker[cpu] = vcpu;
			if (m->owner[cpu] == NOBODY) {
				augment(m, cpu);
				return true;
			}
			m->queue[tail++] = m->owner[cpu];
		}
	}
	return false;
}

int axvm_assign(const struct axvm_config *cfg, const struct cpumask *usable, int *cpu,
		unsigned int *failed)
{
	struct matching *m;
	unsigned int i;
	int ret = 0;

	m = kvmalloc(sizeof(*m), GFP_KERNEL);
	if (!m)
		return -ENOMEM;
	m->cfg = cfg;
	m->usable = usable;
	m->cpu = cpu;
	memset(m->owner, NOBODY, sizeof(m->owner));
	for (i = 0; i < cfg->nr_vcpus; i++)
		cpu[i] = NOBODY;
	for (i = 0; i < cfg->nr_vcpus && !ret; i++) {
		if (place(m, i))
			continue;
		*failed = i;
		ret = -EBUSY;
	}
	kvfree(m);
	return ret;
}
