// SPDX-License-Identifier: GPL-2.0
/*
 * The same interrupts in every mode that a cell can have: of a timer, from one
 * vCPU to the other and back, of a device, injected ones. Lines: "timer N",
 * "ipi N", "line N", "count CPU", "hold", "second", "quiet". Two vCPUs where it has interrupts.
 */
#include "guest.h"

#define HZ		100
#define VECTOR_TIMER	0x40
#define VECTOR_IPI	0x51
#define VECTOR_INJECT	0x57
#define VECTOR_AGAIN	0x53
#define QUIET_US	1000000

static volatile bool twice, entered, sent;

static void pong(u32 vector)
{
	if (cpu_index())
		irq_send(0, vector);
}

static void wait_for(u32 vector, u32 count)
{
	u32 first = irq_count(0, vector);

	while (irq_count(0, vector) - first < count)
		cpu_idle();
}

static void timer(u32 nr)
{
	timer_start(HZ, VECTOR_TIMER);
	wait_for(VECTOR_TIMER, nr);
	timer_stop();
	print("GUEST modes: timer=%u done\n", nr);
}

static void ipi(u32 nr)
{
	u32 first = irq_count(1, VECTOR_IPI);

	for (u32 i = 0; i < nr; i++) {
		u32 before = irq_count(0, VECTOR_IPI);

		irq_send(1, VECTOR_IPI);
		while (irq_count(0, VECTOR_IPI) == before)
			cpu_idle();
	}
	print("GUEST modes: ipi=%u received=%u done\n", nr, irq_count(1, VECTOR_IPI) - first);
}

/* Nothing is left that was typed: only then does a console raise its interrupt anew. */
static void drain(void)
{
	while (console_get() >= 0)
		;
	console_signalled();
}

/* Looks at the console only when its interrupt has come. */
static void line(u32 nr)
{
	char text[16];

	drain();
	print("GUEST modes: type\n");
	for (u32 i = 1; i <= nr; i++) {
		while (!console_signalled())
			cpu_idle();
		read_line(text, sizeof(text));
		drain();
		print("GUEST modes: line=%u signalled\n", i);
	}
}

/* What is pending stays so until it is let in, whatever happens meanwhile. */
static void hold(void)
{
	u32 before = irq_count(0, VECTOR_INJECT), held;

	cpu_irq_off();
	irq_send(0, VECTOR_INJECT);
	print("GUEST modes: holding\n");
	while (console_get() < 0)
		delay_us(1000);
	held = irq_count(0, VECTOR_INJECT) - before;
	cpu_irq_on();
	delay_us(1000);
	cpu_irq_off();
	print("GUEST modes: held=%u released=%u.\n", held, irq_count(0, VECTOR_INJECT) - before);
}

static void quiet(void)
{
	u32 sum = 0;

	cpu_irq_on();
	delay_us(QUIET_US);
	cpu_irq_off();
	for (u32 vector = 32; vector < 256; vector++)
		sum += irq_count(0, vector);
	print("GUEST modes: arrived=%u.\n", sum);
}

/*
 * One is in its handler when the other vCPU sends it again. Between the two, this
 * vCPU does not leave its guest, so nobody may take the second for the first.
 */
static void again(u32 vector)
{
	if (!twice || entered)
		return;
	entered = true;
	while (!sent)
		cpu_relax();
}

static void send_again(u32 vector)
{
	while (!entered)
		cpu_relax();
	irq_send(0, VECTOR_INJECT);
	sent = true;
}

static void second(void)
{
	u32 before = irq_count(0, VECTOR_INJECT);

	entered = false;
	sent = false;
	twice = true;
	cpu_irq_off();
	irq_send(1, VECTOR_AGAIN);
	irq_send(0, VECTOR_INJECT);
	cpu_irq_on();
	delay_us(1000);
	while (!sent)
		cpu_relax();
	delay_us(1000);
	cpu_irq_off();
	twice = false;
	print("GUEST modes: came=%u.\n", irq_count(0, VECTOR_INJECT) - before);
}

static void obey(char *text)
{
	char what = *next_word(&text);
	u32 nr = to_number(next_word(&text));

	if (what == 't')
		timer(nr);
	else if (what == 'i')
		ipi(nr);
	else if (what == 'l')
		line(nr);
	else if (what == 'c')
		print("GUEST modes: injected=%u.\n", irq_count(nr, VECTOR_INJECT));
	else if (what == 'h')
		hold();
	else if (what == 's')
		second();
	else if (what == 'q')
		quiet();
}

void guest_main(u64 arg)
{
	char text[32];

	irq_handle(VECTOR_IPI, pong);
	irq_handle(VECTOR_INJECT, again);
	irq_handle(VECTOR_AGAIN, send_again);
	if (irq_present())
		cpu_start_others(cpu_stop);
	print("GUEST modes: ready irq=%u cpus=%u\n", irq_present(), cpu_count());
	for (;;) {
		read_line(text, sizeof(text));
		obey(text);
	}
}
