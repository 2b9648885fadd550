// SPDX-License-Identifier: GPL-2.0
/*
 * Linux as a peer of a channel, the other end of tests/guests/ivc.c:
 *
 *	ivcpeer DEVICE SIZE sum | fill SEED | word OFFSET | table | write-table | events
 *	ivcpeer DEVICE SIZE echo TARGET | ping TARGET ROUNDS | hold SECONDS | ring TARGET
 *	ivcpeer DEVICE SIZE send WORDS SEED | receive WORDS | late
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "../../uapi/axvm_guest.h"

#define PING	64
#define PONG	128
#define HEAD	192
#define TAIL	256
#define WORDS	512
#define END	UINT64_MAX

static uint8_t *data;
static const struct axvm_ivc_table *table;
static uint64_t size;
static int fd;
static sigjmp_buf back;

static void die(const char *what)
{
	fprintf(stderr, "ivcpeer: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void on_fault(int sig)
{
	siglongjmp(back, sig);
}

static uint64_t load(uint64_t offset)
{
	return __atomic_load_n((uint64_t *)(data + offset), __ATOMIC_ACQUIRE);
}

static void store(uint64_t offset, uint64_t value)
{
	__atomic_store_n((uint64_t *)(data + offset), value, __ATOMIC_RELEASE);
}

static uint64_t next_random(uint64_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return *seed;
}

static uint64_t mix(uint64_t sum, uint64_t word)
{
	return (sum << 1 | sum >> 63) ^ word;
}

static void open_channel(const char *path, const char *size_text)
{
	int prot = PROT_READ | PROT_WRITE;

	size = strtoull(size_text, NULL, 0);
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		die(path);
	data = mmap(NULL, size, prot, MAP_SHARED, fd, 0);
	if (data == MAP_FAILED && errno == EACCES)
		data = mmap(NULL, size, PROT_READ, MAP_SHARED, fd, 0);
	if (data == MAP_FAILED)
		die("mmap of the data section");
	table = mmap(NULL, AXVM_IVC_TABLE_SIZE, PROT_READ, MAP_SHARED, fd, size);
	if (table == MAP_FAILED)
		die("mmap of the state table");
}

static int ring(uint32_t target)
{
	return write(fd, &target, sizeof(target)) == sizeof(target) ? 0 : -errno;
}

static struct axvm_ivc_event wait_event(void)
{
	struct axvm_ivc_event event;

	if (read(fd, &event, sizeof(event)) != sizeof(event))
		die("read");
	return event;
}

static void do_sum(bool fills, uint64_t seed)
{
	uint64_t sum = 0;

	for (uint64_t at = WORDS; at < size; at += 8) {
		if (fills)
			store(at, next_random(&seed));
		sum = mix(sum, load(at));
	}
	printf("sum=0x%" PRIx64 ".\n", sum);
}

static void do_table(void)
{
	printf("table magic=0x%x state=%u generation=%u publisher=%llu", table->magic, table->state,
	       table->generation, table->publisher);
	for (int i = 0; i < AXVM_IVC_MAX_PEERS; i++)
		if (table->peer[i].state)
			printf(" p%d=%u/%u/%u/%u", i, table->peer[i].id, table->peer[i].state,
			       table->peer[i].rights, table->peer[i].epoch);
	puts(".");
}

static void do_echo(uint32_t target)
{
	uint64_t last = 0, rounds = 0;

	for (;;) {
		while (load(PING) == last)
			wait_event();
		last = load(PING);
		if (last == END)
			break;
		store(PONG, last);
		ring(target);
		rounds++;
	}
	store(PING, 0);
	printf("echo rounds=%" PRIu64 ".\n", rounds);
}

static void do_ping(uint32_t target, uint64_t rounds)
{
	for (uint64_t i = 1; i <= rounds; i++) {
		store(PING, i);
		ring(target);
		while (load(PONG) != i)
			wait_event();
	}
	store(PING, END);
	ring(target);
	printf("ping rounds=%" PRIu64 ".\n", rounds);
}

static void do_bulk(bool sends, uint64_t total, uint64_t seed)
{
	uint64_t slots = (size - WORDS) / 8, sum = 0, word;

	for (uint64_t i = 0; i < total; i++) {
		while (sends ? i - load(TAIL) >= slots : load(HEAD) == i)
			usleep(10);
		if (sends)
			store(WORDS + i % slots * 8, next_random(&seed));
		word = load(WORDS + i % slots * 8);
		sum = mix(sum, word);
		store(sends ? HEAD : TAIL, i + 1);
	}
	printf("%s words=%" PRIu64 " sum=0x%" PRIx64 ".\n", sends ? "sent" : "received", total, sum);
}

/* What must not work, or not without an error. */
static void do_late(void)
{
	struct pollfd poller = { .fd = fd, .events = POLLIN };
	uint32_t nobody = 12345;
	char small[8];

	printf("small-read=%d", read(fd, small, sizeof(small)) < 0 ? errno : 0);
	printf(" small-write=%d", write(fd, small, 3) < 0 ? errno : 0);
	printf(" ring-nobody=%d", write(fd, &nobody, 4) < 0 ? errno : 0);
	printf(" private=%d", mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, fd, 0) == MAP_FAILED ? errno : 0);
	printf(" beyond=%d", mmap(NULL, 8192, PROT_READ, MAP_SHARED, fd, size) == MAP_FAILED ? errno : 0);
	printf(" across=%d",
	       mmap(NULL, size + 4096, PROT_READ, MAP_SHARED, fd, 0) == MAP_FAILED ? errno : 0);
	printf(" write-table=%d",
	       mmap(NULL, 4096, PROT_WRITE, MAP_SHARED, fd, size) == MAP_FAILED ? errno : 0);
	printf(" mprotect=%d", mprotect((void *)table, 4096, PROT_READ | PROT_WRITE) ? errno : 0);
	poll(&poller, 1, 0);
	printf(" poll=%d.\n", !!(poller.revents & POLLHUP));
}

