/* SPDX-License-Identifier: GPL-2.0 */
/* The resident core's image: in this module, and the copy that taken CPUs run. */
#ifndef AXVM_CORE_IMAGE_H
#define AXVM_CORE_IMAGE_H

#include "axvm.h"

/**
 * axvm_core_get() - have a copy of the core in memory of its own
 *
 * May sleep. Return: 0, to be undone with axvm_core_put(), or -ENOMEM.
 */
int axvm_core_get(struct axvm_error *err);
void axvm_core_put(void);

/**
 * axvm_core_header() - what the embedded image says about itself
 */
const struct core_image_header *axvm_core_header(void);

/**
 * axvm_core_size() - bytes of the embedded image
 */
u32 axvm_core_size(void);

/**
 * axvm_core_fits() - are core and host half of one build? Says so in the kernel log if not
 */
bool axvm_core_fits(void);

/**
 * axvm_core_pa() - HPA of a byte of the copy
 * @offset: from its start
 *
 * The caller holds a reference from axvm_core_get().
 */
u64 axvm_core_pa(u64 offset);

/**
 * axvm_core_map() - put the core's code and constants into an address space
 *
 * The caller holds a reference from axvm_core_get().
 */
int axvm_core_map(struct axvm_pgtable *map);

/**
 * axvm_map_vmalloc() - map pages of a vmalloc area into the core's address space
 * @va: the core's address; @mem: page aligned; @size: bytes
 */
int axvm_map_vmalloc(struct axvm_pgtable *map, u64 va, const void *mem, size_t size,
		     unsigned int flags);

#endif
