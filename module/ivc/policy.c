// SPDX-License-Identifier: GPL-2.0
/* The checks of cell.json's "ivc": which rules can be meant. The walk is in parse.c. */
#include <linux/mm.h>
#include <linux/string.h>

#include "policy.h"

static const char *what(const struct axvm_config_ivc *rule)
{
	return rule->kind == AXVM_IVC_KIND_PUBLISH ? "publish" : "subscribe";
}

static bool same(const struct axvm_config_ivc *a, const struct axvm_config_ivc *b)
{
	return a->kind == b->kind && a->key == b->key && !strcmp(a->cell, b->cell);
}

static int check_rule(const struct axvm_config *cfg, unsigned int index,
		      const struct axvm_config_limits *limits, struct axvm_error *err)
{
	const struct axvm_config_ivc *rule = &cfg->ivc[index];
	unsigned int i;

	if (!(rule->rights & AXVM_IVC_RIGHT_READ) ||
	    (rule->linux_rights && !(rule->linux_rights & AXVM_IVC_RIGHT_READ)))
		return axvm_fail(err, -EINVAL, "ivc rule %u (%s key %u): rights without read: use read, or read and write",
				 index, what(rule), rule->key);
	if (rule->kind == AXVM_IVC_KIND_PUBLISH && rule->cell[0])
		return axvm_fail(err, -EINVAL,
				 "ivc rule %u (publish key %u): it names cell \"%s\", but the publisher is the cell itself: drop it",
				 index, rule->key, rule->cell);
	if (rule->kind == AXVM_IVC_KIND_SUBSCRIBE && !strcmp(rule->cell, cfg->name))
		return axvm_fail(err, -EINVAL,
				 "ivc rule %u: the cell subscribes to its own key %u: it has that channel as its publisher",
				 index, rule->key);
	if (rule->gpa_given && (!PAGE_ALIGNED(rule->gpa) || rule->gpa >> limits->gpa_bits))
		return axvm_fail(err, -ERANGE,
				 "ivc rule %u (%s key %u): gpa 0x%llx is not a page in the guest's %u address bits",
				 index, what(rule), rule->key, rule->gpa,
				 limits->gpa_bits);
	if (rule->line != CORE_NO_IRQ &&
	    (rule->line < limits->first_line || rule->line > limits->last_line))
		return axvm_fail(err, -ERANGE,
				 "ivc rule %u (%s key %u): interrupt line %u: a cell's are %u to %u",
				 index, what(rule), rule->key, rule->line, limits->first_line,
				 limits->last_line);
	for (i = 0; i < index; i++) {
		if (same(rule, &cfg->ivc[i]))
			return axvm_fail(err, -EINVAL, "ivc rules %u and %u both %s key %u: drop one",
					 i, index, what(rule), rule->key);
	}
	return 0;
}

int axvm_ivc_check_rules(const struct axvm_config *cfg, const struct axvm_config_limits *limits,
			 unsigned int *index, struct axvm_error *err)
{
	unsigned int i;
	int ret;

	for (i = 0; i < cfg->nr_ivc; i++) {
		*index = i;
		ret = check_rule(cfg, i, limits, err);
		if (ret)
			return ret;
	}
	return 0;
}
