// SPDX-License-Identifier: GPL-2.0
/* What a configuration may ask of an arm64 cell. Pure: nothing is claimed here. */
#include <linux/kernel.h>

#include "../../../uapi/axvm.h"
#include "../../../uapi/axvm_guest.h"
#include "arch.h"
#include "arm.h"

#define GIC_ALIGN	0x10000ULL

void axvm_arch_device_layout(u32 type, u16 *space, u32 *size)
{
	*space = CORE_SPACE_MMIO;
	switch (type) {
	case AXVM_DEVICE_TYPE_GICV3:
		*size = CORE_GIC_SIZE;
		break;
	case AXVM_DEVICE_TYPE_PCI_HOST:
		*size = CORE_PCI_ECAM_SIZE;
		break;
	case AXVM_DEVICE_TYPE_UART16550:
		*size = 8;
		break;
	case AXVM_DEVICE_TYPE_TESTDEV:
		*size = AXVM_TESTDEV_SIZE;
		break;
	default:	/* pl011, pl031 */
		*size = GUEST_PL011_SIZE;
	}
}

static int check_boot(const struct axvm_config *cfg, struct axvm_error *err)
{
	const struct core_boot *boot = &cfg->boot;

	if (boot->mode && boot->mode != GUEST_BOOT_MODE)
		return axvm_fail(err, -EINVAL, "boot.mode %u is not %u", boot->mode,
				 GUEST_BOOT_MODE);
	if (boot->table)
		return axvm_fail(err, -EINVAL,
				 "boot.table %#llx: an arm64 guest starts without page tables",
				 boot->table);
	if (boot->entry & 3)
		return axvm_fail(err, -EINVAL, "boot.entry %#llx is not 4-byte aligned",
				 boot->entry);
	return 0;
}

static int check_type(const struct axvm_config_device *dev, struct axvm_error *err)
{
	switch (dev->type) {
	case AXVM_DEVICE_TYPE_MMIO:
	case AXVM_DEVICE_TYPE_UART16550:
	case AXVM_DEVICE_TYPE_TESTDEV:
	case AXVM_DEVICE_TYPE_PL011:
	case AXVM_DEVICE_TYPE_PL031:
	case AXVM_DEVICE_TYPE_GICV3:
	case AXVM_DEVICE_TYPE_PCI_HOST:
	case AXVM_DEVICE_TYPE_PCI:
		return 0;
	}
	return axvm_fail(err, -EINVAL, "device at %#llx: type %u is not for an arm64 cell",
			 dev->base, dev->type);
}

static int check_device(const struct axvm_config *cfg, const struct axvm_config_device *dev,
			bool gic, struct axvm_error *err)
{
	u64 align = dev->type == AXVM_DEVICE_TYPE_GICV3 ? GIC_ALIGN : GUEST_PL011_SIZE;
	int ret = check_type(dev, err);

	if (ret || dev->type == AXVM_DEVICE_TYPE_MMIO || dev->type == AXVM_DEVICE_TYPE_PCI)
		return ret;
	if (dev->base & (align - 1))
		return axvm_fail(err, -EINVAL, "device at GPA %#llx is not aligned to %#llx",
				 dev->base, align);
	if (dev->irq != CORE_NO_IRQ &&
	    (dev->irq < GUEST_SPI_FIRST || dev->irq >= GUEST_NR_IRQS))
		return axvm_fail(err, -EINVAL,
				 "device at %#llx: irq %u is not an SPI from %u to %u",
				 dev->base, dev->irq, GUEST_SPI_FIRST, GUEST_NR_IRQS - 1);
	if (dev->irq != CORE_NO_IRQ && !gic)
		return axvm_fail(err, -EINVAL,
				 "device at %#llx has irq %u but the cell has no gicv3 to deliver it",
				 dev->base, dev->irq);
	if (dev->type == AXVM_DEVICE_TYPE_GICV3 && cfg->irq_mode == AXVM_IRQ_MODE_NONE)
		return axvm_fail(err, -EINVAL,
				 "a gicv3 needs interrupts, and the cell has \"none\"");
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
	return check_device(cfg, dev, count(cfg, AXVM_DEVICE_TYPE_GICV3), err);
}

int axvm_arch_config_check(const struct axvm_config *cfg, struct axvm_error *err)
{
	unsigned int i, nr_gic = count(cfg, AXVM_DEVICE_TYPE_GICV3);
	int ret;

	ret = check_boot(cfg, err);
	if (!ret && cfg->irq_mode == AXVM_IRQ_MODE_PASSTHROUGH && !axvm_arm_gic.one_state)
		ret = axvm_fail(err, -EOPNOTSUPP,
				"interrupts \"passthrough\" need a GIC with one security state (GICD_CTLR.DS), and secure firmware has the other: use \"emulated\"");
	if (!ret && nr_gic > 1)
		ret = axvm_fail(err, -EINVAL, "the cell has %u gicv3s; one is possible", nr_gic);
	for (i = 0; !ret && i < cfg->nr_devices; i++)
		ret = check_device(cfg, &cfg->device[i], nr_gic, err);
	return ret;
}

int axvm_arch_ram_ok(u64 gpa, u64 size, struct axvm_error *err)
{
	return 0;
}

int axvm_arch_inject_check(const struct axvm_config *cfg, u32 number, bool *line,
			   struct axvm_error *err)
{
	*line = number >= GUEST_SPI_FIRST;
	if (number >= GUEST_NR_IRQS)
		return axvm_fail(err, -EINVAL,
				 "interrupt %u cannot be injected: an INTID from 0 to %u can", number,
				 GUEST_NR_IRQS - 1);
	if (number == GUEST_PPI_VIRT_TIMER || number == GUEST_PPI_PHYS_TIMER)
		return axvm_fail(err, -EINVAL,
				 "interrupt %u cannot be injected: it is a timer's, which alone says when it is pending",
				 number);
	if (cfg->irq_mode != AXVM_IRQ_MODE_PASSTHROUGH || *line)
		return 0;
	if (number >= 16 || number == ARM_DIRECT_SGI)
		return axvm_fail(err, -EINVAL,
				 "interrupt %u cannot be injected into a cell with interrupts \"passthrough\": INTIDs 0 to 14 and 32 to %u can",
				 number, GUEST_NR_IRQS - 1);
	return 0;
}
