// SPDX-License-Identifier: GPL-2.0
/* Where the PCI bus is, and how its interrupts get to vCPU 0. */
#include "x86.h"
#include "../../lib/pci.h"

#define FIRST_PIN	16
#define RTE(pin)	(0x10 + 2 * (pin))
#define RTE_LEVEL	(1 << 15)
#define VECTOR_MESSAGE	0x61
#define VECTOR_PIN	0x62

u64 pci_ecam(void)
{
	return 0xd0000000;
}

void pci_message(u64 *address, u32 *data, u32 *vector)
{
	*address = XAPIC;
	*data = *vector = VECTOR_MESSAGE;
}

u32 pci_line(u32 slot)
{
	u32 pin = FIRST_PIN + slot % 4;

	mmio_write(IOAPIC, RTE(pin) + 1);
	mmio_write(IOAPIC + 0x10, 0);
	mmio_write(IOAPIC, RTE(pin));
	mmio_write(IOAPIC + 0x10, VECTOR_PIN | RTE_LEVEL);
	return VECTOR_PIN;
}
