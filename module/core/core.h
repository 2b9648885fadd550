/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The resident core, neutral part. It runs on taken CPUs only, allocates
 * nothing, calls nothing outside itself and waits for nothing but a kick.
 *
 * Everything here runs on the CPU whose block is mapped at core_cpu(); the
 * cell's block is shared with the cell's other CPUs and with the host half,
 * never with another cell.
 */
#ifndef AXVM_CORE_H
#define AXVM_CORE_H

#include "core_abi.h"
#include "../../uapi/axvm.h"

#define READ_WORD(x)		(*(const volatile __typeof__(x) *)&(x))
#define WRITE_WORD(x, v)	(*(volatile __typeof__(x) *)&(x) = (v))

static inline u32 core_load_acquire(const u32 *word)
{
	return __atomic_load_n(word, __ATOMIC_ACQUIRE);
}

static inline void core_store_release(u32 *word, u32 value)
{
	__atomic_store_n(word, value, __ATOMIC_RELEASE);
}

/* core_cell(), core_self(), core_index(), core_clock(), ...: -I arch/<arch>/core */
#include "core_arch.h"

/* What is where for this vCPU; another one after the next sync. */
static inline const struct core_tables *core_tables(void)
{
	return core_self()->tables;
}

/* 0 only for the benchmark, which shows what they cost: Kbuild.inc. */
#ifndef CORE_COUNTERS
#define CORE_COUNTERS	1
#endif

static inline void core_add_one(u64 *counter)
{
	if (CORE_COUNTERS)
		core_arch_add_one(counter);
}

static inline void core_count(enum axvm_exit reason)
{
	struct core_vcpu *self = core_self();

	core_add_one(&self->exits[reason]);
	self->last_exit = reason;
}

/*
 * An exit that is one access to a device, and nothing else: one counter says both.
 * The host half adds it to its reason's, see core_vcpu.device_exits.
 */
static inline void core_count_device(struct core_vcpu *self, u64 counter, enum axvm_exit reason)
{
	if (CORE_COUNTERS)
		core_arch_add_at(self, counter);
	self->last_exit = reason;
}

/*
 * An exit that was refused: one counter for most of them. Return: how many of its
 * kind there had been, for what is limited by that; so this one cannot be left out.
 */
static inline u64 core_count_refused(enum axvm_exit reason)
{
	struct core_vcpu *self = core_self();

	self->last_exit = reason;
	if (reason == AXVM_EXIT_SYSREG)
		return self->refused++;
	core_add_one(&self->exits[reason]);
	core_add_one(&self->counters[AXVM_COUNTER_SYSREG_REFUSED]);
	return self->counters[AXVM_COUNTER_SYSREG_REFUSED];
}

static inline void core_count_event(enum axvm_counter what)
{
	core_add_one(&core_self()->counters[what]);
}

/* main.c */

/**
 * core_main() - where a taken CPU lives; called once by the entry code
 * @started: false when coming back after a fault in the core itself
 */
void core_main(bool started) __attribute__((noreturn));

/**
 * core_stop_cell() - stop the whole cell; the first cause wins
 *
 * The caller returns to the vCPU loop, which parks. Its siblings are kicked.
 */
void core_stop_cell(enum axvm_cause cause, u64 code, u64 pc, u64 gpa, u64 info);

/**
 * core_request() - ask something of a vCPU of this cell and kick it
 * @vcpu: index, below nr_vcpus
 * @bits: CORE_REQ_*
 */
void core_request(u32 vcpu, u32 bits);

/**
 * core_notify() - make the host half look at this cell
 *
 * Raises the host's interrupt only if the host half has looked since the last time.
 */
void core_notify(void);

/**
 * core_log() - leave a record for the cell's log; the oldest unread one may be overwritten
 */
void core_log(enum core_log_type type, u64 a, u64 b);

/* io.c */

/* What became of an access to a device. */
enum core_io {
	CORE_IO_NONE,		/* no device of this cell is there */
	CORE_IO_DONE,
	CORE_IO_ASKED,		/* the host half answers it: see core_host_call() */
};

