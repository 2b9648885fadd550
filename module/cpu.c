// SPDX-License-Identifier: GPL-2.0
/*
 * Taking CPUs from Linux and giving them back. Linux's own CPU hotplug does
 * the work; two callbacks see to it that a taken CPU stays away: one refuses
 * to bring it on line, one hides it from Linux's broadcasts on its way down.
 */
#include <linux/cpu.h>
#include <linux/cpuhotplug.h>
#include <linux/cpumask.h>
#include <linux/slab.h>

#include "arch.h"
#include "assign.h"
#include "cpu.h"
#include "event.h"
#include "log.h"
#include "passthrough.h"
#include "vcpu.h"

static DEFINE_MUTEX(cpu_lock);		/* one take or give-back at a time */
static struct cpumask taken;		/* changed under cpu_lock, read by the callbacks */
static struct cpumask hidden;		/* changed by the callbacks, or when they cannot run */
static int prepare_state, online_state;

static int cpu_going_up(unsigned int cpu)
{
	/* The online guard. */
	if (cpumask_test_cpu(cpu, &taken))
		return -EBUSY;
	return 0;
}

/* On another CPU, after @cpu has executed its last instruction for Linux. */
static int cpu_is_down(unsigned int cpu)
{
	if (cpumask_test_cpu(cpu, &taken)) {
		axvm_arch_guard_cpu(cpu, true);
		cpumask_set_cpu(cpu, &hidden);
	}
	/* Interrupts that went to it go elsewhere now. */
	axvm_event_moved();
	return 0;
}

static int cpu_is_up(unsigned int cpu)
{
	axvm_event_moved();
	return 0;
}

int axvm_cpu_init(void)
{
	prepare_state = cpuhp_setup_state_nocalls(CPUHP_BP_PREPARE_DYN, "axvm:guard", cpu_going_up,
						  cpu_is_down);
	if (prepare_state < 0)
		return prepare_state;
	online_state = cpuhp_setup_state_nocalls(CPUHP_AP_ONLINE_DYN, "axvm:online", cpu_is_up,
						 NULL);
	if (online_state >= 0)
		return 0;
	cpuhp_remove_state_nocalls(prepare_state);
	return online_state;
}

void axvm_cpu_exit(void)
{
	cpuhp_remove_state_nocalls(online_state);
	cpuhp_remove_state_nocalls(prepare_state);
}

unsigned int axvm_cpu_nr_taken(void)
{
	return cpumask_weight(&taken);
}

/* Will this CPU be the cell's as well? */
static bool is_own(const struct axvm_cell *cell, int cpu)
{
	unsigned int i;

	for (i = 0; i < cell->cfg->nr_vcpus; i++) {
		if (cell->cpu[i].cpu == cpu)
			return true;
	}
	return false;
}

/*
 * A core's threads share caches and branch predictors: whoever has the other
 * thread can watch the guest, and slow it down. An offline thread can not.
 */
static int check_siblings(struct axvm_cell *cell, int cpu, struct axvm_error *err)
{
	unsigned int other;

	if (cell->cfg->flags & AXVM_CELL_FLAG_ALLOW_SMT_SHARING)
		return 0;
	for_each_possible_cpu(other) {
		if (other == cpu || !axvm_arch_sibling(cpu, other) || is_own(cell, other))
			continue;
		if (cpumask_test_cpu(other, &taken))
			return axvm_fail(err, -EBUSY,
					 "CPU %d shares a core with CPU %u, which another cell has: use both in one cell, or set \"allow_smt_sharing\"",
					 cpu, other);
		if (cpu_online(other))
			return axvm_fail(err, -EBUSY,
					 "CPU %d shares a core with CPU %u, which stays with Linux: give the cell both, take CPU %u off line, or set \"allow_smt_sharing\"",
					 cpu, other, other);
	}
	return 0;
}

/* Why Linux cannot let go of this CPU. */
static int check_linux(int cpu, struct axvm_error *err)
{
	if (cpu >= nr_cpu_ids || !cpu_possible(cpu))
		return axvm_fail(err, -ENODEV, "CPU %d does not exist: see /sys/devices/system/cpu/possible",
				 cpu);
	if (!cpu)
		return axvm_fail(err, -EBUSY, "CPU 0 cannot be taken, Linux needs it: name another");
	if (!cpu_present(cpu))
		return axvm_fail(err, -ENODEV,
				 "CPU %d is not present: see /sys/devices/system/cpu/present", cpu);
	if (!cpu_online(cpu))
		return axvm_fail(err, -EBUSY,
				 "CPU %d is off line in Linux: write 1 to /sys/devices/system/cpu/cpu%d/online first",
				 cpu, cpu);
	if (num_online_cpus() == 1)
		return axvm_fail(err, -EBUSY, "CPU %d is the last one that Linux has: it cannot be taken",
				 cpu);
	return 0;
}

static int check_cpu(struct axvm_cell *cell, int cpu, struct axvm_error *err)
{
	int ret = check_linux(cpu, err);

	return ret ?: axvm_arch_cpu_check(cpu, err);
}

static int assign_failed(struct axvm_cell *cell, unsigned int index, struct axvm_error *err)
{
	return axvm_fail(err, -EBUSY,
			 "vCPU %u: none of the CPUs in its affinity (%*pbl) is free: CPUs must be on line, not 0, and no other cell's",
			 index, NR_CPUS, cell->cfg->vcpu[index].affinity);
}

