// SPDX-License-Identifier: GPL-2.0
/* What a configuration may ask of an x86 cell. Pure: nothing is claimed here. */
#include <linux/kernel.h>

#include "../../../uapi/axvm.h"
#include "arch.h"

#define LAPIC_BASE	0xfee00000ULL
#define LAPIC_SIZE	0x1000ULL
#define IOAPICS_BASE	0xfec00000ULL	/* where chipsets have them */
#define IOAPICS_SIZE	0x100000ULL
#define MSI_BASE	0xfee00000ULL	/* APM volume 2, 16.11: addresses that are messages */
#define MSI_SIZE	0x100000ULL
#define IOAPIC_PINS	24
#define PORTS_END	0x10000ULL

/* Ports through which a guest could take the whole machine down, or Linux's own wiring away. */
static const struct {
	u16 first, last;
	const char *what;
} forbidden_ports[] = {
	{ 0x0000, 0x001f, "DMA controller" },
	{ 0x0020, 0x0021, "interrupt controller" },
	{ 0x0040, 0x0043, "interval timer" },
	{ 0x0060, 0x0064, "keyboard controller" },
	{ 0x0070, 0x0077, "CMOS and NMI mask" },
	{ 0x0080, 0x008f, "DMA pages" },
	{ 0x0092, 0x0092, "fast reset" },
	{ 0x00a0, 0x00a1, "interrupt controller" },
	{ 0x00b2, 0x00b3, "SMI command" },
	{ 0x00c0, 0x00df, "DMA controller" },
	{ 0x04d0, 0x04d1, "interrupt trigger modes" },
	{ 0x0cf8, 0x0cff, "PCI configuration and reset" },
};

void axvm_arch_device_layout(u32 type, u16 *space, u32 *size)
{
	*space = CORE_SPACE_PIO;
	switch (type) {
	case AXVM_DEVICE_TYPE_CMOS_RTC:
		*size = 2;
		break;
	case AXVM_DEVICE_TYPE_IOAPIC:
	case AXVM_DEVICE_TYPE_TESTDEV:
		*space = CORE_SPACE_MMIO;
		*size = 0x1000;
		break;
	case AXVM_DEVICE_TYPE_PCI_HOST:
		*space = CORE_SPACE_MMIO;
		*size = CORE_PCI_ECAM_SIZE;
		break;
	default:	/* uart16550, acpi-pm */
		*size = 8;
	}
}

static int check_boot(const struct axvm_config *cfg, struct axvm_error *err)
{
	const struct core_boot *boot = &cfg->boot;

	switch (boot->mode) {
	case 16:
		if (boot->entry >= 0x100000)
			return axvm_fail(err, -EINVAL,
					 "boot.entry %#llx: a 16-bit image starts below 0x100000",
					 boot->entry);
		return 0;
	case 32:
		if (boot->entry >= 1ULL << 32)
			return axvm_fail(err, -EINVAL,
					 "boot.entry %#llx: a 32-bit image starts below 4 GiB",
					 boot->entry);
		return 0;
	case 64:
		if (boot->table & 0xfff)
			return axvm_fail(err, -EINVAL, "boot.table %#llx is not 4 KiB aligned",
					 boot->table);
		return 0;
	}
	return axvm_fail(err, -EINVAL, "boot.mode %u is not one of 16, 32, 64", boot->mode);
}

static int check_passthrough_ports(const struct axvm_config_device *dev, struct axvm_error *err)
{
	u64 end = dev->base + dev->size;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(forbidden_ports); i++)
		if (dev->base <= forbidden_ports[i].last && forbidden_ports[i].first < end)
			return axvm_fail(err, -EPERM,
					 "ports %#llx to %#llx contain the %s (%#x to %#x), which stays with the host",
					 dev->base, end - 1, forbidden_ports[i].what,
					 forbidden_ports[i].first, forbidden_ports[i].last);
	return 0;
}

