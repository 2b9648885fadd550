// SPDX-License-Identifier: GPL-2.0
/* From exceptions taken to EL2 to the neutral reasons, and what each does: DDI 0487, ESR_EL2. */
#include "core.h"
#include "trace.h"

#define VECTOR_SPX	0x200
#define VECTOR_LOWER	0x400
#define VECTOR_LOWER32	0x600

void core_arm_skip(struct core_cpu *cpu)
{
	cpu->elr += 4;
	cpu->spsr &= ~ARM_PSR_SS;
}

/* As the processor takes an exception to EL1: D1.3.1. */
void core_arm_inject(struct core_cpu *cpu, u64 esr)
{
	u64 old = cpu->spsr;
	u64 offset = VECTOR_LOWER;

	if (old & ARM_PSR_MODE32)
		offset = VECTOR_LOWER32;
	else if (ARM_PSR_EL(old) == 1)
		offset = old & ARM_PSR_SP ? VECTOR_SPX : 0;
	core_write("elr_el1", cpu->elr);
	core_write("spsr_el1", old);
	core_write("esr_el1", esr);
	cpu->elr = core_read("vbar_el1") + offset;
	cpu->spsr = ARM_PSR_EL1H_MASKED | (old & ARM_PSR_NZCV);
	if (!(old & ARM_PSR_MODE32))
		cpu->spsr |= old & (ARM_PSR_PAN | ARM_PSR_DIT);
	if ((cpu->features & CORE_ARM_PAN) && !(core_read("sctlr_el1") & ARM_SCTLR_SPAN))
		cpu->spsr |= ARM_PSR_PAN;
}

void core_arm_undefined(struct core_cpu *cpu)
{
	core_arm_inject(cpu, (u64)ARM_EC_UNKNOWN << 26 | ARM_ESR_IL);
}

void core_arm_fail(struct core_cpu *cpu, enum axvm_cause cause, u64 gpa, u64 info)
{
	core_count(AXVM_EXIT_FATAL);
	core_stop_cell(cause, cpu->esr, cpu->elr, gpa, info);
}

/* Function IDs have bit 31 set (DEN 0028, table 2-1); our own numbers do not. */
static void call(struct core_cpu *cpu)
{
	core_self()->last_exit = AXVM_EXIT_HYPERCALL;	/* counted by number */
	if (cpu->x[0] & ARM_SMCCC_FAST)
		core_arm_smccc(cpu);
	else
		cpu->x[0] = core_hypercall(core_self(), cpu->x[0], &cpu->x[1]);
}

static void handle_sync(struct core_cpu *cpu)
{
	switch (ARM_ESR_EC(cpu->esr)) {
	case ARM_EC_HVC:
		call(cpu);
		break;
	case ARM_EC_SMC:	/* a trapped SMC has not executed: ELR is its own address */
		core_arm_skip(cpu);
		call(cpu);
		break;
	case ARM_EC_SYSREG:
		core_arm_sysreg(cpu);
		break;
	case ARM_EC_DABT:
		core_arm_data_abort(cpu);
		break;
	case ARM_EC_IABT:
		core_arm_refused(cpu);
		break;
	case ARM_EC_WFX:
		core_count(AXVM_EXIT_IDLE);
		core_arm_skip(cpu);
		break;
	default:
		/* Whatever else traps is a feature that the guest does not have. */
		core_count(AXVM_EXIT_EXCEPTION);
		core_arm_undefined(cpu);
	}
}

u64 core_arm_sync(struct core_cpu *cpu)
{
	u64 exit;

	handle_sync(cpu);
	exit = core_arm_look(cpu);
	if (exit == CORE_EXIT_BACK)	/* one to itself */
		exit = core_fast_sgis(cpu);
	if (exit == CORE_EXIT_BACK && core_read("vbar_el2") == (u64)core_vectors_traced)
		core_trace_done(cpu->trace);
	return exit;
}

void core_arch_exit_again(void)
{
	struct core_cpu *cpu = core_cpu();

	if (ARM_ESR_EC(cpu->esr) == ARM_EC_DABT)
		core_arm_data_abort_again(cpu);
}

void core_arch_hypercall_done(u64 result)
{
	core_cpu()->x[0] = result;
}

static u64 enter(struct core_cpu *cpu, const u8 *vectors)
{
	u64 exit;

	if (READ_WORD(cpu->die))
		core_arm_die();
	core_gic_flush(cpu);
	exit = core_arm_run(cpu, vectors);
	core_gic_sync(cpu);
	return exit;
}

static void handle_exit(struct core_cpu *cpu, u64 exit)
{
	switch (exit) {
	case CORE_EXIT_SYNC:
		handle_sync(cpu);
		break;
	case CORE_EXIT_SERROR:
		core_arm_fail(cpu, AXVM_CAUSE_UNHANDLED_EXIT, 0, cpu->esr);
		break;
	case CORE_EXIT_DONE:
		break;
	default:
		core_gic_interrupt();
	}
}

void core_arch_vcpu_run(void)
{
	struct core_cpu *cpu = core_cpu();

	handle_exit(cpu, enter(cpu, cpu->vectors));
}

void core_arch_vcpu_trace(void)
{
	struct core_cpu *cpu = core_cpu();
	u64 code = enter(cpu, cpu->vectors_traced);

	/* What went through fast.c has its record already. */
	if (core_direct() || code == CORE_EXIT_FIQ || code == CORE_EXIT_SERROR)
		core_trace_left(cpu->trace, cpu->elr, code == CORE_EXIT_SYNC ? cpu->esr : code);
	handle_exit(cpu, code);
	core_trace_done(cpu->trace);
}
