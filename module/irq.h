/* SPDX-License-Identifier: GPL-2.0 */
/* Interrupts that the host half raises in a guest: lines, and injected ones. */
#ifndef AXVM_IRQ_H
#define AXVM_IRQ_H

#include "axvm.h"

/**
 * axvm_irq_pulse() - one edge on a guest interrupt line
 * @line: the guest's: I/O APIC pin (x86), INTID from 32 on (arm64); below CORE_IRQ_LINES
 *
 * Edges that the core has not seen yet are one. Any context, also hard
 * interrupts; the cell's core_cell must exist.
 */
void axvm_irq_pulse(struct axvm_cell *cell, u32 line);

/**
 * axvm_irq_level() - raise or lower a guest interrupt line
 * @line: as above
 *
 * It stays so until the next call, through resets of the cell too; a watched
 * line is also lowered by the guest's end of its interrupt. Any context.
 */
void axvm_irq_level(struct axvm_cell *cell, u32 line, bool high);

/**
 * axvm_irq_watch() - be told when the guest ends an interrupt of a level-triggered line
 * @fn: called in process context with axvm_cells_lock held, once or more for each
 *      end: the line is low then, and it is for @fn to find out whether it
 *      should be high again. A hostile guest can make it be called at any time
 *
 * May sleep. Return: 0, or -EBUSY if the line is watched already.
 */
int axvm_irq_watch(struct axvm_cell *cell, u32 line, void (*fn)(void *data), void *data);

/**
 * axvm_irq_unwatch() - the end of it; @fn is not running any more. Lowers the line
 *
 * May sleep; the caller does not hold axvm_cells_lock.
 */
void axvm_irq_unwatch(struct axvm_cell *cell, u32 line);

/**
 * axvm_irq_inject() - make an interrupt pending for one vCPU, as a user asks for it
 * @number: x86: vector, arm64: INTID
 *
 * Takes cell->lock. Return: 0, -EINVAL (no such vCPU or interrupt), -EBUSY (the
 * cell or the vCPU does not run), -EINTR.
 */
int axvm_irq_inject(struct axvm_cell *cell, u32 vcpu, u32 number, struct axvm_error *err);

/**
 * axvm_irq_init_core() - core_cell.irq as at power-on; lines that are high stay so
 */
void axvm_irq_init_core(struct axvm_cell *cell);

/**
 * axvm_irq_drain() - tell watchers what the cores have told
 *
 * Caller holds axvm_cells_lock.
 */
void axvm_irq_drain(struct axvm_cell *cell);

#endif
