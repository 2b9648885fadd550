/* SPDX-License-Identifier: GPL-2.0 */
/* The ACPI tables of an x86 cell. */
#ifndef AXVMCTL_ACPI_H
#define AXVMCTL_ACPI_H

#include "x86.h"

#define ACPI_ROOM	(X86_BIOS_END - X86_ACPI_GPA)

/**
 * acpi_build() - write hardware-reduced ACPI tables that describe the machine
 * @buf: ACPI_ROOM bytes, zeroed; the RSDP comes first
 * @gpa: where the guest will see @buf
 *
 * Return: bytes used, or 0 when they do not fit.
 */
size_t acpi_build(const struct machine *m, u8 *buf, u64 gpa);

#endif
