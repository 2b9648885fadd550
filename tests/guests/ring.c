// SPDX-License-Identifier: GPL-2.0
/*
 * Messages through a channel by uapi/axvm_ring.h, as the console says; the other
 * end is this guest again, or tests/selftests/ringpeer.c on a Linux.
 */
#include "guest.h"
#include "../ring/talk.h"

#ifdef __x86_64__
#define LINE		AXVM_IVC_LINE_X86
#else
#define LINE		AXVM_IVC_LINE_ARM64
#endif

static struct talk talk;
static u64 publisher, key, target;	/* of the channel; whom to ring */
static u64 here[2];			/* where and how large it is */
static u32 vector, heard;

static void bell(void)
{
	hypercall_args(AXVM_HC_IVC_RING, publisher, key, target, 0);
}

/* Interrupts are off but in cpu_idle(), so that none comes unseen between look and sleep. */
static void wait_for_bell(void)
{
	while (irq_count(0, vector) == heard)
		cpu_idle();
	heard = irq_count(0, vector);
}

static u64 id_of(const char *word)
{
	return word[0] == 'a' ? AXVM_IVC_ANY : to_number(word);
}

/* publish KEY SIZE, subscribe PUBLISHER KEY */
static void publish(char *rest)
{
	s64 result;

	publisher = AXVM_IVC_ANY;
	key = to_number(next_word(&rest));
	here[1] = to_number(next_word(&rest));
	result = hypercall_args(AXVM_HC_IVC_PUBLISH, key, (u64)&here[0], (u64)&here[1], 0);
	print("GUEST ring: publish result=%ld size=%lu.\n", result, here[1]);
}

static void subscribe(char *rest)
{
	s64 result;

	publisher = id_of(next_word(&rest));
	key = to_number(next_word(&rest));
	result = hypercall_args(AXVM_HC_IVC_SUBSCRIBE, publisher, key, (u64)&here[0], (u64)&here[1]);
	print("GUEST ring: subscribe result=%ld size=%lu.\n", result, here[1]);
}

/* talk SIDE TARGET: begin a life on that side of the channel */
static void begin(char *rest)
{
	u32 side = to_number(next_word(&rest));

	target = id_of(next_word(&rest));
	talk.bell = bell;
	talk.wait = wait_for_bell;
	print("GUEST ring: talk result=%d.\n", talk_start(&talk, (void *)here[0], here[1], side));
}

static void report(const char *what, int result)
{
	print("GUEST ring: %s result=%d messages=%u bytes=%u sum=0x%x bad=%u restarts=%u lies=%u guard=%s.\n",
	      what, result, talk.messages, talk.bytes, talk.sum, talk.bad, talk.restarts, talk.lies,
	      talk_guarded(&talk) ? "whole" : "broken");
}

static void ping(char *rest)
{
	report("ping", talk_ping(&talk, to_number(next_word(&rest))));
}

static void bulk(char *rest)
{
	report("bulk", talk_bulk(&talk, to_number(next_word(&rest))));
}

static void serve(char *rest)
{
	print("GUEST ring: serving.\n");
	report("serve", talk_serve(&talk));
}

static void endure(char *rest)
{
	talk_endure(&talk, to_number(next_word(&rest)));
	report("endure", 0);
}

/* Until the peer, which endures it, rings: it has had enough. */
static void scribble(char *rest)
{
	/* What is pending is not that. */
	cpu_irq_on();
	delay_us(100);
	cpu_irq_off();
	heard = irq_count(0, vector);
	print("GUEST ring: scribbling.\n");
	do {
		cpu_irq_on();
		talk_scribble(&talk, 1000);
		cpu_irq_off();
	} while (irq_count(0, vector) == heard);
	report("scribble", 0);
}

static const struct {
	const char *name;
	void (*run)(char *rest);
} commands[] = {
	{ "publish", publish }, { "subscribe", subscribe }, { "talk", begin }, { "ping", ping },
	{ "bulk", bulk }, { "serve", serve }, { "endure", endure }, { "scribble", scribble },
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
	print("GUEST ring: ready\n");
	for (;;) {
		read_line(line, sizeof(line));
		rest = line;
		word = next_word(&rest);
		for (i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
			if (same(word, commands[i].name))
				commands[i].run(rest);
	}
}
