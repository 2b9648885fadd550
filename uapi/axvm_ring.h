/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * Messages through a channel: a lock-free ring with one producer and one
 * consumer in each direction, for bare-metal guests, Linux kernels and Linux
 * programs alike. Header only; no allocation, no library but memory copies.
 *
 * Each of two peers owns one half, which it alone writes: the data that it
 * sends, how much it has sent (head) and how much it has received (tail). So a
 * pair works through one channel that both may write, and as well through two
 * channels that each may be written by its publisher only.
 *
 * The other half is hostile: every number of it is read once, checked, and only
 * then used. A peer that lies gets AXVM_RING_EPROTO or garbage to itself; it
 * cannot make these functions touch memory outside of the two halves and of the
 * caller's buffer, and cannot make them loop.
 *
 * A peer that starts anew (its guest was reset, its program died) is found by
 * its epoch: what was on its way is lost, in both directions, and the caller is
 * told by AXVM_RING_EPIPE once. Between two such events no message is lost,
 * doubled, reordered or seen in part.
 *
 * No function waits or rings: ring the doorbell after sending (the peer may be
 * waiting for messages) and after receiving (it may be waiting for room).
 *
 * tests/ring explores every interleaving of two peers under the C11
 * release/acquire memory model, restarts and lies of the peer included.
 */
#ifndef _UAPI_AXVM_RING_H
#define _UAPI_AXVM_RING_H

#define AXVM_RING_MAGIC		0x31525841U	/* "AXR1" */
#define AXVM_RING_HEADER	192U		/* offset of the data in a half */
#ifndef AXVM_RING_MIN
#define AXVM_RING_MIN		64U		/* bytes of data, a power of two */
#endif
#define AXVM_RING_MAX		(1U << 30)
#define AXVM_RING_START		64U		/* of the section: what comes first is the channel's */

#define AXVM_RING_EAGAIN	(-11)	/* nothing there, no room, or the peer is not there yet */
#define AXVM_RING_EINVAL	(-22)	/* the halves are too small, or not aligned to 64 bytes */
#define AXVM_RING_EPIPE		(-32)	/* the peer has started anew: what was on its way is lost */
#define AXVM_RING_EPROTO	(-71)	/* the peer's numbers make no sense */
#define AXVM_RING_EMSGSIZE	(-90)	/* longer than the ring, or than the buffer */

/* A word has one writer; both sides use these for all words. */
#ifndef AXVM_RING_LOAD
#define AXVM_RING_LOAD(p)	__atomic_load_n(p, __ATOMIC_ACQUIRE)
#define AXVM_RING_STORE(p, v)	__atomic_store_n(p, v, __ATOMIC_RELEASE)
#endif

/* To and from the data of a half. An environment without memcpy() brings its own. */
#ifndef AXVM_RING_COPY
#define AXVM_RING_COPY(to, from, len)	__builtin_memcpy(to, from, len)
#endif

/* A half, in shared memory; three cache lines, then the data. */
struct axvm_ring_half {
	unsigned int magic;	/* 0: AXVM_RING_MAGIC */
	unsigned int epoch;	/* 4: of this peer's life; odd: it is starting; 0: never been here */
	unsigned int seen;	/* 8: the other peer's epoch that head and tail belong to */
	unsigned int pad0[13];
	unsigned int head;	/* 64: bytes sent, ever */
	unsigned int pad1[15];
	unsigned int tail;	/* 128: bytes received, ever */
	unsigned int pad2[15];
	unsigned char data[];	/* 192: messages: u32 length, then its bytes, padded to 4 */
};

/* One peer's own view; private to it. */
struct axvm_ring {
	struct axvm_ring_half *mine;
	const struct axvm_ring_half *peer;
	unsigned int size;	/* of the data in each half; both peers compute the same */
	unsigned int epoch;	/* mine */
	unsigned int seen;	/* the peer's; 0: it has not been seen */
	unsigned int head;	/* what mine->head says: never read back */
	unsigned int tail;
};

/**
 * axvm_ring_init() - start a peer's life
 * @r: filled in
 * @mine: this peer's half, which it may write; @peer: the other one. 64-byte aligned
 * @bytes: of each half, the same on both sides; at least 256
 *
 * What a former life had sent and not received is gone. Return: 0 or AXVM_RING_EINVAL.
 */
static inline int axvm_ring_init(struct axvm_ring *r, void *mine, const void *peer,
				 unsigned long bytes)
{
	struct axvm_ring_half *half = mine;
	unsigned int size = AXVM_RING_MIN;
	unsigned int epoch;

	if (bytes < AXVM_RING_HEADER + size || ((unsigned long)mine | (unsigned long)peer) & 63)
		return AXVM_RING_EINVAL;
	while (size < AXVM_RING_MAX && 2UL * size <= bytes - AXVM_RING_HEADER)
		size *= 2;
	epoch = (AXVM_RING_LOAD(&half->epoch) | 1) + 1;
	if (!epoch)
		epoch = 2;
	*r = (struct axvm_ring){ .mine = half, .peer = peer, .size = size, .epoch = epoch };
	/*
	 * The old life ends first: who sees one of these zeros can see that it has. The
	 * new one begins last: who sees its epoch sees none of the old numbers any more.
	 */
	AXVM_RING_STORE(&half->epoch, epoch - 1);
	AXVM_RING_STORE(&half->magic, AXVM_RING_MAGIC);
	AXVM_RING_STORE(&half->seen, 0);
	AXVM_RING_STORE(&half->head, 0);
	AXVM_RING_STORE(&half->tail, 0);
	AXVM_RING_STORE(&half->epoch, epoch);
	return 0;
}

