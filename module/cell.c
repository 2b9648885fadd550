// SPDX-License-Identifier: GPL-2.0
/*
 * Cells: the list of them, and what can be done to one. Requests of users and
 * a guest that stops by itself meet at cell->lock; which step is allowed when
 * is in state.c.
 *
 * Lock order: cell->lock, then axvm_cells_lock.
 */
#include <linux/jiffies.h>
#include <linux/ktime.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/timex.h>
#include <linux/vmalloc.h>

#include "arch.h"
#include "cell.h"
#include "config.h"
#include "device.h"
#include "event.h"
#include "hostcall.h"
#include "image.h"
#include "ivc/ivc.h"
#include "irq.h"
#include "log.h"
#include "memory.h"
#include "names.h"
#include "netlink.h"
#include "pci_bus.h"
#include "state.h"
#include "stats.h"
#include "trace.h"
#include "vcpu.h"
#include "wire.h"

DEFINE_MUTEX(axvm_cells_lock);	/* see cell.h */
LIST_HEAD(axvm_cells);
static u32 last_id;

static void stop_work(struct work_struct *work);

/* The list. */

struct axvm_cell *axvm_cell_alloc(struct axvm_config *cfg)
{
	struct axvm_cell *cell = kvzalloc(sizeof(*cell), GFP_KERNEL);

	BUILD_BUG_ON(AXVM_MAX_VCPUS > CORE_MAX_VCPUS || AXVM_MAX_REGIONS > CORE_MAX_DEVICES);
	BUILD_BUG_ON(AXVM_NR_EXITS != CORE_NR_EXITS || AXVM_NR_COUNTERS != CORE_NR_COUNTERS);
	if (cell) {
		cell->core = vzalloc(sizeof(*cell->core));
		cell->log = axvm_log_new();
	}
	if (!cell || !cell->core || !cell->log) {
		if (cell) {
			vfree(cell->core);
			axvm_log_free(cell->log);
		}
		kvfree(cell);
		axvm_config_free(cfg);
		return NULL;
	}
	cell->cfg = cfg;
	cell->state = AXVM_STATE_LOADING;
	kref_init(&cell->ref);
	mutex_init(&cell->lock);
	spin_lock_init(&cell->kick_lock);
	INIT_LIST_HEAD(&cell->memory);
	INIT_LIST_HEAD(&cell->physical);
	INIT_LIST_HEAD(&cell->iommu);
	INIT_LIST_HEAD(&cell->wires);
	INIT_LIST_HEAD(&cell->channels);
	INIT_LIST_HEAD(&cell->stuck_channels);
	INIT_LIST_HEAD(&cell->devices);
	init_rwsem(&cell->devices_lock);
	axvm_hostcall_setup(cell);
	INIT_WORK(&cell->stop_work, stop_work);
	axvm_owner_init(&cell->owner, cfg->name);
	__module_get(THIS_MODULE);
	return cell;
}

static void cell_free(struct kref *ref)
{
	struct axvm_cell *cell = container_of(ref, struct axvm_cell, ref);

	vfree(cell->core);
	axvm_log_free(cell->log);
	axvm_config_free(cell->cfg);
	mutex_destroy(&cell->lock);
	kvfree(cell);
	module_put(THIS_MODULE);
}

void axvm_cell_put(struct axvm_cell *cell)
{
	kref_put(&cell->ref, cell_free);
}

static struct axvm_cell *find_locked(u32 id, const char *name)
{
	struct axvm_cell *cell;

	list_for_each_entry(cell, &axvm_cells, node) {
		if (id ? cell->id == id : !strcmp(cell->cfg->name, name))
			return cell;
	}
	return NULL;
}

int axvm_cell_enlist(struct axvm_cell *cell, struct axvm_error *err)
{
	struct axvm_cell *other;
	int ret = 0;

	mutex_lock(&axvm_cells_lock);
	other = find_locked(0, cell->cfg->name);
	if (other) {
		ret = axvm_fail(err, -EEXIST,
				"there is a cell \"%s\" already (ID %u): choose another name or destroy it",
				cell->cfg->name, other->id);
	} else {
		cell->id = ++last_id;
		kref_get(&cell->ref);
		list_add_tail(&cell->node, &axvm_cells);
	}
	mutex_unlock(&axvm_cells_lock);
	return ret;
}

void axvm_cell_withdraw(struct axvm_cell *cell)
{
	mutex_lock(&axvm_cells_lock);
	list_del(&cell->node);
	mutex_unlock(&axvm_cells_lock);
	cancel_work_sync(&cell->stop_work);
	axvm_hostcall_close(cell);	/* once more: a look may have been under way */
	axvm_cell_put(cell);
}