/**
 * core_find_device() - whose register is this?
 * @tables: with device[] sorted by (space, base)
 *
 * Return: the device, or NULL if the access is not wholly inside one.
 */
const struct core_device *core_find_device(const struct core_tables *tables, enum core_space space,
					   u64 base, u32 size);

/**
 * core_device_at() - the same in this vCPU's cell, quickest where it was the last time
 */
const struct core_device *core_device_at(enum core_space space, u64 base, u32 size);

/**
 * core_device_do() - read or write a register of this device
 * @base: lies in it, with @size bytes
 * @value: in and out; a read fills it, zero-extended
 *
 * Counts nothing. Takes the cell's device lock.
 * Return: CORE_IO_DONE or CORE_IO_ASKED.
 */
enum core_io core_device_do(const struct core_device *dev, u64 base, u32 size, bool write,
			    u64 *value);

/**
 * core_device_uncount() - what core_count_device() has counted was not one access to it
 * @base: in @space
 */
void core_device_uncount(enum core_space space, u64 base);

/**
 * core_device_asked() - what core_count_device() has counted was not all of the access
 * @base: in @space
 *
 * It follows with the host half's answer, and is counted by core_device_access() then.
 */
void core_device_asked(enum core_space space, u64 base, enum axvm_exit reason);

/**
 * core_device_access() - the same by address, as a part of an exit that is counted by itself
 *
 * Counted as an access once it is done.
 */
enum core_io core_device_access(enum core_space space, u64 base, u32 size, bool write, u64 *value);

/**
 * core_ram_ok() - is [gpa, gpa + len) guest memory that the guest may read (write)?
 */
bool core_ram_ok(const struct core_tables *tables, u64 gpa, u32 len, bool write);

/**
 * core_device_lock() - the cell's device lock; held for a few instructions only
 */
void core_device_lock(void);
void core_device_unlock(void);

/**
 * core_device_unlock_forced() - let go of the lock if this CPU has it
 *
 * After a fault in the core: the siblings must not wait for it for ever.
 */
void core_device_unlock_forced(void);

/* call.c */

/**
 * core_host_call() - ask the host half, or take its answer
 * @arg: kept; the answer is for exactly this question
 *
 * Called while an exit is handled. When it returns NULL, the caller leaves the
 * guest as it is, and the vCPU sleeps, open for commands and requests. With the
 * answer there the exit is handled once more, core_arch_exit_again(), and the
 * same call returns it. Stopping or resetting the vCPU gives the call up.
 *
 * Return: the CORE_CALL_RESULTS words of the answer, valid until the next call,
 * or NULL: asked.
 */
const u64 *core_host_call(enum core_call_type type, const u64 arg[CORE_CALL_ARGS]);

/**
 * core_call_hypercall() - let the host half answer a hypercall
 *
 * The exit is completed at once, its result follows: core_arch_hypercall_done().
 * Return: for core_hypercall() to return meanwhile.
 */
s64 core_call_hypercall(u64 nr, const u64 arg[4]);

/**
 * core_call_drop() - give up this vCPU's call, if there is one
 */
void core_call_drop(void);

/**
 * core_call_step() - CORE_REQ_ANSWER: begin to wait, or go on with the answer
 * @state: the vCPU's
 *
 * Return: its state afterwards.
 */
enum core_vcpu_state core_call_step(enum core_vcpu_state state);

/* irq.c; what is not said otherwise under the device lock */

/**
 * core_irq_own() - a device of the core's own raises or lowers a line; under the device lock
 *
 * The line is high while that or the host half wants it.
 */
void core_irq_own(u32 line, bool high);

/**
 * core_irq_pulse() - one edge on a guest interrupt line
 * @line: I/O APIC pin or INTID; any other is ignored
 */
void core_irq_pulse(u32 line);

/**
 * core_irq_update() - pass on what the host half did to the lines that it drives
 */
void core_irq_update(void);

