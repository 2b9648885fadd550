// SPDX-License-Identifier: GPL-2.0
/*
 * Segmentation, the guest page-table walker in every paging mode, and the
 * instruction fetch, over tables built in a buffer.
 */
#include <kunit/test.h>
#include <linux/string.h>

#include "x86_guest.h"

#define LOAD		CORE_ACCESS_READ
#define STORE		CORE_ACCESS_WRITE
#define FETCH		CORE_ACCESS_FETCH
#define MARK		CORE_ACCESS_MARK

/* Index 1 of the top table, 2, 3, 4, 5 below, offset 0x678. */
#define LINEAR57	0x0001010080c05678ULL
#define LINEAR48	0x0000010080c05678ULL

static int walk_test_init(struct kunit *test)
{
	test->priv = test_guest_create();
	return test->priv ? 0 : -ENOMEM;
}

static void walk_test_exit(struct kunit *test)
{
	test_guest_destroy(test->priv);
}

/* Long mode with tables that map LINEAR57 or LINEAR48 to a 4 KiB page at 0xabcde000. */
static void long_mode(struct test_guest *g, bool five)
{
	g->view.cr0 = X86_CR0_PE | X86_CR0_PG | X86_CR0_WP;
	g->view.cr4 = X86_CR4_PAE | (five ? X86_CR4_LA57 : 0);
	g->view.efer = EFER_LMA | EFER_NX;
	g->view.cr3 = five ? T5 : T4;
	g->seg[CORE_CS].attrib |= CORE_SEG_LONG;
	g->seg[CORE_CS].attrib &= ~CORE_SEG_BIG;
	guest_put64(g, T5 + 1 * 8, T4 | PWU);
	guest_put64(g, T4 + 2 * 8, T3 | PWU);
	guest_put64(g, T3 + 2 * 8, T2 | PWU);
	guest_put64(g, T2 + 6 * 8, T1 | PWU);
	guest_put64(g, T1 + 5 * 8, 0xabcde000 | PWU);
}

static void pae_mode(struct test_guest *g)
{
	g->view.cr0 = X86_CR0_PE | X86_CR0_PG | X86_CR0_WP;
	g->view.cr4 = X86_CR4_PAE;
	g->view.efer = EFER_NX;
	/* Its table may start anywhere at a multiple of 32. */
	g->view.cr3 = T3 + 0x7e0;
	guest_put64(g, T3 + 0x7e0 + 2 * 8, T2 | P);
	guest_put64(g, T2 + 6 * 8, T1 | PWU);
	guest_put64(g, T1 + 5 * 8, 0xabcde000 | PWU);
}

static void legacy_mode(struct test_guest *g)
{
	g->view.cr0 = X86_CR0_PE | X86_CR0_PG | X86_CR0_WP;
	g->view.cr3 = T2 | 0x18;
	/* 0x80c05678: directory 0x203, table 5 */
	*(u32 *)(g->ram + T2 + 0x203 * 4) = T1 | PWU;
	*(u32 *)(g->ram + T1 + 5 * 4) = 0xabcde000 | PWU;
}

static void expect_gpa(struct kunit *test, u64 linear, u32 access, u64 gpa)
{
	struct test_guest *g = test->priv;
	struct core_gpa out;

	KUNIT_EXPECT_EQ_MSG(test, core_walk(&g->view, linear, access, &out), CORE_WALK_OK,
			    "linear %llx", (unsigned long long)linear);
	KUNIT_EXPECT_EQ(test, out.gpa, gpa);
	KUNIT_EXPECT_EQ(test, out.left, 4096 - (u32)(gpa & 4095));
}

static void expect_pf(struct kunit *test, u64 linear, u32 access, u32 error)
{
	struct test_guest *g = test->priv;
	struct core_gpa out;

	KUNIT_EXPECT_EQ_MSG(test, core_walk(&g->view, linear, access, &out), CORE_WALK_FAULT,
			    "linear %llx, access %u", (unsigned long long)linear, access);
	KUNIT_EXPECT_EQ(test, g->view.fault_vector, 14);
	KUNIT_EXPECT_EQ_MSG(test, g->view.fault_error, error, "access %u", access);
	KUNIT_EXPECT_EQ(test, g->view.fault_addr, linear);
}