struct axvm_cell *axvm_cell_get(u32 id, const char *name)
{
	struct axvm_cell *cell;

	mutex_lock(&axvm_cells_lock);
	cell = find_locked(id, name);
	if (cell)
		kref_get(&cell->ref);
	mutex_unlock(&axvm_cells_lock);
	return cell;
}

struct axvm_cell *axvm_cell_next(u32 id)
{
	struct axvm_cell *cell, *found = NULL;

	mutex_lock(&axvm_cells_lock);
	list_for_each_entry(cell, &axvm_cells, node) {
		if (cell->id <= id)
			continue;
		kref_get(&cell->ref);
		found = cell;
		break;
	}
	mutex_unlock(&axvm_cells_lock);
	return found;
}

unsigned int axvm_cells_count(void)
{
	struct axvm_cell *cell;
	unsigned int nr = 0;

	mutex_lock(&axvm_cells_lock);
	list_for_each_entry(cell, &axvm_cells, node)
		nr++;
	mutex_unlock(&axvm_cells_lock);
	return nr;
}

/* Steps of its life. */

void axvm_cell_set_state(struct axvm_cell *cell, enum axvm_state state)
{
	lockdep_assert_held(&cell->lock);
	WARN_ON(!axvm_state_may_follow(cell->state, state));
	trace_axvm_state(cell->id, cell->cfg->name, cell->state, state);
	WRITE_ONCE(cell->state, state);
	axvm_log(cell, "%s", axvm_state_names[state]);
	axvm_nl_event(cell, AXVM_EVENT_STATE, NULL);
	if (state == AXVM_STATE_STOPPED || state == AXVM_STATE_FAILED)
		axvm_ivc_guest(cell, false);
}

static void note_stop(struct axvm_cell *cell, enum axvm_cause cause, const char *text)
{
	cell->stop = (struct core_stop) { .cause = cause };
	strscpy(cell->stop_text, text, sizeof(cell->stop_text));
}

/* The cell cannot go on, and not because its guest said so. */
static void fail_cell(struct axvm_cell *cell, enum axvm_cause cause, const char *text)
{
	note_stop(cell, cause, text);
	if (cause == AXVM_CAUSE_CPU_LOST)
		cell->stop.vcpu = cell->lost_vcpu;
	axvm_log(cell, "failed: %s", text);
	pr_warn("axvm: cell \"%s\" failed: %s\n", cell->cfg->name, text);
	axvm_cell_set_state(cell, AXVM_STATE_FAILED);
}

/* Return: how many cores were lost. Its devices' interrupts have nobody who takes them then. */
static unsigned int park(struct axvm_cell *cell, struct axvm_error *err)
{
	unsigned int lost = axvm_vcpu_park_all(cell, err);

	axvm_wires_run(cell, false);
	return lost;
}

void axvm_cell_halt(struct axvm_cell *cell)
{
	struct axvm_error err = {};

	axvm_cell_set_state(cell, AXVM_STATE_STOPPING);
	if (park(cell, &err))
		axvm_log(cell, "%s", err.text);
}

static void init_clock(struct core_clock *clock)
{
	unsigned long flags;

	clock->khz = axvm_arch_clock_khz();
	local_irq_save(flags);
	clock->base = get_cycles();
	clock->wall_ns = ktime_get_real_ns();
	local_irq_restore(flags);
}

void axvm_cell_init_core(struct axvm_cell *cell)
{
	struct core_cell *core = cell->core;

	memset(&core->stop, 0, sizeof(core->stop));
	core->lock = 0;		/* a core may have been reset while it held it */
	core->boot = cell->cfg->boot;
	core->event_target = axvm_arch_event_target();
	WRITE_ONCE(core->rx.tail, READ_ONCE(core->rx.head));
	init_clock(&core->clock);
	axvm_hostcall_close(cell);
	axvm_devices_reset(cell);
	axvm_irq_init_core(cell);
	axvm_pci_bus_reset(cell);
	axvm_arch_cell_reset(cell);
	axvm_hostcall_open(cell);
}

/* From parked cores and loaded images to a running guest. */
static int run(struct axvm_cell *cell, struct axvm_error *err)
{
	unsigned int i;
	int ret = 0;

	for (i = 0; i < cell->nr_cpus && !ret; i++) {
		if (cell->cpu[i].started)
			continue;
		cell->lost_vcpu = i;
		ret = axvm_vcpu_start_core(&cell->cpu[i], err);
	}
	if (ret) {
		fail_cell(cell, AXVM_CAUSE_CPU_LOST, err->text);
		return ret;
	}
	axvm_cell_init_core(cell);
	axvm_arch_cell_sync(cell);
	axvm_wires_run(cell, true);
	axvm_cell_set_state(cell, AXVM_STATE_RUNNING);
	axvm_ivc_guest(cell, true);
	ret = axvm_vcpu_run_all(cell, err);
	if (ret) {
		axvm_cell_halt(cell);
		fail_cell(cell, AXVM_CAUSE_CPU_LOST, err->text);
	}
	return ret;
}

