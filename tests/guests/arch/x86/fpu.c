// SPDX-License-Identifier: GPL-2.0
/*
 * Fills all general and vector registers with a pattern on each vCPU, makes
 * the vCPU leave the guest in every way there is, and looks whether anything
 * has changed that should not have.
 */
#include "x86.h"

#define ROUNDS		200
#define AREA		1024
#define XCR0		7	/* x87, SSE, AVX */

enum way { CPUID, HYPERCALL, PORT_IN, PORT_OUT, MMIO, MSR, SPIN, NR_WAYS };

/* In the order in which the assembly below uses them. */
struct regs {
	u64 rax, rbx, rcx, rdx, rsi, rdi, rbp, r8, r9, r10, r11, r12, r13, r14, r15;
};

struct state {
	u8 area[AREA] __attribute__((aligned(64)));
	struct regs in, out;
	bool xsave;
};

static struct state states[GUEST_MAX_CPUS];
static u32 bad[GUEST_MAX_CPUS], finished;

/*
 * All registers in, one exit, all registers out. The pointer waits on the
 * stack, which the exit does not touch.
 */
#define EXIT(name, insn)							\
void exit_##name(struct state *s);						\
asm(".text\nexit_" #name ":\n"							\
	"push %rbx\n push %rbp\n push %r12\n push %r13\n push %r14\n push %r15\n push %rdi\n"	\
	"lea " REGS_IN "(%rdi), %rdi\n"						\
	"mov 0(%rdi), %rax\n mov 8(%rdi), %rbx\n mov 16(%rdi), %rcx\n mov 24(%rdi), %rdx\n"	\
	"mov 32(%rdi), %rsi\n mov 48(%rdi), %rbp\n mov 56(%rdi), %r8\n mov 64(%rdi), %r9\n"	\
	"mov 72(%rdi), %r10\n mov 80(%rdi), %r11\n mov 88(%rdi), %r12\n mov 96(%rdi), %r13\n"	\
	"mov 104(%rdi), %r14\n mov 112(%rdi), %r15\n mov 40(%rdi), %rdi\n"			\
	insn "\n"								\
	"push %rdi\n mov 8(%rsp), %rdi\n lea " REGS_OUT "(%rdi), %rdi\n"	\
	"mov %rax, 0(%rdi)\n mov %rbx, 8(%rdi)\n mov %rcx, 16(%rdi)\n mov %rdx, 24(%rdi)\n"	\
	"mov %rsi, 32(%rdi)\n mov %rbp, 48(%rdi)\n mov %r8, 56(%rdi)\n mov %r9, 64(%rdi)\n"	\
	"mov %r10, 72(%rdi)\n mov %r11, 80(%rdi)\n mov %r12, 88(%rdi)\n mov %r13, 96(%rdi)\n"	\
	"mov %r14, 104(%rdi)\n mov %r15, 112(%rdi)\n pop %rax\n mov %rax, 40(%rdi)\n"		\
	"pop %rdi\n pop %r15\n pop %r14\n pop %r13\n pop %r12\n pop %rbp\n pop %rbx\n ret\n")

#define REGS_IN		"1024"
#define REGS_OUT	"1144"
_Static_assert(offsetof(struct state, in) == 1024 && offsetof(struct state, out) == 1144, "offsets above");

EXIT(cpuid, "cpuid");
EXIT(hypercall, "vmmcall");
EXIT(port_in, "in %dx, %al");
EXIT(port_out, "out %eax, %dx");
EXIT(mmio, "mov 0(%rbx), %eax");
EXIT(msr, "rdmsr");
EXIT(spin, "1: dec %rcx\n jnz 1b");

static void (*const ways[NR_WAYS])(struct state *s) = {
	[CPUID] = exit_cpuid, [HYPERCALL] = exit_hypercall, [PORT_IN] = exit_port_in,
	[PORT_OUT] = exit_port_out, [MMIO] = exit_mmio, [MSR] = exit_msr, [SPIN] = exit_spin,
};

static void load(const struct state *s, const u8 *area)
{
	if (s->xsave)
		asm volatile("xrstor64 %0" : : "m"(*(const u8 (*)[AREA])area), "a"(XCR0), "d"(0));
	else
		asm volatile("fxrstor64 %0" : : "m"(*(const u8 (*)[AREA])area));
}

static void store(const struct state *s, u8 *area)
{
	if (s->xsave)
		asm volatile("xsave64 %0" : "+m"(*(u8 (*)[AREA])area) : "a"(XCR0), "d"(0));
	else
		asm volatile("fxsave64 %0" : "+m"(*(u8 (*)[AREA])area));
}

