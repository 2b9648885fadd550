// SPDX-License-Identifier: GPL-2.0
/*
 * What a guest sees of a function's config space: PCI Local Bus 3.0, chapter 6;
 * PCI Express Base 6.0, section 7.5.3. Built from a snapshot, which belongs to
 * the function and need not make sense.
 */
#include <linux/minmax.h>
#include <linux/pci_regs.h>
#include <linux/string.h>

#include "pci.h"

#define FIRST_CAP	0x40
#define MAX_CAPS	48	/* so many fit; a list with more of them is a ring */
#define EXP_SIZE	0x3c	/* registers of version 2 */

static u16 word(const u8 *real, unsigned int at)
{
	return real[at] | real[at + 1] << 8;
}

static u32 dword(const u8 *real, unsigned int at)
{
	return word(real, at) | (u32)word(real, at + 2) << 16;
}

/* Return: the capability behind @at (0: the first), or 0 at the end. */
static unsigned int next_cap(const u8 *real, unsigned int at)
{
	unsigned int next;

	if (!at && !(word(real, PCI_STATUS) & PCI_STATUS_CAP_LIST))
		return 0;
	next = real[at ? at + PCI_CAP_LIST_NEXT : PCI_CAPABILITY_LIST] & ~3;
	return next >= FIRST_CAP ? next : 0;
}

static unsigned int find_cap(const u8 *real, u8 id)
{
	unsigned int at = 0, i;

	for (i = 0; i < MAX_CAPS; i++) {
		at = next_cap(real, at);
		if (!at || real[at] == id)
			return at;
	}
	return 0;
}

static void copy(const u8 *real, struct core_pci_function *f, unsigned int at, unsigned int size)
{
	unsigned int end = min(at + size, 256U);

	for (; at < end; at += 4)
		f->config[at / 4] = dword(real, at);
}

/* One message, no mask register: what the core offers. */
static void show_msi(const u8 *real, struct core_pci_function *f, unsigned int at)
{
	bool wide = word(real, at + PCI_MSI_FLAGS) & PCI_MSI_FLAGS_64BIT;
	u32 *config = &f->config[at / 4], *mask = &f->mask[at / 4];

	if (at + (wide ? 16 : 12) > 256)
		return;
	f->msi = at;
	config[0] = PCI_CAP_ID_MSI | (wide ? CORE_PCI_MSI_64 : 0);
	mask[0] = CORE_PCI_MSI_ENABLE;
	mask[1] = ~3U;
	if (wide)
		mask[2] = ~0U;
	mask[wide ? 3 : 2] = 0xffff;
}

static void show_msix(const u8 *real, struct core_pci_function *f, unsigned int at,
		      unsigned int vectors)
{
	unsigned int bar, nr;

	nr = axvm_pci_table(real, &bar, &f->table, &f->pending_bits);
	if (!nr || at + PCI_CAP_MSIX_SIZEOF > 256)
		return;
	f->msix = at;
	f->nr_vectors = min3(nr, vectors, (unsigned int)CORE_PCI_VECTORS);
	copy(real, f, at, PCI_CAP_MSIX_SIZEOF);
	f->config[at / 4] = PCI_CAP_ID_MSIX | (f->nr_vectors - 1) << 16;
	f->mask[at / 4] = CORE_PCI_MSIX_ENABLE | CORE_PCI_MSIX_MASKED;
}

/* An endpoint that is part of the root complex: it has no link, and its reset is the host's. */
static void show_express(const u8 *real, struct core_pci_function *f, unsigned int at)
{
	u32 *config = &f->config[at / 4];

	if (at + EXP_SIZE > 256)
		return;
	copy(real, f, at, EXP_SIZE);
	config[0] = (config[0] & ~((u32)PCI_EXP_FLAGS_TYPE << 16)) |
		    PCI_EXP_TYPE_RC_END << 20;
	config[PCI_EXP_DEVCAP / 4] &= ~PCI_EXP_DEVCAP_FLR;
	memset(&config[PCI_EXP_LNKCAP / 4], 0, PCI_EXP_DEVCAP2 - PCI_EXP_LNKCAP);
	memset(&config[PCI_EXP_LNKCAP2 / 4], 0, EXP_SIZE - PCI_EXP_LNKCAP2);
}

