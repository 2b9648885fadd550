/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The slow path to the host half: what a vCPU's core cannot answer by itself it
 * asks, and the vCPU waits for the answer. At most one call of each vCPU is
 * outstanding; the others of the cell are not concerned.
 */
#ifndef AXVM_CORE_CALL_H
#define AXVM_CORE_CALL_H

#include "core_types.h"

enum core_call_type {
	CORE_CALL_MMIO,		/* a register of a device that the host half emulates */
	CORE_CALL_HYPERCALL,	/* arg = number, 4 arguments; result[0] = the guest's result */
	CORE_CALL_PCI,		/* a change of a PCI function that the host half must make */
	CORE_NR_CALL_TYPES
};

/* Arguments of CORE_CALL_MMIO; a read's value is result[0]. */
enum core_call_mmio {
	CORE_CALL_ADDRESS,	/* GPA or port */
	CORE_CALL_SIZE,		/* bytes: 1, 2, 4 or 8 */
	CORE_CALL_WRITE,	/* 0 or 1 */
	CORE_CALL_VALUE,	/* of a write */
	CORE_CALL_SLOT,		/* core_device.slot */
	CORE_CALL_SPACE,	/* enum core_space */
};

#define CORE_CALL_ARGS		6
#define CORE_CALL_RESULTS	4

/* The lower bits of core_host_call.word. */
enum core_call_state {
	CORE_CALL_NONE,		/* nothing is asked */
	CORE_CALL_ASKED,	/* type and arg are complete */
	CORE_CALL_ANSWERED,	/* result is complete */
	CORE_CALL_STATE = 3,	/* mask */
};

/*
 * word is (sequence << 2 | state). The core steps it, but for ASKED to ANSWERED,
 * which is the host half's, by compare-and-swap: it fails, and the answer is
 * nobody's, when the core has given the call up meanwhile.
 */
struct core_host_call {
	u32 word;
	u32 type;		/* the core; enum core_call_type */
	u64 arg[CORE_CALL_ARGS];	/* the core */
	u64 result[CORE_CALL_RESULTS] __attribute__((aligned(64)));	/* host half */
} __attribute__((aligned(64)));

#endif
