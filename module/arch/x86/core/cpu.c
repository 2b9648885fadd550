// SPDX-License-Identifier: GPL-2.0
/* A taken x86 CPU: making it fit for guests, its vCPU's power-on and INIT states. */
#include "core.h"
#include "vlapic.h"

#define NR_EXCEPTIONS	32
#define VECTOR_NMI	2
#define RAM_RW		(AXVM_MEMORY_FLAG_READ | AXVM_MEMORY_FLAG_WRITE)
#define GATE_INTERRUPT	0x8e	/* present, DPL 0, 64-bit interrupt gate */

static void set_gate(struct core_gate *gate, const u8 *handler)
{
	u64 va = (u64)handler;

	gate->offset0 = va;
	gate->offset1 = va >> 16;
	gate->offset2 = va >> 32;
	gate->selector = 8;
	gate->ist = 0;
	gate->attrib = GATE_INTERRUPT;
	gate->reserved = 0;
}

static void load_idt(struct core_cpu *cpu)
{
	u32 i;

	for (i = 0; i < 256; i++) {
		const u8 *handler = core_interrupt_stub;

		if (i < NR_EXCEPTIONS)
			handler = core_exception_stubs + 16 * i;
		if (i == VECTOR_NMI)
			handler = core_nmi_stub;
		if (i == CORE_VECTOR_TIMER)
			handler = core_timer_stub;
		set_gate(&cpu->idt[i], handler);
	}
	core_load_tables(cpu->idt, sizeof(cpu->idt) - 1);
}

void core_arch_cpu_init(void)
{
	struct core_cpu *cpu = core_cpu();

	load_idt(cpu);
	asm volatile("mov %0, %%cr4" : : "r"(cpu->cr4) : "memory");
	/* What is left of another owner's caching attributes must not apply to us. */
	wrmsr(X86_MSR_PAT, X86_PAT_RESET);
	wrmsr(X86_MSR_EFER, rdmsr(X86_MSR_EFER) | X86_EFER_SVME);
	/* From here on an NMI or INIT waits until the core sleeps or the guest runs. */
	asm volatile("clgi" : : : "memory");
	wrmsr(X86_MSR_VM_HSAVE_PA, cpu->hsave_pa);
	core_lapic_init();
}

void core_arch_cpu_exit(void)
{
	core_lapic_exit();
	wrmsr(X86_MSR_VM_HSAVE_PA, 0);
}

/* SVME is still set: GIF must be 1 for INIT to arrive, and STGI needs it. INIT clears both. */
void core_arch_cpu_off(void)
{
	core_halt();
}

void core_arch_sleep(struct core_vcpu *vcpu, u32 mask)
{
	core_sleep(&vcpu->cmd, &vcpu->ack, &vcpu->requests, mask);
}

void core_arch_kick(u32 hw_id)
{
	/* What we stored must be seen before the kick; WRMSR of ICR is not ordered (16.11.2). */
	asm volatile("mfence; lfence" : : : "memory");
	wrmsr(X86_X2APIC_ICR, (u64)hw_id << 32 | X86_ICR_ASSERT | X86_ICR_NMI << 8);
}

/* An NMI, however the cell takes its own interrupts. */
void core_arch_kick_cell(u32 hw_id, u32 irq_mode __attribute__((unused)))
{
	core_arch_kick(hw_id);
}

void core_arch_raise(u64 target)
{
	if (!target)
		return;
	asm volatile("mfence; lfence" : : : "memory");
	wrmsr(X86_X2APIC_ICR, target);
}

u64 core_arch_clock(void)
{
	return rdtsc();
}

/* Called from entry.S when the core itself faulted: the cell is lost, the CPU is not. */
void __attribute__((noreturn, used)) core_fault(u64 vector, u64 error, u64 rip, u64 cr2);
void core_fault(u64 vector, u64 error, u64 rip, u64 cr2)
{
	asm volatile("clgi" : : : "memory");
	core_stop_cell(AXVM_CAUSE_CORE_ERROR, vector, rip, cr2, error);
	core_restart();
}

