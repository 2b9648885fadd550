/* SPDX-License-Identifier: GPL-2.0 */
/* x86 part of what host half and core share; included by core_abi.h. */
#ifndef AXVM_CORE_ABI_ARCH_H
#define AXVM_CORE_ABI_ARCH_H

#include "core_layout.h"
#include "svm.h"

struct core_image_header {
	u64 magic;
	u64 entry;		/* VA */
	u64 text_size;		/* bytes, whole pages; what follows is read-only data */
	u64 size;		/* bytes, whole pages */
	u64 cell_size;		/* sizeof(struct core_cell) as the core was built */
};

/* The guest's view of its local APIC, where it differs from the physical one. */
struct core_lapic {
	u64 base;		/* APIC base MSR */
	u64 icr;		/* last command */
	u32 ldr, dfr;		/* xAPIC mode only */
	u32 level[8];		/* vectors of level-triggered pins under way; atomically */
};

/* A local APIC that the core emulates, with interrupts "emulated". */
struct core_vlapic {
	u32 irr[8] __attribute__((aligned(64)));	/* siblings set bits, atomically */
	u32 isr[8];		/* from here on, this vCPU's core alone */
	u32 tpr, svr, esr;
	u32 errors;		/* not yet in esr */
	u32 lvt[6];
	u32 divide, initial;	/* timer */
	u64 deadline;		/* in the guest's TSC; 0: none */
};

struct core_ioapic {
	u32 select, id;
	u64 rte[24];
	u32 level;		/* pins that are high */
};

struct core_arch_cell {
	struct core_lapic lapic[CORE_MAX_VCPUS];
	struct core_vlapic vlapic[CORE_MAX_VCPUS];
	struct core_ioapic ioapic;
	u8 rtc_index;
};

/* IDT gate: APM volume 2, section 4.8.4 */
struct core_gate {
	u16 offset0, selector;
	u8 ist, attrib;
	u16 offset1;
	u32 offset2, reserved;
};

/* Bits of core_cpu.features */
#define CORE_X86_NRIPS		(1U << 0)
#define CORE_X86_XSAVE		(1U << 1)
#define CORE_X86_SPEC_CTRL	(1U << 2)

/* The private block of one taken CPU, at CORE_CPU_VA. */
struct core_cpu {
	u64 gpr[16];		/* guest's, in encoding order; valid between exit and entry */
	/* host half */
	u64 vmcb_pa;
	u64 hsave_pa;
	u64 cr4;
	u64 xcr0;		/* all features that the CPU has */
	u64 host_apic_base;
	u64 msrpm_pa[2];	/* MSR permission maps: EOI open, EOI intercepted */
	u32 index;
	u32 features;
	struct core_vcpu *self;	/* in the core's address space, like the next */
	struct core_trace *trace;
	/* core */
	u32 phys_bits;		/* width of a physical address */
	u32 own_features;	/* core_x86_own_features() */
	u64 ram_gpa, ram_size;	/* the first range of guest memory that may be written, or 0, 0 */
	u64 mtrr_def;
	u64 kept_value;		/* core_view.kept_value, while the host half is asked */
	u64 nmi_rip;		/* where the guest was when it ended its NMI handler */
	bool kept;		/* core_view.kept, likewise */
	bool nmi_masked, nmi_pending;
	bool load_state;	/* VMLOAD before the next VMRUN */
	bool eoi_exits;		/* the second permission map is in use */
	/* interrupts "emulated": intr.c */
	u32 timer_fired;	/* by the physical timer's handler */
	u32 offered;		/* vector of the virtual interrupt, or 0 */
	u64 halted;		/* RIP behind the HLT that the guest waits at, or 0 */
	u64 timer_ratio;	/* physical timer's ticks in 2^32 of the clock's */
	u64 timer_offset;	/* of the TSC when the deadline was set */
	u8 xsave[1024] __attribute__((aligned(64)));
	struct core_gate idt[256] __attribute__((aligned(4096)));
	struct svm_vmcb vmcb __attribute__((aligned(4096)));
};

#endif
