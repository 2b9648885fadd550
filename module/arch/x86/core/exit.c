// SPDX-License-Identifier: GPL-2.0
/*
 * From #VMEXIT to the neutral reasons, and what each does: APM volume 2,
 * chapter 15 and appendix C.
 */
#include "core.h"
#include "trace.h"
#include "vlapic.h"

void core_x86_inject(struct core_cpu *cpu, u32 vector, u32 error)
{
	u64 event = SVM_EVENT_VALID | SVM_EVENT_EXCEPTION | vector;

	if (vector == X86_VEC_DF || vector == X86_VEC_GP || vector == X86_VEC_PF ||
	    vector == X86_VEC_AC || vector == 12)
		event |= SVM_EVENT_ERROR_CODE | (u64)error << 32;
	cpu->vmcb.control.event_injection = event;
}

void core_x86_skip(struct core_cpu *cpu, u32 length)
{
	core_x86_skip_to(cpu, cpu->features & CORE_X86_NRIPS ? cpu->vmcb.control.next_rip :
			 cpu->vmcb.save.rip + length);
}

void core_x86_skip_to(struct core_cpu *cpu, u64 rip)
{
	struct svm_save *save = &cpu->vmcb.save;

	save->rip = rip;
	if (!(save->efer & X86_EFER_LMA) || !(save->cs.attrib & 0x200))
		save->rip = (u32)save->rip;
	save->rflags &= ~X86_RFLAGS_RF;
	cpu->vmcb.control.interrupt_state &= ~1ULL;	/* the shadow of STI or MOV SS is over */
	if (save->rflags & X86_RFLAGS_TF) {
		save->dr6 |= X86_DR6_BS;
		core_x86_inject(cpu, X86_VEC_DB, 0);
	}
}

void core_x86_fail(struct core_cpu *cpu, enum axvm_cause cause, u64 gpa, u64 info)
{
	core_count(AXVM_EXIT_FATAL);
	core_stop_cell(cause, cpu->vmcb.control.exit_code, cpu->vmcb.save.rip, gpa, info);
}

static void hypercall(struct core_cpu *cpu)
{
	u64 arg[4] = { cpu->gpr[7], cpu->gpr[6], cpu->gpr[2], cpu->gpr[1] };

	core_self()->last_exit = AXVM_EXIT_HYPERCALL;	/* counted by number */
	cpu->gpr[0] = core_hypercall(core_self(), cpu->gpr[0], arg);
	core_x86_skip(cpu, 3);
}

/*
 * Intercepted because a guest can otherwise make the CPU raise them for ever,
 * deaf to NMIs (CVE-2015-5307, CVE-2015-8104).
 */
static void exception(struct core_cpu *cpu, u32 vector)
{
	core_count(AXVM_EXIT_EXCEPTION);
	if (vector == X86_VEC_MC)
		core_x86_fail(cpu, AXVM_CAUSE_UNHANDLED_EXIT, 0, vector);
	else
		core_x86_inject(cpu, vector, cpu->vmcb.control.exit_info1);
}

/*
 * The end of the guest's NMI handler. The next NMI waits for one more exit,
 * since this IRET has not executed yet.
 */
static void iret(struct core_cpu *cpu)
{
	core_count(AXVM_EXIT_EXCEPTION);
	cpu->vmcb.control.intercept_misc1 &= ~SVM_MISC1_IRET;
	cpu->nmi_masked = false;
	cpu->nmi_rip = cpu->vmcb.save.rip;
}

static void inject_nmi(struct core_cpu *cpu)
{
	struct svm_control *control = &cpu->vmcb.control;

	if (cpu->nmi_masked || (control->event_injection & SVM_EVENT_VALID) ||
	    cpu->nmi_rip == cpu->vmcb.save.rip)
		return;
	control->event_injection = SVM_EVENT_VALID | SVM_EVENT_NMI | 2;
	control->intercept_misc1 |= SVM_MISC1_IRET;
	cpu->nmi_pending = false;
	cpu->nmi_masked = true;
	cpu->nmi_rip = 0;
}

