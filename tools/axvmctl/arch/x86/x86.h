/* SPDX-License-Identifier: GPL-2.0 */
/* What the files of the x86 machine share. */
#ifndef AXVMCTL_X86_H
#define AXVMCTL_X86_H

#include "../../arch.h"

#define X86_ACPI_GPA	0xe0000ULL	/* where a guest looks for the RSDP */
#define X86_RESET_GPA	0xffff0ULL	/* where a PC starts, f000:fff0 */
#define X86_BIOS_END	0x100000ULL
#define X86_VGA_GPA	0xa0000ULL
#define X86_LOW_END	0x9f000ULL	/* below what a PC's firmware keeps for itself */

#define X86_IOAPIC_GPA	0xfec00000ULL
#define X86_LAPIC_GPA	0xfee00000ULL

/* The ports of the core's acpi-pm device, from its base. */
#define X86_PM_SLEEP_CONTROL	0
#define X86_PM_SLEEP_STATUS	1
#define X86_PM_RESET		2
#define X86_PM_RESET_VALUE	1
#define X86_PM_S5		5	/* sleep type */

/**
 * x86_identity_map() - put page tables for long mode into guest memory
 * @root: set to the GPA of the PML4
 *
 * They map the first 4 GiB and all guest memory, GPA = address, 2 MiB pages.
 * Return: an exit code, after a message.
 */
int x86_identity_map(struct machine *m, u64 *root);

#endif
