// SPDX-License-Identifier: GPL-2.0
/*
 * Round trips out of the guest and back, counted with the guest's own clock.
 * Runs as a cell and, by tests/bench's loader, as a KVM guest; what differs
 * between the two machines is which port the hypervisor itself answers.
 * Needs two vCPUs.
 */
#include "../../lib/measure.h"
#include "x86.h"

#define ROUNDS		201
#define VECTOR_PING	0x50
#define VECTOR_PONG	0x51
#define VECTOR_SELF	0x52
#define VECTOR_TIMER	0x53
#define TIMER_TICKS	200000
#define SETTLE_TICKS	20000
#define QUIET_TICKS	50000000
#define SPREAD		2000
#define MAX_TRIES	20
#define DIV_BY_1	0xb
#define PIC_MASK	0x21		/* KVM's own 8259 */
#define MSR_NOBODYS	0xc0011fff
#define AXVM_SIGNATURE	0x6d767841	/* "Axvm" */

enum other_mode { SPIN, HALT };

static u64 overhead;		/* of reading the clock twice */
static u16 port;
static volatile u32 mode;	/* what the other vCPU does while it waits */
static volatile u64 answered, fired;

/* The clock around INSN, which must not be moved out from between. */
#define TICKS(insn)						\
({								\
	u64 start_ = clock_now();				\
								\
	insn;							\
	clock_now() - start_;					\
})

#define ROW(name, insn)						\
do {								\
	measure_start();					\
	for (u32 i_ = 0; i_ < ROUNDS; i_++)			\
		measure_add(TICKS(insn) - overhead);		\
	measure_report(name);					\
} while (0)

/* Inline, so that a call does not count as part of what is measured. */
static inline u64 clock_now(void)
{
	u32 low, high;

	asm volatile("rdtsc" : "=a"(low), "=d"(high) : : "memory");
	return low | (u64)high << 32;
}

static inline void hypercall_version(void)
{
	u64 nr = AXVM_HC_VERSION;

	asm volatile("vmmcall" : "+a"(nr) : : "memory");
}

static inline void cpuid_version(void)
{
	u32 a = 1, b, c = 0, d;

	asm volatile("cpuid" : "+a"(a), "=b"(b), "+c"(c), "=d"(d) : : "memory");
}

static bool is_cell(void)
{
	u32 r[4];

	cpuid(0x40000000, 0, r);
	return r[1] == AXVM_SIGNATURE;
}

static void exits(void)
{
	u64 value;

	ROW("hypercall", hypercall_version());
	ROW("cpuid", cpuid_version());
	ROW("sysreg", rdmsr(MSR_EFER));
	ROW("sysreg-refused", try_rdmsr(MSR_NOBODYS, &value));
	ROW("port", inb(port));
	ROW("mmio", mmio_read(IOAPIC));
}

/* On the other vCPU; back to the sender, if it wants that. */
static void ping(u32 vector)
{
	irq_send(0, VECTOR_PONG);
}

static void pong(u32 vector)
{
	answered = clock_now();
}

static void timer(u32 vector)
{
	fired = clock_now();
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
	wrmsr(X2APIC_TIMER_DIV, DIV_BY_1);
	wrmsr(X2APIC_LVT_TIMER, VECTOR_TIMER);
	fired = 0;
	wrmsr(X2APIC_TIMER_INIT, QUIET_TICKS);
	while (!fired)
		cpu_idle();
	cpu_irq_on();
}

static void ipi_round_trip(const char *row, u32 other_mode)
{
	quiet();
	mode = other_mode;
	measure_start();
	for (u32 i = 0; i < ROUNDS; i++) {
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
	for (u32 i = 0; i < ROUNDS; i++) {
		settle();
		measure_add(TICKS(irq_send(1, VECTOR_SELF)) - overhead);
	}
	measure_report("ipi-sender");
}

static void self_ipi(void)
{
	measure_start();
	for (u32 i = 0; i < ROUNDS; i++) {
		u64 start;

		fired = 0;
		start = clock_now();
		wrmsr(X2APIC_SELF, VECTOR_TIMER);
		while (!fired)
			;
		measure_add(fired - start);
	}
	measure_report("self-ipi");
}

/* Outside of a handler it ends nothing, but takes the same way. */
static void eoi(void)
{
	ROW("eoi", wrmsr(X2APIC_EOI, 0));
}

/* Return: did nobody else have turns? Then all samples are alike. */
static bool late_once(bool halt)
{
	quiet();
	measure_start();
	for (u32 i = 0; i < ROUNDS; i++) {
		u64 due;

		cpu_irq_off();
		fired = 0;
		due = clock_now() + TIMER_TICKS;
		wrmsr(X2APIC_TIMER_INIT, TIMER_TICKS);
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

static void all_rows(void)
{
	exits();
	self_ipi();
	eoi();
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
	bool cell = is_cell();
	char line[16];

	print("BENCH entry: tsc=%lu up\n", clock_entry());
	overhead = ~0ULL;
	for (u32 i = 0; i < ROUNDS; i++) {
		u64 ticks = TICKS(;);

		if (ticks < overhead)
			overhead = ticks;
	}
	port = cell ? UART + 7 : PIC_MASK;
	irq_handle(VECTOR_PING, ping);
	irq_handle(VECTOR_PONG, pong);
	irq_handle(VECTOR_SELF, NULL);
	irq_handle(VECTOR_TIMER, timer);
	cpu_start_others(other);
	do {
		if (cell)
			read_line(line, sizeof(line));
		cpu_irq_on();
		all_rows();
	} while (cell);
}
