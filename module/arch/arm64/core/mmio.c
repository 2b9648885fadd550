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

/* As a bus on which nobody answers. Memory that is read-only can be read, as a ROM. */
static u64 nobody(const struct core_insn *insn, u64 gpa)
{
	const u8 *rom = guest_ptr(gpa, insn->size);
	u64 value = ~0ULL;
	u32 i;

	for (i = 0; rom && i < insn->size; i++)
		((u8 *)&value)[i] = rom[i];
	return value;
}

static enum core_io access_register(struct core_cpu *cpu, const struct core_insn *insn, u64 gpa,
				    u32 rt)
{
	enum core_io io;
	u64 value = insn->write && rt < 31 ? cpu->x[rt] : 0;

	if (insn->write && insn->size < 8)
		value &= (1ULL << (8 * insn->size)) - 1;
	io = core_device_access(CORE_SPACE_MMIO, gpa, insn->size, insn->write, &value);
	if (io == CORE_IO_NONE && core_cell()->fault_policy == AXVM_FAULT_POLICY_IGNORE) {
		value = nobody(insn, gpa);
		io = CORE_IO_DONE;
	}
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

/* The instruction's other half, against whatever is there. */
static void emulate(struct core_cpu *cpu, u64 gpa)
{
	u32 word;

	/* 32-bit code, which the ID registers do not offer, is not emulated. */
	if (cpu->spsr & ARM_PSR_MODE32) {
		core_arm_fail(cpu, AXVM_CAUSE_DECODE_ERROR, gpa, 0);
		return;
	}
	if (!perform(cpu, gpa, 0, &word))
		core_arm_fail(cpu, AXVM_CAUSE_DECODE_ERROR, gpa, word);
}

/*
 * HPFAR_EL2 does not say where a permission fault was, unless in a table walk
 * (its description, D19.2): the guest's own stage 1 does.
 */
static u64 refused_gpa(struct core_cpu *cpu)
{
	u64 gpa = faulting_gpa(cpu);
	u64 saved, par;

	if ((ARM_ESR_FSC(cpu->esr) & ~3) != ARM_FSC_PERMISSION || (cpu->esr & ARM_ESR_S1PTW))
		return gpa;
	saved = core_read("par_el1");
	if (ARM_PSR_EL(cpu->spsr) == 0)
		asm volatile("at s1e0r, %0; isb" : : "r"(cpu->far) : "memory");
	else
		asm volatile("at s1e1r, %0; isb" : : "r"(cpu->far) : "memory");
	par = core_read("par_el1");
	core_write("par_el1", saved);
	return par & PAR_F ? gpa : (par & PAR_PA) | (cpu->far & 0xfff);
}

static enum core_log_type access_kind(u64 esr)
{
	if (esr & ARM_ESR_S1PTW)
		return CORE_LOG_FAULT_TABLE;
	if (ARM_ESR_EC(esr) == ARM_EC_IABT)
		return CORE_LOG_FAULT_FETCH;
	return esr & ARM_ESR_WNR ? CORE_LOG_FAULT_WRITE : CORE_LOG_FAULT_READ;
}

/*
 * A synchronous external abort at EL1, as a bus without that address gives it:
 * ESR_EL1 and FAR_EL1 as for the access itself (D1.3.4, ISS of data aborts).
 */
static void external_abort(struct core_cpu *cpu)
{
	bool same = ARM_PSR_EL(cpu->spsr) != 0;
	u64 esr = ARM_ESR_IL | ARM_FSC_EXTERNAL | (cpu->esr & ARM_ESR_FNV);
	u64 ec = ARM_ESR_EC(cpu->esr);

	if (ec == ARM_EC_DABT)
		esr |= cpu->esr & (ARM_ESR_WNR | ARM_ESR_CM);
	core_write("far_el1", cpu->far);
	core_arm_inject(cpu, esr | (ec | same) << 26);
}

/* Nothing is there, or the guest may not do that there: as the cell's policy says. */
void core_arm_refused(struct core_cpu *cpu)
{
	u32 policy = core_cell()->fault_policy;
	u64 gpa = refused_gpa(cpu), esr = cpu->esr;
	bool data = ARM_ESR_EC(esr) == ARM_EC_DABT && !(esr & (ARM_ESR_S1PTW | ARM_ESR_FNV));

	core_count(AXVM_EXIT_STAGE2_FAULT);
	/* Ones are no instruction, nor a translation table. */
	if (policy == AXVM_FAULT_POLICY_FAIL || (policy == AXVM_FAULT_POLICY_IGNORE && !data)) {
		core_arm_fail(cpu, AXVM_CAUSE_STAGE2_FAULT, gpa, esr);
		return;
	}
	core_fault_note(access_kind(esr), gpa, cpu->elr);
	if (policy == AXVM_FAULT_POLICY_INJECT)
		external_abort(cpu);
	else if (esr & ARM_ESR_CM)	/* cache maintenance of nothing */
		core_arm_skip(cpu);
	else
		emulate(cpu, gpa);
}

void core_arm_data_abort(struct core_cpu *cpu)
{
	u64 gpa = faulting_gpa(cpu);

	/* No translation, access flag or permission fault: the bus said no. */
	if (ARM_ESR_FSC(cpu->esr) & ~0xf) {
		core_arm_fail(cpu, AXVM_CAUSE_UNHANDLED_EXIT, cpu->far, cpu->esr);
		return;
	}
	/* No page of a device is mapped, so its accesses are translation faults. */
	if ((cpu->esr & (ARM_ESR_S1PTW | ARM_ESR_CM | ARM_ESR_FNV)) ||
	    (ARM_ESR_FSC(cpu->esr) & ~3) == ARM_FSC_PERMISSION ||
	    !core_find_device(core_tables(), CORE_SPACE_MMIO, gpa, 1)) {
		core_arm_refused(cpu);
		return;
	}
	core_count(AXVM_EXIT_MMIO);
	emulate(cpu, gpa);
}
