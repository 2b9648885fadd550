// SPDX-License-Identifier: GPL-2.0
/* The x86 machine of the benchmark's KVM guest: long mode, KVM's interrupt controllers, a UART. */
#include <err.h>
#include <stdlib.h>
#include <string.h>

#include "kvm.h"

#define TABLES		0x2000UL	/* PML4, page directory pointers, four directories */
#define UART		0x3f8
#define UART_LSR	(UART + 5)
#define LSR_EMPTY	0x60
#define CPUID_TSC_KHZ	0x40000010
#define MAX_CPUID	256

const uint64_t ram_base;

/* GPA = address for the first 4 GiB, as axvmctl makes it for a cell. */
static void make_tables(void)
{
	uint64_t *table = (uint64_t *)(memory + TABLES);

	table[0] = (TABLES + 0x1000) | 3;
	for (uint64_t i = 0; i < 4; i++)
		table[512 + i] = (TABLES + 0x2000 + 0x1000 * i) | 3;
	for (uint64_t i = 0; i < 2048; i++)
		table[1024 + i] = i << 21 | 0x83;
}

static void set_cpuid(struct vcpu *v)
{
	struct kvm_cpuid2 *list = calloc(1, sizeof(*list) + MAX_CPUID * sizeof(list->entries[0]));
	struct kvm_cpuid_entry2 *e;

	if (!list)
		err(1, "calloc");
	list->nent = MAX_CPUID - 1;
	KVM(kvm, KVM_GET_SUPPORTED_CPUID, list);
	for (uint32_t i = 0; i < list->nent; i++) {
		e = &list->entries[i];
		if (e->function == 1)
			e->ebx = (e->ebx & 0xffff) | NR_VCPUS << 16 | (uint32_t)v->index << 24;
		if (e->function == 0x40000000)
			e->eax = CPUID_TSC_KHZ;
	}
	e = &list->entries[list->nent++];
	e->function = CPUID_TSC_KHZ;
	e->eax = KVM(v->fd, KVM_GET_TSC_KHZ, 0);
	KVM(v->fd, KVM_SET_CPUID2, list);
	free(list);
}

/* The guest's counter is the machine's, as in a cell. */
static void set_clock(struct vcpu *v)
{
	uint64_t offset = 0;
	struct kvm_device_attr attr = {
		.group = KVM_VCPU_TSC_CTRL, .attr = KVM_VCPU_TSC_OFFSET, .addr = (uint64_t)&offset,
	};

	KVM(v->fd, KVM_SET_DEVICE_ATTR, &attr);
}

void arch_make_machine(void)
{
	KVM(vm, KVM_CREATE_IRQCHIP, 0);
	make_tables();
}

void arch_finish_machine(void)
{
}

void arch_make_vcpu(struct vcpu *v)
{
	set_cpuid(v);
	set_clock(v);
}

void arch_set_start(struct vcpu *v, uint64_t entry)
{
	struct kvm_segment code = { .limit = ~0U, .selector = 8, .type = 11, .present = 1,
				    .s = 1, .l = 1, .g = 1 };
	struct kvm_segment data = { .limit = ~0U, .selector = 16, .type = 3, .present = 1,
				    .s = 1, .db = 1, .g = 1 };
	struct kvm_regs regs = { .rip = entry, .rflags = 2 };
	struct kvm_sregs sregs;

	KVM(v->fd, KVM_GET_SREGS, &sregs);
	sregs.cs = code;
	sregs.ds = sregs.es = sregs.fs = sregs.gs = sregs.ss = data;
	sregs.cr0 = 0x80010031;		/* PG WP NE ET PE */
	sregs.cr4 = 0x20;		/* PAE */
	sregs.cr3 = TABLES;
	sregs.efer = 0x500;		/* LMA LME */
	KVM(v->fd, KVM_SET_SREGS, &sregs);
	KVM(v->fd, KVM_SET_REGS, &regs);
}

int arch_exit(struct kvm_run *run)
{
	uint8_t *data = (uint8_t *)run + run->io.data_offset;

	if (run->exit_reason != KVM_EXIT_IO)
		return 0;
	if (run->io.direction == KVM_EXIT_IO_IN)
		memset(data, run->io.port == UART_LSR ? LSR_EMPTY : 0, run->io.size);
	else if (run->io.port == UART)
		put(*data);
	return 1;
}
