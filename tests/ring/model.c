// SPDX-License-Identifier: GPL-2.0
/*
 * Model checker for uapi/axvm_ring.h: runs two peers through every interleaving
 * of their accesses and every value that the C11 release/acquire model lets a
 * load return (any store that its thread does not know to be overwritten), with
 * restarts of a peer at any access. Data is not atomic: an access that is not
 * ordered after the other side's last one is a race, and an error.
 *
 * A thread is not kept on a stack: its state is the call that it is in and
 * what its accesses returned so far. One step runs the call again from the
 * start, feeds it these, performs one access more, and leaves by longjmp(). So
 * a state is a plain struct, is visited once, and the graph of all of them can
 * be asked afterwards whether each still leads to the end.
 */
#include <setjmp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static unsigned int model_load(const unsigned int *p);
static unsigned int model_load_relaxed(const unsigned int *p);
static void model_store(unsigned int *p, unsigned int value);
static void model_store_relaxed(unsigned int *p, unsigned int value);
static void model_copy(void *to, const void *from, unsigned int len);

#define AXVM_RING_LOAD(p)		model_load(p)
#define AXVM_RING_STORE(p, v)		model_store(p, v)
#define AXVM_RING_COPY(to, from, len)	model_copy(to, from, len)
/* Only for headers that are broken on purpose, see run-host: without an order. */
#define RELAXED_LOAD(p)			model_load_relaxed(p)
#define RELAXED_STORE(p, v)		model_store_relaxed(p, v)
#define AXVM_RING_MIN			16U
#ifdef RING_HEADER
#include RING_HEADER
#else
#include "../../uapi/axvm_ring.h"
#endif

#define SIZE		16		/* bytes of data in a half */
#define WORDS		5		/* magic, epoch, seen, head, tail */
#define LOCATIONS	(2 * WORDS)
#define MAX_STORES	14
#define MAX_LOG		16
#define MAX_MESSAGES	4
#define TABLE		(1U << 24)	/* visited states; a power of two */

/* What a thread knows: of each word the newest store, of each thread the time. */
struct view {
	uint8_t store[LOCATIONS];
	uint8_t clock[2];
};

struct store {
	uint32_t value;
	struct view view;
};

struct word {
	uint8_t n;
	struct store store[MAX_STORES];
};

/* When a byte was last written by its owner and read by the other. */
struct byte {
	uint8_t value, written, read;
};

struct entry {
	uint32_t value;
	uint8_t bytes[SIZE];
};

enum call { START, SEND, RECEIVE, DONE };

struct thread {
	struct axvm_ring ring;
	struct view view;
	uint8_t call, life, restarts;
	uint8_t sent, got;		/* messages of this life */
	uint8_t from_life, from_next;	/* of the last message: its sender's life; what comes next */
	uint8_t told, connected;	/* EPIPE since then; a message came in this life */
	uint8_t n;
	struct entry log[MAX_LOG];
};

struct state {
	struct word word[LOCATIONS];
	struct byte data[2][SIZE];
	struct thread thread[2];
};

struct scenario {
	const char *name;
	int send[2];			/* messages, by thread */
	uint8_t length[MAX_MESSAGES];	/* of each message */
	int restarts[2];
};

static union {
	struct axvm_ring_half half;
	unsigned char bytes[AXVM_RING_HEADER + SIZE];
} __attribute__((aligned(64))) memory[2];

static const struct scenario *scenario;
static struct state *now;		/* being stepped */
static int self;			/* thread */
static int done;			/* accesses of the call so far */
static unsigned int choice, choices;	/* of the load: which, and of how many */
static bool stepped;			/* this step's access is made */
static bool failed;
static jmp_buf out;

static void fail(const char *what)
{
	if (!failed)
		printf("# %s: %s\n", scenario ? scenario->name : "hostile peer", what);
	failed = true;
	longjmp(out, 1);
}

/* Where does an address of the header's code belong? */
static bool find(const void *p, int *half, int *word, unsigned int *offset)
{
	for (*half = 0; *half < 2; (*half)++) {
		struct axvm_ring_half *h = &memory[*half].half;
		unsigned int *words[WORDS] = { &h->magic, &h->epoch, &h->seen, &h->head, &h->tail };

		for (*word = 0; *word < WORDS; (*word)++)
			if (p == words[*word])
				return true;
		*offset = (const unsigned char *)p - h->data;
		*word = -1;
		if ((const unsigned char *)p >= h->data && *offset < SIZE)
			return true;
	}
	return false;
}