static void expect_no_ram(struct kunit *test, u64 linear, u64 gpa)
{
	struct test_guest *g = test->priv;
	struct core_gpa out;

	KUNIT_EXPECT_EQ(test, core_walk(&g->view, linear, LOAD, &out), CORE_WALK_NO_RAM);
	KUNIT_EXPECT_EQ(test, out.gpa, gpa);
}

static void walk_no_paging(struct kunit *test)
{
	expect_gpa(test, 0, LOAD, 0);
	expect_gpa(test, 0xfec00ffe, STORE, 0xfec00ffe);
	/* 32 bits are all there are. */
	expect_gpa(test, 0x1fec00fffULL, FETCH, 0xfec00fff);
}

static void walk_legacy(struct kunit *test)
{
	struct test_guest *g = test->priv;
	u32 *pde = (u32 *)(g->ram + T2 + 0x203 * 4);

	legacy_mode(g);
	expect_gpa(test, 0x80c05678, STORE, 0xabcde678);
	expect_pf(test, 0x80c06000, LOAD, 0);
	expect_pf(test, 0x80800000, STORE, 2);
	/* A fetch is told apart only where it can be forbidden. */
	expect_pf(test, 0x80800000, FETCH, 0);
	g->view.cr4 = X86_CR4_SMEP;
	expect_pf(test, 0x80800000, FETCH, 0x10);
	g->view.cr4 = 0;

	/* A 4 MiB page only with CR4.PSE, and then with address bits 39:32 in 20:13. */
	*pde = 0xc0000000 | 0xab << 13 | PS | PWU;
	expect_no_ram(test, 0x80c05678, 0xc0156000 + 5 * 4);
	g->view.cr4 = X86_CR4_PSE;
	expect_gpa(test, 0x80c05678, STORE, 0xabc0005678ULL);
	g->view.phys_bits = 39;
	expect_pf(test, 0x80c05678, LOAD, 9);
	g->view.phys_bits = 40;
	*pde |= 1U << 21;
	expect_pf(test, 0x80c05678, LOAD, 9);
}

static void walk_pae(struct kunit *test)
{
	struct test_guest *g = test->priv;

	pae_mode(g);
	expect_gpa(test, 0x80c05678, STORE, 0xabcde678);
	expect_pf(test, 0x40c05678, LOAD, 0);
	guest_put64(g, T2 + 6 * 8, 0x1234400000ULL | PS | PWU);
	expect_gpa(test, 0x80c05678, STORE, 0x1234405678ULL);
	/* Bits 62:52 are not for software here. */
	guest_put64(g, T2 + 6 * 8, 0x1234400000ULL | PS | PWU | 1ULL << 52);
	expect_pf(test, 0x80c05678, LOAD, 9);
	guest_put64(g, T2 + 6 * 8, 0x1234400000ULL | PS | PWU);
	/* Nor has the first level any rights. */
	guest_put64(g, T3 + 0x7e0 + 2 * 8, T2 | P | W);
	expect_pf(test, 0x80c05678, LOAD, 9);
	guest_put64(g, T3 + 0x7e0 + 2 * 8, T2 | P | NX);
	expect_pf(test, 0x80c05678, LOAD, 9);
}

static void walk_long(struct kunit *test)
{
	struct test_guest *g = test->priv;

	long_mode(g, false);
	expect_gpa(test, LINEAR48, STORE, 0xabcde678);
	/* CR3's low bits are flags or a PCID. */
	g->view.cr3 |= 0xfff;
	expect_gpa(test, LINEAR48, STORE, 0xabcde678);
	/* Bits 62:52 are the guest's own. */
	guest_put64(g, T1 + 5 * 8, 0xabcde000 | PWU | 0x7ffULL << 52);
	expect_gpa(test, LINEAR48, STORE, 0xabcde678);
	guest_put64(g, T2 + 6 * 8, 0x7fffe00000ULL | PS | PWU | 1ULL << 12);
	expect_gpa(test, LINEAR48, LOAD, 0x7fffe05678ULL);
	guest_put64(g, T3 + 2 * 8, 0x7f80000000ULL | PS | PWU);
	expect_gpa(test, LINEAR48, LOAD, 0x7f80c05678ULL);

	long_mode(g, true);
	expect_gpa(test, LINEAR57, STORE, 0xabcde678);
	/* The other half of the address space: index 511 of each level. */
	guest_put64(g, T5 + 511 * 8, T5 | PWU);
	expect_gpa(test, ~0ULL, LOAD, T5 + 0xfff);
}

