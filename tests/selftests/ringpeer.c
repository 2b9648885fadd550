// SPDX-License-Identifier: GPL-2.0
/*
 * Messages through a channel from a Linux program by uapi/axvm_ring.h, the other end
 * of tests/guests/ring.c: by /dev/axvm/ivc-NAME on the host, in a cell by the
 * channel's PCI function and the stock driver uio_pci_generic.
 *
 *	ringpeer DEVICE SIDE TARGET ping ROUNDS | bulk MESSAGES | serve | endure TRIES | scribble
 *
 * DEVICE is the path of the former, or a number N for /dev/uioN.
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

#ifdef __aarch64__
/*
 * A BAR of normal memory is mapped past the caches there, while the peer uses
 * them. A line has one writer, so it is enough that the caches have no copy of what
 * is about to be read, and of what has been written.
 */
static inline void through(const void *at, unsigned long len)
{
	uintptr_t line = (uintptr_t)at & ~63UL;

	__asm__ volatile("dsb sy" : : : "memory");
	for (; line < (uintptr_t)at + len; line += 64)
		__asm__ volatile("dc civac, %0" : : "r" (line) : "memory");
	__asm__ volatile("dsb sy" : : : "memory");
}

static inline unsigned int load(const unsigned int *p)
{
	unsigned int value;

	through(p, 4);
	value = __atomic_load_n(p, __ATOMIC_ACQUIRE);
	__asm__ volatile("dsb sy" : : : "memory");
	return value;
}

static inline void store(unsigned int *p, unsigned int value)
{
	__asm__ volatile("dsb sy" : : : "memory");
	__atomic_store_n(p, value, __ATOMIC_RELEASE);
	through(p, 4);
}

/* One of the two is in the channel; the other may as well go through. */
static inline void copy(void *to, const void *from, unsigned long len)
{
	through(from, len);
	memcpy(to, from, len);
	through(to, len);
}

#define AXVM_RING_LOAD(p)		load(p)
#define AXVM_RING_STORE(p, v)		store(p, v)
#define AXVM_RING_COPY(to, from, len)	copy(to, from, len)
#endif

#include "../ring/talk.h"

static struct talk talk;
static int fd, config = -1;
static uint32_t target;
static volatile uint32_t *bar0;		/* of the PCI function; NULL: the character device */
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

static int open_of_function(const char *uio, const char *name)
{
	char path[128];
	int file;

	snprintf(path, sizeof(path), "/sys/class/uio/uio%s/device/%s", uio, name);
	file = open(path, O_RDWR | O_SYNC | O_CLOEXEC);
	if (file < 0)
		die(path);
	return file;
}

/* What a BAR of memory is called when it may be mapped with buffered writes, which arm64 needs. */
#ifdef __aarch64__
#define BAR4 "resource4_wc"
#else
#define BAR4 "resource4"
#endif

static void open_function(const char *uio)
{
	const struct axvm_ivc_table *table;
	char path[32];

	snprintf(path, sizeof(path), "/dev/uio%s", uio);
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		die(path);
	config = open_of_function(uio, "config");
	bar0 = map(open_of_function(uio, "resource0"), 4096, PROT_READ | PROT_WRITE, 0, "BAR 0");
	table = map(open_of_function(uio, "resource2"), 4096, PROT_READ, 0, "BAR 2");
	size = bar0[AXVM_IVC_PCI_SIZE / 4];
	if (table->magic != AXVM_IVC_MAGIC || table->size != size) {
		fprintf(stderr, "ringpeer: table and registers disagree\n");
		exit(1);
	}
	section = map(open_of_function(uio, BAR4), size, PROT_READ | PROT_WRITE, 0, "BAR 4");
	printf("function id=%u size=%lu state=%u.\n", bar0[AXVM_IVC_PCI_ID / 4], size, table->state);
}

static void bell(void)
{
	if (bar0)
		bar0[AXVM_IVC_PCI_RING / 4] = target;
	else if (write(fd, &target, sizeof(target)) < 0 && errno != ENXIO)
		die("ring");
}

/*
 * uio_pci_generic has set Interrupt Disable when it has had the interrupt, bit 10 of
 * the command register. First what came is taken, which ends it, then the next is let in.
 */
static void rearm(void)
{
	uint16_t command;

	(void)bar0[AXVM_IVC_PCI_STATUS / 4];
	if (pread(config, &command, 2, 4) != 2)
		die("read of the command register");
	command &= ~(1 << 10);
	if (pwrite(config, &command, 2, 4) != 2)
		die("write of the command register");
}

static void take(void)
{
	struct axvm_ivc_event event;
	uint32_t interrupts;

	if (!bar0) {
		if (read(fd, &event, sizeof(event)) != sizeof(event))
			die("read");
		return;
	}
	if (read(fd, &interrupts, 4) != 4)
		die("read");
	rearm();
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
	if (argv[1][0] == '/')
		open_device(argv[1]);
	else
		open_function(argv[1]);
	target = strtoul(argv[3], NULL, 0);
	talk.bell = bell;
	talk.wait = take;
	ret = talk_start(&talk, section, size, strtoul(argv[2], NULL, 0));
	if (bar0)
		rearm();
	puts("ready.");
	if (!ret)
		ret = run(argv[4], argc > 5 ? strtoul(argv[5], NULL, 0) : 0);
	printf("%s result=%d messages=%u bytes=%u sum=0x%x bad=%u restarts=%u lies=%u guard=%s.\n",
	       argv[4], ret, talk.messages, talk.bytes, talk.sum, talk.bad, talk.restarts,
	       talk.lies, talk_guarded(&talk) ? "whole" : "broken");
	return ret ? 1 : 0;
}
