/* SPDX-License-Identifier: GPL-2.0 */
/* What the arm64 host half's files offer each other. */
#ifndef AXVM_ARM64_ARCH_H
#define AXVM_ARM64_ARCH_H

#include "../../axvm.h"
#include "../../arch.h"
#include "../../core_image.h"

/* axvm_cpu.arch */
struct arm_cpu {
	struct core_cpu *block;		/* vzalloc()ed */
	void *stack;			/* likewise */
	bool lost;			/* still executes: its memory can never be freed */
};

/* axvm_cell.arch */
struct arm_cell {
	int vmid;			/* of its stage-2 translations; no other cell's */
	struct axvm_pgtable window;	/* its memory in the cores' address space, never executable */
};

/* cache.c */

/**
 * axvm_clean_range() - write back to memory, and drop, what caches hold of a range
 * @mem: the kernel's address; @size: bytes
 *
 * To the point of coherency: who reads it with the MMU off sees it.
 */
void axvm_clean_range(const void *mem, size_t size);

/* gic.c */
struct axvm_arm_gic {
	bool found;		/* a GICv3, by DT or ACPI */
	u64 dist_pa;
	u32 maintenance;	/* INTID */
	bool one_state;		/* GICD_CTLR.DS: Group 0 is Linux's to give */
};

extern struct axvm_arm_gic axvm_arm_gic;

void axvm_gic_init(void);

/**
 * axvm_gic_redistributor() - HPA of a CPU's redistributor frames
 * @affinity: as axvm_arch_hw_id()
 *
 * May sleep. Return: 0 when there is none.
 */
u64 axvm_gic_redistributor(u32 affinity);

/* start.c */

/**
 * axvm_psci_usable() - can CPUs be started at EL2 by an SMC?
 * @why: one sentence
 */
bool axvm_psci_usable(const char **why);
void axvm_start_init(void);

/* check.c */
int axvm_check_init(void);
void axvm_check_exit(void);

/* event.c */

/**
 * axvm_arm_map_spi() - Linux's number for an SPI
 * @level: how it is triggered, if Linux does not know it yet
 * @fresh: set to whether that is so; then axvm_arm_unmap_spi() undoes it
 *
 * Return: 0 if it cannot have one.
 */
unsigned int axvm_arm_map_spi(unsigned int spi, bool level, bool *fresh);
void axvm_arm_unmap_spi(unsigned int spi, unsigned int virq);

/**
 * axvm_arm_dist() - the distributor's registers, or NULL
 */
void __iomem *axvm_arm_dist(void);

/**
 * axvm_arm_spi_end() - the first INTID after those of the machine's SPIs
 */
unsigned int axvm_arm_spi_end(void);
int axvm_arm_event_init(void);
void axvm_arm_event_exit(void);

/* maps.c */
void axvm_maps_init(void);
u64 axvm_arm_tcr(void);
u64 axvm_arm_vtcr(void);

#endif
