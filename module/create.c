// SPDX-License-Identifier: GPL-2.0
/*
 * The two ends of a cell's life. create is a list of steps read top to bottom;
 * whatever a step claims is in the ledger, and undoing is releasing the claims
 * in reverse order, so that the same few lines undo a failed create at any
 * step and a complete cell.
 */
#include <linux/err.h>
#include <linux/jiffies.h>
#include <linux/sched/signal.h>

#include "arch.h"
#include "attach.h"
#include "cell.h"
#include "config.h"
#include "console.h"
#include "cpu.h"
#include "create.h"
#include "device.h"
#include "event.h"
#include "host.h"
#include "hostcall.h"
#include "image.h"
#include "ivc/ivc.h"
#include "live.h"
#include "log.h"
#include "memory.h"
#include "names.h"
#include "netlink.h"
#include "pci.h"
#include "state.h"
#include "vcpu.h"
#include "wire.h"

__printf(2, 3)
static void progress(struct axvm_cell *cell, const char *fmt, ...)
{
	char text[96];
	va_list args;

	va_start(args, fmt);
	vscnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	axvm_log(cell, "%s", text);
	axvm_nl_event(cell, AXVM_EVENT_PROGRESS, text);
}

/* Claiming memory takes longest: several messages, but not more than four a second. */
static void memory_progress(struct axvm_cell *cell, u64 done, u64 total)
{
	char text[96];

	if (done < total && cell->progress_after && time_before(jiffies, cell->progress_after))
		return;
	cell->progress_after = jiffies + HZ / 4;
	scnprintf(text, sizeof(text), "memory: %llu of %llu MiB ready", done >> 20, total >> 20);
	axvm_nl_event(cell, AXVM_EVENT_PROGRESS, text);
}

static int step_stage2(struct axvm_cell *cell, struct axvm_error *err)
{
	int ret = axvm_pgtable_init(&cell->stage2, &axvm_arch_stage2);

	return ret ? axvm_fail(err, ret, "no memory for the stage-2 tables") : 0;
}

static int step_memory(struct axvm_cell *cell, struct axvm_error *err)
{
	unsigned int i;
	int ret;

	for (i = 0; i < cell->cfg->nr_memory; i++) {
		const struct axvm_config_memory *m = &cell->cfg->memory[i];

		progress(cell, "claiming memory %u: %llu KiB, %s", i, m->size >> 10,
			 axvm_memory_type_names[m->type]);
		ret = axvm_memory_claim(cell, m, memory_progress, err);
		if (ret)
			return ret;
	}
	return 0;
}

static int step_images(struct axvm_cell *cell, struct axvm_error *err)
{
	int ret;

	progress(cell, "loading %u images", cell->cfg->nr_images);
	ret = axvm_images_load(cell, err);
	return ret ? axvm_fail(err, ret, "images cannot be loaded: error %d", ret) : 0;
}

static int step_core(struct axvm_cell *cell, struct axvm_error *err)
{
	struct core_cell *core = cell->core;
	int ret;

	core->magic = CORE_ABI_MAGIC;
	core->nr_vcpus = cell->cfg->nr_vcpus;
	core->irq_mode = cell->cfg->irq_mode;
	core->fault_policy = cell->cfg->fault_policy;
	core->boot = cell->cfg->boot;
	core->event_target = axvm_arch_event_target();
	ret = axvm_tables_fill(cell, err);
	if (!ret)
		ret = axvm_arch_cell_init(cell, err);
	if (ret)
		return axvm_fail(err, ret, "the core cannot be prepared: error %d", ret);
	cell->arch_ready = true;
	axvm_tables_flip(cell);
	axvm_cell_init_core(cell);
	return 0;
}

static int step_pci(struct axvm_cell *cell, struct axvm_error *err)
{
	const struct axvm_config_device *d = cell->cfg->device;
	unsigned int i;
	int ret = 0;

	for (i = 0; i < cell->cfg->nr_devices && !ret; i++) {
		if (d[i].type != AXVM_DEVICE_TYPE_PCI)
			continue;
		progress(cell, "taking PCI function %04x:%02x:%02x.%u",
			 AXVM_PCI_SEGMENT(d[i].function), AXVM_PCI_BUS(d[i].function),
			 d[i].function >> 3 & 0x1f, d[i].function & 7);
		ret = axvm_pci_attach(cell, d[i].function, d[i].base, d[i].unsafe, err);
	}
	return ret;
}

static int step_cpus(struct axvm_cell *cell, struct axvm_error *err)
{
	unsigned int i;
	int ret;

	for (i = 0; i < cell->cfg->nr_vcpus; i++) {
		progress(cell, "taking CPU %d for vCPU %u", cell->cpu[i].cpu, i);
		ret = axvm_cpu_take(cell, i, err);
		if (ret)
			return axvm_fail(err, ret, "CPU %d cannot be taken: error %d",
					 cell->cpu[i].cpu, ret);
	}
	return 0;
}

