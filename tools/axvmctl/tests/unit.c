// SPDX-License-Identifier: GPL-2.0
/* Runs the unit tests. They are built with the sanitizers, which end a run that goes wrong. */
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "unit.h"

static bool failed;
static char said[4096];

#define NR_FILES	5	/* the first one is for the cell.json */

void unit_expect(bool ok, const char *file, int line, const char *what)
{
	if (ok)
		return;
	printf("# %s:%d: not so: %s; last message: %s\n", file, line, what, said);
	failed = true;
}

u32 unit_random(void)
{
	static u64 state = 88172645463325252ULL;

	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state >> 16;
}

/* Between these two stderr goes into said[]. */
static int capture_begin(int *real)
{
	int fd = memfd_create("stderr", MFD_CLOEXEC);

	fflush(stderr);
	*real = dup(STDERR_FILENO);
	dup2(fd, STDERR_FILENO);
	return fd;
}

static void capture_end(int fd, int real)
{
	ssize_t n;

	fflush(stderr);
	n = pread(fd, said, sizeof(said) - 1, 0);
	said[n > 0 ? n : 0] = '\0';
	dup2(real, STDERR_FILENO);
	close(real);
	close(fd);
}

bool unit_said(const char *text)
{
	return strstr(said, text);
}

static const char *make_file(int i, const void *data, size_t size)
{
	static char paths[NR_FILES][32];
	static int fds[NR_FILES];

	if (fds[i])
		close(fds[i]);
	fds[i] = memfd_create("unit", MFD_CLOEXEC);
	snprintf(paths[i], sizeof(paths[i]), "/proc/self/fd/%d", fds[i]);
	unit_refill(paths[i], data, size);
	return paths[i];
}

const char *unit_file(const void *data, size_t size)
{
	static int last;

	last = last % (NR_FILES - 1) + 1;
	return make_file(last, data, size);
}

void unit_refill(const char *path, const void *data, size_t size)
{
	int fd = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC);

	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		abort();
	close(fd);
}

int unit_load_path(struct config *cfg, const char *path)
{
	int real, fd = capture_begin(&real), ret = config_load(cfg, path);

	capture_end(fd, real);
	return ret;
}

int unit_load(struct config *cfg, const char *text)
{
	return unit_load_path(cfg, make_file(0, text, strlen(text)));
}

int unit_build(struct config *cfg, struct machine *m, const char *text, u32 khz)
{
	int ret = unit_load(cfg, text), real, fd;

	memset(m, 0, sizeof(*m));
	if (ret)
		return ret;
	fd = capture_begin(&real);
	ret = machine_build(m, cfg, khz);
	capture_end(fd, real);
	return ret;
}

void unit_free(struct config *cfg, struct machine *m)
{
	machine_free(m);
	config_free(cfg);
}

const struct machine_image *unit_image(const struct machine *m, const char *name)
{
	for (u32 i = 0; i < m->nr_images; i++) {
		size_t len = strlen(m->image[i].name), want = strlen(name);

		if (len >= want && !strcmp(m->image[i].name + len - want, name))
			return &m->image[i];
	}
	return NULL;
}

void *unit_content(const struct machine_image *image)
{
	void *data = malloc(image->size);

	if (!data || !read_at(image->fd, data, image->size, image->offset))
		abort();
	return data;
}

static int run_list(const struct unit_test *test, const char *only)
{
	int bad = 0;

	for (; test->name; test++) {
		if (only && !strstr(test->name, only))
			continue;
		failed = false;
		said[0] = '\0';
		test->run();
		printf("%s %s\n", failed ? "not ok" : "ok", test->name);
		fflush(stdout);
		bad += failed;
	}
	return bad;
}

int main(int argc, char **argv)
{
	const char *only = argc > 1 ? argv[1] : NULL;
	int bad = 0;

	bad += run_list(number_tests, only);
	bad += run_list(stats_tests, only);
	bad += run_list(json_tests, only);
	bad += run_list(machine_tests, only);
	bad += run_list(image_tests, only);
	bad += run_list(os_tests, only);
	bad += run_list(firmware_tests, only);
	return bad ? 1 : 0;
}
