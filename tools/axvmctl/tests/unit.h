/* SPDX-License-Identifier: GPL-2.0 */
/* A small harness: one line "ok NAME" or "not ok NAME" for each test. */
#ifndef AXVMCTL_UNIT_H
#define AXVMCTL_UNIT_H

#include <stdlib.h>
#include <string.h>

#include "axvmctl.h"
#include "machine.h"

struct unit_test {
	const char *name;
	void (*run)(void);
};

/* Each file of tests has one list, ended by an entry without a name. */
extern const struct unit_test number_tests[], stats_tests[], json_tests[], machine_tests[], image_tests[],
			      os_tests[], firmware_tests[];

/* Fails the running test, and says where. */
#define EXPECT(condition) \
	unit_expect((condition), __FILE__, __LINE__, #condition)

void unit_expect(bool ok, const char *file, int line, const char *what);

/**
 * unit_load() - read a cell.json text as if it were a file
 *
 * Messages on stderr are kept for unit_said().
 */
int unit_load(struct config *cfg, const char *text);
int unit_load_path(struct config *cfg, const char *path);

/**
 * unit_build() - unit_load() and machine_build()
 *
 * Free both with unit_free().
 */
int unit_build(struct config *cfg, struct machine *m, const char *text, u32 khz);
void unit_free(struct config *cfg, struct machine *m);

/* Does the last message contain this? */
bool unit_said(const char *text);

/**
 * unit_file() - a file with this content
 *
 * Return: its path, valid until the next four calls; the content can be replaced
 * with unit_refill().
 */
const char *unit_file(const void *data, size_t size);
void unit_refill(const char *path, const void *data, size_t size);

/* A number that depends on nothing but how often it was called. */
u32 unit_random(void);

/* The image whose name ends so, or NULL, and its content, to be freed. */
const struct machine_image *unit_image(const struct machine *m, const char *name);
void *unit_content(const struct machine_image *image);

#endif
