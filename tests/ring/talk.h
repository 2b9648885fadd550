/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A conversation over uapi/axvm_ring.h, the same in bare-metal guests and in
 * programs on Linux: echoes, bulk transfer, every message with its number and
 * checksum, and a peer that lies. Who includes this says how to wait and how to ring.
 */
#ifndef AXVM_TALK_H
#define AXVM_TALK_H

#include "../../uapi/axvm_ring.h"

#define TALK_MAX	1500U	/* bytes of a message, its head included */
#define TALK_GUARD	0x5a17e7edU

enum talk_kind { TALK_PING = 1, TALK_DATA, TALK_END };

struct talk_message {
	unsigned int kind, nr, len, sum;	/* sum of what follows, kind and number */
	unsigned char data[TALK_MAX - 16];
};

struct talk {
	struct axvm_ring ring;
	void (*bell)(void);	/* ring the peer */
	void (*wait)(void);	/* until it has rung since the last time */
	int news;		/* something that the peer has not been rung for */
	unsigned int seed;
	/* What came of it: messages, bytes of data, all their sums in one. */
	unsigned int messages, bytes, sum, bad, restarts, lies;
	unsigned int guard[2];	/* around what messages are received into */
	struct talk_message in;
	unsigned int guard_end[2];
	struct talk_message out;
};

static inline unsigned int talk_random(unsigned int *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 17;
	*seed ^= *seed << 5;
	return *seed;
}

static inline unsigned int talk_sum(const struct talk_message *m, unsigned int len)
{
	unsigned int sum = (2166136261U ^ m->kind) * 16777619U, i;

	sum = (sum ^ m->nr) * 16777619U;
	for (i = 0; i < len; i++)
		sum = (sum ^ m->data[i]) * 16777619U;
	return sum;
}

/* All fields of the guard are as they were: nothing was received past its place. */
static inline int talk_guarded(const struct talk *t)
{
	return t->guard[0] == TALK_GUARD && t->guard[1] == TALK_GUARD &&
	       t->guard_end[0] == TALK_GUARD && t->guard_end[1] == TALK_GUARD;
}

static inline void talk_clear(struct talk *t)
{
	t->messages = 0;
	t->bytes = 0;
	t->sum = 0;
	t->bad = 0;
}

static inline int talk_start(struct talk *t, void *section, unsigned long bytes, unsigned int side)
{
	t->guard[0] = t->guard[1] = TALK_GUARD;
	t->guard_end[0] = t->guard_end[1] = TALK_GUARD;
	t->seed = 1;
	t->restarts = 0;
	t->lies = 0;
	t->news = 1;	/* a life has begun */
	talk_clear(t);
	return axvm_ring_split(&t->ring, section, bytes, side);
}

/* Something has happened to this half: the peer is told before this one sleeps. */
static inline int talk_note(struct talk *t, unsigned int seen, int ret)
{
	if (ret >= 0 || seen != t->ring.seen)
		t->news = 1;
	return ret;
}

static inline void talk_tell(struct talk *t)
{
	if (t->news) {
		t->news = 0;
		t->bell();
	}
}

static inline void talk_wait(struct talk *t, int known)
{
	talk_tell(t);
	/* Before it knew the peer, a ring may have come when nothing was there yet. */
	if (known)
		t->wait();
}

/* Return: 0, or AXVM_RING_EPIPE, AXVM_RING_EPROTO. */
static inline int talk_send(struct talk *t, const struct talk_message *m)
{
	unsigned int seen;
	int ret;

	for (;;) {
		seen = t->ring.seen;
		ret = talk_note(t, seen, axvm_ring_send(&t->ring, m, 16 + m->len));
		if (ret != AXVM_RING_EAGAIN)
			return ret;
		talk_wait(t, seen == t->ring.seen);
	}
}

/* Return: 0 with a message in t->in that is what it was, or an error. */
static inline int talk_receive(struct talk *t)
{
	unsigned int seen;
	int ret;

	for (;;) {
		seen = t->ring.seen;
		ret = talk_note(t, seen, axvm_ring_receive(&t->ring, &t->in, sizeof(t->in)));
		if (ret >= 0)
			break;
		if (ret != AXVM_RING_EAGAIN)
			return ret;
		talk_wait(t, seen == t->ring.seen);
	}
	if (ret < 16 || t->in.len != (unsigned int)ret - 16 ||
	    t->in.sum != talk_sum(&t->in, t->in.len))
		t->bad++;
	return 0;
}

static inline void talk_count(struct talk *t, const struct talk_message *m)
{
	t->messages++;
	t->bytes += m->len;
	t->sum = (t->sum << 1 | t->sum >> 31) ^ m->sum;
}

/* A message of any length and content. */
static inline struct talk_message *talk_compose(struct talk *t, enum talk_kind kind,
						unsigned int nr)
{
	struct talk_message *m = &t->out;
	unsigned int i;

	m->kind = kind;
	m->nr = nr;
	m->len = kind == TALK_END ? 0 : talk_random(&t->seed) % sizeof(m->data);
	for (i = 0; i < m->len; i++)
		m->data[i] = talk_random(&t->seed);
	m->sum = talk_sum(m, m->len);
	return m;
}

