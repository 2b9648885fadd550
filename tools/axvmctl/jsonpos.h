/* SPDX-License-Identifier: GPL-2.0 */
/* Where in a JSON text a value stands; the JSON library does not say. */
#ifndef AXVMCTL_JSONPOS_H
#define AXVMCTL_JSONPOS_H

#include <stddef.h>

struct json_pos {
	unsigned int line;	/* from 1 */
	unsigned int column;	/* from 1, in characters */
};

/**
 * jsonpos_find() - find a value by its path
 * @text: valid JSON without duplicate keys
 * @path: as in "memory[0].size"; "" is the whole
 * @key: if not NULL, a key of the object at @path: find the key itself, not its value
 *
 * A part of the path that does not exist gives the place of what contains it.
 */
struct json_pos jsonpos_find(const char *text, size_t len, const char *path, const char *key);

#endif
