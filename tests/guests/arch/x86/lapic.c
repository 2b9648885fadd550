// SPDX-License-Identifier: GPL-2.0
/* The vCPU's own x2APIC: interrupts between vCPUs, and a timer. */
#include "x86.h"

#define SVR_ENABLE	0x100
#define LVT_MASKED	0x10000
#define LVT_PERIODIC	0x20000
#define DIV_BY_16	3
#define CALIBRATE_US	20000

bool lapic_in_memory;

bool lapic_present(void)
{
	static int known;
	u32 r[4];

	if (!known) {
		cpuid(1, 0, r);
		known = r[3] & 1 << 9 ? 1 : -1;
	}
	return known > 0;
}

void lapic_init(void)
{
	u64 base = rdmsr(MSR_APIC_BASE);

	/* INIT keeps the mode, but whoever started us may have left it alone. */
	if (!(base & 1 << 10))
		wrmsr(MSR_APIC_BASE, base | 1 << 10 | 1 << 11);
	wrmsr(X2APIC_TPR, 0);
	wrmsr(X2APIC_SVR, SVR_ENABLE | VECTOR_SPURIOUS);
}

void lapic_eoi(void)
{
	if (lapic_in_memory)
		mmio_write(XAPIC + ((X2APIC_EOI - 0x800) << 4), 0);
	else
		wrmsr(X2APIC_EOI, 0);
}

void irq_send(u32 cpu, u32 vector)
{
	asm volatile("mfence; lfence" : : : "memory");
	wrmsr(X2APIC_ICR, (u64)cpu << 32 | 0x4000 | vector);
}

bool irq_present(void)
{
	return lapic_present();
}

void timer_stop(void)
{
	wrmsr(X2APIC_TIMER_INIT, 0);
}

void timer_start(u32 hz, u32 vector)
{
	u64 start, ticks, passed;

	wrmsr(X2APIC_TIMER_DIV, DIV_BY_16);
	wrmsr(X2APIC_LVT_TIMER, LVT_MASKED);
	wrmsr(X2APIC_TIMER_INIT, 0xffffffff);
	start = clock_read();
	delay_us(CALIBRATE_US);
	ticks = 0xffffffff - rdmsr(X2APIC_TIMER_NOW);
	passed = clock_read() - start;
	wrmsr(X2APIC_LVT_TIMER, LVT_PERIODIC | vector);
	wrmsr(X2APIC_TIMER_INIT, ticks * clock_khz() * 1000 / passed / hz);
}
