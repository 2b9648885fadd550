// SPDX-License-Identifier: GPL-2.0
/*
 * Performs one instruction against the device model. Every operand is resolved
 * and checked before the first access, because a device register must not be
 * read or written for an instruction that then faults.
 */
#include "emulate.h"

#define FLAG_CF		(1ULL << 0)
#define FLAG_PF		(1ULL << 2)
#define FLAG_AF		(1ULL << 4)
#define FLAG_ZF		(1ULL << 6)
#define FLAG_SF		(1ULL << 7)
#define FLAG_DF		(1ULL << 10)
#define FLAG_OF		(1ULL << 11)
#define FLAG_RF		(1ULL << 16)
#define FLAGS_STATUS	(FLAG_CF | FLAG_PF | FLAG_AF | FLAG_ZF | FLAG_SF | FLAG_OF)

/*
 * Rounds of a REP before the guest is entered again, so that a kick or an
 * interrupt never waits for more than that.
 */
#define REP_BATCH	64

/* Unaligned, and one access where the CPU makes one. */
typedef u16 __attribute__((aligned(1), may_alias)) any_u16;
typedef u32 __attribute__((aligned(1), may_alias)) any_u32;
typedef u64 __attribute__((aligned(1), may_alias)) any_u64;

/* Where a memory operand is: a device register, or RAM in one or two pages. */
struct operand {
	u64 gpa;
	u8 *ram[2];
	u32 split;		/* bytes in ram[0] */
	u32 size;
};

static u64 size_mask(u32 size)
{
	return size == 8 ? ~0ULL : (1ULL << (8 * size)) - 1;
}

static u64 sign_extend(u64 value, u32 size)
{
	u32 shift = 64 - 8 * size;

	return (u64)((s64)(value << shift) >> shift);
}

static u64 swap_bytes(u64 value, u32 size)
{
	return __builtin_bswap64(value) >> (64 - 8 * size);
}

/* A write of 4 bytes clears the upper half, shorter ones leave the rest alone. */
static void write_reg(u64 *reg, u64 value, u32 size)
{
	u64 mask = size == 4 ? ~0ULL : size_mask(size);

	*reg = (*reg & ~mask) | (value & size_mask(size) & mask);
}

static u64 read_operand_reg(const struct core_view *view, const struct core_insn *insn)
{
	u64 value = view->gpr[insn->reg];

	if (insn->flags & CORE_INSN_HIGH8)
		value >>= 8;
	return value & size_mask(insn->reg_size);
}

static void write_operand_reg(struct core_view *view, const struct core_insn *insn,
			      u64 value)
{
	u64 *reg = &view->gpr[insn->reg];

	if (insn->flags & CORE_INSN_HIGH8)
		*reg = (*reg & ~0xff00ULL) | (value & 0xff) << 8;
	else
		write_reg(reg, value, insn->reg_size);
}

/* The address that ModRM, SIB and displacement name, before segmentation. */
static u64 effective_address(const struct core_view *view, const struct core_insn *insn)
{
	u64 address = insn->disp;

	if (insn->base == CORE_REG_RIP)
		address += view->rip + insn->len;
	else if (insn->base != CORE_REG_NONE)
		address += view->gpr[insn->base];
	if (insn->index != CORE_REG_NONE)
		address += view->gpr[insn->index] * insn->scale;
	return address & size_mask(insn->addr_size);
}

static int walk_failure(struct core_emul *em, int status, const struct core_gpa *at)
{
	em->gpa = at->gpa;
	if (status == CORE_WALK_FAULT)
		return CORE_EMUL_FAULT;
	if (status == CORE_WALK_RACE)
		return CORE_EMUL_AGAIN;
	return CORE_EMUL_NO_RAM;
}

static int resolve(struct core_view *view, struct core_emul *em, u32 seg, u64 offset,
		   u32 access, struct operand *op)
{
	bool write = access & CORE_ACCESS_WRITE;
	u32 size = em->insn.mem_size;
	struct core_gpa at;
	u64 linear;
	int status;

	*op = (struct operand) { .size = size, .split = size };
	access |= CORE_ACCESS_MARK;
	if (core_linear(view, seg, offset, size, access, &linear))
		return CORE_EMUL_FAULT;
	status = core_walk(view, linear, access, &at);
	if (status)
		return walk_failure(em, status, &at);
	op->gpa = at.gpa;
	if (at.left < size)
		op->split = at.left;
	op->ram[0] = core_guest_ptr(view->guest, at.gpa, op->split, write);
	if (op->split == size)
		return CORE_EMUL_DONE;

	status = core_walk(view, linear + op->split, access, &at);
	if (status)
		return walk_failure(em, status, &at);
	op->ram[1] = core_guest_ptr(view->guest, at.gpa, size - op->split, write);
	if (op->ram[0] && op->ram[1])
		return CORE_EMUL_DONE;
	em->gpa = at.gpa;
	return CORE_EMUL_SPLIT;
}

