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

struct aml_crs aml_crs_begin(struct aml *aml);
void aml_crs_io(struct aml *aml, u16 base, u8 nr);
/* edge triggered, active high, exclusive */
void aml_crs_irq(struct aml *aml, u32 irq);
void aml_crs_end(struct aml *aml, struct aml_crs crs);

#endif
