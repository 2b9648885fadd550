// SPDX-License-Identifier: GPL-2.0
/* Prints the PL031's seconds for each line that is typed; writing to the clock must change nothing. */
#include "arm64.h"

#define DR	(GUEST_PL031_BASE + 0x00)
#define MR	(GUEST_PL031_BASE + 0x04)
#define LR	(GUEST_PL031_BASE + 0x08)

void guest_main(u64 arg)
{
	char line[16];

	mmio_write(LR, 12345);
	mmio_write(MR, 1);
	mmio_write(DR, 1);
	for (;;) {
		print("GUEST rtc: seconds=%u\n", mmio_read(DR));
		read_line(line, sizeof(line));
	}
}