static void walk_not_present(struct kunit *test)
{
	static const u64 entries[] = { T5 + 8, T4 + 16, T3 + 16, T2 + 48, T1 + 40 };
	struct test_guest *g = test->priv;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(entries); i++) {
		long_mode(g, true);
		guest_put64(g, entries[i], ~(u64)P);
		g->view.cpl = 0;
		expect_pf(test, LINEAR57, LOAD, 0);
		expect_pf(test, LINEAR57, STORE, 2);
		expect_pf(test, LINEAR57, FETCH, 0x10);
		g->view.cpl = 3;
		expect_pf(test, LINEAR57, LOAD, 4);
		expect_pf(test, LINEAR57, STORE, 6);
	}
}

static void walk_reserved(struct kunit *test)
{
	static const struct {
		u64 gpa, value;
	} garbage[] = {
		{ T5 + 8, T4 | PWU | PS },
		{ T4 + 16, T3 | PWU | PS },
		{ T3 + 16, T2 | PWU | PS },	/* 1 GiB page with low address bits */
		{ T2 + 48, T1 | PWU | PS },	/* 2 MiB page with low address bits */
		{ T5 + 8, T4 | PWU | 1ULL << 40 },
		{ T3 + 16, T2 | PWU | 1ULL << 51 },
		{ T1 + 40, PWU | 1ULL << 45 },
		{ T2 + 48, PWU | PS | 1ULL << 40 },
	};
	struct test_guest *g = test->priv;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(garbage); i++) {
		long_mode(g, true);
		guest_put64(g, garbage[i].gpa, garbage[i].value);
		expect_pf(test, LINEAR57, LOAD, 9);
	}
	long_mode(g, true);
	guest_put64(g, T1 + 40, 0xabcde000 | PWU | NX);
	expect_gpa(test, LINEAR57, LOAD, 0xabcde678);
	g->view.efer &= ~EFER_NX;
	expect_pf(test, LINEAR57, LOAD, 9);
}

/* Rights of the leaf and of the level above it, and who gets in how. */
static void walk_rights(struct kunit *test)
{
	static const u32 accesses[] = { LOAD, STORE, FETCH };
	static const struct {
		u64 upper, leaf;
		u64 cr0, cr4, rflags;
		u8 cpl;
		int error[3];		/* read, write, fetch; -1: allowed */
	} rows[] = {
		{ PWU, PWU, X86_CR0_WP, 0, 0, 3, { -1, -1, -1 } },
		{ PWU, P | U, X86_CR0_WP, 0, 0, 3, { -1, 7, -1 } },
		{ P | U, PWU, X86_CR0_WP, 0, 0, 3, { -1, 7, -1 } },
		{ P | W, PWU, X86_CR0_WP, 0, 0, 3, { 5, 7, 0x15 } },
		{ PWU, P | W, X86_CR0_WP, 0, 0, 3, { 5, 7, 0x15 } },
		{ PWU, PWU | NX, X86_CR0_WP, 0, 0, 3, { -1, -1, 0x15 } },
		{ PWU | NX, PWU, X86_CR0_WP, 0, 0, 0, { -1, -1, 0x11 } },
		{ PWU, P, X86_CR0_WP, 0, 0, 0, { -1, 3, -1 } },
		{ P, PWU, X86_CR0_WP, 0, 0, 0, { -1, 3, -1 } },
		{ PWU, P, 0, 0, 0, 0, { -1, -1, -1 } },
		{ PWU, P, 0, 0, 0, 3, { 5, 7, 0x15 } },
		{ PWU, PWU, X86_CR0_WP, X86_CR4_SMEP, 0, 0, { -1, -1, 0x11 } },
		{ PWU, P | W, X86_CR0_WP, X86_CR4_SMEP, 0, 0, { -1, -1, -1 } },
		{ PWU, PWU, X86_CR0_WP, X86_CR4_SMAP, 0, 0, { 1, 3, -1 } },
		{ PWU, PWU, X86_CR0_WP, X86_CR4_SMAP, X86_EFLAGS_AC, 0, { -1, -1, -1 } },
		{ PWU, PWU, X86_CR0_WP, X86_CR4_SMAP | X86_CR4_SMEP, 0, 3, { -1, -1, -1 } },
	};
	struct test_guest *g = test->priv;
	u32 i, j;

	for (i = 0; i < ARRAY_SIZE(rows) * ARRAY_SIZE(accesses); i++) {
		u32 row = i / ARRAY_SIZE(accesses);

		j = i % ARRAY_SIZE(accesses);
		long_mode(g, false);
		guest_put64(g, T2 + 48, T1 | rows[row].upper);
		guest_put64(g, T1 + 40, 0xabcde000 | rows[row].leaf);
		g->view.cr0 = X86_CR0_PE | X86_CR0_PG | rows[row].cr0;
		g->view.cr4 = X86_CR4_PAE | rows[row].cr4;
		g->view.rflags = rows[row].rflags;
		g->view.cpl = rows[row].cpl;
		if (rows[row].error[j] < 0)
			expect_gpa(test, LINEAR48, accesses[j], 0xabcde678);
		else
			expect_pf(test, LINEAR48, accesses[j], rows[row].error[j]);
	}
}

