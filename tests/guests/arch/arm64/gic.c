// SPDX-License-Identifier: GPL-2.0
/* The GICv3 and the virtual timer. */
#include "arm64.h"

#define GICD_CTLR	0x0
#define GICD_IGROUPR	0x80
#define GICD_ISENABLER	0x100
#define GICD_IPRIORITYR	0x400
#define GICD_ICFGR	0xc00
#define GICD_IROUTER	0x6000
#define GICR_TYPER	0x08
#define GICR_WAKER	0x14
#define GICR_SGI	0x10000		/* offset of the SGI frame, laid out as the distributor */

#define CTLR_RWP	(1U << 31)
#define CTLR_ARE_GRP1	0x12
#define TYPER_LAST	0x10
#define WAKER_SLEEP	2
#define WAKER_ASLEEP	4
#define PRIORITY	0xa0a0a0a0
#define SPURIOUS	1020

static void (*handlers[1024])(u32 vector);

u64 gicr_base(u32 cpu)
{
	return GUEST_GICD_BASE + GUEST_GICR_OFFSET + (u64)cpu * GUEST_GICR_SIZE;
}

bool gic_present(void)
{
	static s64 known = -1;

	if (known < 0)
		known = tree_has("interrupt-controller@8000000");
	return known;
}

u32 gic_count(void)
{
	u32 nr = 1;

	while (!(mmio_read(gicr_base(nr - 1) + GICR_TYPER) & TYPER_LAST))
		nr++;
	return nr;
}

static void init_distributor(void)
{
	mmio_write(GUEST_GICD_BASE + GICD_CTLR, CTLR_ARE_GRP1);
	while (mmio_read(GUEST_GICD_BASE + GICD_CTLR) & CTLR_RWP)
		cpu_relax();
}

void gic_init_cpu(void)
{
	u64 rd = gicr_base(cpu_index()), sgi = rd + GICR_SGI;

	write_sysreg(ICC_SRE, 7);
	asm volatile("isb");
	if (!cpu_index())
		init_distributor();
	mmio_write(rd + GICR_WAKER, mmio_read(rd + GICR_WAKER) & ~WAKER_SLEEP);
	while (mmio_read(rd + GICR_WAKER) & WAKER_ASLEEP)
		cpu_relax();
	mmio_write(sgi + GICD_IGROUPR, ~0U);
	for (u32 i = 0; i < 32; i += 4)
		mmio_write(sgi + GICD_IPRIORITYR + i, PRIORITY);
	mmio_write(sgi + GICD_ISENABLER, 0xffff);
	write_sysreg(ICC_PMR, 0xf0);
	write_sysreg(ICC_IGRPEN1, 1);
	asm volatile("isb");
}

/* A private interrupt of this CPU, or an SPI, to vCPU 0. */
void gic_enable(u32 intid)
{
	u64 base = intid < 32 ? gicr_base(cpu_index()) + GICR_SGI : GUEST_GICD_BASE;
	u32 bit = 1U << (intid % 32), word = intid / 32 * 4;

	if (intid >= 32) {
		mmio_write(base + GICD_IGROUPR + word, mmio_read(base + GICD_IGROUPR + word) | bit);
		mmio_write(base + GICD_IPRIORITYR + (intid & ~3U), PRIORITY);
		*(volatile u64 *)(base + GICD_IROUTER + 8 * intid) = 0;
	}
	mmio_write(base + GICD_ISENABLER + word, bit);
}

void irq_handle(u32 vector, void (*fn)(u32 vector))
{
	handlers[vector] = fn;
}

/* GICD_ICFGR: 2 bits an interrupt, the upper one says edge */
u32 line_open(u32 line, void (*fn)(u32 vector))
{
	u64 config = GUEST_GICD_BASE + GICD_ICFGR + line / 16 * 4;

	if (!gic_present())
		return line;
	irq_handle(line, fn);
	mmio_write(config, mmio_read(config) | 2U << line % 16 * 2);
	gic_enable(line);
	return line;
}

u32 irq_count(u32 cpu, u32 vector)
{
	return *(volatile u32 *)&percpu[cpu].count[vector];
}

/* SGIs are open already, and the timers' are for timer_start(). From 0x50 on counts are SGIs'. */
void irq_listen(void)
{
	for (u32 intid = 16; intid < VECTOR_SGI; intid++)
		if (intid != GUEST_PPI_VIRT_TIMER && intid != GUEST_PPI_PHYS_TIMER &&
		    intid != VECTOR_UART && (intid < 32 || !cpu_index()))
			gic_enable(intid);
}

u32 irq_heard(u32 cpu, u32 number)
{
	if (number == VECTOR_UART || number >= VECTOR_SGI)
		return 0;
	return irq_count(cpu, number < 16 ? VECTOR_SGI + number : number);
}

void irq_send(u32 cpu, u32 vector)
{
	u64 mpidr = GUEST_MPIDR(cpu);

	asm volatile("dsb ishst" : : : "memory");
	write_sysreg(ICC_SGI1R, (u64)(vector - VECTOR_SGI) << 24 | (mpidr >> 8) << 16 | 1U << (mpidr & 15));
	asm volatile("isb");
}

static u32 vector_of(u32 intid)
{
	if (intid < 16)
		return VECTOR_SGI + intid;
	if (intid == GUEST_PPI_VIRT_TIMER && this_cpu()->vector)
		return this_cpu()->vector;
	return intid;
}

/* The next tick is counted from the last one, so that a late one is not lost. */
static void next_tick(void)
{
	u64 next = read_sysreg("cntv_cval_el0") + this_cpu()->period;

	write_sysreg("cntv_cval_el0", next);
	asm volatile("isb");
}

void gic_handle(void)
{
	u32 intid = read_sysreg(ICC_IAR1), vector;

	asm volatile("dsb sy" : : : "memory");
	if (intid >= SPURIOUS)
		return;
	vector = vector_of(intid);
	this_cpu()->count[vector]++;
	if (intid == GUEST_PPI_VIRT_TIMER && this_cpu()->period)
		next_tick();
	if (handlers[vector])
		handlers[vector](vector);
	write_sysreg(ICC_EOIR1, intid);
	asm volatile("isb");
}

bool irq_present(void)
{
	return gic_present();
}

void timer_stop(void)
{
	write_sysreg("cntv_ctl_el0", 0);
	asm volatile("isb");
}

void timer_start(u32 hz, u32 vector)
{
	struct percpu *cpu = this_cpu();

	cpu->vector = vector;
	cpu->period = read_sysreg("cntfrq_el0") / hz;
	write_sysreg("cntv_cval_el0", clock_read() + cpu->period);
	write_sysreg("cntv_ctl_el0", 1);
	asm volatile("isb");
	gic_enable(GUEST_PPI_VIRT_TIMER);
}
