// SPDX-License-Identifier: GPL-2.0
/*
 * Off and reset, by hypercall and by PSCI, as told: "off", "reset",
 * "psci-off", "psci-reset".
 */
#include "arm64.h"

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
		else if (is(line, "psci-off"))
			psci(PSCI_SYSTEM_OFF, 0, 0, 0);
		else if (is(line, "psci-reset"))
			psci_smc(PSCI_SYSTEM_RESET, 0, 0, 0);
		print("GUEST power: still here after '%s'\n", line);
	}
}
