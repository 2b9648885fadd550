// SPDX-License-Identifier: GPL-2.0
/*
 * Fills all general and vector registers with a pattern on each vCPU, makes
 * the vCPU leave the guest in every way there is, and looks whether anything
 * has changed that should not have.
 */
#include "arm64.h"

#define ROUNDS		200

enum way { HVC, SMC, MMIO_READ, MMIO_WRITE, SYSREG, SPIN, NR_WAYS };

struct state {
	u64 q_in[64], q_out[64];
	u64 in[31], out[31];
};

#define Q_OUT	"512"
#define IN	"1024"
#define OUT	"1272"
_Static_assert(offsetof(struct state, q_out) == 512 && offsetof(struct state, in) == 1024 &&
	       offsetof(struct state, out) == 1272, "offsets above");

static struct state states[GUEST_MAX_CPUS];
static u32 bad[GUEST_MAX_CPUS], finished;

/* All vector registers to or from x0. */
#define ALL_Q(op)									\
	op " q0, q1, [x0]\n " op " q2, q3, [x0, #32]\n " op " q4, q5, [x0, #64]\n "		\
	op " q6, q7, [x0, #96]\n " op " q8, q9, [x0, #128]\n " op " q10, q11, [x0, #160]\n "	\
	op " q12, q13, [x0, #192]\n " op " q14, q15, [x0, #224]\n " op " q16, q17, [x0, #256]\n "	\
	op " q18, q19, [x0, #288]\n " op " q20, q21, [x0, #320]\n " op " q22, q23, [x0, #352]\n "	\
	op " q24, q25, [x0, #384]\n " op " q26, q27, [x0, #416]\n " op " q28, q29, [x0, #448]\n "	\
	op " q30, q31, [x0, #480]\n"

/* x1 to x30 to or from an array at x0, which is x0's own place in it. */
#define ALL_X(op)									\
	op " x1, x2, [x0, #8]\n " op " x3, x4, [x0, #24]\n " op " x5, x6, [x0, #40]\n "		\
	op " x7, x8, [x0, #56]\n " op " x9, x10, [x0, #72]\n " op " x11, x12, [x0, #88]\n "	\
	op " x13, x14, [x0, #104]\n " op " x15, x16, [x0, #120]\n " op " x17, x18, [x0, #136]\n "	\
	op " x19, x20, [x0, #152]\n " op " x21, x22, [x0, #168]\n " op " x23, x24, [x0, #184]\n "	\
	op " x25, x26, [x0, #200]\n " op " x27, x28, [x0, #216]\n " op " x29, x30, [x0, #232]\n"

/*
 * All registers in, one exit, all registers out. The pointer waits on the
 * stack, which the exit does not touch.
 */
#define EXIT(name, insn)								\
void exit_##name(struct state *s);							\
asm(".text\n.arch_extension fp\n.arch_extension simd\nexit_" #name ":\n"			\
	"stp x29, x30, [sp, #-112]!\n stp x19, x20, [sp, #16]\n stp x21, x22, [sp, #32]\n"	\
	"stp x23, x24, [sp, #48]\n stp x25, x26, [sp, #64]\n stp x27, x28, [sp, #80]\n"	\
	"str x0, [sp, #96]\n"								\
	ALL_Q("ldp")									\
	"add x0, x0, #" IN "\n"								\
	ALL_X("ldp")									\
	"ldr x0, [x0]\n"								\
	insn "\n"									\
	"str x0, [sp, #-16]!\n ldr x0, [sp, #112]\n add x0, x0, #" OUT "\n"		\
	ALL_X("stp")									\
	"ldr x1, [sp], #16\n str x1, [x0]\n ldr x0, [sp, #96]\n add x0, x0, #" Q_OUT "\n"	\
	ALL_Q("stp")									\
	"ldp x19, x20, [sp, #16]\n ldp x21, x22, [sp, #32]\n ldp x23, x24, [sp, #48]\n"	\
	"ldp x25, x26, [sp, #64]\n ldp x27, x28, [sp, #80]\n ldp x29, x30, [sp], #112\n ret\n")

EXIT(hvc, "hvc #0");
EXIT(smc, "smc #0");
EXIT(mmio_read, "ldr w0, [x1]");
EXIT(mmio_write, "str w0, [x1]");
EXIT(sysreg, "mrs x0, id_aa64pfr0_el1");
EXIT(spin, "1: subs x2, x2, #1\n b.ne 1b");

static void (*const ways[NR_WAYS])(struct state *s) = {
	[HVC] = exit_hvc, [SMC] = exit_smc, [MMIO_READ] = exit_mmio_read,
	[MMIO_WRITE] = exit_mmio_write, [SYSREG] = exit_sysreg, [SPIN] = exit_spin,
};

/* Bit i: xi may change. */
static const u8 changes[NR_WAYS] = {
	[HVC] = 1, [SMC] = 0xf, [MMIO_READ] = 1, [MMIO_WRITE] = 0, [SYSREG] = 1, [SPIN] = 4,
};

static void prepare(struct state *s, enum way way, u32 seed)
{
	for (u32 i = 0; i < 64; i++)
		s->q_in[i] = seed * 0x9e3779b97f4a7c15ULL + i * 0xd1b54a32d192ed03ULL;
	for (u32 i = 0; i < 31; i++)
		s->in[i] = seed * 0xbf58476d1ce4e5b9ULL + i * 0x94d049bb133111ebULL;
	switch (way) {
	case HVC:
		s->in[0] = AXVM_HC_VERSION;
		break;
	case SMC:
		s->in[0] = PSCI_VERSION;
		break;
	case MMIO_READ:
		s->in[1] = GUEST_PL011_BASE + 0x18;	/* FR */
		break;
	case MMIO_WRITE:
		s->in[1] = GUEST_PL011_BASE + 0x44;	/* ICR */
		break;
	default:
		s->in[2] = 1000;
	}
}

static u32 round_of(struct state *s, enum way way, u32 seed)
{
	u32 n = 0;

	prepare(s, way, seed);
	memset(s->out, 0, sizeof(s->out));
	memset(s->q_out, 0, sizeof(s->q_out));
	ways[way](s);
	for (u32 i = 0; i < 31; i++)
		n += !(i < 8 && changes[way] & 1 << i) && s->in[i] != s->out[i];
	for (u32 i = 0; i < 64; i++)
		n += s->q_in[i] != s->q_out[i];
	if (way == HVC && s->out[0] != AXVM_GUEST_ABI)
		n++;
	if (way == SMC && s->out[0] >> 16 != 1)
		n++;
	return n;
}

static void run(void)
{
	struct state *s = &states[cpu_index()];
	u32 n = 0;

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
		print("GUEST fpu: cpu=%u rounds=%u ways=%u bad=%u\n", i, ROUNDS, NR_WAYS, bad[i]);
	print("GUEST fpu: done\n");
}
