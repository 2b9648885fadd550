// SPDX-License-Identifier: GPL-2.0
/* PSCI (DEN 0022) and SGIs: how a CPU enters the core, is kicked, and is taken out of it again. */
#include <linux/acpi.h>
#include <linux/arm-smccc.h>
#include <linux/delay.h>
#include <linux/mm.h>
#include <linux/of.h>

#include <asm/barrier.h>
#include <asm/cpufeature.h>
#include <asm/sysreg.h>

#include <uapi/linux/psci.h>

#include "arch.h"
#include "arm.h"

#define OFF_POLLS	3000		/* of 1 ms and more */
#define START_POLLS	100000		/* of 100 us and more */
#define AFFINITY_OFF	1

static enum { CONDUIT_NONE, CONDUIT_SMC, CONDUIT_HVC } conduit;

static void conduit_from_tree(void)
{
	struct device_node *node = of_find_node_by_path("/psci");
	const char *method;

	if (node && !of_property_read_string(node, "method", &method))
		conduit = !strcmp(method, "smc") ? CONDUIT_SMC :
			  !strcmp(method, "hvc") ? CONDUIT_HVC : CONDUIT_NONE;
	of_node_put(node);
}

static void conduit_from_acpi(void)
{
#ifdef CONFIG_ACPI
	u16 flags = acpi_gbl_FADT.arm_boot_flags;

	if (flags & ACPI_FADT_PSCI_COMPLIANT)
		conduit = flags & ACPI_FADT_PSCI_USE_HVC ? CONDUIT_HVC : CONDUIT_SMC;
#endif
}

/* The kernel's own answer is about SMCCC 1.1, and may be "none" where PSCI works. */
void axvm_start_init(void)
{
	switch (arm_smccc_1_1_get_conduit()) {
	case SMCCC_CONDUIT_SMC:
		conduit = CONDUIT_SMC;
		break;
	case SMCCC_CONDUIT_HVC:
		conduit = CONDUIT_HVC;
		break;
	default:
		if (acpi_disabled)
			conduit_from_tree();
		else
			conduit_from_acpi();
	}
}

/* The core turns its CPU off from EL2, where HVC would be a call to itself. */
bool axvm_psci_usable(const char **why)
{
	switch (conduit) {
	case CONDUIT_SMC:
		*why = "PSCI is called by SMC";
		return true;
	case CONDUIT_HVC:
		*why = "PSCI is called by HVC: Linux runs in a virtual machine itself";
		return false;
	default:
		*why = "there is no PSCI to start CPUs with";
		return false;
	}
}

static s32 psci(u32 function, u64 arg0, u64 arg1, u64 arg2)
{
	struct arm_smccc_res res;

	arm_smccc_smc(function, arg0, arg1, arg2, 0, 0, 0, 0, &res);
	return res.a0;
}

/* Affinity levels 3 to 0, as MPIDR_EL1 has them. */
static u64 mpidr_of(const struct axvm_cpu *acpu)
{
	u64 id = acpu->hw_id;

	return (id >> 24) << 32 | (id & 0xffffff);
}

/* Return: true once the CPU executes nothing. */
static bool wait_off(const struct axvm_cpu *acpu)
{
	int i;

	for (i = 0; i < OFF_POLLS; i++) {
		if (psci(PSCI_0_2_FN64_AFFINITY_INFO, mpidr_of(acpu), 0, 0) == AFFINITY_OFF)
			return true;
		mdelay(1);
	}
	return false;
}

void axvm_arch_cpu_kick(struct axvm_cpu *acpu)
{
	/* What was written for the core must be visible before it is told to look. */
	dsb(ishst);	/* SGIs are not ordered with stores */
	if (acpu->cell->cfg->irq_mode == AXVM_IRQ_MODE_PASSTHROUGH)
		write_sysreg_s(arm_sgi1r(acpu->hw_id, ARM_DIRECT_SGI), SYS_ICC_SGI0R_EL1);
	else
		write_sysreg_s(arm_sgi1r(acpu->hw_id, ARM_KICK_SGI), SYS_ICC_SGI1R_EL1);
	isb();
}

/* What the core shares with the host half must outlive a core that may wake up again. */
static void lose(struct axvm_cpu *acpu)
{
	struct arm_cpu *arm = acpu->arch;

	if (!arm->lost)
		kref_get(&acpu->cell->ref);
	arm->lost = true;
	acpu->cell->lost = true;
	pr_err("axvm: CPU %d does not turn itself off: it is lost until the machine is reset\n",
	       acpu->cpu);
}

/*
 * PSCI lets nobody turn off another CPU: the core does it at the next kick. A
 * core that hangs with interrupts masked cannot; it is lost, with all it maps.
 */
void axvm_arch_cpu_kill(struct axvm_cpu *acpu)
{
	u32 *state = &acpu->cell->core->vcpu[acpu->index].state;
	struct arm_cpu *arm = acpu->arch;

	WRITE_ONCE(arm->block->die, 1);
	/* One that has left is on its way already, or off: an SGI would wait for Linux there. */
	if (READ_ONCE(*state) != CORE_LEFT)
		axvm_arch_cpu_kick(acpu);
	if (!wait_off(acpu))
		lose(acpu);
}

/* What the entry reads, and the word it answers with, past all caches. */
static void clean_entry(const struct arm_cpu *arm)
{
	axvm_clean_range(&arm->block->entry, sizeof(arm->block->entry));
}

static int entry_failed(struct axvm_cpu *acpu, struct axvm_error *err)
{
	struct arm_cpu *arm = acpu->arch;

	/* Drop our stale copy of the answer, which was written with the MMU off. */
	clean_entry(arm);
	if (READ_ONCE(arm->block->entry.entered) == CORE_ENTERED_LOWER)
		return axvm_fail(err, -EOPNOTSUPP,
				 "CPU %d was started below EL2: a hypervisor or the firmware keeps EL2 to itself",
				 acpu->cpu);
	if (!wait_off(acpu))
		lose(acpu);
	return axvm_fail(err, -EIO, "CPU %d (MPIDR %#llx) did not enter the core after PSCI CPU_ON",
			 acpu->cpu, mpidr_of(acpu));
}

int axvm_arch_cpu_start(struct axvm_cpu *acpu, struct axvm_error *err)
{
	u32 *state = &acpu->cell->core->vcpu[acpu->index].state;
	struct arm_cpu *arm = acpu->arch;
	s32 ret;
	int i;

	if (!wait_off(acpu))
		return axvm_fail(err, -EIO, "CPU %d (MPIDR %#llx) is not off, PSCI says",
				 acpu->cpu, mpidr_of(acpu));
	WRITE_ONCE(*state, CORE_OFF);
	arm->block->die = 0;
	arm->block->entry.entered = 0;
	clean_entry(arm);
	ret = psci(PSCI_0_2_FN64_CPU_ON, mpidr_of(acpu), axvm_core_pa(axvm_core_header()->start),
		   PFN_PHYS(vmalloc_to_pfn(arm->block)));
	if (ret)
		return axvm_fail(err, -EIO, "CPU %d (MPIDR %#llx): PSCI CPU_ON failed with %d",
				 acpu->cpu, mpidr_of(acpu), ret);
	for (i = 0; i < START_POLLS; i++) {
		if (smp_load_acquire(state) != CORE_OFF)
			return 0;
		usleep_range(100, 200);
	}
	return entry_failed(acpu, err);
}
