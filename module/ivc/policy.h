/* SPDX-License-Identifier: GPL-2.0 */
/* What a cell's configuration lets its guest do with channels. */
#ifndef AXVM_IVC_POLICY_H
#define AXVM_IVC_POLICY_H

#include "../config.h"

/**
 * axvm_ivc_check_rules() - refuse rules that cannot be meant
 * @index: of the wrong one, when there is one
 *
 * Pure. Return: 0, -EINVAL, -ERANGE.
 */
int axvm_ivc_check_rules(const struct axvm_config *cfg, const struct axvm_config_limits *limits,
			 unsigned int *index, struct axvm_error *err);

#endif
