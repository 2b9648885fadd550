// SPDX-License-Identifier: GPL-2.0
/*
 * The guest of x86_guest.h, and what walk.c and emulate.c ask of whoever links
 * them: its RAM and its device.
 */
#include <linux/mm.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

#include "x86_guest.h"

void *core_guest_ptr(void *guest, u64 gpa, u32 len, bool write)
{
	struct test_guest *g = guest;

	g->lookups++;
	if (gpa >= GUEST_RAM_SIZE || len > GUEST_RAM_SIZE - gpa || (gpa & 4095) + len > 4096)
		return NULL;
	if (write && g->read_only && gpa >> 12 == g->read_only >> 12)
		return NULL;
	return g->ram + gpa;
}

int core_emul_mmio_once(void *guest, u64 gpa, u32 size, bool write, u64 *val)
{
	((struct test_guest *)guest)->once++;
	return core_emul_mmio(guest, gpa, size, write, val);
}

void core_emul_other(void *guest)
{
	((struct test_guest *)guest)->others++;
}

int core_emul_mmio(void *guest, u64 gpa, u32 size, bool write, u64 *val)
{
	struct test_guest *g = guest;

	g->last_gpa = gpa;
	g->last_size = size;
	if (g->refuse || gpa < GUEST_DEVICE || gpa + size > GUEST_DEVICE + 4096)
		return CORE_EMUL_REFUSED;
	if (g->asks && !g->asked) {
		g->asks--;
		g->asked = true;
		return CORE_EMUL_ASKED;
	}
	g->asked = false;
	if (write) {
		g->writes++;
		memcpy(g->device + (gpa - GUEST_DEVICE), val, size);
		return 0;
	}
	g->reads++;
	/* Bits beyond the size must not matter. */
	*val = GARBAGE;
	memcpy(val, g->device + (gpa - GUEST_DEVICE), size);
	return 0;
}

/**
 * test_guest_create() - Make a guest in 32-bit protected mode without paging.
 *
 * Return: the guest, NULL without memory.
 */
struct test_guest *test_guest_create(void)
{
	struct test_guest *g = vzalloc(sizeof(*g));
	int i;

	if (!g)
		return NULL;
	g->ram = vzalloc(GUEST_RAM_SIZE);
	if (!g->ram) {
		vfree(g);
		return NULL;
	}
	for (i = 0; i < 6; i++)
		g->seg[i] = (struct core_seg) { .limit = 0xffffffff, .attrib = 0xc93 };
	for (i = 0; i < 16; i++)
		g->gpr[i] = GARBAGE;
	for (i = 0; i < 4096; i++)
		g->device[i] = 0x80 + i;
	g->view = (struct core_view) {
		.gpr = g->gpr,
		.seg = g->seg,
		.guest = g,
		.rflags = 2,
		.phys_bits = 40,
	};
	test_guest_legacy(g, true);
	return g;
}

/**
 * test_guest_destroy() - Undo test_guest_create().
 * @g: the guest, or NULL
 */
void test_guest_destroy(struct test_guest *g)
{
	if (g)
		vfree(g->ram);
	vfree(g);
}

/**
 * test_guest_flat() - Enter 64-bit mode with the first 2 MiB mapped one to one.
 * @g: the guest
 *
 * Its last page leads to the device instead.
 */
void test_guest_flat(struct test_guest *g)
{
	u64 linear;

	guest_put64(g, T4, T3 | PWU);
	guest_put64(g, T3, T2 | PWU);
	guest_put64(g, T2, T1 | PWU);
	for (linear = 0; linear < 0x200000; linear += 4096)
		guest_put_pte(g, linear, linear | PWU);
	guest_put_pte(g, GUEST_DEVICE_LINEAR, GUEST_DEVICE | PWU);
	g->seg[CORE_CS].attrib = 0x29b;
	g->view.cr0 = X86_CR0_PE | X86_CR0_PG | X86_CR0_WP;
	g->view.cr3 = T4;
	g->view.cr4 = X86_CR4_PAE;
	g->view.efer = EFER_LMA | EFER_NX;
}

/**
 * test_guest_legacy() - Enter 32-bit protected or real mode, without paging.
 * @g: the guest
 * @big: 32-bit
 */
void test_guest_legacy(struct test_guest *g, bool big)
{
	g->view.cr0 = big ? X86_CR0_PE : 0;
	g->view.cr4 = 0;
	g->view.efer = 0;
	g->seg[CORE_CS].attrib = big ? 0xc9b : 0x9b;
}

/**
 * test_guest_run() - Emulate one instruction at GUEST_CODE.
 * @g: the guest
 * @code: the instruction
 * @len: its bytes
 * @gpa: where it is said to have faulted
 *
 * Device accesses are counted from 0.
 *
 * Return: what core_emulate() returns.
 */
int test_guest_run(struct test_guest *g, const char *code, u32 len, u64 gpa)
{
	memset(g->ram + GUEST_CODE, 0x90, 16);
	memcpy(g->ram + GUEST_CODE, code, len);
	g->view.rip = GUEST_CODE;
	g->reads = 0;
	g->writes = 0;
	return core_emulate(&g->view, gpa, &g->em);
}
