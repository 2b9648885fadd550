/* SPDX-License-Identifier: GPL-2.0 */
/* Differences between the kernels that axvm builds for (6.1 and later), and nothing else. */
#ifndef AXVM_COMPAT_H
#define AXVM_COMPAT_H

#include <linux/err.h>
#include <linux/gfp.h>
#include <linux/iommu.h>
#include <linux/irqdomain.h>
#include <linux/mm.h>
#include <linux/version.h>
#include <net/genetlink.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 1, 0)
#error "axvm needs Linux 6.1 or later"
#endif

/* 6.10 made alloc_contig_range() a macro that tags the caller; the export is the bare one. */
static inline int axvm_alloc_contig_range(unsigned long start_pfn, unsigned long end_pfn, gfp_t gfp)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 10, 0)
	return alloc_contig_range_noprof(start_pfn, end_pfn, MIGRATE_MOVABLE, gfp);
#else
	return alloc_contig_range(start_pfn, end_pfn, MIGRATE_MOVABLE, gfp);
#endif
}

/* 6.6 widened the types of tty_operations.write. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 6, 0)
typedef ssize_t axvm_tty_ret;
typedef size_t axvm_tty_len;
#else
typedef int axvm_tty_ret;
typedef int axvm_tty_len;
#endif

/* 6.3 made the flags of a mapping constant for all but some helpers. */
static inline void axvm_vm_flags_clear(struct vm_area_struct *vma, unsigned long flags)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 3, 0)
	vm_flags_clear(vma, flags);
#else
	vma->vm_flags &= ~flags;
#endif
}

/* 6.6 moved the parsed attributes of a dump request. */
static inline struct nlattr **axvm_dump_attrs(struct netlink_callback *cb)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 6, 0)
	return genl_info_dump(cb)->attrs;
#else
	return (struct nlattr **)genl_dumpit_info(cb)->attrs;
#endif
}

/* 6.3 gave iommu_map() the argument that iommu_map_atomic() was for. */
static inline int axvm_iommu_map_range(struct iommu_domain *domain, unsigned long iova,
				       phys_addr_t pa, size_t size, int prot)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 3, 0)
	return iommu_map(domain, iova, pa, size, prot, GFP_KERNEL);
#else
	return iommu_map(domain, iova, pa, size, prot);
#endif
}

/* 6.11 allocates domains for a device, before it was for a bus. NULL: there is none. */
static inline struct iommu_domain *axvm_iommu_domain(struct device *dev)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 11, 0)
	struct iommu_domain *domain = iommu_paging_domain_alloc(dev);

	return IS_ERR(domain) ? NULL : domain;
#else
	return iommu_domain_alloc(dev->bus);
#endif
}

/* 6.3 asks the group; before, the IOMMU (x86) or any MSI controller's domain (arm64). */
static inline bool axvm_iommu_isolates_msi(struct device *dev, struct iommu_group *group)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 3, 0)
	return iommu_group_has_isolated_msi(group);
#else
	return device_iommu_capable(dev, IOMMU_CAP_INTR_REMAP) || irq_domain_check_msi_remap();
#endif
}

#endif
