// SPDX-License-Identifier: GPL-2.0
/*
 * The local APIC by the manual, in x2APIC and in xAPIC mode: priorities, CR8,
 * nesting, timer, errors. Then whatever can be written to it, and a timer that
 * never stops. One vCPU; needs an APIC that is emulated.
 */
#include "x86.h"

#define LVT_MASKED	0x10000
#define LVT_PERIODIC	0x20000
#define LVT_DEADLINE	0x40000
#define SVR_ENABLE	0x100
#define DIV_BY_1	0xb
#define ICR_SELF	0x40000
#define ICR_MODE	0x700
#define ICR_NMI		0x400
#define ICR_INIT	0x500
#define BASE_EXTD	(1U << 10)
#define BASE_EN		(1U << 11)
#define CPUID_DEADLINE	(1U << 24)
#define FUZZ_ROUNDS	30000
#define SHORTEST_US	20
#define SLEEPS		6000

static u32 checks, bad;
static u8 order[8];
static u32 nr_order;
static u64 seed = 88172645463325252;

static u32 rd(u32 reg)
{
	return lapic_in_memory ? mmio_read(XAPIC + ((reg - 0x800) << 4)) : rdmsr(reg);
}

static void wr(u32 reg, u32 value)
{
	if (lapic_in_memory)
		mmio_write(XAPIC + ((reg - 0x800) << 4), value);
	else
		wrmsr(reg, value);
}

static void check(const char *what, bool good)
{
	checks++;
	if (good)
		return;
	bad++;
	print("GUEST apic: wrong %s in %s mode\n", what, lapic_in_memory ? "xAPIC" : "x2APIC");
}

static u64 read_cr8(void)
{
	u64 value;

	asm volatile("mov %%cr8, %0" : "=r"(value));
	return value;
}

static void write_cr8(u64 value)
{
	asm volatile("mov %0, %%cr8" : : "r"(value) : "memory");
}

static void write_cr8_high_register(u64 value)
{
	register u64 r9 asm("r9") = value;

	asm volatile("mov %0, %%cr8" : : "r"(r9) : "memory");
}

static void self(u32 vector)
{
	wr(X2APIC_ICR, ICR_SELF | vector);
}

/* Let in what may come. */
static void window(void)
{
	asm volatile("sti; nop; nop; cli" : : : "memory");
}

static bool came(u32 vector, u32 before)
{
	return irq_count(0, vector) == before + 1;
}

static bool in_bitmap(u32 reg, u32 vector)
{
	return rd(reg + vector / 32) & 1U << (vector % 32);
}

static void priorities(void)
{
	u32 n55 = irq_count(0, 0x55), n65 = irq_count(0, 0x65);

	wr(X2APIC_TPR, 0x50);
	check("CR8 after TPR", read_cr8() == 5);
	self(0x55);
	window();
	check("equal class", irq_count(0, 0x55) == n55 && in_bitmap(X2APIC_IRR, 0x55));
	check("PPR", rd(X2APIC_PPR) == 0x50);
	self(0x65);
	window();
	check("higher class", came(0x65, n65) && irq_count(0, 0x55) == n55);
	self(0x55);
	wr(X2APIC_TPR, 0x4f);
	check("TPR keeps its low bits", rd(X2APIC_TPR) == 0x4f);
	window();
	check("once it may, and once", came(0x55, n55) && !in_bitmap(X2APIC_IRR, 0x55));
	wr(X2APIC_TPR, 0);
}

static void task_priority_by_cr8(void)
{
	u32 n = irq_count(0, 0x65);

	write_cr8(7);
	check("TPR after CR8", rd(X2APIC_TPR) == 0x70);
	self(0x65);
	window();
	check("masked by CR8", irq_count(0, 0x65) == n);
	check("a bad value while one is pending", TRY("mov %0, %%cr8", TRY_OUT(), "r"(0x10UL)) == VECTOR_GP);
	cpu_irq_on();
	write_cr8_high_register(6);
	check("still masked", irq_count(0, 0x65) == n);
	write_cr8_high_register(5);
	check("let in by CR8", came(0x65, n));
	cpu_irq_off();
	check("CR8", read_cr8() == 5);
	write_cr8(0);
	self(0x65);
	write_cr8(6);
	window();
	check("masked when it was already there", came(0x65, n));
	write_cr8(0);
	window();
	check("and then not", irq_count(0, 0x65) == n + 2);
}

static void outer(u32 vector)
{
	order[nr_order++] = vector;
	self(0x46);
	self(0x85);
	check("in service", in_bitmap(X2APIC_ISR, vector));
	check("PPR in a handler", rd(X2APIC_PPR) == (vector & 0xf0));
	window();
}

static void inner(u32 vector)
{
	order[nr_order++] = vector;
}

