// SPDX-License-Identifier: GPL-2.0
/* Stage-2 data aborts: whose register, and the instruction's other half. DDI 0487, ESR_EL2. */
#include "core.h"
#include "insn.h"

#define PAR_F		1ULL
#define PAR_PA		0x000ffffffffff000ULL

static void *guest_ptr(u64 gpa, u32 len)
{
	if (gpa >= CORE_GUEST_END || !core_ram_ok(core_tables(), gpa, len, false))
		return NULL;
	return (void *)(CORE_GUEST_VA + gpa);
}

/* The guest's own stage 1 tells where its instruction is; stage 2 is then ours. */
static bool fetch(struct core_cpu *cpu, u32 *word)
{
	u64 saved = core_read("par_el1");
	const u32 *at;
	u64 par;

	if (ARM_PSR_EL(cpu->spsr) == 0)
		asm volatile("at s1e0r, %0; isb" : : "r"(cpu->elr) : "memory");
	else
		asm volatile("at s1e1r, %0; isb" : : "r"(cpu->elr) : "memory");
	par = core_read("par_el1");
	core_write("par_el1", saved);
	if (par & PAR_F)
		return false;
	at = guest_ptr((par & PAR_PA) | (cpu->elr & 0xffc), 4);
	if (!at)
		return false;
	/* A guest with its caches off has written past ours. */
	asm volatile("dc civac, %0; dsb sy" : : "r"(at) : "memory");
	*word = *(const volatile u32 *)at;
	return true;
}

static void from_syndrome(u64 esr, struct core_insn *insn)
{
	*insn = (struct core_insn) {
		.size = 1U << ARM_ESR_SAS(esr),
		.nr = 1,
		.rt = { ARM_ESR_SRT(esr) },
		.write = esr & ARM_ESR_WNR,
		.sign = esr & ARM_ESR_SSE,
		.wide = esr & ARM_ESR_SF,
		.base = CORE_INSN_NONE,
	};
}

static u64 extend(const struct core_insn *insn, u64 value)
{
	u32 shift = 64 - 8 * insn->size;

	value <<= shift;
	value = insn->sign ? (u64)((s64)value >> shift) : value >> shift;
	return insn->wide ? value : (u32)value;
}

static enum core_io access_register(struct core_cpu *cpu, const struct core_insn *insn, u64 gpa,
				    u32 rt)
{
	enum core_io io;
	u64 value = insn->write && rt < 31 ? cpu->x[rt] : 0;

	if (insn->write && insn->size < 8)
		value &= (1ULL << (8 * insn->size)) - 1;
	io = core_device_access(CORE_SPACE_MMIO, gpa, insn->size, insn->write, &value);
	if (io == CORE_IO_DONE && !insn->write && rt < 31)
		cpu->x[rt] = extend(insn, value);
	return io;
}

static void update_base(struct core_cpu *cpu, const struct core_insn *insn)
{
	if (insn->base == CORE_INSN_NONE)
		return;
	if (insn->base < 31)
		cpu->x[insn->base] += (s64)insn->offset;
	else if (ARM_PSR_EL(cpu->spsr) == 1 && (cpu->spsr & ARM_PSR_SP))
		core_write("sp_el1", core_read("sp_el1") + (s64)insn->offset);
	else
		core_write("sp_el0", core_read("sp_el0") + (s64)insn->offset);
}

static u64 faulting_gpa(const struct core_cpu *cpu)
{
	return (cpu->hpfar >> 4 << 12) | (cpu->far & 0xfff);
}

/*
 * The instruction, from register @first on: what was accessed before is not
 * accessed again when the host half's answer has come.
 * Return: false with @word filled in if it cannot be performed.
 */
static bool perform(struct core_cpu *cpu, u64 gpa, u32 first, u32 *word)
{
	struct core_insn insn;
	enum core_io io;
	u32 i;

	*word = 0;
	if (cpu->esr & ARM_ESR_ISV)
		from_syndrome(cpu->esr, &insn);
	else if (!fetch(cpu, word) || !core_insn_decode(*word, &insn))
		return false;
	for (i = first; i < insn.nr; i++) {
		io = access_register(cpu, &insn, gpa + i * insn.size, insn.rt[i]);
		if (io == CORE_IO_ASKED)
			cpu->accessed = i;
		if (io != CORE_IO_DONE)
			return io == CORE_IO_ASKED;
	}
	update_base(cpu, &insn);
	core_arm_skip(cpu);
	return true;
}

void core_arm_data_abort_again(struct core_cpu *cpu)
{
	u32 word;

	/*
	 * What cannot be performed any more was changed by the guest, or its device
	 * is gone: the guest finds out by itself.
	 */
	perform(cpu, faulting_gpa(cpu), cpu->accessed, &word);
}

void core_arm_data_abort(struct core_cpu *cpu)
{
	u64 gpa = faulting_gpa(cpu);
	u64 esr = cpu->esr;
	u32 word;

	/* No translation, access flag or permission fault: the bus said no. */
	if (ARM_ESR_FSC(esr) & ~0xf) {
		core_arm_fail(cpu, AXVM_CAUSE_UNHANDLED_EXIT, cpu->far, esr);
		return;
	}
	if ((esr & (ARM_ESR_S1PTW | ARM_ESR_CM | ARM_ESR_FNV)) ||
	    !core_find_device(core_tables(), CORE_SPACE_MMIO, gpa, 1)) {
		core_count(AXVM_EXIT_STAGE2_FAULT);
		core_arm_fail(cpu, AXVM_CAUSE_STAGE2_FAULT, gpa, esr);
		return;
	}
	core_count(AXVM_EXIT_MMIO);
	/* 32-bit code, which the ID registers do not offer, is not emulated. */
	if (cpu->spsr & ARM_PSR_MODE32) {
		core_arm_fail(cpu, AXVM_CAUSE_DECODE_ERROR, gpa, 0);
		return;
	}
	if (!perform(cpu, gpa, 0, &word))
		core_arm_fail(cpu, AXVM_CAUSE_DECODE_ERROR, gpa, word);
}
