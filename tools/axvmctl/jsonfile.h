/* SPDX-License-Identifier: GPL-2.0 */
/* Reading a JSON file so that every complaint names file, line, column and key. */
#ifndef AXVMCTL_JSONFILE_H
#define AXVMCTL_JSONFILE_H

#include <jansson.h>

#include "axvmctl.h"

#define JSONFILE_MAX	MIB	/* bytes; nobody writes more by hand */

struct json_file {
	char *name;
	char *text;
	size_t len;
	json_t *root;
};

/* A value and where it is. */
struct json_value {
	const struct json_file *file;
	json_t *json;		/* NULL: absent */
	char path[96];
};

/**
 * json_file_load() - read and parse a file; the root must be an object
 *
 * Return: an exit code; json_file_free() in any case.
 */
int json_file_load(struct json_file *file, const char *name);
void json_file_free(struct json_file *file);

struct json_value json_file_root(const struct json_file *file);

/**
 * json_member() - a key of an object; ->json is NULL when absent
 */
struct json_value json_member(const struct json_value *object, const char *key);

/**
 * json_element() - an element of an array
 */
struct json_value json_element(const struct json_value *array, size_t index);

/**
 * json_file_fail() - report an error at a path
 *
 * Return: EXIT_CONFIG.
 */
__printf(3, 4)
int json_file_fail(const struct json_file *file, const char *path, const char *fmt, ...);

/**
 * json_bad() - report that a value is not what it should be
 * @what: completes "value ... is"
 * @accepted: what would be right
 *
 * Return: EXIT_CONFIG.
 */
int json_bad(const struct json_value *value, const char *what, const char *accepted);

/**
 * json_keys() - refuse anything but an object that has only known keys
 * @accepted: for messages, when it is no object at all
 * @keys: ended by NULL
 * @required: the keys that must be there, ended by NULL
 */
int json_keys(const struct json_value *object, const char *accepted, const char *const *keys,
	      const char *const *required);

/**
 * struct json_range - what a number may be
 * @noun: what it is, as in "value ... is not a size"
 * @align: it must be a multiple of this, a power of two; 0 is as good as 1
 */
struct json_range {
	const char *noun;
	u64 min, max, align;
};

/*
 * Each of these reads a value of one type. An absent one (->json is NULL) leaves
 * the default in place. They return an exit code, after a message.
 */
int json_get_bool(const struct json_value *value, bool *out);
/* *given, if asked for, becomes true when the value is there */
int json_get_number(const struct json_value *value, const struct json_range *range, u64 *out,
		    bool *given);
int json_get_choice(const struct json_value *value, const char *const *names, u32 *out);
/* *out is allocated */
int json_get_text(const struct json_value *value, const char *accepted, char **out);

#endif
