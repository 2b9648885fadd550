// SPDX-License-Identifier: GPL-2.0
/*
 * A peer of channels that does what its console says, and tells what came of it.
 * A publisher is named by its ID or "any", a place for results by "here".
 */
#include "guest.h"
#include "measure.h"

#define MAX_HELD	4
#define PING		64	/* offsets in the data section, in bytes */
#define PONG		128
#define HEAD		192
#define TAIL		256
#define WORDS		512	/* the ring of bulk transfers, to the end */
#define BLOCK		4096
#define END		(~0ULL)
#define SPIN		1	/* modes of ping and echo: poll instead of doorbells */

#ifdef __x86_64__
#define LINE		AXVM_IVC_LINE_X86
#else
#define LINE		AXVM_IVC_LINE_ARM64
#endif

struct held {
	u64 publisher, key, gpa, size;
};

static struct held held[MAX_HELD];
static u64 here[2];		/* where results of hypercalls go */
static u32 vector;

static u32 bells(void)
{
	return irq_count(0, vector);
}

static u64 id_of(const char *word)
{
	return word[0] == 'a' ? AXVM_IVC_ANY : to_number(word);
}

static struct held *find(u64 key)
{
	for (u32 i = 0; i < MAX_HELD; i++)
		if (held[i].size && held[i].key == key)
			return &held[i];
	print("GUEST ivc: key=%lu not held\n", key);
	return NULL;
}

static volatile u64 *word_at(const struct held *h, u64 offset)
{
	return (volatile u64 *)(h->gpa + offset);
}

static u64 load(const struct held *h, u64 offset)
{
	return __atomic_load_n(word_at(h, offset), __ATOMIC_ACQUIRE);
}

static void store(const struct held *h, u64 offset, u64 value)
{
	__atomic_store_n(word_at(h, offset), value, __ATOMIC_RELEASE);
}

static void keep(u64 publisher, u64 key)
{
	for (u32 i = 0; i < MAX_HELD; i++) {
		if (held[i].size)
			continue;
		held[i] = (struct held){ publisher, key, here[0], here[1] };
		return;
	}
}

static void forget(u64 key)
{
	for (u32 i = 0; i < MAX_HELD; i++)
		if (held[i].key == key)
			held[i].size = 0;
}

static void publish(char *line)
{
	u64 key = to_number(next_word(&line));
	s64 result;

	here[0] = 0;
	here[1] = to_number(next_word(&line));
	result = hypercall_args(AXVM_HC_IVC_PUBLISH, key, (u64)&here[0], (u64)&here[1], 0);
	if (!result)
		keep(AXVM_IVC_ANY, key);
	print("GUEST ivc: publish key=%lu result=%ld gpa=0x%lx size=%lu.\n", key, result, here[0],
	      here[1]);
}

static void subscribe(char *line)
{
	u64 publisher = id_of(next_word(&line));
	u64 key = to_number(next_word(&line));
	s64 result;

	result = hypercall_args(AXVM_HC_IVC_SUBSCRIBE, publisher, key, (u64)&here[0], (u64)&here[1]);
	if (!result)
		keep(publisher, key);
	print("GUEST ivc: subscribe key=%lu result=%ld gpa=0x%lx size=%lu.\n", key, result, here[0],
	      here[1]);
}

static void unpublish(char *line)
{
	u64 key = to_number(next_word(&line));
	s64 result = hypercall_args(AXVM_HC_IVC_UNPUBLISH, key, 0, 0, 0);

	forget(key);
	print("GUEST ivc: unpublish key=%lu result=%ld.\n", key, result);
}

static void unsubscribe(char *line)
{
	u64 publisher = id_of(next_word(&line));
	u64 key = to_number(next_word(&line));
	s64 result = hypercall_args(AXVM_HC_IVC_UNSUBSCRIBE, publisher, key, 0, 0);

	forget(key);
	print("GUEST ivc: unsubscribe key=%lu result=%ld.\n", key, result);
}

/* have PUBLISHER KEY GPA SIZE: what the host attached, by hearsay */
static void have(char *line)
{
	u64 publisher = id_of(next_word(&line)), key = to_number(next_word(&line));

	here[0] = to_number(next_word(&line));
	here[1] = to_number(next_word(&line));
	keep(publisher, key);
	print("GUEST ivc: have key=%lu.\n", key);
}

/* Numbers as they come: what the other commands would never ask for. */
static void raw(char *line)
{
	u64 nr = to_number(next_word(&line)), arg[4];

	for (u32 i = 0; i < 4; i++) {
		char *word = next_word(&line);

		arg[i] = word[0] == 'h' ? (u64)&here[word[4] == '2'] : id_of(word);
	}
	print("GUEST ivc: raw nr=%lu result=%ld.\n", nr,
	      hypercall_args(nr, arg[0], arg[1], arg[2], arg[3]));
}

