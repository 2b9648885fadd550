// SPDX-License-Identifier: GPL-2.0
/* Loading and unloading of the x86 half. */
#include <asm/cpufeature.h>
#include <linux/errno.h>
#include <linux/printk.h>

#include "arch.h"

const char axvm_arch_name[] = "x86_64";

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
	axvm_start_init();
	ret = axvm_check_init();
	if (ret)
		return ret;
	ret = axvm_x86_event_init();
	if (ret)
		goto check;
	return 0;
check:
	axvm_check_exit();
	return ret;
}

void axvm_arch_exit(void)
{
	axvm_x86_event_exit();
	axvm_check_exit();
}
