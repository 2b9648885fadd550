// SPDX-License-Identifier: GPL-2.0
/* vCPUs: which one is this, how many, starting the others, doing nothing. */
#include "arm64.h"

extern const u8 arm64_other_start[];
extern const u64 entry_clock;

static void (*others_main)(void);
static u32 nr_arrived;

static const u8 *tree;

void arm64_main(u64 arg) __attribute__((noreturn));
void arm64_other_main(void) __attribute__((noreturn));

s64 hypercall(u64 nr, u64 arg0)
{
	register u64 x0 asm("x0") = nr;
	register u64 x1 asm("x1") = arg0;

	asm volatile("hvc #0" : "+r"(x0) : "r"(x1) : "memory");
	return x0;
}

s64 hypercall_args(u64 nr, u64 arg0, u64 arg1, u64 arg2, u64 arg3)
{
	register u64 x0 asm("x0") = nr;
	register u64 x1 asm("x1") = arg0;
	register u64 x2 asm("x2") = arg1;
	register u64 x3 asm("x3") = arg2;
	register u64 x4 asm("x4") = arg3;

	asm volatile("hvc #0" : "+r"(x0) : "r"(x1), "r"(x2), "r"(x3), "r"(x4) : "memory");
	return x0;
}

#define FIRMWARE_CALL(name, insn)						\
s64 name(u64 function, u64 arg1, u64 arg2, u64 arg3)				\
{										\
	register u64 x0 asm("x0") = function;					\
	register u64 x1 asm("x1") = arg1;					\
	register u64 x2 asm("x2") = arg2;					\
	register u64 x3 asm("x3") = arg3;					\
										\
	asm volatile(insn : "+r"(x0), "+r"(x1), "+r"(x2), "+r"(x3) : : "memory",	\
		     "x4", "x5", "x6", "x7", "x8", "x9", "x10", "x11", "x12",	\
		     "x13", "x14", "x15", "x16", "x17");			\
	return x0;								\
}

FIRMWARE_CALL(psci, "hvc #0")
FIRMWARE_CALL(psci_smc, "smc #0")

u32 cpu_index(void)
{
	return this_cpu()->index;
}

/* KVM does not know our calls; there the redistributors tell it. */
u32 cpu_count(void)
{
	s64 answer = hypercall(AXVM_HC_VCPU, 0);

	return answer >= 0 ? answer >> 32 : gic_count();
}

void cpu_irq_on(void)
{
	asm volatile("msr daifclr, #2" : : : "memory");
}

void cpu_irq_off(void)
{
	asm volatile("msr daifset, #2" : : : "memory");
}

void cpu_relax(void)
{
	asm volatile("yield" : : : "memory");
}

void cpu_idle(void)
{
	/* A masked interrupt ends the WFI too, and is taken right after it. */
	asm volatile("dsb sy\n wfi\n msr daifclr, #2\n isb\n msr daifset, #2" : : : "memory");
}

void cpu_stop(void)
{
	for (;;)
		cpu_idle();
}

u64 clock_read(void)
{
	asm volatile("isb" : : : "memory");
	return read_sysreg("cntvct_el0");
}

u64 clock_entry(void)
{
	return entry_clock;
}

u64 clock_khz(void)
{
	return read_sysreg("cntfrq_el0") / 1000;
}

void cpu_start_others(void (*fn)(void))
{
	u32 nr = cpu_count();

	__atomic_store_n(&others_main, fn, __ATOMIC_RELEASE);
	for (u32 i = 1; i < nr; i++) {
		s64 ret = psci(PSCI_CPU_ON, GUEST_MPIDR(i), (u64)arm64_other_start, i);

		if (ret)
			print("GUEST cpu: index=%u psci=%ld\n", i, ret);
	}
	while (__atomic_load_n(&nr_arrived, __ATOMIC_ACQUIRE) < nr - 1)
		cpu_relax();
}

/* Names are text in the tree, with a NUL behind them. */
bool tree_has(const char *node)
{
	u32 size, i, len;

	if (!tree)
		return true;
	size = __builtin_bswap32(*(const u32 *)(tree + 4));
	for (len = 0; node[len]; len++)
		;
	for (i = 0; i + len < size; i++) {
		u32 k = 0;

		while (k <= len && tree[i + k] == (u8)node[k])
			k++;
		if (k > len)
			return true;
	}
	return false;
}

void arm64_other_main(void)
{
	if (gic_present())
		gic_init_cpu();
	__atomic_fetch_add(&nr_arrived, 1, __ATOMIC_RELEASE);
	__atomic_load_n(&others_main, __ATOMIC_ACQUIRE)();
	cpu_stop();
}

void arm64_main(u64 arg)
{
	tree = (const u8 *)arg;
	if (gic_present())
		gic_init_cpu();
	console_init();
	guest_main(arg);
	cpu_stop();
}

int try_read(u64 at, u64 *value)
{
	return TRY("ldr %0, [%1]", TRY_OUT("+r"(*value)), "r"(at));
}

int try_write(u64 at, u64 value)
{
	return TRY("str %0, [%1]", TRY_OUT(), "r"(value), "r"(at));
}

u64 try_address(void)
{
	return this_cpu()->far;
}
