// SPDX-License-Identifier: GPL-2.0
/* What netlink messages say about cells. */
#include "arch.h"
#include "cell.h"
#include "console.h"
#include "core_image.h"
#include "cpu.h"
#include "device.h"
#include "memory.h"
#include "passthrough.h"
#include "pci.h"
#include "reply.h"
#include "stats.h"
#include "wire.h"

/* In a description of a cell; memory-get has all. So that it fits into AXVM_REPLY_SIZE. */
#define MAX_PIECES	128

/* Without padding: readers copy 64-bit attributes, as libnl does. */
static int put_u64(struct sk_buff *msg, int attr, u64 value)
{
	return nla_put(msg, attr, sizeof(value), &value);
}

/* End a nest into which everything fitted, or take it back. */
static int end_nest(struct sk_buff *msg, struct nlattr *nest, int ret)
{
	if (ret) {
		nla_nest_cancel(msg, nest);
		return -EMSGSIZE;
	}
	nla_nest_end(msg, nest);
	return 0;
}

int axvm_reply_head(struct sk_buff *msg, struct axvm_cell *cell)
{
	int ret = nla_put_u32(msg, AXVM_A_CELL_ID, cell->id);

	ret = ret ?: nla_put_string(msg, AXVM_A_CELL_NAME, cell->cfg->name);
	return ret ?: nla_put_u32(msg, AXVM_A_CELL_STATE, READ_ONCE(cell->state));
}

int axvm_reply_count(struct sk_buff *msg, int attr, u32 id, u64 value)
{
	struct nlattr *nest = nla_nest_start(msg, attr);
	int ret;

	if (!nest)
		return -EMSGSIZE;
	ret = nla_put_u32(msg, AXVM_A_COUNT_ID, id);
	ret = ret ?: put_u64(msg, AXVM_A_COUNT_VALUE, value);
	return end_nest(msg, nest, ret);
}

int axvm_reply_access(struct sk_buff *msg, const struct core_device *dev, u64 value)
{
	struct nlattr *nest = nla_nest_start(msg, AXVM_A_VCPU_ACCESS);
	int ret;

	if (!nest)
		return -EMSGSIZE;
	ret = put_u64(msg, AXVM_A_ACCESS_BASE, dev->base);
	ret = ret ?: nla_put_u32(msg, AXVM_A_ACCESS_TYPE, dev->type);
	ret = ret ?: put_u64(msg, AXVM_A_ACCESS_VALUE, value);
	return end_nest(msg, nest, ret);
}

int axvm_reply_record(struct sk_buff *msg, int attr, u32 seq, const struct core_record *record)
{
	struct nlattr *nest = nla_nest_start(msg, attr);
	int ret;

	if (!nest)
		return -EMSGSIZE;
	ret = nla_put_u32(msg, AXVM_A_RECORD_SEQ, seq);
	ret = ret ?: nla_put_u32(msg, AXVM_A_RECORD_REASON, record->reason);
	ret = ret ?: put_u64(msg, AXVM_A_RECORD_CODE, record->code);
	ret = ret ?: put_u64(msg, AXVM_A_RECORD_PC, record->pc);
	ret = ret ?: nla_put_u32(msg, AXVM_A_RECORD_COST, record->cost);
	return end_nest(msg, nest, ret);
}

static int put_counts(struct sk_buff *msg, const struct core_vcpu *vcpu)
{
	unsigned int i;
	int ret = 0;

	for (i = 0; i < CORE_NR_EXITS && !ret; i++)
		ret = axvm_reply_count(msg, AXVM_A_VCPU_EXIT, i, axvm_stats_exits(vcpu, i));
	for (i = 0; i < CORE_NR_COUNTERS && !ret; i++)
		ret = axvm_reply_count(msg, AXVM_A_VCPU_COUNTER, i,
				       axvm_stats_counter(vcpu, i));
	return ret;
}

int axvm_reply_vcpu(struct sk_buff *msg, struct axvm_cpu *acpu)
{
	const struct core_vcpu *vcpu = &acpu->cell->core->vcpu[acpu->index];
	int ret;

	ret = nla_put_u32(msg, AXVM_A_VCPU_INDEX, acpu->index);
	ret = ret ?: nla_put_u32(msg, AXVM_A_VCPU_CPU, acpu->cpu);
	ret = ret ?: nla_put_u32(msg, AXVM_A_VCPU_HW_ID, acpu->hw_id);
	ret = ret ?: nla_put_u32(msg, AXVM_A_VCPU_STATE, READ_ONCE(vcpu->state));
	return ret ?: put_counts(msg, vcpu);
}