static void walk_wild(struct kunit *test)
{
	struct test_guest *g = test->priv;

	long_mode(g, false);
	g->view.cr3 = GUEST_RAM_SIZE;
	expect_no_ram(test, LINEAR48, GUEST_RAM_SIZE + 16);
	g->view.cr3 = ~0ULL;
	expect_no_ram(test, LINEAR48, 0x000ffffffffff000ULL + 16);
	g->view.cr3 = T4;
	guest_put64(g, T3 + 16, GUEST_DEVICE | PWU);
	expect_no_ram(test, LINEAR48, GUEST_DEVICE + 48);

	/* Tables that lead back to themselves: four levels and no more. */
	guest_put64(g, T4 + 2 * 8, T4 | PWU);
	guest_put64(g, T4 + 6 * 8, T4 | PWU);
	guest_put64(g, T4 + 5 * 8, T4 | PWU);
	g->lookups = 0;
	expect_gpa(test, LINEAR48, LOAD, T4 + 0x678);
	/* And one that found out that the short way does not do: it is not marked as accessed. */
	KUNIT_EXPECT_EQ(test, g->lookups, 5);
}

/* Accessed and dirty bits: only when asked, only where the CPU would. */
static void walk_marks(struct kunit *test)
{
	struct test_guest *g = test->priv;

	long_mode(g, false);
	expect_gpa(test, LINEAR48, STORE, 0xabcde678);
	KUNIT_EXPECT_EQ(test, guest_get64(g, T4 + 16), T3 | PWU);
	KUNIT_EXPECT_EQ(test, guest_get64(g, T1 + 40), 0xabcde000 | PWU);
	expect_gpa(test, LINEAR48, LOAD | MARK, 0xabcde678);
	KUNIT_EXPECT_EQ(test, guest_get64(g, T4 + 16), T3 | PWU | A);
	KUNIT_EXPECT_EQ(test, guest_get64(g, T1 + 40), 0xabcde000 | PWU | A);
	expect_gpa(test, LINEAR48, STORE | MARK, 0xabcde678);
	KUNIT_EXPECT_EQ(test, guest_get64(g, T2 + 48), T1 | PWU | A);
	KUNIT_EXPECT_EQ(test, guest_get64(g, T1 + 40), 0xabcde000 | PWU | A | D);
	guest_put64(g, T1 + 40, 0xabcde000 | P);
	expect_pf(test, LINEAR48, STORE | MARK, 3);
	KUNIT_EXPECT_EQ(test, guest_get64(g, T1 + 40), 0xabcde000 | P);

	pae_mode(g);
	g->view.efer = 0;
	expect_gpa(test, 0x80c05678, STORE | MARK, 0xabcde678);
	KUNIT_EXPECT_EQ(test, guest_get64(g, T3 + 0x7e0 + 16), T2 | P);
	KUNIT_EXPECT_EQ(test, guest_get64(g, T1 + 40), 0xabcde000 | PWU | A | D);

	legacy_mode(g);
	g->view.cr4 = 0;
	*(u32 *)(g->ram + T1 + 4 * 4) = 0x11223344;
	expect_gpa(test, 0x80c05678, STORE | MARK, 0xabcde678);
	KUNIT_EXPECT_EQ(test, guest_get64(g, T1 + 4 * 4),
			0x11223344 | (0xabcde000 | PWU | A | D) << 32);
}

