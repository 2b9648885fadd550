// SPDX-License-Identifier: GPL-2.0
/* Config space images: what guests read, what of their writes stays, how BARs tell their size. */
#include <kunit/test.h>

#include <linux/pci_regs.h>

#include "calm.h"
#include "core.h"
#include "dma_fault.h"
#include "../../module/pci.h"
#include "../../module/core/pci.h"

#define BAR0		0x10
#define BAR_SIZE	0x4000

static const struct core_pci_function device = {
	.kind = CORE_PCI_PHYSICAL,
	.config = {
		[0] = 0x10d38086, [1] = 0x00100000, [4] = 0xd1000000 | 4, [5] = 0,
		[15] = 0x0000010b,
	},
	.mask = {
		[1] = CORE_PCI_CMD_MEMORY | CORE_PCI_CMD_MASTER | CORE_PCI_CMD_INTX_OFF,
		[4] = ~(BAR_SIZE - 1), [5] = ~0U, [15] = 0xff,
	},
};

static void reads(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, core_pci_read(&device, 0, 4), 0x10d38086);
	KUNIT_EXPECT_EQ(test, core_pci_read(&device, 0, 2), 0x8086);
	KUNIT_EXPECT_EQ(test, core_pci_read(&device, 2, 2), 0x10d3);
	KUNIT_EXPECT_EQ(test, core_pci_read(&device, 3, 1), 0x10);
	KUNIT_EXPECT_EQ(test, core_pci_read(&device, 0xfc, 4), 0);
}

static void only_what_the_mask_allows(struct kunit *test)
{
	struct core_pci_function f = device;

	KUNIT_EXPECT_EQ(test, core_pci_write(&f, 0, 4, ~0U), 0);
	KUNIT_EXPECT_EQ(test, core_pci_read(&f, 0, 4), 0x10d38086);
	/* Command: of all ones, three bits; the status beside it stays. */
	KUNIT_EXPECT_EQ(test, core_pci_write(&f, 4, 4, ~0U), 0x406);
	KUNIT_EXPECT_EQ(test, core_pci_read(&f, 4, 4), 0x00100406);
	KUNIT_EXPECT_EQ(test, core_pci_write(&f, 4, 2, CORE_PCI_CMD_MEMORY), 0x404);
	KUNIT_EXPECT_EQ(test, core_pci_read(&f, 4, 4), 0x00100002);
}

static void lanes(struct kunit *test)
{
	struct core_pci_function f = device;

	/* The upper byte of the command register only. */
	KUNIT_EXPECT_EQ(test, core_pci_write(&f, 5, 1, 0xff), 0x400);
	KUNIT_EXPECT_EQ(test, core_pci_read(&f, 4, 2), 0x400);
	/* The interrupt line is written, the pin beside it is not. */
	KUNIT_EXPECT_EQ(test, core_pci_write(&f, 0x3c, 2, 0x5555), 0x5e);
	KUNIT_EXPECT_EQ(test, core_pci_read(&f, 0x3c, 4), 0x155);
	KUNIT_EXPECT_EQ(test, core_pci_write(&f, 0x3d, 1, 0x77), 0);
}

static void bars_tell_their_size(struct kunit *test)
{
	struct core_pci_function f = device;

	core_pci_write(&f, BAR0, 4, ~0U);
	core_pci_write(&f, BAR0 + 4, 4, ~0U);
	KUNIT_EXPECT_EQ(test, core_pci_read(&f, BAR0, 4), ~(BAR_SIZE - 1) | 4);
	KUNIT_EXPECT_EQ(test, core_pci_read(&f, BAR0 + 4, 4), ~0U);
	core_pci_write(&f, BAR0, 4, 0xd2003fff);
	core_pci_write(&f, BAR0 + 4, 4, 1);
	KUNIT_EXPECT_EQ(test, core_pci_read(&f, BAR0, 4), 0xd2000004);
	KUNIT_EXPECT_EQ(test, core_pci_read(&f, BAR0 + 4, 4), 1);
}

