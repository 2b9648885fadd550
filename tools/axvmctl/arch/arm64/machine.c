// SPDX-License-Identifier: GPL-2.0
/* The arm64 machine: memory from 1 GiB on, devices below it. */
#include <elf.h>
#include <inttypes.h>

#include "arm64.h"

const struct arch_layout arch_layout = {
	.name = "aarch64",
	.ram_base = GUEST_RAM_BASE,
	/* Room below it for the device tree, which some programs look for at the very start. */
	.image_gpa = GUEST_RAM_BASE + 2 * MIB,
	.elf_machine = EM_AARCH64,
	.irq_modes = 1U << AXVM_IRQ_MODE_EMULATED | 1U << AXVM_IRQ_MODE_PASSTHROUGH |
		     1U << AXVM_IRQ_MODE_NONE,
	.irq_mode = AXVM_IRQ_MODE_EMULATED,
	.irqs = { "an INTID of a shared interrupt", GUEST_SPI_FIRST, GUEST_NR_IRQS - 1, 0 },
	.pci_gpa = GUEST_PCI_BASE,
	.pci_irq = GUEST_PCI_IRQ,
};

static int add_gic(struct machine *m)
{
	struct machine_device gic = {
		.type = AXVM_DEVICE_TYPE_GICV3, .base = GUEST_GICD_BASE,
		.size = GUEST_GICR_OFFSET + m->cfg->nr_vcpus * (u64)GUEST_GICR_SIZE,
		.name = "interrupt controller",
	};

	return machine_add_device(m, "devices", &gic);
}

static int add_console(struct machine *m)
{
	const struct config_console *console = &m->cfg->console;
	struct machine_device uart = {
		.type = AXVM_DEVICE_TYPE_PL011,
		.base = console->gpa_given ? console->gpa : GUEST_PL011_BASE,
		.size = GUEST_PL011_SIZE,
		.irq_given = m->cfg->irq_mode != AXVM_IRQ_MODE_NONE,
		.irq = console->irq_given ? console->irq : GUEST_PL011_IRQ,
		.console = true,
		.name = "console",
	};

	if (console->port_given)
		return json_file_fail(&m->cfg->file, "console.port",
				      "an arm64 cell has no I/O ports; accepted: gpa");
	return console->none ? EXIT_OK : machine_add_device(m, "console", &uart);
}

static int refuse_ports(const struct machine *m)
{
	char key[40];

	for (u32 i = 0; i < m->cfg->nr_devices; i++) {
		if (m->cfg->device[i].type != AXVM_DEVICE_TYPE_PORTS)
			continue;
		snprintf(key, sizeof(key), "devices[%u].ports", i);
		return json_file_fail(&m->cfg->file, key,
				      "an arm64 machine has no I/O ports; accepted: mmio");
	}
	return EXIT_OK;
}

int arch_add_devices(struct machine *m)
{
	static const struct machine_device rtc = {
		.type = AXVM_DEVICE_TYPE_PL031, .base = GUEST_PL031_BASE,
		.size = GUEST_PL031_SIZE, .name = "real-time clock",
	};
	int ret = refuse_ports(m);

	if (!ret)
		ret = machine_add_device(m, "devices", &rtc);
	if (!ret && m->cfg->irq_mode != AXVM_IRQ_MODE_NONE)
		ret = add_gic(m);
	return ret ? ret : add_console(m);
}
