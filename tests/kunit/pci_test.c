// SPDX-License-Identifier: GPL-2.0
/* Config space images: what guests read, what of their writes stays, how BARs tell their size. */
#include <kunit/test.h>

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

static struct kunit_case pci_cases[] = {
	KUNIT_CASE(reads),
	KUNIT_CASE(only_what_the_mask_allows),
	KUNIT_CASE(lanes),
	KUNIT_CASE(bars_tell_their_size),
	{}
};

static struct kunit_suite pci_suite = {
	.name = "axvm-pci",
	.test_cases = pci_cases,
};

kunit_test_suite(pci_suite);