static void what_the_host_must_do(struct kunit *test)
{
	struct core_pci_function f = device;

	f.msi = 0x50;
	f.msix = 0x70;
	KUNIT_EXPECT_TRUE(test, core_pci_matters(&f, 1, CORE_PCI_CMD_MEMORY));
	KUNIT_EXPECT_TRUE(test, core_pci_matters(&f, 1, CORE_PCI_CMD_INTX_OFF));
	KUNIT_EXPECT_FALSE(test, core_pci_matters(&f, 1, 0));
	/* A BAR that is written while nobody decodes it is sized, not moved. */
	KUNIT_EXPECT_FALSE(test, core_pci_matters(&f, 4, ~0U));
	core_pci_write(&f, 4, 2, CORE_PCI_CMD_MEMORY);
	KUNIT_EXPECT_TRUE(test, core_pci_matters(&f, 4, ~0U));
	KUNIT_EXPECT_FALSE(test, core_pci_matters(&f, 15, 0xff));
	KUNIT_EXPECT_TRUE(test, core_pci_matters(&f, 0x50 / 4, CORE_PCI_MSI_ENABLE));
	KUNIT_EXPECT_FALSE(test, core_pci_matters(&f, 0x54 / 4, ~0U));
	KUNIT_EXPECT_TRUE(test, core_pci_matters(&f, 0x70 / 4, CORE_PCI_MSIX_ENABLE));
	KUNIT_EXPECT_FALSE(test, core_pci_matters(&f, 0x70 / 4, CORE_PCI_MSIX_MASKED));
}

static void msix_table(struct kunit *test)
{
	struct core_pci_function *f = kunit_kzalloc(test, sizeof(*f), GFP_KERNEL);
	u64 value = 0xfee01000;

	KUNIT_ASSERT_NOT_NULL(test, f);
	f->nr_vectors = 3;
	f->table = 0x800;
	f->pending_bits = 0xc00;
	f->waiting = 5;
	KUNIT_EXPECT_TRUE(test, core_pci_bar(f, 0x810, 4, true, &value));
	KUNIT_EXPECT_EQ(test, f->vector[1].address, 0xfee01000);
	value = 0x100000041ULL;
	KUNIT_EXPECT_TRUE(test, core_pci_bar(f, 0x818, 8, true, &value));
	KUNIT_EXPECT_EQ(test, f->vector[1].data, 0x41);
	KUNIT_EXPECT_EQ(test, f->vector[1].control, 1);
	KUNIT_EXPECT_FALSE(test, core_pci_bar(f, 0x818, 8, false, &value));
	KUNIT_EXPECT_EQ(test, value, 0x100000041ULL);
	core_pci_bar(f, 0xc00, 8, false, &value);
	KUNIT_EXPECT_EQ(test, value, 5);
	core_pci_bar(f, 0xc04, 4, false, &value);
	KUNIT_EXPECT_EQ(test, value, 0);
	/* Before, behind and across the ends of the table nothing is changed. */
	value = ~0ULL;
	KUNIT_EXPECT_FALSE(test, core_pci_bar(f, 0x7fc, 4, true, &value));
	KUNIT_EXPECT_FALSE(test, core_pci_bar(f, 0x830, 4, true, &value));
	KUNIT_EXPECT_FALSE(test, core_pci_bar(f, 0x830, 8, true, &value));
	KUNIT_EXPECT_FALSE(test, core_pci_bar(f, 0x811, 4, true, &value));
	KUNIT_EXPECT_FALSE(test, core_pci_bar(f, 0x810, 2, true, &value));
	KUNIT_EXPECT_EQ(test, f->vector[1].address, 0xfee01000);
	KUNIT_EXPECT_EQ(test, f->vector[3].address, 0);
}

/* The config space of a function with MSI at 0x50, MSI-X at 0x70, one more at 0x90. */
static void fill_real(u8 *real)
{
	static const u8 ids[] = { 0x86, 0x80, 0xd3, 0x10, 7, 4, 0x10, 0 };
	static const u8 msi[] = { PCI_CAP_ID_MSI, 0x70, 0x8a, 1 };
	static const u8 msix[] = {
		PCI_CAP_ID_MSIX, 0x90, 0x3f, 0x80, 3, 0, 0, 0, 3, 0x20, 0, 0,
	};
	static const u8 pm[] = { PCI_CAP_ID_PM, 0xa0 };
	static const u8 vendor[] = { PCI_CAP_ID_VNDR, 0, 8, 0x55, 1, 2, 3, 4 };

	memset(real, 0, 256);
	memcpy(real, ids, sizeof(ids));
	real[PCI_CAPABILITY_LIST] = 0x50;
	memcpy(real + 0x50, msi, sizeof(msi));
	memcpy(real + 0x70, msix, sizeof(msix));
	memcpy(real + 0x90, pm, sizeof(pm));
	memcpy(real + 0xa0, vendor, sizeof(vendor));
}

