// SPDX-License-Identifier: GPL-2.0
/*
 * A64 loads and stores that a data abort does not describe: DDI 0487, C4.1.94.
 * The address is known from the abort; what is wanted is size, registers and
 * the update of the base register.
 */
#include "insn.h"

static u32 bits(u32 word, u32 high, u32 low)
{
	return (word >> low) & ((1U << (high - low + 1)) - 1);
}

static s32 sign_extend(u32 value, u32 width)
{
	return (s32)(value << (32 - width)) >> (32 - width);
}

/* LDP, STP, LDNP, STNP, LDPSW: opc 101 V=0 idx L imm7 Rt2 Rn Rt */
static bool decode_pair(u32 word, struct core_insn *insn)
{
	u32 opc = bits(word, 31, 30);
	u32 index = bits(word, 24, 23);

	if (opc == 3)
		return false;
	insn->write = !bits(word, 22, 22);
	if (opc == 1 && insn->write)	/* STGP */
		return false;
	insn->nr = 2;
	insn->size = opc == 2 ? 8 : 4;
	insn->sign = opc == 1;
	insn->wide = opc != 0;
	insn->rt[0] = bits(word, 4, 0);
	insn->rt[1] = bits(word, 14, 10);
	if (index == 1 || index == 3) {		/* post-index, pre-index */
		insn->base = bits(word, 9, 5);
		insn->offset = sign_extend(bits(word, 21, 15), 7) * (s32)insn->size;
	}
	return true;
}

/* LDR, STR and their sizes: size 111 V=0 0x opc ... Rn Rt */
static bool decode_single(u32 word, struct core_insn *insn)
{
	u32 size = bits(word, 31, 30);
	u32 opc = bits(word, 23, 22);
	bool unsigned_offset = bits(word, 24, 24);

	if (size == 3 && opc >= 2)		/* PRFM */
		return false;
	if (size == 2 && opc == 3)
		return false;
	insn->nr = 1;
	insn->size = 1U << size;
	insn->write = opc == 0;
	insn->sign = opc >= 2;
	insn->wide = opc == 2 || size == 3;
	insn->rt[0] = bits(word, 4, 0);
	if (unsigned_offset)
		return true;
	if (bits(word, 21, 21))			/* register offset; the others there are atomics */
		return bits(word, 11, 10) == 2;
	if (bits(word, 10, 10)) {		/* 01 post-index, 11 pre-index */
		insn->base = bits(word, 9, 5);
		insn->offset = sign_extend(bits(word, 20, 12), 9);
	}
	return true;
}

bool core_insn_decode(u32 word, struct core_insn *insn)
{
	*insn = (struct core_insn) { .base = CORE_INSN_NONE };
	if (bits(word, 26, 26))			/* SIMD and FP registers */
		return false;
	if (bits(word, 29, 27) == 5 && !bits(word, 25, 25))
		return decode_pair(word, insn);
	if (bits(word, 29, 27) == 7 && !bits(word, 25, 25))
		return decode_single(word, insn);
	return false;
}
