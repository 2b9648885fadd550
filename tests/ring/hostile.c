// SPDX-License-Identifier: GPL-2.0
/*
 * What the other half says is a lie: calls the functions of uapi/axvm_ring.h with
 * every word of the peer, at each single read of it, being anything of what could
 * do harm. No access may leave the two halves and the caller's buffer, nothing
 * but one's own half may be written, and each call must come to its end.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static unsigned int hostile_load(const unsigned int *p);
static void hostile_store(unsigned int *p, unsigned int value);
static void hostile_copy(void *to, const void *from, unsigned int len);

#define AXVM_RING_LOAD(p)		hostile_load(p)
#define AXVM_RING_STORE(p, v)		hostile_store(p, v)
#define AXVM_RING_COPY(to, from, len)	hostile_copy(to, from, len)
#define AXVM_RING_MIN			16U
#ifdef RING_HEADER
#include RING_HEADER
#else
#include "../../uapi/axvm_ring.h"
#endif

#define SIZE		16
#define MAX_DEPTH	64
#define MAX_ACCESSES	40	/* of one call */

static union {
	struct axvm_ring_half half;
	unsigned char bytes[AXVM_RING_HEADER + SIZE];
} __attribute__((aligned(64))) memory[2];

static unsigned char buffer[4 * SIZE];
static unsigned int room;		/* of it, as this call is told */
static struct axvm_ring ring;
static unsigned int path[MAX_DEPTH], width[MAX_DEPTH], depth;
static unsigned int accesses;
static const char *wrong;

/* Each combination once: an odometer over all choices of a run. */
static unsigned int choose(unsigned int n)
{
	if (depth == MAX_DEPTH) {
		wrong = "more reads of the peer than there can be";
		return 0;
	}
	width[depth] = n;
	return path[depth++];
}

static bool next_path(void)
{
	while (depth) {
		depth--;
		if (++path[depth] < width[depth])
			return true;
		path[depth] = 0;
	}
	return false;
}

static bool within(const void *p, unsigned int len, const void *base, unsigned int size)
{
	size_t offset = (const char *)p - (const char *)base;

	return offset <= size && len <= size - offset;
}

static void count(void)
{
	if (++accesses > MAX_ACCESSES) {
		printf("# a call that does not end\nnot ok hostile peer\n0 passed, 1 failed, 0 skipped\n");
		exit(1);
	}
}

static unsigned int hostile_load(const unsigned int *p)
{
	/* Around each limit that an index or a length is compared with, and where sums wrap. */
	const unsigned int lies[] = {
		0, 1, 2, 3, 4, 5, 8, SIZE - 5, SIZE - 4, SIZE - 3, SIZE - 1, SIZE, SIZE + 1, SIZE + 4,
		2 * SIZE, 0x7fffffff, 0x80000000, 0xfffffff0, 0xfffffffb, 0xfffffffc, 0xffffffff,
		ring.head, ring.head - 1, ring.head - SIZE, ring.head - SIZE - 1, ring.head + 4,
		ring.tail + 4, ring.tail + 8, ring.tail + SIZE, ring.tail + SIZE + 4, ring.tail - 4,
	};
	const unsigned int lives[] = { 0, 1, 2, 3, 4, ring.seen, ring.epoch };

	count();
	if (within(p, 4, &memory[0], sizeof(memory[0])))
		return *p;
	if (!within(p, 4, &memory[1], AXVM_RING_HEADER + SIZE))
		wrong = "loads from beyond the halves";
	if (p == &memory[1].half.magic)
		return choose(2) ? 0 : AXVM_RING_MAGIC;
	if (p == &memory[1].half.epoch || p == &memory[1].half.seen)
		return lives[choose(sizeof(lives) / sizeof(lives[0]))];
	return lies[choose(sizeof(lies) / sizeof(lies[0]))];
}

static void hostile_store(unsigned int *p, unsigned int value)
{
	count();
	if (!within(p, 4, &memory[0], AXVM_RING_HEADER))
		wrong = "stores beyond its own words";
	else
		*p = value;
}

static void hostile_copy(void *to, const void *from, unsigned int len)
{
	count();
	if (within(to, 0, memory[0].half.data, SIZE)) {
		if (!within(to, len, memory[0].half.data, SIZE))
			wrong = "sends beyond its data";
	} else if (len > room || !within(to, len, buffer, sizeof(buffer))) {
		wrong = "receives beyond the buffer";
	} else if (!within(from, len, memory[1].half.data, SIZE)) {
		wrong = "receives from beyond the data";
	}
}

/* One run: a call, from one of several places where the ring may be, on the peer's word. */
static void calls(int first)
{
	static const unsigned int lengths[] = { 0, 5, SIZE - 4, SIZE, 4 * SIZE, 0xffffffff };
	unsigned int i = choose(sizeof(lengths) / sizeof(lengths[0]));
	int result;

	accesses = 0;
	memset(&memory[0], 0, sizeof(memory[0]));
	axvm_ring_init(&ring, &memory[0], &memory[1], AXVM_RING_HEADER + SIZE);
	/* A ring that has been in use, at a place where its numbers wrap. */
	ring.seen = 2;
	ring.head = 0xfffffff4 + 4 * choose(5);
	ring.tail = 0xfffffff4 + 4 * choose(5);
	accesses = 0;
	if (first) {
		room = 0;
		result = axvm_ring_send(&ring, buffer, lengths[i]);
		if (!result && lengths[i] > SIZE - 4)
			wrong = "sends more than fits";
	} else {
		room = lengths[i];
		result = axvm_ring_receive(&ring, buffer, room);
		if (result > 0 && (unsigned int)result > room)
			wrong = "receives more than there is room for";
	}
}

int main(void)
{
	unsigned long runs = 0;
	int first;

	for (first = 0; first < 2; first++) {
		do {
			depth = 0;
			calls(first);
			runs++;
		} while (!wrong && next_path());
	}
	if (wrong)
		printf("# %s\n", wrong);
	printf("%sok hostile peer (%lu runs)\n", wrong ? "not " : "", runs);
	printf("%d passed, %d failed, 0 skipped\n", !wrong, !!wrong);
	return !!wrong;
}
