// SPDX-License-Identifier: GPL-2.0
/* The arm64 machine of the benchmark's KVM guest: EL1, KVM's GICv3, a PL011. */
#include <linux/psci.h>
#include <stddef.h>
#include <string.h>

#include "../../../../module/arch/arm64/include/guest_machine.h"
#include "kvm.h"

#define REDIST_BASE	(GUEST_GICD_BASE + GUEST_GICR_OFFSET)
#define UART_DR		0x00
#define UART_FR		0x18
#define FR_IDLE		0x90	/* nothing received, nothing left to transmit */
#define CORE_REG(name)	(KVM_REG_ARM64 | KVM_REG_SIZE_U64 | KVM_REG_ARM_CORE | \
			 KVM_REG_ARM_CORE_REG(name))

/* Younger than the headers of Debian 12: Linux 6.4. */
#ifndef KVM_ARM_SET_COUNTER_OFFSET
struct kvm_arm_counter_offset {
	__u64 counter_offset;
	__u64 reserved;
};

#define KVM_ARM_SET_COUNTER_OFFSET	_IOW(KVMIO, 0xb5, struct kvm_arm_counter_offset)
#endif

const uint64_t ram_base = GUEST_RAM_BASE;

static int gic;

static void set_gic(uint32_t group, uint64_t attr, uint64_t *value)
{
	struct kvm_device_attr a = { .group = group, .attr = attr, .addr = (uint64_t)value };

	KVM(gic, KVM_SET_DEVICE_ATTR, &a);
}

void arch_make_machine(void)
{
	struct kvm_create_device device = { .type = KVM_DEV_TYPE_ARM_VGIC_V3 };
	struct kvm_arm_counter_offset none = { 0 };
	uint64_t dist = GUEST_GICD_BASE, redist = REDIST_BASE;

	KVM(vm, KVM_CREATE_DEVICE, &device);
	gic = device.fd;
	set_gic(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST, &dist);
	set_gic(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_REDIST, &redist);
	/* The guest's counter is the machine's, as in a cell. */
	KVM(vm, KVM_ARM_SET_COUNTER_OFFSET, &none);
}

void arch_finish_machine(void)
{
	uint32_t nr = GUEST_NR_IRQS;

	set_gic(KVM_DEV_ARM_VGIC_GRP_NR_IRQS, 0, (uint64_t *)&nr);
	set_gic(KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT, NULL);
}

void arch_make_vcpu(struct vcpu *v)
{
	struct kvm_vcpu_init init;

	KVM(vm, KVM_ARM_PREFERRED_TARGET, &init);
	init.features[0] |= 1 << KVM_ARM_VCPU_PSCI_0_2;
	if (v->index)
		init.features[0] |= 1 << KVM_ARM_VCPU_POWER_OFF;
	KVM(v->fd, KVM_ARM_VCPU_INIT, &init);
}

void arch_set_start(struct vcpu *v, uint64_t entry)
{
	struct kvm_one_reg pc = { .id = CORE_REG(regs.pc), .addr = (uint64_t)&entry };

	KVM(v->fd, KVM_SET_ONE_REG, &pc);
}

int arch_exit(struct kvm_run *run)
{
	uint64_t offset = run->mmio.phys_addr - GUEST_PL011_BASE;

	if (run->exit_reason != KVM_EXIT_MMIO || offset >= GUEST_PL011_SIZE)
		return 0;
	if (!run->mmio.is_write) {
		memset(run->mmio.data, 0, sizeof(run->mmio.data));
		if (offset == UART_FR)
			run->mmio.data[0] = FR_IDLE;
	} else if (offset == UART_DR) {
		put(run->mmio.data[0]);
	}
	return 1;
}
