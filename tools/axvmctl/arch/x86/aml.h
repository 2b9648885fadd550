/* SPDX-License-Identifier: GPL-2.0 */
/* The few words of ACPI machine language (ACPI specification, chapter 20) that a DSDT needs. */
#ifndef AXVMCTL_AML_H
#define AXVMCTL_AML_H

#include "../../axvmctl.h"

struct aml {
	u8 *data;
	size_t len, room;
	bool full;		/* something did not fit: the result is of no use */
};

/* A part whose length is written when it ends. */
typedef size_t aml_mark;

void aml_bytes(struct aml *aml, const void *bytes, size_t len);

/* Scope (\_SB and the like) or device with a name of four characters. */
aml_mark aml_scope(struct aml *aml, const char *name);
aml_mark aml_device(struct aml *aml, const char *name);
void aml_end(struct aml *aml, aml_mark mark);

/* Name (name, value): an integer, a string, a compressed EISA ID such as "PNP0501" */
void aml_name_integer(struct aml *aml, const char *name, u32 value);
void aml_name_string(struct aml *aml, const char *name, const char *value);
void aml_name_eisaid(struct aml *aml, const char *name, const char *id);
/* Name (name, Package () { values }) */
void aml_name_package(struct aml *aml, const char *name, const u32 *values, u8 nr);

/* Name (_CRS, ResourceTemplate () { ... }): add resources between begin and end. */
struct aml_crs {
	aml_mark mark;
	size_t size_at, start;
};

/*
 * Name (_PRT, ...) of a PCI bus: pin A of devices 0 to @nr - 1 is on interrupt
 * @first + device % @lines; no device has another pin
 */
void aml_name_prt(struct aml *aml, u32 nr, u32 first, u32 lines);

struct aml_crs aml_crs_begin(struct aml *aml);
void aml_crs_io(struct aml *aml, u16 base, u8 nr);
/* edge triggered, active high, exclusive */
void aml_crs_irq(struct aml *aml, u32 irq);
/* fixed memory that is the device's own; a window that it hands on; bus number 0 */
void aml_crs_memory(struct aml *aml, u32 base, u32 size);
void aml_crs_window(struct aml *aml, u32 base, u32 size);
void aml_crs_bus(struct aml *aml);
void aml_crs_end(struct aml *aml, struct aml_crs crs);

#endif
