/* SPDX-License-Identifier: GPL-2.0 */
/* A64 loads and stores that a data abort does not describe (ISV 0). Pure. */
#ifndef AXVM_ARM64_INSN_H
#define AXVM_ARM64_INSN_H

#include "core_types.h"

#define CORE_INSN_NONE	32	/* no base register to update */

/**
 * struct core_insn - one load or store of general registers
 * @size: bytes of one register's access, 1 to 8
 * @nr: registers, 1 or 2, at ascending addresses
 * @rt: their numbers; 31 is zero
 * @write: a store
 * @sign: a load sign-extends
 * @wide: a load fills 64 bits of the register (else the upper half becomes zero)
 * @base: register that gets @offset added, 31 is SP, or CORE_INSN_NONE
 */
struct core_insn {
	u32 size, nr, rt[2];
	bool write, sign, wide;
	u32 base;
	s32 offset;
};

/**
 * core_insn_decode() - decode LDR, STR, LDP, STP in all addressing forms
 *
 * Return: false for anything else.
 */
bool core_insn_decode(u32 word, struct core_insn *insn);

#endif
