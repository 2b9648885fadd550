/* SPDX-License-Identifier: GPL-2.0 */
/* Numbers as people write them. */
#ifndef AXVMCTL_NUMBER_H
#define AXVMCTL_NUMBER_H

#include "axvmctl.h"

#define NUMBER_ACCEPTED	"a number, or a string such as \"0x1000\", \"64K\", \"512M\" or \"2G\""

/**
 * parse_number() - read a decimal number with an optional K, M, G or T, or hexadecimal with 0x
 *
 * Return: false when the text is not one, or does not fit.
 */
bool parse_number(const char *text, u64 *value);

/**
 * parse_decimal() - read a decimal number without any suffix
 *
 * Return: false when the text is not one, or is greater than @max.
 */
bool parse_decimal(const char *text, u64 max, u64 *value);

/**
 * format_size() - write a size in the largest unit that divides it
 * @buf: at least 24 bytes
 *
 * Return: @buf.
 */
const char *format_size(u64 size, char *buf);

#endif
