// SPDX-License-Identifier: GPL-2.0
/* Exceptions and interrupts: all counted, some handled, instructions under TRY skipped. */
#include "x86.h"

struct gate {
	u16 offset0, selector;
	u8 ist, attrib;
	u16 offset1;
	u32 offset2, reserved;
} __attribute__((packed));

struct fixup {
	u64 insn, next;
};

struct percpu percpu[GUEST_MAX_CPUS];
extern const u8 trap_stubs[];
extern const struct fixup fixups_start[], fixups_end[];

static struct gate idt[256] __attribute__((aligned(16)));
static void (*handlers[256])(u32 vector);

void trap(struct frame *frame);

void irq_handle(u32 vector, void (*fn)(u32 vector))
{
	handlers[vector] = fn;
}

u32 irq_count(u32 cpu, u32 vector)
{
	return *(volatile u32 *)&percpu[cpu].count[vector];
}

/* Every vector is open; those of exceptions do not count. */
void irq_listen(void)
{
}

u32 irq_heard(u32 cpu, u32 number)
{
	return number >= 32 && number != VECTOR_UART ? irq_count(cpu, number) : 0;
}

static bool fix(struct frame *frame)
{
	const struct fixup *f;

	for (f = fixups_start; f < fixups_end; f++) {
		if (f->insn != frame->rip)
			continue;
		this_cpu()->fault = frame->vector;
		frame->rip = f->next;
		return true;
	}
	return false;
}

void trap(struct frame *frame)
{
	u32 vector = frame->vector;

	this_cpu()->count[vector]++;
	if (vector < 32 && vector != 2 && fix(frame))
		return;
	if (handlers[vector])
		handlers[vector](vector);
	else if (vector < 32 && vector != 2) {
		u64 cr2;

		asm volatile("mov %%cr2, %0" : "=r"(cr2));
		print("GUEST trap: vector=%u error=0x%lx rip=0x%lx cr2=0x%lx cpu=%u\n", vector,
		      frame->error, frame->rip, cr2, cpu_index());
		hypercall(AXVM_HC_OFF, 0);
	}
	/* Whoever sent it expects an EOI; the APIC does not mind a needless one. */
	if (vector >= 32 && vector != VECTOR_SPURIOUS && lapic_present())
		lapic_eoi();
}

void trap_init(void)
{
	for (u32 i = 0; i < 256; i++) {
		u64 va = (u64)trap_stubs + 16 * i;

		idt[i] = (struct gate){
			.offset0 = va, .offset1 = va >> 16, .offset2 = va >> 32,
			.selector = SEL_CODE64, .attrib = 0x8e,
		};
	}
}

void trap_load(u32 index)
{
	struct {
		u16 limit;
		u64 base;
	} __attribute__((packed)) pointer = { sizeof(idt) - 1, (u64)idt };

	if (!index)
		trap_init();
	percpu[index].self = &percpu[index];
	percpu[index].index = index;
	wrmsr(MSR_GS_BASE, (u64)&percpu[index]);
	asm volatile("lidt %0" : : "m"(pointer));
}
