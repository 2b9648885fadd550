// SPDX-License-Identifier: GPL-2.0
/*
 * What the guest may know of its processor: an allow-list over the physical
 * CPUID, so that a feature of a future processor stays hidden until somebody
 * has thought about it. APM volume 3, appendix E.
 */
#include "core.h"

#define BIT(n)	(1U << (n))

/*
 * Fn0000_0001 ECX: no MONITOR, VMX, performance capabilities; the TSC deadline
 * timer depends on the interrupt mode
 */
#define F1_ECX	(BIT(0) | BIT(1) | BIT(9) | BIT(12) | BIT(13) | BIT(19) | BIT(20) | BIT(22) | \
		 BIT(23) | BIT(25) | BIT(26) | BIT(28) | BIT(29) | BIT(30))
#define F1_ECX_X2APIC	BIT(21)
#define F1_ECX_DEADLINE	BIT(24)
#define F1_ECX_OSXSAVE	BIT(27)
#define F1_ECX_HYPERVISOR	BIT(31)
/* Fn0000_0001 EDX: no machine check architecture: its banks are the host's */
#define F1_EDX	(BIT(0) | BIT(1) | BIT(2) | BIT(3) | BIT(4) | BIT(5) | BIT(6) | BIT(8) | BIT(11) | \
		 BIT(12) | BIT(13) | BIT(15) | BIT(16) | BIT(17) | BIT(19) | BIT(23) | BIT(24) | \
		 BIT(25) | BIT(26))
#define F1_EDX_APIC	BIT(9)
#define F1_EDX_HTT	BIT(28)
/* Fn0000_0007_0: no TSC_ADJUST, SGX, RTM, PQM, processor trace, 5-level paging, shadow stacks */
#define F7_EBX	(BIT(0) | BIT(3) | BIT(5) | BIT(7) | BIT(8) | BIT(9) | BIT(16) | BIT(17) | \
		 BIT(18) | BIT(19) | BIT(20) | BIT(21) | BIT(23) | BIT(24) | BIT(28) | BIT(29) | \
		 BIT(30) | BIT(31))
#define F7_ECX	(BIT(1) | BIT(2) | BIT(3) | BIT(6) | BIT(8) | BIT(9) | BIT(10) | BIT(11) | \
		 BIT(12) | BIT(14) | BIT(22))
#define F7_EDX	(BIT(2) | BIT(3) | BIT(4) | BIT(8) | BIT(14))
#define FD1_EAX	(BIT(0) | BIT(1) | BIT(2))	/* XSAVEOPT, XSAVEC, XGETBV(1); not XSAVES */
/*
 * Fn8000_0001 ECX: no SVM, OSVW, IBS, SKINIT, WDT, topology extensions,
 * performance counters, MONITORX
 */
#define FE1_ECX	(BIT(0) | BIT(4) | BIT(5) | BIT(6) | BIT(7) | BIT(8) | BIT(11) | BIT(15) | \
		 BIT(16) | BIT(21))
/*
 * Fn8000_0001 EDX: what Fn0000_0001 repeats, and SYSCALL, NX, MMXEXT, FFXSR,
 * 1 GiB pages, RDTSCP, long mode
 */
#define FE1_EDX	((F1_EDX & 0x0183f1ff) | BIT(11) | BIT(20) | BIT(22) | BIT(25) | BIT(26) | \
		 BIT(27) | BIT(29))
#define FE7_EDX	BIT(8)				/* invariant TSC */
#define FE8_EBX	(BIT(0) | BIT(2) | BIT(12) | BIT(14) | BIT(15) | BIT(24) | BIT(26))
#define FE21_EAX	(BIT(2) | BIT(6))	/* LFENCE serialises, null selector clears base */

#define MAX_BASIC	0xdU
#define MAX_EXTENDED	0x80000021U
#define LEAF_AXVM	0x40000000U
#define LEAF_KVM	0x40000100U

static u32 min_leaf(u32 have, u32 want)
{
	return have < want ? have : want;
}

static bool has_apic(const struct core_cell *cell)
{
	return cell->irq_mode != AXVM_IRQ_MODE_NONE;
}

u32 core_x86_own_features(void)
{
	switch (core_cell()->irq_mode) {
	case AXVM_IRQ_MODE_PASSTHROUGH:
		return F1_ECX_HYPERVISOR | F1_ECX_X2APIC;
	case AXVM_IRQ_MODE_EMULATED:	/* to a physical deadline timer TSC_OFFSET would not apply */
		return F1_ECX_HYPERVISOR | F1_ECX_X2APIC | F1_ECX_DEADLINE;
	}
	return F1_ECX_HYPERVISOR;
}