static void join(struct view *a, const struct view *b)
{
	int i;

	for (i = 0; i < LOCATIONS; i++)
		if (b->store[i] > a->store[i])
			a->store[i] = b->store[i];
	for (i = 0; i < 2; i++)
		if (b->clock[i] > a->clock[i])
			a->clock[i] = b->clock[i];
}

/* Return: the entry of an access made before, or NULL when this step makes it. */
static struct entry *replay(void)
{
	struct thread *t = &now->thread[self];

	if (done < t->n)
		return &t->log[done++];
	if (stepped)
		longjmp(out, 1);
	if (t->n == MAX_LOG)
		fail("a call without end");
	stepped = true;
	done++;
	memset(&t->log[t->n], 0, sizeof(t->log[0]));
	return NULL;
}

static void read_data(int half, unsigned int offset, unsigned int len, uint8_t *to)
{
	struct thread *t = &now->thread[self];
	unsigned int i;

	if (half == self)
		fail("reads back its own data");
	if (offset + len > SIZE)
		fail("reads beyond the data");
	for (i = 0; i < len; i++) {
		struct byte *b = &now->data[half][offset + i];

		if (b->written > t->view.clock[!self])
			fail("reads data that is still being written");
		b->read = t->view.clock[self];
		to[i] = b->value;
	}
}

static unsigned int load(const unsigned int *p, bool relaxed)
{
	struct thread *t = &now->thread[self];
	struct entry *e = replay();
	struct word *word;
	unsigned int offset, known;
	int half, index;

	if (e)
		return e->value;
	e = &t->log[t->n++];
	if (!find(p, &half, &index, &offset))
		fail("loads from nowhere");
	if (index < 0) {
		read_data(half, offset, 4, (uint8_t *)&e->value);
		return e->value;
	}
	word = &now->word[half * WORDS + index];
	known = t->view.store[half * WORDS + index];
	choices = word->n - known;
	known += choice;
	t->view.store[half * WORDS + index] = known;
	if (!relaxed)
		join(&t->view, &word->store[known].view);
	e->value = word->store[known].value;
	return e->value;
}

static unsigned int model_load(const unsigned int *p)
{
	return load(p, false);
}

static unsigned int __attribute__((unused)) model_load_relaxed(const unsigned int *p)
{
	return load(p, true);
}

static void store(unsigned int *p, unsigned int value, bool relaxed)
{
	struct thread *t = &now->thread[self];
	struct word *word;
	unsigned int offset;
	int half, index, at;

	if (replay())
		return;
	t->n++;
	if (!find(p, &half, &index, &offset) || index < 0 || half != self)
		fail("stores where it may not");
	at = half * WORDS + index;
	word = &now->word[at];
	if (word->n == MAX_STORES)
		fail("more stores than the model has room for");
	t->view.store[at] = word->n;
	word->store[word->n] = (struct store){ .value = value };
	if (!relaxed)
		word->store[word->n].view = t->view;
	word->n++;
	t->view.clock[self]++;
}

static void model_store(unsigned int *p, unsigned int value)
{
	store(p, value, false);
}

static void __attribute__((unused)) model_store_relaxed(unsigned int *p, unsigned int value)
{
	store(p, value, true);
}

static void model_copy(void *to, const void *from, unsigned int len)
{
	struct thread *t = &now->thread[self];
	struct entry *e = replay();
	unsigned int offset, i;
	int half, index;

	if (e) {
		if (!find(to, &half, &index, &offset))
			memcpy(to, e->bytes, len);
		return;
	}
	e = &t->log[t->n++];
	if (find(from, &half, &index, &offset)) {
		if (index >= 0)
			fail("copies a word");
		read_data(half, offset, len, e->bytes);
		memcpy(to, e->bytes, len);
		return;
	}
	if (!len)
		return;
	if (!find(to, &half, &index, &offset) || index >= 0 || half != self || offset + len > SIZE)
		fail("copies to where it may not");
	for (i = 0; i < len; i++) {
		struct byte *b = &now->data[half][offset + i];

		if (b->read > t->view.clock[!self])
			fail("overwrites data that is still being read");
		b->written = t->view.clock[self];
		b->value = ((const uint8_t *)from)[i];
	}
}

/* A message says who sent it in which life, and which of that life's it is. */
static uint8_t pattern(int sender, int life, int number, int i)
{
	return sender << 7 | (life & 3) << 5 | (number & 7) << 2 | (i & 3);
}