/* FPU and extended state survive INIT and belonged to somebody else. */
static void reset_fpu(struct core_cpu *cpu)
{
	u32 i;

	for (i = 0; i < sizeof(cpu->xsave); i++)
		cpu->xsave[i] = 0;
	*(u16 *)&cpu->xsave[0] = 0x37f;		/* FCW; APM volume 2, section 11.4.4 */
	*(u32 *)&cpu->xsave[24] = 0x1f80;	/* MXCSR */
	if (cpu->features & CORE_X86_XSAVE) {
		/* An XSTATE_BV of 0 puts each component into its initial state. */
		asm volatile("xsetbv" : : "c"(0), "a"((u32)cpu->xcr0), "d"((u32)(cpu->xcr0 >> 32)));
		asm volatile("xrstor64 %0" : : "m"(cpu->xsave), "a"(~0U), "d"(~0U));
		asm volatile("xsetbv" : : "c"(0), "a"(1), "d"(0));
	} else {
		asm volatile("fxrstor64 %0" : : "m"(cpu->xsave));
	}
}

static void reset_debug(void)
{
	asm volatile("mov %0, %%dr0; mov %0, %%dr1; mov %0, %%dr2; mov %0, %%dr3" : : "r"(0UL));
}

static void set_segment(struct svm_segment *seg, u16 selector, u16 attrib, u32 limit, u64 base)
{
	seg->selector = selector;
	seg->attrib = attrib;
	seg->limit = limit;
	seg->base = base;
}

#define ATTR_DATA16	0x093	/* present, writable, accessed */
#define ATTR_CODE16	0x09b
#define ATTR_DATA32	0xc93	/* and 4 KiB granular, 32-bit */
#define ATTR_CODE32	0xc9b
#define ATTR_CODE64	0xa9b
#define ATTR_LDT	0x082
#define ATTR_TSS	0x08b

static void set_data_segments(struct svm_save *save, u16 selector, u16 attrib, u32 limit)
{
	set_segment(&save->ds, selector, attrib, limit, 0);
	save->es = save->ds;
	save->ss = save->ds;
	save->fs = save->ds;
	save->gs = save->ds;
}

/* APM volume 2, table 14-1: state after INIT; the caller sets where to start. */
static void init_state(struct core_cpu *cpu)
{
	struct svm_save *save = &cpu->vmcb.save;
	u32 regs[4] = { 1, 0, 0, 0 }, widths[4] = { 0x80000008, 0, 0, 0 };
	u32 i;

	for (i = 0; i < 16; i++)
		cpu->gpr[i] = 0;
	cpuid(regs);
	cpu->gpr[2] = regs[0];	/* EDX: family, model, stepping */
	cpuid(widths);
	cpu->phys_bits = widths[0] & 0xff;

	for (i = 0; i < sizeof(*save); i++)
		((u8 *)save)[i] = 0;
	set_data_segments(save, 0, ATTR_DATA16, 0xffff);
	set_segment(&save->cs, 0xf000, ATTR_CODE16, 0xffff, 0xffff0000);
	set_segment(&save->gdtr, 0, 0, 0xffff, 0);
	set_segment(&save->idtr, 0, 0, 0xffff, 0);
	set_segment(&save->ldtr, 0, ATTR_LDT, 0xffff, 0);
	set_segment(&save->tr, 0, ATTR_TSS, 0xffff, 0);
	save->rip = 0xfff0;
	save->rflags = X86_RFLAGS_FIXED;
	save->cr0 = CORE_CR0_CD | CORE_CR0_NW | CORE_CR0_ET;
	save->efer = X86_EFER_SVME;
	save->dr6 = X86_DR6_RESET;
	save->dr7 = X86_DR7_RESET;
	save->g_pat = X86_PAT_RESET;
}

static void boot_protected(struct svm_save *save)
{
	save->cr0 = CORE_CR0_PE | CORE_CR0_ET;
	set_data_segments(save, 0x18, ATTR_DATA32, 0xffffffff);
	set_segment(&save->cs, 0x10, ATTR_CODE32, 0xffffffff, 0);
	set_segment(&save->tr, 0x20, ATTR_TSS, 0xffff, 0);
}

