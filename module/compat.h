/* SPDX-License-Identifier: GPL-2.0 */
/* Differences between the kernels that axvm builds for (6.1 and later), and nothing else. */
#ifndef AXVM_COMPAT_H
#define AXVM_COMPAT_H

#include <linux/gfp.h>
#include <linux/version.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 1, 0)
#error "axvm needs Linux 6.1 or later"
#endif

/* 6.10 turned alloc_contig_range() into a macro that tags the caller; the export is the bare one. */
static inline int axvm_alloc_contig_range(unsigned long start_pfn, unsigned long end_pfn, gfp_t gfp)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 10, 0)
	return alloc_contig_range_noprof(start_pfn, end_pfn, MIGRATE_MOVABLE, gfp);
#else
	return alloc_contig_range(start_pfn, end_pfn, MIGRATE_MOVABLE, gfp);
#endif
}

#endif
