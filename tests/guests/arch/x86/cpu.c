// SPDX-License-Identifier: GPL-2.0
/* vCPUs: which one is this, how many, starting the others, doing nothing. */
#include "x86.h"

extern const u8 trampoline[], trampoline_end[], trampoline_cr3[];

extern const u64 entry_clock;

static void (*others_main)(void);
static u32 nr_arrived;

void x86_main(u64 arg) __attribute__((noreturn));
void x86_other_main(void) __attribute__((noreturn));

s64 hypercall(u64 nr, u64 arg0)
{
	s64 result;

	asm volatile("vmmcall" : "=a"(result) : "0"(nr), "D"(arg0) : "memory");
	return result;
}

s64 hypercall_args(u64 nr, u64 arg0, u64 arg1, u64 arg2, u64 arg3)
{
	s64 result;

	asm volatile("vmmcall" : "=a"(result)
		     : "0"(nr), "D"(arg0), "S"(arg1), "d"(arg2), "c"(arg3) : "memory");
	return result;
}

u32 cpu_index(void)
{
	return this_cpu()->index;
}

/* KVM does not know our calls; there the benchmark's loader says the same by CPUID. */
u32 cpu_count(void)
{
	s64 answer = hypercall(AXVM_HC_VCPU, 0);
	u32 r[4];

	if (answer >= 0)
		return answer >> 32;
	cpuid(1, 0, r);
	return r[1] >> 16 & 0xff;
}

void cpu_irq_on(void)
{
	asm volatile("sti" : : : "memory");
}

void cpu_irq_off(void)
{
	asm volatile("cli" : : : "memory");
}

void cpu_relax(void)
{
	__builtin_ia32_pause();
}

void cpu_idle(void)
{
	/* STI takes effect after the HLT has begun. */
	asm volatile("sti; hlt; cli" : : : "memory");
}

void cpu_stop(void)
{
	for (;;)
		cpu_idle();
}

u64 clock_read(void)
{
	u32 low, high;

	asm volatile("rdtsc" : "=a"(low), "=d"(high) : : "memory");
	return low | (u64)high << 32;
}

u64 clock_khz(void)
{
	static u64 khz;
	s64 answer;
	u32 r[4];

	if (khz)
		return khz;
	answer = hypercall(AXVM_HC_CLOCK_KHZ, 0);
	if (answer < 0) {
		cpuid(CPUID_TSC_KHZ, 0, r);
		answer = r[0];
	}
	khz = answer;
	return khz;
}

u64 clock_entry(void)
{
	return entry_clock;
}

void cpu_start_others(void (*fn)(void))
{
	u32 nr = cpu_count();
	u64 cr3;

	others_main = fn;
	asm volatile("mov %%cr3, %0" : "=r"(cr3));
	memcpy((void *)TRAMPOLINE, trampoline, trampoline_end - trampoline);
	memcpy((void *)(TRAMPOLINE + (trampoline_cr3 - trampoline)), &cr3, sizeof(cr3));
	for (u32 i = 1; i < nr; i++) {
		u64 to = (u64)i << 32;

		wrmsr(X2APIC_ICR, to | 0x4500);			/* INIT */
		delay_us(1000);
		wrmsr(X2APIC_ICR, to | 0x4600 | TRAMPOLINE >> 12);	/* SIPI */
		delay_us(1000);
		wrmsr(X2APIC_ICR, to | 0x4600 | TRAMPOLINE >> 12);
	}
	while (__atomic_load_n(&nr_arrived, __ATOMIC_ACQUIRE) < nr - 1)
		cpu_relax();
}

void x86_other_main(void)
{
	lapic_init();
	__atomic_fetch_add(&nr_arrived, 1, __ATOMIC_RELEASE);
	others_main();
	cpu_stop();
}

void x86_main(u64 arg)
{
	if (lapic_present())
		lapic_init();
	console_init();
	guest_main(arg);
	cpu_stop();
}

int try_read(u64 at, u64 *value)
{
	return TRY("movq (%1), %0", TRY_OUT("+a"(*value)), "d"(at));
}

int try_write(u64 at, u64 value)
{
	return TRY("movq %0, (%1)", TRY_OUT(), "a"(value), "d"(at));
}

u64 try_address(void)
{
	return 0;
}
