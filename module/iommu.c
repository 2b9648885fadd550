// SPDX-License-Identifier: GPL-2.0
/*
 * What devices of a cell may reach by DMA: exactly the cell's memory, at the
 * guest's addresses. Each IOMMU group that a cell has is in a domain of its
 * own, so that groups may be behind different IOMMUs.
 */
#include <linux/dma-map-ops.h>
#include <linux/iommu.h>
#include <linux/pci.h>
#include <linux/sizes.h>
#include <linux/slab.h>

#include "axvm.h"
#include "compat.h"
#include "iommu.h"
#include "log.h"
#include "memory.h"

#define CHUNK	((u64)SZ_2M)

struct axvm_iommu_group {
	struct list_head node;		/* cell->iommu */
	struct iommu_group *group;
	struct iommu_domain *domain;
	unsigned int users;		/* functions of the cell */
	bool owned, attached;
};

static int prot_of(u32 flags)
{
	return (flags & AXVM_MEMORY_FLAG_READ ? IOMMU_READ : 0) |
	       (flags & AXVM_MEMORY_FLAG_WRITE ? IOMMU_WRITE : 0) | IOMMU_CACHE;
}

/* For drivers that tell; the others' faults are read from the kernel log: dma_fault.c. */
static int report_fault(struct iommu_domain *domain, struct device *dev, unsigned long iova,
			int flags, void *token)
{
	struct axvm_cell *cell = token;

	/* Perhaps in an interrupt: only told. */
	axvm_log(cell, "%s: DMA %s at GPA 0x%lx, where the cell has no memory: refused by the IOMMU",
		 dev ? dev_name(dev) : "a device", flags & IOMMU_FAULT_WRITE ? "write" : "read", iova);
	return -EFAULT;
}

/*
 * In parts of at most CHUNK: an IOMMU may be unable to take a part of a large
 * page away, so that all of it has to go and the rest to come back.
 */
static int map_range(struct iommu_domain *domain, u64 gpa, u64 hpa, u64 size, u32 flags)
{
	u64 done, part;
	int ret;

	for (done = 0; done < size; done += part) {
		part = min(size - done, CHUNK - ((gpa + done) & (CHUNK - 1)));
		ret = axvm_iommu_map_range(domain, gpa + done, hpa + done, part, prot_of(flags));
		if (!ret)
			continue;
		if (done)
			iommu_unmap(domain, gpa, done);
		return ret;
	}
	return 0;
}

/* Whatever of [start, end) is memory of the cell. */
static void map_again(struct axvm_cell *cell, struct iommu_domain *domain, u64 start, u64 end)
{
	struct axvm_memory *mem;
	u64 from, to;
	int ret;

	list_for_each_entry(mem, &cell->memory, node) {
		from = max(start, mem->gpa);
		to = min(end, mem->gpa + mem->size);
		if (from >= to || !(mem->flags & AXVM_MEMORY_FLAG_READ))
			continue;
		ret = map_range(domain, from, mem->hpa + (from - mem->gpa), to - from, mem->flags);
		if (ret)
			axvm_log(cell,
				 "memory at GPA 0x%llx, 0x%llx bytes: lost for the cell's devices, the IOMMU cannot map it again: error %d",
				 from, to - from, ret);
	}
}

static void unmap_range(struct axvm_cell *cell, struct iommu_domain *domain, u64 gpa, u64 size)
{
	u64 start = round_down(gpa, CHUNK), end = round_up(gpa + size, CHUNK);
	u64 at;

	/* Chunk by chunk: iommu_unmap() ends at the first hole. */
	for (at = start; at < end; at += SZ_4K) {
		if (iommu_iova_to_phys(domain, at))
			at += max_t(u64, iommu_unmap(domain, at, SZ_4K), SZ_4K) - SZ_4K;
	}
	map_again(cell, domain, start, gpa);
	map_again(cell, domain, gpa + size, end);
}

static int map_memory(struct axvm_cell *cell, struct iommu_domain *domain, struct axvm_error *err)
{
	struct axvm_memory *mem;
	int ret;

	list_for_each_entry(mem, &cell->memory, node) {
		ret = map_range(domain, mem->gpa, mem->hpa, mem->size, mem->flags);
		if (ret)
			return axvm_fail(err, ret,
					 "memory at GPA 0x%llx, 0x%llx bytes: the IOMMU cannot map it, error %d",
					 mem->gpa, mem->size, ret);
	}
	return 0;
}

