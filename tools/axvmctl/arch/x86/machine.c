// SPDX-License-Identifier: GPL-2.0
/* The x86 machine: a PC without a past. Devices at their usual places, memory around the hole. */
#include <elf.h>
#include <inttypes.h>

#include "x86.h"

const struct arch_layout arch_layout = {
	.name = "x86_64",
	.ram_base = 0,
	.hole_start = 3 * GIB,
	.hole_end = 4 * GIB,
	.image_gpa = MIB,
	.elf_machine = EM_X86_64,
	.irq_modes = 1U << AXVM_IRQ_MODE_PASSTHROUGH | 1U << AXVM_IRQ_MODE_EMULATED |
		     1U << AXVM_IRQ_MODE_NONE,
	.irq_mode = AXVM_IRQ_MODE_PASSTHROUGH,
	.irqs = { "an interrupt line", 1, 23, 0 },
	.edges_below = 16,	/* of ISA; the rest is PCI's */
	.pci_gpa = 0xd0000000,
	.pci_irq = 16,
};

static int add_console(struct machine *m)
{
	const struct config_console *console = &m->cfg->console;
	struct machine_device uart = {
		.type = AXVM_DEVICE_TYPE_UART16550,
		.base = console->port_given ? console->port : 0x3f8,
		.size = 8,
		.irq_given = m->cfg->irq_mode != AXVM_IRQ_MODE_NONE,
		.irq = console->irq_given ? console->irq : 4,
		.console = true,
		.name = "console",
	};

	if (console->gpa_given)
		return json_file_fail(&m->cfg->file, "console.gpa",
				      "an x86 cell's console is at I/O ports; accepted: port");
	return console->none ? EXIT_OK : machine_add_device(m, "console", &uart);
}

static int check_lapic(const struct machine *m)
{
	char path[32];

	for (u32 i = 0; i < m->nr_memory; i++) {
		const struct machine_memory *ram = &m->memory[i];

		if (ram->gpa >= X86_LAPIC_GPA + PAGE_SIZE || ram->gpa + ram->size <= X86_LAPIC_GPA)
			continue;
		snprintf(path, sizeof(path), "memory[%u]", ram->origin);
		return json_file_fail(&m->cfg->file, path,
				      "overlaps the local APIC at GPA 0x%llx; leave a hole below 4G",
				      X86_LAPIC_GPA);
	}
	return EXIT_OK;
}

int arch_add_devices(struct machine *m)
{
	static const struct machine_device rtc = {
		.type = AXVM_DEVICE_TYPE_CMOS_RTC, .base = 0x70, .size = 2,
		.name = "real-time clock",
	};
	static const struct machine_device pm = {
		.type = AXVM_DEVICE_TYPE_ACPI_PM, .base = 0x600, .size = 8,
		.name = "power control",
	};
	static const struct machine_device ioapic = {
		.type = AXVM_DEVICE_TYPE_IOAPIC, .base = X86_IOAPIC_GPA, .size = PAGE_SIZE,
		.name = "I/O APIC",
	};
	int ret = machine_add_device(m, "devices", &rtc);

	if (!ret)
		ret = machine_add_device(m, "devices", &pm);
	if (!ret && m->cfg->irq_mode != AXVM_IRQ_MODE_NONE)
		ret = machine_add_device(m, "devices", &ioapic);
	if (!ret)
		ret = add_console(m);
	return ret ? ret : check_lapic(m);
}