static void do_fault(void)
{
	signal(SIGSEGV, on_fault);
	signal(SIGBUS, on_fault);
	if (!sigsetjmp(back, 1))
		*(volatile uint32_t *)&table->state = 1;
	else
		puts("fault.");
}

int main(int argc, char **argv)
{
	const char *what = argc > 3 ? argv[3] : "";
	uint64_t a = argc > 4 ? strtoull(argv[4], NULL, 0) : 0;
	uint64_t b = argc > 5 ? strtoull(argv[5], NULL, 0) : 0;
	struct axvm_ivc_event event;

	if (argc < 4)
		return 2;
	setlinebuf(stdout);
	open_channel(argv[1], argv[2]);
	if (!strcmp(what, "sum") || !strcmp(what, "fill"))
		do_sum(what[0] == 'f', a);
	else if (!strcmp(what, "word"))
		printf("word=0x%" PRIx64 ".\n", load(a));
	else if (!strcmp(what, "table"))
		do_table();
	else if (!strcmp(what, "write-table"))
		do_fault();
	else if (!strcmp(what, "echo"))
		do_echo(a);
	else if (!strcmp(what, "ping"))
		do_ping(a, b);
	else if (!strcmp(what, "ring"))
		printf("ring=%d.\n", ring(a));
	else if (!strcmp(what, "send") || !strcmp(what, "receive"))
		do_bulk(what[0] == 's', a, b);
	else if (!strcmp(what, "late"))
		do_late();
	else if (!strcmp(what, "hold")) {
		puts("holding.");
		while (getchar() != EOF) {
			printf("held sum ");
			do_sum(false, 0);
			do_table();
		}
	} else {
		for (;;) {
			event = wait_event();
			printf("event rung=0x%x state=%u generation=%u.\n", event.rung, event.state,
			       event.generation);
			if (event.state != AXVM_IVC_LIVE)
				break;
		}
	}
	return 0;
}