/* Return: was it taken over? */
static bool show_cap(const u8 *real, struct core_pci_function *f, unsigned int at,
		     unsigned int vectors)
{
	switch (real[at]) {
	case PCI_CAP_ID_MSI:
		if (vectors && !f->msi)
			show_msi(real, f, at);
		return f->msi == at;
	case PCI_CAP_ID_MSIX:
		if (vectors && !f->msix)
			show_msix(real, f, at, vectors);
		return f->msix == at;
	case PCI_CAP_ID_EXP:
		show_express(real, f, at);
		return at + EXP_SIZE <= 256;
	case PCI_CAP_ID_VNDR:
		copy(real, f, at, max_t(unsigned int, real[at + 2], 4));
		return true;
	}
	return false;
}

static void show_caps(const u8 *real, struct core_pci_function *f, unsigned int vectors)
{
	unsigned int at = 0, last = 0, i;

	for (i = 0; i < MAX_CAPS; i++) {
		at = next_cap(real, at);
		if (!at)
			return;
		if (!show_cap(real, f, at, vectors))
			continue;
		f->config[at / 4] &= ~0xff00U;
		if (last)
			f->config[last / 4] |= at << 8;
		else
			f->config[PCI_CAPABILITY_LIST / 4] = at;
		f->config[PCI_COMMAND / 4] |= (u32)PCI_STATUS_CAP_LIST << 16;
		last = at;
	}
}

unsigned int axvm_pci_table(const u8 *real, unsigned int *bar, u32 *table, u32 *pending)
{
	unsigned int at = find_cap(real, PCI_CAP_ID_MSIX);
	u32 t, p;

	*bar = 0;
	*table = 0;
	*pending = 0;
	if (!at || at + PCI_CAP_MSIX_SIZEOF > 256)
		return 0;
	t = dword(real, at + PCI_MSIX_TABLE);
	p = dword(real, at + PCI_MSIX_PBA);
	if ((t ^ p) & PCI_MSIX_TABLE_BIR || (t & PCI_MSIX_TABLE_BIR) >= CORE_PCI_BARS)
		return 0;
	*bar = t & PCI_MSIX_TABLE_BIR;
	*table = t & PCI_MSIX_TABLE_OFFSET;
	*pending = p & PCI_MSIX_PBA_OFFSET;
	return (word(real, at + PCI_MSIX_FLAGS) & PCI_MSIX_FLAGS_QSIZE) + 1;
}

void axvm_pci_image(const u8 *real, struct core_pci_function *f, bool intx, unsigned int vectors)
{
	f->kind = CORE_PCI_PHYSICAL;
	f->config[PCI_VENDOR_ID / 4] = dword(real, PCI_VENDOR_ID);
	f->config[PCI_CLASS_REVISION / 4] = dword(real, PCI_CLASS_REVISION);
	f->config[PCI_SUBSYSTEM_VENDOR_ID / 4] = dword(real, PCI_SUBSYSTEM_VENDOR_ID);
	f->mask[PCI_COMMAND / 4] = CORE_PCI_CMD_MEMORY | CORE_PCI_CMD_MASTER |
				   CORE_PCI_CMD_INTX_OFF;
	f->mask[PCI_CACHE_LINE_SIZE / 4] = 0xff;
	f->mask[PCI_INTERRUPT_LINE / 4] = 0xff;
	if (intx)
		f->config[PCI_INTERRUPT_LINE / 4] = 1 << 8;	/* pin A */
	show_caps(real, f, vectors);
}
