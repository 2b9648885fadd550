// SPDX-License-Identifier: GPL-2.0
/* Console output as fast as it goes, both ways, without waiting for room. */
#include "guest.h"

static const char text[] = "GUEST flood: 0123456789 abcdefghijklmnopqrstuvwxyz\n";

void guest_main(u64 arg)
{
	for (;;) {
		print("%s", text);
		for (u32 i = 0; text[i]; i++)
			hypercall(AXVM_HC_PUTC, text[i]);
	}
}