/*
 * Is this the access that faulted? Later rounds of a REP may be anywhere in the
 * same page: only there is the page known to be a device.
 */
static bool is_faulting(struct operand *op, u64 gpa, bool later)
{
	bool hit = later ? op->gpa >> 12 == gpa >> 12 : op->gpa == gpa;

	if (op->split != op->size)
		return false;
	/* Stage 2 refused it, so it is a device here even if RAM lies below. */
	if (hit)
		op->ram[0] = NULL;
	return hit;
}

/* A device in another page may have to be waited for: such rounds begin with an exit. */
static bool is_elsewhere(const struct operand *op, u64 gpa)
{
	return !op->ram[0] && op->gpa >> 12 != gpa >> 12;
}

static void copy(void *dst, const void *src, u32 bytes)
{
	switch (bytes) {
	case 2:
		*(volatile any_u16 *)dst = *(const volatile any_u16 *)src;
		break;
	case 4:
		*(volatile any_u32 *)dst = *(const volatile any_u32 *)src;
		break;
	case 8:
		*(volatile any_u64 *)dst = *(const volatile any_u64 *)src;
		break;
	default:
		while (bytes--)
			*(volatile u8 *)dst++ = *(const volatile u8 *)src++;
	}
}

static int access_device(struct core_view *view, struct core_emul *em, u64 gpa, u32 size,
			 bool write, u64 *value)
{
	int status;

	if (!view->nth++ && view->kept) {
		*value = view->kept_value;
		return CORE_EMUL_DONE;
	}
	status = core_emul_mmio(view->guest, gpa, size, write, value);
	if (status)
		em->gpa = gpa;
	else
		view->kept_value = *value;
	return status;
}

static int access_operand(struct core_view *view, struct core_emul *em,
			  const struct operand *op, bool write, u64 *value)
{
	u32 rest = op->size - op->split;
	u8 *bytes = (u8 *)value;
	int status;

	if (op->ram[0] && write) {
		copy(op->ram[0], bytes, op->split);
		copy(op->ram[1], bytes + op->split, rest);
		return CORE_EMUL_DONE;
	}
	if (op->ram[0]) {
		*value = 0;
		copy(bytes, op->ram[0], op->split);
		copy(bytes + op->split, op->ram[1], rest);
		return CORE_EMUL_DONE;
	}
	status = access_device(view, em, op->gpa, op->size, write, value);
	*value &= size_mask(op->size);
	return status;
}

static u64 compute(u32 op, u64 a, u64 b, u32 size, u64 *rflags)
{
	u64 carry = op == CORE_OP_ADC || op == CORE_OP_SBB ? *rflags & FLAG_CF : 0;
	u64 carries = 0, overflow = 0, flags = 0, result, top = 8 * size - 1;

	switch (op) {
	case CORE_OP_ADD:
	case CORE_OP_ADC:
		result = a + b + carry;
		carries = (a & b) | ((a | b) & ~result);
		overflow = (a ^ result) & (b ^ result);
		break;
	case CORE_OP_SUB:
	case CORE_OP_SBB:
	case CORE_OP_CMP:
		result = a - b - carry;
		carries = (~a & b) | ((~a | b) & result);
		overflow = (a ^ b) & (a ^ result);
		break;
	case CORE_OP_OR:
		result = a | b;
		break;
	case CORE_OP_XOR:
		result = a ^ b;
		break;
	default:
		result = a & b;
	}
	result &= size_mask(size);

	/* Bit n of carries: carry or borrow out of bit n (APM volume 1, 3.1.4). */
	flags |= carries >> top & 1 ? FLAG_CF : 0;
	flags |= carries >> 3 & 1 ? FLAG_AF : 0;
	flags |= overflow >> top & 1 ? FLAG_OF : 0;
	flags |= result >> top & 1 ? FLAG_SF : 0;
	flags |= result ? 0 : FLAG_ZF;
	/* Bit n of the constant: the four-bit number n has an even number of ones. */
	flags |= 0x9669 >> ((result ^ result >> 4) & 15) & 1 ? FLAG_PF : 0;
	*rflags = (*rflags & ~FLAGS_STATUS) | flags;
	return result;
}

