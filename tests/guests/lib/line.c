// SPDX-License-Identifier: GPL-2.0
/* Lines typed at the console. */
#include "guest.h"

void read_line(char *line, size_t size)
{
	size_t len = 0;
	int c;

	for (;;) {
		c = console_wait();
		if (c == '\n' || c == '\r')
			break;
		if (len + 1 < size)
			line[len++] = c;
	}
	line[len] = 0;
}

char *next_word(char **line)
{
	char *word;

	while (**line == ' ')
		(*line)++;
	word = *line;
	while (**line && **line != ' ')
		(*line)++;
	if (**line)
		*(*line)++ = 0;
	return word;
}

static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

u64 to_number(const char *word)
{
	bool hex = word[0] == '0' && word[1] == 'x';
	u64 value = 0;

	for (word += hex ? 2 : 0; digit(*word) >= 0; word++)
		value = value * (hex ? 16 : 10) + digit(*word);
	return value;
}
