// SPDX-License-Identifier: GPL-2.0
/*
 * Talking to the cores that run a cell's vCPUs: commands, answers, hard
 * resets. A core that makes no progress towards its answer for LIMIT_NS, in
 * which the host looked at least LIMIT_POLLS times, is lost; the second
 * condition keeps a host that was itself held up from blaming the core.
 */
#include <linux/atomic.h>
#include <linux/delay.h>
#include <linux/ktime.h>

#include "arch.h"
#include "ivc/ivc.h"
#include "log.h"
#include "stats.h"
#include "vcpu.h"

#define LIMIT_NS	(10ULL * NSEC_PER_SEC)
#define LIMIT_POLLS	2000
#define POLLS_PER_KICK	128

static struct core_vcpu *words(struct axvm_cpu *acpu)
{
	return &acpu->cell->core->vcpu[acpu->index];
}

void axvm_vcpu_kick(struct axvm_cell *cell, unsigned int index)
{
	struct axvm_cpu *acpu = &cell->cpu[index];
	unsigned long flags;

	spin_lock_irqsave(&cell->kick_lock, flags);
	if (acpu->kickable)
		axvm_arch_cpu_kick(acpu);
	spin_unlock_irqrestore(&cell->kick_lock, flags);
}

void axvm_vcpu_request(struct axvm_cell *cell, unsigned int index, u32 bits)
{
	/* The word is shared with the core, which knows no atomic_t. */
	BUILD_BUG_ON(sizeof(atomic_t) != sizeof(cell->core->vcpu[0].requests));
	atomic_or(bits, (atomic_t *)&cell->core->vcpu[index].requests);
	smp_mb__after_atomic();	/* the bits before the kick */
	axvm_vcpu_kick(cell, index);
}

static void set_kickable(struct axvm_cpu *acpu, bool kickable)
{
	unsigned long flags;

	if (!kickable)
		axvm_bell_kickable(acpu, false);
	spin_lock_irqsave(&acpu->cell->kick_lock, flags);
	acpu->kickable = kickable;
	spin_unlock_irqrestore(&acpu->cell->kick_lock, flags);
	if (kickable)
		axvm_bell_kickable(acpu, true);
}

static void write_command(struct axvm_cpu *acpu, enum core_cmd cmd)
{
	struct core_vcpu *vcpu = words(acpu);
	u32 seq = (vcpu->cmd >> 8) + 1;

	smp_store_release(&vcpu->cmd, seq << 8 | cmd);
	smp_mb();	/* the word before the kick */
}

static void command(struct axvm_cpu *acpu, enum core_cmd cmd)
{
	write_command(acpu, cmd);
	axvm_vcpu_kick(acpu->cell, acpu->index);
}

static bool answered(struct axvm_cpu *acpu)
{
	return smp_load_acquire(&words(acpu)->ack) == words(acpu)->cmd;
}

static bool synced(struct axvm_cpu *acpu)
{
	return smp_load_acquire(&words(acpu)->synced) == acpu->cell->sync;
}

/* How long something has been waited for; shared by cores that were told together. */
struct patience {
	u64 since;		/* ktime_get_ns() at the last progress */
	unsigned int polls;	/* since then */
};

static struct patience patient(void)
{
	return (struct patience) { .since = ktime_get_ns() };
}

static bool exhausted(const struct patience *p)
{
	return p->polls >= LIMIT_POLLS && ktime_get_ns() - p->since > LIMIT_NS;
}

/* Wait until a core has done something. Return: false when it is lost. */
static bool wait_until(struct axvm_cpu *acpu, bool (*done)(struct axvm_cpu *acpu),
		       struct patience *p)
{
	u32 state = READ_ONCE(words(acpu)->state);

	while (!done(acpu)) {
		if (READ_ONCE(words(acpu)->state) != state) {
			state = READ_ONCE(words(acpu)->state);
			*p = patient();
		}
		if (exhausted(p))
			return done(acpu);
		/* A kick can be lost while a core is being reset or has NMIs masked. */
		if (++p->polls % POLLS_PER_KICK == 0 && state != CORE_LEFT)
			axvm_vcpu_kick(acpu->cell, acpu->index);
		usleep_range(100, 2000);
	}
	return true;
}

/* Wait until the last command is acknowledged. */
static bool wait_answer(struct axvm_cpu *acpu, struct patience *p)
{
	return wait_until(acpu, answered, p);
}

void axvm_vcpu_kill_core(struct axvm_cpu *acpu)
{
	set_kickable(acpu, false);
	if (!acpu->started)
		return;
	axvm_arch_cpu_kill(acpu);
	acpu->started = false;
	WRITE_ONCE(words(acpu)->state, CORE_OFF);
}