static int (*const steps[])(struct axvm_cell *cell, struct axvm_error *err) = {
	axvm_cpu_assign,
	axvm_cpu_check,		/* before the long steps: most mistakes are about CPUs */
	step_stage2,
	step_memory,
	axvm_devices_create,
	axvm_wires_create,
	step_images,
	step_core,
	axvm_console_create,
	step_pci,
	step_cpus,
};

static int run_steps(struct axvm_cell *cell, struct axvm_error *err)
{
	unsigned int i;
	int ret;

	for (i = 0; i < ARRAY_SIZE(steps); i++) {
		if (fatal_signal_pending(current))
			return axvm_fail(err, -EINTR, "interrupted");
		ret = axvm_host_may_create(err);
		if (!ret)
			ret = steps[i](cell, err);
		if (ret)
			return axvm_fail(err, ret, "create failed: error %d", ret);
	}
	return 0;
}

/* Give everything back, from wherever create got to. Releases cell->lock. */
static void teardown(struct axvm_cell *cell)
{
	unsigned int i;

	axvm_hostcall_close(cell);
	axvm_console_destroy(cell);
	axvm_wires_detach_all(cell);
	axvm_ivc_cell_gone(cell);
	/* Memory can be newer than CPUs, but none may go back to Linux while a core is there. */
	for (i = cell->nr_cpus; i-- > 0;)
		axvm_release(&cell->cpu[i].claim);
	axvm_pci_detach_all(cell);
	axvm_devices_destroy(cell);
	cell->nr_cpus = 0;
	axvm_pgtable_destroy(&cell->stage2);	/* nobody walks them: no need to unmap piece by piece */
	axvm_release_all(&cell->owner);
	if (cell->arch_ready)
		axvm_arch_cell_exit(cell);
	cell->arch_ready = false;
	axvm_ivc_cell_freed(cell);
	cell->gone = true;
	mutex_unlock(&cell->lock);
	axvm_cell_withdraw(cell);
	axvm_nl_event(cell, AXVM_EVENT_DESTROYED, NULL);
}

static void create_failed(struct axvm_cell *cell, const struct axvm_error *err)
{
	axvm_log(NULL, "cell \"%s\" not created: %s", cell->cfg->name, err->text);
	axvm_cell_set_state(cell, AXVM_STATE_STOPPING);
	teardown(cell);
	axvm_cell_put(cell);
}

struct axvm_cell *axvm_cell_create(struct axvm_config *cfg, struct axvm_error *err)
{
	struct axvm_cell *cell = axvm_cell_alloc(cfg);
	int ret;

	if (!cell) {
		axvm_fail(err, -ENOMEM, "no memory for the cell's description");
		return ERR_PTR(-ENOMEM);
	}
	mutex_lock(&cell->lock);
	ret = axvm_cell_enlist(cell, err);
	if (ret) {
		mutex_unlock(&cell->lock);
		axvm_cell_put(cell);
		return ERR_PTR(ret);
	}
	axvm_nl_event(cell, AXVM_EVENT_CREATED, NULL);
	axvm_event_look();
	ret = run_steps(cell, err);
	if (ret) {
		create_failed(cell, err);
		return ERR_PTR(ret);
	}
	axvm_cell_set_state(cell, AXVM_STATE_LOADED);
	axvm_log(NULL, "cell \"%s\" created, ID %u", cfg->name, cell->id);
	pr_info("axvm: cell \"%s\" created on %u CPUs\n", cfg->name, cfg->nr_vcpus);
	mutex_unlock(&cell->lock);
	return cell;
}

/* Its guest may go on running, on memory that so cannot be anybody else's. Releases cell->lock. */
static int keep_lost(struct axvm_cell *cell, struct axvm_error *err)
{
	axvm_cell_set_state(cell, AXVM_STATE_FAILED);
	mutex_unlock(&cell->lock);
	return axvm_fail(err, -EIO,
			 "cell \"%s\" has a CPU that cannot be stopped: it keeps its CPUs and memory until the machine is reset",
			 cell->cfg->name);
}

int axvm_cell_destroy(struct axvm_cell *cell, struct axvm_error *err)
{
	int ret = axvm_cell_lock_for(cell, AXVM_REQUEST_DESTROY, err);

	if (ret)
		return ret;
	axvm_cell_halt(cell);
	if (cell->lost)
		return keep_lost(cell, err);
	teardown(cell);
	axvm_log(NULL, "cell \"%s\" destroyed", cell->cfg->name);
	pr_info("axvm: cell \"%s\" destroyed\n", cell->cfg->name);
	if (!cell->give_error)
		return 0;
	return axvm_fail(err, -EIO,
			 "cell \"%s\" is destroyed, but not all of its CPUs came back on line (error %d): see the kernel log",
			 cell->cfg->name, cell->give_error);
}
