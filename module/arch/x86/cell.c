// SPDX-License-Identifier: GPL-2.0
/* What all vCPUs of an x86 cell share: permission maps, and the power-on state of its APICs. */
#include <linux/bitops.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>

#include <asm/cpufeature.h>
#include <asm/processor.h>

#include "../../../uapi/axvm_guest.h"
#include "../../device.h"
#include "arch.h"
#include "x86.h"

#define RD	1
#define WR	2
#define RTE_MASKED	(1ULL << 16)

/*
 * An open MSR is the guest's own: saved by VMLOAD and VMSAVE, in the VMCB, or
 * nobody else's on a taken CPU.
 */
struct open_msr {
	u32 msr;
	u32 access;
};

static const struct open_msr open_always[] = {
	{ X86_MSR_TSC, RD },
	{ X86_MSR_SYSENTER_CS, RD | WR },
	{ X86_MSR_SYSENTER_ESP, RD | WR },
	{ X86_MSR_SYSENTER_EIP, RD | WR },
	{ X86_MSR_PAT, RD | WR },
	{ X86_MSR_STAR, RD | WR },
	{ X86_MSR_LSTAR, RD | WR },
	{ X86_MSR_CSTAR, RD | WR },
	{ X86_MSR_SFMASK, RD | WR },
	{ X86_MSR_FS_BASE, RD | WR },
	{ X86_MSR_GS_BASE, RD | WR },
	{ X86_MSR_KERNEL_GS_BASE, RD | WR },
};

static const struct open_msr open_x2apic[] = {
	{ X86_X2APIC_VERSION, RD },
	{ X86_X2APIC_TPR, RD | WR },
	{ X86_X2APIC_PPR, RD },
	{ X86_X2APIC_EOI, WR },
	{ X86_X2APIC_SVR, RD | WR },
	{ X86_X2APIC_ESR, RD | WR },
	{ X86_X2APIC_LVT_TIMER, RD | WR },
	{ X86_X2APIC_LVT_THERMAL, RD },
	{ X86_X2APIC_LVT_PMC, RD },
	{ X86_X2APIC_LVT_LINT0, RD },
	{ X86_X2APIC_LVT_LINT1, RD },
	{ X86_X2APIC_LVT_ERROR, RD },	/* all but the timer's can be told to deliver SMI or INIT */
	{ X86_X2APIC_TIMER_INIT, RD | WR },
	{ X86_X2APIC_TIMER_NOW, RD },
	{ X86_X2APIC_TIMER_DIV, RD | WR },
	{ X86_X2APIC_SELF_IPI, WR },
};

/* Section 15.11: two bits an MSR, 2 KiB for each of three ranges; a set bit intercepts. */
static void open_msr(u8 *map, u32 msr, u32 access)
{
	u32 bit = (msr & 0x1fff) * 2;

	if (msr >= 0xc0010000)
		map += 0x1000;
	else if (msr >= 0xc0000000)
		map += 0x800;
	map[bit / 8] &= ~(access << (bit % 8));
}

/* One of the first range. */
static void close_msr(u8 *map, u32 msr)
{
	map[msr * 2 / 8] |= (RD | WR) << (msr * 2 % 8);
}

static void fill_msrpm(u8 *map, u32 irq_mode)
{
	u32 features = cpuid_ebx(0x80000008);
	unsigned int i;

	memset(map, 0xff, X86_MSRPM_SIZE);
	for (i = 0; i < ARRAY_SIZE(open_always); i++)
		open_msr(map, open_always[i].msr, open_always[i].access);
	if (boot_cpu_has(X86_FEATURE_RDTSCP))
		open_msr(map, X86_MSR_TSC_AUX, RD | WR);
	if (features & (BIT(14) | BIT(15) | BIT(24)))	/* IBRS, STIBP, SSBD */
		open_msr(map, X86_MSR_SPEC_CTRL, RD | WR);
	if (features & BIT(12))				/* IBPB */
		open_msr(map, X86_MSR_PRED_CMD, WR);
	if (irq_mode != AXVM_IRQ_MODE_PASSTHROUGH)
		return;
	for (i = 0; i < ARRAY_SIZE(open_x2apic); i++)
		open_msr(map, open_x2apic[i].msr, open_x2apic[i].access);
	for (i = 0; i < 8; i++) {
		open_msr(map, X86_X2APIC_ISR + i, RD);
		open_msr(map, X86_X2APIC_TMR + i, RD);
		open_msr(map, X86_X2APIC_IRR + i, RD);
	}
}

