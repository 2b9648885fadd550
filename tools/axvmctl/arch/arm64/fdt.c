// SPDX-License-Identifier: GPL-2.0
/*
 * The device tree of an arm64 cell, by the bindings of Linux: memory, CPUs
 * started through PSCI, timer, GICv3, PL011, PL031, and /chosen.
 */
#include <errno.h>
#include <inttypes.h>
#include <libfdt.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "arm64.h"

#define ROOM		0x10000	/* bytes; 32 CPUs and the longest command line take 12 KiB */
#define PHANDLE_GIC	1
#define PHANDLE_CLOCK	2
#define UART_CLOCK	24000000 /* Hz; any will do, there is no wire */

/* Cells of an "interrupts" property. */
#define IRQ_SPI		0
#define IRQ_PPI		1
#define IRQ_LEVEL_HIGH	4

/* A tree that grows; after the first error everything else is left out. */
struct tree {
	char buf[ROOM];
	int error;
};

static void check(struct tree *t, int error)
{
	if (!t->error && error < 0)
		t->error = error;
}

__attribute__((format(printf, 2, 3)))
static void begin(struct tree *t, const char *fmt, ...)
{
	char name[64];
	va_list args;

	va_start(args, fmt);
	vsnprintf(name, sizeof(name), fmt, args);
	va_end(args);
	check(t, fdt_begin_node(t->buf, name));
}

static void end(struct tree *t)
{
	check(t, fdt_end_node(t->buf));
}

static void text(struct tree *t, const char *name, const char *value)
{
	check(t, fdt_property_string(t->buf, name, value));
}

static void flag(struct tree *t, const char *name)
{
	check(t, fdt_property(t->buf, name, NULL, 0));
}

static void bytes(struct tree *t, const char *name, const void *value, size_t size)
{
	check(t, fdt_property(t->buf, name, value, size));
}

static void cell(struct tree *t, const char *name, u32 value)
{
	check(t, fdt_property_u32(t->buf, name, value));
}

#define cells(t, name, ...) do {						\
		const u32 list[] = { __VA_ARGS__ };				\
										\
		put_cells(t, name, list, ARRAY_SIZE(list));			\
	} while (0)

static void put_cells(struct tree *t, const char *name, const u32 *list, size_t nr)
{
	fdt32_t raw[32];

	for (size_t i = 0; i < nr; i++)
		raw[i] = cpu_to_fdt32(list[i]);
	bytes(t, name, raw, nr * sizeof(*raw));
}

static void reg(struct tree *t, u64 base, u64 size)
{
	cells(t, "reg", base >> 32, base, size >> 32, size);
}

static void add_memory(struct tree *t, const struct machine *m)
{
	for (u32 i = 0; i < m->nr_memory; i++) {
		const struct machine_memory *ram = &m->memory[i];

		if (!arm64_is_ram(ram))
			continue;
		begin(t, "memory@%" PRIx64, ram->gpa);
		text(t, "device_type", "memory");
		reg(t, ram->gpa, ram->size);
		end(t);
	}
}

/* What is not plain memory: nothing may be put there, not even a mapping. */
static void add_reserved(struct tree *t, const struct machine *m)
{
	begin(t, "reserved-memory");
	cell(t, "#address-cells", 2);
	cell(t, "#size-cells", 2);
	flag(t, "ranges");
	for (u32 i = 0; i < m->nr_memory; i++) {
		const struct machine_memory *ram = &m->memory[i];

		if (arm64_is_ram(ram))
			continue;
		begin(t, "region@%" PRIx64, ram->gpa);
		reg(t, ram->gpa, ram->size);
		flag(t, "no-map");
		end(t);
	}
	end(t);
}

static void add_cpus(struct tree *t, const struct machine *m)
{
	begin(t, "cpus");
	cell(t, "#address-cells", 1);
	cell(t, "#size-cells", 0);
	for (u32 i = 0; i < m->cfg->nr_vcpus; i++) {
		begin(t, "cpu@%x", GUEST_MPIDR(i));
		text(t, "device_type", "cpu");
		text(t, "compatible", "arm,armv8");
		cell(t, "reg", GUEST_MPIDR(i));
		text(t, "enable-method", "psci");
		end(t);
	}
	end(t);
	begin(t, "psci");
	bytes(t, "compatible", "arm,psci-1.0\0arm,psci-0.2", 26);
	text(t, "method", "hvc");
	end(t);
}

static u32 ppi(u32 intid)
{
	return intid - 16;
}

