/* SPDX-License-Identifier: GPL-2.0 */
/* A machine that is not running yet, for people and programs. */
#ifndef AXVMCTL_DESCRIBE_H
#define AXVMCTL_DESCRIBE_H

#include "machine.h"

/**
 * describe_machine() - what would be sent to the module
 *
 * Return: a new object.
 */
json_t *describe_machine(const struct machine *m);

#endif