/* Section 15.10: a bit a port; a set bit intercepts. Read at each access of the guest. */
static void set_ports(u8 *map, u64 base, u64 size, bool open)
{
	u64 port;

	for (port = base; port < base + size; port++) {
		u8 bit = 1 << (port % 8);

		WRITE_ONCE(map[port / 8], open ? map[port / 8] & ~bit : map[port / 8] | bit);
	}
}

static void fill_iopm(u8 *map, const struct axvm_cell *cell)
{
	const struct axvm_device *dev;

	memset(map, 0xff, X86_IOPM_SIZE);
	list_for_each_entry(dev, &cell->devices, node) {
		if (dev->type == AXVM_DEVICE_TYPE_PORTS && !dev->in_core)
			set_ports(map, dev->base, dev->size, true);
	}
}

void axvm_arch_open_ports(struct axvm_cell *cell, u64 base, u64 size, bool open)
{
	struct x86_cell *xcell = cell->arch;

	/* While the cell is being made there is no map yet: fill_iopm(). */
	if (xcell)
		set_ports(xcell->iopm, base, size, open);
}

int axvm_arch_cell_init(struct axvm_cell *cell, struct axvm_error *err)
{
	struct x86_cell *xcell = kzalloc(sizeof(*xcell), GFP_KERNEL);

	if (!xcell)
		goto fail;
	cell->arch = xcell;
	xcell->msrpm = alloc_pages_exact(2 * X86_MSRPM_SIZE, GFP_KERNEL);
	xcell->iopm = alloc_pages_exact(X86_IOPM_SIZE, GFP_KERNEL);
	if (!xcell->msrpm || !xcell->iopm)
		goto fail;
	fill_msrpm(xcell->msrpm, cell->cfg->irq_mode);
	memcpy(xcell->msrpm + X86_MSRPM_SIZE, xcell->msrpm, X86_MSRPM_SIZE);
	close_msr(xcell->msrpm + X86_MSRPM_SIZE, X86_X2APIC_EOI);
	fill_iopm(xcell->iopm, cell);
	axvm_arch_cell_reset(cell);
	return 0;
fail:
	axvm_arch_cell_exit(cell);
	return axvm_fail(err, -ENOMEM, "no memory for the permission maps (%u bytes); free some",
			 2 * X86_MSRPM_SIZE + X86_IOPM_SIZE);
}

void axvm_arch_cell_exit(struct axvm_cell *cell)
{
	struct x86_cell *xcell = cell->arch;

	if (!xcell)
		return;
	if (xcell->msrpm)
		free_pages_exact(xcell->msrpm, 2 * X86_MSRPM_SIZE);
	if (xcell->iopm)
		free_pages_exact(xcell->iopm, X86_IOPM_SIZE);
	kfree(xcell);
	cell->arch = NULL;
}

void axvm_arch_cell_reset(struct axvm_cell *cell)
{
	struct core_arch_cell *arch = &cell->core->arch;
	unsigned int i;

	memset(arch, 0, sizeof(*arch));
	for (i = 0; i < ARRAY_SIZE(arch->ioapic.rte); i++)
		arch->ioapic.rte[i] = RTE_MASKED;
}

/* Guests' accesses are coherent with the host's caches, whatever they say about caching. */
void axvm_arch_cell_sync(struct axvm_cell *cell)
{
}

void axvm_arch_memory_clean(const void *mem, u64 size)
{
}

/* Below 4 GiB every guest's first page tables reach; above, memory may be in the way. */
bool axvm_arch_ivc_window(unsigned int n, u64 *start, u64 *end)
{
	*start = n ? 1ULL << 32 : 0xe0000000;
	*end = n ? 1ULL << min(axvm_arch_stage2.va_bits, boot_cpu_data.x86_phys_bits + 0U) :
	       0xfec00000;
	return n < 2;
}

void axvm_arch_ivc_lines(u32 *first, u32 *last, u32 *usual)
{
	*first = 0;
	*last = 23;
	*usual = AXVM_IVC_LINE_X86;
}
