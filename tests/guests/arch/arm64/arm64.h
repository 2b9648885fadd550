/* SPDX-License-Identifier: GPL-2.0 */
/* The arm64 machine that guests see, for those that are about arm64. */
#ifndef AXVM_GUEST_ARM64_H
#define AXVM_GUEST_ARM64_H

#include "../../../../module/arch/arm64/include/guest_machine.h"

#define STACK_SIZE	0x4000
#define DEBUG_UART	0x09040000	/* where the debug port is handed through */

/* Offsets into struct frame */
#define FRAME_SIZE	272
#define FRAME_ELR	248
#define FRAME_SPSR	256

/* Vectors: INTIDs as they are, but for what lib/guest.h leaves to a guest. */
#define VECTOR_SGI	0x50	/* of SGI 0 */
#define VECTOR_UART	GUEST_PL011_IRQ

#define PSCI_VERSION		0x84000000U
#define PSCI_CPU_OFF		0x84000002U
#define PSCI_CPU_ON		0xc4000003U
#define PSCI_AFFINITY_INFO	0xc4000004U
#define PSCI_SYSTEM_OFF		0x84000008U
#define PSCI_SYSTEM_RESET	0x84000009U
#define PSCI_FEATURES		0x8400000aU
#define SMCCC_VERSION		0x80000000U

/* Exception classes, ESR_ELx.EC */
#define EC_UNKNOWN	0x00
#define EC_SYSREG	0x18	/* for an ID register that is none (FEAT_IDST) */
#define EC_IABT		0x21
#define EC_DABT		0x25

/* System registers by number, which every assembler takes. */
#define ICC_SGI1R	"S3_0_C12_C11_5"
#define ICC_IAR1	"S3_0_C12_C12_0"
#define ICC_EOIR1	"S3_0_C12_C12_1"
#define ICC_SRE		"S3_0_C12_C12_5"
#define ICC_IGRPEN1	"S3_0_C12_C12_7"
#define ICC_PMR		"S3_0_C4_C6_0"

#ifndef __ASSEMBLER__
#include "../../lib/guest.h"

struct frame {
	u64 x[31];
	u64 elr, spsr, pad;
};

struct percpu {
	s64 fault;		/* exception class that TRY met, -1: none */
	u64 esr, far;		/* of it */
	u32 index, vector;	/* vector of its timer */
	u64 period;		/* of its timer, in ticks */
	u32 count[1024];
};

extern struct percpu percpu[GUEST_MAX_CPUS];

static inline struct percpu *this_cpu(void)
{
	struct percpu *cpu;

	asm volatile("mrs %0, tpidr_el1" : "=r"(cpu));
	return cpu;
}

#define read_sysreg(name)						\
({									\
	u64 value_;							\
									\
	asm volatile("mrs %0, " name : "=r"(value_) : : "memory");	\
	value_;								\
})

#define write_sysreg(name, value)					\
do {									\
	u64 value_ = (value);						\
									\
	asm volatile("msr " name ", %0" : : "r"(value_) : "memory");	\
} while (0)

/*
 * Execute INSN; the value is the class of the exception that it raised, or -1.
 * Usage: TRY("insn", TRY_OUT(outputs), inputs)
 */
#define TRY(insn, out, ...)						\
({									\
	this_cpu()->fault = -1;						\
	asm volatile("1: " insn "\n"					\
		     "2:\n"						\
		     ".pushsection .fixups, \"a\"\n"			\
		     ".quad 1b, 2b\n"					\
		     ".popsection" : out : __VA_ARGS__ : "memory", "cc");	\
	(int)this_cpu()->fault;						\
})
#define TRY_OUT(...)	__VA_ARGS__

/* Not as C would: a load or store that updates its base too is one that KVM cannot emulate. */
static inline u32 mmio_read(u64 gpa)
{
	u32 value;

	asm volatile("ldr %w0, [%1]" : "=r"(value) : "r"(gpa) : "memory");
	return value;
}

static inline void mmio_write(u64 gpa, u32 value)
{
	asm volatile("str %w0, [%1]" : : "r"(value), "r"(gpa) : "memory");
}

/* A call of the firmware; x1 to x3 are its arguments. */
s64 psci(u64 function, u64 arg1, u64 arg2, u64 arg3);
s64 psci_smc(u64 function, u64 arg1, u64 arg2, u64 arg3);

/* Does the device tree have a node of this name? Of what is not there nothing may be touched. */
bool tree_has(const char *node);
bool gic_present(void);
u32 gic_count(void);		/* of redistributors */
void gic_init_cpu(void);
void gic_enable(u32 intid);
u64 gicr_base(u32 cpu);
void gic_handle(void);
void console_init(void);

#endif
#endif
