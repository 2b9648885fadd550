/* SPDX-License-Identifier: GPL-2.0 */
/* The nouns of the host half: a cell, its configuration, its CPUs. */
#ifndef AXVM_H
#define AXVM_H

#include <linux/bitmap.h>
#include <linux/cpumask.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/rwsem.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/workqueue.h>

#include "../uapi/axvm.h"
#include "core_abi.h"
#include "ledger.h"
#include "pgtable.h"

#define AXVM_VERSION	"0.1.0"

/**
 * struct axvm_error - one failed request's message, on its way to the user
 * @text: a whole sentence: which thing, which value, why, what to do
 */
struct axvm_error {
	char text[256];
};

/**
 * axvm_fail() - note why a request fails
 * @err: where; only the first message of a request is kept (the deepest knows best)
 * @code: negative errno
 *
 * Return: @code, so that a caller can say `return axvm_fail(err, -EBUSY, ...)`.
 */
__printf(3, 4)
int axvm_fail(struct axvm_error *err, int code, const char *fmt, ...);

/* One line of `axvmctl check`. */
struct axvm_requirement {
	char name[32];
	char detail[160];
	bool ok;
};

struct axvm_requirements {
	unsigned int nr;
	struct axvm_requirement list[16];
};

__printf(4, 5)
void axvm_require(struct axvm_requirements *req, const char *name, bool ok, const char *fmt, ...);

/* What the user asked for; parsed and checked by config.c, never changed afterwards. */
struct axvm_config_vcpu {
	int cpu;			/* Linux CPU, or -1: one of affinity */
	DECLARE_BITMAP(affinity, NR_CPUS);
};

struct axvm_config_memory {
	u32 type;			/* enum axvm_memory_type */
	u32 flags;			/* enum axvm_memory_flag bits */
	u64 gpa, size, hpa;		/* bytes, page aligned */
};

struct axvm_config_image {
	struct file *file;		/* a reference of ours, kept for reset */
	u64 offset, size, gpa;		/* bytes */
	char name[256];
};

struct axvm_config_device {
	u32 type;			/* enum axvm_device_type */
	u64 base, size;
	u64 hpa;			/* of "mmio" */
	u32 irq;			/* or CORE_NO_IRQ */
	u32 access;			/* enum axvm_device_right bits; 0: whole pages, without exits */
	bool console;
	u32 function;			/* of "pci": segment << 16 | bus << 8 | devfn */
	bool unsafe;			/* of "pci": do without an IOMMU */
};

struct axvm_config_wire {
	u32 host;			/* the platform's number */
	u32 line;			/* the guest's */
	u32 trigger;			/* enum axvm_trigger */
};

/* A channel that its guest may publish, or subscribe to. */
struct axvm_config_ivc {
	u32 kind;			/* enum axvm_ivc_kind */
	u32 key;
	char cell[AXVM_NAME_MAX + 1];	/* the publisher, "": Linux, or with publish the cell itself */
	u32 rights, linux_rights;	/* enum axvm_ivc_right bits */
	u32 line;			/* guest interrupt line, or CORE_NO_IRQ: the usual one */
	bool gpa_given;
	u64 gpa;
};

struct axvm_config {
	char name[AXVM_NAME_MAX + 1];
	u32 fault_policy;		/* enum axvm_fault_policy */
	u32 irq_mode;
	u32 flags;			/* enum axvm_cell_flag bits */
	unsigned int nr_vcpus, nr_memory, nr_images, nr_devices, nr_excluded;
	struct axvm_config_vcpu vcpu[AXVM_MAX_VCPUS];
	struct axvm_config_memory memory[AXVM_MAX_REGIONS];
	struct axvm_config_image image[AXVM_MAX_REGIONS];
	struct axvm_config_device device[AXVM_MAX_REGIONS];
	unsigned int nr_wires;
	struct axvm_config_wire wire[AXVM_MAX_WIRES];
	struct axvm_config_device excluded[AXVM_MAX_REGIONS];	/* not handed through, whatever device[] says */
	struct core_boot boot;
	unsigned int nr_ivc;
	struct axvm_config_ivc ivc[AXVM_MAX_IVC_RULES];
	u64 ivc_max_bytes;		/* of the channels that its guest publishes, together */
};

