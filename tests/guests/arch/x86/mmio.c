// SPDX-License-Identifier: GPL-2.0
/*
 * Accesses the local APIC in xAPIC mode with every form of instruction that the
 * core decodes. The high word of the interrupt command is a register that holds
 * whatever 32 bits are written to it; accesses of another size read 0 there and
 * write nothing.
 */
#include "x86.h"

#define SCRATCH		(XAPIC + 0x310)
#define VALUE		0xc1a2b384U	/* its sign bit is set */
#define DIRTY		0xdeadbeefcafef00dULL

static u32 tried, bad;
static u32 copy[4];

static void check(const char *what, u64 got, u64 want)
{
	tried++;
	if (got == want)
		return;
	bad++;
	print("GUEST mmio: %s: got 0x%lx, wanted 0x%lx\n", what, got, want);
}

/* SCRATCH is in RDX, and 0x40 above RBX; the result of a load is in RAX. */
#define LOAD(insn, want)						\
do {									\
	u64 rax = DIRTY;						\
	asm volatile("movl %2, (%1)\n" insn : "+a"(rax)			\
		     : "d"(SCRATCH), "r"(VALUE), "b"(SCRATCH - 0x40), "c"(0x10UL)	\
		     : "memory", "cc", "r9");				\
	check(insn, rax, want);						\
} while (0)

/* RAX is FROM before; what the register holds afterwards counts. */
#define STORE(insn, from, want)						\
do {									\
	u64 rax = from;							\
	u32 now;							\
	asm volatile("movl %3, (%2)\n" insn "\nmovl (%2), %1" : "+a"(rax), "=&r"(now)	\
		     : "d"(SCRATCH), "r"(VALUE), "b"(SCRATCH - 0x40), "c"(0x10UL)	\
		     : "memory", "cc", "r9");				\
	check(insn, now, want);						\
} while (0)

/* Flags after a comparison, as the one condition that INSN ends with sets AL. */
#define FLAG(insn, want)						\
do {									\
	u64 rax = VALUE;						\
	asm volatile("movl %2, (%1)\n" insn : "+a"(rax) : "d"(SCRATCH), "r"(VALUE) : "memory", "cc");	\
	check(insn, rax & 0xff, want);					\
} while (0)

static void loads(void)
{
	LOAD("movl (%%rdx), %%eax", VALUE);
	LOAD("movl 0x40(%%rbx), %%eax", VALUE);
	LOAD("movl (%%rbx,%%rcx,4), %%eax", VALUE);
	LOAD("movl 0x30(%%rbx,%%rcx), %%eax", VALUE);
	LOAD("addr32 movl (%%edx), %%eax", VALUE);
	LOAD("mov %%rdx, %%r9\n movl (%%r9), %%eax", VALUE);
	LOAD("movabsl 0xfee00310, %%eax", VALUE);
	LOAD("movl (%%rdx), %%r9d\n mov %%r9, %%rax", VALUE);
	LOAD("movslq (%%rdx), %%rax", 0xffffffffc1a2b384ULL);
	LOAD("xorl %%eax, %%eax\n orl (%%rdx), %%eax", VALUE);
	LOAD("movl $1, %%eax\n addl (%%rdx), %%eax", VALUE + 1);
	LOAD("xchgl %%eax, (%%rdx)", VALUE);
	LOAD("movzbl (%%rdx), %%eax", 0);
	LOAD("movzwl (%%rdx), %%eax", 0);
	LOAD("movsbq (%%rdx), %%rax", 0);
	LOAD("movswl (%%rdx), %%eax", 0);
	LOAD("movb (%%rdx), %%al", DIRTY & ~0xffULL);
	LOAD("movb (%%rdx), %%ah", DIRTY & ~0xff00ULL);
	LOAD("movw (%%rdx), %%ax", DIRTY & ~0xffffULL);
	LOAD("movq (%%rdx), %%rax", 0);
	LOAD("push %%rsi\n mov %%rdx, %%rsi\n lodsl\n sub %%rdx, %%rsi\n shl $32, %%rsi\n"
	     "or %%rsi, %%rax\n pop %%rsi", VALUE | 4ULL << 32);
}