static s64 ring(u64 publisher, u64 key, u64 target)
{
	return hypercall_args(AXVM_HC_IVC_RING, publisher, key, target, 0);
}

static void ring_many(char *line)
{
	u64 publisher = id_of(next_word(&line));
	u64 key = to_number(next_word(&line));
	u64 target = id_of(next_word(&line));
	u64 times = to_number(next_word(&line));
	s64 result = 0;

	do
		result = ring(publisher, key, target);
	while (times-- > 1);
	print("GUEST ivc: ring key=%lu result=%ld.\n", key, result);
}

static void take(char *line)
{
	u64 publisher = id_of(next_word(&line));
	u64 key = to_number(next_word(&line));

	print("GUEST ivc: take key=%lu bits=0x%lx.\n", key,
	      hypercall_args(AXVM_HC_IVC_TAKE, publisher, key, 0, 0));
}

static void table(char *line)
{
	struct held *h = find(to_number(next_word(&line)));
	const volatile struct axvm_ivc_table *t;

	if (!h)
		return;
	t = (const volatile struct axvm_ivc_table *)(h->gpa + h->size);
	print("GUEST ivc: table magic=0x%x state=%u generation=%u publisher=%lu", t->magic, t->state,
	      t->generation, (u64)t->publisher);
	for (u32 i = 0; i < AXVM_IVC_MAX_PEERS; i++)
		if (t->peer[i].state)
			print(" p%u=%u/%u/%u/%u", i, t->peer[i].id, t->peer[i].state,
			      t->peer[i].rights, t->peer[i].epoch);
	print(".\n");
}

static u64 next_random(u64 *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return *seed;
}

static u64 mix(u64 sum, u64 word)
{
	return (sum << 1 | sum >> 63) ^ word;
}

/* fill KEY SEED, sum KEY: the whole data section, but for what others use. */
static void fill(char *line)
{
	struct held *h = find(to_number(next_word(&line)));
	u64 seed = to_number(next_word(&line)), sum = 0;

	for (u64 at = WORDS; h && at < h->size; at += 8) {
		*word_at(h, at) = next_random(&seed);
		sum = mix(sum, seed);
	}
	print("GUEST ivc: fill sum=0x%lx.\n", sum);
}

static void sum(char *line)
{
	struct held *h = find(to_number(next_word(&line)));
	u64 result = 0;

	for (u64 at = WORDS; h && at < h->size; at += 8)
		result = mix(result, *word_at(h, at));
	print("GUEST ivc: sum sum=0x%lx.\n", result);
}

static void peek(char *line)
{
	struct held *h = find(to_number(next_word(&line)));
	u64 offset = to_number(next_word(&line));

	if (h)
		print("GUEST ivc: peek offset=%lu value=0x%lx.\n", offset, load(h, offset));
}

static void poke(char *line)
{
	struct held *h = find(to_number(next_word(&line)));
	u64 offset = to_number(next_word(&line));

	if (!h)
		return;
	print("GUEST ivc: poking offset=%lu.\n", offset);
	store(h, offset, to_number(next_word(&line)));
	print("GUEST ivc: poked offset=%lu.\n", offset);
}

/* An address, whoever it belongs to. */
static void at(char *line)
{
	u64 gpa = to_number(next_word(&line));

	print("GUEST ivc: looking at=0x%lx.\n", gpa);
	print("GUEST ivc: at=0x%lx value=0x%lx.\n", gpa, *(volatile u64 *)gpa);
}

static void wait_for(const struct held *h, u64 offset, u64 old, u64 mode)
{
	while (load(h, offset) == old) {
		if (mode == SPIN)
			cpu_relax();
		else
			cpu_idle();
	}
}

/* ping PUBLISHER KEY TARGET ROUNDS MODE: the other end does echo PUBLISHER KEY TARGET MODE. */
static void ping(char *line)
{
	u64 publisher = id_of(next_word(&line)), key = to_number(next_word(&line));
	u64 target = id_of(next_word(&line)), rounds = to_number(next_word(&line));
	u64 mode = to_number(next_word(&line));
	struct held *h = find(key);
	u32 before = bells();

	if (!h)
		return;
	measure_start();
	for (u64 i = 1; i <= rounds; i++) {
		u64 start = clock_read(), old = load(h, PONG);

		store(h, PING, i);
		if (mode != SPIN)
			ring(publisher, key, target);
		wait_for(h, PONG, old, mode);
		measure_add(clock_read() - start);
	}
	store(h, PING, END);
	if (mode != SPIN)
		ring(publisher, key, target);
	measure_report(mode == SPIN ? "ivc-poll" : "ivc-doorbell");
	print("GUEST ivc: ping rounds=%lu bells=%u khz=%lu last=%lu.\n", rounds, bells() - before,
	      clock_khz(), load(h, PONG));
}