static void leaf_1(const struct core_cpu *cpu, u32 r[4])
{
	const struct core_cell *cell = core_cell();

	r[1] = (r[1] & 0xff00) | cell->nr_vcpus << 16 | cpu->index << 24;
	r[2] = (r[2] & F1_ECX) | cpu->own_features;
	r[3] &= F1_EDX;
	if (cpu->vmcb.save.cr4 & CORE_CR4_OSXSAVE)
		r[2] |= F1_ECX_OSXSAVE;
	if (has_apic(cell) && (cell->arch.lapic[cpu->index].base & X86_APIC_BASE_EN))
		r[3] |= F1_EDX_APIC;
	if (cell->nr_vcpus > 1)
		r[3] |= F1_EDX_HTT;
}

/* One thread a core, all cores in one package. */
static void leaf_topology(const struct core_cpu *cpu, u32 level, u32 r[4])
{
	u32 nr = core_cell()->nr_vcpus;
	u32 bits = 0;

	while ((1U << bits) < nr)
		bits++;
	r[0] = level == 1 ? bits : 0;
	r[1] = level == 0 ? 1 : level == 1 ? nr : 0;
	r[2] = level | (level < 2 ? (level + 1) << 8 : 0);
	r[3] = cpu->index;
}

static void set_signature(u32 r[4], const char *text)
{
	const u32 *words = (const u32 *)text;

	r[1] = words[0];
	r[2] = words[1];
	r[3] = words[2];
}

/*
 * KVM's signature with no KVM feature: stock kernels keep the x2APIC without
 * interrupt remapping only for hypervisors that they know.
 */
static const char signature_axvm[12] __attribute__((aligned(4))) = "AxvmAxvmAxvm";
static const char signature_kvm[12] __attribute__((aligned(4))) = "KVMKVMKVM\0\0";

static void hypervisor_leaf(u32 leaf, u32 r[4])
{
	r[0] = 0;
	r[1] = 0;
	r[2] = 0;
	r[3] = 0;
	if (leaf == LEAF_AXVM) {
		r[0] = LEAF_AXVM;
		set_signature(r, signature_axvm);
	} else if (leaf == LEAF_KVM) {
		r[0] = LEAF_KVM + 1;
		set_signature(r, signature_kvm);
	}
}

static void extended_leaf(const struct core_cell *cell, u32 leaf, u32 r[4])
{
	switch (leaf) {
	case 0x80000000:
		r[0] = min_leaf(r[0], MAX_EXTENDED);
		return;
	case 0x80000001:
		r[2] &= FE1_ECX;
		r[3] &= FE1_EDX;
		if (has_apic(cell))
			r[3] |= F1_EDX_APIC;
		return;
	case 0x80000002 ... 0x80000006:	/* brand, caches, TLBs */
		return;
	case 0x80000007:
		r[0] = 0;
		r[1] = 0;
		r[2] = 0;
		r[3] &= FE7_EDX;
		return;
	case 0x80000008:
		r[0] &= 0xffff;		/* address widths */
		r[1] &= FE8_EBX;
		r[2] = cell->nr_vcpus - 1;
		r[3] = 0;
		return;
	case 0x80000021:
		r[0] &= FE21_EAX;
		break;
	default:
		r[0] = 0;
	}
	r[1] = 0;
	r[2] = 0;
	r[3] = 0;
}

static void basic_leaf(const struct core_cpu *cpu, u32 leaf, u32 sub, u32 r[4])
{
	switch (leaf) {
	case 0:
		r[0] = min_leaf(r[0], MAX_BASIC);
		return;
	case 1:
		leaf_1(cpu, r);
		return;
	case 7:
		r[0] = 0;
		r[1] &= sub ? 0 : F7_EBX;
		r[2] &= sub ? 0 : F7_ECX;
		r[3] &= sub ? 0 : F7_EDX;
		return;
	case 0xb:
		leaf_topology(cpu, sub, r);
		return;
	case 0xd:	/* sizes follow XCR0, which is the guest's own */
		if (sub == 1) {
			r[0] &= FD1_EAX;
			r[1] = 0;
			r[2] = 0;
			r[3] = 0;
		}
		return;
	}
	r[0] = 0;
	r[1] = 0;
	r[2] = 0;
	r[3] = 0;
}

void core_x86_cpuid(struct core_cpu *cpu)
{
	u32 leaf = cpu->gpr[0], sub = cpu->gpr[1];
	u32 r[4] = { leaf, 0, sub, 0 };

	core_count(AXVM_EXIT_IDENT);
	if (leaf >> 28 == 4) {
		hypervisor_leaf(leaf, r);
	} else {
		cpuid(r);
		if (leaf >> 31)
			extended_leaf(core_cell(), leaf, r);
		else
			basic_leaf(cpu, leaf, sub, r);
	}
	cpu->gpr[0] = r[0];
	cpu->gpr[3] = r[1];
	cpu->gpr[1] = r[2];
	cpu->gpr[2] = r[3];
	core_x86_skip(cpu, 2);
}
