// SPDX-License-Identifier: GPL-2.0
/* Loading and unloading of the arm64 half. */
#include <linux/errno.h>
#include <linux/printk.h>

#include "arch.h"

const char axvm_arch_name[] = "aarch64";

int axvm_arch_init(void)
{
	const struct core_image_header *header = axvm_core_header();
	int ret;

	/* Core and host half are built from one header; a stale object would be a disaster. */
	if (header->magic != CORE_IMAGE_MAGIC || header->size != axvm_arch_core_size() ||
	    header->cell_size != sizeof(struct core_cell)) {
		pr_err("axvm: the embedded core does not fit this module; rebuild both\n");
		return -ENOEXEC;
	}
	BUILD_BUG_ON(PAGE_SIZE != 4096);	/* the core's tables are of 4 KiB pages */
	axvm_maps_init();
	axvm_gic_init();
	axvm_start_init();
	ret = axvm_check_init();
	if (ret)
		return ret;
	ret = axvm_arm_event_init();
	if (ret)
		axvm_check_exit();
	return ret;
}

void axvm_arch_exit(void)
{
	axvm_arm_event_exit();
	axvm_check_exit();
}