static int put_vcpu(struct sk_buff *msg, struct axvm_cpu *acpu, bool counts)
{
	const struct core_vcpu *vcpu = &acpu->cell->core->vcpu[acpu->index];
	struct nlattr *nest = nla_nest_start(msg, AXVM_A_CELL_VCPU);
	int ret;

	if (!nest)
		return -EMSGSIZE;
	if (counts)
		return end_nest(msg, nest, axvm_reply_vcpu(msg, acpu));
	ret = nla_put_u32(msg, AXVM_A_VCPU_INDEX, acpu->index);
	ret = ret ?: nla_put_u32(msg, AXVM_A_VCPU_CPU, acpu->cpu);
	ret = ret ?: nla_put_u32(msg, AXVM_A_VCPU_HW_ID, acpu->hw_id);
	ret = ret ?: nla_put_u32(msg, AXVM_A_VCPU_STATE, READ_ONCE(vcpu->state));
	return end_nest(msg, nest, ret);
}

static int put_piece(struct sk_buff *msg, const struct axvm_memory *piece)
{
	struct nlattr *nest = nla_nest_start(msg, AXVM_A_MEMORY_PIECE);
	int ret;

	if (!nest)
		return -EMSGSIZE;
	ret = put_u64(msg, AXVM_A_MEMORY_GPA, piece->gpa);
	ret = ret ?: put_u64(msg, AXVM_A_MEMORY_SIZE, piece->size);
	ret = ret ?: put_u64(msg, AXVM_A_MEMORY_HPA, piece->hpa);
	return end_nest(msg, nest, ret);
}

static int put_run(struct sk_buff *msg, const struct axvm_memory_run *run)
{
	int ret = nla_put_u32(msg, AXVM_A_MEMORY_TYPE, run->type);

	ret = ret ?: nla_put_u32(msg, AXVM_A_MEMORY_FLAGS, run->flags);
	ret = ret ?: put_u64(msg, AXVM_A_MEMORY_GPA, run->gpa);
	return ret ?: put_u64(msg, AXVM_A_MEMORY_SIZE, run->size);
}

/* Pieces that join, as the user sees them. */
static int put_region(struct sk_buff *msg, struct axvm_cell *cell, struct axvm_memory_run *run,
		      unsigned int *pieces)
{
	struct nlattr *nest = nla_nest_start(msg, AXVM_A_CELL_MEMORY);
	const struct axvm_memory *piece;
	int ret;

	if (!nest)
		return -EMSGSIZE;
	ret = put_run(msg, run);
	list_for_each_entry(piece, &cell->memory, node) {
		if (piece->gpa < run->gpa || piece->gpa - run->gpa >= run->size || !*pieces)
			continue;
		--*pieces;
		ret = ret ?: put_piece(msg, piece);
	}
	return end_nest(msg, nest, ret);
}

/* What it has now, which need not be what it was created with. */
static int put_memory(struct sk_buff *msg, struct axvm_cell *cell)
{
	struct axvm_memory_run run = { };
	unsigned int pieces = MAX_PIECES;
	int ret = 0;

	while (!ret && axvm_memory_next(cell, &run, false))
		ret = put_region(msg, cell, &run, &pieces);
	return ret;
}

int axvm_reply_memory(struct sk_buff *msg, const struct axvm_memory_run *run)
{
	struct nlattr *nest = nla_nest_start(msg, AXVM_A_CELL_MEMORY);
	int ret;

	if (!nest)
		return -EMSGSIZE;
	ret = put_run(msg, run);
	ret = ret ?: put_u64(msg, AXVM_A_MEMORY_HPA, run->hpa);
	return end_nest(msg, nest, ret);
}