/* Value for the register of a plain load. */
static u64 loaded(const struct core_insn *insn, u64 value)
{
	if (insn->flags & CORE_INSN_SIGN)
		return sign_extend(value, insn->mem_size);
	if (insn->flags & CORE_INSN_SWAP)
		return swap_bytes(value, insn->mem_size);
	return value;
}

/*
 * Is this the load or store that stage 2 refused, as far as the offset in the
 * page can tell? Then the page is not looked up again. Code that another vCPU
 * has changed meanwhile gets no further than that page, and no further than what
 * it was allowed to do there.
 */
static bool is_known(const struct core_view *view, const struct core_insn *insn, u32 code_size,
		     u64 gpa)
{
	u32 offset = gpa & 4095;

	if (insn->op == CORE_OP_LOAD ? view->refused != CORE_REFUSED_READ :
	    insn->op != CORE_OP_STORE || view->refused != CORE_REFUSED_WRITE)
		return false;
	return code_size == 8 && insn->addr_size == 8 && insn->seg < CORE_FS &&
	       offset + insn->mem_size <= 4096 &&
	       (effective_address(view, insn) & 4095) == offset;
}

static int run_known(struct core_view *view, struct core_emul *em, u64 gpa)
{
	const struct core_insn *insn = &em->insn;
	bool write = insn->op == CORE_OP_STORE;
	u64 value = 0;
	int status;

	if (write) {
		value = insn->flags & CORE_INSN_IMM ? (u64)insn->imm & size_mask(insn->reg_size) :
			read_operand_reg(view, insn);
		if (insn->flags & CORE_INSN_SWAP)
			value = swap_bytes(value, insn->mem_size);
	}
	status = core_emul_mmio_once(view->guest, gpa, insn->mem_size, write, &value);
	if (status)
		return status;
	if (!write)
		write_operand_reg(view, insn, loaded(insn, value & size_mask(insn->mem_size)));
	return CORE_EMUL_DONE;
}

static int run_modrm(struct core_view *view, struct core_emul *em, u64 gpa)
{
	const struct core_insn *insn = &em->insn;
	bool compare = insn->op == CORE_OP_CMP || insn->op == CORE_OP_TEST;
	bool to_reg = insn->flags & CORE_INSN_REG_DST;
	bool write = !to_reg && !compare;
	u64 rflags = view->rflags;
	u64 mem = 0, other, result;
	struct operand op;
	int status;

	status = resolve(view, em, insn->seg, effective_address(view, insn),
			 write ? CORE_ACCESS_WRITE : CORE_ACCESS_READ, &op);
	if (status)
		return status;
	if (!is_faulting(&op, gpa, false)) {
		em->gpa = op.gpa;
		return CORE_EMUL_MISMATCH;
	}

	if (insn->op != CORE_OP_STORE)
		status = access_operand(view, em, &op, false, &mem);
	if (status)
		return status;
	other = insn->flags & CORE_INSN_IMM ? (u64)insn->imm & size_mask(insn->reg_size) :
		read_operand_reg(view, insn);
	if (insn->op == CORE_OP_LOAD)
		result = loaded(insn, mem);
	else if (insn->op == CORE_OP_STORE || insn->op == CORE_OP_XCHG)
		result = insn->flags & CORE_INSN_SWAP ? swap_bytes(other, insn->mem_size) : other;
	else if (to_reg)
		result = compute(insn->op, other, mem, insn->mem_size, &rflags);
	else
		result = compute(insn->op, mem, other, insn->mem_size, &rflags);

	if (write)
		status = access_operand(view, em, &op, true, &result);
	if (status)
		return status;
	if (insn->op == CORE_OP_XCHG)
		write_operand_reg(view, insn, mem);
	else if (to_reg && !compare)
		write_operand_reg(view, insn, result);
	view->rflags = rflags;
	return CORE_EMUL_DONE;
}