static int check_device(const struct axvm_config *cfg, const struct axvm_config_device *dev,
			bool ioapic, struct axvm_error *err)
{
	u64 size = dev->size;
	u16 space = CORE_SPACE_PIO;
	u32 fixed;

	switch (dev->type) {
	case AXVM_DEVICE_TYPE_MMIO:
		if (dev->base < LAPIC_BASE + LAPIC_SIZE && dev->base + dev->size > LAPIC_BASE)
			return axvm_fail(err, -EINVAL,
					 "mmio at GPA %#llx, %#llx bytes covers the local APIC",
					 dev->base, dev->size);
		return 0;
	case AXVM_DEVICE_TYPE_PCI:
		return 0;
	case AXVM_DEVICE_TYPE_PL011:
	case AXVM_DEVICE_TYPE_PL031:
	case AXVM_DEVICE_TYPE_GICV3:
		return axvm_fail(err, -EINVAL, "device at %#llx: type %u is not for an x86 cell", dev->base, dev->type);
	}
	if (dev->type != AXVM_DEVICE_TYPE_PORTS) {
		axvm_arch_device_layout(dev->type, &space, &fixed);
		size = fixed;
	}
	if (space == CORE_SPACE_PIO && (dev->base >= PORTS_END || size > PORTS_END - dev->base))
		return axvm_fail(err, -EINVAL,
				 "device at port %#llx with %llu ports ends above port 0xffff",
				 dev->base, size);
	if (space == CORE_SPACE_MMIO && (dev->base & (size - 1)))
		return axvm_fail(err, -EINVAL,
				 "device at GPA %#llx is not aligned to its size %#llx",
				 dev->base, size);
	if (space == CORE_SPACE_MMIO && dev->base == LAPIC_BASE)
		return axvm_fail(err, -EINVAL, "device at GPA %#llx covers the local APIC",
				 dev->base);
	if (dev->irq != CORE_NO_IRQ && dev->irq >= IOAPIC_PINS)
		return axvm_fail(err, -EINVAL, "device at %#llx: irq %u is not below %u",
				 dev->base, dev->irq, IOAPIC_PINS);
	if (dev->irq != CORE_NO_IRQ && !ioapic)
		return axvm_fail(err, -EINVAL,
				 "device at %#llx has irq %u but the cell has no ioapic to deliver it",
				 dev->base, dev->irq);
	if (dev->type == AXVM_DEVICE_TYPE_IOAPIC && cfg->irq_mode == AXVM_IRQ_MODE_NONE)
		return axvm_fail(err, -EINVAL,
				 "an ioapic needs interrupts \"passthrough\" or \"emulated\", and the cell has \"none\"");
	if (dev->type == AXVM_DEVICE_TYPE_PORTS)
		return check_passthrough_ports(dev, err);
	return 0;
}

static unsigned int count(const struct axvm_config *cfg, u32 type)
{
	unsigned int i, nr = 0;

	for (i = 0; i < cfg->nr_devices; i++)
		nr += cfg->device[i].type == type;
	return nr;
}

int axvm_arch_device_check(const struct axvm_config *cfg, const struct axvm_config_device *dev,
			   struct axvm_error *err)
{
	return check_device(cfg, dev, count(cfg, AXVM_DEVICE_TYPE_IOAPIC), err);
}

static bool meets(u64 hpa, u64 size, u64 base, u64 length)
{
	return hpa < base + length && hpa + (size - 1) >= base;
}

int axvm_arch_mmio_check(u64 hpa, u64 size, struct axvm_error *err)
{
	if (meets(hpa, size, IOAPICS_BASE, IOAPICS_SIZE) || meets(hpa, size, MSI_BASE, MSI_SIZE))
		return axvm_fail(err, -EPERM,
				 "MMIO at HPA %#llx-%#llx: interrupt controllers (0xfec00000-0xfecfffff, 0xfee00000-0xfeefffff) stay with the host",
				 hpa, hpa + size - 1);
	return 0;
}

int axvm_arch_config_check(const struct axvm_config *cfg, struct axvm_error *err)
{
	unsigned int nr_ioapic = count(cfg, AXVM_DEVICE_TYPE_IOAPIC);
	unsigned int nr_rtc = count(cfg, AXVM_DEVICE_TYPE_CMOS_RTC);
	unsigned int i;
	int ret;

	ret = check_boot(cfg, err);
	if (!ret && nr_ioapic > 1)
		ret = axvm_fail(err, -EINVAL, "the cell has %u ioapics; one is possible",
				nr_ioapic);
	if (!ret && nr_rtc > 1)
		ret = axvm_fail(err, -EINVAL, "the cell has %u cmos-rtcs; one is possible", nr_rtc);
	for (i = 0; !ret && i < cfg->nr_devices; i++)
		ret = check_device(cfg, &cfg->device[i], nr_ioapic, err);
	for (i = 0; !ret && i < cfg->nr_memory; i++)
		ret = axvm_arch_ram_ok(cfg->memory[i].gpa, cfg->memory[i].size, err);
	return ret;
}

/* The local APIC's page answers before any memory would. */
int axvm_arch_ram_ok(u64 gpa, u64 size, struct axvm_error *err)
{
	if (gpa > LAPIC_BASE || LAPIC_BASE - gpa >= size)
		return 0;
	return axvm_fail(err, -EINVAL,
			 "memory at GPA %#llx with %#llx bytes covers the local APIC at 0xfee00000",
			 gpa, size);
}

int axvm_arch_inject_check(const struct axvm_config *cfg, u32 number, bool *line,
			   struct axvm_error *err)
{
	*line = false;
	if (number >= 16 && number < CORE_MAX_VECTOR)
		return 0;
	return axvm_fail(err, -EINVAL,
			 "interrupt %u cannot be injected: an x86 vector from 16 to 255 can", number);
}
