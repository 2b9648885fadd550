/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the host half and the resident core say to each other, in memory that
 * both map. The host half fills it in before the core starts; afterwards each
 * word has one writer, named beside it.
 *
 * One taken CPU runs one vCPU of one cell for as long as it is taken, so the
 * block of a CPU and the block of a vCPU are the same thing.
 */
#ifndef AXVM_CORE_ABI_H
#define AXVM_CORE_ABI_H

#include "core_call.h"
#include "core_types.h"
#include "core_ivc.h"
#include "core_irq.h"

#define CORE_ABI_MAGIC		0x4c4c45434d565841ULL	/* "AXVMCELL" */
#define CORE_MAX_VCPUS		32
#define CORE_MAX_RAM		64	/* contiguous GPA ranges of guest memory */
#define CORE_MAX_DEVICES	32
#define CORE_TX_SIZE		32768	/* console bytes, guest to host; a power of two */
#define CORE_RX_SIZE		4096	/* console bytes, host to guest; a power of two */
#define CORE_LOG_SIZE		64	/* records; a power of two */

/* uapi enum axvm_exit, axvm_counter and axvm_cause give the meaning. */
/* Hypercalls from AXVM_HC_IVC_PUBLISH on, those from AXVM_HC_VERSION on, all others. */
#define CORE_NR_IVC_CALLS	5
#define CORE_NR_OWN_CALLS	9
#define CORE_NR_CALLS		(CORE_NR_IVC_CALLS + CORE_NR_OWN_CALLS + 1)
#define CORE_NR_COSTS		32	/* powers of two of clock ticks */
#define CORE_NR_RECORDS		256	/* a power of two */
#define CORE_NR_EXITS		12
#define CORE_NR_COUNTERS	8

/*
 * Commands of the host half, in core_vcpu.cmd as (sequence << 8 | command). The
 * core acts when the word changes and copies it to core_vcpu.ack when done.
 */
enum core_cmd {
	CORE_CMD_PARK,		/* drop the guest's state and wait */
	CORE_CMD_RUN,		/* from parked: start; from paused: go on */
	CORE_CMD_PAUSE,		/* keep the guest's state and wait */
	CORE_CMD_LEAVE,		/* undo core_arch_cpu_init() and halt for good */
};

/* core_vcpu.state, written by the core: uapi enum axvm_vcpu_state. */
enum core_vcpu_state {
	CORE_OFF,		/* the core has not reported yet (host half writes this) */
	CORE_PARKED,
	CORE_RUNNING,
	CORE_WAITING,		/* a secondary vCPU that its guest has not started */
	CORE_PAUSED,
	CORE_LEFT,
	CORE_ASKING,		/* its exit waits for the host half's answer */
};

/* core_vcpu.requests: bits set with an atomic OR by the host half or a sibling. */
#define CORE_REQ_STOP	(1U << 0)	/* the cell stopped: park */
#define CORE_REQ_INIT	(1U << 1)	/* reset and wait to be started */
#define CORE_REQ_START	(1U << 2)	/* start at start_arg, if waiting */
#define CORE_REQ_NMI	(1U << 3)	/* inject a non-maskable interrupt */
#define CORE_REQ_IRQ	(1U << 4)	/* bytes in rx, or core_irq has changed: update lines */
#define CORE_REQ_TRACE	(1U << 5)	/* core_vcpu.trace has changed */
#define CORE_REQ_SYNC	(1U << 6)	/* core_cell.sync has changed; answered in every state */
#define CORE_REQ_ANSWER	(1U << 7)	/* core_cell.call[] has changed */
#define CORE_REQ_INJECT	(1U << 8)	/* core_irq.vector[] of this vCPU */
#define CORE_REQ_BELL	(1U << 9)	/* by the vCPU itself: its cell's bell was rung */

