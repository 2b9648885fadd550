// SPDX-License-Identifier: GPL-2.0
/* From a PCI function of the host to what a guest sees of it: config space and BARs. */
#include <linux/mm.h>
#include <linux/pci.h>

#include "log.h"
#include "pci.h"
#include "pci_physical.h"

static struct axvm_pci_physical *physical_of(struct axvm_pci_function *f)
{
	return container_of(f, struct axvm_pci_physical, f);
}

static void set_master(struct axvm_pci_function *f, bool on)
{
	if (on)
		pci_set_master(physical_of(f)->pdev);
	else
		pci_clear_master(physical_of(f)->pdev);
}

static void reset(struct axvm_pci_function *f)
{
	struct axvm_pci_physical *p = physical_of(f);

	if (!READ_ONCE(p->unplugged))
		pci_try_reset_function(p->pdev);
}

static const struct axvm_pci_ops ops = {
	.master = set_master,
	.irq = axvm_pci_irq_set,
	.reset = reset,
};

/* Config accesses of PCI core are in CPU byte order; the image is as the device has it. */
static void snapshot(struct pci_dev *pdev, u8 *real)
{
	unsigned int i;
	u32 value;

	for (i = 0; i < 256; i += 4) {
		if (pci_read_config_dword(pdev, i, &value))
			value = ~0U;
		real[i] = value;
		real[i + 1] = value >> 8;
		real[i + 2] = value >> 16;
		real[i + 3] = value >> 24;
	}
}

static bool is_memory(struct pci_dev *pdev, unsigned int i)
{
	return (pci_resource_flags(pdev, i) & IORESOURCE_MEM) && pci_resource_len(pdev, i);
}

/* A guest gets whole pages: none may be shared with another function. */
static int take_bar(struct axvm_pci_physical *p, unsigned int i, struct axvm_error *err)
{
	u64 start = pci_resource_start(p->pdev, i), size = pci_resource_len(p->pdev, i);
	struct axvm_pci_bar *bar = &p->f.bar[i];

	if (!start || start & ~PAGE_MASK || size & ~PAGE_MASK)
		return axvm_fail(err, -EINVAL,
				 "PCI function %s: BAR %u (0x%llx bytes at 0x%llx) is not a page by itself, so a guest would get its neighbours too: try pci=resource_alignment=%s on the host's command line",
				 pci_name(p->pdev), i, size, start, pci_name(p->pdev));
	bar->size = size;
	bar->hpa = start;
	bar->flags = AXVM_PT_READ | AXVM_PT_WRITE | AXVM_PT_DEVICE;
	return 0;
}

static int take_bars(struct axvm_pci_physical *p, struct axvm_error *err)
{
	struct pci_dev *pdev = p->pdev;
	int mask = 0, ret = 0;
	unsigned int i;

	for (i = 0; i < CORE_PCI_BARS && !ret; i++) {
		if (!is_memory(pdev, i))
			continue;
		ret = take_bar(p, i, err);
		mask |= 1 << i;
	}
	if (ret)
		return ret;
	ret = pci_request_selected_regions(pdev, mask, "axvm cell");
	if (ret)
		return axvm_fail(err, ret,
				 "PCI function %s: something of Linux has its registers, see /proc/iomem",
				 pci_name(pdev));
	p->regions = mask;
	return 0;
}

/*
 * The pages of the MSI-X table and its pending bits come to the core. What else
 * is in those pages the guest does not reach.
 */
static void trap_table(struct axvm_pci_physical *p, const u8 *real)
{
	struct core_pci_function *c = &p->f.initial;
	unsigned int nr, i;
	u32 table, pending;
	u64 from, to;

	nr = axvm_pci_table(real, &i, &table, &pending);
	if (!c->msix)
		return;
	from = min(table, pending);
	to = max_t(u64, table + nr * PCI_MSIX_ENTRY_SIZE, pending + ALIGN(nr, 64) / 8);
	from = round_down(from, PAGE_SIZE);
	to = round_up(to, PAGE_SIZE);
	p->f.bar[i].trap = from;
	p->f.bar[i].trap_size = to - from;
	c->table -= from;
	c->pending_bits -= from;
}

/* Is the table where its capability says, in a BAR that is there? */
static bool table_ok(struct axvm_pci_physical *p, const u8 *real)
{
	unsigned int nr, i;
	u32 table, pending;

	nr = axvm_pci_table(real, &i, &table, &pending);
	return nr && p->f.bar[i].size && nr * PCI_MSIX_ENTRY_SIZE <= p->f.bar[i].size &&
	       table <= p->f.bar[i].size - nr * PCI_MSIX_ENTRY_SIZE &&
	       pending < p->f.bar[i].size;
}

int axvm_pci_describe(struct axvm_pci_physical *p, struct axvm_error *err)
{
	bool interrupts = p->f.cell->cfg->irq_mode != AXVM_IRQ_MODE_NONE;
	struct pci_dev *pdev = p->pdev;
	unsigned int vectors;
	u8 real[256];
	int ret;

	ret = take_bars(p, err);
	if (ret)
		return ret;
	snapshot(pdev, real);
	vectors = interrupts ? CORE_PCI_VECTORS : 0;
	if (pdev->msix_cap && !table_ok(p, real)) {
		axvm_log(p->f.cell, "%s: its MSI-X table is not where a guest could be kept from it: the guest gets no messages",
			 pci_name(pdev));
		vectors = 0;
	}
	p->f.ops = &ops;
	axvm_pci_image(real, &p->f.initial,
		       interrupts && pdev->pin && pdev->irq && pci_intx_mask_supported(pdev), vectors);
	trap_table(p, real);
	return 0;
}
