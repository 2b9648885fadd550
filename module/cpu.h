/* SPDX-License-Identifier: GPL-2.0 */
/* Taking CPUs from Linux and giving them back. */
#ifndef AXVM_CPU_H
#define AXVM_CPU_H

#include "axvm.h"

int axvm_cpu_init(void);
void axvm_cpu_exit(void);

/**
 * axvm_cpu_assign() - decide which CPU runs which vCPU
 * @cell: ->cfg is set; fills in ->cpu[].cell, index, cpu, hw_id
 *
 * CPUs that the configuration names are not judged here, axvm_cpu_take() does
 * that. For affinities only CPUs are considered that could be taken now.
 * May sleep. Return: 0, -EBUSY or -ENOMEM.
 */
int axvm_cpu_assign(struct axvm_cell *cell, struct axvm_error *err);

/**
 * axvm_cpu_check() - would axvm_cpu_take() refuse one of the cell's CPUs now?
 *
 * Claims nothing. May sleep. Return: 0 or a negative errno.
 */
int axvm_cpu_check(struct axvm_cell *cell, struct axvm_error *err);

/**
 * axvm_cpu_take() - take one CPU from Linux and start the core on it
 * @index: of the vCPU; axvm_cpu_assign() is done
 *
 * Undone by the ledger: the core leaves, the CPU goes back on line.
 * May sleep for seconds. Caller holds cell->lock.
 * Return: 0, or with everything undone a negative errno.
 */
int axvm_cpu_take(struct axvm_cell *cell, unsigned int index, struct axvm_error *err);

/**
 * axvm_cpu_nr_taken() - CPUs that Linux does not have now
 */
unsigned int axvm_cpu_nr_taken(void);

#endif