static void boot_state(struct core_cpu *cpu, const struct core_boot *boot)
{
	struct svm_save *save = &cpu->vmcb.save;

	cpu->gpr[6] = boot->arg;
	cpu->gpr[7] = boot->arg;
	save->rip = boot->entry;
	if (boot->mode == 16) {
		save->cr0 &= ~(CORE_CR0_CD | CORE_CR0_NW);
		set_segment(&save->cs, (boot->entry >> 4) & 0xffff, ATTR_CODE16, 0xffff,
			    boot->entry & 0xffff0);
		save->rip = boot->entry & 0xf;
		return;
	}
	boot_protected(save);
	if (boot->mode == 64) {
		save->cr0 |= CORE_CR0_PG | CORE_CR0_WP | CORE_CR0_NE | CORE_CR0_MP;
		save->cr4 = CORE_CR4_PAE;
		save->cr3 = boot->table;
		save->efer |= X86_EFER_LME | X86_EFER_LMA;
		save->cs.attrib = ATTR_CODE64;
	}
}

static void reset_lapic_view(struct core_lapic *lapic, bool boot)
{
	const struct core_boot *at = &core_cell()->boot;

	lapic->icr = 0;
	lapic->ldr = 0;
	lapic->dfr = 0xffffffff;
	if (lapic->base)	/* INIT keeps the mode */
		return;
	lapic->base = X86_APIC_BASE_ADDR | X86_APIC_BASE_EN;
	if (boot)
		lapic->base |= X86_APIC_BASE_BSP;
	/* Firmware leaves the x2APIC on for a 64-bit OS; a 16 or 32-bit one finds a PC. */
	if (at->mode == 64)
		lapic->base |= X86_APIC_BASE_EXTD;
}

/*
 * Nested translations are tagged with the guest's ASID; flushing all is what
 * every processor can (APM volume 2, 15.16.1 and 15.16.2). A nested entry that
 * was not present is not cached (5.5). Reloading CR3 drops the core's own, and
 * what the processor keeps of upper levels, for no page here is global (5.5.2).
 */
void core_arch_sync(void)
{
	struct core_cpu *cpu = core_cpu();
	const struct core_ram *ram = &core_tables()->ram[0];
	bool usable = core_tables()->nr_ram && (ram->flags & RAM_RW) == RAM_RW;
	u64 cr3;

	cpu->ram_gpa = usable ? ram->gpa : 0;
	cpu->ram_size = usable ? ram->size : 0;
	cpu->vmcb.control.tlb_control = SVM_TLB_FLUSH_ALL;
	asm volatile("mov %%cr3, %0; mov %0, %%cr3" : "=r"(cr3) : : "memory");
}

void core_arch_vcpu_reset(bool boot)
{
	struct core_cpu *cpu = core_cpu();
	struct core_cell *cell = core_cell();
	struct core_lapic *lapic = &cell->arch.lapic[cpu->index];

	init_state(cpu);
	if (boot)
		boot_state(cpu, &cell->boot);
	cpu->own_features = core_x86_own_features();
	cpu->mtrr_def = 0;
	cpu->nmi_masked = false;
	cpu->nmi_pending = false;
	cpu->load_state = true;
	cpu->vmcb.control.event_injection = 0;
	cpu->vmcb.control.interrupt_state = 0;
	cpu->vmcb.control.tsc_offset = 0;
	cpu->vmcb.control.intercept_misc1 &= ~SVM_MISC1_IRET;
	/* This ASID may have been another cell's; APM volume 2, section 15.16.2. */
	cpu->vmcb.control.tlb_control = SVM_TLB_FLUSH_ALL;
	reset_fpu(cpu);
	reset_debug();
	if (cpu->features & CORE_X86_SPEC_CTRL)
		wrmsr(X86_MSR_SPEC_CTRL, 0);
	reset_lapic_view(lapic, boot);
	core_lapic_forget();
	core_lapic_reset();
	if (core_arch_slow())
		core_intr_start(cpu);
}

/* SIPI: APM volume 2, section 16.6 and 15.27.8. */
void core_arch_vcpu_start(u64 arg)
{
	struct svm_save *save = &core_cpu()->vmcb.save;

	set_segment(&save->cs, (arg & 0xff) << 8, ATTR_CODE16, 0xffff, (arg & 0xff) << 12);
	save->rip = 0;
}

void core_arch_vcpu_nmi(void)
{
	core_cpu()->nmi_pending = true;
}