/* One round of a string instruction. */
static int string_round(struct core_view *view, struct core_emul *em, u64 gpa, bool later)
{
	const struct core_insn *insn = &em->insn;
	bool has_src = insn->op != CORE_OP_STOS;
	bool has_dst = insn->op != CORE_OP_LODS;
	u64 mask = size_mask(insn->addr_size);
	u64 step = view->rflags & FLAG_DF ? -(u64)insn->mem_size : insn->mem_size;
	u64 *rsi = &view->gpr[CORE_RSI], *rdi = &view->gpr[CORE_RDI];
	u64 value = view->gpr[CORE_RAX] & size_mask(insn->mem_size);
	struct operand src, dst;
	int status = CORE_EMUL_DONE;
	bool hit = false;

	view->nth = 0;
	if (has_src)
		status = resolve(view, em, insn->seg, *rsi & mask, CORE_ACCESS_READ, &src);
	if (!status && has_dst)
		status = resolve(view, em, CORE_ES, *rdi & mask, CORE_ACCESS_WRITE, &dst);
	if (status)
		return status;
	if (has_src)
		hit = is_faulting(&src, gpa, later);
	if (has_dst)
		hit |= is_faulting(&dst, gpa, later);
	if (!hit || (later && ((has_src && is_elsewhere(&src, gpa)) ||
			       (has_dst && is_elsewhere(&dst, gpa))))) {
		em->gpa = has_dst ? dst.gpa : src.gpa;
		return CORE_EMUL_MISMATCH;
	}

	if (has_src)
		status = access_operand(view, em, &src, false, &value);
	if (!status && has_dst)
		status = access_operand(view, em, &dst, true, &value);
	if (status)
		return status;
	if (has_src)
		write_reg(rsi, *rsi + step, insn->addr_size);
	if (has_dst)
		write_reg(rdi, *rdi + step, insn->addr_size);
	else
		write_reg(&view->gpr[CORE_RAX], value, insn->reg_size);
	return CORE_EMUL_DONE;
}

static int run_string(struct core_view *view, struct core_emul *em, u64 gpa)
{
	u64 *rcx = &view->gpr[CORE_RCX];
	u64 mask = size_mask(em->insn.addr_size);
	u32 round;
	int status;

	if (!(em->insn.flags & CORE_INSN_REP))
		return string_round(view, em, gpa, false);
	for (round = 0; round < REP_BATCH; round++) {
		if (!(*rcx & mask))
			return CORE_EMUL_DONE;
		status = string_round(view, em, gpa, round > 0);
		/* After the first round, let the CPU find out by itself. */
		if (status)
			return round && status != CORE_EMUL_REFUSED ? CORE_EMUL_AGAIN : status;
		write_reg(rcx, *rcx - 1, em->insn.addr_size);
		if (view->again)
			break;
	}
	return *rcx & mask ? CORE_EMUL_AGAIN : CORE_EMUL_DONE;
}

/* Whatever is not one access to the address that faulted. */
static noinline int run_other(struct core_view *view, struct core_emul *em, u64 gpa)
{
	core_emul_other(view->guest);
	if (!em->nbytes)
		return CORE_EMUL_FETCH;
	if (em->decode != CORE_DECODE_OK)
		return CORE_EMUL_DECODE;
	if (em->insn.op >= CORE_OP_MOVS)
		return run_string(view, em, gpa);
	return run_modrm(view, em, gpa);
}

/**
 * core_emulate() - Perform the instruction that caused a stage-2 fault.
 * @view: guest CPU; registers, rip and rflags are updated as the result says
 * @gpa: guest physical address of the access that faulted
 * @em: filled in for the caller's report
 *
 * Runs on the vCPU's own CPU, takes no lock; core_emul_mmio() is called with
 * exactly the accesses the instruction makes, also for a REP that is not finished
 * (at most 64 rounds a call, all in the page of @gpa). A read-modify-write is a
 * read followed by a write, whether it has a LOCK prefix or not.
 *
 * The caller clears the interrupt shadow after CORE_EMUL_DONE.
 *
 * Return: enum core_emul_status.
 */
int core_emulate(struct core_view *view, u64 gpa, struct core_emul *em)
{
	u32 code_size = core_code_size(view);
	int status;

	em->gpa = gpa;
	em->insn.opcode = 0;
	em->decode = CORE_DECODE_OK;
	em->nbytes = core_guest_fetch(view, em->bytes);
	if (em->nbytes)
		em->decode = core_decode(em->bytes, em->nbytes, code_size, &em->insn);

	if (em->nbytes && em->decode == CORE_DECODE_OK && is_known(view, &em->insn, code_size, gpa))
		status = run_known(view, em, gpa);
	else
		status = run_other(view, em, gpa);
	if (status != CORE_EMUL_DONE)
		return status;
	view->rip = (view->rip + em->insn.len) & size_mask(code_size);
	view->rflags &= ~FLAG_RF;
	return CORE_EMUL_DONE;
}