static void echo(char *line)
{
	u64 publisher = id_of(next_word(&line)), key = to_number(next_word(&line));
	u64 target = id_of(next_word(&line)), mode = to_number(next_word(&line));
	struct held *h = find(key);
	u64 last = 0, rounds = 0;

	if (!h)
		return;
	print("GUEST ivc: echo ready.\n");
	for (;;) {
		wait_for(h, PING, last, mode);
		last = load(h, PING);
		if (last == END)
			break;
		store(h, PONG, last);
		if (mode != SPIN)
			ring(publisher, key, target);
		rounds++;
	}
	store(h, PING, 0);
	print("GUEST ivc: echo rounds=%lu.\n", rounds);
}

/* send KEY WORDS SEED, receive KEY WORDS: one ring, by polling; the sum of both must be the same. */
static void bulk(char *line, bool sends)
{
	struct held *h = find(to_number(next_word(&line)));
	u64 total = to_number(next_word(&line)), seed = to_number(next_word(&line));
	u64 slots, result = 0, start, word;

	if (!h)
		return;
	slots = (h->size - WORDS) / 8;
	start = clock_read();
	for (u64 i = 0; i < total; i++) {
		u64 place = WORDS + i % slots * 8;

		while (sends ? i - load(h, TAIL) >= slots : load(h, HEAD) == i)
			cpu_relax();
		if (sends)
			*word_at(h, place) = next_random(&seed);
		word = *word_at(h, place);
		result = mix(result, word);
		store(h, sends ? HEAD : TAIL, i + 1);
	}
	print("GUEST ivc: %s words=%lu sum=0x%lx ticks=%lu khz=%lu.\n", sends ? "sent" : "received",
	      total, result, clock_read() - start, clock_khz());
}

static void send(char *line)
{
	bulk(line, true);
}

static void receive(char *line)
{
	bulk(line, false);
}

/*
 * stream KEY BYTES, drain KEY BYTES: blocks of 4 KiB through one ring, copied
 * from and to memory of the guest's own, as a program would do it. Not checked.
 */
static u64 block[BLOCK / 8];

static void copy_block(u64 *to, const u64 *from)
{
	for (u32 i = 0; i < BLOCK / 8; i++)
		to[i] = from[i];
}

static void blocks(char *line, bool sends)
{
	struct held *h = find(to_number(next_word(&line)));
	u64 total = to_number(next_word(&line)) / BLOCK, slots, start;

	if (!h)
		return;
	slots = h->size / BLOCK - 1;
	if (!sends) {		/* who drains is there first */
		store(h, TAIL, 0);
		store(h, HEAD, 0);
	}
	print("GUEST ivc: %s.\n", sends ? "streaming" : "draining");
	start = clock_read();
	for (u64 i = 0; i < total; i++) {
		u64 *place = (u64 *)(h->gpa + BLOCK + i % slots * BLOCK);

		while (sends ? i - load(h, TAIL) >= slots : load(h, HEAD) <= i)
			cpu_relax();
		if (sends)
			copy_block(place, block);
		else
			copy_block(block, place);
		store(h, sends ? HEAD : TAIL, i + 1);
	}
	while (sends && load(h, TAIL) < total)
		cpu_relax();
	print("GUEST ivc: %s bytes=%lu ticks=%lu khz=%lu.\n", sends ? "streamed" : "drained",
	      total * BLOCK, clock_read() - start, clock_khz());
}

static void stream(char *line)
{
	blocks(line, true);
}

static void drain(char *line)
{
	blocks(line, false);
}

static void count(char *line)
{
	print("GUEST ivc: count bells=%u.\n", bells());
}

static const struct {
	const char *name;
	void (*run)(char *line);
} commands[] = {
	{ "publish", publish }, { "subscribe", subscribe }, { "unpublish", unpublish },
	{ "unsubscribe", unsubscribe }, { "raw", raw }, { "ring", ring_many }, { "take", take },
	{ "table", table }, { "have", have }, { "fill", fill }, { "sum", sum }, { "peek", peek }, { "poke", poke },
	{ "at", at }, { "ping", ping }, { "echo", echo }, { "send", send },
	{ "receive", receive }, { "stream", stream }, { "drain", drain }, { "count", count },
};

static bool same(const char *a, const char *b)
{
	while (*a && *a == *b)
		a++, b++;
	return *a == *b;
}

void guest_main(u64 arg)
{
	char line[96], *rest, *word;
	u32 i;

	vector = line_open(LINE, NULL);
	print("GUEST ivc: ready\n");
	for (;;) {
		read_line(line, sizeof(line));
		rest = line;
		word = next_word(&rest);
		for (i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
			if (same(word, commands[i].name))
				commands[i].run(rest);
	}
}
