// SPDX-License-Identifier: GPL-2.0
/*
 * Interrupts that a guest's own CPUs raise: SGIs (IHI 0069, ICC_SGI1R_EL1), what is
 * asked for by hypercall or from the host, and the end of one by its number.
 */
#include "core.h"

#define NR_PRIVATE	32

static void set_bits(u32 *word, u32 mask)
{
	__atomic_fetch_or(word, mask, __ATOMIC_SEQ_CST);
}

/* Return: false if the guest may not. */
static bool send_to(struct core_cpu *cpu, u32 vcpu, u32 sgi)
{
	struct core_cell *cell = core_cell();

	if (core_direct())
		return core_direct_send(cell->vcpu[vcpu].hw_id, sgi);
	set_bits(&cell->arch.gic.redist[vcpu].word.pending, 1U << sgi);
	if (vcpu != cpu->index)
		core_arch_kick(cell->vcpu[vcpu].hw_id);
	return true;
}

void core_gic_send(struct core_cpu *cpu, u64 value)
{
	struct core_cell *cell = core_cell();
	u64 affinity = (value >> 16 & 0xff) | (value >> 24 & 0xff00) | (value >> 32 & 0xff0000);
	u32 sgi = value >> 24 & 0xf;
	u32 list = value & 0xffff;
	bool refused = false;
	u64 i;

	if (value & 1ULL << 40) {	/* IRM: all but self, in this cell */
		for (i = 0; i < cell->nr_vcpus; i++)
			refused |= i != cpu->index && !send_to(cpu, i, sgi);
		list = 0;
	}
	if (value >> 44 & 0xf)		/* range selector: Aff0 of 16 and more, which no vCPU has */
		refused |= list;
	for (; list && !refused; list &= list - 1) {
		i = affinity * 16 + __builtin_ctz(list);
		refused = i >= cell->nr_vcpus || !send_to(cpu, i, sgi);
	}
	if (!refused)
		return;
	core_count_event(AXVM_COUNTER_IPI_REFUSED);
	core_log(CORE_LOG_IPI, value, 0);
}

/* Private ones only; SPIs are lines. */
void core_arch_inject(u32 vector)
{
	if (vector < NR_PRIVATE)
		set_bits(&core_cell()->arch.gic.redist[core_index()].word.pending, 1U << vector);
}

bool core_arch_guest_irq(u32 vcpu, u64 number)
{
	if (number >= CORE_GIC_INTIDS)
		return false;
	if (number >= NR_PRIVATE) {
		core_device_lock();
		core_arch_irq_pulse(number);
		core_device_unlock();
		return true;
	}
	if (number < 16)
		return send_to(core_cpu(), vcpu, number);
	if (core_direct() || (ARM_TIMERS & 1U << number))
		return false;
	core_irq_send_vector(vcpu, number);
	return true;
}

void core_gic_deactivate(u64 intid)
{
	/* Shown the physical interface, the guest can end what is its own there, and no more. */
	if (intid < NR_PRIVATE || core_wire_take(intid)) {
		core_write(ICC_DIR_EL1, intid);
		core_isb();
		return;
	}
	if (intid >= CORE_GIC_INTIDS)
		return;
	core_device_lock();
	core_gic_forget(intid, 1U << intid % 32, ARM_ICH_LR_ACTIVE);
	core_device_unlock();
}
