// SPDX-License-Identifier: GPL-2.0
/* Jumps to a GPA where nothing is. */
#include "arm64.h"

void guest_main(u64 arg)
{
	print("GUEST badjump: going to 0xd0000000\n");
	((void (*)(void))0xd0000000UL)();
}
