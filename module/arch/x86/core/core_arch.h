/* SPDX-License-Identifier: GPL-2.0 */
/* x86 inline parts of the core, and what its files offer each other. */
#ifndef AXVM_X86_CORE_ARCH_H
#define AXVM_X86_CORE_ARCH_H

#include "core_abi_arch.h"
#include "x86.h"

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

static inline struct core_vcpu *core_self(void)
{
	return core_cpu()->self;
}

static inline u32 core_index(void)
{
	return core_cpu()->index;
}

static inline void core_lock_relax(void)
{
	__builtin_ia32_pause();
}

static inline u64 rdmsr(u32 msr)
{
	u32 low, high;

	asm volatile("rdmsr" : "=a"(low), "=d"(high) : "c"(msr));
	return low | (u64)high << 32;
}

static inline void wrmsr(u32 msr, u64 value)
{
	u32 low = value & 0xffffffff, high = value >> 32;

	asm volatile("wrmsr" : : "c"(msr), "a"(low), "d"(high) : "memory");
}

static inline u64 rdtsc(void)
{
	u32 low, high;

	asm volatile("rdtsc" : "=a"(low), "=d"(high) : : "memory");
	return low | (u64)high << 32;
}

/* Does each entry and exit need more than core_arch_vcpu_run() does? */
static inline bool core_arch_slow(void)
{
	return core_cell()->irq_mode == AXVM_IRQ_MODE_EMULATED;
}

static inline void core_arch_add_one(u64 *counter)
{
	++*counter;
}

/* One instruction, where the compiler would make two. */
static inline void core_arch_add_at(void *base, u64 offset)
{
	asm volatile("incq (%0, %1)" : : "r"(base), "r"(offset) : "memory", "cc");
}

/* Two stores are shorter than one of both. */
static inline void core_store_pair(void *base, u32 offset, u32 first, u32 second)
{
	*(volatile u32 *)((u8 *)base + offset) = first;
	*(volatile u32 *)((u8 *)base + offset + 4) = second;
}

static inline u64 core_clock(void)
{
	return rdtsc();
}

static inline u32 core_clock_low(void)
{
	u32 low;

	asm volatile("rdtsc" : "=a"(low) : : "edx", "memory");
	return low;
}

static inline void cpuid(u32 reg[4])
{
	asm volatile("cpuid" : "+a"(reg[0]), "=b"(reg[1]), "+c"(reg[2]), "=d"(reg[3]));
}

/* entry.S */
void core_load_tables(const void *idt, u32 limit);
void core_sleep(const u32 *cmd, const u32 *ack, const u32 *requests, u32 mask);
void core_idle(const u32 *cmd, const u32 *ack, const u32 *requests, u32 mask);
void core_take_nmi(void);
void core_drain_interrupts(void);
void core_halt(void) __attribute__((noreturn));
void core_restart(void) __attribute__((noreturn));
extern const u8 core_exception_stubs[], core_interrupt_stub[], core_timer_stub[], core_nmi_stub[];

/* run.S */

/**
 * core_svm_run() - enter the guest; returns at #VMEXIT with all registers in @cpu->gpr
 * @cpu: core_cpu()
 *
 * GIF is clear before and after.
 */
void core_svm_run(struct core_cpu *cpu);

/* exit.c */

/**
 * core_x86_skip() - the instruction that exited is done
 * @length: bytes, used where the processor does not save the next RIP
 */
void core_x86_skip(struct core_cpu *cpu, u32 length);

/**
 * core_x86_skip_to() - the same, where the next RIP is known
 */
void core_x86_skip_to(struct core_cpu *cpu, u64 rip);

/**
 * core_x86_inject() - raise an exception in the guest at its next entry
 * @error: error code, if the vector has one
 */
void core_x86_inject(struct core_cpu *cpu, u32 vector, u32 error);

/**
 * core_x86_fail() - stop the cell because of what this exit was
 */
void core_x86_fail(struct core_cpu *cpu, enum axvm_cause cause, u64 gpa, u64 info);

/* The exits that have a file of their own */
void core_x86_cpuid(struct core_cpu *cpu);
void core_x86_msr(struct core_cpu *cpu);
void core_x86_pio(struct core_cpu *cpu);
void core_x86_npf(struct core_cpu *cpu);

/* The same exits, uncounted, once the host half has answered */
void core_x86_pio_again(struct core_cpu *cpu);
void core_x86_npf_again(struct core_cpu *cpu);

/**
 * core_x86_cr8() - MOV to CR8, which exits while an interrupt is pending
 * @tpr: the task priority register, set by it
 */
void core_x86_cr8(struct core_cpu *cpu, u32 *tpr);

/* cpuid.c: what CPUID Fn0000_0001 ECX shows in this cell, whatever the processor has */
u32 core_x86_own_features(void);

/* lapic.c */
void core_lapic_init(void);
void core_lapic_exit(void);
void core_lapic_reset(void);

/**
 * core_lapic_read() - guest's read of a local APIC register
 * @reg: x2APIC MSR number
 *
 * Return: false if the guest may not (nothing was read).
 */
bool core_lapic_read(u32 reg, u64 *value);
bool core_lapic_write(u32 reg, u64 value);

/**
 * core_lapic_send() - fixed interrupt to a vCPU of this cell
 */
void core_lapic_send(u32 vcpu, u8 vector);

/**
 * core_lapic_send_physical() - the same to the CPU's own APIC, whoever has it
 */
void core_lapic_send_physical(u32 vcpu, u8 vector);

/**
 * core_lapic_read_view() - guest's read of a register that is memory in all modes
 *
 * Return: false if @reg is none of these.
 */
bool core_lapic_read_view(u32 reg, u64 *value);
bool core_lapic_write_view(u32 reg, u64 value);

/**
 * core_lapic_send_level() - the same for a level-triggered pin: its EOI goes to core_ioapic_eoi()
 */
void core_lapic_send_level(u32 vcpu, u8 vector);

/**
 * core_lapic_ended() - the guest of this vCPU ended an interrupt: tell the I/O APIC if it was a level
 */
void core_lapic_ended(u8 vector);

/**
 * core_lapic_forget() - end what level-triggered pins have under way at this vCPU, which is reset
 */
void core_lapic_forget(void);

/* ioapic.c, under the device lock */

/**
 * core_ioapic_eoi() - a vCPU ended an interrupt of this vector
 */
void core_ioapic_eoi(u8 vector);
void core_ioapic_access(u32 offset, u32 size, bool write, u64 *value);

/* platform.c, under the device lock */
void core_rtc_access(u32 offset, bool write, u64 *value);
void core_acpi_access(u32 offset, u32 size, bool write, u64 *value);

#endif