int axvm_cpu_assign(struct axvm_cell *cell, struct axvm_error *err)
{
	unsigned int i, cpu, failed = 0;
	int chosen[AXVM_MAX_VCPUS];
	cpumask_var_t usable;
	int ret;

	if (!zalloc_cpumask_var(&usable, GFP_KERNEL))
		return axvm_fail(err, -ENOMEM, "no memory for a CPU mask");
	for_each_online_cpu(cpu) {
		struct axvm_error ignored = {};

		if (!axvm_claimed(AXVM_RES_CPU, cpu, 1) && !check_cpu(cell, cpu, &ignored))
			cpumask_set_cpu(cpu, usable);
	}
	ret = axvm_assign(cell->cfg, usable, chosen, &failed);
	free_cpumask_var(usable);
	if (ret == -EBUSY)
		return assign_failed(cell, failed, err);
	if (ret)
		return axvm_fail(err, ret, "no memory to assign CPUs");
	for (i = 0; i < cell->cfg->nr_vcpus; i++) {
		struct axvm_cpu *acpu = &cell->cpu[i];

		acpu->cell = cell;
		acpu->index = i;
		acpu->cpu = chosen[i];
		acpu->hw_id = cpu_possible(chosen[i]) ? axvm_arch_hw_id(chosen[i]) : 0;
		cell->core->vcpu[i].hw_id = acpu->hw_id;
	}
	return 0;
}

/* Claims each CPU for a moment, because the ledger can say who has it. */
int axvm_cpu_check(struct axvm_cell *cell, struct axvm_error *err)
{
	unsigned int i;
	int ret = 0;

	for (i = 0; i < cell->cfg->nr_vcpus && !ret; i++) {
		int cpu = cell->cpu[i].cpu;
		struct axvm_claim probe = { .type = AXVM_RES_CPU, .start = cpu, .size = 1 };

		ret = axvm_claim(&cell->owner, &probe, err);
		if (ret)
			return ret;
		ret = check_cpu(cell, cpu, err);
		if (!ret)
			ret = check_siblings(cell, cpu, err);
		axvm_release(&probe);
	}
	return ret;
}

/* The CPU executes nothing and is off line; let Linux have it. */
static void bring_online(struct axvm_cpu *acpu)
{
	int ret;

	if (cpumask_test_and_clear_cpu(acpu->cpu, &hidden))
		axvm_arch_guard_cpu(acpu->cpu, false);
	cpumask_clear_cpu(acpu->cpu, &taken);
	ret = add_cpu(acpu->cpu);	/* 1: somebody was faster */
	if (ret >= 0)
		return;
	acpu->cell->give_error = ret;
	axvm_log(NULL, "CPU %d could not be given back to Linux: error %d", acpu->cpu, ret);
	pr_err("axvm: CPU %d could not be brought on line after cell \"%s\" (error %d): try to write 1 to /sys/devices/system/cpu/cpu%d/online\n",
	       acpu->cpu, acpu->cell->cfg->name, ret, acpu->cpu);
}

/* Undo of the claim, from whatever point axvm_cpu_take() got to. */
static void give_back(struct axvm_claim *claim)
{
	struct axvm_cpu *acpu = container_of(claim, struct axvm_cpu, claim);

	mutex_lock(&cpu_lock);
	axvm_vcpu_stop_core(acpu);
	if (acpu->ready)
		axvm_arch_cpu_exit(acpu);
	acpu->ready = false;
	if (acpu->offlined)
		bring_online(acpu);
	acpu->offlined = false;
	mutex_unlock(&cpu_lock);
}

/*
 * Once the callback cpu_is_down() has run nothing can fail in the kernels of
 * today; should it one day, the CPU is off line then, and has to come back.
 */
static int take_offline(struct axvm_cpu *acpu, struct axvm_error *err)
{
	int ret;

	cpumask_set_cpu(acpu->cpu, &taken);
	ret = remove_cpu(acpu->cpu);
	if (!ret && cpumask_test_cpu(acpu->cpu, &hidden)) {
		acpu->offlined = true;
		return 0;
	}
	if (!cpu_online(acpu->cpu))
		bring_online(acpu);
	cpumask_clear_cpu(acpu->cpu, &taken);
	return axvm_fail(err, ret < 0 ? ret : -EBUSY,
			 "Linux does not let go of CPU %d (error %d): see its kernel log, or name another CPU",
			 acpu->cpu, ret);
}

static int take_locked(struct axvm_cpu *acpu, struct axvm_error *err)
{
	int ret;

	ret = check_cpu(acpu->cell, acpu->cpu, err);
	if (!ret)
		ret = check_siblings(acpu->cell, acpu->cpu, err);
	if (!ret)
		ret = take_offline(acpu, err);
	if (ret)
		return ret;
	ret = axvm_arch_cpu_init(acpu, err);
	if (ret)
		return ret;
	acpu->ready = true;
	ret = axvm_passthrough_map_cpu(acpu, err);
	return ret ?: axvm_vcpu_start_core(acpu, err);
}

int axvm_cpu_take(struct axvm_cell *cell, unsigned int index, struct axvm_error *err)
{
	struct axvm_cpu *acpu = &cell->cpu[index];
	int ret;

	/* First of all, so that the message about a taken CPU names its owner. */
	acpu->claim = (struct axvm_claim) {
		.type = AXVM_RES_CPU, .start = acpu->cpu, .size = 1, .undo = give_back,
	};
	ret = axvm_claim(&cell->owner, &acpu->claim, err);
	if (ret)
		return ret;
	mutex_lock(&cpu_lock);
	ret = take_locked(acpu, err);
	mutex_unlock(&cpu_lock);
	if (ret) {
		axvm_release(&acpu->claim);
		return ret;
	}
	cell->nr_cpus = index + 1;
	return 0;
}
