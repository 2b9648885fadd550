// SPDX-License-Identifier: GPL-2.0
/*
 * Does as it is told: "r GPA" and "w GPA VALUE" (8 bytes), the same with "t" and
 * "u" and an exception reported, "x GPA" (jump), "off".
 */
#include "guest.h"

static void report(const char *what, u64 gpa, int exception, u64 value)
{
	if (exception < 0)
		print("GUEST monitor: %s 0x%lx fine value=0x%lx\n", what, gpa, value);
	else
		print("GUEST monitor: %s 0x%lx exception=%d address=0x%lx\n", what, gpa,
		      exception, try_address());
}

static void execute(const char *command, char *rest)
{
	u64 gpa = to_number(next_word(&rest)), value = 0;
	int exception;

	switch (*command) {
	case 'r':
		print("GUEST monitor: r 0x%lx=0x%lx\n", gpa, *(volatile u64 *)gpa);
		break;
	case 'w':
		*(volatile u64 *)gpa = to_number(next_word(&rest));
		print("GUEST monitor: w 0x%lx done\n", gpa);
		break;
	case 't':
		exception = try_read(gpa, &value);
		report("t", gpa, exception, value);
		break;
	case 'u':
		value = to_number(next_word(&rest));
		exception = try_write(gpa, value);
		report("u", gpa, exception, value);
		break;
	case 'x':
		((void (*)(void))gpa)();
		break;
	case 'o':
		hypercall(AXVM_HC_OFF, 0);
		break;
	default:
		print("GUEST monitor: unknown\n");
	}
}

void guest_main(u64 arg)
{
	char line[80], *rest;
	const char *word;

	print("GUEST monitor: ready\n");
	for (;;) {
		read_line(line, sizeof(line));
		rest = line;
		word = next_word(&rest);
		execute(word, rest);
	}
}
