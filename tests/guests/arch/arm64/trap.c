// SPDX-License-Identifier: GPL-2.0
/* Exceptions: those of instructions under TRY are skipped, all others end the guest. */
#include "arm64.h"

struct fixup {
	u64 insn, next;
};

struct percpu percpu[GUEST_MAX_CPUS];
extern const struct fixup fixups_start[], fixups_end[];

_Static_assert(sizeof(struct frame) == FRAME_SIZE && offsetof(struct frame, elr) == FRAME_ELR &&
	       offsetof(struct frame, spsr) == FRAME_SPSR, "offsets in arm64.h");

void trap_load(u32 index);
void trap_sync(struct frame *frame);
void trap_other(struct frame *frame);

void trap_load(u32 index)
{
	percpu[index].index = index;
	write_sysreg("tpidr_el1", (u64)&percpu[index]);
}

static void report(const struct frame *frame, const char *what)
{
	print("GUEST trap: %s esr=0x%lx elr=0x%lx far=0x%lx cpu=%u\n", what, read_sysreg("esr_el1"),
	      frame->elr, read_sysreg("far_el1"), cpu_index());
	hypercall(AXVM_HC_OFF, 0);
}

void trap_sync(struct frame *frame)
{
	struct percpu *cpu = this_cpu();
	const struct fixup *f;

	for (f = fixups_start; f < fixups_end; f++) {
		if (f->insn != frame->elr)
			continue;
		cpu->esr = read_sysreg("esr_el1");
		cpu->far = read_sysreg("far_el1");
		cpu->fault = cpu->esr >> 26;
		frame->elr = f->next;
		return;
	}
	report(frame, "sync");
}

void trap_other(struct frame *frame)
{
	report(frame, "other");
}
