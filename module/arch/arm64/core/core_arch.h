/* SPDX-License-Identifier: GPL-2.0 */
/* arm64 inline parts of the core, and what its files offer each other. */
#ifndef AXVM_ARM64_CORE_ARCH_H
#define AXVM_ARM64_CORE_ARCH_H

#include "core_abi_arch.h"
#include "arm.h"

static inline struct core_cell *core_cell(void)
{
	return (struct core_cell *)CORE_CELL_VA;
}

static inline struct core_ivc *core_ivc(void)
{
	return (struct core_ivc *)CORE_IVC_VA;
}

static inline struct core_cpu *core_cpu(void)
{
	return (struct core_cpu *)CORE_CPU_VA;
}

/* Does each entry and exit need more than core_arch_vcpu_run() does? */
static inline bool core_arch_slow(void)
{
	return false;
}

static inline void core_arch_vcpu_slow(void) {}

static inline u32 core_index(void)
{
	return core_cpu()->index;
}

static inline struct core_vcpu *core_self(void)
{
	struct core_vcpu *self;

	asm("mrs %0, tpidr_el2" : "=r"(self));
	return self;
}

static inline void core_lock_relax(void)
{
	asm volatile("yield" : : : "memory");
}

#define core_read(reg) \
({ \
	u64 core_read_value; \
	asm volatile("mrs %0, " reg : "=r"(core_read_value) : : "memory"); \
	core_read_value; \
})
#define core_write(reg, value) \
	do { asm volatile("msr " reg ", %x0" : : "rZ"((u64)(value)) : "memory"); } while (0)

/* Three instructions, for which the compiler would move other registers out of the way. */
static inline void core_arch_add_one(u64 *counter)
{
	asm("ldr x16, %0\n\tadd x16, x16, #1\n\tstr x16, %0" : "+m"(*counter) : : "x16");
}

static inline void core_arch_add_at(void *base, u64 offset)
{
	asm volatile("ldr x16, [%0, %1]\n\tadd x16, x16, #1\n\tstr x16, [%0, %1]"
		     : : "r"(base), "r"(offset) : "x16", "memory");
}

/* Which the compiler does not find by itself. */
static inline __attribute__((always_inline)) void core_store_pair(void *base, u32 offset, u32 first,
								 u32 second)
{
	asm volatile("stp %w2, %w3, [%0, %1]"
		     : : "r"(base), "i"(offset), "r"(first), "r"(second) : "memory");
}

static inline void core_isb(void)
{
	asm volatile("isb" : : : "memory");
}

static inline u32 core_mmio_read(u64 va)
{
	return *(volatile u32 *)va;
}

static inline void core_mmio_write(u64 va, u32 value)
{
	*(volatile u32 *)va = value;
}

/* entry.S */
void core_restart(void) __attribute__((noreturn));
void core_reset_fpu(void);
void core_smc(u64 function);

/* run.S: each exit to core_arm_run()'s caller; what can be to fast.c; the same, and recorded */
extern const u8 core_vectors[], core_vectors_fast[], core_vectors_traced[];

/**
 * core_arm_run() - enter the guest; returns at an exception with all registers in @cpu
 * @cpu: core_cpu()
 * @vectors: one of the three above
 *
 * Return: CORE_EXIT_*, not CORE_EXIT_BACK
 */
u64 core_arm_run(struct core_cpu *cpu, const u8 *vectors);

/**
 * core_arm_sync() - handle a synchronous exit that fast.c does not
 *
 * Called by run.S. Return: CORE_EXIT_BACK, CORE_EXIT_DONE
 */
u64 core_arm_sync(struct core_cpu *cpu);

/* fast.c, called by run.S. Return: CORE_EXIT_*; with X20 to X29 in the processor, not in @cpu */
u64 core_fast_sync(struct core_cpu *cpu, u64 esr);
u64 core_fast_irq(struct core_cpu *cpu);
u64 core_fast_sync_traced(struct core_cpu *cpu, u64 esr);
u64 core_fast_irq_traced(struct core_cpu *cpu);

/**
 * core_fast_sgis() - put pending SGIs into list registers
 *
 * Return: CORE_EXIT_BACK, or CORE_EXIT_DONE if core_gic_flush() must look.
 */
