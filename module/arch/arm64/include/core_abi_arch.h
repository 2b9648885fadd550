/* SPDX-License-Identifier: GPL-2.0 */
/* arm64 part of what host half and core share; included by core_abi.h. */
#ifndef AXVM_CORE_ABI_ARCH_H
#define AXVM_CORE_ABI_ARCH_H

#include "core_layout.h"
#include "guest_machine.h"

struct core_image_header {
	u64 magic;
	u64 start;		/* offset of the code that PSCI enters, in the first page */
	u64 virtual_entry;	/* VA of what comes after it */
	u64 text_size;		/* bytes, whole pages; what follows is read-only data */
	u64 size;		/* bytes, whole pages */
	u64 cell_size;		/* sizeof(struct core_cell) as the core was built */
};

/* The guest's interrupt controller: uapi "gicv3". INTIDs 0-31 are private, the rest SPIs. */
#define CORE_GIC_INTIDS		GUEST_NR_IRQS
#define CORE_GIC_SPIS		(CORE_GIC_INTIDS - GUEST_SPI_FIRST)
#define CORE_GIC_SIZE		(GUEST_GICR_OFFSET + CORE_MAX_VCPUS * GUEST_GICR_SIZE)

/* One bit an INTID. pending is changed atomically, the rest under the device lock. */
struct core_gic_word {
	u32 group, enabled, edge;
	u32 deliver;		/* enabled, and so is the group */
	u32 pending;		/* latched: edges, SGIs, timers, ISPENDR */
	u32 level;		/* lines that are high */
	u32 sent;		/* SPIs only, atomic: in a list register of some vCPU */
};

struct core_redist {
	struct core_gic_word word;
	u32 waker;
	u32 look;		/* set by any vCPU, before it kicks: core_gic_flush() has something to do */
	u8 priority[32];
};

struct core_gic {
	u32 ctlr;
	u32 pad;
	struct core_gic_word word[CORE_GIC_SPIS / 32];
	u8 priority[CORE_GIC_SPIS];
	u32 route[CORE_GIC_SPIS];	/* affinity, as the guest wrote it */
	u8 target[CORE_GIC_SPIS];	/* vCPU, or 0xff: there is none of that affinity */
	struct core_redist redist[CORE_MAX_VCPUS];
};

/* PSCI's view of a vCPU (DEN 0022, AFFINITY_INFO's values); changed atomically. */
enum core_power { CORE_POWER_ON, CORE_POWER_OFF, CORE_POWER_PENDING };

struct core_start {
	u32 power;		/* enum core_power */
	u32 pad;
	u64 context;		/* CPU_ON's; written by the vCPU that made it pending */
};

struct core_arch_cell {
	struct core_gic gic;
	u64 kick[CORE_MAX_VCPUS];	/* ICC_SGI1R_EL1 for each vCPU's CPU; each vCPU writes its own */
	struct core_start start[CORE_MAX_VCPUS];
};

/* What the entry loads while the MMU is off; first in the block, so in one page. */
struct core_entry {
	u64 mair, tcr, ttbr, sctlr;
	u64 virtual_entry;
	u64 entered;		/* the entry's answer, CORE_ENTERED_* */
};

/* Bits of core_cpu.features */
#define CORE_ARM_PAUTH	(1U << 0)
#define CORE_ARM_FGT	(1U << 1)
#define CORE_ARM_HCX	(1U << 2)
#define CORE_ARM_MPAM	(1U << 3)
#define CORE_ARM_PAN	(1U << 4)

/* op0 3, op1 0, CRn 0: CRm 1 to 7, each with eight op2 */
#define CORE_ID(crm, op2)	((crm) << 3 | (op2))
#define CORE_NR_ID		CORE_ID(8, 0)

#define CORE_MAX_LRS	16
#define CORE_LR_FREE	0xffff

/* The private block of one taken CPU, at CORE_CPU_VA. */
struct core_cpu {
	struct core_entry entry;
	u64 x[31];		/* guest's; valid between exit and entry, like the next six */
	u64 elr, spsr;
	u64 esr, far, hpfar;	/* of the last synchronous exit */
	u64 sp;			/* core's, of what entered the guest */
	/* host half */
	struct core_vcpu *self;
	struct core_trace *trace;
	struct core_redist *redist;	/* these three as the core sees them */
	u64 vtcr, vttbr;
	u64 hcr;
	u64 midr;
	u32 index;
	u32 features;
	u32 maintenance;	/* INTID of the GIC's maintenance interrupt */
	u32 die;		/* turn this CPU off at the next kick, whatever else is asked */
	/* core */
	u32 accessed;		/* registers of the last exit's instruction, before it had to wait */
	const u8 *vectors, *vectors_traced;
	u64 id[CORE_NR_ID];	/* what the guest reads from its ID registers */
	/* core: list registers */
	u32 nr_lrs;
	u32 lrs_used;
	u32 lrs_spi;		/* of these, the SPIs' */
	u16 lr_intid[CORE_MAX_LRS];
	u64 ich_hcr;		/* ICH_HCR_EL2 while nothing special is wanted of it */
	bool crowded;		/* something waits for a list register */
	/* core: interrupts "passthrough" */
	u32 applied;		/* INTIDs enabled in the physical redistributor */
	bool window;		/* the guest sees the virtual CPU interface */
};

#endif