static void walk_noise(struct kunit *test)
{
	static const struct {
		u64 cr4, efer;
		u32 levels;
	} modes[] = {
		{ 0, 0, 2 }, { X86_CR4_PSE, 0, 2 }, { X86_CR4_PAE, 0, 3 }, { X86_CR4_PAE, EFER_NX, 3 },
		{ X86_CR4_PAE, EFER_LMA | EFER_NX, 4 }, { X86_CR4_PAE | X86_CR4_LA57, EFER_LMA, 5 },
	};
	struct test_guest *g = test->priv;
	u64 random = 0x2545f4914f6cdd1dULL;
	u32 seen[CORE_WALK_RACE + 1] = {};
	u32 i, mode;

	for (i = 0; i < 120000; i++) {
		struct core_gpa out;
		int status;

		random ^= random << 13;
		random ^= random >> 7;
		random ^= random << 17;
		/* Mostly entries that lead somewhere in RAM, present and with few odd bits. */
		guest_put64(g, random % GUEST_RAM_SIZE & ~7ULL,
			    i % 8 ? (random >> 20 & 0x3ffff) | PWU : random);
		mode = random % ARRAY_SIZE(modes);
		g->view.cr0 = X86_CR0_PE | X86_CR0_PG;
		g->view.cr4 = modes[mode].cr4;
		g->view.efer = modes[mode].efer;
		g->view.cr3 = i % 16 ? random >> 8 & 0x3ffff : random;
		g->lookups = 0;
		status = core_walk(&g->view, random >> 3, i & 7, &out);
		KUNIT_ASSERT_TRUE(test, status >= 0 && status <= CORE_WALK_RACE);
		KUNIT_ASSERT_LE(test, g->lookups, 2 * modes[mode].levels);
		KUNIT_ASSERT_TRUE(test, status || out.gpa >> 40 == 0);
		seen[status]++;
	}
	KUNIT_EXPECT_GT(test, seen[CORE_WALK_OK], 1000u);
	KUNIT_EXPECT_GT(test, seen[CORE_WALK_FAULT], 1000u);
	KUNIT_EXPECT_GT(test, seen[CORE_WALK_NO_RAM], 1000u);
	KUNIT_EXPECT_EQ(test, seen[CORE_WALK_RACE], 0u);
}

static void expect_linear(struct kunit *test, u32 seg, u64 offset, u32 size, u32 access,
			  u64 want)
{
	struct test_guest *g = test->priv;
	u64 linear = 0;

	KUNIT_EXPECT_EQ_MSG(test, core_linear(&g->view, seg, offset, size, access, &linear),
			    CORE_WALK_OK, "offset %llx", (unsigned long long)offset);
	KUNIT_EXPECT_EQ(test, linear, want);
}

static void expect_refused(struct kunit *test, u32 seg, u64 offset, u32 size, u32 access,
			   u8 vector)
{
	struct test_guest *g = test->priv;
	u64 linear;

	g->view.fault_vector = 0;
	g->view.fault_error = 1;
	KUNIT_EXPECT_EQ_MSG(test, core_linear(&g->view, seg, offset, size, access, &linear),
			    CORE_WALK_FAULT, "offset %llx", (unsigned long long)offset);
	KUNIT_EXPECT_EQ(test, g->view.fault_vector, vector);
	KUNIT_EXPECT_EQ(test, g->view.fault_error, 0u);
}

