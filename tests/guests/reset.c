// SPDX-License-Identifier: GPL-2.0
/* Resets itself at once, for ever. Memory must be as at the first start. */
#include "guest.h"

static u32 starts;	/* 0 each time */

void guest_main(u64 arg)
{
	print("GUEST reset: starts=%u\n", ++starts);
	hypercall(AXVM_HC_RESET, 0);
	print("GUEST reset: still here\n");
}
