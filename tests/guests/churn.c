// SPDX-License-Identifier: GPL-2.0
/*
 * All vCPUs read and write a range for ever, each its own words in each page,
 * and say what they found: "go GPA SIZE", "ask". A word says where it is and
 * in which pass it was written; ones and zeroes are what a hole and new memory
 * give. The first words of each page are a marker for the host to look for,
 * made here so that no file contains it.
 */
#include "guest.h"

#define PAGE		4096
#define CHUNK		8	/* words in a row of one vCPU */
#define TAG		0xa5ULL

struct seen {
	volatile u64 passes;	/* also says which words are new */
	volatile u64 old, ones, zeroes, wrong;
};

static struct seen seen[GUEST_MAX_CPUS];
static volatile u64 base, size;
static volatile u32 forget[GUEST_MAX_CPUS];
static u64 marker;

static u64 word_at(u64 at, u64 pass)
{
	return TAG << 56 | (at >> 3 & 0xffffffff) << 24 | (pass & 0xffffff);
}

/* Only single accesses: what is emulated must be simple. */
static u64 load(u64 at)
{
	return *(volatile u64 *)at;
}

static void store(u64 at, u64 value)
{
	*(volatile u64 *)at = value;
}

static void look(struct seen *s, u64 at, u64 value)
{
	u64 pass = s->passes;

	if (value == word_at(at, pass))
		return;
	if (!value)
		s->zeroes++;
	else if (value == ~0ULL)
		s->ones++;
	else if ((value ^ word_at(at, 0)) >> 24 == 0 && (value & 0xffffff) < (pass & 0xffffff))
		s->old++;
	else
		s->wrong++;
}

static void mark(struct seen *s, u64 at)
{
	u64 value = load(at);

	if (!value)
		s->zeroes++;
	else if (value == ~0ULL)
		s->ones++;
	else if (value != marker)
		s->wrong++;
	store(at, marker);
}

static void page(struct seen *s, u64 from, u32 me, u32 nr)
{
	for (u32 i = 0; i < PAGE / 8; i++) {
		u64 at = from + 8 * i;

		if (i / CHUNK % nr != me)
			continue;
		if (i < CHUNK) {
			mark(s, at);
		} else {
			look(s, at, load(at));
			store(at, word_at(at, s->passes + 1));
		}
	}
}

static void pass(void)
{
	u32 me = cpu_index(), nr = cpu_count();
	struct seen *s = &seen[me];

	for (u64 at = base; at < base + size; at += PAGE)
		page(s, at, me, nr);
	s->passes += !!size;
	if (!forget[me])
		return;
	s->old = s->ones = s->zeroes = s->wrong = 0;
	forget[me] = 0;
}

static void other(void)
{
	for (;;)
		pass();
}

static void say(u32 cpu)
{
	struct seen *s = &seen[cpu];

	print("GUEST churn: cpu=%u passes=%lu old=%lu ones=%lu zeroes=%lu wrong=%lu\n", cpu,
	      s->passes, s->old, s->ones, s->zeroes, s->wrong);
}

/* What all have found in two whole passes from now on. */
static void ask(void)
{
	u64 since[GUEST_MAX_CPUS];
	u32 nr = cpu_count(), late = 1;

	for (u32 i = 0; i < nr; i++)
		forget[i] = 1;
	while (late) {
		pass();
		late = 0;
		for (u32 i = 0; i < nr; i++)
			late += forget[i];
	}
	for (u32 i = 0; i < nr; i++)
		since[i] = seen[i].passes;
	for (late = 1; late;) {
		pass();
		late = 0;
		for (u32 i = 0; i < nr; i++)
			late += seen[i].passes < since[i] + 2;
	}
	for (u32 i = 0; i < nr; i++)
		say(i);
	print("GUEST churn: done\n");
}

static void execute(char *line)
{
	const char *command = next_word(&line);

	if (*command == 'g') {
		u64 at = to_number(next_word(&line));

		size = to_number(next_word(&line));
		base = at;
		print("GUEST churn: going\n");
	} else if (*command == 'a') {
		ask();
	}
}

void guest_main(u64 arg)
{
	volatile u64 inverse = 0xb3b7aab1bcb7aaadULL;
	char line[80];
	u32 n = 0;
	int c;

	marker = ~inverse;
	cpu_start_others(other);
	print("GUEST churn: ready\n");
	for (;;) {
		pass();
		c = console_get();
		if (c < 0)
			continue;
		if (c != '\n' && c != '\r' && n < sizeof(line) - 1) {
			line[n++] = c;
			continue;
		}
		line[n] = 0;
		if (n)
			execute(line);
		n = 0;
	}
}
