/* SPDX-License-Identifier: GPL-2.0 */
/* One of Linux's interrupts whose handler passes it on to a guest's interrupt line. */
#ifndef AXVM_FORWARD_H
#define AXVM_FORWARD_H

#include "axvm.h"
#include "calm.h"

/**
 * struct axvm_forward - filled in by axvm_forward_start(); the members are forward.c's
 * @virq: Linux's number
 * @line: the guest's
 * @level: off in Linux from its coming until the guest has ended it
 * @open: the guest runs
 * @held: it is disabled now, by us
 * @in_guest: a level is being handled there
 * @calm: how often it came too often, and whether it is off for that
 * @count: how often it came
 */
struct axvm_forward {
	struct axvm_cell *cell;
	unsigned int virq;
	u32 line;
	bool level;
	struct axvm_calm calm;	/* its lock protects all below */
	bool open, held, in_guest;
	u64 count;
};

/**
 * axvm_forward_start() - take an interrupt of Linux's; it stays off until axvm_forward_open()
 * @virq: Linux's number; @line: the guest's, that nobody else drives
 * @level: level-triggered, otherwise edge-triggered, at both ends
 *
 * May sleep. Return: 0, -EBUSY (a driver of Linux has it, which is named), or an
 * error of request_irq().
 */
int axvm_forward_start(struct axvm_forward *fw, struct axvm_cell *cell, unsigned int virq,
		       u32 line, bool level, struct axvm_error *err);

/**
 * axvm_forward_stop() - give it back, off; harmless when it was not started
 *
 * May sleep; the caller does not hold axvm_cells_lock.
 */
void axvm_forward_stop(struct axvm_forward *fw);

/**
 * axvm_forward_open() - let it come, or keep it off while the guest does not run
 *
 * May sleep. After closing it is not being handled any more, and the line is low.
 */
void axvm_forward_open(struct axvm_forward *fw, bool open);

/**
 * axvm_irq_holder() - which driver of Linux handles an interrupt?
 * @virq: Linux's number
 * @name: filled in
 *
 * Return: false if none does.
 */
bool axvm_irq_holder(unsigned int virq, char *name, size_t size);

#endif