static int put_dev(struct sk_buff *msg, const struct axvm_device *d)
{
	struct nlattr *nest = nla_nest_start(msg, AXVM_A_CELL_DEVICE);
	int ret;

	if (!nest)
		return -EMSGSIZE;
	ret = nla_put_u32(msg, AXVM_A_DEVICE_TYPE, d->type);
	ret = ret ?: put_u64(msg, AXVM_A_DEVICE_BASE, d->base);
	if (axvm_passthrough(d->type))
		ret = ret ?: put_u64(msg, AXVM_A_DEVICE_SIZE, d->size);
	if (d->hpa)
		ret = ret ?: put_u64(msg, AXVM_A_DEVICE_HPA, d->hpa);
	if (d->access)
		ret = ret ?: nla_put_u32(msg, AXVM_A_DEVICE_ACCESS, d->access);
	if (d->irq != CORE_NO_IRQ)
		ret = ret ?: nla_put_u32(msg, AXVM_A_DEVICE_IRQ, d->irq);
	if (d->console)
		ret = ret ?: nla_put_flag(msg, AXVM_A_DEVICE_CONSOLE);
	return end_nest(msg, nest, ret);
}

static int put_function(struct sk_buff *msg, const struct axvm_pci_physical *p)
{
	struct nlattr *nest = nla_nest_start(msg, AXVM_A_CELL_DEVICE);
	int ret;

	if (!nest)
		return -EMSGSIZE;
	ret = nla_put_u32(msg, AXVM_A_DEVICE_TYPE, AXVM_DEVICE_TYPE_PCI);
	ret = ret ?: put_u64(msg, AXVM_A_DEVICE_BASE, axvm_pci_slot(p));
	ret = ret ?: nla_put_u32(msg, AXVM_A_DEVICE_FUNCTION, axvm_pci_id(p));
	return end_nest(msg, nest, ret);
}

static int put_wire(struct sk_buff *msg, const struct axvm_wire *w)
{
	struct nlattr *nest = nla_nest_start(msg, AXVM_A_CELL_WIRE);
	int ret;

	if (!nest)
		return -EMSGSIZE;
	ret = nla_put_u32(msg, AXVM_A_WIRE_HOST, w->host);
	ret = ret ?: nla_put_u32(msg, AXVM_A_WIRE_LINE, w->line);
	ret = ret ?: nla_put_u32(msg, AXVM_A_WIRE_TRIGGER,
				 w->level ? AXVM_TRIGGER_LEVEL : AXVM_TRIGGER_EDGE);
	if (w->forward.virq) {
		ret = ret ?: put_u64(msg, AXVM_A_WIRE_COUNT, READ_ONCE(w->forward.count));
		ret = ret ?: put_u64(msg, AXVM_A_WIRE_STORMS, READ_ONCE(w->forward.calm.times));
	}
	return end_nest(msg, nest, ret);
}

static int put_boot(struct sk_buff *msg, const struct core_boot *boot)
{
	struct nlattr *nest = nla_nest_start(msg, AXVM_A_CELL_BOOT);
	int ret;

	if (!nest)
		return -EMSGSIZE;
	ret = put_u64(msg, AXVM_A_BOOT_ENTRY, boot->entry);
	ret = ret ?: put_u64(msg, AXVM_A_BOOT_ARG, boot->arg);
	ret = ret ?: nla_put_u32(msg, AXVM_A_BOOT_MODE, boot->mode);
	ret = ret ?: put_u64(msg, AXVM_A_BOOT_TABLE, boot->table);
	return end_nest(msg, nest, ret);
}

int axvm_reply_stop(struct sk_buff *msg, struct axvm_cell *cell)
{
	const struct core_stop *stop = &cell->stop;
	struct nlattr *nest;
	int ret;

	if (cell->state != AXVM_STATE_STOPPED && cell->state != AXVM_STATE_FAILED)
		return 0;
	nest = nla_nest_start(msg, AXVM_A_CELL_STOP);
	if (!nest)
		return -EMSGSIZE;
	ret = nla_put_u32(msg, AXVM_A_STOP_CAUSE, stop->cause);
	ret = ret ?: nla_put_u32(msg, AXVM_A_STOP_VCPU, stop->vcpu);
	ret = ret ?: put_u64(msg, AXVM_A_STOP_CODE, stop->code);
	ret = ret ?: put_u64(msg, AXVM_A_STOP_PC, stop->pc);
	ret = ret ?: put_u64(msg, AXVM_A_STOP_GPA, stop->gpa);
	ret = ret ?: put_u64(msg, AXVM_A_STOP_INFO, stop->info);
	ret = ret ?: nla_put_string(msg, AXVM_A_STOP_TEXT, cell->stop_text);
	ret = ret ?: axvm_stats_put_last(msg, cell);
	return end_nest(msg, nest, ret);
}

