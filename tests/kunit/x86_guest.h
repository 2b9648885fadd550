/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A guest for the tests of the page-table walker and of the emulator: a CPU, RAM
 * from GPA 0, and one page of device registers far above it.
 */
#ifndef AXVM_X86_GUEST_H
#define AXVM_X86_GUEST_H

#include <linux/types.h>

#include "emulate.h"

#define CR0_PE		(1ULL << 0)
#define CR0_WP		(1ULL << 16)
#define CR0_PG		(1ULL << 31)
#define CR4_PSE		(1ULL << 4)
#define CR4_PAE		(1ULL << 5)
#define CR4_LA57	(1ULL << 12)
#define CR4_SMEP	(1ULL << 20)
#define CR4_SMAP	(1ULL << 21)
#define EFER_LMA	(1ULL << 10)
#define EFER_NXE	(1ULL << 11)
#define RFLAGS_CF	(1ULL << 0)
#define RFLAGS_PF	(1ULL << 2)
#define RFLAGS_AF	(1ULL << 4)
#define RFLAGS_ZF	(1ULL << 6)
#define RFLAGS_SF	(1ULL << 7)
#define RFLAGS_DF	(1ULL << 10)
#define RFLAGS_OF	(1ULL << 11)
#define RFLAGS_RF	(1ULL << 16)
#define RFLAGS_VM	(1ULL << 17)
#define RFLAGS_AC	(1ULL << 18)

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

/* Where x86_guest_flat() puts things; other linear addresses below 2 MiB are the GPA. */
#define GUEST_CODE	0x8000ULL
#define GUEST_BUFFER	0x10000ULL
#define GUEST_DEVICE_LINEAR	0x1ff000ULL

#define GARBAGE		0xa5a5a5a5a5a5a5a5ULL

struct x86_guest {
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
	bool refuse;		/* there is no device after all */
};

struct x86_guest *x86_guest_create(void);
void x86_guest_destroy(struct x86_guest *guest);
void x86_guest_flat(struct x86_guest *guest);
void x86_guest_legacy(struct x86_guest *guest, bool big);
int x86_guest_run(struct x86_guest *guest, const char *code, u32 len, u64 gpa);

static inline void guest_put64(struct x86_guest *guest, u64 gpa, u64 value)
{
	*(u64 *)(guest->ram + gpa) = value;
}

static inline u64 guest_get64(struct x86_guest *guest, u64 gpa)
{
	return *(u64 *)(guest->ram + gpa);
}

/* Page-table entry of a linear address below 2 MiB. */
static inline void guest_put_pte(struct x86_guest *guest, u64 linear, u64 pte)
{
	guest_put64(guest, T1 + (linear >> 12) * 8, pte);
}

/* The device's register at offset 0x10. */
static inline u64 guest_device_value(struct x86_guest *guest)
{
	return *(u64 *)(guest->device + 0x10);
}

static inline void guest_set_device(struct x86_guest *guest, u64 value)
{
	*(u64 *)(guest->device + 0x10) = value;
}

#endif
