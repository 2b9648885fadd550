/* SPDX-License-Identifier: GPL-2.0 */
/* x86 part of the benchmark's guest. Inline, so that no call counts as part of what is measured. */
#ifndef AXVM_GUEST_BENCH_H
#define AXVM_GUEST_BENCH_H

#include "x86.h"

#define BENCH_VECTOR_TIMER	0x54
#define DIV_BY_1		0xb
#define PIC_MASK		0x21	/* KVM's own 8259 */
#define MSR_NOBODYS		0xc0011fff

static u16 bench_port;		/* what the hypervisor itself answers */

static inline u64 clock_now(void)
{
	u32 low, high;

	asm volatile("rdtsc" : "=a"(low), "=d"(high) : : "memory");
	return low | (u64)high << 32;
}

static inline void bench_init(bool cell)
{
	bench_port = cell ? UART + 7 : PIC_MASK;
	wrmsr(X2APIC_TIMER_DIV, DIV_BY_1);
	wrmsr(X2APIC_LVT_TIMER, BENCH_VECTOR_TIMER);
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

static inline void bench_exits(void)
{
	u64 value;

	MEASURE_ROW("hypercall", hypercall_version());
	MEASURE_ROW("cpuid", cpuid_version());
	MEASURE_ROW("sysreg", rdmsr(MSR_EFER));
	MEASURE_ROW("sysreg-refused", try_rdmsr(MSR_NOBODYS, &value));
	MEASURE_ROW("lapic", rdmsr(X2APIC_ID));
	MEASURE_ROW("port", inb(bench_port));
	MEASURE_ROW("mmio", mmio_read(IOAPIC));
}

static inline void bench_self_ipi(u32 vector)
{
	wrmsr(X2APIC_SELF, vector);
}

/* Outside of a handler it ends nothing, but takes the same way. */
static inline void bench_eoi(void)
{
	wrmsr(X2APIC_EOI, 0);
}

/* Return: when the timer is due. */
static inline u64 bench_timer_start(u32 ticks)
{
	u64 due = clock_now() + ticks;

	wrmsr(X2APIC_TIMER_INIT, ticks);
	return due;
}

static inline void bench_timer_done(void)
{
}

#endif
