// SPDX-License-Identifier: GPL-2.0
/* Reading a JSON file so that every complaint names file, line, column and key. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "jsonfile.h"
#include "jsonpos.h"
#include "number.h"
#include "suggest.h"

static int read_text(struct json_file *file, int fd)
{
	size_t room = JSONFILE_MAX + 1;

	file->text = malloc(room);
	if (!file->text)
		return fail(EXIT_FAILED, "out of memory");
	while (file->len < room) {
		ssize_t n = read(fd, file->text + file->len, room - file->len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return fail(EXIT_CONFIG, "cannot read '%s': %s", file->name,
				    strerror(errno));
		if (!n)
			return EXIT_OK;
		file->len += n;
	}
	return fail(EXIT_CONFIG, "'%s' is larger than 1 MiB; is it a cell.json?", file->name);
}

static int parse_text(struct json_file *file)
{
	json_error_t error;

	file->root = json_loadb(file->text, file->len, JSON_REJECT_DUPLICATES, &error);
	if (!file->root) {
		fprintf(stderr, "%s:%d:%d: %s\n", file->name, MAX(error.line, 1),
			MAX(error.column, 1), error.text);
		return EXIT_CONFIG;
	}
	if (!json_is_object(file->root))
		return json_file_fail(file, "", "a cell is described by an object: { ... }");
	return EXIT_OK;
}

int json_file_load(struct json_file *file, const char *name)
{
	int fd, ret;

	memset(file, 0, sizeof(*file));
	file->name = strdup(name);
	if (!file->name)
		return fail(EXIT_FAILED, "out of memory");
	fd = open(name, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return fail(EXIT_CONFIG, "cannot open '%s': %s", name, strerror(errno));
	ret = read_text(file, fd);
	close(fd);
	return ret ? ret : parse_text(file);
}

void json_file_free(struct json_file *file)
{
	json_decref(file->root);
	free(file->text);
	free(file->name);
	memset(file, 0, sizeof(*file));
}

struct json_value json_file_root(const struct json_file *file)
{
	return (struct json_value){ .file = file, .json = file->root };
}

struct json_value json_member(const struct json_value *object, const char *key)
{
	struct json_value member = { .file = object->file };

	member.json = json_object_get(object->json, key);
	snprintf(member.path, sizeof(member.path), "%.60s%s%s", object->path,
		 *object->path ? "." : "", key);
	return member;
}

struct json_value json_element(const struct json_value *array, size_t index)
{
	struct json_value element = { .file = array->file };

	element.json = json_array_get(array->json, index);
	snprintf(element.path, sizeof(element.path), "%.70s[%zu]", array->path, index);
	return element;
}

static void print_place(const struct json_file *file, const char *path, const char *key)
{
	struct json_pos pos = jsonpos_find(file->text, file->len, path, key);

	fflush(stdout);
	fprintf(stderr, "%s:%u:%u: ", file->name, pos.line, pos.column);
}

int json_file_fail(const struct json_file *file, const char *path, const char *fmt, ...)
{
	va_list args;

	print_place(file, path, NULL);
	if (*path)
		fprintf(stderr, "key '%s': ", path);
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fputc('\n', stderr);
	return EXIT_CONFIG;
}

int json_bad(const struct json_value *value, const char *what, const char *accepted)
{
	char *text = json_dumps(value->json, JSON_ENCODE_ANY | JSON_COMPACT | JSON_ENSURE_ASCII);
	int ret;

	ret = json_file_fail(value->file, value->path, "value %.60s%s is %s; accepted: %s",
			     text ? text : "?", text && strlen(text) > 60 ? "..." : "", what,
			     accepted);
	free(text);
	return ret;
}

static int unknown_key(const struct json_value *object, const char *key, const char *const *keys)
{
	const char *near = suggest(key, keys);
	json_t *name = json_string(key);
	char *quoted = json_dumps(name, JSON_ENCODE_ANY | JSON_ENSURE_ASCII);
	int len = quoted ? MIN((int)strlen(quoted) - 2, 60) : 0;

	print_place(object->file, object->path, key);
	fprintf(stderr, "key '%s%s%.*s' is unknown; ", object->path, *object->path ? "." : "",
		len, quoted ? quoted + 1 : "");
	if (near)
		fprintf(stderr, "did you mean '%s'? ", near);
	fputs("accepted:", stderr);
	for (size_t i = 0; keys[i]; i++)
		fprintf(stderr, "%s %s", i ? "," : "", keys[i]);
	fputc('\n', stderr);
	free(quoted);
	json_decref(name);
	return EXIT_CONFIG;
}

static bool in_list(const char *key, const char *const *keys)
{
	for (; *keys; keys++)
		if (!strcmp(key, *keys))
			return true;
	return false;
}

int json_keys(const struct json_value *object, const char *accepted, const char *const *keys,
	      const char *const *required)
{
	const char *key;
	json_t *member;

	if (!json_is_object(object->json))
		return json_bad(object, "not an object", accepted);
	json_object_foreach(object->json, key, member)
		if (!in_list(key, keys))
			return unknown_key(object, key, keys);
	for (; *required; required++)
		if (!json_object_get(object->json, *required))
			return json_file_fail(object->file, object->path, "'%s' is missing%s%s",
					      *required, *accepted ? "; accepted: " : "", accepted);
	return EXIT_OK;
}

int json_get_bool(const struct json_value *value, bool *out)
{
	if (!value->json)
		return EXIT_OK;
	if (!json_is_boolean(value->json))
		return json_bad(value, "not a boolean", "true or false");
	*out = json_is_true(value->json);
	return EXIT_OK;
}

static int bad_number(const struct json_value *value, const struct json_range *range, u64 number)
{
	char accepted[160], what[64], unit[24];

	if (number < range->min || number > range->max) {
		snprintf(accepted, sizeof(accepted), "0x%" PRIx64 " to 0x%" PRIx64, range->min,
			 range->max);
		return json_bad(value, number < range->min ? "too small" : "too large", accepted);
	}
	snprintf(what, sizeof(what), "not a multiple of %s", format_size(range->align, unit));
	return json_bad(value, what, NUMBER_ACCEPTED);
}

int json_get_number(const struct json_value *value, const struct json_range *range, u64 *out,
		    bool *given)
{
	u64 number = 0;
	bool ok = false;
	char what[64];

	if (!value->json)
		return EXIT_OK;
	if (json_is_integer(value->json)) {
		ok = json_integer_value(value->json) >= 0;
		number = json_integer_value(value->json);
	} else if (json_is_string(value->json)) {
		ok = parse_number(json_string_value(value->json), &number);
	}
	if (!ok) {
		snprintf(what, sizeof(what), "not %s", range->noun);
		return json_bad(value, what, NUMBER_ACCEPTED);
	}
	if (number < range->min || number > range->max ||
	    (range->align && number & (range->align - 1)))
		return bad_number(value, range, number);
	*out = number;
	if (given)
		*given = true;
	return EXIT_OK;
}

int json_get_choice(const struct json_value *value, const char *const *names, u32 *out)
{
	const char *text = json_string_value(value->json), *near;
	char accepted[256] = "", what[80] = "not known";
	size_t len = 0;

	if (!value->json)
		return EXIT_OK;
	for (u32 i = 0; names[i]; i++) {
		if (text && !strcmp(text, names[i])) {
			*out = i;
			return EXIT_OK;
		}
		len += snprintf(accepted + len, sizeof(accepted) - len, "%s\"%s\"",
				i ? ", " : "", names[i]);
	}
	near = text ? suggest(text, names) : NULL;
	if (near)
		snprintf(what, sizeof(what), "not known (did you mean \"%s\"?)", near);
	return json_bad(value, text ? what : "not a string", accepted);
}

int json_get_text(const struct json_value *value, const char *accepted, char **out)
{
	if (!value->json)
		return EXIT_OK;
	if (!json_is_string(value->json))
		return json_bad(value, "not a string", accepted);
	if (!json_string_length(value->json))
		return json_bad(value, "empty", accepted);
	*out = strdup(json_string_value(value->json));
	return *out ? EXIT_OK : fail(EXIT_FAILED, "out of memory");
}
