// SPDX-License-Identifier: GPL-2.0
/*
 * Doorbells between cells: a bit in memory that both cores map, and a kick. Linux
 * has no part in it, unless it is Linux that is rung. Documentation/ivc.md.
 */
#include "core.h"
#include "pci.h"
#include "../../uapi/axvm_guest.h"

static struct core_bell *own_bell(void)
{
	u32 bell = READ_WORD(core_cell()->bell);

	return bell ? &core_ivc()->bell[bell % CORE_MAX_BELLS] : NULL;
}

static struct core_link *find_link(u64 publisher, u64 key)
{
	struct core_cell *cell = core_cell();
	u32 i;

	for (i = 0; i < CORE_MAX_LINKS; i++) {
		struct core_link *link = &cell->link[i];

		if (core_load_acquire(&link->used) && link->key == key &&
		    (publisher == AXVM_IVC_ANY || link->publisher == publisher))
			return link;
	}
	return NULL;
}

static void wake(u64 target)
{
	u32 how = target >> 32;

	if (how >= CORE_BELL_KICK)
		core_arch_kick_cell(target, how - CORE_BELL_KICK);
	else if (how == CORE_BELL_EVENT)
		core_notify();
}

/* Return: is there a peer? */
static bool ring_peer(u32 self, struct core_ivc_peer *to)
{
	u32 index = core_load_acquire(&to->bell);
	struct core_bell *bell;
	u64 bit;

	if (!index)
		return false;
	bell = &core_ivc()->bell[(index - 1) % CORE_MAX_BELLS];
	bit = 1ULL << to->link % CORE_MAX_CHANNELS;
	__atomic_fetch_or(&to->rung, 1U << self, __ATOMIC_SEQ_CST);
	/* Whoever set the bit first has woken the owner, or it looks when it runs. */
	if (!(__atomic_fetch_or(&bell->rung, bit, __ATOMIC_SEQ_CST) & bit))
		wake(READ_WORD(bell->target));
	return true;
}

static s64 ring(u64 publisher, u64 key, u64 target)
{
	struct core_link *link = find_link(publisher, key);
	struct core_ivc_peer *peer;
	bool any = false;
	u32 i;

	if (!link)
		return AXVM_HC_ENOENT;
	peer = core_ivc()->peer[link->channel % CORE_MAX_CHANNELS];
	for (i = 0; i < CORE_IVC_PEERS; i++) {
		if (i != link->self && (target == AXVM_IVC_ANY || peer[i].id == target))
			any |= ring_peer(link->self % CORE_IVC_PEERS, &peer[i]);
	}
	if (!any)
		return AXVM_HC_ENXIO;
	__atomic_fetch_add(&link->sent, 1, __ATOMIC_RELAXED);
	return 0;
}

s64 core_ivc_ring(u64 publisher, u64 key, u64 target)
{
	u32 *ringing = &core_self()->ringing;
	s64 result;

	/* Odd: the host half must not take away what is being used here. */
	__atomic_fetch_add(ringing, 1, __ATOMIC_SEQ_CST);
	result = ring(publisher, key, target);
	__atomic_fetch_add(ringing, 1, __ATOMIC_SEQ_CST);
	return result;
}

/* Move what came in from the shared word to the cell's own. Return: was there anything? */
static bool receive(struct core_link *link)
{
	struct core_ivc_peer *self = &core_ivc()->peer[link->channel % CORE_MAX_CHANNELS]
							[link->self % CORE_IVC_PEERS];
	u32 from = __atomic_exchange_n(&self->rung, 0, __ATOMIC_SEQ_CST);

	if (!from)
		return false;
	__atomic_fetch_or(&link->rung, from, __ATOMIC_SEQ_CST);
	__atomic_fetch_add(&link->received, 1, __ATOMIC_RELAXED);
	return true;
}

s64 core_ivc_take(u64 publisher, u64 key)
{
	struct core_link *link = find_link(publisher, key);

	if (!link)
		return AXVM_HC_ENOENT;
	receive(link);
	return __atomic_exchange_n(&link->rung, 0, __ATOMIC_SEQ_CST);
}

void core_ivc_look(void)
{
	struct core_bell *bell = own_bell();

	/* vCPU 0 is who is kicked. */
	if (bell && !core_index() && READ_WORD(bell->rung))
		__atomic_fetch_or(&core_self()->requests, CORE_REQ_BELL, __ATOMIC_SEQ_CST);
}

void core_ivc_deliver(void)
{
	struct core_bell *bell = own_bell();
	u64 links = bell ? __atomic_exchange_n(&bell->rung, 0, __ATOMIC_SEQ_CST) : 0;
	u32 i;

	for (i = 0; i < CORE_MAX_LINKS; i++) {
		struct core_link *link = &core_cell()->link[i];

		if (!(links & 1ULL << i) || !core_load_acquire(&link->used) || !receive(link) ||
		    link->line == CORE_NO_IRQ)
			continue;
		core_device_lock();
		core_irq_pulse(link->line);
		core_device_unlock();
	}
	if (!links)
		return;
	core_device_lock();
	core_pci_channel_lines();
	core_device_unlock();
}