static void handle_exit(struct core_cpu *cpu, u64 code)
{
	switch (code) {
	case SVM_EXIT_NMI:
		core_count(AXVM_EXIT_KICK);
		core_take_nmi();
		core_ivc_kicked();
		break;
	case SVM_EXIT_CPUID:
		core_x86_cpuid(cpu);
		break;
	case SVM_EXIT_MSR:
		core_x86_msr(cpu);
		break;
	case SVM_EXIT_IOIO:
		core_x86_pio(cpu);
		break;
	case SVM_EXIT_NPF:
		core_x86_npf(cpu);
		break;
	case SVM_EXIT_VMMCALL:
		hypercall(cpu);
		break;
	case SVM_EXIT_IRET:
		iret(cpu);
		break;
	case SVM_EXIT_EXCEPTION ... SVM_EXIT_EXCEPTION + 31:
		exception(cpu, code - SVM_EXIT_EXCEPTION);
		break;
	case SVM_EXIT_INVD:	/* would lose other owners' dirty lines: write them back */
		core_count(AXVM_EXIT_SYSREG);
		asm volatile("wbinvd" : : : "memory");
		core_x86_skip(cpu, 2);
		break;
	case SVM_EXIT_RDPMC:
		core_count(AXVM_EXIT_SYSREG);
		core_x86_inject(cpu, X86_VEC_GP, 0);
		break;
	case SVM_EXIT_VMRUN:
	case SVM_EXIT_VMLOAD ... SVM_EXIT_SKINIT:
	case SVM_EXIT_INVLPGA:
	case SVM_EXIT_MONITOR ... SVM_EXIT_MWAIT_COND:
	case SVM_EXIT_RDPRU:	/* not in the guest's CPUID */
		core_count(AXVM_EXIT_EXCEPTION);
		core_x86_inject(cpu, X86_VEC_UD, 0);
		break;
	case SVM_EXIT_FERR_FREEZE:
		core_count(AXVM_EXIT_EXCEPTION);
		break;
	case SVM_EXIT_SHUTDOWN:
		core_x86_fail(cpu, AXVM_CAUSE_TRIPLE_FAULT, 0, 0);
		break;
	case SVM_EXIT_INVALID:
		core_x86_fail(cpu, AXVM_CAUSE_BAD_STATE, 0, 0);
		break;
	default:
		core_x86_fail(cpu, AXVM_CAUSE_UNHANDLED_EXIT, cpu->vmcb.control.exit_info2,
			      cpu->vmcb.control.exit_info1);
	}
}

void core_arch_exit_again(void)
{
	struct core_cpu *cpu = core_cpu();

	if (cpu->vmcb.control.exit_code == SVM_EXIT_NPF)
		core_x86_npf_again(cpu);
	else if (cpu->vmcb.control.exit_code == SVM_EXIT_IOIO)
		core_x86_pio_again(cpu);
}

void core_arch_hypercall_done(u64 result)
{
	core_cpu()->gpr[0] = result;
}

static inline u64 enter(struct core_cpu *cpu)
{
	struct svm_control *control = &cpu->vmcb.control;

	if (cpu->load_state) {
		asm volatile("vmload %%rax" : : "a"(cpu->vmcb_pa) : "memory");
		cpu->load_state = false;
	}
	if (cpu->nmi_pending)
		inject_nmi(cpu);
	core_svm_run(cpu);
	control->tlb_control = 0;
	/* An event whose delivery was cut short by the exit is delivered again (15.7.2). */
	control->event_injection = control->exit_int_info & SVM_EVENT_VALID ?
				   control->exit_int_info : 0;
	return control->exit_code;
}

void core_arch_vcpu_run(void)
{
	struct core_cpu *cpu = core_cpu();

	handle_exit(cpu, enter(cpu));
}

/* With interrupts "emulated". */
void core_arch_vcpu_slow(void)
{
	bool traced = READ_WORD(core_self()->trace);
	struct core_cpu *cpu = core_cpu();
	u64 code;

	core_intr_enter(cpu);
	code = enter(cpu);
	if (traced)
		core_trace_left(cpu->trace, cpu->vmcb.save.rip, code);
	if (!core_intr_exit(cpu, code))
		handle_exit(cpu, code);
	if (traced)
		core_trace_done(cpu->trace);
}

void core_arch_vcpu_trace(void)
{
	struct core_cpu *cpu = core_cpu();
	u64 code = enter(cpu);

	core_trace_left(cpu->trace, cpu->vmcb.save.rip, code);
	handle_exit(cpu, code);
	core_trace_done(cpu->trace);
}
