// SPDX-License-Identifier: GPL-2.0
/*
 * Where in a JSON text a value stands. The text was accepted by the JSON
 * library, so this walks it without checking it, and only after an error.
 */
#include <jansson.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "jsonpos.h"

struct scan {
	const char *p, *end;
};

static void skip_space(struct scan *s)
{
	while (s->p < s->end && strchr(" \t\r\n", *s->p) && *s->p)
		s->p++;
}

/* At a quote; leaves the string behind. */
static void skip_string(struct scan *s)
{
	for (s->p++; s->p < s->end && *s->p != '"'; s->p++)
		if (*s->p == '\\')
			s->p++;
	s->p++;
}

/* At the first character of a value; leaves it behind. */
static void skip_value(struct scan *s)
{
	size_t depth = 0;

	do {
		if (s->p >= s->end)
			return;
		if (*s->p == '"') {
			skip_string(s);
			continue;
		}
		if (*s->p == '{' || *s->p == '[')
			depth++;
		else if (*s->p == '}' || *s->p == ']')
			depth--;
		s->p++;
	} while (depth);
	/* Of a number or a word only the first character is gone. */
	while (s->p < s->end && !strchr(",]} \t\r\n", *s->p))
		s->p++;
}

/* Does the string at [from, to), quotes included, spell this key? */
static bool is_key(const char *from, const char *to, const char *key, size_t len)
{
	json_t *string = json_loadb(from, to - from, JSON_DECODE_ANY, NULL);
	bool same = string && json_string_length(string) == len &&
		    !memcmp(json_string_value(string), key, len);

	json_decref(string);
	return same;
}

/* At an object; go to the value of a key, or to the key. Stays put when there is none. */
static bool enter_key(struct scan *s, const char *key, size_t len, bool stop_at_key)
{
	struct scan at = *s;

	if (at.p >= at.end || *at.p != '{')
		return false;
	for (at.p++; ; at.p++) {
		const char *start;
		bool found;

		skip_space(&at);
		if (at.p >= at.end || *at.p != '"')
			return false;
		start = at.p;
		skip_string(&at);
		found = is_key(start, at.p, key, len);
		if (found && stop_at_key) {
			s->p = start;
			return true;
		}
		skip_space(&at);
		at.p++;			/* the colon */
		skip_space(&at);
		if (found) {
			*s = at;
			return true;
		}
		skip_value(&at);
		skip_space(&at);
		if (at.p >= at.end || *at.p != ',')
			return false;
	}
}

static bool enter_index(struct scan *s, unsigned long index)
{
	struct scan at = *s;

	if (at.p >= at.end || *at.p != '[')
		return false;
	for (at.p++; ; at.p++) {
		skip_space(&at);
		if (at.p >= at.end || *at.p == ']')
			return false;
		if (!index--) {
			*s = at;
			return true;
		}
		skip_value(&at);
		skip_space(&at);
		if (at.p >= at.end || *at.p != ',')
			return false;
	}
}

static struct json_pos position(const char *text, const char *at)
{
	struct json_pos pos = { 1, 1 };

	for (; text < at; text++) {
		if (*text == '\n') {
			pos.line++;
			pos.column = 1;
		} else if (((unsigned char)*text & 0xc0) != 0x80) {
			pos.column++;
		}
	}
	return pos;
}

struct json_pos jsonpos_find(const char *text, size_t len, const char *path, const char *key)
{
	struct scan s = { text, text + len };
	bool found = true;

	skip_space(&s);
	while (*path && found) {
		if (*path == '[') {
			char *end;

			found = enter_index(&s, strtoul(path + 1, &end, 10));
			path = end + 1;
		} else {
			size_t part;

			path += *path == '.';
			part = strcspn(path, ".[");
			found = enter_key(&s, path, part, false);
			path += part;
		}
		skip_space(&s);
	}
	if (key && found)
		enter_key(&s, key, strlen(key), true);
	return position(text, s.p);
}
