/* SPDX-License-Identifier: GPL-2.0 */
/* Cells: the list of them, and what can be done to one. */
#ifndef AXVM_CELL_H
#define AXVM_CELL_H

#include "axvm.h"

/* Protects the list of cells, their names and IDs. Never held while waiting for a core. */
extern struct mutex axvm_cells_lock;
extern struct list_head axvm_cells;

/**
 * axvm_cell_alloc() - a cell in state loading that owns nothing
 * @cfg: checked; the cell's from now on, also when this fails
 *
 * Not on the list yet. May sleep. Return: NULL when there is no memory.
 */
struct axvm_cell *axvm_cell_alloc(struct axvm_config *cfg);

/**
 * axvm_cell_enlist() - give it an ID and put it on the list
 *
 * Return: 0 or -EEXIST when there is a cell of that name.
 */
int axvm_cell_enlist(struct axvm_cell *cell, struct axvm_error *err);

/**
 * axvm_cell_withdraw() - take it off the list; the name is free again
 *
 * Waits for the work that deals with guests that stop. Caller holds no lock.
 */
void axvm_cell_withdraw(struct axvm_cell *cell);

/**
 * axvm_cell_get() - look up a cell
 * @id: its ID, or 0: by @name
 *
 * May sleep. Return: with a reference, or NULL.
 */
struct axvm_cell *axvm_cell_get(u32 id, const char *name);

/**
 * axvm_cell_next() - the cell with the next higher ID
 * @id: of the last one, 0: the first
 *
 * May sleep. Return: with a reference, or NULL.
 */
struct axvm_cell *axvm_cell_next(u32 id);

void axvm_cell_put(struct axvm_cell *cell);

/**
 * axvm_cells_count() - how many there are; old when it arrives
 */
unsigned int axvm_cells_count(void);

/**
 * axvm_cell_set_state() - next step of its life: logged, and sent to listeners
 *
 * Caller holds cell->lock.
 */
void axvm_cell_set_state(struct axvm_cell *cell, enum axvm_state state);

/* What a user may ask. Each takes cell->lock, may sleep for seconds, and refuses
 * what the cell's state does not allow with -EINVAL or -EBUSY.
 */
int axvm_cell_start(struct axvm_cell *cell, struct axvm_error *err);
int axvm_cell_stop(struct axvm_cell *cell, struct axvm_error *err);
int axvm_cell_suspend(struct axvm_cell *cell, struct axvm_error *err);
int axvm_cell_resume(struct axvm_cell *cell, struct axvm_error *err);
int axvm_cell_reset(struct axvm_cell *cell, struct axvm_error *err);

/**
 * axvm_cell_lock_for() - lock a cell for a request that its state must allow
 * @request: enum axvm_request
 *
 * Return: 0 with cell->lock held, or -EINTR, -ENOENT (gone), -EINVAL, -EBUSY without.
 */
int axvm_cell_lock_for(struct axvm_cell *cell, unsigned int request, struct axvm_error *err);

/**
 * axvm_cell_lock_live() - lock a cell in order to change its machine, in any state
 *
 * Return: 0 with cell->lock held, or -EINTR, -ENOENT (gone), -EBUSY (being created,
 * or on its way out), -EIO (a CPU of it is lost) without.
 */
int axvm_cell_lock_live(struct axvm_cell *cell, struct axvm_error *err);

/**
 * axvm_cell_halt() - end the guest, whatever it does
 *
 * Caller holds cell->lock. Afterwards the cell is in state stopping, its cores are parked.
 */
void axvm_cell_halt(struct axvm_cell *cell);

/**
 * axvm_cell_lose() - end a guest whose cores do not answer; the cell fails
 * @err: why
 *
 * Caller holds cell->lock. Afterwards its cores are parked, or cell->lost is set.
 */
void axvm_cell_lose(struct axvm_cell *cell, const struct axvm_error *err);

/**
 * axvm_cell_fail() - end a guest for something that its devices did; the cell fails
 * @text: why, a sentence
 *
 * Caller holds cell->lock. Nothing happens to a cell whose guest does not run.
 */
void axvm_cell_fail(struct axvm_cell *cell, enum axvm_cause cause, const char *text);

/**
 * axvm_cell_init_core() - core_cell as at power-on
 *
 * Caller holds cell->lock; all its cores are parked or not yet started.
 */
void axvm_cell_init_core(struct axvm_cell *cell);

/**
 * axvm_cell_check_stop() - did the guest stop by itself? Then have it dealt with
 *
 * Caller holds axvm_cells_lock.
 */
void axvm_cell_check_stop(struct axvm_cell *cell);

/**
 * axvm_cells_kill() - end all guests and reset all cores, for a host that goes down
 *
 * Afterwards taken CPUs wait as the platform's firmware left them, which is
 * what a kernel that is booted next expects.
 */
void axvm_cells_kill(void);

#endif
