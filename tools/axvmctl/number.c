// SPDX-License-Identifier: GPL-2.0
/* Numbers as people write them: 4096, 0x1000, 4K. */
#include <ctype.h>
#include <inttypes.h>
#include <string.h>

#include "number.h"

static const char units[] = "KMGT";

static bool parse_hex(const char *text, u64 *value)
{
	size_t len = strlen(text);

	*value = 0;
	if (!len || len > 16)
		return false;
	for (; *text; text++) {
		if (!isxdigit((unsigned char)*text))
			return false;
		*value = *value << 4 | (u64)(isdigit((unsigned char)*text) ?
			 *text - '0' : tolower((unsigned char)*text) - 'a' + 10);
	}
	return true;
}

/* Return: the first character that is no digit, or NULL when there is no sound number. */
static const char *decimal_digits(const char *text, u64 *value)
{
	*value = 0;
	if (!isdigit((unsigned char)*text))
		return NULL;
	/* 010 is eight to some and ten to others. */
	if (*text == '0' && isdigit((unsigned char)text[1]))
		return NULL;
	for (; isdigit((unsigned char)*text); text++)
		if (__builtin_mul_overflow(*value, 10, value) ||
		    __builtin_add_overflow(*value, (u64)(*text - '0'), value))
			return NULL;
	return text;
}

bool parse_number(const char *text, u64 *value)
{
	const char *rest, *unit;

	if (text[0] == '0' && text[1] == 'x')
		return parse_hex(text + 2, value);
	rest = decimal_digits(text, value);
	if (!rest)
		return false;
	if (!*rest)
		return true;
	unit = strchr(units, *rest);
	return unit && !rest[1] &&
	       !__builtin_mul_overflow(*value, 1ULL << 10 * (unit - units + 1), value);
}

bool parse_decimal(const char *text, u64 max, u64 *value)
{
	const char *rest = decimal_digits(text, value);

	return rest && !*rest && *value <= max;
}

const char *format_size(u64 size, char *buf)
{
	int unit = 0;

	while (size && unit < 4 && !(size & (KIB - 1))) {
		size >>= 10;
		unit++;
	}
	snprintf(buf, 24, "%" PRIu64 "%.1s", size, unit ? units + unit - 1 : "");
	return buf;
}
