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

/* Of the vCPU that failed; enough to see a pattern, few enough for a log. */
#define LAST_RECORDS	16

u64 axvm_stats_exits(const struct core_vcpu *vcpu, enum axvm_exit reason)
{
	u64 count = READ_ONCE(vcpu->exits[reason]);
	unsigned int i;

	if (reason == AXVM_EXIT_SYSREG)
		count += READ_ONCE(vcpu->refused);
	for (i = 0; i < CORE_NR_CALLS && reason == AXVM_EXIT_HYPERCALL; i++)
		count += READ_ONCE(vcpu->calls[i]);
	for (i = 0; i < CORE_MAX_DEVICES; i++) {
		if (reason == AXVM_EXIT_PIO)
			count += READ_ONCE(vcpu->device_exits[CORE_SPACE_PIO][i]);
		else if (reason == AXVM_EXIT_MMIO)
			count += READ_ONCE(vcpu->device_exits[CORE_SPACE_MMIO][i]);
	}
	return count;
}

u64 axvm_stats_counter(const struct core_vcpu *vcpu, enum axvm_counter what)
{
	u64 count = READ_ONCE(vcpu->counters[what]);

	return what == AXVM_COUNTER_SYSREG_REFUSED ? count + READ_ONCE(vcpu->refused) : count;
}

u64 axvm_stats_accesses(const struct core_vcpu *vcpu, u32 slot)
{
	slot %= CORE_MAX_DEVICES;
	return READ_ONCE(vcpu->devices[slot]) +
	       READ_ONCE(vcpu->device_exits[CORE_SPACE_PIO][slot]) +
	       READ_ONCE(vcpu->device_exits[CORE_SPACE_MMIO][slot]);
}

/* The number of the hypercalls that are counted there; 0: of any other. */
static u32 call_number(unsigned int i)
{
	if (i < CORE_NR_IVC_CALLS)
		return AXVM_HC_IVC_PUBLISH + i;
	i -= CORE_NR_IVC_CALLS;
	return i < CORE_NR_OWN_CALLS ? AXVM_HC_VERSION + i : 0;
}

static int put_calls(struct sk_buff *msg, const struct core_vcpu *vcpu)
{
	unsigned int i;
	int ret = 0;

	for (i = 0; i < CORE_NR_CALLS && !ret; i++) {
		u64 count = READ_ONCE(vcpu->calls[i]);

		if (count)
			ret = axvm_reply_count(msg, AXVM_A_VCPU_CALL, call_number(i), count);
	}
	return ret;
}

static int put_accesses(struct sk_buff *msg, const struct core_tables *tables,
			const struct core_vcpu *vcpu)
{
	unsigned int i;
	int ret = 0;

	for (i = 0; i < tables->nr_devices && i < CORE_MAX_DEVICES && !ret; i++)
		ret = axvm_reply_access(msg, &tables->device[i],
					axvm_stats_accesses(vcpu, tables->device[i].slot));
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

/*
 * Copy the record at @pos of a ring that goes on.
 * Return: false if it has been, or is being, written over.
 */
static bool read_record(const struct core_vcpu *vcpu, const struct core_trace *trace, u32 pos,
			struct core_record *record)
{
	const struct core_record *r = &trace->record[pos % CORE_NR_RECORDS];
	u32 age;

	record->pc = READ_ONCE(r->pc);
	record->code = READ_ONCE(r->code);
	record->cost = READ_ONCE(r->cost);
	record->reason = READ_ONCE(r->reason);
	smp_rmb();	/* the copy before head */
	age = READ_ONCE(trace->head) - pos;
	/* The next exit is noted in the oldest one's place before it counts. */
	return age < CORE_NR_RECORDS ||
	       (age == CORE_NR_RECORDS && READ_ONCE(vcpu->state) != CORE_RUNNING);
}

/* The first of the last @max records. */
static u32 first_record(u32 head, u32 max)
{
	return head - min3(head, max, CORE_NR_RECORDS);
}

void axvm_stats_records_begin(struct axvm_cell *cell, unsigned int index, u32 *pos, u32 *end)
{
	*end = smp_load_acquire(&cell->core->trace[index].head);
	*pos = first_record(*end, CORE_NR_RECORDS);
}

int axvm_stats_put_records(struct sk_buff *msg, struct axvm_cell *cell, unsigned int index,
			   u32 *pos, u32 end)
{
	const struct core_vcpu *vcpu = &cell->core->vcpu[index];
	const struct core_trace *trace = &cell->core->trace[index];
	struct nlattr *nest = nla_nest_start(msg, AXVM_A_CELL_VCPU);
	struct core_record record;
	u32 start = *pos;

	if (!nest || nla_put_u32(msg, AXVM_A_VCPU_INDEX, index))
		return -EMSGSIZE;
	for (; *pos != end; (*pos)++) {
		if (!read_record(vcpu, trace, *pos, &record))
			continue;
		if (axvm_reply_record(msg, AXVM_A_VCPU_RECORD, *pos, &record))
			break;
	}
	if (*pos == start && *pos != end)
		return -EMSGSIZE;
	nla_nest_end(msg, nest);
	return 0;
}

int axvm_stats_put_last(struct sk_buff *msg, struct axvm_cell *cell)
{
	unsigned int index = cell->stop.vcpu;
	const struct core_vcpu *vcpu = &cell->core->vcpu[index];
	const struct core_trace *trace = &cell->core->trace[index];
	struct core_record record;
	u32 pos, head;
	int ret = 0;

	if (index >= cell->nr_cpus || !READ_ONCE(vcpu->trace))
		return 0;
	head = smp_load_acquire(&trace->head);
	for (pos = first_record(head, LAST_RECORDS); pos != head && !ret; pos++)
		if (read_record(vcpu, trace, pos, &record))
			ret = axvm_reply_record(msg, AXVM_A_STOP_RECORD, pos, &record);
	return ret;
}

void axvm_stats_log_last(struct axvm_cell *cell, unsigned int index)
{
	const struct core_vcpu *vcpu = &cell->core->vcpu[index];
	const struct core_trace *trace = &cell->core->trace[index];
	struct core_record r;
	u32 pos, head;

	if (index >= cell->nr_cpus || !READ_ONCE(vcpu->trace))
		return;
	head = smp_load_acquire(&trace->head);
	for (pos = first_record(head, LAST_RECORDS); pos != head; pos++) {
		if (!read_record(vcpu, trace, pos, &r))
			continue;
		axvm_log(cell, "vCPU %u: exit -%u: %s, code 0x%llx, PC 0x%llx, %u ticks", index,
			 head - pos, r.reason < AXVM_NR_EXITS ? axvm_exit_names[r.reason] :
			 "unknown", r.code, r.pc, r.cost);
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

int axvm_stats_record(struct axvm_cell *cell, bool on, struct axvm_error *err)
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
		if (on)
			switch_on(cell, i);
		else
			switch_off(cell, i);
	}
	mutex_unlock(&cell->lock);
	return 0;
}