/* Only data registers: control words must stay valid. x87 registers are 10 bytes of 16. */
static void fill(u8 *area, bool xsave, u32 seed)
{
	memset(area, 0, AREA);
	*(u16 *)area = 0x37f;
	area[4] = 0xff;				/* abridged tag word: all valid */
	*(u32 *)(area + 24) = 0x1f80;
	for (u32 i = 32; i < 416; i++)
		if (i >= 160 || (i & 15) < 10)
			area[i] = seed + i * 7;
	if (!xsave)
		return;
	area[512] = XCR0;
	for (u32 i = 576; i < 832; i++)
		area[i] = seed + i * 13;
}

static u32 differences(const u8 *a, const u8 *b, u32 from, u32 to)
{
	u32 n = 0;

	for (u32 i = from; i < to; i++)
		n += a[i] != b[i];
	return n;
}

/* Bit i: register i of struct regs may change. */
static const u16 changes[NR_WAYS] = {
	[CPUID] = 0xf, [HYPERCALL] = 1, [PORT_IN] = 1, [PORT_OUT] = 0, [MMIO] = 1, [MSR] = 9, [SPIN] = 4,
};

static void prepare(struct regs *in, enum way way, u32 seed)
{
	u64 *reg = (u64 *)in;

	for (u32 i = 0; i < 15; i++)
		reg[i] = seed * 0x9e3779b97f4a7c15ULL + i * 0xd1b54a32d192ed03ULL;
	switch (way) {
	case CPUID:
		in->rax = 1;
		break;
	case HYPERCALL:
		in->rax = AXVM_HC_VERSION;
		break;
	case PORT_IN:
	case PORT_OUT:
		in->rdx = 0x80;		/* nobody's */
		break;
	case MMIO:
		in->rbx = IOAPIC;
		break;
	case MSR:
		in->rcx = MSR_EFER;
		break;
	default:
		in->rcx = 1000;
	}
}

static u32 round_of(struct state *s, enum way way, u32 seed)
{
	static u8 after_all[GUEST_MAX_CPUS][AREA] __attribute__((aligned(64)));
	u8 *after = after_all[cpu_index()];
	const u64 *in = (const u64 *)&s->in, *out = (const u64 *)&s->out;
	u32 n = 0;

	memset(after, 0, AREA);
	fill(s->area, s->xsave, seed);
	prepare(&s->in, way, seed);
	load(s, s->area);
	ways[way](s);
	store(s, after);
	for (u32 i = 0; i < 15; i++)
		n += !(changes[way] & 1 << i) && in[i] != out[i];
	n += differences(s->area, after, 32, 416);
	if (s->xsave)
		n += differences(s->area, after, 576, 832);
	if (way == PORT_IN && s->out.rax != (s->in.rax | 0xff))
		n++;
	if (way == HYPERCALL && s->out.rax != AXVM_GUEST_ABI)
		n++;
	return n;
}

static bool enable_vectors(void)
{
	u32 r[4];

	cpuid(1, 0, r);
	if (!(r[2] & 1 << 26) || !(r[2] & 1 << 28))
		return false;
	asm volatile("mov %%cr4, %%rax; or $0x40000, %%eax; mov %%rax, %%cr4; xor %%ecx, %%ecx;"
		     "xor %%edx, %%edx; mov %0, %%eax; xsetbv" : : "i"(XCR0) : "rax", "rcx", "rdx");
	return true;
}

static void run(void)
{
	struct state *s = &states[cpu_index()];
	u32 n = 0;

	s->xsave = enable_vectors();
	for (u32 i = 0; i < ROUNDS; i++)
		for (u32 way = 0; way < NR_WAYS; way++)
			n += round_of(s, way, (cpu_index() + 1) * 1000 + i);
	bad[cpu_index()] = n;
	__atomic_fetch_add(&finished, 1, __ATOMIC_SEQ_CST);
}

void guest_main(u64 arg)
{
	u32 nr = cpu_count();

	cpu_start_others(run);
	run();
	while (__atomic_load_n(&finished, __ATOMIC_SEQ_CST) < nr)
		cpu_relax();
	for (u32 i = 0; i < nr; i++)
		print("GUEST fpu: cpu=%u rounds=%u ways=%u avx=%u bad=%u\n", i, ROUNDS, NR_WAYS,
		      states[i].xsave, bad[i]);
	print("GUEST fpu: done\n");
}
