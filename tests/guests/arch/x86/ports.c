// SPDX-License-Identifier: GPL-2.0
/*
 * Reads and writes every I/O port in all sizes, then some with string
 * instructions; left out are its own console and the port that would switch it
 * off. Where nothing is, reads must float high.
 */
#include "x86.h"

static u32 accesses, low;
static u8 buffer[256];

static bool overlaps(u32 port, u32 size, u32 base, u32 nr)
{
	return port < base + nr && base < port + size;
}

static void count_read(u32 port, u32 size, u32 value, u32 ones)
{
	accesses++;
	if (value != ones && !overlaps(port, size, RTC, 2))
		low++;
}

static void all_sizes(u32 port)
{
	static const u32 ones[] = { 0, 0xff, 0xffff, 0, 0xffffffff };

	for (u32 size = 1; size <= 4 && port + size <= 0x10000; size *= 2) {
		if (overlaps(port, size, UART, 8) || overlaps(port, size, ACPI_PM, 8))
			continue;
		count_read(port, size, size == 1 ? inb(port) : size == 2 ? inw(port) : inl(port),
			   ones[size]);
		if (size == 1)
			outb(port, 0x5a);
		else if (size == 2)
			outw(port, 0x5a5a);
		else
			outl(port, 0x5a5a5a5a);
		accesses++;
	}
}

static void strings(u16 port)
{
	void *at = buffer;
	u64 n = sizeof(buffer);

	asm volatile("rep insb" : "+D"(at), "+c"(n) : "d"(port) : "memory");
	for (u32 i = 0; i < sizeof(buffer); i++)
		count_read(port, 1, buffer[i], 0xff);
	at = buffer;
	n = sizeof(buffer) / 4;
	asm volatile("rep outsl" : "+S"(at), "+c"(n) : "d"(port) : "memory");
	at = buffer + sizeof(buffer);
	n = 8;
	asm volatile("std; subq $2, %0; rep insw; cld" : "+D"(at), "+c"(n) : "d"(port) : "memory");
	accesses += 72;
}

void guest_main(u64 arg)
{
	char line[16];

	for (u32 port = 0; port < 0x10000; port++)
		all_sizes(port);
	strings(0x80);
	strings(0xcf8);
	strings(0xcf9);
	strings(0x64);
	print("GUEST ports: survived accesses=%u low=%u\n", accesses, low);
	for (;;) {
		read_line(line, sizeof(line));
		print("GUEST ports: alive\n");
	}
}