static void add_timer(struct tree *t)
{
	begin(t, "timer");
	text(t, "compatible", "arm,armv8-timer");
	cells(t, "interrupts", IRQ_PPI, ppi(GUEST_PPI_SEC_TIMER), IRQ_LEVEL_HIGH,
	      IRQ_PPI, ppi(GUEST_PPI_PHYS_TIMER), IRQ_LEVEL_HIGH,
	      IRQ_PPI, ppi(GUEST_PPI_VIRT_TIMER), IRQ_LEVEL_HIGH,
	      IRQ_PPI, ppi(GUEST_PPI_HYP_TIMER), IRQ_LEVEL_HIGH);
	flag(t, "always-on");
	end(t);
}

static void add_gic(struct tree *t, const struct machine *m, const struct machine_device *gic)
{
	u64 gicr = gic->base + GUEST_GICR_OFFSET;
	u32 gicr_size = m->cfg->nr_vcpus * GUEST_GICR_SIZE;

	begin(t, "interrupt-controller@%" PRIx64, gic->base);
	text(t, "compatible", "arm,gic-v3");
	cell(t, "#interrupt-cells", 3);
	cell(t, "#address-cells", 0);
	flag(t, "interrupt-controller");
	cells(t, "reg", gic->base >> 32, gic->base, 0, GUEST_GICD_SIZE, gicr >> 32, gicr, 0,
	      gicr_size);
	cell(t, "phandle", PHANDLE_GIC);
	if (machine_find_device(m, AXVM_DEVICE_TYPE_PCI_HOST)) {
		flag(t, "msi-controller");
		cells(t, "mbi-ranges", GUEST_MSI_FIRST, GUEST_NR_IRQS - GUEST_MSI_FIRST);
	}
	end(t);
}

/* Pin A of device n is on line n % 4: the two lowest bits of its number count. */
static void add_interrupt_map(struct tree *t, u32 first)
{
	u32 map[MACHINE_PCI_LINES * 8];

	for (u32 i = 0; i < MACHINE_PCI_LINES; i++) {
		const u32 entry[] = {
			i << 11, 0, 0, 1, PHANDLE_GIC,
			IRQ_SPI, first + i - GUEST_SPI_FIRST, IRQ_LEVEL_HIGH,
		};

		memcpy(&map[8 * i], entry, sizeof(entry));
	}
	cells(t, "interrupt-map-mask", (MACHINE_PCI_LINES - 1) << 11, 0, 0, 7);
	put_cells(t, "interrupt-map", map, ARRAY_SIZE(map));
}

static void add_pci(struct tree *t, const struct machine_device *host)
{
	u64 window = host->base + MACHINE_PCI_WINDOW, size = MACHINE_PCI_SIZE - MACHINE_PCI_WINDOW;
	const u32 memory32 = 0x02000000;

	begin(t, "pcie@%" PRIx64, host->base);
	text(t, "compatible", "pci-host-ecam-generic");
	text(t, "device_type", "pci");
	cell(t, "#address-cells", 3);
	cell(t, "#size-cells", 2);
	cell(t, "#interrupt-cells", 1);
	cell(t, "linux,pci-domain", 0);
	cells(t, "bus-range", 0, 0);
	reg(t, host->base, MACHINE_PCI_ECAM);
	cells(t, "ranges", memory32, window >> 32, window, window >> 32, window, size >> 32, size);
	flag(t, "dma-coherent");
	if (host->irq_given) {
		add_interrupt_map(t, host->irq);
		cell(t, "msi-parent", PHANDLE_GIC);
	}
	end(t);
}

static void add_clock(struct tree *t)
{
	begin(t, "clock");
	text(t, "compatible", "fixed-clock");
	cell(t, "#clock-cells", 0);
	cell(t, "clock-frequency", UART_CLOCK);
	cell(t, "phandle", PHANDLE_CLOCK);
	end(t);
}

static void add_interrupt(struct tree *t, const struct machine_device *dev)
{
	if (dev->irq_given)
		cells(t, "interrupts", IRQ_SPI, dev->irq - GUEST_SPI_FIRST, IRQ_LEVEL_HIGH);
}

static void add_uart(struct tree *t, const struct machine_device *uart)
{
	begin(t, "serial@%" PRIx64, uart->base);
	bytes(t, "compatible", "arm,pl011\0arm,primecell", 24);
	reg(t, uart->base, uart->size);
	add_interrupt(t, uart);
	cells(t, "clocks", PHANDLE_CLOCK, PHANDLE_CLOCK);
	bytes(t, "clock-names", "uartclk\0apb_pclk", 17);
	end(t);
}

