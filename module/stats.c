// SPDX-License-Identifier: GPL-2.0
/* What a cell's cores count, and the recorder of their exits. */
#include <linux/string.h>
#include <net/netlink.h>

#include "../uapi/axvm_guest.h"
#include "cell.h"
#include "log.h"
#include "names.h"
#include "reply.h"
#include "stats.h"
#include "vcpu.h"

/* On request; of each vCPU, so that all of a small cell's fit into its log. */
#define DUMP_RECORDS	32

static int put_calls(struct sk_buff *msg, const struct core_vcpu *vcpu)
{
	unsigned int i;
	int ret = 0;

	for (i = 0; i < CORE_NR_CALLS && !ret; i++) {
		u64 count = READ_ONCE(vcpu->calls[i]);

		if (count)
			ret = axvm_reply_count(msg, AXVM_A_VCPU_CALL, i < CORE_NR_CALLS - 1 ?
					       AXVM_HC_VERSION + i : 0, count);
	}
	return ret;
}

static int put_accesses(struct sk_buff *msg, const struct core_tables *tables,
			const struct core_vcpu *vcpu)
{
	unsigned int i;
	int ret = 0;

	for (i = 0; i < tables->nr_devices && i < CORE_MAX_DEVICES && !ret; i++)
		ret = axvm_reply_count(msg, AXVM_A_VCPU_ACCESS, tables->device[i].base,
				       READ_ONCE(vcpu->devices[tables->device[i].slot %
							       CORE_MAX_DEVICES]));
	return ret;
}

static int put_costs(struct sk_buff *msg, const struct core_trace *trace)
{
	unsigned int i, n;
	u64 core = 0, guest;
	int ret;

	for (i = 0; i < CORE_NR_EXITS; i++)
		core += READ_ONCE(trace->spent[i]);
	/* What is not the core's, nor skipped, is the guest's; the words may be of two moments. */
	guest = READ_ONCE(trace->last) - READ_ONCE(trace->skipped) - core;
	ret = axvm_reply_count(msg, AXVM_A_VCPU_TIME, AXVM_TIME_GUEST, (s64)guest < 0 ? 0 : guest);
	ret = ret ?: axvm_reply_count(msg, AXVM_A_VCPU_TIME, AXVM_TIME_CORE, core);
	ret = ret ?: axvm_reply_count(msg, AXVM_A_VCPU_TIME, AXVM_TIME_IDLE,
				      READ_ONCE(trace->idle));
	for (i = 0; i < CORE_NR_EXITS && !ret; i++) {
		if (!READ_ONCE(trace->spent[i]))
			continue;
		ret = axvm_reply_count(msg, AXVM_A_VCPU_SPENT, i, READ_ONCE(trace->spent[i]));
		for (n = 0; n < CORE_NR_COSTS && !ret; n++) {
			u64 count = READ_ONCE(trace->cost[i][n]);

			if (count)
				ret = axvm_reply_count(msg, AXVM_A_VCPU_COST, i << 8 | n, count);
		}
	}
	return ret;
}

int axvm_stats_put(struct sk_buff *msg, struct axvm_cell *cell, unsigned int index)
{
	const struct core_vcpu *vcpu = &cell->core->vcpu[index];
	struct nlattr *nest = nla_nest_start(msg, AXVM_A_CELL_VCPU);
	int ret;

	if (!nest)
		return -EMSGSIZE;
	ret = axvm_reply_vcpu(msg, &cell->cpu[index]);
	ret = ret ?: put_calls(msg, vcpu);
	ret = ret ?: put_accesses(msg, &cell->core->tables[READ_ONCE(cell->table) & 1], vcpu);
	ret = ret ?: put_costs(msg, &cell->core->trace[index]);
	if (ret) {
		nla_nest_cancel(msg, nest);
		return -EMSGSIZE;
	}
	nla_nest_end(msg, nest);
	return 0;
}

void axvm_stats_dump(struct axvm_cell *cell, unsigned int index, unsigned int max)
{
	const struct core_trace *trace = &cell->core->trace[index];
	u32 head = smp_load_acquire(&trace->head);
	u32 have = min3(head, max, CORE_NR_RECORDS);
	u32 pos;

	for (pos = head - have; pos != head; pos++) {
		const struct core_record *r = &trace->record[pos % CORE_NR_RECORDS];
		u32 reason = READ_ONCE(r->reason);

		axvm_log(cell, "vCPU %u: exit -%u: %s, code 0x%llx, PC 0x%llx, %u ticks", index,
			 head - pos, reason < AXVM_NR_EXITS ? axvm_exit_names[reason] : "unknown",
			 READ_ONCE(r->code), READ_ONCE(r->pc), READ_ONCE(r->cost));
	}
}

static void switch_on(struct axvm_cell *cell, unsigned int index)
{
	struct core_vcpu *vcpu = &cell->core->vcpu[index];

	if (vcpu->trace)
		return;
	memset(&cell->core->trace[index], 0, sizeof(cell->core->trace[index]));
	smp_wmb();	/* cleared before the core writes to it */
	WRITE_ONCE(vcpu->trace, 1);
	axvm_vcpu_request(cell, index, CORE_REQ_TRACE);
}

static void switch_off(struct axvm_cell *cell, unsigned int index)
{
	WRITE_ONCE(cell->core->vcpu[index].trace, 0);
	axvm_vcpu_request(cell, index, CORE_REQ_TRACE);
}

int axvm_stats_record(struct axvm_cell *cell, u32 what, struct axvm_error *err)
{
	unsigned int i;

	if (mutex_lock_killable(&cell->lock))
		return -EINTR;
	if (cell->gone || cell->state == AXVM_STATE_LOADING) {
		mutex_unlock(&cell->lock);
		return axvm_fail(err, -EBUSY, "cell \"%s\" has no vCPUs to record now",
				 cell->cfg->name);
	}
	for (i = 0; i < cell->nr_cpus; i++) {
		if (what == AXVM_RECORD_ON)
			switch_on(cell, i);
		else if (what == AXVM_RECORD_OFF)
			switch_off(cell, i);
		else
			axvm_stats_dump(cell, i, DUMP_RECORDS);
	}
	mutex_unlock(&cell->lock);
	return 0;
}