/**
 * core_irq_watched() - does the host half want to know when the guest ends an interrupt of this line?
 *
 * Needs no lock.
 */
bool core_irq_watched(u32 line);

/**
 * core_irq_end() - the guest ended the interrupt that a level-triggered line had raised
 *
 * Of a watched line the host half is told, and until it says otherwise the line is low.
 */
void core_irq_end(u32 line);

/**
 * core_irq_take_vectors() - deliver what was injected into this vCPU; without the lock
 * @running: false: drop it
 */
void core_irq_take_vectors(bool running);

/**
 * core_irq_send_vector() - have a vCPU of this cell inject a vector into its own guest
 * @vector: as core_arch_inject()
 *
 * Needs no lock.
 */
void core_irq_send_vector(u32 vcpu, u32 vector);

/* fault.c */

/**
 * core_fault_note() - count, and log, an access that stage 2 refused and that does not end the cell
 * @access: CORE_LOG_FAULT_READ and so on
 *
 * Only some of a vCPU's each second are logged: a guest in a loop costs the host nothing.
 */
void core_fault_note(enum core_log_type access, u64 gpa, u64 pc);

/* hypercall.c */

/**
 * core_hypercall() - uapi/axvm_guest.h
 * @self: core_self(), which the caller has at hand
 * @arg: arguments in the ABI's order
 *
 * Return: the guest's result.
 */
s64 core_hypercall(struct core_vcpu *self, u64 nr, const u64 arg[4]);

/* ivc.c: Documentation/ivc.md */

/**
 * core_ivc_ring() - ring peers of a channel of this cell
 * @publisher: ID, or AXVM_IVC_ANY: the channel of that key
 * @target: peer's ID, or AXVM_IVC_ANY: all others
 *
 * Return: for the guest.
 */
s64 core_ivc_ring(u64 publisher, u64 key, u64 target);

/**
 * core_ivc_take() - which peers have rung since the last time; bits
 *
 * Return: for the guest.
 */
s64 core_ivc_take(u64 publisher, u64 key);

/**
 * core_ivc_look() - has the cell's bell been rung? Then have it dealt with: CORE_REQ_BELL
 *
 * After a kick, and when the vCPU goes on after it could not look.
 */
void core_ivc_look(void);

/**
 * core_ivc_kicked() - the same, where most cells have no bell
 */
static inline void core_ivc_kicked(void)
{
	if (READ_WORD(core_cell()->bell))
		core_ivc_look();
}

/**
 * core_ivc_deliver() - raise the interrupts of the channels that were rung
 */
void core_ivc_deliver(void);

/* console.c: the rings, under the device lock */
bool core_console_full(void);

/**
 * core_console_ready() - may a UART say that it can transmit?
 * @full_since: the UART's note of when its guest first met a full ring
 *
 * A full ring holds the guest back, but not for ever: a second after the host
 * half took its last byte nobody is listening (it may have died), and the
 * guest goes on without its output.
 */
bool core_console_ready(u64 *full_since);
bool core_console_put(u8 byte);
bool core_console_empty(void);
int core_console_get(void);

/* uart16550.c, under the device lock */
u8 core_uart_read(struct core_uart *uart, u32 reg);
void core_uart_write(struct core_uart *uart, u32 reg, u8 value);
void core_uart_update(struct core_uart *uart);

/* pl011.c, under the device lock */
u32 core_pl011_read(struct core_pl011 *uart, u32 offset);
void core_pl011_write(struct core_pl011 *uart, u32 offset, u32 value);
void core_pl011_update(struct core_pl011 *uart);

/* What the architecture gives */

/**
 * core_arch_cpu_init() - make this CPU able to run guests. Once, after entry.
 */
void core_arch_cpu_init(void);

/**
 * core_arch_cpu_exit() - undo it, so that the CPU can be given back
 *
 * Nobody can be notified any more.
 */
void core_arch_cpu_exit(void);

/**
 * core_arch_cpu_off() - halt for good
 */