static void image(struct kunit *test)
{
	struct core_pci_function *f = kunit_kzalloc(test, sizeof(*f), GFP_KERNEL);
	u8 *real = kunit_kzalloc(test, 256, GFP_KERNEL);
	u32 table, pending;
	unsigned int bar;

	KUNIT_ASSERT_NOT_NULL(test, f);
	KUNIT_ASSERT_NOT_NULL(test, real);
	fill_real(real);
	axvm_pci_image(real, f, true, CORE_PCI_VECTORS);
	KUNIT_EXPECT_EQ(test, core_pci_read(f, 0, 4), 0x10d38086);
	/* Memory and bus mastering are off at power-on, whatever the function had. */
	KUNIT_EXPECT_EQ(test, core_pci_read(f, PCI_COMMAND, 2), 0);
	KUNIT_EXPECT_EQ(test, core_pci_read(f, PCI_STATUS, 2), PCI_STATUS_CAP_LIST);
	KUNIT_EXPECT_EQ(test, core_pci_read(f, PCI_INTERRUPT_PIN, 1), 1);
	KUNIT_EXPECT_EQ(test, f->msi, 0x50);
	KUNIT_EXPECT_EQ(test, f->msix, 0x70);
	/* One message of those that MSI has, without mask bits, and not enabled. */
	KUNIT_EXPECT_EQ(test, core_pci_read(f, 0x50, 4), 0x00807005);
	/* 64 vectors are more than a guest gets. */
	KUNIT_EXPECT_EQ(test, f->nr_vectors, CORE_PCI_VECTORS);
	KUNIT_EXPECT_EQ(test, core_pci_read(f, 0x72, 2), CORE_PCI_VECTORS - 1);
	/* Power management is left out of the list. */
	KUNIT_EXPECT_EQ(test, core_pci_read(f, 0x71, 1), 0xa0);
	KUNIT_EXPECT_EQ(test, core_pci_read(f, 0x90, 4), 0);
	KUNIT_EXPECT_EQ(test, core_pci_read(f, 0xa4, 4), 0x04030201);
	KUNIT_EXPECT_EQ(test, core_pci_write(f, 0xa4, 4, ~0U), 0);
	KUNIT_EXPECT_EQ(test, axvm_pci_table(real, &bar, &table, &pending), 64);
	KUNIT_EXPECT_EQ(test, bar, 3);
	KUNIT_EXPECT_EQ(test, pending, 0x2000);
	memset(f, 0, sizeof(*f));
	axvm_pci_image(real, f, false, 0);
	KUNIT_EXPECT_EQ(test, f->msi | f->msix | f->nr_vectors, 0);
	KUNIT_EXPECT_EQ(test, core_pci_read(f, PCI_INTERRUPT_PIN, 1), 0);
	KUNIT_EXPECT_EQ(test, core_pci_read(f, PCI_CAPABILITY_LIST, 1), 0xa0);
}

/* Rings, lists that leave the space, capabilities that reach beyond its end. */
static void hostile_images(struct kunit *test)
{
	struct core_pci_function *f = kunit_kzalloc(test, 2 * sizeof(*f), GFP_KERNEL);
	u8 *real = kunit_kzalloc(test, 256, GFP_KERNEL);
	u32 seed = 1, table, pending;
	unsigned int i, k, bar;

	KUNIT_ASSERT_NOT_NULL(test, f);
	KUNIT_ASSERT_NOT_NULL(test, real);
	for (i = 0; i < 4000; i++) {
		fill_real(real);
		for (k = 0; k < 12; k++) {
			seed = seed * 1664525 + 1013904223;
			real[seed >> 24] = seed >> 8;
		}
		if (i % 8 == 0)
			memset(real, i >> 3, 256);
		memset(f, 0, 2 * sizeof(*f));
		axvm_pci_image(real, f, true, CORE_PCI_VECTORS);
		axvm_pci_table(real, &bar, &table, &pending);
		KUNIT_ASSERT_LT(test, bar, CORE_PCI_BARS);
		KUNIT_ASSERT_LE(test, f->nr_vectors, CORE_PCI_VECTORS);
		KUNIT_ASSERT_LE(test, f->msi, 256 - 12);
		KUNIT_ASSERT_LE(test, f->msix, 256 - 12);
		KUNIT_ASSERT_EQ(test, f->mask[0], 0);
		KUNIT_ASSERT_FALSE(test, memchr_inv(f + 1, 0, sizeof(*f)));
	}
}