static int refuse_overlap(struct axvm_cell *cell, u64 start, u64 last, const char *what,
			  struct axvm_error *err)
{
	const struct axvm_memory *mem;

	list_for_each_entry(mem, &cell->memory, node) {
		if (mem->gpa <= last && start <= mem->gpa + mem->size - 1)
			return axvm_fail(err, -ERANGE,
					 "memory at GPA 0x%llx, 0x%llx bytes: %s 0x%llx-0x%llx, so devices cannot use it as memory; give the cell memory elsewhere",
					 mem->gpa, mem->size, what, start, last);
	}
	return 0;
}

/*
 * Addresses that never reach the domain's tables, such as those of interrupts.
 * Where interrupts are translated too, Linux's get a place that no memory has.
 */
static int check_addresses(struct axvm_cell *cell, struct axvm_iommu_group *g,
			   struct axvm_error *err)
{
	const struct iommu_domain_geometry *geometry = &g->domain->geometry;
	struct iommu_resv_region *r, *next;
	LIST_HEAD(regions);
	int ret;

	ret = iommu_get_group_resv_regions(g->group, &regions);
	list_for_each_entry(r, &regions, list) {
		if (ret || r->type == IOMMU_RESV_DIRECT_RELAXABLE)
			continue;
		ret = refuse_overlap(cell, r->start, r->start + r->length - 1,
				     "the platform reserves DMA to", err);
		if (!ret && r->type == IOMMU_RESV_SW_MSI)
			ret = iommu_get_msi_cookie(g->domain, r->start);
	}
	list_for_each_entry_safe(r, next, &regions, list)
		kfree(r);
	if (!ret && geometry->force_aperture && geometry->aperture_end != U64_MAX)
		ret = refuse_overlap(cell, geometry->aperture_end + 1, U64_MAX,
				     "the IOMMU does not reach", err);
	return ret ? axvm_fail(err, ret, "the IOMMU's reserved addresses cannot be told: error %d",
			       ret) : 0;
}

static int name_other(struct device *dev, void *data)
{
	struct device **other = data;
	const struct pci_driver *driver;

	if (!dev->driver)
		return 0;
	driver = dev_is_pci(dev) ? to_pci_driver(dev->driver) : NULL;
	if (driver && driver->driver_managed_dma)
		return 0;	/* ours, and ports of bridges */
	*other = dev;
	return 1;
}

static int claim(struct axvm_cell *cell, struct axvm_iommu_group *g, struct pci_dev *pdev,
		 struct axvm_error *err)
{
	struct device *other = NULL;
	int ret;

	ret = iommu_group_claim_dma_owner(g->group, cell);
	if (!ret) {
		g->owned = true;
		return 0;
	}
	iommu_group_for_each_dev(g->group, &other, name_other);
	if (other)
		return axvm_fail(err, -EBUSY,
				 "PCI function %s: its IOMMU group %d has %s too, which driver \"%s\" of Linux uses: unbind it, or leave both with Linux",
				 pci_name(pdev), iommu_group_id(g->group), dev_name(other),
				 other->driver ? other->driver->name : "?");
	return axvm_fail(err, ret,
			 "PCI function %s: its IOMMU group %d is used by somebody else, another cell or VFIO: error %d",
			 pci_name(pdev), iommu_group_id(g->group), ret);
}

static void put_group(struct axvm_iommu_group *g)
{
	if (g->attached)
		iommu_detach_group(g->domain, g->group);
	if (g->domain)
		iommu_domain_free(g->domain);
	if (g->owned)
		iommu_group_release_dma_owner(g->group);
	iommu_group_put(g->group);
	kfree(g);
}

static int set_up(struct axvm_cell *cell, struct axvm_iommu_group *g, struct pci_dev *pdev,
		  struct axvm_error *err)
{
	int ret = claim(cell, g, pdev, err);

	if (ret)
		return ret;
	g->domain = axvm_iommu_domain(&pdev->dev);
	if (!g->domain)
		return axvm_fail(err, -ENOMEM, "PCI function %s: its IOMMU gives no domain",
				 pci_name(pdev));
	iommu_set_fault_handler(g->domain, report_fault, cell);
	ret = check_addresses(cell, g, err);
	if (!ret)
		ret = map_memory(cell, g->domain, err);
	if (ret)
		return ret;
	ret = iommu_attach_group(g->domain, g->group);
	if (ret)
		return axvm_fail(err, ret, "PCI function %s: its IOMMU refuses the cell's domain: error %d",
				 pci_name(pdev), ret);
	g->attached = true;
	return 0;
}

