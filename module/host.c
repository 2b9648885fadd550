// SPDX-License-Identifier: GPL-2.0
/*
 * What the host is up to. Reboot, power-off and kexec: all cores are reset
 * first, so that whoever boots next finds CPUs that wait to be started.
 * Suspend and hibernation: refused while there are cells, because their CPUs
 * and memory would lose power behind their back. A panic is left alone: cells
 * go on.
 */
#include <linux/cpumask.h>
#include <linux/notifier.h>
#include <linux/reboot.h>
#include <linux/security.h>
#include <linux/suspend.h>

#include "arch.h"
#include "axvm.h"
#include "cell.h"
#include "host.h"

static bool going_down, going_to_sleep;

static int on_reboot(struct notifier_block *nb, unsigned long action, void *data)
{
	unsigned int nr = axvm_cells_count();

	WRITE_ONCE(going_down, true);
	if (nr) {
		pr_info("axvm: the host goes down, ending %u cells\n", nr);
		axvm_cells_kill();
	}
	return NOTIFY_DONE;
}

static int on_sleep(struct notifier_block *nb, unsigned long action, void *data)
{
	unsigned int nr;

	switch (action) {
	case PM_SUSPEND_PREPARE:
	case PM_HIBERNATION_PREPARE:
	case PM_RESTORE_PREPARE:
		WRITE_ONCE(going_to_sleep, true);
		nr = axvm_cells_count();
		if (!nr)
			break;
		WRITE_ONCE(going_to_sleep, false);
		pr_warn("axvm: refusing to suspend or hibernate: %u cells would lose their CPUs; destroy them first\n",
			nr);
		return notifier_from_errno(-EBUSY);
	case PM_POST_SUSPEND:
	case PM_POST_HIBERNATION:
	case PM_POST_RESTORE:
		WRITE_ONCE(going_to_sleep, false);
		break;
	}
	return NOTIFY_DONE;
}

/* Early: while the drivers that others shut down still work. */
static struct notifier_block reboot_block = { .notifier_call = on_reboot, .priority = 100 };
static struct notifier_block sleep_block = { .notifier_call = on_sleep };

int axvm_host_init(void)
{
	int ret = register_reboot_notifier(&reboot_block);

	if (ret)
		return ret;
	ret = register_pm_notifier(&sleep_block);
	if (ret)
		unregister_reboot_notifier(&reboot_block);
	return ret;
}

void axvm_host_exit(void)
{
	unregister_pm_notifier(&sleep_block);
	unregister_reboot_notifier(&reboot_block);
}

int axvm_host_may_create(struct axvm_error *err)
{
	if (READ_ONCE(going_down))
		return axvm_fail(err, -EBUSY, "the host is going down: no cell can be created");
	if (READ_ONCE(going_to_sleep))
		return axvm_fail(err, -EBUSY,
				 "the host is being suspended: create the cell after it has resumed");
	return 0;
}

bool axvm_host_locked(void)
{
	return security_locked_down(LOCKDOWN_DEV_MEM);
}

void axvm_host_check(struct axvm_requirements *req)
{
	unsigned int spare = num_online_cpus() - 1;
	bool locked = axvm_host_locked();

	axvm_require(req, "lockdown", !locked, "%s", locked ?
		     "kernel lockdown is on: boot without secure boot, or without lockdown=" :
		     "kernel lockdown is off");
	if (spare || axvm_cells_count())
		axvm_require(req, "cpus", true, "%u more CPUs can be taken", spare);
	else
		axvm_require(req, "cpus", false, "Linux has one CPU only: a cell needs another");
	axvm_arch_check(req);
}
