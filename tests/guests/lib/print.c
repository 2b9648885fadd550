// SPDX-License-Identifier: GPL-2.0
/* As much of printf as guests need, to the console. */
#include <stdarg.h>

#include "guest.h"

static void put_text(const char *text)
{
	while (*text)
		console_put(*text++);
}

static void put_number(u64 value, u32 base, u32 width, char fill)
{
	char digits[20];
	u32 n = 0;

	do {
		digits[n++] = "0123456789abcdef"[value % base];
		value /= base;
	} while (value);
	while (width > n) {
		console_put(fill);
		width--;
	}
	while (n)
		console_put(digits[--n]);
}

static void put_signed(s64 value, u32 width, char fill)
{
	if (value < 0) {
		console_put('-');
		value = -value;
	}
	put_number(value, 10, width, fill);
}

/* One conversion, after its '%'. Return: what follows it. */
static const char *convert(const char *fmt, va_list *args)
{
	char fill = *fmt == '0' ? '0' : ' ';
	bool wide = false;
	u32 width = 0;

	while (*fmt >= '0' && *fmt <= '9')
		width = width * 10 + (*fmt++ - '0');
	while (*fmt == 'l') {
		wide = true;
		fmt++;
	}
	switch (*fmt) {
	case 's':
		put_text(va_arg(*args, const char *));
		break;
	case 'c':
		console_put(va_arg(*args, int));
		break;
	case 'd':
		put_signed(wide ? va_arg(*args, s64) : va_arg(*args, int), width, fill);
		break;
	case 'u':
		put_number(wide ? va_arg(*args, u64) : va_arg(*args, u32), 10, width, fill);
		break;
	case 'x':
		put_number(wide ? va_arg(*args, u64) : va_arg(*args, u32), 16, width, fill);
		break;
	default:
		console_put(*fmt);
	}
	return fmt + 1;
}

void print(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	while (*fmt) {
		if (*fmt == '%')
			fmt = convert(fmt + 1, &args);
		else
			console_put(*fmt++);
	}
	va_end(args);
}
