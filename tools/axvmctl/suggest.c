// SPDX-License-Identifier: GPL-2.0
/* "Did you mean ...?": the known word with the smallest edit distance. */
#include <ctype.h>
#include <string.h>

#include "axvmctl.h"
#include "suggest.h"

#define LONGEST	32

static bool same(char a, char b)
{
	return tolower((unsigned char)a) == tolower((unsigned char)b);
}

/* Insertions, deletions, substitutions and swaps of neighbours, without regard to case. */
static unsigned int distance(const char *a, const char *b)
{
	unsigned int d[3][LONGEST + 1];
	size_t la = strlen(a), lb = strlen(b);

	for (size_t j = 0; j <= lb; j++)
		d[0][j] = j;
	for (size_t i = 1; i <= la; i++) {
		unsigned int *row = d[i % 3], *above = d[(i - 1) % 3];

		row[0] = i;
		for (size_t j = 1; j <= lb; j++) {
			unsigned int best = above[j - 1] + !same(a[i - 1], b[j - 1]);

			best = MIN(best, above[j] + 1);
			best = MIN(best, row[j - 1] + 1);
			if (i > 1 && j > 1 && same(a[i - 1], b[j - 2]) && same(a[i - 2], b[j - 1]))
				best = MIN(best, d[(i - 2) % 3][j - 2] + 1);
			row[j] = best;
		}
	}
	return d[la % 3][lb];
}

const char *suggest(const char *word, const char *const *known)
{
	const char *best = NULL;
	unsigned int least = 0;

	if (!*word || strlen(word) > LONGEST)
		return NULL;
	for (; *known; known++) {
		unsigned int d = distance(word, *known);

		/* More than a third of the word wrong is another word. */
		if (d > MAX(1U, (unsigned int)strlen(*known) / 3))
			continue;
		if (!best || d < least) {
			best = *known;
			least = d;
		}
	}
	return best;
}