/* A taken CPU. */
struct axvm_cpu {
	struct axvm_cell *cell;
	unsigned int index;		/* of the vCPU that it runs */
	int cpu;			/* Linux's number */
	u32 hw_id;
	bool offlined;			/* Linux has let go of it */
	bool ready;			/* axvm_arch_cpu_init() is done */
	bool started;			/* the core was started on it and not killed since */
	bool kickable;			/* the core answers kicks; under cell->kick_lock */
	struct axvm_claim claim;	/* undone by giving the CPU back */
	struct axvm_pgtable map;	/* the core's address space on this CPU */
	void *arch;			/* owned by the architecture */
};

/* The host half's end of a vCPU's calls: hostcall.c. */
struct axvm_hostcall {
	struct axvm_cell *cell;
	unsigned int vcpu;
	struct work_struct work;
};

struct axvm_pci_function;		/* pci_bus.c */
/* Who wants to know when the guest ends an interrupt of a line: irq.c. */
struct axvm_irq_watch {
	void (*fn)(void *data);
	void *data;
};

struct axvm_memory;			/* memory.c: claimed guest memory */
struct axvm_console;			/* console.c: the tty */
struct axvm_log;			/* log.c */

struct axvm_cell {
	struct list_head node;		/* cell.c: axvm_cells, under axvm_cells_lock */
	struct kref ref;
	struct mutex lock;		/* serialises life-cycle requests; protects all below */
	u32 id;
	u32 state;			/* enum axvm_state; written under lock, read anywhere */
	bool gone;			/* destroyed; only references are left */
	bool arch_ready;		/* axvm_arch_cell_init() is done */
	bool lost;			/* a CPU of it cannot be stopped: keep all that it uses */
	struct axvm_config *cfg;
	struct axvm_owner owner;	/* everything claimed, in order; released in reverse */
	struct list_head memory;	/* of struct axvm_memory pieces */
	struct axvm_pgtable stage2;
	struct core_cell *core;		/* vzalloc()ed, mapped into each of its cores */
	u32 table;			/* core->table; what cores can write is not read back */
	u32 sync;			/* core->sync, likewise */
	unsigned int holds;		/* live.c: axvm_cell_hold() without axvm_cell_release() yet */
	unsigned int nr_cpus;		/* taken so far */
	struct axvm_cpu cpu[AXVM_MAX_VCPUS];
	spinlock_t kick_lock;		/* keeps kicks away from cores that are being reset */
	struct list_head devices;	/* of struct axvm_device, in order of attaching */
	struct rw_semaphore devices_lock;	/* to change the list: this and lock; to read: either */
	struct axvm_pci_function *pci[CORE_PCI_SLOTS];	/* on its bus, by slot */
	struct list_head physical;	/* pci.c: functions of the host that are on it */
	struct list_head iommu;		/* iommu.c: groups that the cell has */
	bool calls_closed;		/* handlers of calls end soon, and no more begin */
	struct axvm_hostcall call[AXVM_MAX_VCPUS];
	struct list_head wires;		/* of struct axvm_wire */
	struct axvm_irq_watch irq_watch[CORE_IRQ_LINES];	/* under axvm_cells_lock */
	struct core_stop stop;		/* why it stopped last; cause 0: it never did */
	char stop_text[192];
	unsigned int lost_vcpu;		/* index of the latest one whose core did not answer */
	unsigned long reset_after;	/* jiffies: a guest's own resets are not done before */
	struct work_struct stop_work;	/* deals with a guest that stopped by itself */
	u32 core_log_tail;		/* event.c: first record of core->log not yet seen */
	unsigned long progress_after;	/* jiffies: no news of memory before */
	int give_error;			/* why a CPU could not be given back, 0: all were */
	struct axvm_console *console;	/* NULL without one */
	struct axvm_log *log;
	struct list_head channels;	/* of struct axvm_attachment, ivc/ */
	struct list_head stuck_channels;	/* gone, but a core might still reach their memory */
	DECLARE_BITMAP(links, CORE_MAX_LINKS);	/* entries of core->link that are in use */
	unsigned int ivc_logged;	/* lines about what its guest does with channels */
	u64 ivc_bytes;			/* of channels that its guest made; under axvm_ivc_lock */
	void *arch;			/* owned by the architecture */
};

#endif
