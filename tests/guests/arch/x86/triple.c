// SPDX-License-Identifier: GPL-2.0
/* A triple fault: an exception without an IDT. */
#include "x86.h"

void guest_main(u64 arg)
{
	struct {
		u16 limit;
		u64 base;
	} __attribute__((packed)) nothing = { 0, 0 };

	print("GUEST triple: now\n");
	asm volatile("lidt %0; ud2" : : "m"(nothing));
}