u64 core_fast_sgis(struct core_cpu *cpu);

/* exit.c */

/**
 * core_arm_inject() - raise an exception in the guest, at EL1
 * @esr: what ESR_EL1 shall say
 */
void core_arm_inject(struct core_cpu *cpu, u64 esr);

/**
 * core_arm_undefined() - this instruction does not exist for the guest
 */
void core_arm_undefined(struct core_cpu *cpu);

/**
 * core_arm_skip() - the instruction that exited is done
 */
void core_arm_skip(struct core_cpu *cpu);

/**
 * core_arm_fail() - stop the cell because of what this exit was
 */
void core_arm_fail(struct core_cpu *cpu, enum axvm_cause cause, u64 gpa, u64 info);

/* The exits that have a file of their own */
void core_arm_sysreg(struct core_cpu *cpu);

/**
 * core_arm_sysreg_read() - what the guest reads from a register that traps
 * @reg: ESR's, below ARM_SYSREG_MASK
 *
 * Return: false if there is none of that number.
 */
bool core_arm_sysreg_read(struct core_cpu *cpu, u32 reg, u64 *value);

/**
 * core_arm_sysreg_init() - fill core_cpu.id
 */
void core_arm_sysreg_init(struct core_cpu *cpu);

void core_arm_data_abort(struct core_cpu *cpu);
void core_arm_refused(struct core_cpu *cpu);	/* by stage 2, and no device is meant */
void core_arm_data_abort_again(struct core_cpu *cpu);

/* smccc.c: HVC or SMC with a function ID; the result is in X0 */
void core_arm_smccc(struct core_cpu *cpu);

/* vgic.c: physical interrupts, and virtual ones in list registers */
void core_gic_init(void);
void core_gic_exit(void);
void core_gic_reset(struct core_cpu *cpu);

/**
 * core_gic_interrupt() - take what the physical CPU interface has pending
 *
 * Return: false if there was nothing.
 */
bool core_gic_interrupt(void);

/**
 * core_gic_taken() - what to do with an interrupt that has been acknowledged and ended
 * @intid: not a special one
 */
void core_gic_taken(struct core_cpu *cpu, u32 intid);

/**
 * core_gic_sync() - note which list registers the guest is done with
 */
void core_gic_sync(struct core_cpu *cpu);

/**
 * core_gic_flush() - put what is pending for this vCPU into list registers
 */
void core_gic_flush(struct core_cpu *cpu);

/**
 * core_gic_send() - the guest wrote ICC_SGI1R_EL1
 */
void core_gic_send(struct core_cpu *cpu, u64 value);

/**
 * core_gic_active() - which interrupts are active in this vCPU's list registers
 * @first: INTID of bit 0
 */
u32 core_gic_active(u32 first);

/**
 * core_gic_forget() - take interrupts out of this vCPU's list registers
 * @first: INTID of bit 0; @mask: which
 * @state: ARM_ICH_LR_PENDING, ARM_ICH_LR_ACTIVE: the state that they lose
 *
 * Return: those of @mask that were pending there.
 */
u32 core_gic_forget(u32 first, u32 mask, u64 state);

/**
 * core_gic_look() - the caller has made something pending for this vCPU, or ready to be delivered
 */
static inline void core_gic_look(u32 vcpu)
{
	WRITE_WORD(core_cell()->arch.gic.redist[vcpu].look, 1);
}

/**
 * core_arm_die() - the host half wants this CPU back, whatever the core is doing
 */
void core_arm_die(void) __attribute__((noreturn));

/**
 * core_arm_look() - an exit has been handled; is there more to do than to go on?
 */
static inline u64 core_arm_look(const struct core_cpu *cpu)
{
	return READ_WORD(cpu->self->requests) || READ_WORD(cpu->redist->look) ? CORE_EXIT_DONE :
	       CORE_EXIT_BACK;
}

/**
 * core_gic_kick_target() - an SPI's state changed: its vCPU must look
 */
void core_gic_kick_target(u32 spi);

/**
 * core_gic_spi_pending() - bits of SPIs that are pending, enabled or not
 */
static inline u32 core_gic_spi_pending(const struct core_gic_word *word)
{
	return word->pending | (word->level & ~word->edge);
}

