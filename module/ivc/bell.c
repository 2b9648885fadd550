// SPDX-License-Identifier: GPL-2.0
/*
 * The host half's side of doorbells: who has which bell, whom a ringer may
 * kick, and when what cores might still be using is free again.
 */
#include <linux/atomic.h>
#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/vmalloc.h>

#include "../vcpu.h"
#include "ivc.h"

#define LIMIT	(10 * HZ)	/* a ringer needs some hundred instructions */

struct core_ivc *axvm_ivc_bells;
static struct axvm_cell *owner[CORE_MAX_BELLS];		/* under axvm_ivc_lock */

int axvm_ivc_init(void)
{
	BUILD_BUG_ON(CORE_IVC_PEERS != AXVM_IVC_MAX_PEERS || CORE_MAX_CHANNELS > 64);
	BUILD_BUG_ON(sizeof(struct core_bell) != 64 || sizeof(struct core_ivc_peer) != 64);
	axvm_ivc_bells = vzalloc(sizeof(*axvm_ivc_bells));
	if (!axvm_ivc_bells)
		return -ENOMEM;
	axvm_ivc_bells->bell[CORE_BELL_LINUX].target = (u64)CORE_BELL_EVENT << 32;
	return 0;
}

/* Never with cells, nor with channels: each holds a reference to the module. */
void axvm_ivc_exit(void)
{
	vfree(axvm_ivc_bells);
}

static u64 target_of(const struct axvm_cpu *acpu, bool kickable)
{
	if (!kickable)
		return (u64)CORE_BELL_SILENT << 32;
	return (u64)(CORE_BELL_KICK + acpu->cell->cfg->irq_mode) << 32 | acpu->hw_id;
}

int axvm_bell_get(struct axvm_cell *cell)
{
	struct core_bell *bell;
	u32 i;

	lockdep_assert_held(&axvm_ivc_lock);
	if (cell->core->bell)
		return 0;
	for (i = CORE_BELL_LINUX + 1; i < CORE_MAX_BELLS && owner[i]; i++)
		;
	if (i == CORE_MAX_BELLS)
		return -ENOSPC;
	owner[i] = cell;
	bell = &axvm_ivc_bells->bell[i];
	WRITE_ONCE(bell->rung, 0);
	WRITE_ONCE(bell->target, target_of(&cell->cpu[0], cell->cpu[0].kickable));
	WRITE_ONCE(cell->core->bell, i);
	return 0;
}

void axvm_bell_put(struct axvm_cell *cell)
{
	u32 i = cell->core->bell;

	lockdep_assert_held(&axvm_ivc_lock);
	if (!i)
		return;
	WRITE_ONCE(axvm_ivc_bells->bell[i].target, 0);
	axvm_bell_quiesce();
	WRITE_ONCE(cell->core->bell, 0);
	owner[i] = NULL;
}

/* What the vCPU was ringing when this was called is over, or it was reset. */
static bool quiet(const struct core_vcpu *vcpu)
{
	/* Pairs with the core's atomic additions: when it is even, or another, that ringing is over. */
	u32 before = smp_load_acquire(&vcpu->ringing);
	unsigned long end = jiffies + LIMIT;

	while ((before & 1) && smp_load_acquire(&vcpu->ringing) == before) {
		if (READ_ONCE(vcpu->state) == CORE_OFF)
			return true;
		if (time_after(jiffies, end))
			return false;
		usleep_range(10, 100);
	}
	return true;
}

void axvm_bell_quiesce(void)
{
	unsigned int i, k;

	lockdep_assert_held(&axvm_ivc_lock);
	smp_mb();	/* what was taken away, before the look at who may have seen it */
	for (i = 0; i < CORE_MAX_BELLS; i++) {
		for (k = 0; owner[i] && k < owner[i]->core->nr_vcpus; k++) {
			if (!quiet(&owner[i]->core->vcpu[k]))
				pr_warn("axvm: cell \"%s\": vCPU %u does not come out of ringing a doorbell\n",
					owner[i]->cfg->name, k);
		}
	}
}

void axvm_bell_kickable(struct axvm_cpu *acpu, bool kickable)
{
	u32 bell = acpu->cell->core->bell;

	if (!bell || acpu->index)
		return;
	mutex_lock(&axvm_ivc_lock);
	WRITE_ONCE(axvm_ivc_bells->bell[bell].target, target_of(acpu, kickable));
	if (!kickable)
		axvm_bell_quiesce();
	mutex_unlock(&axvm_ivc_lock);
}

static void ring_cell(struct axvm_channel *channel, unsigned int from, unsigned int index)
{
	struct core_ivc_peer *peer = &axvm_ivc_bells->peer[channel->index][index];
	struct axvm_attachment *att = channel->peer[index];
	struct core_bell *bell;

	if (!att)	/* on its way in: it reads the table when it is there */
		return;
	bell = &axvm_ivc_bells->bell[att->cell->core->bell];
	atomic_or(1U << from, (atomic_t *)&peer->rung);
	smp_mb__before_atomic();
	atomic64_or(1ULL << att->link, (atomic64_t *)&bell->rung);
	smp_mb__after_atomic();	/* the bits before the kick */
	axvm_vcpu_kick(att->cell, 0);
}

void axvm_ivc_ring(struct axvm_channel *channel, unsigned int from, u32 peers)
{
	unsigned int i;

	lockdep_assert_held(&axvm_ivc_lock);
	for (i = 0; i < AXVM_IVC_MAX_PEERS; i++) {
		if (!(peers & 1U << i))
			continue;
		if (i == channel->linux_index)
			axvm_ivc_tell_linux(channel, 1U << from);
		else
			ring_cell(channel, from, i);
	}
}
