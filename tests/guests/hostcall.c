// SPDX-License-Identifier: GPL-2.0
/*
 * Drives the test device, whose registers the host half answers: vCPU 0 does what
 * lines of the console say, the others count, or use it as well.
 */
#include "guest.h"

#define TESTDEV	0x0b000000UL	/* the selftest puts it there */
#define ROUNDS	200
#define SLICE_MS	10

enum work { COUNT, FLOOD };

static volatile u32 work;
static volatile u64 slices[GUEST_MAX_CPUS];	/* of time in which it ran at all */
static u32 wrong, flooded;

static u64 read64(u64 reg)
{
	return *(volatile u64 *)(TESTDEV + reg);
}

static void write64(u64 reg, u64 value)
{
	*(volatile u64 *)(TESTDEV + reg) = value;
}

/* Each vCPU has a register of its own; what it reads back must be its own. */
static void flood(void)
{
	u32 me = cpu_index();
	u64 reg = AXVM_TESTDEV_SCRATCH + 8 * (me % 8);

	for (u64 i = 0; i < ROUNDS; i++) {
		u64 value = i << 32 | me;

		write64(reg, value);
		if (read64(reg) != value || read64(AXVM_TESTDEV_VCPU) != me)
			__atomic_fetch_add(&wrong, 1, __ATOMIC_SEQ_CST);
	}
	__atomic_fetch_add(&flooded, 1, __ATOMIC_SEQ_CST);
}

static void other(void)
{
	u64 length = clock_khz() * SLICE_MS, last = 0;
	u32 me = cpu_index();

	for (;;) {
		u64 slice = clock_read() / length;

		if (work == FLOOD) {
			flood();
			while (work == FLOOD)
				cpu_relax();
		}
		slices[me] += slice != last;
		last = slice;
	}
}

static u64 others_ran(void)
{
	u64 sum = 0;

	for (u32 i = 1; i < cpu_count(); i++)
		sum += slices[i];
	return sum;
}

static void check(void)
{
	u64 first = read64(AXVM_TESTDEV_TIME), second;
	u32 bad = 0;

	bad += read64(AXVM_TESTDEV_ID) != AXVM_TESTDEV_MAGIC;
	bad += read64(AXVM_TESTDEV_VCPU) != 0;
	for (u64 reg = AXVM_TESTDEV_SCRATCH; reg < AXVM_TESTDEV_SCRATCH + 64; reg += 8) {
		write64(reg, ~reg << 32 | reg);
		bad += read64(reg) != (~reg << 32 | reg);
	}
	second = read64(AXVM_TESTDEV_TIME);
	bad += second <= first;
	print("GUEST hostcall: check bad=%u time=%lu\n", bad, second / 1000000000);
}

static void slow(u64 us)
{
	u64 before, start, value;

	write64(AXVM_TESTDEV_DELAY, us);
	before = others_ran();
	start = clock_read();
	print("GUEST hostcall: asking\n");
	value = read64(AXVM_TESTDEV_SLOW);
	print("GUEST hostcall: slow value=%lu us=%lu others=%lu\n", value,
	      (clock_read() - start) * 1000 / clock_khz(), others_ran() - before);
}

static void many(u64 nr)
{
	u64 first = read64(AXVM_TESTDEV_COUNT), last = first;

	for (u64 i = 0; i < nr; i++)
		last = read64(AXVM_TESTDEV_COUNT);
	print("GUEST hostcall: many count=%lu\n", last - first);
}

static void flood_all(void)
{
	wrong = 0;
	flooded = 0;
	work = FLOOD;
	flood();
	while (__atomic_load_n(&flooded, __ATOMIC_SEQ_CST) < cpu_count())
		cpu_relax();
	work = COUNT;
	print("GUEST hostcall: flood cpus=%u wrong=%u\n", cpu_count(), wrong);
}

static void do_line(char *line)
{
	const char *word = next_word(&line);
	u64 number = to_number(next_word(&line));

	switch (*word) {
	case 'c':
		check();
		break;
	case 's':
		slow(number);
		break;
	case 'm':
		many(number);
		break;
	case 'f':
		flood_all();
		break;
	case 'e':	/* beyond the device's end */
		print("GUEST hostcall: value=0x%lx\n", read64(number));
	}
}

void guest_main(u64 arg)
{
	char line[64];

	if (cpu_count() > 1)
		cpu_start_others(other);
	print("GUEST hostcall: ready cpus=%u\n", cpu_count());
	for (;;) {
		read_line(line, sizeof(line));
		do_line(line);
	}
}
