// SPDX-License-Identifier: GPL-2.0
/*
 * Decoder for the x86 instructions that touch memory-mapped devices: a table of
 * opcodes, and the operand encodings of APM volume 3, chapter 1.
 */
#include "decode.h"
#include "walk.h"

/* struct opcode.form: what follows the opcode and how wide it is */
#define F_MODRM		0x001
#define F_MOFFS		0x002	/* absolute offset of the address size */
#define F_STRING	0x004
#define F_IMM		0x008	/* immediate of the operand size, at most 4 bytes */
#define F_IMM8		0x010
#define F_BIT0		0x020	/* bit 0 of the opcode clear: byte operands */
#define F_MEM8		0x040
#define F_MEM16		0x080
#define F_MEM32		0x100
#define F_ALU		0x200	/* operation in bits 5:3, direction in bit 1 */
#define F_GROUP		0x400	/* operation in ModRM.reg */
#define F_LONG		0x800	/* 64-bit code only */
#define F_NO_REP	0x1000	/* a REP prefix makes it another instruction */
#define F_NO_SIZE	0x2000	/* 4 or 8 bytes even in 16-bit code */

struct opcode {
	u16 code;		/* low byte: opcode, high byte: 00, 0f or 38 */
	u16 mask;
	u16 form;
	u8 op;
	u8 flags;		/* CORE_INSN_* */
};

/* Searched from the top: first what drivers do most. */
static const struct opcode opcodes[] = {
	{ 0x0088, 0xfffe, F_MODRM | F_BIT0, CORE_OP_STORE, 0 },
	{ 0x008a, 0xfffe, F_MODRM | F_BIT0, CORE_OP_LOAD, CORE_INSN_REG_DST },
	{ 0x0000, 0xffc4, F_MODRM | F_BIT0 | F_ALU, CORE_OP_ADD, 0 },
	{ 0x0063, 0xffff, F_MODRM | F_MEM32 | F_LONG, CORE_OP_LOAD,
	  CORE_INSN_REG_DST | CORE_INSN_SIGN },
	{ 0x0080, 0xfffe, F_MODRM | F_BIT0 | F_GROUP | F_IMM, CORE_OP_ADD, 0 },
	{ 0x0083, 0xffff, F_MODRM | F_GROUP | F_IMM8, CORE_OP_ADD, 0 },
	{ 0x0084, 0xfffe, F_MODRM | F_BIT0, CORE_OP_TEST, 0 },
	{ 0x0086, 0xfffe, F_MODRM | F_BIT0, CORE_OP_XCHG, 0 },
	{ 0x00a0, 0xfffe, F_MOFFS | F_BIT0, CORE_OP_LOAD, CORE_INSN_REG_DST },
	{ 0x00a2, 0xfffe, F_MOFFS | F_BIT0, CORE_OP_STORE, 0 },
	{ 0x00a4, 0xfffe, F_STRING | F_BIT0, CORE_OP_MOVS, 0 },
	{ 0x00aa, 0xfffe, F_STRING | F_BIT0, CORE_OP_STOS, 0 },
	{ 0x00ac, 0xfffe, F_STRING | F_BIT0, CORE_OP_LODS, CORE_INSN_REG_DST },
	{ 0x00c6, 0xfffe, F_MODRM | F_BIT0 | F_GROUP | F_IMM, CORE_OP_STORE, 0 },
	{ 0x00f6, 0xfffe, F_MODRM | F_BIT0 | F_GROUP | F_IMM, CORE_OP_TEST, 0 },
	{ 0x0fb6, 0xffff, F_MODRM | F_MEM8, CORE_OP_LOAD, CORE_INSN_REG_DST },
	{ 0x0fb7, 0xffff, F_MODRM | F_MEM16, CORE_OP_LOAD, CORE_INSN_REG_DST },
	{ 0x0fbe, 0xffff, F_MODRM | F_MEM8, CORE_OP_LOAD,
	  CORE_INSN_REG_DST | CORE_INSN_SIGN },
	{ 0x0fbf, 0xffff, F_MODRM | F_MEM16, CORE_OP_LOAD,
	  CORE_INSN_REG_DST | CORE_INSN_SIGN },
	{ 0x0fc3, 0xffff, F_MODRM | F_NO_REP | F_NO_SIZE, CORE_OP_STORE, 0 },
	{ 0x38f0, 0xffff, F_MODRM | F_NO_REP, CORE_OP_LOAD,
	  CORE_INSN_REG_DST | CORE_INSN_SWAP },
	{ 0x38f1, 0xffff, F_MODRM | F_NO_REP, CORE_OP_STORE, CORE_INSN_SWAP },
};

