/* SPDX-License-Identifier: GPL-2.0 */
/* Checks of a cell's configuration, before anything is touched. Pure. */
#ifndef AXVM_CONFIG_H
#define AXVM_CONFIG_H

#include "axvm.h"

/**
 * struct axvm_config_limits - what the machine can do
 * @nr_cpus: Linux's CPU numbers are below this
 * @gpa_bits: guest addresses have this many bits
 * @hpa_bits: host addresses have this many bits
 * @first_line, @last_line: interrupt lines of a cell
 */
struct axvm_config_limits {
	unsigned int nr_cpus;
	unsigned int gpa_bits;
	unsigned int hpa_bits;
	u32 first_line, last_line;
};

/**
 * struct axvm_config_place - which part of a configuration is wrong
 * @attr: AXVM_A_CELL_* of the part
 * @index: among the parts of that kind, from 0
 */
struct axvm_config_place {
	u16 attr;
	unsigned int index;
};

/**
 * axvm_config_new() - an empty configuration: no parts, all defaults
 *
 * May sleep. Return: NULL when there is no memory.
 */
struct axvm_config *axvm_config_new(void);

/**
 * axvm_config_free() - free it and the references to its image files
 */
void axvm_config_free(struct axvm_config *cfg);

/**
 * axvm_config_check() - refuse what no architecture could do
 * @place: where the first mistake is, when there is one
 *
 * Pure: looks at nothing but its arguments, and the sizes of image files.
 * Return: 0, -EINVAL or -ERANGE.
 */
int axvm_config_check(const struct axvm_config *cfg, const struct axvm_config_limits *limits,
		      struct axvm_config_place *place, struct axvm_error *err);

/**
 * axvm_config_check_devices() - the same of its devices only
 */
int axvm_config_check_devices(const struct axvm_config *cfg,
			      const struct axvm_config_limits *limits,
			      struct axvm_config_place *place, struct axvm_error *err);

#endif
