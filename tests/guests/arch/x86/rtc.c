// SPDX-License-Identifier: GPL-2.0
/* Prints the date of the real-time clock for each line that is typed; writing to the clock must change nothing. */
#include "x86.h"

static u32 reg(u8 index)
{
	outb(RTC, index);
	return inb(RTC + 1);
}

static void set(u8 index, u8 value)
{
	outb(RTC, index);
	outb(RTC + 1, value);
}

void guest_main(u64 arg)
{
	char line[16];

	set(9, 0x70);
	set(4, 0x12);
	for (;;) {
		/* BCD digits read as hexadecimal ones */
		print("GUEST rtc: date=%02x%02x-%02x-%02x time=%02x:%02x:%02x weekday=%x\n", reg(0x32),
		      reg(9), reg(8), reg(7), reg(4), reg(2), reg(0), reg(6));
		read_line(line, sizeof(line));
	}
}