static void linear_segments(struct kunit *test)
{
	struct test_guest *g = test->priv;

	g->seg[CORE_DS].base = 0xfff00000;
	expect_linear(test, CORE_DS, 0x100010, 4, LOAD, 0x10);
	expect_linear(test, CORE_DS, 0xfffffffc, 4, STORE, 0xffeffffc);
	expect_refused(test, CORE_DS, 0xfffffffd, 4, STORE, 13);
	g->seg[CORE_SS].limit = 0xfff;
	expect_linear(test, CORE_SS, 0xff8, 8, LOAD, 0xff8);
	expect_refused(test, CORE_SS, 0xff9, 8, LOAD, 12);
	/* Growing down: everything above the limit. */
	g->seg[CORE_SS].attrib |= CORE_SEG_TYPE_DOWN;
	expect_refused(test, CORE_SS, 0xfff, 1, LOAD, 12);
	expect_linear(test, CORE_SS, 0x1000, 4, LOAD, 0x1000);
	g->seg[CORE_SS].attrib &= ~CORE_SEG_BIG;
	expect_linear(test, CORE_SS, 0xfffe, 2, LOAD, 0xfffe);
	expect_refused(test, CORE_SS, 0xffff, 2, LOAD, 12);

	g->seg[CORE_ES].attrib &= ~CORE_SEG_TYPE_WR;
	expect_linear(test, CORE_ES, 0, 4, LOAD, 0);
	expect_refused(test, CORE_ES, 0, 4, STORE, 13);
	expect_refused(test, CORE_CS, 0, 4, STORE, 13);
	expect_linear(test, CORE_CS, 0, 4, LOAD, 0);
	g->seg[CORE_CS].attrib &= ~CORE_SEG_TYPE_WR;
	expect_refused(test, CORE_CS, 0, 4, LOAD, 13);
	expect_linear(test, CORE_CS, 0, 4, FETCH, 0);
	g->seg[CORE_FS].attrib = 0;
	expect_refused(test, CORE_FS, 0, 4, LOAD, 13);

	/* Real and virtual-8086 mode have limits, but no types. */
	g->view.rflags = X86_EFLAGS_VM;
	expect_linear(test, CORE_ES, 0, 4, STORE, 0);
	g->view.rflags = 0;
	g->view.cr0 = 0;
	g->seg[CORE_FS].base = 0xffff0;
	g->seg[CORE_FS].limit = 0xffff;
	expect_linear(test, CORE_FS, 0xfffc, 4, STORE, 0x10ffec);
	expect_refused(test, CORE_FS, 0xfffe, 4, STORE, 13);
}

static void linear_long(struct kunit *test)
{
	struct test_guest *g = test->priv;
	int i;

	long_mode(g, false);
	for (i = 0; i < 6; i++)
		g->seg[i].base = 0xffff888000000000ULL;
	g->seg[CORE_DS].limit = 0;
	expect_linear(test, CORE_DS, 0x1234, 8, STORE, 0x1234);
	expect_linear(test, CORE_FS, 0x1234, 8, STORE, 0xffff888000001234ULL);
	expect_linear(test, CORE_GS, -16ULL, 8, STORE, 0xffff887ffffffff0ULL);
	expect_linear(test, CORE_DS, 0x7ffffffffff8ULL, 8, LOAD, 0x7ffffffffff8ULL);
	expect_refused(test, CORE_DS, 0x7ffffffffff9ULL, 8, LOAD, 13);
	expect_refused(test, CORE_SS, 0x800000000000ULL, 8, LOAD, 12);
	expect_refused(test, CORE_DS, 0xffff7fffffffffffULL, 1, LOAD, 13);
	expect_linear(test, CORE_DS, 0xffff800000000000ULL, 8, LOAD, 0xffff800000000000ULL);
	g->view.cr4 |= X86_CR4_LA57;
	expect_linear(test, CORE_DS, 0x800000000000ULL, 8, LOAD, 0x800000000000ULL);
	expect_refused(test, CORE_DS, 0x0100000000000000ULL, 8, LOAD, 13);
}