#define REX_W	0x8
#define REX_R	0x4
#define REX_X	0x2
#define REX_B	0x1

#define SEG_NONE	0xff
#define PLAIN_MAX	8	/* REX, opcode, ModRM, SIB, displacement */

struct cursor {
	const u8 *bytes;
	u32 pos;
	u32 len;
	bool over;		/* a byte was wanted that is not there */
	/* prefixes */
	bool size;
	bool addr;
	bool lock;
	bool rep;
	u8 seg;
	u8 rex;
};

static u8 take(struct cursor *c)
{
	if (c->pos < c->len)
		return c->bytes[c->pos++];
	c->over = true;
	return 0;
}

/* Little-endian, sign-extended. */
static s64 take_signed(struct cursor *c, u32 bytes)
{
	u64 value = 0;
	u32 shift;

	if (!bytes)
		return 0;
	for (shift = 0; shift < 8 * bytes; shift += 8)
		value |= (u64)take(c) << shift;
	return (s64)(value << (64 - shift)) >> (64 - shift);
}

/* Takes the prefixes and returns the byte after them. */
static u8 take_prefixes(struct cursor *c, u32 code_size)
{
	for (;;) {
		u8 byte = take(c);

		if (code_size == 8 && (byte & 0xf0) == 0x40) {
			c->rex = byte;
			continue;
		}
		switch (byte) {
		case 0x26:
		case 0x2e:
		case 0x36:
		case 0x3e:
			/* Long mode ignores these (APM volume 3, 1.2.4). */
			if (code_size != 8)
				c->seg = (byte >> 3) & 3;
			break;
		case 0x64:
		case 0x65:
			c->seg = byte & 7;
			break;
		case 0x66:
			c->size = true;
			break;
		case 0x67:
			c->addr = true;
			break;
		case 0xf0:
			c->lock = true;
			break;
		case 0xf2:
		case 0xf3:
			c->rep = true;
			break;
		default:
			return byte;
		}
		/* REX counts only when it is the last prefix. */
		c->rex = 0;
	}
}

static const struct opcode *take_opcode(struct cursor *c, u32 code_size,
					struct core_insn *insn)
{
	u32 code = take_prefixes(c, code_size);
	u32 i;

	if (c->over)
		return NULL;
	insn->opcode = code;
	if (code == 0x0f) {
		code = code << 8 | take(c);
		insn->opcode = code;
		if (code == 0x0f38) {
			code = 0x3800 | take(c);
			insn->opcode = 0x0f0000 | code;
		}
	}
	for (i = 0; i < sizeof(opcodes) / sizeof(opcodes[0]); i++)
		if ((code & opcodes[i].mask) == opcodes[i].code)
			return &opcodes[i];
	return NULL;
}

static void take_modrm16(struct cursor *c, u32 mod, u32 rm, struct core_insn *insn)
{
	static const u8 base[8] = {
		CORE_RBX, CORE_RBX, CORE_RBP, CORE_RBP,
		CORE_RSI, CORE_RDI, CORE_RBP, CORE_RBX,
	};
	static const u8 index[4] = { CORE_RSI, CORE_RDI, CORE_RSI, CORE_RDI };

	if (rm < 4)
		insn->index = index[rm];
	if (mod == 0 && rm == 6)
		mod = 2;
	else
		insn->base = base[rm];
	insn->disp = take_signed(c, mod);
}

static void take_modrm32(struct cursor *c, u32 mod, u32 rm, u32 code_size,
			 struct core_insn *insn)
{
	bool sib = rm == 4;

