// SPDX-License-Identifier: GPL-2.0
/* What the compiler calls by itself. */
#include "guest.h"

void *memcpy(void *to, const void *from, size_t size)
{
	u8 *d = to;
	const u8 *s = from;

	while (size--)
		*d++ = *s++;
	return to;
}

void *memset(void *at, int value, size_t size)
{
	u8 *d = at;

	while (size--)
		*d++ = value;
	return at;
}
