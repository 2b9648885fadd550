/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Interrupts that come to a guest from outside its own CPUs, as words that host
 * half and core share; part of core_abi.h. A line is a number that the guest
 * knows: an I/O APIC pin (x86), an INTID from 32 on (arm64).
 */
#ifndef AXVM_CORE_IRQ_H
#define AXVM_CORE_IRQ_H

#include "core_types.h"

#define CORE_IRQ_LINES	96
#define CORE_IRQ_WORDS	(CORE_IRQ_LINES / 32)
#define CORE_MAX_VECTOR	256	/* x86: vectors; arm64: INTIDs below 32 */
#define CORE_MAX_WIRES	16

/* A physical interrupt that is the cell's, without Linux in between. */
struct core_wire {
	u32 host;	/* the platform's number; 0: none. Written last, cleared first */
	u32 line;
};

struct core_irq {
	/* host half and core, atomically; CORE_REQ_IRQ when there is something new */
	u32 pulse[CORE_IRQ_WORDS];	/* set by the host half, cleared by the core: one edge */
	u32 level[CORE_IRQ_WORDS];	/* set and cleared by the host half: what is high */
	/*
	 * Set by the host half: lines whose state it learns only by asking the
	 * device again. The guest's end of such an interrupt lowers the line
	 * (the core clears the bit in level[]) and is told to the host half.
	 */
	u32 watched[CORE_IRQ_WORDS];
	u32 pad0[16 - 3 * CORE_IRQ_WORDS];
	u32 ended[CORE_IRQ_WORDS];	/* set by the core, cleared by the host half: watched ones */
	/* core, under the device lock */
	u32 high[CORE_IRQ_WORDS];	/* level[] as the interrupt controller was told it */
	u32 own[CORE_IRQ_WORDS];	/* what its own devices want */
	/* core, atomically */
	u32 taken[CORE_IRQ_WORDS];	/* wired lines that a core has acknowledged, no guest yet */
	u32 pad1[16 - 4 * CORE_IRQ_WORDS];
	/* host half; a withdrawn one is out of use after the next sync */
	u32 wired[CORE_IRQ_WORDS];	/* lines in wire[] */
	u32 wires_on;			/* the guest may have them: it runs */
	u32 pad2[15 - CORE_IRQ_WORDS];
	struct core_wire wire[CORE_MAX_WIRES];
	/* set by the host half and siblings, cleared by the vCPU; CORE_REQ_INJECT */
	u32 vector[32][CORE_MAX_VECTOR / 32];	/* of each vCPU */
};

#endif
