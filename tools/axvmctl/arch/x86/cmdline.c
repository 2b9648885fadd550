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

/* Add a word; a line that is too long grows beyond @room and is refused at the end. */
static size_t add_word(char *buf, size_t len, size_t room, const char *word)
{
	size_t left = len < room ? room - len : 0;

	return len + snprintf(left ? buf + len : NULL, left, "%s%s", len ? " " : "", word);
}

int x86_cmdline(const struct machine *m, char *buf, size_t room)
{
	const struct machine_device *uart = machine_find_device(m, AXVM_DEVICE_TYPE_UART16550);
	const char *given = m->cfg->linux_os.cmdline ? m->cfg->linux_os.cmdline : "";
	char word[64];
	size_t len = 0;

	if (*given)
		len = add_word(buf, len, room, given);
	if (uart && !has_parameter(given, "console=")) {
		console_parameter(uart, word, sizeof(word));
		len = add_word(buf, len, room, word);
	}
	if (m->clock_khz && !has_parameter(given, "tsc_early_khz=")) {
		snprintf(word, sizeof(word), "tsc_early_khz=%u", m->clock_khz);
		len = add_word(buf, len, room, word);
	}
	if (!has_parameter(given, "tsc="))
		len = add_word(buf, len, room, "tsc=reliable");
	if (len >= room)
		return json_file_fail(&m->cfg->file, "linux.cmdline",
				      "the command line is too long: %zu bytes with what the machine adds; this kernel takes %zu",
				      len, room - 1);
	return EXIT_OK;
}
