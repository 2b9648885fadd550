// SPDX-License-Identifier: GPL-2.0
/*
 * A debug exception that raises itself for ever: an instruction breakpoint on
 * its handler's first instruction, on a stack that starts anew each time
 * (CVE-2015-8104 is this in microcode). The host must still get its CPU back.
 */
#include "x86.h"

struct tss {
	u32 reserved0;
	u64 rsp[3], reserved1, ist[7], reserved2;
	u16 reserved3, iomap;
} __attribute__((packed));

extern u64 gdt[];

static struct tss tss;
static u64 table[8] __attribute__((aligned(16)));
static u64 idt[32 * 2] __attribute__((aligned(16)));
static u8 stack[4096] __attribute__((aligned(16)));

static void load(void)
{
	struct {
		u16 limit;
		u64 base;
	} __attribute__((packed)) pointer = { sizeof(table) - 1, (u64)table };
	u64 base = (u64)&tss;

	for (u32 i = 0; i < 4; i++)
		table[i] = gdt[i];
	table[4] = (sizeof(tss) - 1) | (base & 0xffffff) << 16 | 0x89ULL << 40 | (base >> 24 & 0xff) << 56;
	table[5] = base >> 32;
	tss.ist[0] = (u64)stack + sizeof(stack);
	asm volatile("lgdt %0; ltr %w1" : : "m"(pointer), "r"(SEL_TSS) : "memory");
	pointer.limit = sizeof(idt) - 1;
	pointer.base = (u64)idt;
	asm volatile("lidt %0" : : "m"(pointer) : "memory");
}

void guest_main(u64 arg)
{
	u64 handler;

	/* A handler that would return, if it ever came to its first instruction. */
	asm volatile("lea 1f(%%rip), %0; jmp 2f; 1: nop; iretq; 2:" : "=r"(handler));
	idt[2] = (handler & 0xffff) | (u64)SEL_CODE64 << 16 | 1ULL << 32 | 0x8eULL << 40 |
		 (handler >> 16 & 0xffff) << 48;
	idt[3] = handler >> 32;
	load();
	print("GUEST dbdos: now\n");
	asm volatile("mov %0, %%dr0; mov %1, %%dr7; jmp *%0" : : "r"(handler), "r"(0x403UL));
}