void core_arch_cpu_off(void) __attribute__((noreturn));

/**
 * core_arch_sleep() - wait for a kick, unless there is a reason not to
 * @vcpu: this CPU's
 * @mask: requests that are such a reason; an unacknowledged command always is
 */
void core_arch_sleep(struct core_vcpu *vcpu, u32 mask);

/**
 * core_arch_kick() - make another CPU of this cell look at its words
 */
void core_arch_kick(u32 hw_id);

/**
 * core_arch_kick_cell() - the same with a CPU of another cell
 * @irq_mode: enum axvm_irq_mode of that cell
 */
void core_arch_kick_cell(u32 hw_id, u32 irq_mode);

/**
 * core_arch_raise() - interrupt the host
 * @target: core_cell.event_target
 */
void core_arch_raise(u64 target);

/**
 * core_arch_vcpu_reset() - power-on state
 * @boot: as core_cell.boot says; otherwise the state after INIT
 */
void core_arch_vcpu_reset(bool boot);

/**
 * core_arch_vcpu_start() - leave the state after INIT
 * @arg: what the starter passed
 */
void core_arch_vcpu_start(u64 arg);

/**
 * core_arch_vcpu_nmi() - deliver a non-maskable interrupt as soon as the guest can take it
 */
void core_arch_vcpu_nmi(void);

/**
 * core_arch_vcpu_run() - enter the guest, handle one exit
 */
void core_arch_vcpu_run(void);

/**
 * core_arch_vcpu_trace() - the same, measured and recorded (trace.h): core_vcpu.trace
 */
void core_arch_vcpu_trace(void);

/**
 * core_arch_vcpu_slow() - the same where core_arch_slow() is true, recorded or not
 */
void core_arch_vcpu_slow(void);

/**
 * core_arch_exit_again() - handle the last exit once more, with the host half's answer
 *
 * It is counted once. What was done of its instruction before is not done again.
 */
void core_arch_exit_again(void);

/**
 * core_arch_hypercall_done() - the result of the hypercall that was the last exit
 */
void core_arch_hypercall_done(u64 result);

/**
 * core_arch_sync() - forget all translations of guest addresses
 *
 * The vCPU's own, before it runs again, and those of the core's window on guest
 * memory. core_tables() is the new one already: copies of it are renewed.
 */
void core_arch_sync(void);

/**
 * core_arch_clock() - the counter that core_clock describes
 */
u64 core_arch_clock(void);

/**
 * core_arch_irq_line() - set a guest interrupt line; under the device lock
 */
void core_arch_irq_line(u32 irq, bool level);

/**
 * core_arch_msi() - a message-signalled interrupt of a PCI function, as its guest set it up
 * @address, @data: the guest's; what is no interrupt of the cell is dropped
 *
 * Under the device lock.
 */
void core_arch_msi(u64 address, u32 data);

/**
 * core_arch_irq_pulse() - one edge on a guest interrupt line; under the device lock
 */
void core_arch_irq_pulse(u32 line);

/**
 * core_arch_inject() - make an interrupt pending for the guest of this vCPU, which runs
 * @vector: below CORE_MAX_VECTOR; x86: a vector, arm64: an INTID below 32
 */
void core_arch_inject(u32 vector);

/**
 * core_arch_guest_irq() - an interrupt that a guest asked for by hypercall
 * @vcpu: of this cell
 * @number: as it came: x86: a vector, arm64: an INTID
 *
 * Return: false if there is no such interrupt, or none that may be raised so.
 */
bool core_arch_guest_irq(u32 vcpu, u64 number);

/**
 * core_arch_port() - access a physical I/O port, where the architecture has them
 * @size: bytes: 1, 2 or 4
 */
void core_arch_port(u16 port, u32 size, bool write, u64 *value);

/**
 * core_arch_device() - access to a device type that only this architecture has
 *
 * Under the device lock, except for devices that say otherwise.
 */
void core_arch_device(const struct core_device *dev, u32 offset, u32 size, bool write, u64 *value);

#endif
