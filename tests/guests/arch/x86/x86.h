/* SPDX-License-Identifier: GPL-2.0 */
/* The x86 machine that guests see, for those that are about x86. */
#ifndef AXVM_GUEST_X86_H
#define AXVM_GUEST_X86_H

#ifndef __ASSEMBLER__
#include "../../lib/guest.h"
#endif

#define SEL_CODE64	0x08
#define SEL_DATA	0x10
#define SEL_CODE32	0x18
#define SEL_TSS		0x20

#define TRAMPOLINE	0x8000	/* where other vCPUs start, in real mode */
#define STACK_SIZE	0x4000

/* Offsets into struct percpu, at %gs */
#define PERCPU_FAULT	8

#define CPUID_TSC_KHZ	0x40000010	/* EAX, where there are no hypercalls of ours */

#define MSR_APIC_BASE	0x1b
#define MSR_TSC_DEADLINE	0x6e0
#define MSR_EFER	0xc0000080
#define MSR_GS_BASE	0xc0000101

#define X2APIC_ID	0x802
#define X2APIC_VERSION	0x803
#define X2APIC_TPR	0x808
#define X2APIC_PPR	0x80a
#define X2APIC_EOI	0x80b
#define X2APIC_LDR	0x80d
#define X2APIC_SVR	0x80f
#define X2APIC_ISR	0x810
#define X2APIC_IRR	0x820
#define X2APIC_ESR	0x828
#define X2APIC_ICR	0x830
#define X2APIC_LVT_TIMER	0x832
#define X2APIC_LVT_LINT0	0x835
#define X2APIC_LVT_ERROR	0x837
#define X2APIC_TIMER_INIT	0x838
#define X2APIC_TIMER_NOW	0x839
#define X2APIC_TIMER_DIV	0x83e
#define X2APIC_SELF	0x83f

#define XAPIC		0xfee00000UL
#define IOAPIC		0xfec00000UL

#define UART		0x3f8
#define UART_IRQ	4
#define RTC		0x70
#define ACPI_PM		0x600
#define DEBUG_PORT	0xe9

#define VECTOR_UART	0x31	/* the library's own */
#define VECTOR_LINE	0x32
#define VECTOR_SPURIOUS	0xff
#define VECTOR_UD	6
#define VECTOR_GP	13

#ifndef __ASSEMBLER__

struct frame {
	u64 gpr[15];		/* rax rbx rcx rdx rsi rdi rbp r8..r15 */
	u64 vector, error;
	u64 rip, cs, rflags, rsp, ss;
};

struct percpu {
	struct percpu *self;
	s64 fault;		/* vector that TRY met, -1: none */
	u32 index;
	u32 count[256];
};

/*
 * Execute INSN; the value is the vector of the exception that it raised, or -1.
 * The instruction must not move the stack.
 */
#define TRY(insn, out, ...)						\
({									\
	asm volatile("movq $-1, %%gs:8\n"				\
		     "1: " insn "\n"					\
		     "2:\n"						\
		     ".pushsection .fixups, \"a\"\n"			\
		     ".quad 1b, 2b\n"					\
		     ".popsection" : out : __VA_ARGS__ : "memory", "cc");	\
	(int)this_cpu()->fault;						\
})
#define TRY_OUT(...)	__VA_ARGS__

extern struct percpu percpu[GUEST_MAX_CPUS];

static inline struct percpu *this_cpu(void)
{
	struct percpu *cpu;

	asm volatile("mov %%gs:0, %0" : "=r"(cpu));
	return cpu;
}

static inline u8 inb(u16 port)
{
	u8 value;

	asm volatile("inb %1, %0" : "=a"(value) : "Nd"(port));
	return value;
}

static inline u16 inw(u16 port)
{
	u16 value;

	asm volatile("inw %1, %0" : "=a"(value) : "Nd"(port));
	return value;
}

static inline u32 inl(u16 port)
{
	u32 value;

	asm volatile("inl %1, %0" : "=a"(value) : "Nd"(port));
	return value;
}

static inline void outb(u16 port, u8 value)
{
	asm volatile("outb %0, %1" : : "a"(value), "Nd"(port));
}

static inline void outw(u16 port, u16 value)
{
	asm volatile("outw %0, %1" : : "a"(value), "Nd"(port));
}

static inline void outl(u16 port, u32 value)
{
	asm volatile("outl %0, %1" : : "a"(value), "Nd"(port));
}

static inline u64 rdmsr(u32 msr)
{
	u32 low, high;

	asm volatile("rdmsr" : "=a"(low), "=d"(high) : "c"(msr));
	return low | (u64)high << 32;
}

static inline void wrmsr(u32 msr, u64 value)
{
	asm volatile("wrmsr" : : "c"(msr), "a"((u32)value), "d"((u32)(value >> 32)) : "memory");
}

/* Return: vector of the exception, or -1. */
static inline int try_rdmsr(u32 msr, u64 *value)
{
	u32 low = 0, high = 0;
	int fault = TRY("rdmsr", TRY_OUT("+a"(low), "+d"(high)), "c"(msr));

	*value = low | (u64)high << 32;
	return fault;
}

static inline int try_wrmsr(u32 msr, u64 value)
{
	return TRY("wrmsr", TRY_OUT(), "c"(msr), "a"((u32)value), "d"((u32)(value >> 32)));
}

static inline void cpuid(u32 leaf, u32 sub, u32 r[4])
{
	asm volatile("cpuid" : "=a"(r[0]), "=b"(r[1]), "=c"(r[2]), "=d"(r[3]) : "0"(leaf), "2"(sub));
}

static inline u32 mmio_read(u64 gpa)
{
	u32 value;

	asm volatile("movl (%1), %0" : "=r"(value) : "r"(gpa) : "memory");
	return value;
}

static inline void mmio_write(u64 gpa, u32 value)
{
	asm volatile("movl %0, (%1)" : : "r"(value), "r"(gpa) : "memory");
}

/* trap.c */
void trap_init(void);
void trap_load(u32 index);

/* lapic.c; false: the cell has no interrupts of its own */
bool lapic_present(void);
void lapic_init(void);
void lapic_eoi(void);
extern bool lapic_in_memory;	/* the guest has put it into xAPIC mode */

/* console.c */
void console_init(void);

#endif
#endif
