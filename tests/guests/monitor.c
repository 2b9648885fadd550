// SPDX-License-Identifier: GPL-2.0
/*
 * Does as it is told: "r GPA" and "w GPA VALUE" (8 bytes), "x GPA" (jump),
 * "off".
 */
#include "guest.h"

static void execute(const char *command, char *rest)
{
	u64 gpa = to_number(next_word(&rest));

	switch (*command) {
	case 'r':
		print("GUEST monitor: r 0x%lx=0x%lx\n", gpa, *(volatile u64 *)gpa);
		break;
	case 'w':
		*(volatile u64 *)gpa = to_number(next_word(&rest));
		print("GUEST monitor: w 0x%lx done\n", gpa);
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
