// SPDX-License-Identifier: GPL-2.0
/* Off and reset, by hypercall and by the ACPI registers, as told: "off", "reset", "acpi-off", "acpi-reset". */
#include "x86.h"

#define SLEEP_CONTROL	ACPI_PM
#define RESET		(ACPI_PM + 2)
#define S5		(5 << 2 | 0x20)

static bool is(const char *a, const char *b)
{
	while (*a && *a == *b) {
		a++;
		b++;
	}
	return *a == *b;
}

void guest_main(u64 arg)
{
	char line[16];

	print("GUEST power: ready\n");
	for (;;) {
		read_line(line, sizeof(line));
		if (is(line, "off"))
			hypercall(AXVM_HC_OFF, 0);
		else if (is(line, "reset"))
			hypercall(AXVM_HC_RESET, 0);
		else if (is(line, "acpi-off"))
			outb(SLEEP_CONTROL, S5);
		else if (is(line, "acpi-reset"))
			outb(RESET, 1);
		print("GUEST power: still here after '%s'\n", line);
	}
}
