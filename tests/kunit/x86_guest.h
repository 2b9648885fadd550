/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A guest for the tests of the page-table walker and of the emulator: a CPU, RAM
 * from GPA 0, and one page of device registers far above it.
 */
#ifndef AXVM_X86_GUEST_H
#define AXVM_X86_GUEST_H

#include <asm/msr-index.h>
#include <asm/processor-flags.h>
#include <linux/types.h>

#include "emulate.h"

/* Page-table entries. */
#define P		0x01ULL
#define W		0x02ULL
#define U		0x04ULL
#define A		0x20ULL
#define D		0x40ULL
#define PS		0x80ULL
#define NX		(1ULL << 63)
#define PWU		(P | W | U)

/* Its tables, one page each, top to bottom. */
#define T5		0x1000ULL
#define T4		0x2000ULL
#define T3		0x3000ULL
#define T2		0x4000ULL
#define T1		0x5000ULL

#define GUEST_RAM_SIZE	0x40000ULL
#define GUEST_DEVICE	0xfec00000ULL

/* Where test_guest_flat() puts things; other linear addresses below 2 MiB are the GPA. */
#define GUEST_CODE	0x8000ULL
#define GUEST_BUFFER	0x10000ULL
#define GUEST_DEVICE_LINEAR	0x1ff000ULL

#define GARBAGE		0xa5a5a5a5a5a5a5a5ULL

struct test_guest {
	struct core_view view;
	struct core_seg seg[6];
	u64 gpr[16];
	struct core_emul em;
	u8 *ram;
	u8 device[4096];
	u64 last_gpa;		/* of a device access */
	u32 last_size;
	u32 lookups;		/* calls of core_guest_ptr() */
	u32 reads;		/* of device registers */
	u32 writes;
	u32 once;		/* calls of core_emul_mmio_once() */
	u32 others;		/* of core_emul_other() */
	u64 read_only;		/* a page of RAM that is, or 0 */
	bool refuse;		/* there is no device after all */
	u32 asks;		/* so many of the next accesses are answered when made again */
	bool asked;		/* this one was not answered */
};

struct test_guest *test_guest_create(void);
void test_guest_destroy(struct test_guest *guest);
void test_guest_flat(struct test_guest *guest);
void test_guest_legacy(struct test_guest *guest, bool big);
int test_guest_run(struct test_guest *guest, const char *code, u32 len, u64 gpa);

static inline void guest_put64(struct test_guest *guest, u64 gpa, u64 value)
{
	*(u64 *)(guest->ram + gpa) = value;
}

static inline u64 guest_get64(struct test_guest *guest, u64 gpa)
{
	return *(u64 *)(guest->ram + gpa);
}

/* Page-table entry of a linear address below 2 MiB. */
static inline void guest_put_pte(struct test_guest *guest, u64 linear, u64 pte)
{
	guest_put64(guest, T1 + (linear >> 12) * 8, pte);
}

/* The device's register at offset 0x10. */
static inline u64 guest_device_value(struct test_guest *guest)
{
	return *(u64 *)(guest->device + 0x10);
}

static inline void guest_set_device(struct test_guest *guest, u64 value)
{
	*(u64 *)(guest->device + 0x10) = value;
}

#endif
