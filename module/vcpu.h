/* SPDX-License-Identifier: GPL-2.0 */
/* Talking to the cores that run a cell's vCPUs: commands, answers, hard resets. */
#ifndef AXVM_VCPU_H
#define AXVM_VCPU_H

#include "axvm.h"

/**
 * axvm_vcpu_kick() - make a vCPU's core look at its words, if it can
 *
 * Any context but NMI.
 */
void axvm_vcpu_kick(struct axvm_cell *cell, unsigned int index);

/**
 * axvm_vcpu_request() - set CORE_REQ_* bits of a vCPU and kick its core
 *
 * Any context but NMI.
 */
void axvm_vcpu_request(struct axvm_cell *cell, unsigned int index, u32 bits);

/**
 * axvm_vcpu_start_core() - make an offline CPU enter the core and wait until it is parked
 * @acpu: axvm_arch_cpu_init() is done
 *
 * Caller holds cell->lock; may sleep for ten seconds.
 * Return: 0, or a negative errno with the CPU hard reset.
 */
int axvm_vcpu_start_core(struct axvm_cpu *acpu, struct axvm_error *err);

/**
 * axvm_vcpu_stop_core() - undo axvm_vcpu_start_core()
 *
 * Asks the core to leave; a core that does not answer is reset all the same.
 * Afterwards the CPU executes nothing. Caller holds cell->lock; may sleep.
 */
void axvm_vcpu_stop_core(struct axvm_cpu *acpu);

/**
 * axvm_vcpu_kill_core() - hard reset a core without asking it
 *
 * Caller holds cell->lock, or nothing else runs any more.
 */
void axvm_vcpu_kill_core(struct axvm_cpu *acpu);

/**
 * axvm_vcpu_run_all() - start all vCPUs, or let paused ones go on
 *
 * Secondary vCPUs first: no guest may see a sibling that is not there yet.
 * Caller holds cell->lock; may sleep. Return: 0 or -ETIMEDOUT.
 */
int axvm_vcpu_run_all(struct axvm_cell *cell, struct axvm_error *err);

/**
 * axvm_vcpu_pause_all() - hold all vCPUs with their state kept
 *
 * Caller holds cell->lock; may sleep. Return: 0 or -ETIMEDOUT.
 */
int axvm_vcpu_pause_all(struct axvm_cell *cell, struct axvm_error *err);

/**
 * axvm_vcpu_sync_all() - wait until all cores have answered CORE_REQ_SYNC
 *
 * See axvm_cell_sync(). Caller holds cell->lock; may sleep. Return: 0 or -ETIMEDOUT.
 */
int axvm_vcpu_sync_all(struct axvm_cell *cell, struct axvm_error *err);

/**
 * axvm_vcpu_park_all() - end all vCPUs
 * @err: gets a message about the first core that did not answer
 *
 * Cores that do not answer are hard reset and started again, so that all are
 * parked afterwards unless they are beyond help (acpu->started tells).
 * Caller holds cell->lock; may sleep.
 * Return: number of cores that had to be reset.
 */
unsigned int axvm_vcpu_park_all(struct axvm_cell *cell, struct axvm_error *err);

#endif
