// SPDX-License-Identifier: GPL-2.0
/* Switches its local APIC off, in both ways, and goes on without interrupts. */
#include "x86.h"

void guest_main(u64 arg)
{
	u64 base = rdmsr(MSR_APIC_BASE);
	int fault;

	wrmsr(X2APIC_SVR, 0xff);
	fault = try_wrmsr(MSR_APIC_BASE, base & ~(3ULL << 10));
	print("GUEST nolapic: ready fault=%d\n", fault);
	for (;;) {
		if (console_get() >= 0)
			print("GUEST nolapic: alive\n");
		delay_us(20000);
	}
}
