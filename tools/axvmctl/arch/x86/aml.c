// SPDX-License-Identifier: GPL-2.0
/*
 * ACPI machine language, written by hand: section numbers are those of the ACPI
 * specification 6.x, chapter 20 for the language and 6.4 for resources.
 */
#include <stdlib.h>
#include <string.h>

#include "aml.h"

enum {
	OP_ZERO = 0x00, OP_ONE = 0x01, OP_NAME = 0x08, OP_BYTE = 0x0a, OP_WORD = 0x0b,
	OP_DWORD = 0x0c, OP_STRING = 0x0d, OP_SCOPE = 0x10, OP_BUFFER = 0x11, OP_PACKAGE = 0x12,
	OP_EXT = 0x5b, EXT_DEVICE = 0x82,
};

#define LENGTH_BYTES	3	/* PkgLength always in its three-byte form */

void aml_bytes(struct aml *aml, const void *bytes, size_t len)
{
	if (len > aml->room - aml->len) {
		aml->full = true;
		return;
	}
	memcpy(aml->data + aml->len, bytes, len);
	aml->len += len;
}

static void put(struct aml *aml, u8 byte)
{
	aml_bytes(aml, &byte, 1);
}

/* 20.2.4: the length counts itself. */
static aml_mark begin_length(struct aml *aml)
{
	aml_mark mark = aml->len;

	aml_bytes(aml, "\0\0\0", LENGTH_BYTES);
	return mark;
}

void aml_end(struct aml *aml, aml_mark mark)
{
	size_t len = aml->len - mark;
	u8 *at = aml->data + mark;

	if (aml->full)
		return;
	at[0] = (LENGTH_BYTES - 1) << 6 | (len & 0xf);
	at[1] = len >> 4;
	at[2] = len >> 12;
}

static void put_name(struct aml *aml, const char *name)
{
	aml_bytes(aml, name, strlen(name));
}

aml_mark aml_scope(struct aml *aml, const char *name)
{
	aml_mark mark;

	put(aml, OP_SCOPE);
	mark = begin_length(aml);
	put_name(aml, name);
	return mark;
}

aml_mark aml_device(struct aml *aml, const char *name)
{
	aml_mark mark;

	put(aml, OP_EXT);
	put(aml, EXT_DEVICE);
	mark = begin_length(aml);
	put_name(aml, name);
	return mark;
}

static void put_integer(struct aml *aml, u32 value)
{
	if (value <= 1) {
		put(aml, value ? OP_ONE : OP_ZERO);
	} else if (value <= 0xff) {
		put(aml, OP_BYTE);
		put(aml, value);
	} else if (value <= 0xffff) {
		put(aml, OP_WORD);
		aml_bytes(aml, &value, 2);
	} else {
		put(aml, OP_DWORD);
		aml_bytes(aml, &value, 4);
	}
}

static void begin_name(struct aml *aml, const char *name)
{
	put(aml, OP_NAME);
	put_name(aml, name);
}

void aml_name_integer(struct aml *aml, const char *name, u32 value)
{
	begin_name(aml, name);
	put_integer(aml, value);
}

void aml_name_string(struct aml *aml, const char *name, const char *value)
{
	begin_name(aml, name);
	put(aml, OP_STRING);
	aml_bytes(aml, value, strlen(value) + 1);
}

/* 19.3.4: three letters in five bits each, four hexadecimal digits, big-endian. */
void aml_name_eisaid(struct aml *aml, const char *name, const char *id)
{
	u32 number = strtoul(id + 3, NULL, 16);
	u32 code = (u32)(id[0] - '@') << 26 | (u32)(id[1] - '@') << 21 |
		   (u32)(id[2] - '@') << 16 | number;

	aml_name_integer(aml, name, __builtin_bswap32(code));
}