/* Each vCPU's words; a cache line has one writer. */
struct core_vcpu {
	/* host half */
	u32 cmd;
	u32 hw_id;		/* the CPU's own number, for IPIs */
	u32 trace;		/* measure and record exits; CORE_REQ_TRACE when it has changed */
	u8 pad0[52];
	/* siblings and host half, atomically */
	u32 requests;
	u32 pad1;
	u64 start_arg;		/* written before CORE_REQ_START is set */
	u8 pad2[48];
	/* this vCPU's core */
	u32 ack;
	u32 state;
	u64 exits[CORE_NR_EXITS];
	u64 counters[CORE_NR_COUNTERS];
	u64 calls[CORE_NR_CALLS];	/* hypercalls by number; not counted in exits */
	u64 refused;		/* exits[AXVM_EXIT_SYSREG] that were refused and are not counted there */
	/* accesses by core_device.slot: those that were an exit, not counted in exits; the others */
	u64 device_exits[2][CORE_MAX_DEVICES];
	u64 devices[CORE_MAX_DEVICES];
	u32 last_device[2];	/* of each enum core_space: index of the one accessed last */
	u32 last_exit;		/* enum axvm_exit */
	u32 synced;		/* core_cell.sync, once all that came before it is forgotten */
	const struct core_tables *tables;	/* in use; an address of the core's */
	u64 faults_since;	/* clock when this second of faults began */
	u32 faults;		/* in it */
	u32 ringing;		/* odd: in core_ivc of other cells */
} __attribute__((aligned(64)));

/* One exit. */
struct core_record {
	u64 pc;			/* of the instruction that exited */
	u64 code;		/* the architecture's own */
	u32 cost;		/* clock ticks from leaving the guest to its next entry, nearly */
	u32 reason;		/* uapi enum axvm_exit */
	u64 unused;		/* a power of two is found in fewer instructions */
};

/* What a vCPU's core writes while core_vcpu.trace is set; the host half clears it before. */
struct core_trace {
	u32 head;		/* records written; the last CORE_NR_RECORDS of them are there */
	u32 pad;
	u64 last;		/* the clock when the core last began or ended with an exit */
	u64 skipped;		/* the clock's start, and its ticks outside of the guest and its exits */
	u64 idle;		/* of these, waiting to be started or for the host half */
	struct core_record record[CORE_NR_RECORDS];	/* here, in reach of short offsets */
	u64 spent[CORE_NR_EXITS];	/* sum of the costs */
	u64 cost[CORE_NR_EXITS][CORE_NR_COSTS];
};

/* Why the cell stopped. cause is claimed by compare-and-swap; first writer wins. */
struct core_stop {
	u32 cause;		/* uapi enum axvm_cause; 0 while running */
	u32 vcpu;
	u64 code;
	u64 pc;
	u64 gpa;
	u64 info;
	u32 ready;		/* 1 after the words above are complete */
	u32 pad;
};

/* A byte ring; head is written by the producer, tail by the consumer, both free-running. */
struct core_ring {
	u32 head;
	u8 pad0[60];
	u32 tail;
	u8 pad1[60];
};

/* What happened, for the cell's log; the host half turns it into a sentence. */
enum core_log_type {
	CORE_LOG_NONE,
	CORE_LOG_SYSREG_READ,	/* a = register: refused, guest got an exception */
	CORE_LOG_SYSREG_WRITE,	/* a = register, b = value */
	CORE_LOG_IPI,		/* a = the refused command */
	CORE_LOG_VCPU_START,	/* a = start argument */
	CORE_LOG_VCPU_RESET,
	CORE_LOG_HYPERCALL,	/* a = unknown number */
	/* a = GPA where the guest has nothing or not that right, b = PC */
	CORE_LOG_FAULT_READ,
	CORE_LOG_FAULT_WRITE,
	CORE_LOG_FAULT_FETCH,
	CORE_LOG_FAULT_TABLE,	/* by the processor, in a walk of the guest's page tables */
	CORE_LOG_FAULT_MORE,	/* more than are logged in a second */
};

struct core_log_entry {
	u32 seq;		/* position + 1 once complete */
	u16 type;
	u16 vcpu;
	u64 a;
	u64 b;
};

/* Contiguous guest memory, sorted by GPA, adjacent ranges with the same flags merged. */
struct core_ram {
	u64 gpa;
	u64 size;
	u32 flags;		/* uapi enum axvm_memory_flag bits */
	u32 pad;
};

/*
 * A device whose registers are accessed by the core: emulated, or physical (at
 * CORE_DEVICE_VA + slot * CORE_DEVICE_WINDOW, from its page on); sorted by
 * (space, base).
 */
#define CORE_DEVICE_WINDOW	0x10000	/* bytes */

