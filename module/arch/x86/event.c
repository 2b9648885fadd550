// SPDX-License-Identifier: GPL-2.0
/* A vector of Linux's own that cores raise, and the commands that Linux's APIC sends to them. */
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/irqdomain.h>
#include <linux/string.h>

#include <asm/apic.h>
#include <asm/hw_irq.h>
#include <asm/irqdomain.h>

#include "../../event.h"
#include "arch.h"
#include "x86.h"

#define ICR_IDLE_SPINS	1000000

static int event_virq;

static irqreturn_t on_event(int irq, void *data)
{
	axvm_event_irq();
	return IRQ_HANDLED;
}

int axvm_x86_event_init(void)
{
	struct irq_alloc_info info;
	int virq, ret;

	memset(&info, 0, sizeof(info));
	virq = __irq_domain_alloc_irqs(x86_vector_domain, -1, 1, NUMA_NO_NODE, &info, false, NULL);
	if (virq < 0)
		return virq;
	irq_set_handler(virq, handle_edge_irq);
	ret = request_irq(virq, on_event, 0, "axvm", &event_virq);
	if (ret) {
		irq_dispose_mapping(virq);
		return ret;
	}
	event_virq = virq;
	return 0;
}

void axvm_x86_event_exit(void)
{
	free_irq(event_virq, &event_virq);
	irq_dispose_mapping(event_virq);
}

/*
 * The command that a core writes to its x2APIC's ICR; physical destination,
 * fixed delivery. The CPU comes from the effective affinity: what irq_cfg calls
 * dest_apicid is a logical ID where Linux uses the flat model (6.1 in xAPIC mode).
 */
u64 axvm_arch_event_target(void)
{
	struct irq_data *data = irq_get_irq_data(event_virq);
	unsigned int cpu = cpumask_first(irq_data_get_effective_affinity_mask(data));

	if (cpu >= nr_cpu_ids)	/* on its way from one CPU to another: the slow look helps out */
		return 0;
	return (u64)axvm_arch_hw_id(cpu) << 32 | APIC_INT_ASSERT | irqd_cfg(data)->vector;
}

void axvm_x86_send(u32 command, u32 hw_id)
{
	unsigned long flags;
	int spins = x2apic_mode ? 0 : ICR_IDLE_SPINS;

	local_irq_save(flags);
	/* In xAPIC mode a command may still be under way (APM volume 2, 16.5). */
	while (spins-- > 0 && (apic->read(APIC_ICR) & APIC_ICR_BUSY))
		cpu_relax();
	/* What was written for the core must be visible before it is told to look. */
	mb();
	apic->icr_write(command, hw_id);
	local_irq_restore(flags);
}