static void dma_faults(struct kunit *test)
{
	static const char * const smmu[] = {
		"[    7.682539] arm-smmu-v3 9050000.smmuv3: event 0x10 received:\n",
		"[    7.682553] arm-smmu-v3 9050000.smmuv3: \t0x0000002800000010\n",
		"[    7.682566] arm-smmu-v3 9050000.smmuv3: \t0x0000020000000000\n",
		"[    7.682580] arm-smmu-v3 9050000.smmuv3: \t0x000000006000000c\n",
		"[    7.682593] arm-smmu-v3 9050000.smmuv3: \t0x0000000000000000\n",
	};
	struct axvm_dma_fault_parser parser = {};
	struct axvm_dma_fault fault = {};
	unsigned int i;

	KUNIT_EXPECT_FALSE(test, axvm_dma_fault_parse(&parser, "DMAR: DRHD: handling fault status reg 2",
						      &fault));
	KUNIT_EXPECT_TRUE(test, axvm_dma_fault_parse(&parser, "[ 16.2] DMAR: [DMA Write NO_PASID] Request device [00:05.0] fault addr 0x8000000 [fault reason 0x05] PTE Write access is not set",
						     &fault));
	KUNIT_EXPECT_EQ(test, fault.requester, 0x28);
	KUNIT_EXPECT_EQ(test, fault.gpa, 0x8000000);
	KUNIT_EXPECT_TRUE(test, fault.write && !fault.stream);
	KUNIT_EXPECT_TRUE(test, axvm_dma_fault_parse(&parser, "DMAR: [DMA Read PASID 0x0] Request device [3a:1f.7] fault addr 0xfffffffff000 [fault reason 0x06]",
						     &fault));
	KUNIT_EXPECT_EQ(test, fault.requester, 0x3aff);
	KUNIT_EXPECT_FALSE(test, fault.write);
	for (i = 0; i < ARRAY_SIZE(smmu) - 1; i++)
		KUNIT_EXPECT_FALSE(test, axvm_dma_fault_parse(&parser, smmu[i], &fault));
	KUNIT_EXPECT_TRUE(test, axvm_dma_fault_parse(&parser, smmu[i], &fault));
	KUNIT_EXPECT_EQ(test, fault.requester, 0x28);
	KUNIT_EXPECT_EQ(test, fault.gpa, 0x6000000c);
	KUNIT_EXPECT_TRUE(test, fault.write && fault.stream);
	/* Words without an event's line before them, and lines that are cut. */
	KUNIT_EXPECT_FALSE(test, axvm_dma_fault_parse(&parser, smmu[1], &fault));
	KUNIT_EXPECT_FALSE(test, axvm_dma_fault_parse(&parser, "DMAR: Request device [00:05", &fault));
	KUNIT_EXPECT_FALSE(test, axvm_dma_fault_parse(&parser, "Request device [zz] fault addr x", &fault));
}

static void too_often(struct kunit *test)
{
	struct axvm_rate rate = {};
	unsigned int i;

	for (i = 1; i < 5; i++)
		KUNIT_EXPECT_FALSE(test, axvm_rate_over(&rate, 7, 5));
	KUNIT_EXPECT_TRUE(test, axvm_rate_over(&rate, 7, 5));
	KUNIT_EXPECT_TRUE(test, axvm_rate_over(&rate, 7, 5));
	/* A new jiffy, be it an earlier one: jiffies wrap. */
	KUNIT_EXPECT_FALSE(test, axvm_rate_over(&rate, 8, 5));
	for (i = 2; i < 5; i++)
		KUNIT_EXPECT_FALSE(test, axvm_rate_over(&rate, 8, 5));
	KUNIT_EXPECT_TRUE(test, axvm_rate_over(&rate, 8, 5));
	KUNIT_EXPECT_FALSE(test, axvm_rate_over(&rate, 0, 5));
}

static struct kunit_case pci_cases[] = {
	KUNIT_CASE(reads),
	KUNIT_CASE(only_what_the_mask_allows),
	KUNIT_CASE(lanes),
	KUNIT_CASE(bars_tell_their_size),
	KUNIT_CASE(what_the_host_must_do),
	KUNIT_CASE(msix_table),
	KUNIT_CASE(image),
	KUNIT_CASE(hostile_images),
	KUNIT_CASE(dma_faults),
	KUNIT_CASE(too_often),
	{}
};

static struct kunit_suite pci_suite = {
	.name = "axvm-pci",
	.test_cases = pci_cases,
};

kunit_test_suite(pci_suite);
