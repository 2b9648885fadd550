// SPDX-License-Identifier: GPL-2.0
/* Instructions of a hypervisor: a guest has none of them. */
#include "x86.h"

static u32 ud, other;
static u8 page[4096] __attribute__((aligned(4096)));

static void count(int fault)
{
	if (fault == VECTOR_UD)
		ud++;
	else
		other++;
}

void guest_main(u64 arg)
{
	char line[16];

	count(TRY("vmrun %%rax", TRY_OUT(), "a"(page)));
	count(TRY("vmload %%rax", TRY_OUT(), "a"(page)));
	count(TRY("vmsave %%rax", TRY_OUT(), "a"(page)));
	count(TRY("stgi", TRY_OUT(), "a"(0)));
	count(TRY("clgi", TRY_OUT(), "a"(0)));
	count(TRY("skinit %%eax", TRY_OUT(), "a"(page)));
	count(TRY("invlpga %%rax, %%ecx", TRY_OUT(), "a"(page), "c"(0)));
	count(TRY("monitor", TRY_OUT(), "a"(page), "c"(0), "d"(0)));
	count(TRY("mwait", TRY_OUT(), "a"(0), "c"(0)));
	print("GUEST vmrun: ud=%u other=%u\n", ud, other);
	for (;;) {
		read_line(line, sizeof(line));
		print("GUEST vmrun: alive\n");
	}
}