static void nesting(void)
{
	nr_order = 0;
	irq_handle(0x45, outer);
	irq_handle(0x46, inner);
	irq_handle(0x85, inner);
	self(0x45);
	window();
	check("nesting", nr_order == 3 && order[0] == 0x45 && order[1] == 0x85 && order[2] == 0x46);
	check("nothing in service", !in_bitmap(X2APIC_ISR, 0x45) && !rd(X2APIC_PPR));
}

static void counts(void)
{
	u32 n = irq_count(0, 0x66), first;

	wr(X2APIC_LVT_TIMER, LVT_MASKED | 0x66);
	wr(X2APIC_TIMER_DIV, DIV_BY_1);
	wr(X2APIC_TIMER_INIT, 0xffffffff);
	first = rd(X2APIC_TIMER_NOW);
	delay_us(1000);
	check("the count goes down", rd(X2APIC_TIMER_NOW) < first);
	check("divide reads back", rd(X2APIC_TIMER_DIV) == DIV_BY_1);
	wr(X2APIC_TIMER_INIT, 1000);
	delay_us(1000);
	window();
	check("masked timer", irq_count(0, 0x66) == n);
	wr(X2APIC_LVT_TIMER, 0x66);
	wr(X2APIC_TIMER_INIT, 100000);
	cpu_idle();
	check("one shot ends a HLT", came(0x66, n) && !rd(X2APIC_TIMER_NOW));
	wr(X2APIC_LVT_TIMER, LVT_PERIODIC | 0x66);
	wr(X2APIC_TIMER_INIT, 100000);
	for (u32 i = 0; i < 5; i++)
		cpu_idle();
	wr(X2APIC_TIMER_INIT, 0);
	check("periodic", irq_count(0, 0x66) - n >= 6);
	window();
	n = irq_count(0, 0x66);
	delay_us(1000);
	window();
	check("stopped", irq_count(0, 0x66) == n);
}

/* The tick comes before, while and after the vCPU goes to sleep; no sleep may outlast it. */
static void sleeps(void)
{
	wr(X2APIC_LVT_TIMER, 0x66);
	wr(X2APIC_TIMER_DIV, DIV_BY_1);
	for (u32 i = 1; i <= SLEEPS; i++) {
		wr(X2APIC_TIMER_INIT, i * 10);
		cpu_idle();
	}
	wr(X2APIC_LVT_TIMER, LVT_MASKED);
	print("GUEST apic: sleeps=%u\n", SLEEPS);
}

static void deadline(void)
{
	u32 n = irq_count(0, 0x67), r[4];
	u64 when;

	cpuid(1, 0, r);
	check("deadline timer in CPUID", r[2] & CPUID_DEADLINE);
	wrmsr(MSR_TSC_DEADLINE, 1);
	check("no deadline in other modes", !rdmsr(MSR_TSC_DEADLINE));
	wr(X2APIC_LVT_TIMER, LVT_DEADLINE | 0x67);
	wr(X2APIC_TIMER_INIT, 5);
	check("no count", !rd(X2APIC_TIMER_NOW) && !rd(X2APIC_TIMER_INIT));
	when = clock_read() + 3 * clock_khz();
	wrmsr(MSR_TSC_DEADLINE, when);
	check("the deadline reads back", rdmsr(MSR_TSC_DEADLINE) == when);
	cpu_idle();
	check("not before the deadline", came(0x67, n) && clock_read() >= when);
	check("which is over", !rdmsr(MSR_TSC_DEADLINE));
	wrmsr(MSR_TSC_DEADLINE, 1);
	window();
	check("a deadline in the past", irq_count(0, 0x67) == n + 2);
	wrmsr(MSR_TSC_DEADLINE, clock_read() + 1000000);
	wr(X2APIC_LVT_TIMER, LVT_MASKED);
	check("disarmed", !rdmsr(MSR_TSC_DEADLINE));
	delay_us(2000);
	window();
	check("for good", irq_count(0, 0x67) == n + 2);
}

static void errors_and_switch(void)
{
	u32 n77 = irq_count(0, 0x77), n55 = irq_count(0, 0x55), nmi = irq_count(0, 2);

	wr(X2APIC_LVT_ERROR, 0x77);
	wr(X2APIC_ESR, 0);
	self(5);
	window();
	wr(X2APIC_ESR, 0);
	check("an illegal vector", rd(X2APIC_ESR) & 1 << 5);
	check("is told", came(0x77, n77));
	wr(X2APIC_ESR, 0);
	check("once", !rd(X2APIC_ESR));
	wr(X2APIC_SVR, VECTOR_SPURIOUS);
	check("disabling masks", rd(X2APIC_LVT_ERROR) == (LVT_MASKED | 0x77));
	self(0x55);
	wr(X2APIC_LVT_ERROR, 0x77);
	check("and keeps it so", rd(X2APIC_LVT_ERROR) & LVT_MASKED);
	wr(X2APIC_SVR, SVR_ENABLE | VECTOR_SPURIOUS);
	window();
	check("nothing is accepted meanwhile", irq_count(0, 0x55) == n55);
	wr(X2APIC_ICR, ICR_SELF | ICR_NMI);
	window();
	check("an NMI", irq_count(0, 2) == nmi + 1 || lapic_in_memory);
	self(0x55);
	self(0x55);
	cpu_idle();
	check("two that are one", came(0x55, n55));
	check("version", (rd(X2APIC_VERSION) & 0xff00ff) == 0x50010);
	check("ID", !rd(X2APIC_ID));
}

