// SPDX-License-Identifier: GPL-2.0
/*
 * Messages of PCI functions: Intel SDM volume 3, 11.11 (address and data formats).
 * They become commands between the cell's own local APICs.
 */
#include "core.h"
#include "lapic.h"

#define MSI_ADDRESS	0xfee00000ULL
#define MSI_ADDRESS_MASK	0xfff00000ULL
#define MSI_DEST(address)	((address) >> 12 & 0xff)
#define MSI_LOGICAL	(1ULL << 2)

void core_arch_msi(u64 address, u32 data)
{
	bool x2 = core_cell()->arch.lapic[core_index()].base & X86_APIC_BASE_EXTD;
	u32 mode = X86_ICR_MODE(data);
	u64 dest = MSI_DEST(address);

	if (address >> 32 || (address & MSI_ADDRESS_MASK) != MSI_ADDRESS ||
	    (mode != X86_ICR_FIXED && mode != X86_ICR_LOWEST)) {
		core_count_event(AXVM_COUNTER_IRQ_DROPPED);
		return;
	}
	if (x2 && dest == 0xff)
		dest = 0xffffffff;
	core_lapic_command(dest << (x2 ? 32 : 56) | (data & 0x7ff) | X86_ICR_ASSERT |
			   (address & MSI_LOGICAL ? X86_ICR_LOGICAL : 0));
}
