// SPDX-License-Identifier: GPL-2.0
/* The kernel command line. */
#include <inttypes.h>
#include <string.h>

#include "cmdline.h"

/* Is there a word that starts with this? */
static bool has_parameter(const char *cmdline, const char *start)
{
	bool quoted = false;

	for (const char *at = cmdline; *at; at++) {
		if ((at == cmdline || at[-1] == ' ') && !quoted &&
		    !strncmp(at, start, strlen(start)))
			return true;
		if (*at == '"')
			quoted = !quoted;
	}
	return false;
}

/* Linux gives the four usual ports of a PC their ttyS, whatever ACPI says. */
static void console_parameter(const struct machine_device *uart, char *buf, size_t size)
{
	static const u16 ports[] = { 0x3f8, 0x2f8, 0x3e8, 0x2e8 };

	for (size_t i = 0; i < ARRAY_SIZE(ports); i++) {
		if (uart->base == ports[i]) {
			snprintf(buf, size, "console=ttyS%zu,115200", i);
			return;
		}
	}
	snprintf(buf, size, "console=uart8250,io,0x%" PRIx64 ",115200", uart->base);
}

int x86_cmdline(const struct machine *m, char *buf, size_t room)
{
	const struct machine_device *uart = machine_find_device(m, AXVM_DEVICE_TYPE_UART16550);
	const char *given = m->cfg->linux_os.cmdline ? m->cfg->linux_os.cmdline : "";
	char console[64] = "", clock[32] = "";
	int len;

	if (uart && !has_parameter(given, "console="))
		console_parameter(uart, console, sizeof(console));
	if (m->clock_khz && !has_parameter(given, "tsc_early_khz="))
		snprintf(clock, sizeof(clock), "tsc_early_khz=%u", m->clock_khz);
	len = snprintf(buf, room, "%s%s%s%s%s", given, *given && *console ? " " : "", console,
		       (*given || *console) && *clock ? " " : "", clock);
	if (len < 0 || (size_t)len >= room)
		return json_file_fail(&m->cfg->file, "linux.cmdline",
				      "the command line is too long: %d bytes with what the machine adds; this kernel takes %zu",
				      len, room - 1);
	return EXIT_OK;
}
