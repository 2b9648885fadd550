// SPDX-License-Identifier: GPL-2.0
/*
 * Reads and writes registers as it is told: "rN ADDRESS", "wN ADDRESS VALUE" with
 * N bytes, "inN PORT" and "outN PORT VALUE" where there are ports. "h ADDRESS"
 * has the other vCPU read 4 bytes there for ever, "q" has it count instead.
 */
#include "guest.h"

static volatile u64 hammered;		/* an address, or 0 */
static volatile u64 rounds;

static u64 read_register(u64 at, u32 size)
{
	switch (size) {
	case 1:
		return *(volatile u8 *)at;
	case 2:
		return *(volatile u16 *)at;
	case 4:
		return *(volatile u32 *)at;
	default:
		return *(volatile u64 *)at;
	}
}

static void write_register(u64 at, u32 size, u64 value)
{
	switch (size) {
	case 1:
		*(volatile u8 *)at = value;
		break;
	case 2:
		*(volatile u16 *)at = value;
		break;
	case 4:
		*(volatile u32 *)at = value;
		break;
	default:
		*(volatile u64 *)at = value;
	}
}

#ifdef __x86_64__
static u64 read_port(u16 port, u32 size)
{
	u32 value = 0;

	if (size == 1)
		asm volatile("inb %w1, %b0" : "+a"(value) : "Nd"(port) : "memory");
	else if (size == 2)
		asm volatile("inw %w1, %w0" : "+a"(value) : "Nd"(port) : "memory");
	else
		asm volatile("inl %w1, %0" : "+a"(value) : "Nd"(port) : "memory");
	return value;
}

static void write_port(u16 port, u32 size, u32 value)
{
	if (size == 1)
		asm volatile("outb %b0, %w1" : : "a"(value), "Nd"(port) : "memory");
	else if (size == 2)
		asm volatile("outw %w0, %w1" : : "a"(value), "Nd"(port) : "memory");
	else
		asm volatile("outl %0, %w1" : : "a"(value), "Nd"(port) : "memory");
}
#else
static u64 read_port(u16 port, u32 size)
{
	return 0;
}

static void write_port(u16 port, u32 size, u32 value)
{
}
#endif

static void other(void)
{
	for (;;) {
		if (hammered)
			read_register(hammered, 4);
		rounds++;
	}
}

static void execute(const char *word, char *rest)
{
	u64 at = to_number(next_word(&rest)), value = to_number(next_word(&rest));

	switch (*word) {
	case 'r':
		print("GUEST device: value=0x%lx\n", read_register(at, word[1] - '0'));
		break;
	case 'w':
		write_register(at, word[1] - '0', value);
		print("GUEST device: written=0x%lx\n", value);
		break;
	case 'i':
		print("GUEST device: value=0x%lx\n", read_port(at, word[2] - '0'));
		break;
	case 'o':
		write_port(at, word[3] - '0', value);
		print("GUEST device: written=0x%lx\n", value);
		break;
	case 'h':
	case 'q':
		hammered = *word == 'h' ? at : 0;
		value = rounds;
		while (rounds - value < 100)
			cpu_relax();
		print("GUEST device: other=%s\n", hammered ? "reads" : "counts");
	}
}

void guest_main(u64 arg)
{
	char line[80], *rest;
	const char *word;

	if (cpu_count() > 1)
		cpu_start_others(other);
	print("GUEST device: ready\n");
	for (;;) {
		read_line(line, sizeof(line));
		rest = line;
		word = next_word(&rest);
		execute(word, rest);
	}
}