int axvm_reply_tty(struct sk_buff *msg, struct axvm_cell *cell)
{
	int minor = axvm_console_minor(cell);

	return minor < 0 ? 0 : nla_put_u32(msg, AXVM_A_CELL_TTY, minor);
}

int axvm_reply_cell(struct sk_buff *msg, struct axvm_cell *cell, bool counts)
{
	const struct axvm_config *cfg = cell->cfg;
	struct axvm_pci_physical *function = NULL;
	const struct axvm_device *dev;
	const struct axvm_wire *wire;
	unsigned int i;
	int ret;

	ret = axvm_reply_head(msg, cell);
	ret = ret ?: nla_put_u32(msg, AXVM_A_CELL_IRQ_MODE, cfg->irq_mode);
	ret = ret ?: nla_put_u32(msg, AXVM_A_CELL_FLAGS, cfg->flags);
	ret = ret ?: nla_put_u32(msg, AXVM_A_CELL_FAULT_POLICY, cfg->fault_policy);
	for (i = 0; i < cfg->nr_vcpus && !ret; i++)
		ret = put_vcpu(msg, &cell->cpu[i], counts);
	ret = ret ?: put_memory(msg, cell);
	list_for_each_entry(dev, &cell->devices, node)
		ret = ret ?: put_dev(msg, dev);
	while (!ret && (function = axvm_pci_next(cell, function)))
		ret = put_function(msg, function);
	list_for_each_entry(wire, &cell->wires, node)
		ret = ret ?: put_wire(msg, wire);
	ret = ret ?: put_boot(msg, &cfg->boot);
	ret = ret ?: axvm_reply_stop(msg, cell);
	return ret ?: axvm_reply_tty(msg, cell);
}

int axvm_reply_log(struct sk_buff *msg, const struct axvm_log_line *line)
{
	struct nlattr *nest = nla_nest_start(msg, AXVM_A_CELL_LOG);
	int ret;

	if (!nest)
		return -EMSGSIZE;
	ret = put_u64(msg, AXVM_A_LOG_SEQ, line->seq);
	ret = ret ?: put_u64(msg, AXVM_A_LOG_TIME, line->time);
	ret = ret ?: nla_put_string(msg, AXVM_A_LOG_TEXT, line->text);
	return end_nest(msg, nest, ret);
}

static int put_requirement(struct sk_buff *msg, const struct axvm_requirement *r)
{
	struct nlattr *nest = nla_nest_start(msg, AXVM_A_INFO_REQUIREMENT);
	int ret;

	if (!nest)
		return -EMSGSIZE;
	ret = nla_put_string(msg, AXVM_A_REQUIREMENT_NAME, r->name);
	ret = ret ?: nla_put_u8(msg, AXVM_A_REQUIREMENT_OK, r->ok);
	ret = ret ?: nla_put_string(msg, AXVM_A_REQUIREMENT_DETAIL, r->detail);
	return end_nest(msg, nest, ret);
}

int axvm_reply_info(struct sk_buff *msg, const struct axvm_requirements *req)
{
	unsigned int i;
	int ret;

	ret = nla_put_string(msg, AXVM_A_INFO_VERSION, AXVM_VERSION);
	ret = ret ?: nla_put_string(msg, AXVM_A_INFO_ARCH, axvm_arch_name);
	ret = ret ?: nla_put_u32(msg, AXVM_A_INFO_CLOCK_KHZ, axvm_arch_clock_khz());
	ret = ret ?: nla_put_u32(msg, AXVM_A_INFO_CORE_SIZE, axvm_core_size());
	ret = ret ?: nla_put_u32(msg, AXVM_A_INFO_CELLS, axvm_cells_count());
	ret = ret ?: nla_put_u32(msg, AXVM_A_INFO_TAKEN, axvm_cpu_nr_taken());
	for (i = 0; i < req->nr && !ret; i++)
		ret = put_requirement(msg, &req->list[i]);
	return ret;
}
