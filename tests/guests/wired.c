// SPDX-License-Identifier: GPL-2.0
/*
 * Drives a UART that is handed through, by its interrupts only. Lines:
 *	open BASE LINE edge|level [loop]	loop: it hears itself
 *	send WORD	and a line end, at the pace of its interrupts
 *	count		how many came
 *	toggle N	mask and unmask the line so often
 *	storm N		make it ask and be content only after so many interrupts
 *	edges N		make it ask anew so often
 *	meddle LINE N	do all to a line that can be done so often; it ends up masked and elsewhere
 *	listen LINE	count what comes on a line that is nobody's
 */
#include "guest.h"

#define RING	64
#define PATIENCE_US	20000000

static char out[RING], in[RING];
static volatile u32 out_head, out_tail;
static u32 in_len;
static volatile u32 storm;	/* interrupts of it to come */
static volatile u32 interrupts;
static u32 the_line;

/*
 * Everything that the UART asks for; in a storm nothing, so that it goes on
 * asking. The rest of this guest then stands still, if its line is a level.
 */
static void on_interrupt(u32 vector)
{
	int c;

	interrupts++;
	if (storm) {
		storm--;
		if (!storm)
			wire_want_tx(false);
		return;
	}
	while ((c = wire_get()) >= 0) {
		if (c != '\n' && in_len + 1 < RING) {
			in[in_len++] = c;
			continue;
		}
		in[in_len] = 0;
		in_len = 0;
		print("GUEST wired: received=%s\n", in);
	}
	while (out_tail != out_head && wire_put(out[out_tail % RING]))
		out_tail++;
	wire_want_tx(out_tail != out_head);
}

static void send(const char *word)
{
	u64 start = clock_read(), limit = clock_khz() * (PATIENCE_US / 1000);
	u32 sent = out_head;

	while (*word && out_head - out_tail < RING - 1)
		out[out_head++ % RING] = *word++;
	out[out_head++ % RING] = '\n';
	sent = out_head - sent;
	/* There is no interrupt of a transmitter that has had nothing to do. */
	if (wire_put(out[out_tail % RING]))
		out_tail++;
	wire_want_tx(true);
	/* Whatever comes ends the idle; without its interrupts nothing is sent. */
	cpu_irq_on();
	while (out_tail != out_head && clock_read() - start < limit)
		cpu_relax();
	cpu_irq_off();
	print("GUEST wired: sent=%u of=%u interrupts=%u.\n", sent - (out_head - out_tail), sent,
	      interrupts);
	wire_want_tx(false);
	out_tail = out_head;
}

static void toggle(u32 times)
{
	for (u32 i = 0; i < times; i++) {
		wire_mask(the_line, true);
		wire_mask(the_line, false);
	}
	print("GUEST wired: toggled=%u\n", times);
}

static void edges(u32 times)
{
	storm = ~0U;
	cpu_irq_on();
	for (u32 i = 0; i < times; i++) {
		wire_want_tx(true);
		wire_want_tx(false);
	}
	cpu_irq_off();
	storm = 0;
	print("GUEST wired: edges=%u interrupts=%u.\n", times, interrupts);
}

static void meddle(char *line)
{
	u32 which = to_number(next_word(&line)), times = to_number(next_word(&line));

	for (u32 i = 0; i < times; i++)
		wire_meddle(which);
	print("GUEST wired: meddled=%u\n", times);
}

static void on_stray(u32 vector)
{
	interrupts++;
}

static void listen(char *line)
{
	wire_listen(to_number(next_word(&line)), on_stray);
	print("GUEST wired: listening\n");
}

static void open(char *line)
{
	u64 base = to_number(next_word(&line));
	bool level, loop;

	the_line = to_number(next_word(&line));
	level = next_word(&line)[0] == 'l';
	loop = next_word(&line)[0];
	wire_open(base, the_line, level, loop, on_interrupt);
	print("GUEST wired: opened=0x%lx line=%u\n", base, the_line);
}

static void obey(char *line)
{
	char *word = next_word(&line);

	if (word[0] == 'o') {
		open(line);
	} else if (word[0] == 's' && word[1] == 'e') {
		send(next_word(&line));
	} else if (word[0] == 's') {
		storm = to_number(next_word(&line));
		wire_put('!');
		print("GUEST wired: storming\n");
		wire_want_tx(true);
	} else if (word[0] == 't') {
		toggle(to_number(next_word(&line)));
	} else if (word[0] == 'l') {
		listen(line);
	} else if (word[0] == 'm') {
		meddle(line);
	} else if (word[0] == 'e') {
		edges(to_number(next_word(&line)));
	} else {
		print("GUEST wired: interrupts=%u.\n", interrupts);
	}
}

void guest_main(u64 arg)
{
	char line[64];

	print("GUEST wired: ready\n");
	for (;;) {
		read_line(line, sizeof(line));
		obey(line);
	}
}