enum core_space { CORE_SPACE_PIO, CORE_SPACE_MMIO };

struct core_device {
	u64 base;
	u64 counter;		/* offset of its device_exits[space][slot] in struct core_vcpu */
	u32 size;
	u16 space;		/* enum core_space */
	u16 type;		/* uapi enum axvm_device_type */
	u32 irq;		/* guest interrupt line, or CORE_NO_IRQ */
	u32 instance;		/* index into the state array of its type */
	u32 slot;		/* its own among the cell's, for as long as it is there */
	u32 access;		/* CORE_DEVICE_SLOW, and of a physical one uapi enum axvm_device_right; or 0 */
};

#define CORE_DEVICE_SLOW	(1U << 31)	/* may take its time: not under the device lock */

#define CORE_NO_IRQ	0xffffffffU

/* What is where in the guest's address spaces. Constant while a core may be using it. */
struct core_tables {
	u32 nr_ram;
	u32 nr_devices;
	struct core_ram ram[CORE_MAX_RAM];
	struct core_device device[CORE_MAX_DEVICES];
};

struct core_boot {
	u64 entry;
	u64 arg;
	u64 table;
	u32 mode;
	u32 pad;
};

/* Time as the guest sees it; constant while the cell runs. */
struct core_clock {
	u32 khz;		/* of the architecture's counter */
	u32 pad;
	u64 base;		/* counter value at ... */
	u64 wall_ns;		/* ... this CLOCK_REALTIME */
};

/* 16550 state; lock-protected, all vCPUs of the cell may use it. */
struct core_uart {
	u8 ier, fcr, lcr, mcr, scr, dll, dlm, thri;	/* thri: THR-empty interrupt pending */
	u32 has_console;	/* this UART's other end is tx/rx */
	u32 irq;
	u64 full_since;		/* clock when the guest first met a full tx ring, or 0 */
};

/* PL011 state, likewise. */
struct core_pl011 {
	u16 cr, lcr, imsc, ibrd, fbrd, ifls;
	u32 tx;			/* transmit interrupt pending */
	u32 has_console;
	u32 irq;
	u64 full_since;
};

#include "core_pci.h"
#include "core_abi_arch.h"	/* struct core_arch_cell: -I module/arch/<arch>/include */

struct core_cell {
	/* host half, constant while the cell runs */
	u64 magic;
	u32 nr_vcpus;
	u32 irq_mode;		/* uapi enum axvm_irq_mode */
	u32 fault_policy;	/* uapi enum axvm_fault_policy */
	u32 pad;
	/* host half, any time: fill the table that is not in use, publish it, sync */
	u32 table;		/* index of the one in use */
	u32 sync;		/* +1: use that one, and forget all translations; core_vcpu.synced */
	struct core_tables tables[2];
	struct core_boot boot;
	struct core_clock clock;
	/* how to interrupt the host; host half may change it any time */
	u64 event_target __attribute__((aligned(64)));
	/* core sets to 1 when there is something to look at, host half clears before looking */
	u32 event_pending;
	struct core_irq irq __attribute__((aligned(64)));
	/* channels: core_ivc.h */
	u32 bell __attribute__((aligned(64)));	/* host half: this cell's in core_ivc, 0: none */
	struct core_link link[CORE_MAX_LINKS] __attribute__((aligned(64)));
	/* the core */
	struct core_stop stop __attribute__((aligned(64)));
	u32 log_head;		/* atomically, by any vCPU */
	u32 lock;		/* of device state; held for a few instructions, never while waiting */
	struct core_log_entry log[CORE_LOG_SIZE];
	struct core_uart uart[CORE_MAX_DEVICES];
	struct core_pl011 pl011[CORE_MAX_DEVICES];
	struct core_pci_function pci[CORE_PCI_SLOTS];
	struct core_arch_cell arch;
	struct core_ring tx, rx;
	struct core_vcpu vcpu[CORE_MAX_VCPUS] __attribute__((aligned(64)));
	struct core_host_call call[CORE_MAX_VCPUS];
	struct core_trace trace[CORE_MAX_VCPUS];
	u8 tx_data[CORE_TX_SIZE] __attribute__((aligned(64)));
	u8 rx_data[CORE_RX_SIZE];
};

#endif
