/* SPDX-License-Identifier: GPL-2.0 */
/* The recorder of a cell's exits. */
#ifndef AXVMCTL_RECORD_H
#define AXVMCTL_RECORD_H

#include <jansson.h>

#include "ctl.h"

/**
 * record_set() - switch it
 * @what: enum axvm_recorder
 *
 * Return: an exit code, after a message.
 */
int record_set(struct ctl *ctl, const char *cell, u32 what);

/**
 * record_print() - recorded exits, a line each, the newest last
 * @records: of one vCPU, a list of objects as reply.c makes them; may be NULL
 */
void record_print(const json_t *records);

#endif
