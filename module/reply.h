/* SPDX-License-Identifier: GPL-2.0 */
/* What netlink messages say about cells. */
#ifndef AXVM_REPLY_H
#define AXVM_REPLY_H

#include <net/netlink.h>

#include "axvm.h"
#include "log.h"
#include "memory.h"

#define AXVM_REPLY_SIZE	(26 * 1024)	/* bytes that the largest cell needs */

/*
 * All of these add attributes to a message, return 0 or -EMSGSIZE and leave it
 * to the caller to cancel the message.
 */

/**
 * axvm_reply_head() - ID, name and state; needs no lock
 */
int axvm_reply_head(struct sk_buff *msg, struct axvm_cell *cell);

/**
 * axvm_reply_cell() - all about a cell
 * @counts: exits and counters of its vCPUs, too
 *
 * Caller holds cell->lock; the cell is complete.
 */
int axvm_reply_cell(struct sk_buff *msg, struct axvm_cell *cell, bool counts);

/**
 * axvm_reply_stop() - why it stopped; nothing while it has not
 *
 * Caller holds cell->lock.
 */
int axvm_reply_stop(struct sk_buff *msg, struct axvm_cell *cell);

/**
 * axvm_reply_tty() - its console, if any
 *
 * Caller holds cell->lock.
 */
int axvm_reply_tty(struct sk_buff *msg, struct axvm_cell *cell);

/**
 * axvm_reply_log() - one line of a log
 */
int axvm_reply_log(struct sk_buff *msg, const struct axvm_log_line *line);

/**
 * axvm_reply_memory() - one run of a cell's memory
 */
int axvm_reply_memory(struct sk_buff *msg, const struct axvm_memory_run *run);

/**
 * axvm_reply_info() - version, abilities, what is missing
 */
int axvm_reply_info(struct sk_buff *msg, const struct axvm_requirements *req);

/**
 * axvm_reply_count() - an ID and a number, as a nest
 */
int axvm_reply_count(struct sk_buff *msg, int attr, u32 id, u64 value);

/**
 * axvm_reply_access() - how often a vCPU has used an emulated device, as a nest
 */
int axvm_reply_access(struct sk_buff *msg, const struct core_device *dev, u64 value);

/**
 * axvm_reply_record() - one recorded exit, as a nest
 */
int axvm_reply_record(struct sk_buff *msg, int attr, u32 seq, const struct core_record *record);

/**
 * axvm_reply_vcpu() - who a vCPU is, what it does, its exits and counters
 * @msg: inside of the vCPU's nest
 *
 * Caller holds the cell's lock. Return: 0 or -EMSGSIZE.
 */
int axvm_reply_vcpu(struct sk_buff *msg, struct axvm_cpu *acpu);

#endif
