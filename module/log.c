// SPDX-License-Identifier: GPL-2.0
/*
 * What happened, as lines of text: a bounded log for each cell and one for the
 * module. Guests can cause lines, so these never go to the host's kernel log.
 */
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include "axvm.h"
#include "log.h"

#define LINES	256	/* a power of two */

struct axvm_log {
	spinlock_t lock;	/* protects all below */
	u64 last;		/* seq of the newest line */
	struct axvm_log_line lines[LINES];
};

static struct axvm_log module_log = { .lock = __SPIN_LOCK_UNLOCKED(module_log.lock) };

struct axvm_log *axvm_log_new(void)
{
	struct axvm_log *log = kvzalloc(sizeof(*log), GFP_KERNEL);

	if (log)
		spin_lock_init(&log->lock);
	return log;
}

void axvm_log_free(struct axvm_log *log)
{
	kvfree(log);
}

static struct axvm_log *log_of(struct axvm_cell *cell)
{
	return cell ? cell->log : &module_log;
}

void axvm_log(struct axvm_cell *cell, const char *fmt, ...)
{
	struct axvm_log *log = log_of(cell);
	struct axvm_log_line *line;
	unsigned long flags;
	va_list args;

	spin_lock_irqsave(&log->lock, flags);
	line = &log->lines[++log->last % LINES];
	line->seq = log->last;
	line->time = ktime_get_real_ns();
	va_start(args, fmt);
	vscnprintf(line->text, sizeof(line->text), fmt, args);
	va_end(args);
	spin_unlock_irqrestore(&log->lock, flags);
}

bool axvm_log_read(struct axvm_cell *cell, u64 after, struct axvm_log_line *line)
{
	struct axvm_log *log = log_of(cell);
	unsigned long flags;
	bool found;
	u64 oldest;

	spin_lock_irqsave(&log->lock, flags);
	oldest = log->last > LINES ? log->last - LINES + 1 : 1;
	after = max(after + 1, oldest);
	found = after <= log->last;
	if (found)
		*line = log->lines[after % LINES];
	spin_unlock_irqrestore(&log->lock, flags);
	return found;
}

u64 axvm_log_last(struct axvm_cell *cell)
{
	struct axvm_log *log = log_of(cell);
	unsigned long flags;
	u64 last;

	spin_lock_irqsave(&log->lock, flags);
	last = log->last;
	spin_unlock_irqrestore(&log->lock, flags);
	return last;
}

static void log_core_entry(struct axvm_cell *cell, const struct core_log_entry *e)
{
	static const char *const faults[] = {
		"read from", "wrote to", "jumped to", "has page tables at",
	};

	switch (e->type) {
	case CORE_LOG_SYSREG_READ:
		axvm_log(cell, "vCPU %u: refused to read system register 0x%llx", e->vcpu, e->a);
		break;
	case CORE_LOG_SYSREG_WRITE:
		axvm_log(cell, "vCPU %u: refused to write 0x%llx to system register 0x%llx",
			 e->vcpu, e->b, e->a);
		break;
	case CORE_LOG_IPI:
		axvm_log(cell, "vCPU %u: refused to send interrupt command 0x%llx: its target is not one of the cell's CPUs",
			 e->vcpu, e->a);
		break;
	case CORE_LOG_VCPU_START:
		axvm_log(cell, "vCPU %u: started by the guest at 0x%llx", e->vcpu, e->a);
		break;
	case CORE_LOG_VCPU_RESET:
		axvm_log(cell, "vCPU %u: reset by the guest, waits to be started", e->vcpu);
		break;
	case CORE_LOG_HYPERCALL:
		axvm_log(cell, "vCPU %u: unknown hypercall 0x%llx", e->vcpu, e->a);
		break;
	case CORE_LOG_FAULT_READ:
	case CORE_LOG_FAULT_WRITE:
	case CORE_LOG_FAULT_FETCH:
	case CORE_LOG_FAULT_TABLE:
		axvm_log(cell, "vCPU %u: %s GPA 0x%llx, where it must not, at 0x%llx", e->vcpu,
			 faults[e->type - CORE_LOG_FAULT_READ], e->a, e->b);
		break;
	case CORE_LOG_FAULT_MORE:
		axvm_log(cell, "vCPU %u: more such accesses in this second are only counted",
			 e->vcpu);
		break;
	default:
		axvm_log(cell, "vCPU %u: event %u (0x%llx, 0x%llx)", e->vcpu, e->type, e->a, e->b);
	}
}

/* Copy an entry that a core may be overwriting just now; false: not complete, or gone. */
static bool read_entry(const struct core_log_entry *from, u32 position, struct core_log_entry *to)
{
	if (smp_load_acquire(&from->seq) != position + 1)
		return false;
	to->type = READ_ONCE(from->type);
	to->vcpu = READ_ONCE(from->vcpu);
	to->a = READ_ONCE(from->a);
	to->b = READ_ONCE(from->b);
	smp_rmb();	/* the words above before a second look at seq */
	return READ_ONCE(from->seq) == position + 1;
}

bool axvm_log_drain_core(struct axvm_cell *cell)
{
	struct core_cell *core = cell->core;
	u32 head = smp_load_acquire(&core->log_head);
	u32 tail = cell->core_log_tail;
	struct core_log_entry entry;
	u32 waiting = head - tail;

	if (!waiting)
		return false;
	if (waiting > CORE_LOG_SIZE) {
		tail = head - CORE_LOG_SIZE;
		axvm_log(cell, "%u records of the core were lost", waiting - CORE_LOG_SIZE);
	}
	/* An entry that is being written is left for the next pass, and so are all after it. */
	while (tail != head && read_entry(&core->log[tail % CORE_LOG_SIZE], tail, &entry)) {
		log_core_entry(cell, &entry);
		tail++;
	}
	if (tail == cell->core_log_tail)
		return false;
	cell->core_log_tail = tail;
	return true;
}
