// SPDX-License-Identifier: GPL-2.0
/* The core's image in memory of its own, from the first taken CPU to the last. */
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

#include "arch.h"
#include "core_image.h"

extern const u8 axvm_core_image[], axvm_core_image_end[];

static DEFINE_MUTEX(image_lock);	/* protects the two below */
static unsigned int image_users;
static void *image_copy;

const struct core_image_header *axvm_core_header(void)
{
	return (const struct core_image_header *)axvm_core_image;
}

u32 axvm_core_size(void)
{
	return axvm_core_image_end - axvm_core_image;
}

bool axvm_core_fits(void)
{
	const struct core_image_header *header = axvm_core_header();

	/* A stale object would be a disaster. */
	if (header->magic == CORE_IMAGE_MAGIC && header->size == axvm_core_size() &&
	    header->cell_size == sizeof(struct core_cell))
		return true;
	pr_err("axvm: the embedded core does not fit this module; rebuild both\n");
	return false;
}

int axvm_core_get(struct axvm_error *err)
{
	int ret = 0;

	mutex_lock(&image_lock);
	if (!image_users) {
		image_copy = vmalloc(axvm_core_size());
		if (!image_copy) {
			ret = axvm_fail(err, -ENOMEM,
					"no memory for the resident core (%u bytes); free some",
					axvm_core_size());
			goto out;
		}
		memcpy(image_copy, axvm_core_image, axvm_core_size());
		axvm_arch_core_copied(image_copy, axvm_core_size());
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

	va &= (1ULL << map->fmt->va_bits) - 1;	/* without its sign extension */
	for (done = 0; done < size; done += PAGE_SIZE) {
		ret = axvm_pgtable_map(map, va + done, PFN_PHYS(vmalloc_to_pfn(mem + done)),
				       PAGE_SIZE, flags);
		if (ret)
			return ret;
	}
	return 0;
}

u64 axvm_core_pa(u64 offset)
{
	return PFN_PHYS(vmalloc_to_pfn(image_copy + offset)) + offset_in_page(offset);
}

int axvm_core_map(struct axvm_pgtable *map)
{
	u64 text = axvm_core_header()->text_size;
	int ret;

	ret = axvm_map_vmalloc(map, CORE_TEXT_VA, image_copy, text, AXVM_PT_READ | AXVM_PT_EXEC);
	if (ret)
		return ret;
	return axvm_map_vmalloc(map, CORE_TEXT_VA + text, image_copy + text,
				axvm_core_size() - text, AXVM_PT_READ);
}
