// SPDX-License-Identifier: GPL-2.0
/* Switches itself off at once. */
#include "guest.h"

void guest_main(u64 arg)
{
	print("GUEST off: bye\n");
	hypercall(AXVM_HC_OFF, 0);
	print("GUEST off: still here\n");
}
