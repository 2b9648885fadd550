// SPDX-License-Identifier: GPL-2.0
/*
 * The life of a taken CPU: parked, running a vCPU, parked, gone. The host
 * half's commands and the siblings' requests are words that are looked at
 * between two exits; a kick only makes an exit happen.
 */
#include "core.h"

static void set_state(enum core_vcpu_state state)
{
	core_store_release(&core_self()->state, state);
}

static void acknowledge(u32 cmd, enum core_vcpu_state state)
{
	set_state(state);
	core_store_release(&core_self()->ack, cmd);
	core_notify();
}

void core_notify(void)
{
	struct core_cell *cell = core_cell();

	if (__atomic_exchange_n(&cell->event_pending, 1, __ATOMIC_SEQ_CST))
		return;
	core_count_event(AXVM_COUNTER_EVENT);
	core_arch_raise(READ_WORD(cell->event_target));
}

void core_log(enum core_log_type type, u64 a, u64 b)
{
	struct core_cell *cell = core_cell();
	u32 pos = __atomic_fetch_add(&cell->log_head, 1, __ATOMIC_RELAXED);
	struct core_log_entry *entry = &cell->log[pos % CORE_LOG_SIZE];

	core_store_release(&entry->seq, 0);
	__atomic_thread_fence(__ATOMIC_RELEASE);
	entry->type = type;
	entry->vcpu = core_index();
	entry->a = a;
	entry->b = b;
	core_store_release(&entry->seq, pos + 1);
	core_notify();
}

void core_request(u32 vcpu, u32 bits)
{
	struct core_vcpu *v = &core_cell()->vcpu[vcpu];

	__atomic_fetch_or(&v->requests, bits, __ATOMIC_SEQ_CST);
	if (vcpu != core_index())
		core_arch_kick(v->hw_id);
}

void core_stop_cell(enum axvm_cause cause, u64 code, u64 pc, u64 gpa, u64 info)
{
	struct core_cell *cell = core_cell();
	u32 none = AXVM_CAUSE_NONE;
	u32 i;

	if (__atomic_compare_exchange_n(&cell->stop.cause, &none, cause, false,
					__ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST)) {
		cell->stop.vcpu = core_index();
		cell->stop.code = code;
		cell->stop.pc = pc;
		cell->stop.gpa = gpa;
		cell->stop.info = info;
		core_store_release(&cell->stop.ready, 1);
	}
	for (i = 0; i < cell->nr_vcpus; i++)
		core_request(i, CORE_REQ_STOP);
}

static void update_lines(void)
{
	const struct core_tables *tables = core_tables();
	struct core_cell *cell = core_cell();
	u32 i;

	core_device_lock();
	for (i = 0; i < tables->nr_devices; i++) {
		const struct core_device *dev = &tables->device[i];

		if (dev->type == AXVM_DEVICE_TYPE_UART16550)
			core_uart_update(&cell->uart[dev->instance]);
		else if (dev->type == AXVM_DEVICE_TYPE_PL011)
			core_pl011_update(&cell->pl011[dev->instance]);
	}
	core_irq_update();
	core_device_unlock();
}

/*
 * Take the tables that are in use now and forget what came from the old ones.
 * Nothing of this CPU's is under way in them here, between two exits. The
 * counter is read first: a change that comes later asks again.
 */
static void synchronise(struct core_vcpu *vcpu)
{
	struct core_cell *cell = core_cell();
	u32 sync = core_load_acquire(&cell->sync);

	vcpu->tables = &cell->tables[core_load_acquire(&cell->table) & 1];
	vcpu->last_device[CORE_SPACE_PIO] = 0;
	vcpu->last_device[CORE_SPACE_MMIO] = 0;
	core_arch_sync();
	core_store_release(&vcpu->synced, sync);
	core_notify();
}

/* Requests that mean nothing in this state are dropped; a sync means something in all. */
static void drop_requests(struct core_vcpu *vcpu)
{
	__atomic_store_n(&vcpu->requests, 0, __ATOMIC_SEQ_CST);
	if (core_load_acquire(&core_cell()->sync) != vcpu->synced)
		synchronise(vcpu);
}

/* Return: the vCPU's state after its requests were honoured. */
static enum core_vcpu_state take_requests(struct core_vcpu *vcpu, enum core_vcpu_state state)
{
	u32 bits = __atomic_exchange_n(&vcpu->requests, 0, __ATOMIC_SEQ_CST);

	if (bits & CORE_REQ_SYNC)
		synchronise(vcpu);
	if (bits & CORE_REQ_STOP)
		return CORE_PARKED;
	if (bits & CORE_REQ_INIT) {
		core_arch_vcpu_reset(false);
		core_call_drop();
		core_ivc_look();	/* the reset may have taken a kick */
		core_log(CORE_LOG_VCPU_RESET, 0, 0);
		state = CORE_WAITING;
	}
	if ((bits & CORE_REQ_START) && state == CORE_WAITING) {
		core_arch_vcpu_start(vcpu->start_arg);
		core_log(CORE_LOG_VCPU_START, vcpu->start_arg, 0);
		state = CORE_RUNNING;
	}
	if ((bits & CORE_REQ_NMI) && (state == CORE_RUNNING || state == CORE_ASKING))
		core_arch_vcpu_nmi();
	if (bits & CORE_REQ_IRQ)
		update_lines();
	if (bits & CORE_REQ_INJECT)
		core_irq_take_vectors(state == CORE_RUNNING || state == CORE_ASKING);
	if (bits & CORE_REQ_BELL)
		core_ivc_deliver();
	if (bits & CORE_REQ_ANSWER)
		state = core_call_step(state);
	set_state(state);
	return state;
}