static int check_function(struct pci_dev *pdev, struct iommu_group *group, struct axvm_error *err)
{
	if (!group || !device_iommu_capable(&pdev->dev, IOMMU_CAP_CACHE_COHERENCY))
		return axvm_fail(err, -ENODEV,
				 "PCI function %s: no IOMMU keeps its DMA inside the cell; switch the IOMMU on (x86: intel_iommu=on, and in the firmware), or say \"unsafe_no_iommu\" and trust the guest with the whole machine",
				 pci_name(pdev));
	if (!dev_is_dma_coherent(&pdev->dev))
		return axvm_fail(err, -ENODEV,
				 "PCI function %s: its DMA is not coherent with the CPUs' caches: such functions cannot be handed through",
				 pci_name(pdev));
	if (!axvm_iommu_isolates_msi(&pdev->dev, group))
		return axvm_fail(err, -EPERM,
				 "PCI function %s: the platform does not remap interrupts, so it could raise any of the host's: use another machine, or say \"unsafe_no_iommu\"",
				 pci_name(pdev));
	return 0;
}

static struct axvm_iommu_group *find(struct axvm_cell *cell, struct iommu_group *group)
{
	struct axvm_iommu_group *g;

	list_for_each_entry(g, &cell->iommu, node) {
		if (g->group == group)
			return g;
	}
	return NULL;
}

int axvm_iommu_attach(struct axvm_cell *cell, struct pci_dev *pdev, bool unsafe,
		      struct axvm_iommu_group **out, bool *confined, struct axvm_error *err)
{
	struct iommu_group *group = iommu_group_get(&pdev->dev);
	struct axvm_iommu_group *g;
	int ret = check_function(pdev, group, err);

	*confined = !ret;
	if (ret == -EPERM && unsafe)
		ret = 0;
	if (ret) {
		iommu_group_put(group);
		return ret;
	}
	g = find(cell, group);
	if (g) {
		iommu_group_put(group);
		g->users++;
		*out = g;
		return 0;
	}
	g = kzalloc(sizeof(*g), GFP_KERNEL);
	if (!g) {
		iommu_group_put(group);
		return axvm_fail(err, -ENOMEM, "no memory for an IOMMU group");
	}
	g->group = group;
	g->users = 1;
	ret = set_up(cell, g, pdev, err);
	if (ret) {
		put_group(g);
		return ret;
	}
	list_add_tail(&g->node, &cell->iommu);
	*out = g;
	return 0;
}

void axvm_iommu_detach(struct axvm_cell *cell, struct axvm_iommu_group *g)
{
	if (--g->users)
		return;
	list_del(&g->node);
	put_group(g);
}

int axvm_iommu_map(struct axvm_cell *cell, u64 gpa, u64 hpa, u64 size, u32 flags,
		   struct axvm_error *err)
{
	struct axvm_iommu_group *g, *done;
	int ret;

	list_for_each_entry(g, &cell->iommu, node) {
		ret = map_range(g->domain, gpa, hpa, size, flags);
		if (!ret)
			continue;
		list_for_each_entry(done, &cell->iommu, node) {
			if (done == g)
				break;
			unmap_range(cell, done->domain, gpa, size);
		}
		return axvm_fail(err, ret,
				 "memory at GPA 0x%llx, 0x%llx bytes: the IOMMU of the cell's devices cannot map it, error %d",
				 gpa, size, ret);
	}
	return 0;
}

/* A device that loses memory which its guest keeps is told of in the log; there is no undo. */
void axvm_iommu_change(struct axvm_cell *cell, u64 gpa, u64 size)
{
	struct axvm_iommu_group *g;

	list_for_each_entry(g, &cell->iommu, node) {
		unmap_range(cell, g->domain, gpa, size);
		map_again(cell, g->domain, gpa, gpa + size);
	}
}

void axvm_iommu_unmap(struct axvm_cell *cell, u64 gpa, u64 size)
{
	struct axvm_iommu_group *g;

	list_for_each_entry(g, &cell->iommu, node)
		unmap_range(cell, g->domain, gpa, size);
}
