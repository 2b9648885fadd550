/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The answering end of the slow path: what a core cannot answer by itself, a
 * work of its vCPU does here, while the vCPU sleeps. See core_call.h.
 */
#ifndef AXVM_HOSTCALL_H
#define AXVM_HOSTCALL_H

#include "core_call.h"

struct axvm_cell;

/**
 * typedef axvm_hostcall_fn - answers one type of call
 * @vcpu: who asks
 * @arg: a copy; written by the core, but a guest chose the values
 * @result: zeroed; sent to the core
 *
 * Process context, one at a time of each vCPU; may sleep. Must not need the
 * vCPU to go on, and not wait for cell->lock, whose holder may be waiting for
 * the handler to end: use mutex_trylock() and give up when cell->calls_closed.
 * Nothing of the cell goes away meanwhile, but devices need cell->devices_lock.
 *
 * Return: 0; an error is logged, and all words of the result are ones.
 */
typedef int (*axvm_hostcall_fn)(struct axvm_cell *cell, unsigned int vcpu,
				const u64 arg[CORE_CALL_ARGS], u64 result[CORE_CALL_RESULTS]);

int axvm_hostcall_init(void);
void axvm_hostcall_exit(void);

/**
 * axvm_hostcall_setup() - before the cell is on the list
 */
void axvm_hostcall_setup(struct axvm_cell *cell);

/**
 * axvm_hostcall_look() - have handled what this cell's cores ask
 *
 * Caller holds axvm_cells_lock.
 */
void axvm_hostcall_look(struct axvm_cell *cell);

/**
 * axvm_hostcall_open() - handle calls from now on; before the vCPUs start
 *
 * Caller holds cell->lock.
 */
void axvm_hostcall_open(struct axvm_cell *cell);

/**
 * axvm_hostcall_close() - wait for handlers to end, and start no more
 *
 * Caller holds cell->lock; all vCPUs are parked or not yet started, so nobody
 * waits for the answers. May sleep as long as a handler does.
 */
void axvm_hostcall_close(struct axvm_cell *cell);

#endif