/*
 * Keep the guest as it is until the host half says otherwise.
 * Return: the command that ended the pause, or the last pause if the cell stopped.
 */
static u32 paused(struct core_vcpu *vcpu, u32 cmd)
{
	acknowledge(cmd, CORE_PAUSED);
	for (;;) {
		u32 next = core_load_acquire(&vcpu->cmd);

		if (next != cmd) {
			if ((next & 0xff) != CORE_CMD_PAUSE)
				return next;
			acknowledge(next, CORE_PAUSED);
			cmd = next;
		}
		/* These must not wait for a resume; other requests are kept for it. */
		if (core_load_acquire(&vcpu->requests) & CORE_REQ_STOP)
			return cmd;
		if (__atomic_fetch_and(&vcpu->requests, ~CORE_REQ_SYNC, __ATOMIC_SEQ_CST) &
		    CORE_REQ_SYNC)
			synchronise(vcpu);
		core_arch_sleep(vcpu, CORE_REQ_STOP | CORE_REQ_SYNC);
	}
}

/*
 * What the loop below does next. That measuring is a step of its own makes it
 * free while it is off; so it is with what not every cell needs.
 */
enum step { STEP_END, STEP_WAIT, STEP_RUN, STEP_TRACE, STEP_SLOW };

static enum step step_of(const struct core_vcpu *vcpu, enum core_vcpu_state state)
{
	struct core_trace *trace = &core_cell()->trace[core_index()];
	bool traced = READ_WORD(vcpu->trace);

	if (traced) {
		u64 now = core_arch_clock();

		trace->skipped += now - trace->last;
		trace->last = now;
	}
	if (state == CORE_RUNNING && core_arch_slow())
		return STEP_SLOW;
	if (state == CORE_RUNNING)
		return traced ? STEP_TRACE : STEP_RUN;
	return state == CORE_WAITING || state == CORE_ASKING ? STEP_WAIT : STEP_END;
}

static void wait(struct core_vcpu *vcpu)
{
	u64 start = core_arch_clock();

	core_arch_sleep(vcpu, ~0U);
	core_ivc_look();
	core_cell()->trace[core_index()].idle += core_arch_clock() - start;
}

/* Run the vCPU until it is told to park, or the cell stops by itself. */
static void run(struct core_vcpu *vcpu, u32 cmd)
{
	bool boot = core_index() == 0;
	enum core_vcpu_state state = boot ? CORE_RUNNING : CORE_WAITING;
	enum step step;

	/*
	 * Left over from the cell's last life. The host half starts vCPU 0
	 * after the others have acknowledged, so no sibling can be asking yet.
	 */
	drop_requests(vcpu);
	/* A resume that comes after the cell stopped by itself finds us parked: it is no start. */
	if (READ_WORD(core_cell()->stop.cause)) {
		acknowledge(cmd, CORE_PARKED);
		return;
	}
	core_arch_vcpu_reset(boot);
	core_call_drop();
	if (boot)	/* a line may be high from the beginning */
		update_lines();
	acknowledge(cmd, state);
	core_ivc_look();
	step = step_of(vcpu, state);
	for (;;) {
		u32 next = core_load_acquire(&vcpu->cmd);

		if (next != cmd && (next & 0xff) == CORE_CMD_PAUSE)
			next = paused(vcpu, next);
		if (next != cmd) {
			if ((next & 0xff) == CORE_CMD_RUN)
				acknowledge(next, state);
			else if ((next & 0xff) != CORE_CMD_PAUSE)
				return;
			cmd = next;
			core_ivc_look();
			step = step_of(vcpu, state);
		}
		/* What is taken can be a request to itself. */
		while (core_load_acquire(&vcpu->requests)) {
			state = take_requests(vcpu, state);
			step = step_of(vcpu, state);
		}
		if (step == STEP_RUN)
			core_arch_vcpu_run();
		else if (step == STEP_TRACE)
			core_arch_vcpu_trace();
		else if (step == STEP_SLOW)
			core_arch_vcpu_slow();
		else if (step == STEP_WAIT)
			wait(vcpu);
		else
			return;
	}
}

void core_main(bool started)
{
	struct core_vcpu *vcpu = core_self();
	u32 cmd = core_load_acquire(&vcpu->cmd);

	WRITE_WORD(vcpu->ringing, 0);
	if (started) {
		core_arch_cpu_init();
		synchronise(vcpu);
		acknowledge(cmd, CORE_PARKED);
	} else {
		core_device_unlock_forced();
	}
	for (;;) {
		u32 next;

		/* Whatever is asked of a parked vCPU is answered by being parked. */
		drop_requests(vcpu);
		set_state(CORE_PARKED);
		core_notify();
		while ((next = core_load_acquire(&vcpu->cmd)) == READ_WORD(vcpu->ack)) {
			drop_requests(vcpu);
			core_arch_sleep(vcpu, ~0U);
		}
		switch (next & 0xff) {
		case CORE_CMD_RUN:
			run(vcpu, next);
			break;
		case CORE_CMD_LEAVE:
			set_state(CORE_LEFT);
			core_arch_cpu_exit();
			/* Last: from here on the host half may reset this CPU. It polls. */
			core_store_release(&vcpu->ack, next);
			core_arch_cpu_off();
		default:	/* park, or pause, which has nothing to keep */
			acknowledge(next, CORE_PARKED);
		}
	}
}