	if (sib) {
		u8 byte = take(c);
		u32 index = ((byte >> 3) & 7) | (c->rex & REX_X ? 8 : 0);

		insn->scale = 1 << (byte >> 6);
		if (index != CORE_RSP)
			insn->index = index;
		rm = byte & 7;
	}
	if (mod == 0 && rm == 5) {
		mod = 2;
		if (!sib && code_size == 8)
			insn->base = CORE_REG_RIP;
	} else {
		insn->base = rm | (c->rex & REX_B ? 8 : 0);
	}
	insn->disp = take_signed(c, mod == 2 ? 4 : mod);
}

/* Memory operand and register operand; returns ModRM.reg, or -1 if both are registers. */
static int take_modrm(struct cursor *c, u32 code_size, struct core_insn *insn)
{
	u8 modrm = take(c);
	u32 reg = (modrm >> 3) & 7;

	if (modrm >> 6 == 3)
		return -1;
	insn->reg = reg | (c->rex & REX_R ? 8 : 0);
	if (insn->addr_size == 2)
		take_modrm16(c, modrm >> 6, modrm & 7, insn);
	else
		take_modrm32(c, modrm >> 6, modrm & 7, code_size, insn);
	if (insn->base == CORE_RSP || insn->base == CORE_RBP)
		insn->seg = CORE_SS;
	return reg;
}

static void set_sizes(const struct cursor *c, const struct opcode *opcode,
		      u32 code_size, struct core_insn *insn)
{
	u32 size;

	if (c->rex & REX_W)
		size = 8;
	else
		size = (code_size == 2) == c->size || opcode->form & F_NO_SIZE ? 4 : 2;
	if (opcode->form & F_BIT0 && !(insn->opcode & 1))
		size = 1;
	insn->reg_size = size;
	insn->mem_size = size;
	if (opcode->form & F_MEM8)
		insn->mem_size = 1;
	else if (opcode->form & F_MEM16)
		insn->mem_size = 2;
	else if (opcode->form & F_MEM32)
		insn->mem_size = 4;

	if (code_size == 8)
		insn->addr_size = c->addr ? 4 : 8;
	else
		insn->addr_size = (code_size == 2) == c->addr ? 4 : 2;
}

/* The operation where the opcode byte alone does not say it; false if it is none of ours. */
static bool set_op(const struct opcode *opcode, u32 reg, struct core_insn *insn)
{
	insn->op = opcode->op;
	insn->flags = opcode->flags;
	if (opcode->form & F_ALU) {
		insn->op += (insn->opcode >> 3) & 7;
		if (insn->opcode & 2)
			insn->flags |= CORE_INSN_REG_DST;
	}
	if (opcode->form & F_GROUP) {
		if (opcode->op == CORE_OP_ADD)
			insn->op += reg;
		else if (reg > (opcode->op == CORE_OP_TEST))
			return false;	/* TEST is /0 and /1, MOV is /0 */
	}
	return true;
}

static bool prefixes_fit(const struct cursor *c, const struct opcode *opcode,
			 struct core_insn *insn)
{
	if (c->rep && opcode->form & F_STRING)
		insn->flags |= CORE_INSN_REP;
	if (c->rep && opcode->form & F_NO_REP)
		return false;
	if (c->size && opcode->form & F_NO_SIZE)
		return false;
	if (!c->lock)
		return true;
	insn->flags |= CORE_INSN_LOCK;
	return !(insn->flags & CORE_INSN_REG_DST) &&
	       (insn->op < CORE_OP_CMP || insn->op == CORE_OP_XCHG);
}

