// SPDX-License-Identifier: GPL-2.0
/* The core's image in memory of its own, from the first taken CPU to the last. */
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

#include "arch.h"

extern const u8 axvm_core_image[], axvm_core_image_end[];

static DEFINE_MUTEX(image_lock);	/* protects the two below */
static unsigned int image_users;
static void *image_copy;

const struct core_image_header *axvm_core_header(void)
{
	return (const struct core_image_header *)axvm_core_image;
}

u32 axvm_arch_core_size(void)
{
	return axvm_core_image_end - axvm_core_image;
}

int axvm_core_get(struct axvm_error *err)
{
	int ret = 0;

	mutex_lock(&image_lock);
	if (!image_users) {
		image_copy = vmalloc(axvm_arch_core_size());
		if (!image_copy) {
			ret = axvm_fail(err, -ENOMEM,
					"no memory for the resident core (%u bytes); free some",
					axvm_arch_core_size());
			goto out;
		}
		memcpy(image_copy, axvm_core_image, axvm_arch_core_size());
		/*
		 * The entry is read with the MMU off, the rest by an instruction side that
		 * does not look into data caches: both find it at the point of coherency.
		 */
		axvm_clean_range(image_copy, axvm_arch_core_size());
	}
	image_users++;
out:
	mutex_unlock(&image_lock);
	return ret;
}

void axvm_core_put(void)
{
	mutex_lock(&image_lock);
	if (!--image_users) {
		vfree(image_copy);
		image_copy = NULL;
	}
	mutex_unlock(&image_lock);
}

int axvm_map_vmalloc(struct axvm_pgtable *map, u64 va, const void *mem, size_t size,
		     unsigned int flags)
{
	size_t done;
	int ret;

	for (done = 0; done < size; done += PAGE_SIZE) {
		ret = axvm_pgtable_map(map, va + done, PFN_PHYS(vmalloc_to_pfn(mem + done)),
				       PAGE_SIZE, flags);
		if (ret)
			return ret;
	}
	return 0;
}

u64 axvm_core_start_pa(void)
{
	return PFN_PHYS(vmalloc_to_pfn(image_copy)) + axvm_core_header()->start;
}

int axvm_core_map(struct axvm_pgtable *map)
{
	u64 start = axvm_core_start_pa() & PAGE_MASK;
	u64 text = axvm_core_header()->text_size;
	int ret;

	/* The entry turns the MMU on under its own feet. */
	ret = axvm_pgtable_map(map, start, start, PAGE_SIZE, AXVM_PT_READ | AXVM_PT_EXEC);
	if (ret)
		return ret;
	ret = axvm_map_vmalloc(map, CORE_TEXT_VA, image_copy, text, AXVM_PT_READ | AXVM_PT_EXEC);
	if (ret)
		return ret;
	return axvm_map_vmalloc(map, CORE_TEXT_VA + text, image_copy + text,
				axvm_arch_core_size() - text, AXVM_PT_READ);
}
