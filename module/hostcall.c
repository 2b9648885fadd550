// SPDX-License-Identifier: GPL-2.0
/* The answering end of the slow path: see hostcall.h. */
#include <linux/atomic.h>
#include <linux/string.h>
#include <linux/workqueue.h>

#include "cell.h"
#include "device.h"
#include "hostcall.h"
#include "ivc/ivc.h"
#include "log.h"
#include "pci_bus.h"
#include "vcpu.h"

/* Not axvm_wq: handlers that sleep must not keep that one from its own works. */
static struct workqueue_struct *call_wq;

static const axvm_hostcall_fn handlers[CORE_NR_CALL_TYPES] = {
	[CORE_CALL_MMIO] = axvm_device_call,
	[CORE_CALL_PCI] = axvm_pci_call,
	[CORE_CALL_HYPERCALL] = axvm_ivc_hypercall,
};

/* One outstanding call, as it was when it was looked at. */
struct question {
	u32 word, type;
	u64 arg[CORE_CALL_ARGS];
	u64 result[CORE_CALL_RESULTS];
};

/* Return: false if nothing is asked. */
static bool read_question(const struct core_host_call *call, struct question *q)
{
	unsigned int i;

	q->word = smp_load_acquire(&call->word);
	if ((q->word & CORE_CALL_STATE) != CORE_CALL_ASKED)
		return false;
	q->type = READ_ONCE(call->type);
	for (i = 0; i < CORE_CALL_ARGS; i++)
		q->arg[i] = READ_ONCE(call->arg[i]);
	memset(q->result, 0, sizeof(q->result));
	return true;
}

static void ask(struct axvm_cell *cell, unsigned int vcpu, struct question *q)
{
	int ret = -EOPNOTSUPP;

	if (q->type < CORE_NR_CALL_TYPES && handlers[q->type])
		ret = handlers[q->type](cell, vcpu, q->arg, q->result);
	if (!ret)
		return;
	axvm_log(cell, "vCPU %u: a call of type %u to the host failed with error %d", vcpu,
		 q->type, ret);
	memset(q->result, 0xff, sizeof(q->result));
}

/* The core gives a call up by changing its word, and then does not want the answer. */
static bool write_answer(struct core_host_call *call, const struct question *q)
{
	u32 answered = (q->word & ~CORE_CALL_STATE) | CORE_CALL_ANSWERED;
	unsigned int i;

	for (i = 0; i < CORE_CALL_RESULTS; i++)
		WRITE_ONCE(call->result[i], q->result[i]);
	return cmpxchg(&call->word, q->word, answered) == q->word;
}

static void serve(struct work_struct *work)
{
	struct axvm_hostcall *mine = container_of(work, struct axvm_hostcall, work);
	struct axvm_cell *cell = mine->cell;
	struct core_host_call *call = &cell->core->call[mine->vcpu];
	struct question q;

	if (READ_ONCE(cell->calls_closed) || !read_question(call, &q))
		return;
	ask(cell, mine->vcpu, &q);
	if (write_answer(call, &q))
		axvm_vcpu_request(cell, mine->vcpu, CORE_REQ_ANSWER);
}

void axvm_hostcall_setup(struct axvm_cell *cell)
{
	unsigned int i;

	cell->calls_closed = true;
	for (i = 0; i < ARRAY_SIZE(cell->call); i++) {
		cell->call[i].cell = cell;
		cell->call[i].vcpu = i;
		INIT_WORK(&cell->call[i].work, serve);
	}
}

void axvm_hostcall_look(struct axvm_cell *cell)
{
	unsigned int i, nr = cell->core->nr_vcpus;

	if (READ_ONCE(cell->calls_closed))
		return;
	for (i = 0; i < nr && i < ARRAY_SIZE(cell->call); i++) {
		u32 word = READ_ONCE(cell->core->call[i].word);

		if ((word & CORE_CALL_STATE) == CORE_CALL_ASKED)
			queue_work(call_wq, &cell->call[i].work);
	}
}

void axvm_hostcall_open(struct axvm_cell *cell)
{
	unsigned int i;

	/* What a vCPU asked in an earlier life. */
	for (i = 0; i < CORE_MAX_VCPUS; i++) {
		u32 *word = &cell->core->call[i].word;

		WRITE_ONCE(*word, (*word | CORE_CALL_STATE) + 1);
	}
	WRITE_ONCE(cell->calls_closed, false);
}

void axvm_hostcall_close(struct axvm_cell *cell)
{
	unsigned int i;

	WRITE_ONCE(cell->calls_closed, true);
	/* A look that missed it queues works that see it. */
	for (i = 0; i < ARRAY_SIZE(cell->call); i++)
		cancel_work_sync(&cell->call[i].work);
}

int axvm_hostcall_init(void)
{
	call_wq = alloc_workqueue("axvm_call", WQ_UNBOUND, WQ_MAX_ACTIVE);
	return call_wq ? 0 : -ENOMEM;
}

void axvm_hostcall_exit(void)
{
	destroy_workqueue(call_wq);
}