/* The end is acknowledged: then all of it has arrived. */
static inline int talk_end(struct talk *t)
{
	int ret = talk_send(t, talk_compose(t, TALK_END, t->messages));

	if (!ret)
		ret = talk_receive(t);
	if (!ret && (t->in.kind != TALK_END || t->in.nr != t->messages))
		t->bad++;
	talk_tell(t);
	return ret;
}

/* Each message comes back as it went. The peer serves. */
static inline int talk_ping(struct talk *t, unsigned int rounds)
{
	unsigned int i;
	int ret = 0;

	talk_clear(t);
	for (i = 0; i < rounds && !ret; i++) {
		ret = talk_send(t, talk_compose(t, TALK_PING, i));
		if (!ret)
			ret = talk_receive(t);
		if (ret)
			break;
		if (t->in.kind != TALK_PING || t->in.nr != i || t->in.sum != t->out.sum)
			t->bad++;
		talk_count(t, &t->in);
	}
	return ret ? ret : talk_end(t);
}

/* As many as there is room for at a time. */
static inline int talk_bulk(struct talk *t, unsigned int messages)
{
	unsigned int i;
	int ret;

	talk_clear(t);
	for (i = 0; i < messages; i++) {
		ret = talk_send(t, talk_compose(t, TALK_DATA, i));
		if (ret)
			return ret;
		talk_count(t, &t->out);
	}
	return talk_end(t);
}

static inline int talk_answer(struct talk *t)
{
	if (t->in.nr != t->messages)
		t->bad++;
	if (t->in.kind == TALK_DATA) {
		talk_count(t, &t->in);
		return 0;
	}
	if (t->in.kind == TALK_PING)
		talk_count(t, &t->in);
	return talk_send(t, &t->in);
}

/* The other end of both, until the peer says that it has ended; one that starts anew begins at 0. */
static inline int talk_serve(struct talk *t)
{
	int ret;

	talk_clear(t);
	for (;;) {
		ret = talk_receive(t);
		if (!ret)
			ret = talk_answer(t);
		if (ret == AXVM_RING_EPIPE) {
			t->restarts++;
			talk_clear(t);
			continue;
		}
		if (ret || t->in.kind == TALK_END)
			break;
	}
	talk_tell(t);
	return ret;
}

/* Talk to a peer that lies, until so many lies were seen through; nothing but the buffer has changed. */
static inline void talk_endure(struct talk *t, unsigned int lies)
{
	unsigned int i, last = 0, now;
	int ret;

	talk_clear(t);
	for (i = 0; t->lies < lies; i++) {
		ret = i & 1 ? axvm_ring_send(&t->ring, talk_compose(t, TALK_DATA, i), 16 + i % 400) :
			      axvm_ring_receive(&t->ring, &t->in, sizeof(t->in));
		if (ret >= 0)
			t->messages++;
		else if (ret == AXVM_RING_EPIPE)
			t->restarts++;
		/* The same one again is none. */
		now = AXVM_RING_LOAD(&t->ring.peer->head) ^ AXVM_RING_LOAD(&t->ring.peer->tail) << 7;
		if (ret == AXVM_RING_EPROTO && now != last)
			t->lies++;
		last = now;
	}
	t->bell();	/* that will do */
}

static inline unsigned int talk_lie(struct talk *t, unsigned int old)
{
	unsigned int any = talk_random(&t->seed);

	switch (any >> 29) {
	case 0:
		return any;
	case 1:
		return old + t->ring.size;
	case 2:
		return 0U - any % 64;
	case 3:
		return t->ring.size - 4 + any % 8;
	default:
		return old + any % 512;
	}
}

/*
 * Be that peer: indices and lengths of one's own half that make no sense, and the
 * peer's half written over. Epochs stay, or nothing would be looked at any more.
 */
static inline void talk_scribble(struct talk *t, unsigned int times)
{
	struct axvm_ring_half *mine = t->ring.mine;
	struct axvm_ring_half *other = (struct axvm_ring_half *)(unsigned long)t->ring.peer;
	unsigned int i, any, *word;

	for (i = 0; i < times; i++) {
		any = talk_random(&t->seed);
		if (any % 64 == 0)
			word = (unsigned int *)mine + (any >> 8) % (AXVM_RING_HEADER / 4);
		else if (any % 64 == 1)
			word = &other->head + (any >> 8) % (t->ring.size / 4);
		else if (any % 4 == 2)
			word = (unsigned int *)mine->data + (any >> 8) % (t->ring.size / 4);
		else
			word = any & 64 ? &mine->head : &mine->tail;
		AXVM_RING_STORE(word, talk_lie(t, *word));
		if (any % 16 == 3) {
			AXVM_RING_STORE(&mine->magic, AXVM_RING_MAGIC);
			AXVM_RING_STORE(&mine->epoch, t->ring.epoch);
			AXVM_RING_STORE(&mine->seen, AXVM_RING_LOAD(&other->epoch));
		}
	}
}

#endif
