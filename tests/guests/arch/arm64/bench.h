/* SPDX-License-Identifier: GPL-2.0 */
/* arm64 part of the benchmark's guest. Inline, so that no call counts as part of what is measured. */
#ifndef AXVM_GUEST_BENCH_H
#define AXVM_GUEST_BENCH_H

#include "arm64.h"

#define BENCH_VECTOR_TIMER	GUEST_PPI_VIRT_TIMER
#define UART_IFLS		(GUEST_PL011_BASE + 0x34)
#define GICD_TYPER		(GUEST_GICD_BASE + 0x4)
#define GICD_ISENABLER1		(GUEST_GICD_BASE + 0x104)
#define GICR_ISENABLER0		0x10100

static inline u64 clock_now(void)
{
	asm volatile("isb" : : : "memory");
	return read_sysreg("cntvct_el0");
}

static inline void bench_init(bool cell)
{
	gic_enable(GUEST_PPI_VIRT_TIMER);
}

static inline void hypercall_version(void)
{
	register u64 x0 asm("x0") = AXVM_HC_VERSION;

	asm volatile("hvc #0" : "+r"(x0) : : "x1", "x2", "x3", "memory");
}

/* In both worlds there is no PMU for the guest. */
static inline void sysreg_refused(void)
{
	u64 value;

	TRY("mrs %0, pmcr_el0", TRY_OUT("=r"(value)));
}

static inline void bench_exits(void)
{
	u64 gicr = gicr_base(0);

	MEASURE_ROW("hypercall", hypercall_version());
	MEASURE_ROW("id-register", read_sysreg("id_aa64pfr0_el1"));
	MEASURE_ROW("sysreg", read_sysreg("oslsr_el1"));
	MEASURE_ROW("sysreg-refused", sysreg_refused());
	MEASURE_ROW("mmio", mmio_read(UART_IFLS));
	MEASURE_ROW("gicd", mmio_read(GICD_TYPER));
	MEASURE_ROW("gicd-enable", mmio_read(GICD_ISENABLER1));
	MEASURE_ROW("gicr-enable", mmio_read(gicr + GICR_ISENABLER0));
}

static inline void bench_self_ipi(u32 vector)
{
	write_sysreg(ICC_SGI1R, (u64)(vector - VECTOR_SGI) << 24 | 1);
	asm volatile("isb");
}

/* Of no interrupt; it ends nothing, but takes the same way. */
static inline void bench_eoi(void)
{
	write_sysreg(ICC_EOIR1, 1023);
}

/* Return: when the timer is due. */
static inline u64 bench_timer_start(u32 ticks)
{
	u64 due = clock_now() + ticks;

	write_sysreg("cntv_cval_el0", due);
	write_sysreg("cntv_ctl_el0", 1);
	asm volatile("isb");
	return due;
}

static inline void bench_timer_done(void)
{
	write_sysreg("cntv_ctl_el0", 0);
	asm volatile("isb");
}

#endif
