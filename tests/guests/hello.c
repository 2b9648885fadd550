// SPDX-License-Identifier: GPL-2.0
/* Says hello on both consoles, then repeats each line that is typed. */
#include "guest.h"

static void put_by_hypercall(const char *text)
{
	for (; *text; text++)
		while (hypercall(AXVM_HC_PUTC, *text) == AXVM_HC_EAGAIN)
			cpu_relax();
}

void guest_main(u64 arg)
{
	char line[128];

	print("GUEST hello: uart=ok abi=%ld cpus=%u index=%u khz=%lu\n", hypercall(AXVM_HC_VERSION, 0),
	      cpu_count(), cpu_index(), clock_khz());
	put_by_hypercall("GUEST hello: hypercall=ok\n");
	for (;;) {
		read_line(line, sizeof(line));
		print("GUEST hello: echo=%s\n", line);
	}
}