static void code_sizes(struct kunit *test)
{
	struct test_guest *g = test->priv;

	KUNIT_EXPECT_EQ(test, core_code_size(&g->view), 4u);
	g->seg[CORE_CS].attrib &= ~CORE_SEG_BIG;
	KUNIT_EXPECT_EQ(test, core_code_size(&g->view), 2u);
	/* CS.L says nothing outside long mode. */
	g->seg[CORE_CS].attrib |= CORE_SEG_LONG;
	KUNIT_EXPECT_EQ(test, core_code_size(&g->view), 2u);
	g->view.efer = EFER_LMA;
	KUNIT_EXPECT_EQ(test, core_code_size(&g->view), 8u);
	g->seg[CORE_CS].attrib ^= CORE_SEG_LONG | CORE_SEG_BIG;
	KUNIT_EXPECT_EQ(test, core_code_size(&g->view), 4u);
}

static void fetch_bytes(struct kunit *test)
{
	struct test_guest *g = test->priv;
	u8 buf[16];
	u32 i;

	for (i = 0; i < 0x8000; i++)
		g->ram[0x10000 + i] = i + (i >> 8);
	long_mode(g, false);
	guest_put64(g, T1 + 40, 0x10000 | PWU);
	memset(buf, 0xee, sizeof(buf));
	g->view.rip = LINEAR48;
	KUNIT_EXPECT_EQ(test, core_guest_fetch(&g->view, buf), 15u);
	KUNIT_EXPECT_EQ(test, memcmp(buf, g->ram + 0x10678, 15), 0);
	KUNIT_EXPECT_EQ(test, buf[15], 0xee);

	/* Across a page: nothing, something not executable, something else mapped there. */
	g->view.rip = (LINEAR48 & ~0xfffULL) + 0xff9;
	KUNIT_EXPECT_EQ(test, core_guest_fetch(&g->view, buf), 7u);
	guest_put64(g, T1 + 48, 0x13000 | PWU | NX);
	KUNIT_EXPECT_EQ(test, core_guest_fetch(&g->view, buf), 7u);
	guest_put64(g, T1 + 48, 0x13000 | PWU);
	KUNIT_EXPECT_EQ(test, core_guest_fetch(&g->view, buf), 15u);
	KUNIT_EXPECT_EQ(test, memcmp(buf, g->ram + 0x10ff9, 7), 0);
	KUNIT_EXPECT_EQ(test, memcmp(buf + 7, g->ram + 0x13000, 8), 0);

	/* Mapped, but not RAM. */
	guest_put64(g, T1 + 40, GUEST_DEVICE | PWU);
	KUNIT_EXPECT_EQ(test, core_guest_fetch(&g->view, buf), 0u);
}

static void fetch_segment(struct kunit *test)
{
	struct test_guest *g = test->priv;
	u8 buf[15];

	memcpy(g->ram + 0x1fff0, "0123456789abcdefgh", 18);
	g->view.cr0 = 0;
	g->seg[CORE_CS].base = 0x10000;
	g->seg[CORE_CS].limit = 0xffff;
	g->view.rip = 0xfff1;
	KUNIT_EXPECT_EQ(test, core_guest_fetch(&g->view, buf), 15u);
	KUNIT_EXPECT_EQ(test, memcmp(buf, "123456789abcdef", 15), 0);
	/* The limit ends an instruction too. */
	g->view.rip = 0xfffd;
	KUNIT_EXPECT_EQ(test, core_guest_fetch(&g->view, buf), 3u);
	g->view.rip = 0x10000;
	KUNIT_EXPECT_EQ(test, core_guest_fetch(&g->view, buf), 0u);
}

static struct kunit_case walk_cases[] = {
	KUNIT_CASE(walk_no_paging),
	KUNIT_CASE(walk_legacy),
	KUNIT_CASE(walk_pae),
	KUNIT_CASE(walk_long),
	KUNIT_CASE(walk_not_present),
	KUNIT_CASE(walk_reserved),
	KUNIT_CASE(walk_rights),
	KUNIT_CASE(walk_wild),
	KUNIT_CASE(walk_marks),
	KUNIT_CASE(walk_noise),
	KUNIT_CASE(linear_segments),
	KUNIT_CASE(linear_long),
	KUNIT_CASE(code_sizes),
	KUNIT_CASE(fetch_bytes),
	KUNIT_CASE(fetch_segment),
	{}
};

static struct kunit_suite walk_suite = {
	.name = "axvm_x86_walk",
	.init = walk_test_init,
	.exit = walk_test_exit,
	.test_cases = walk_cases,
};
kunit_test_suite(walk_suite);