void aml_name_package(struct aml *aml, const char *name, const u32 *values, u8 nr)
{
	aml_mark mark;

	begin_name(aml, name);
	put(aml, OP_PACKAGE);
	mark = begin_length(aml);
	put(aml, nr);
	for (u8 i = 0; i < nr; i++)
		put_integer(aml, values[i]);
	aml_end(aml, mark);
}

/* 6.2.13: packages of address, pin, source (0: the next is a GSI), GSI */
void aml_name_prt(struct aml *aml, u32 nr, u32 first, u32 lines)
{
	aml_mark all, one;

	begin_name(aml, "_PRT");
	put(aml, OP_PACKAGE);
	all = begin_length(aml);
	put(aml, nr);
	for (u32 i = 0; i < nr; i++) {
		put(aml, OP_PACKAGE);
		one = begin_length(aml);
		put(aml, 4);
		put_integer(aml, i << 16 | 0xffff);
		put_integer(aml, 0);
		put_integer(aml, 0);
		put_integer(aml, first + i % lines);
		aml_end(aml, one);
	}
	aml_end(aml, all);
}

struct aml_crs aml_crs_begin(struct aml *aml)
{
	struct aml_crs crs;

	begin_name(aml, "_CRS");
	put(aml, OP_BUFFER);
	crs.mark = begin_length(aml);
	put(aml, OP_BYTE);
	crs.size_at = aml->len;
	put(aml, 0);
	crs.start = aml->len;
	return crs;
}

/* 6.4.2.5 I/O Port Descriptor */
void aml_crs_io(struct aml *aml, u16 base, u8 nr)
{
	const u8 decode16 = 1, align = 1;

	put(aml, 0x47);
	put(aml, decode16);
	aml_bytes(aml, &base, 2);
	aml_bytes(aml, &base, 2);
	put(aml, align);
	put(aml, nr);
}

/* 6.4.3.6 Extended Interrupt Descriptor */
void aml_crs_irq(struct aml *aml, u32 irq)
{
	const u8 consumer = 1 << 0, edge = 1 << 1;

	put(aml, 0x89);
	aml_bytes(aml, "\x06", 2);
	put(aml, consumer | edge);
	put(aml, 1);
	aml_bytes(aml, &irq, 4);
}

/* 6.4.3.4 32-bit Fixed Memory Range Descriptor */
void aml_crs_memory(struct aml *aml, u32 base, u32 size)
{
	const u8 writable = 1;

	put(aml, 0x86);
	aml_bytes(aml, "\x09", 2);
	put(aml, writable);
	aml_bytes(aml, &base, 4);
	aml_bytes(aml, &size, 4);
}

enum { FIXED_ENDS = 0x0c };	/* both ends of an address space are fixed */

/* 6.4.3.5.2 DWord Address Space Descriptor, of memory */
void aml_crs_window(struct aml *aml, u32 base, u32 size)
{
	const u32 range[5] = { 0, base, base + size - 1, 0, size };
	const u8 memory = 0, writable = 1;

	put(aml, 0x87);
	aml_bytes(aml, "\x17", 2);
	put(aml, memory);
	put(aml, FIXED_ENDS);
	put(aml, writable);
	aml_bytes(aml, range, sizeof(range));
}

/* 6.4.3.5.3 Word Address Space Descriptor, of bus numbers */
void aml_crs_bus(struct aml *aml)
{
	const u16 range[5] = { 0, 0, 0, 0, 1 };
	const u8 bus = 2;

	put(aml, 0x88);
	aml_bytes(aml, "\x0d", 2);
	put(aml, bus);
	put(aml, FIXED_ENDS);
	put(aml, 0);
	aml_bytes(aml, range, sizeof(range));
}

void aml_crs_end(struct aml *aml, struct aml_crs crs)
{
	/* 6.4.2.9 End Tag; a checksum of 0 counts as right */
	put(aml, 0x79);
	put(aml, 0);
	if (!aml->full)
		aml->data[crs.size_at] = aml->len - crs.start;
	aml_end(aml, crs.mark);
}
