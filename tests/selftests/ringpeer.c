// SPDX-License-Identifier: GPL-2.0
/*
 * Messages through a channel from a program on the host by uapi/axvm_ring.h, the
 * other end of tests/guests/ring.c:
 *
 *	ringpeer DEVICE SIDE TARGET ping ROUNDS | bulk MESSAGES | serve | endure LIES | scribble
 *
 * DEVICE is /dev/axvm/ivc-NAME.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../../uapi/axvm_guest.h"

#include "../ring/talk.h"

static struct talk talk;
static int fd;
static uint32_t target;
static void *section;
static uint64_t size;

static void die(const char *what)
{
	fprintf(stderr, "ringpeer: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void *map(int from, uint64_t bytes, int prot, off_t offset, const char *what)
{
	void *at = mmap(NULL, bytes, prot, MAP_SHARED, from, offset);

	if (at == MAP_FAILED)
		die(what);
	return at;
}

/* The character device: how large it is, is what the table behind the data says. */
static uint64_t size_of_channel(void)
{
	const struct axvm_ivc_table *table;
	uint64_t bytes;

	for (bytes = 4096; bytes <= 1UL << 30; bytes += 4096) {
		table = mmap(NULL, AXVM_IVC_TABLE_SIZE, PROT_READ, MAP_SHARED, fd, bytes);
		if (table == MAP_FAILED)
			break;
		if (table->magic == AXVM_IVC_MAGIC && table->size == bytes)
			return bytes;
		munmap((void *)table, AXVM_IVC_TABLE_SIZE);
	}
	errno = ENXIO;
	die("no state table");
	return 0;
}

static void open_device(const char *path)
{
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		die(path);
	size = size_of_channel();
	section = map(fd, size, PROT_READ | PROT_WRITE, 0, path);
}

static void bell(void)
{
	if (write(fd, &target, sizeof(target)) < 0 && errno != ENXIO)
		die("ring");
}

static void take(void)
{
	struct axvm_ivc_event event;

	if (read(fd, &event, sizeof(event)) != sizeof(event))
		die("read");
}

static bool rung(void)
{
	struct pollfd poller = { .fd = fd, .events = POLLIN };

	return poll(&poller, 1, 0) == 1 && (poller.revents & POLLIN);
}

static void scribble(void)
{
	puts("scribbling.");
	while (rung())
		take();
	while (!rung())
		talk_scribble(&talk, 1000);
}

static int run(const char *what, unsigned int number)
{
	if (!strcmp(what, "ping"))
		return talk_ping(&talk, number);
	if (!strcmp(what, "bulk"))
		return talk_bulk(&talk, number);
	if (!strcmp(what, "serve"))
		return talk_serve(&talk);
	if (!strcmp(what, "endure"))
		talk_endure(&talk, number);
	else if (!strcmp(what, "scribble"))
		scribble();
	else
		return AXVM_RING_EINVAL;
	return 0;
}

int main(int argc, char **argv)
{
	int ret;

	if (argc < 5) {
		fprintf(stderr, "usage: ringpeer DEVICE SIDE TARGET WHAT [NUMBER]\n");
		return 2;
	}
	setlinebuf(stdout);
	open_device(argv[1]);
	target = strtoul(argv[3], NULL, 0);
	talk.bell = bell;
	talk.wait = take;
	ret = talk_start(&talk, section, size, strtoul(argv[2], NULL, 0));
	puts("ready.");
	if (!ret)
		ret = run(argv[4], argc > 5 ? strtoul(argv[5], NULL, 0) : 0);
	printf("%s result=%d messages=%u bytes=%u sum=0x%x bad=%u restarts=%u lies=%u guard=%s.\n",
	       argv[4], ret, talk.messages, talk.bytes, talk.sum, talk.bad, talk.restarts,
	       talk.lies, talk_guarded(&talk) ? "whole" : "broken");
	return ret ? 1 : 0;
}