/* direct.c: interrupts "passthrough" */
static inline bool core_direct(void)
{
	return core_cell()->irq_mode == AXVM_IRQ_MODE_PASSTHROUGH;
}

void core_direct_init(struct core_cpu *cpu);
void core_direct_exit(void);
void core_direct_reset(struct core_cpu *cpu);
bool core_direct_interrupt(struct core_cpu *cpu);

/* The guest's part of the CPU interface, while the core sleeps. */
struct core_direct_state {
	u64 enabled, active[4];
};

/**
 * core_direct_mute() - keep the guest's interrupts from waking the core
 * @state: for core_direct_unmute()
 */
void core_direct_mute(struct core_direct_state *state);
void core_direct_unmute(const struct core_direct_state *state);

/**
 * core_direct_flush() - before the guest runs: pass on what it told its redistributor
 * @waiting: an emulated device's interrupt is pending for this vCPU
 *
 * Return: may list registers be filled now?
 */
bool core_direct_flush(struct core_cpu *cpu, bool waiting);

/**
 * core_direct_send() - physical SGI to another CPU of the cell
 *
 * Return: false if the guest may not use this number.
 */
bool core_direct_send(u32 hw_id, u32 sgi);

/**
 * core_direct_bits() - what a physical register of one bit an INTID says
 * @reg: ARM_GICD_*
 *
 * core_direct_clear() writes one. Both leave out what is not the guest's.
 */
u32 core_direct_bits(u32 reg);
void core_direct_clear(u32 reg, u32 mask);

/* wire.c: physical SPIs of this cell; under the device lock but for those that only look */

/**
 * core_wire_apply() - enable or disable physical interrupts as the guest wants it now
 * @first: INTID of bit 0 of its word; @mask: which lines
 *
 * On return one that was disabled is not on its way any more (GICD_CTLR.RWP).
 */
void core_wire_apply(u32 first, u32 mask);
void core_wire_apply_all(void);

/**
 * core_wire_route() - send a line's interrupts to the CPU that the guest has named
 */
void core_wire_route(u32 line);
void core_wire_route_all(void);

/**
 * core_wire_drop() - end all physical interrupts of lines that are routed to a vCPU, which is reset
 *
 * Needs no lock.
 */
void core_wire_drop(u32 vcpu);

/**
 * core_wire_bits() - what a physical register of one bit an INTID says of wired lines
 * @first: INTID of bit 0; @reg: ARM_GICD_*
 *
 * core_wire_write() writes ones there for those in @mask.
 */
u32 core_wire_bits(u32 first, u32 reg);
void core_wire_write(u32 first, u32 mask, u32 reg);

/**
 * core_wire_lines() - which lines of a word of 32 INTIDs are wired
 */
u32 core_wire_lines(u32 first);

/**
 * core_wire_take() - whose is a physical SPI that came?
 *
 * Return: the guest's INTID, or 0: not one of this cell's.
 */
u32 core_wire_take(u32 host);

/**
 * core_wire_host() - the other way round; 0: the line is not wired
 */
u32 core_wire_host(u32 line);

/**
 * core_wire_deactivate() - end a physical interrupt in the guest's place
 */
void core_wire_deactivate(u32 host);

/**
 * core_gic_deactivate() - the guest wrote ICC_DIR_EL1, which traps with interrupts "passthrough"
 */
void core_gic_deactivate(u64 intid);

/**
 * core_gic_sync_wires() - this vCPU lets go of physical interrupts that are not the cell's any more
 */
void core_gic_sync_wires(void);

/* lr.c: list registers, @slot below core_cpu.nr_lrs */
u64 core_lr_read(u32 slot);
void core_lr_write(u32 slot, u64 value);

/* gicd.c, under the device lock */
void core_gicd_access(u32 offset, u32 size, bool write, u64 *value);

/**
 * core_gicd_peek() - read a 32-bit register that needs no lock
 *
 * Return: false if this one does.
 */
bool core_gicd_peek(u32 offset, u64 *value);

/* The clock where the guest has just been left: taking an exception synchronizes context. */
static inline u64 core_clock(void)
{
	return core_read("cntpct_el0");
}

/* And its lower half, later: else it is read ahead of what came before (D11.2.2). */
static inline u32 core_clock_low(void)
{
	core_isb();
	return core_read("cntpct_el0");
}

#endif