static void check_message(struct thread *t, const uint8_t *buf, int len)
{
	int life, number, i;

	/* Empty messages say nothing of themselves; their place does. */
	life = len ? buf[0] >> 5 & 3 : t->from_life;
	number = len ? buf[0] >> 2 & 7 : t->from_next;
	if (len != scenario->length[number])
		fail("a message of the wrong length");
	for (i = 0; i < len; i++)
		if (buf[i] != pattern(!self, life, number, i))
			fail("a message with wrong bytes");
	if (life < t->from_life)
		fail("a message of a life that is over");
	if (life != t->from_life && t->connected && !t->told)
		fail("a new life, and nobody told");
	if (life == t->from_life && t->connected && !t->told && number != t->from_next)
		fail("a message lost, doubled or out of order");
	if (life == t->from_life && t->connected && number < t->from_next)
		fail("a message doubled");
	if (!t->restarts && !scenario->restarts[0] && !scenario->restarts[1] &&
	    number != t->from_next)
		fail("a message lost, doubled or out of order");
	t->from_life = life;
	t->from_next = number + 1;
	t->connected = 1;
	t->told = 0;
	t->got++;
}

/* The next call: first all that is to be sent, a message received whenever one may be there. */
static void next_call(struct thread *t, enum call last, int result)
{
	if (result == AXVM_RING_EPIPE)
		t->told = 1;
	else if (result < 0 && result != AXVM_RING_EAGAIN)
		fail(result == AXVM_RING_EPROTO ? "an honest peer is said to lie" : "a call fails");
	if (last == SEND && !result)
		t->sent++;
	t->n = 0;
	memset(t->log, 0, sizeof(t->log));
	if (t->sent < scenario->send[self] && last != SEND)
		t->call = SEND;
	else if (scenario->send[!self] && t->got < scenario->send[!self])
		t->call = RECEIVE;
	else if (t->sent < scenario->send[self])
		t->call = SEND;
	else
		t->call = scenario->restarts[!self] ? RECEIVE : DONE;
}

/* From the start of the thread's call to its next access, or to its end. */
static void run_call(struct thread *t)
{
	struct axvm_ring before = t->ring;
	uint8_t buf[SIZE] = { 0 };
	enum call call = t->call;
	int result = 0, len, i;

	done = 0;
	stepped = false;
	if (setjmp(out)) {
		t->ring = before;	/* it will be run again */
		return;
	}
	if (call == START) {
		result = axvm_ring_init(&t->ring, &memory[self], &memory[!self],
					AXVM_RING_HEADER + SIZE);
	} else if (call == SEND) {
		len = scenario->length[t->sent];
		for (i = 0; i < len; i++)
			buf[i] = pattern(self, t->life, t->sent, i);
		result = axvm_ring_send(&t->ring, buf, len);
	} else {
		result = axvm_ring_receive(&t->ring, buf, sizeof(buf));
		if (result >= 0)
			check_message(t, buf, result);
	}
	next_call(t, call, result < 0 ? result : 0);
}

static bool can_restart(const struct thread *t)
{
	return t->restarts && t->call != START;
}

/* The peer dies where it is and starts anew, as another thread of the same memory. */
static void restart(struct thread *t)
{
	struct view view = t->view;
	uint8_t life = t->life + 1, restarts = t->restarts - 1;

	memset(t, 0, sizeof(*t));
	t->view = view;
	t->life = life;
	t->restarts = restarts;
	t->ring = (struct axvm_ring){ 0 };
}

/* All states seen, by hash; each with its parents, for the question about the end. */
struct seen {
	uint64_t hash;
	uint32_t number;
};

struct edge {
	uint32_t from, to;
};

static struct seen *table;
static struct edge *edges;
static uint8_t *ends;		/* of each state: leads to the end */
static uint32_t nr_states, nr_edges, max_edges;

static uint64_t hash_state(const struct state *s)
{
	const uint64_t *p = (const uint64_t *)s;
	uint64_t h = 0x9e3779b97f4a7c15ULL;
	size_t i;

	for (i = 0; i < sizeof(*s) / 8; i++) {
		h = (h ^ p[i]) * 0xff51afd7ed558ccdULL;
		h ^= h >> 32;
	}
	return h ? h : 1;
}