/* The same, but the guest was running before. */
static int reload_and_run(struct axvm_cell *cell, struct axvm_error *err)
{
	int ret;

	axvm_pci_quiesce(cell);	/* or a device could write into what is loaded */
	axvm_ivc_guest(cell, false);
	axvm_memory_zero_all(cell);
	ret = axvm_images_load(cell, err);
	if (ret) {
		axvm_fail(err, ret, "images cannot be loaded again: error %d", ret);
		fail_cell(cell, AXVM_CAUSE_RELOAD_ERROR, err->text);
		return ret;
	}
	return run(cell, err);
}

/*
 * A guest that resets itself at once, for ever, must not keep the host busy
 * with loading its images: half of the time, and a second, belong to others.
 */
static void guest_reset(struct axvm_cell *cell)
{
	unsigned long began = jiffies;
	struct axvm_error err = {};

	reload_and_run(cell, &err);
	cell->reset_after = jiffies + HZ + (jiffies - began);
}

static bool reset_too_soon(const struct axvm_cell *cell)
{
	return READ_ONCE(cell->core->stop.cause) == AXVM_CAUSE_GUEST_RESET &&
	       cell->reset_after && time_before(jiffies, cell->reset_after);
}

static bool stopped_itself(const struct axvm_cell *cell)
{
	u32 state = READ_ONCE(cell->state);

	return (state == AXVM_STATE_RUNNING || state == AXVM_STATE_SUSPENDED) &&
	       smp_load_acquire(&cell->core->stop.ready);
}

static void finish_stop(struct axvm_cell *cell)
{
	struct axvm_error err = {};

	cell->stop = cell->core->stop;
	axvm_arch_stop_text(&cell->stop, cell->stop_text, sizeof(cell->stop_text));
	axvm_log(cell, "stopped by itself: %s", cell->stop_text);
	axvm_cell_set_state(cell, AXVM_STATE_STOPPING);
	if (park(cell, &err)) {
		fail_cell(cell, AXVM_CAUSE_CPU_LOST, err.text);
		return;
	}
	switch (cell->stop.cause) {
	case AXVM_CAUSE_GUEST_OFF:
		axvm_cell_set_state(cell, AXVM_STATE_STOPPED);
		break;
	case AXVM_CAUSE_GUEST_RESET:
		guest_reset(cell);
		break;
	default:
		axvm_stats_log_last(cell, cell->stop.vcpu);
		pr_warn("axvm: cell \"%s\" failed: %s\n", cell->cfg->name, cell->stop_text);
		axvm_cell_set_state(cell, AXVM_STATE_FAILED);
	}
}

static void stop_work(struct work_struct *work)
{
	struct axvm_cell *cell = container_of(work, struct axvm_cell, stop_work);

	mutex_lock(&cell->lock);
	if (!cell->gone && stopped_itself(cell) && !reset_too_soon(cell))
		finish_stop(cell);
	mutex_unlock(&cell->lock);
}

void axvm_cell_check_stop(struct axvm_cell *cell)
{
	/* A reset that is too soon is found again by the next slow look. */
	if (stopped_itself(cell) && !reset_too_soon(cell))
		queue_work(axvm_wq, &cell->stop_work);
}

/* What a user may ask. */

int axvm_cell_lock_for(struct axvm_cell *cell, unsigned int request, struct axvm_error *err)
{
	int ret;

	/* Being created takes long; do not wait to be told that it is. */
	if (READ_ONCE(cell->state) == AXVM_STATE_LOADING)
		return axvm_state_allows(cell->cfg->name, AXVM_STATE_LOADING, request, err);
	if (mutex_lock_killable(&cell->lock))
		return axvm_fail(err, -EINTR, "interrupted while waiting for cell \"%s\"",
				 cell->cfg->name);
	if (cell->gone)
		ret = axvm_fail(err, -ENOENT, "cell \"%s\" was destroyed meanwhile",
				cell->cfg->name);
	else
		ret = axvm_state_allows(cell->cfg->name, cell->state, request, err);
	if (ret)
		mutex_unlock(&cell->lock);
	return ret;
}

