/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What an architecture gives to the neutral host half. Everything is called
 * from process context unless it says otherwise.
 */
#ifndef AXVM_ARCH_H
#define AXVM_ARCH_H

#include <linux/types.h>
#include "core_abi.h"

struct axvm_cell;
struct axvm_config;
struct axvm_config_device;
struct axvm_cpu;
struct axvm_error;
struct axvm_pgtable;
struct axvm_pgtable_format;
struct axvm_requirements;
struct axvm_wire;

extern const char axvm_arch_name[];			/* as in `uname -m` */
/* Fit the machine after axvm_arch_init(), and are constant from then on. */
extern struct axvm_pgtable_format axvm_arch_stage2;	/* guest GPA -> HPA */
extern struct axvm_pgtable_format axvm_arch_core_map;	/* the core's own VA -> HPA */

/**
 * axvm_arch_init() - find out what the machine can do, prepare host interrupts
 *
 * A machine that cannot run cells is not an error: axvm_arch_check() tells.
 * Return: 0 or a negative errno, with everything undone.
 */
int axvm_arch_init(void);
void axvm_arch_exit(void);

/**
 * axvm_arch_check() - report each requirement on this machine
 * @req: filled in through axvm_require(req, name, ok, fmt, ...)
 */
void axvm_arch_check(struct axvm_requirements *req);

/**
 * axvm_arch_clock_khz() - frequency of the counter that guests read
 */
u32 axvm_arch_clock_khz(void);

/**
 * axvm_arch_core_copied() - the core's image was written to @mem, which CPUs will execute
 */
void axvm_arch_core_copied(const void *mem, size_t size);

/**
 * axvm_arch_device_layout() - where an emulated device answers
 * @type: enum axvm_device_type that axvm_arch_config_check() let pass, none that is passed through
 * @space: enum core_space; @size: bytes or ports from its base on
 */
void axvm_arch_device_layout(u32 type, u16 *space, u32 *size);

/**
 * axvm_arch_config_check() - refuse what this architecture cannot do
 * @cfg: parsed and neutrally valid
 *
 * Checks boot mode, device types and their bases, interrupt mode. Pure: claims nothing.
 */
int axvm_arch_config_check(const struct axvm_config *cfg, struct axvm_error *err);

/**
 * axvm_arch_device_check() - the same for one device more
 * @cfg: of the cell
 */
int axvm_arch_device_check(const struct axvm_config *cfg, const struct axvm_config_device *dev,
			   struct axvm_error *err);

/**
 * axvm_arch_mmio_check() - refuse address space that no cell may have
 * @hpa, @size: bytes
 *
 * Interrupt controllers and IOMMUs. Return: 0 or -EPERM.
 */
int axvm_arch_mmio_check(u64 hpa, u64 size, struct axvm_error *err);

/**
 * axvm_arch_open_ports() - let a cell's vCPUs use physical I/O ports without exits, or not
 *
 * A vCPU that runs learns it with the next sync. Nothing where there are no ports.
 */
void axvm_arch_open_ports(struct axvm_cell *cell, u64 base, u64 size, bool open);

/**
 * axvm_arch_ram_ok() - may a guest have memory there?
 * @gpa, @size: bytes
 */
int axvm_arch_ram_ok(u64 gpa, u64 size, struct axvm_error *err);

/**
 * axvm_arch_cpu_check() - may this online Linux CPU be taken?
 */
int axvm_arch_cpu_check(int cpu, struct axvm_error *err);

/**
 * axvm_arch_hw_id() - the CPU's own number (APIC ID, MPIDR, hart ID)
 */
u32 axvm_arch_hw_id(int cpu);

/**
 * axvm_arch_sibling() - is @other another hardware thread of @cpu's physical core?
 *
 * Must answer for an offline @cpu too, from what was learnt at load time.
 */
bool axvm_arch_sibling(int cpu, int other);

/**
 * axvm_arch_cell_init() - build what all vCPUs of a cell share (permission maps)
 * @cell: stage-2 and core_cell are filled in by the neutral side before
 *
 * axvm_arch_cell_exit() undoes it; both leave cell->arch to the architecture.
 */
int axvm_arch_cell_init(struct axvm_cell *cell, struct axvm_error *err);
void axvm_arch_cell_exit(struct axvm_cell *cell);

/**
 * axvm_arch_cell_reset() - put core_cell.arch and the device state back to power-on
 * @cell: all its vCPUs are parked or not yet started
 */
void axvm_arch_cell_reset(struct axvm_cell *cell);

/**
 * axvm_arch_cell_sync() - what was written to guest memory is what a guest without caches sees
 * @cell: its vCPUs are about to start; nothing of the host writes its memory any more
 *
 * May sleep.
 */
void axvm_arch_cell_sync(struct axvm_cell *cell);

/**
 * axvm_arch_window() - tables of the core's window on guest memory, shared by a cell's CPUs
 *
 * They map CORE_GUEST_VA + GPA. Return: NULL when the window is the stage-2 tables themselves.
 */