/* Return: true when it is new. */
static bool remember(const struct state *s, uint32_t *number)
{
	uint64_t hash = hash_state(s);
	uint32_t i = hash & (TABLE - 1);

	for (; table[i].hash; i = (i + 1) & (TABLE - 1)) {
		if (table[i].hash == hash) {
			*number = table[i].number;
			return false;
		}
	}
	if (nr_states > TABLE / 4 * 3) {
		printf("# more states than the model has room for\n");
		exit(1);
	}
	*number = nr_states++;
	table[i] = (struct seen){ hash, *number };
	return true;
}

static void add_edge(uint32_t from, uint32_t to)
{
	if (nr_edges == max_edges) {
		max_edges = max_edges ? 2 * max_edges : 1 << 20;
		edges = realloc(edges, max_edges * sizeof(*edges));
		if (!edges)
			exit(1);
	}
	edges[nr_edges++] = (struct edge){ from, to };
}

static bool at_end(const struct state *s)
{
	int i;

	for (i = 0; i < 2; i++) {
		const struct thread *t = &s->thread[i];

		if (t->sent < scenario->send[i])
			return false;
		/* What was on its way when a peer died is lost. */
		if (t->got < scenario->send[!i] && !scenario->restarts[0] && !scenario->restarts[1])
			return false;
	}
	return true;
}

static void explore(const struct state *s, uint32_t number);

static void visit(const struct state *s, uint32_t from)
{
	uint32_t number;
	bool fresh = remember(s, &number);

	add_edge(from, number);
	if (fresh)
		explore(s, number);
}

static void explore(const struct state *s, uint32_t number)
{
	struct state next;
	unsigned int i, n;
	int t;

	ends[number] = at_end(s);
	for (t = 0; t < 2; t++) {
		for (i = 0, n = s->thread[t].call == DONE ? 0 : 1; i < n && !failed; i++) {
			next = *s;
			now = &next;
			self = t;
			choice = i;
			choices = 1;
			run_call(&next.thread[t]);
			n = choices;
			if (!failed)
				visit(&next, number);
		}
		if (can_restart(&s->thread[t]) && !failed) {
			next = *s;
			restart(&next.thread[t]);
			visit(&next, number);
		}
	}
}

/* Can every state still get to the end? */
static bool all_end(void)
{
	bool more = true;
	uint32_t i;

	while (more) {
		more = false;
		for (i = nr_edges; i-- > 0;) {
			if (ends[edges[i].to] && !ends[edges[i].from]) {
				ends[edges[i].from] = 1;
				more = true;
			}
		}
	}
	for (i = 0; i < nr_states; i++)
		if (!ends[i])
			return false;
	return true;
}

static void run_scenario(const struct scenario *sc)
{
	struct state s;
	uint32_t number;
	int i;

	scenario = sc;
	failed = false;
	nr_states = 0;
	nr_edges = 0;
	memset(table, 0, TABLE * sizeof(*table));
	memset(&s, 0, sizeof(s));
	for (i = 0; i < LOCATIONS; i++)
		s.word[i].n = 1;
	for (i = 0; i < 2; i++) {
		s.thread[i].view.clock[i] = 1;
		s.thread[i].restarts = sc->restarts[i];
	}
	remember(&s, &number);
	explore(&s, number);
	if (!failed && !all_end()) {
		printf("# %s: some state never gets to the end\n", sc->name);
		failed = true;
	}
}

static const struct scenario scenarios[] = {
	{ "one way", { 4, 0 }, { 5, 0, 9, 12 }, { 0, 0 } },
	{ "full after each message", { 3, 0 }, { 12, 12, 9 }, { 0, 0 } },
	{ "both ways", { 2, 2 }, { 7, 12 }, { 0, 0 } },
	{ "the sender starts anew", { 2, 0 }, { 9, 5 }, { 1, 0 } },
	{ "the receiver starts anew", { 2, 0 }, { 9, 5 }, { 0, 1 } },
	{ "the sender starts anew twice", { 1, 0 }, { 5 }, { 2, 0 } },
	{ "both start anew", { 1, 0 }, { 9 }, { 1, 1 } },
};

int main(void)
{
	unsigned int i, passed = 0, n = sizeof(scenarios) / sizeof(scenarios[0]);

	table = malloc(TABLE * sizeof(*table));
	ends = malloc(TABLE);
	if (!table || !ends)
		return 1;
	for (i = 0; i < n; i++) {
		run_scenario(&scenarios[i]);
		passed += !failed;
		printf("%sok %s (%u states)\n", failed ? "not " : "", scenarios[i].name, nr_states);
		fflush(stdout);
	}
	printf("%u passed, %u failed, 0 skipped\n", passed, n - passed);
	return passed != n;
}