static void add_rtc(struct tree *t, const struct machine_device *rtc)
{
	begin(t, "rtc@%" PRIx64, rtc->base);
	bytes(t, "compatible", "arm,pl031\0arm,primecell", 24);
	reg(t, rtc->base, rtc->size);
	add_interrupt(t, rtc);
	cell(t, "clocks", PHANDLE_CLOCK);
	text(t, "clock-names", "apb_pclk");
	end(t);
}

static bool add_seed(struct tree *t, const struct machine *m)
{
	u8 seed[CONFIG_SEED + 8];

	if (getrandom(seed, sizeof(seed), 0) != sizeof(seed))
		return false;
	if (m->cfg->seed_given) {
		memcpy(seed, m->cfg->seed, CONFIG_SEED);
		memcpy(seed + CONFIG_SEED, m->cfg->seed, 8);
	}
	bytes(t, "rng-seed", seed, CONFIG_SEED);
	bytes(t, "kaslr-seed", seed + CONFIG_SEED, 8);
	return true;
}

static bool add_chosen(struct tree *t, const struct machine *m, const struct arm64_chosen *chosen)
{
	const struct machine_device *uart = machine_find_device(m, AXVM_DEVICE_TYPE_PL011);
	u64 initrd_end = chosen->initrd + chosen->initrd_size;
	char path[32];
	bool ok = true;

	begin(t, "chosen");
	if (uart) {
		snprintf(path, sizeof(path), "/serial@%" PRIx64, uart->base);
		text(t, "stdout-path", path);
	}
	if (chosen->cmdline && *chosen->cmdline)
		text(t, "bootargs", chosen->cmdline);
	if (chosen->initrd_size) {
		cells(t, "linux,initrd-start", chosen->initrd >> 32, chosen->initrd);
		cells(t, "linux,initrd-end", initrd_end >> 32, initrd_end);
	}
	if (chosen->seed)
		ok = add_seed(t, m);
	end(t);
	return ok;
}

static void add_devices(struct tree *t, const struct machine *m)
{
	const struct machine_device *gic = machine_find_device(m, AXVM_DEVICE_TYPE_GICV3);

	if (gic) {
		add_gic(t, m, gic);
		add_timer(t);
	}
	add_clock(t);
	for (u32 i = 0; i < m->nr_devices; i++) {
		if (m->device[i].type == AXVM_DEVICE_TYPE_PL011)
			add_uart(t, &m->device[i]);
		else if (m->device[i].type == AXVM_DEVICE_TYPE_PL031)
			add_rtc(t, &m->device[i]);
		else if (m->device[i].type == AXVM_DEVICE_TYPE_PCI_HOST)
			add_pci(t, &m->device[i]);
	}
}

static bool build(struct tree *t, const struct machine *m, const struct arm64_chosen *chosen)
{
	bool ok;

	check(t, fdt_create(t->buf, sizeof(t->buf)));
	check(t, fdt_finish_reservemap(t->buf));
	begin(t, "%s", "");
	text(t, "compatible", "axvm,cell");
	text(t, "model", "axvm cell");
	cell(t, "#address-cells", 2);
	cell(t, "#size-cells", 2);
	if (machine_find_device(m, AXVM_DEVICE_TYPE_GICV3))
		cell(t, "interrupt-parent", PHANDLE_GIC);
	ok = add_chosen(t, m, chosen);
	add_memory(t, m);
	add_reserved(t, m);
	add_cpus(t, m);
	add_devices(t, m);
	end(t);
	check(t, fdt_finish(t->buf));
	return ok;
}

int arm64_load_fdt(struct machine *m, const struct arm64_chosen *chosen, u64 min, u64 end_gpa,
		   bool high)
{
	struct tree *t = calloc(1, sizeof(*t));
	u64 size, gpa;
	int ret = EXIT_OK;

	if (!t)
		return fail(EXIT_FAILED, "out of memory");
	if (!build(t, m, chosen))
		ret = fail(EXIT_FAILED, "cannot get a random seed for the guest: %s",
			   strerror(errno));
	else if (t->error)
		ret = fail(EXIT_FAILED, "cannot build the device tree: %s",
			   fdt_strerror(t->error));
	size = fdt_totalsize(t->buf);
	if (!ret && !machine_find(m, size, PAGE_SIZE, min, end_gpa, high, &gpa))
		ret = json_file_fail(&m->cfg->file, "memory",
				     "there is no room for %" PRIu64 " bytes of device tree; give the cell more",
				     size);
	if (!ret)
		ret = machine_claim(m, "memory", gpa, size, "the device tree");
	if (!ret)
		ret = machine_add_blob(m, "device-tree", t->buf, size, gpa);
	if (!ret)
		m->boot.arg = gpa;
	free(t);
	return ret;
}