static int decode(struct cursor *c, u32 code_size, struct core_insn *insn)
{
	const struct opcode *opcode = take_opcode(c, code_size, insn);
	int reg = 0;

	if (!opcode || (opcode->form & F_LONG && code_size != 8))
		return CORE_DECODE_UNSUPPORTED;

	set_sizes(c, opcode, code_size, insn);
	if (opcode->form & F_MODRM)
		reg = take_modrm(c, code_size, insn);
	else if (opcode->form & F_MOFFS)
		insn->disp = take_signed(c, insn->addr_size);
	if (reg < 0)
		return CORE_DECODE_NO_MEMORY;
	if (!set_op(opcode, reg, insn) || !prefixes_fit(c, opcode, insn))
		return CORE_DECODE_UNSUPPORTED;

	if (opcode->form & (F_IMM | F_IMM8)) {
		insn->flags |= CORE_INSN_IMM;
		insn->reg = 0;
		insn->imm = take_signed(c, opcode->form & F_IMM8 ? 1 :
					insn->reg_size == 8 ? 4 : insn->reg_size);
	} else if (insn->reg_size == 1 && !c->rex && insn->reg >= 4) {
		insn->flags |= CORE_INSN_HIGH8;
		insn->reg -= 4;
	}
	if (c->seg != SEG_NONE)
		insn->seg = c->seg;
	return CORE_DECODE_OK;
}

/*
 * MOV between a register and memory as compilers write it for a device: 64-bit
 * code, at most a REX prefix, a base register and perhaps a displacement.
 * Return: false if it is anything else; @insn is as it was.
 */
static bool decode_plain(const u8 *bytes, u32 code_size, struct core_insn *insn)
{
	u32 rex = (bytes[0] & 0xf0) == 0x40 ? bytes[0] : 0;
	const u8 *at = rex ? bytes + 1 : bytes;
	u32 modrm = at[1], mod = modrm >> 6, rm = modrm & 7;

	if (code_size != 8 || (at[0] & 0xfd) != 0x89 || mod == 3 || (mod == 0 && rm == CORE_RBP))
		return false;
	/* RSP and R12 as a base need a SIB byte; any other SIB byte is not plain. */
	if (rm == CORE_RSP && (at[2] != 0x24 || (rex & REX_X)))
		return false;
	insn->opcode = at[0];
	insn->op = insn->opcode & 2 ? CORE_OP_LOAD : CORE_OP_STORE;
	insn->flags = insn->opcode & 2 ? CORE_INSN_REG_DST : 0;
	insn->mem_size = rex & REX_W ? 8 : 4;
	insn->reg_size = insn->mem_size;
	insn->addr_size = 8;
	insn->reg = (modrm >> 3 & 7) | (rex & REX_R ? 8 : 0);
	insn->base = rm | (rex & REX_B ? 8 : 0);
	if (insn->base == CORE_RSP || insn->base == CORE_RBP)
		insn->seg = CORE_SS;
	at += rm == CORE_RSP ? 3 : 2;
	if (mod == 1)
		insn->disp = (s8)at[0];
	else if (mod == 2)
		insn->disp = (s32)(at[0] | at[1] << 8 | at[2] << 16 | (u32)at[3] << 24);
	insn->len = at - bytes + (mod == 2 ? 4 : mod);
	return true;
}

/**
 * core_decode() - Decode one instruction.
 * @bytes: instruction bytes
 * @len: how many of them there are; more than 15 are not looked at
 * @code_size: 2, 4 or 8 for 16-, 32- and 64-bit code
 * @insn: result; after a failure only @opcode is meaningful
 *
 * Pure: may be called anywhere, reads nothing beyond @len.
 *
 * Return: enum core_decode_status.
 */
int core_decode(const u8 *bytes, u32 len, u32 code_size, struct core_insn *insn)
{
	struct cursor c;
	int status;

	*insn = (struct core_insn) {
		.seg = CORE_DS,
		.base = CORE_REG_NONE,
		.index = CORE_REG_NONE,
		.scale = 1,
	};
	if (len >= PLAIN_MAX && decode_plain(bytes, code_size, insn))
		return CORE_DECODE_OK;
	c = (struct cursor) {
		.bytes = bytes,
		.len = len < CORE_INSN_MAX ? len : CORE_INSN_MAX,
		.seg = SEG_NONE,
	};
	status = decode(&c, code_size, insn);
	insn->len = c.pos;
	if (!c.over)
		return status;
	return c.len == CORE_INSN_MAX ? CORE_DECODE_TOO_LONG : CORE_DECODE_TRUNCATED;
}