static void all(void)
{
	priorities();
	task_priority_by_cr8();
	nesting();
	counts();
	deadline();
	errors_and_switch();
}

static void enable(u32 mode)
{
	u32 base = rdmsr(MSR_APIC_BASE) & ~(BASE_EN | BASE_EXTD), r[4];

	self(0x55);
	wrmsr(MSR_APIC_BASE, base);
	cpuid(1, 0, r);
	check("switched off", !(r[3] & 1 << 9));
	wrmsr(MSR_APIC_BASE, base | BASE_EN);
	if (mode & BASE_EXTD)
		wrmsr(MSR_APIC_BASE, base | mode);
	lapic_in_memory = !(mode & BASE_EXTD);
	check("off means reset", !in_bitmap(X2APIC_IRR, 0x55) && !(rd(X2APIC_SVR) & SVR_ENABLE));
	wr(X2APIC_SVR, SVR_ENABLE | VECTOR_SPURIOUS);
}

static u32 random(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return seed >> 16;
}

/* Never an INIT or a start-up for itself, which are allowed, nor what looks like an exception. */
static void fuzz(void)
{
	for (u32 i = 0; i < FUZZ_ROUNDS; i++) {
		u32 reg = 0x800 + random() % 0x40, value = random() | 0x20;

		if (reg == X2APIC_ICR && (value & ICR_MODE) == ICR_INIT)
			value ^= ICR_INIT ^ ICR_NMI;
		if (lapic_in_memory)
			wr(reg, value);
		else
			try_wrmsr(reg, reg == X2APIC_ICR ? (u64)random() << 32 | value : value);
		if (lapic_in_memory)
			rd(0x800 + random() % 0x100);
		if (random() & 1)
			asm volatile("sti; nop; cli" : : : "memory");
		if (!(random() & 7))
			try_wrmsr(MSR_TSC_DEADLINE, clock_read() + (random() & 0xfffff));
		if (!(random() & 7))
			write_cr8(random() & 15);
	}
	write_cr8(0);
	wr(X2APIC_SVR, SVR_ENABLE | VECTOR_SPURIOUS);
	for (u32 i = X2APIC_LVT_TIMER; i <= X2APIC_LVT_ERROR; i++)
		wr(i, LVT_MASKED);
	wr(X2APIC_TIMER_INIT, 0);
	for (u32 i = 0; i < 256; i++)
		wr(X2APIC_EOI, 0);
}

/* The shortest period there is, with and without a way in; the guest must get on. */
static void storm(void)
{
	u32 before = irq_count(0, 0x70), ticks;
	u64 start = clock_read(), us;

	wr(X2APIC_TIMER_DIV, DIV_BY_1);
	wr(X2APIC_LVT_TIMER, LVT_PERIODIC | 0x70);
	wr(X2APIC_TIMER_INIT, 1);
	cpu_irq_on();
	for (u32 i = 0; i < 2000; i++) {
		write_cr8(random() & 15);
		delay_us(20);
	}
	write_cr8(0);
	delay_us(1000);
	cpu_irq_off();
	wr(X2APIC_LVT_TIMER, LVT_MASKED);
	wr(X2APIC_TIMER_INIT, 0);
	ticks = irq_count(0, 0x70) - before;
	us = (clock_read() - start) * 1000 / clock_khz();
	print("GUEST apic: ticks=%u us=%lu storm=%s\n", ticks, us,
	      ticks && ticks <= us / SHORTEST_US * 5 / 4 + 1 ? "limited" : "free");
}

void guest_main(u64 arg)
{
	char line[16];

	all();
	enable(BASE_EN);
	all();
	enable(BASE_EN | BASE_EXTD);
	all();
	print("GUEST apic: checks=%u bad=%u.\n", checks, bad);
	sleeps();
	irq_handle(0x45, NULL);
	fuzz();
	enable(BASE_EN);
	fuzz();
	enable(BASE_EN | BASE_EXTD);
	print("GUEST apic: survived\n");
	storm();
	for (;;) {
		read_line(line, sizeof(line));
		print("GUEST apic: alive\n");
	}
}
