/* SPDX-License-Identifier: GPL-2.0 */
/* What the parts of a configuration's checks share: config.c, config_devices.c. */
#ifndef AXVM_CONFIG_CHECK_H
#define AXVM_CONFIG_CHECK_H

#include "config.h"

/**
 * struct axvm_check - a check of a configuration under way
 * @place: set to what is being looked at, for the message
 */
struct axvm_check {
	const struct axvm_config *cfg;
	const struct axvm_config_limits *limits;
	struct axvm_config_place *place;
	struct axvm_error *err;
};

static inline void at(struct axvm_check *c, u16 attr, unsigned int index)
{
	c->place->attr = attr;
	c->place->index = index;
}

/* End of a range, exclusive. Only for ranges that range_ok() let pass. */
static inline u64 end(u64 start, u64 size)
{
	return start + size;
}

static inline bool overlap(u64 a, u64 a_size, u64 b, u64 b_size)
{
	return a < end(b, b_size) && b < end(a, a_size);
}

/* Fits into that many address bits, without wrapping around? */
static inline bool range_ok(u64 start, u64 size, unsigned int bits)
{
	u64 top = bits < 64 ? (1ULL << bits) - 1 : U64_MAX;

	return start <= top && size - 1 <= top - start;
}

/**
 * axvm_check_devices() - each device by itself, then against those before it
 *
 * Any context. Return: 0, or an error that names the device.
 */
int axvm_check_devices(struct axvm_check *c);

/**
 * axvm_check_excluded() - ranges that must not be handed through
 *
 * Any context. Return: 0, or an error that names the range.
 */
int axvm_check_excluded(struct axvm_check *c);

#endif