int axvm_cell_lock_live(struct axvm_cell *cell, struct axvm_error *err)
{
	const char *name = cell->cfg->name;
	int ret = 0;

	if (READ_ONCE(cell->state) == AXVM_STATE_LOADING)
		return axvm_fail(err, -EBUSY, "cell \"%s\" is loading: wait until create is done",
				 name);
	if (mutex_lock_killable(&cell->lock))
		return axvm_fail(err, -EINTR, "interrupted while waiting for cell \"%s\"", name);
	if (cell->gone)
		ret = axvm_fail(err, -ENOENT, "cell \"%s\" was destroyed meanwhile", name);
	else if (cell->lost)
		ret = axvm_fail(err, -EIO, "cell \"%s\" has a CPU that cannot be stopped: nothing of it can be changed before the machine is reset",
				name);
	if (ret)
		mutex_unlock(&cell->lock);
	return ret;
}

int axvm_cell_start(struct axvm_cell *cell, struct axvm_error *err)
{
	int ret = axvm_cell_lock_for(cell, AXVM_REQUEST_START, err);

	if (ret)
		return ret;
	if (cell->state == AXVM_STATE_LOADED)
		ret = run(cell, err);
	else
		ret = reload_and_run(cell, err);
	mutex_unlock(&cell->lock);
	return ret;
}

int axvm_cell_stop(struct axvm_cell *cell, struct axvm_error *err)
{
	int ret = axvm_cell_lock_for(cell, AXVM_REQUEST_STOP, err);

	if (ret)
		return ret;
	axvm_cell_set_state(cell, AXVM_STATE_STOPPING);
	if (park(cell, err)) {
		ret = -ETIMEDOUT;
		fail_cell(cell, AXVM_CAUSE_CPU_LOST, err->text);
	} else {
		note_stop(cell, AXVM_CAUSE_HOST_STOP, "stopped by request");
		axvm_cell_set_state(cell, AXVM_STATE_STOPPED);
	}
	mutex_unlock(&cell->lock);
	return ret;
}

/* Pausing or going on did not work: end the guest, whose state is lost anyhow. */
void axvm_cell_lose(struct axvm_cell *cell, const struct axvm_error *err)
{
	axvm_cell_halt(cell);
	fail_cell(cell, AXVM_CAUSE_CPU_LOST, err->text);
}

void axvm_cell_fail(struct axvm_cell *cell, enum axvm_cause cause, const char *text)
{
	if (cell->state != AXVM_STATE_RUNNING && cell->state != AXVM_STATE_SUSPENDED)
		return;
	axvm_cell_halt(cell);
	fail_cell(cell, cause, text);
}

int axvm_cell_suspend(struct axvm_cell *cell, struct axvm_error *err)
{
	int ret = axvm_cell_lock_for(cell, AXVM_REQUEST_SUSPEND, err);

	if (ret)
		return ret;
	ret = axvm_vcpu_pause_all(cell, err);
	if (ret) {
		axvm_cell_lose(cell, err);
	} else if (stopped_itself(cell)) {
		finish_stop(cell);
		ret = axvm_fail(err, -EAGAIN, "cell \"%s\" stopped by itself meanwhile: %s",
				cell->cfg->name, cell->stop_text);
	} else {
		axvm_cell_set_state(cell, AXVM_STATE_SUSPENDED);
	}
	mutex_unlock(&cell->lock);
	return ret;
}

int axvm_cell_resume(struct axvm_cell *cell, struct axvm_error *err)
{
	int ret = axvm_cell_lock_for(cell, AXVM_REQUEST_RESUME, err);

	if (ret)
		return ret;
	axvm_cell_set_state(cell, AXVM_STATE_RUNNING);
	ret = axvm_vcpu_run_all(cell, err);
	if (ret)
		axvm_cell_lose(cell, err);
	mutex_unlock(&cell->lock);
	return ret;
}

int axvm_cell_reset(struct axvm_cell *cell, struct axvm_error *err)
{
	int ret = axvm_cell_lock_for(cell, AXVM_REQUEST_RESET, err);

	if (ret)
		return ret;
	if (cell->state == AXVM_STATE_RUNNING || cell->state == AXVM_STATE_SUSPENDED)
		axvm_cell_halt(cell);
	ret = reload_and_run(cell, err);
	mutex_unlock(&cell->lock);
	return ret;
}

/*
 * Not just a hard reset: the kernel that kexec boots next must find its CPUs as
 * the firmware left them, and only the core can undo what it changed.
 */
static void kill_cell(struct axvm_cell *cell)
{
	struct axvm_error err = {};
	unsigned int i;

	mutex_lock(&cell->lock);
	park(cell, &err);
	for (i = 0; i < cell->nr_cpus; i++)
		axvm_vcpu_stop_core(&cell->cpu[i]);
	mutex_unlock(&cell->lock);
}

void axvm_cells_kill(void)
{
	struct axvm_cell *cell;
	u32 id = 0;

	while ((cell = axvm_cell_next(id))) {
		id = cell->id;
		kill_cell(cell);
		axvm_cell_put(cell);
	}
}
