/* SPDX-License-Identifier: GPL-2.0 */
/* Differences between the kernels that axvm builds for (6.1 and later), and nothing else. */
#ifndef AXVM_COMPAT_H
#define AXVM_COMPAT_H

#include <linux/gfp.h>
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

#endif