static void stores(void)
{
	STORE("movl %%eax, (%%rdx)", 0x11223344, 0x11223344);
	STORE("movl %%eax, 0x40(%%rbx)", 0x11223345, 0x11223345);
	STORE("movl %%eax, (%%rbx,%%rcx,4)", 0x11223346, 0x11223346);
	STORE("movl $0x55667788, (%%rdx)", 0, 0x55667788);
	STORE("mov %%rdx, %%r9\n movl %%eax, (%%r9)", 0x11223347, 0x11223347);
	STORE("movabsl %%eax, 0xfee00310", 0x11223348, 0x11223348);
	STORE("movnti %%eax, (%%rdx)", 0x11223349, 0x11223349);
	STORE("xchgl %%eax, (%%rdx)", 0x1122334a, 0x1122334a);
	STORE("addl %%eax, (%%rdx)", 1, VALUE + 1);
	STORE("addl $5, (%%rdx)", 0, VALUE + 5);
	STORE("stc\n adcl $0, (%%rdx)", 0, VALUE + 1);
	STORE("subl %%eax, (%%rdx)", 4, VALUE - 4);
	STORE("orl $0x0f, (%%rdx)", 0, VALUE | 0x0f);
	STORE("andl $0xff0000ff, (%%rdx)", 0, VALUE & 0xff0000ff);
	STORE("xorl %%eax, (%%rdx)", 0xffffffff, ~VALUE);
	STORE("lock orl $1, (%%rdx)", 0, VALUE | 1);
	STORE("movb %%al, (%%rdx)", 0, VALUE);
	STORE("movb $0, (%%rdx)", 0, VALUE);
	STORE("movw %%ax, (%%rdx)", 0, VALUE);
	STORE("movq %%rax, (%%rdx)", 0, VALUE);
	STORE("push %%rdi\n mov %%rdx, %%rdi\n stosl\n pop %%rdi", 0x1122334b, 0x1122334b);
	STORE("push %%rdi\n mov %%rdx, %%rdi\n mov $4, %%ecx\n rep stosl\n mov $0x10, %%ecx\n pop %%rdi",
	      0x1122334c, 0x1122334c);
	FLAG("cmpl %%eax, (%%rdx)\n sete %%al", 1);
	FLAG("cmpl $0, (%%rdx)\n sets %%al", 1);
	FLAG("testl $4, (%%rdx)\n setz %%al", 0);
	FLAG("testl %%eax, (%%rdx)\n sets %%al", 1);
}

static void strings(void)
{
	u32 source = 0x778899aa;
	void *to = (void *)SCRATCH;
	const void *from = &source;

	asm volatile("movsl" : "+D"(to), "+S"(from) : : "memory");
	check("movsl to the device", mmio_read(SCRATCH), source);
	check("movsl moves RDI", (u64)to, SCRATCH + 4);
	to = copy;
	from = (void *)SCRATCH;
	asm volatile("movsl" : "+D"(to), "+S"(from) : : "memory");
	check("movsl from the device", copy[0], source);
}

static void bits_swapped(void)
{
	u32 r[4], value = 0;

	cpuid(1, 0, r);
	if (!(r[2] & 1 << 22))
		return;
	mmio_write(SCRATCH, VALUE);
	asm volatile("movbe (%1), %0" : "+r"(value) : "r"(SCRATCH) : "memory");
	check("movbe load", value, __builtin_bswap32(VALUE));
	asm volatile("movbe %0, (%1)" : : "r"(0x01020304), "r"(SCRATCH) : "memory");
	check("movbe store", mmio_read(SCRATCH), 0x04030201);
}

static void base_registers(void)
{
	u64 value = DIRTY, rsp;

	mmio_write(SCRATCH, VALUE);
	wrmsr(0xc0000100, SCRATCH - 8);
	asm volatile("movl %%fs:8, %k0" : "+r"(value) : : "memory");
	check("FS base", value, VALUE);
	asm volatile("mov %%rsp, %1\n mov %2, %%rsp\n movl (%%rsp), %k0\n mov %1, %%rsp"
		     : "+r"(value), "=&r"(rsp) : "r"(SCRATCH) : "memory");
	check("RSP as base", value, VALUE);
}

/* x2APIC to disabled to xAPIC, as the manual has it. */
static void to_xapic(void)
{
	u64 base = rdmsr(MSR_APIC_BASE);

	wrmsr(MSR_APIC_BASE, base & ~(3ULL << 10));
	wrmsr(MSR_APIC_BASE, (base & ~(3ULL << 10)) | 1 << 11);
	mmio_write(XAPIC + 0xf0, 0x100 | VECTOR_SPURIOUS);
}

void guest_main(u64 arg)
{
	to_xapic();
	check("ID", mmio_read(XAPIC + 0x20), cpu_index() << 24);
	loads();
	stores();
	strings();
	bits_swapped();
	base_registers();
	mmio_write(IOAPIC, 1);
	check("I/O APIC version", mmio_read(IOAPIC + 0x10), 0x170020);
	print("GUEST mmio: tried=%u bad=%u\n", tried, bad);
}
