// SPDX-License-Identifier: GPL-2.0
/*
 * Round trips out of the guest and back, counted with the guest's own clock.
 * Runs as a cell and, by tests/bench's loader, as a KVM guest. Needs two vCPUs.
 * What the architecture exits for is in its bench.h.
 */
#include "lib/measure.h"
#include "bench.h"

#define TESTDEV		0x0b000000UL	/* where tests/bench/run.sh puts it */
#define VECTOR_PING	0x50
#define VECTOR_PONG	0x51
#define VECTOR_SELF	0x52
#define VECTOR_MARK	0x53
#define TIMER_TICKS	200000
#define SETTLE_TICKS	20000
#define QUIET_TICKS	50000000
#define SPREAD		2000
#define MAX_TRIES	20

enum other_mode { SPIN, HALT };

static volatile u32 mode;	/* what the other vCPU does while it waits */
static volatile u64 answered, fired;

/* On the other vCPU; back to the sender, if it wants that. */
static void ping(u32 vector)
{
	irq_send(0, VECTOR_PONG);
}

static void pong(u32 vector)
{
	answered = clock_now();
}

static void mark(u32 vector)
{
	fired = clock_now();
}

static void timer(u32 vector)
{
	fired = clock_now();
	bench_timer_done();
}

static void other(void)
{
	for (;;) {
		if (mode == HALT) {
			cpu_idle();
		} else {
			cpu_irq_on();
			cpu_relax();
		}
	}
}

/* Long enough for the other one to be where it should be. */
static void settle(void)
{
	u64 start = clock_now();

	while (clock_now() - start < SETTLE_TICKS)
		cpu_relax();
}

/* Let the host deal with what was printed: its CPUs have turns between ours. */
static void quiet(void)
{
	fired = 0;
	bench_timer_start(QUIET_TICKS);
	while (!fired)
		cpu_idle();
	cpu_irq_on();
}

static void ipi_round_trip(const char *row, u32 other_mode)
{
	quiet();
	mode = other_mode;
	measure_start();
	for (u32 i = 0; i < MEASURE_ROUNDS; i++) {
		u64 start;

		settle();
		answered = 0;
		start = clock_now();
		irq_send(1, VECTOR_PING);
		while (!answered)
			cpu_relax();
		measure_add(answered - start);
	}
	measure_report(row);
	mode = SPIN;
	irq_send(1, VECTOR_SELF);
	settle();
}

static void ipi_sender(void)
{
	measure_start();
	for (u32 i = 0; i < MEASURE_ROUNDS; i++) {
		settle();
		measure_add(MEASURE_TICKS(irq_send(1, VECTOR_SELF)) - measure_overhead);
	}
	measure_report("ipi-sender");
}

static void self_ipi(void)
{
	measure_start();
	for (u32 i = 0; i < MEASURE_ROUNDS; i++) {
		u64 start;

		fired = 0;
		start = clock_now();
		bench_self_ipi(VECTOR_MARK);
		while (!fired)
			;
		measure_add(fired - start);
	}
	measure_report("self-ipi");
}

/* Return: did nobody else have turns? Then all samples are alike. */
static bool late_once(bool halt)
{
	quiet();
	measure_start();
	for (u32 i = 0; i < MEASURE_ROUNDS; i++) {
		u64 due;

		cpu_irq_off();
		fired = 0;
		due = bench_timer_start(TIMER_TICKS);
		if (halt) {
			cpu_idle();
		} else {
			cpu_irq_on();
			while (!fired)
				cpu_relax();
		}
		measure_add(fired > due ? fired - due : 0);
	}
	cpu_irq_on();
	return measure_spread() < SPREAD;
}

static void lateness(const char *row, bool halt)
{
	u32 tries = 0;

	while (!late_once(halt) && ++tries < MAX_TRIES)
		;
	measure_report(row);
}

/* Through the host half and back: Linux's interrupt, two works and a kick. */
static void host_row(void)
{
	MEASURE_ROW("host", *(volatile u64 *)(TESTDEV + AXVM_TESTDEV_ID));
	print("BENCH done\n");
}

static void all_rows(void)
{
	bench_exits();
	self_ipi();
	MEASURE_ROW("eoi", bench_eoi());
	lateness("timer-spin", false);
	/* A spinning neighbour would have its turns while this one halts. */
	mode = HALT;
	irq_send(1, VECTOR_SELF);
	settle();
	lateness("timer-halt", true);
	mode = SPIN;
	irq_send(1, VECTOR_SELF);
	settle();
	ipi_sender();
	ipi_round_trip("ipi-running", SPIN);
	ipi_round_trip("ipi-halted", HALT);
	print("BENCH done\n");
}

void guest_main(u64 arg)
{
	bool cell = hypercall(AXVM_HC_VERSION, 0) == AXVM_GUEST_ABI;
	char line[16];

	print("BENCH entry: clock=%lu up\n", clock_entry());
	bench_init(cell);
	measure_overhead = ~0ULL;
	for (u32 i = 0; i < MEASURE_ROUNDS; i++) {
		u64 ticks = MEASURE_TICKS(;);

		if (ticks < measure_overhead)
			measure_overhead = ticks;
	}
	irq_handle(VECTOR_PING, ping);
	irq_handle(VECTOR_PONG, pong);
	irq_handle(VECTOR_SELF, NULL);
	irq_handle(VECTOR_MARK, mark);
	irq_handle(BENCH_VECTOR_TIMER, timer);
	cpu_start_others(other);
	do {
		if (cell)
			read_line(line, sizeof(line));
		cpu_irq_on();
		if (cell && line[0] == 'h')
			host_row();
		else
			all_rows();
	} while (cell);
}