int axvm_vcpu_start_core(struct axvm_cpu *acpu, struct axvm_error *err)
{
	struct core_vcpu *vcpu = words(acpu);
	struct patience p;
	int ret;

	WRITE_ONCE(vcpu->state, CORE_OFF);
	WRITE_ONCE(vcpu->requests, 0);
	WRITE_ONCE(vcpu->ringing, 0);	/* it may have been reset in the middle of it */
	write_command(acpu, CORE_CMD_PARK);
	ret = axvm_arch_cpu_start(acpu, err);
	if (ret)
		return ret;
	acpu->started = true;
	p = patient();
	if (!wait_answer(acpu, &p)) {
		axvm_vcpu_kill_core(acpu);
		return axvm_fail(err, -ETIMEDOUT,
				 "CPU %d (hardware ID %u) was started but its core did not report within 10 s: it was reset; take another CPU",
				 acpu->cpu, acpu->hw_id);
	}
	set_kickable(acpu, true);
	return 0;
}

void axvm_vcpu_stop_core(struct axvm_cpu *acpu)
{
	struct patience p = patient();

	if (!acpu->started)
		return;
	command(acpu, CORE_CMD_LEAVE);
	if (!wait_answer(acpu, &p))
		axvm_log(acpu->cell, "CPU %d: its core did not leave within 10 s, resetting it",
			 acpu->cpu);
	axvm_vcpu_kill_core(acpu);
}

static int wait_or_fail(struct axvm_cpu *acpu, struct patience *p, const char *what,
			struct axvm_error *err)
{
	if (wait_answer(acpu, p))
		return 0;
	return axvm_fail(err, -ETIMEDOUT,
			 "vCPU %u on CPU %d did not %s within 10 s: its core is lost, reset the cell",
			 acpu->index, acpu->cpu, what);
}

int axvm_vcpu_run_all(struct axvm_cell *cell, struct axvm_error *err)
{
	struct patience p = patient();
	unsigned int i;
	int ret = 0;

	for (i = 1; i < cell->nr_cpus; i++)
		command(&cell->cpu[i], CORE_CMD_RUN);
	for (i = 1; i < cell->nr_cpus && !ret; i++)
		ret = wait_or_fail(&cell->cpu[i], &p, "start", err);
	if (ret)
		return ret;
	command(&cell->cpu[0], CORE_CMD_RUN);
	p = patient();
	return wait_or_fail(&cell->cpu[0], &p, "start", err);
}

int axvm_vcpu_pause_all(struct axvm_cell *cell, struct axvm_error *err)
{
	struct patience p = patient();
	unsigned int i;
	int ret = 0;

	for (i = 0; i < cell->nr_cpus; i++)
		command(&cell->cpu[i], CORE_CMD_PAUSE);
	for (i = 0; i < cell->nr_cpus && !ret; i++)
		ret = wait_or_fail(&cell->cpu[i], &p, "pause", err);
	return ret;
}

int axvm_vcpu_sync_all(struct axvm_cell *cell, struct axvm_error *err)
{
	struct patience p = patient();
	unsigned int i;

	smp_store_release(&cell->core->sync, ++cell->sync);
	for (i = 0; i < cell->nr_cpus; i++)
		if (cell->cpu[i].started)
			axvm_vcpu_request(cell, i, CORE_REQ_SYNC);
	for (i = 0; i < cell->nr_cpus; i++) {
		if (!cell->cpu[i].started || wait_until(&cell->cpu[i], synced, &p))
			continue;
		return axvm_fail(err, -ETIMEDOUT,
				 "vCPU %u on CPU %d did not take the new tables within 10 s: its core is lost, reset the cell",
				 i, cell->cpu[i].cpu);
	}
	return 0;
}

static void revive(struct axvm_cpu *acpu)
{
	struct axvm_error err = {};

	acpu->cell->lost_vcpu = acpu->index;
	axvm_stats_log_last(acpu->cell, acpu->index);
	axvm_vcpu_kill_core(acpu);
	if (axvm_vcpu_start_core(acpu, &err))
		axvm_log(acpu->cell, "CPU %d cannot be revived: %s", acpu->cpu, err.text);
	else
		axvm_log(acpu->cell, "CPU %d was hard reset and is parked again", acpu->cpu);
}

unsigned int axvm_vcpu_park_all(struct axvm_cell *cell, struct axvm_error *err)
{
	struct patience p = patient();
	unsigned int i, lost = 0;

	for (i = 0; i < cell->nr_cpus; i++) {
		if (cell->cpu[i].started)
			command(&cell->cpu[i], CORE_CMD_PARK);
	}
	for (i = 0; i < cell->nr_cpus; i++) {
		if (!cell->cpu[i].started || !wait_or_fail(&cell->cpu[i], &p, "stop", err))
			continue;
		lost++;
		revive(&cell->cpu[i]);
	}
	return lost;
}
