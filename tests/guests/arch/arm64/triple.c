// SPDX-License-Identifier: GPL-2.0
/* The nearest thing to a triple fault: an exception whose vector is where nothing is. */
#include "arm64.h"

void guest_main(u64 arg)
{
	print("GUEST triple: now\n");
	write_sysreg("vbar_el1", 0xd0000000);
	asm volatile("isb; .inst 0");
}