struct axvm_pgtable *axvm_arch_window(struct axvm_cell *cell);

/**
 * axvm_arch_window_refresh() - put the window's root entries into each CPU's core map
 *
 * After the tables behind it changed. What was there before may be in use until the next sync.
 */
void axvm_arch_window_refresh(struct axvm_cell *cell);

/**
 * axvm_arch_cpu_init() - allocate and map the block that a taken CPU's core uses
 * @acpu: ->cell, ->index, ->cpu and ->hw_id are set; fills ->arch and ->map
 */
int axvm_arch_cpu_init(struct axvm_cpu *acpu, struct axvm_error *err);
void axvm_arch_cpu_exit(struct axvm_cpu *acpu);

/**
 * axvm_arch_cpu_start() - make a CPU that is offline in Linux enter the core
 *
 * Restart-safe: works on a core in any state. Returns once the CPU was told to
 * start; the caller waits for core_vcpu.state to become CORE_PARKED.
 */
int axvm_arch_cpu_start(struct axvm_cpu *acpu, struct axvm_error *err);

/**
 * axvm_arch_cpu_kill() - hard reset of a taken CPU through the platform
 *
 * Afterwards it executes nothing until started again. Any context that may
 * busy-wait for tens of milliseconds, or for seconds where only the core itself
 * can turn its CPU off. If it does not, cell->lost is set: the CPU is lost, and
 * what the cell uses must stay its own.
 */
void axvm_arch_cpu_kill(struct axvm_cpu *acpu);

/**
 * axvm_arch_cpu_kick() - make the core look at its words. Any context.
 */
void axvm_arch_cpu_kick(struct axvm_cpu *acpu);

/**
 * axvm_arch_event_target() - value for core_cell.event_target now
 *
 * The architecture calls axvm_event_moved() when it changes, and
 * axvm_event_irq() (hard interrupt context) when a core raised it.
 */
u64 axvm_arch_event_target(void);

/**
 * axvm_arch_inject_check() - can this interrupt be injected into a vCPU of a cell that has interrupts?
 * @number: x86: vector, arm64: INTID
 * @line: set to whether it is a line's, for axvm_irq_pulse(); otherwise core_arch_inject() takes it
 *
 * Return: 0 or -EINVAL.
 */
int axvm_arch_inject_check(const struct axvm_config *cfg, u32 number, bool *line,
			   struct axvm_error *err);

/**
 * axvm_arch_wire_check() - can this interrupt of the host be that line of the guest?
 *
 * Pure. Return: 0, -EINVAL or -EPERM.
 */
int axvm_arch_wire_check(const struct axvm_config *cfg, u32 host, u32 line, struct axvm_error *err);

/**
 * axvm_arch_wire_attach() - take it from Linux, off; wire.c knows that no cell has it
 *
 * The next three undo it: withdraw makes all cores forget it (0, or -EIO when one
 * cannot be stopped), detach quiesces it and gives it back. All may sleep.
 */
int axvm_arch_wire_attach(struct axvm_wire *wire, struct axvm_error *err);
int axvm_arch_wire_withdraw(struct axvm_wire *wire, struct axvm_error *err);
void axvm_arch_wire_detach(struct axvm_wire *wire);

/**
 * axvm_arch_wire_run() - the guest may have it, or may not: its vCPUs are about to run, or parked
 */
void axvm_arch_wire_run(struct axvm_wire *wire, bool run);

/**
 * axvm_arch_guard_cpu() - hide a CPU from Linux's broadcasts, or show it again
 * @cpu: being taken (@hide true, called in the CPUHP teardown callback on the way
 *       down) or given back (@hide false, the CPU executes nothing)
 */
void axvm_arch_guard_cpu(int cpu, bool hide);

/**
 * axvm_arch_reserved_ok() - did the user keep this range out of Linux at boot?
 * @start: HPA in bytes, page aligned; @size: bytes, page aligned
 */
bool axvm_arch_reserved_ok(u64 start, u64 size);

/**
 * axvm_arch_memory_clean() - what was written here is what observers without caches see
 * @mem: of the linear map; @size: bytes, any
 */
void axvm_arch_memory_clean(const void *mem, u64 size);

/**
 * axvm_arch_ivc_window() - where to look for room for channels, best places first
 * @n: which of them
 * @start, @end: GPAs, multiples of 4 KiB
 *
 * Return: false if there is no such.
 */
bool axvm_arch_ivc_window(unsigned int n, u64 *start, u64 *end);

/**
 * axvm_arch_ivc_lines() - interrupt lines that a cell has
 * @usual: where doorbells go when nobody says otherwise
 */
void axvm_arch_ivc_lines(u32 *first, u32 *last, u32 *usual);

/**
 * axvm_arch_stop_text() - one sentence on why the cell stopped
 */
void axvm_arch_stop_text(const struct core_stop *stop, char *buf, size_t size);

#endif
