/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Decoder for the x86 instructions that touch memory-mapped devices. It looks at
 * bytes only: no register, no memory, no state, so it can be tested anywhere.
 */
#ifndef AXVM_X86_CORE_DECODE_H
#define AXVM_X86_CORE_DECODE_H

#include "core_types.h"

/* Longest instruction a CPU accepts (APM volume 3, 1.1). */
#define CORE_INSN_MAX	15

enum core_op {
	/* Order of the three-bit field in opcodes 00-3f and 80-83. */
	CORE_OP_ADD,
	CORE_OP_OR,
	CORE_OP_ADC,
	CORE_OP_SBB,
	CORE_OP_AND,
	CORE_OP_SUB,
	CORE_OP_XOR,
	CORE_OP_CMP,
	CORE_OP_TEST,
	CORE_OP_XCHG,
	CORE_OP_LOAD,
	CORE_OP_STORE,
	CORE_OP_MOVS,
	CORE_OP_STOS,
	CORE_OP_LODS,
};

/* core_insn.flags */
#define CORE_INSN_REG_DST	0x01	/* the register, not memory, is written */
#define CORE_INSN_IMM		0x02	/* the second operand is core_insn.imm */
#define CORE_INSN_SIGN		0x04	/* sign-extend memory into the register */
#define CORE_INSN_SWAP		0x08	/* MOVBE: reverse the bytes */
#define CORE_INSN_HIGH8		0x10	/* bits 15:8 of reg: AH, CH, DH or BH */
#define CORE_INSN_REP		0x20
#define CORE_INSN_LOCK		0x40

/* Register numbers beyond the sixteen of the encoding. */
#define CORE_REG_RIP		16	/* base: address of the next instruction */
#define CORE_REG_NONE		0xff

/* One decoded instruction. */
struct core_insn {
	s64 disp;		/* displacement or absolute offset, sign-extended */
	s64 imm;		/* sign-extended */
	/* with escape bytes: 0x89, 0x0fb6, 0x0f38f0; also set after a failed decode */
	u32 opcode;
	u8 len;
	u8 op;			/* enum core_op */
	u8 flags;		/* CORE_INSN_* */
	u8 mem_size;		/* bytes accessed in memory: 1, 2, 4 or 8 */
	u8 reg_size;		/* of the register operand: differs for MOVZX, MOVSX(D) */
	u8 addr_size;		/* of the effective address: 2, 4 or 8 */
	u8 reg;			/* register operand, 0 if there is none */
	u8 seg;			/* enum core_sreg of the memory operand (MOVS: source) */
	u8 base;		/* 0-15, CORE_REG_RIP or CORE_REG_NONE */
	u8 index;		/* 0-15 or CORE_REG_NONE */
	u8 scale;		/* 1, 2, 4 or 8 */
};

enum core_decode_status {
	CORE_DECODE_OK,
	CORE_DECODE_TRUNCATED,		/* more bytes are needed */
	CORE_DECODE_TOO_LONG,		/* no end within 15 bytes */
	CORE_DECODE_UNSUPPORTED,	/* not one of the instructions above */
	CORE_DECODE_NO_MEMORY,		/* the operands are registers */
};

int core_decode(const u8 *bytes, u32 len, u32 code_size, struct core_insn *insn);

#endif