/**
 * axvm_ring_split() - axvm_ring_init() for one section that both peers may write
 * @section: the channel's data section, @bytes long
 * @side: 0 for the one peer, 1 for the other
 */
static inline int axvm_ring_split(struct axvm_ring *r, void *section, unsigned long bytes,
				  unsigned int side)
{
	char *start = (char *)section + AXVM_RING_START;
	unsigned long half;

	if (bytes < AXVM_RING_START)
		return AXVM_RING_EINVAL;
	half = (bytes - AXVM_RING_START) / 2 & ~63UL;
	return axvm_ring_init(r, start + (side ? half : 0), start + (side ? 0 : half), half);
}

/*
 * Is there a peer that knows this life of ours? Numbers that belong to the
 * peer's former life are put back first; it does not look at ours before "seen" says so.
 */
static inline int axvm_ring_sync(struct axvm_ring *r)
{
	unsigned int epoch = AXVM_RING_LOAD(&r->peer->epoch);
	int known = r->seen != 0;

	if (epoch && epoch == r->seen)
		return AXVM_RING_LOAD(&r->peer->seen) == r->epoch ? 0 : AXVM_RING_EAGAIN;
	if (!epoch || epoch & 1 || AXVM_RING_LOAD(&r->peer->magic) != AXVM_RING_MAGIC)
		return AXVM_RING_EAGAIN;
	r->head = 0;
	r->tail = 0;
	r->seen = epoch;
	AXVM_RING_STORE(&r->mine->head, 0);
	AXVM_RING_STORE(&r->mine->tail, 0);
	AXVM_RING_STORE(&r->mine->seen, epoch);
	return known ? AXVM_RING_EPIPE : AXVM_RING_EAGAIN;
}

/* A number of the peer makes no sense: because it lies, or because its life has just ended? */
static inline int axvm_ring_doubt(struct axvm_ring *r)
{
	if (AXVM_RING_LOAD(&r->peer->epoch) == r->seen)
		return AXVM_RING_EPROTO;
	return axvm_ring_sync(r);
}

/* Bytes that a message of @len takes: cannot overflow for len <= size. */
static inline unsigned int axvm_ring_space(unsigned int len)
{
	return 4 + ((len + 3) & ~3U);
}

/* The part of [at, at + len) before the ring's end. */
static inline unsigned int axvm_ring_part(const struct axvm_ring *r, unsigned int at,
					  unsigned int len)
{
	unsigned int left = r->size - (at & (r->size - 1));

	return len < left ? len : left;
}

/**
 * axvm_ring_send() - send one message
 * @buf: @len bytes, 0 and more
 *
 * Return: 0, or AXVM_RING_EAGAIN, EPIPE, EPROTO, EMSGSIZE; then nothing was sent.
 */
static inline int axvm_ring_send(struct axvm_ring *r, const void *buf, unsigned int len)
{
	unsigned int mask = r->size - 1, at, used, part;
	int ret;

	if (len > r->size - 4)
		return AXVM_RING_EMSGSIZE;
	ret = axvm_ring_sync(r);
	if (ret)
		return ret;
	used = r->head - AXVM_RING_LOAD(&r->peer->tail);
	if (used > r->size)
		return axvm_ring_doubt(r);
	if (axvm_ring_space(len) > r->size - used)
		return AXVM_RING_EAGAIN;
	at = r->head;
	AXVM_RING_COPY(&r->mine->data[at & mask], &len, 4);
	at += 4;
	part = axvm_ring_part(r, at, len);
	AXVM_RING_COPY(&r->mine->data[at & mask], buf, part);
	if (part < len)
		AXVM_RING_COPY(&r->mine->data[0], (const char *)buf + part, len - part);
	r->head += axvm_ring_space(len);
	AXVM_RING_STORE(&r->mine->head, r->head);
	return 0;
}

/**
 * axvm_ring_receive() - receive one message
 * @buf: room for @max bytes
 *
 * Return: its length, 0 and more, or AXVM_RING_EAGAIN, EPIPE, EPROTO, or EMSGSIZE
 * when it does not fit (it stays; call again with more room).
 */
static inline int axvm_ring_receive(struct axvm_ring *r, void *buf, unsigned int max)
{
	unsigned int mask = r->size - 1, at = r->tail, there, len, part;
	int ret = axvm_ring_sync(r);

	if (ret)
		return ret;
	there = AXVM_RING_LOAD(&r->peer->head) - at;
	if (!there)
		return AXVM_RING_EAGAIN;
	if (there < 4 || there > r->size || there & 3)
		return axvm_ring_doubt(r);
	len = AXVM_RING_LOAD((const unsigned int *)&r->peer->data[at & mask]);
	if (len > r->size - 4 || axvm_ring_space(len) > there)
		return AXVM_RING_EPROTO;
	if (len > max)
		return AXVM_RING_EMSGSIZE;
	at += 4;
	part = axvm_ring_part(r, at, len);
	AXVM_RING_COPY(buf, &r->peer->data[at & mask], part);
	if (part < len)
		AXVM_RING_COPY((char *)buf + part, &r->peer->data[0], len - part);
	r->tail += axvm_ring_space(len);
	AXVM_RING_STORE(&r->mine->tail, r->tail);
	return (int)len;
}

#endif /* _UAPI_AXVM_RING_H */
