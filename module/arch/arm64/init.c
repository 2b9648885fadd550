// SPDX-License-Identifier: GPL-2.0
/* Loading and unloading of the arm64 half. */
#include <linux/errno.h>

#include "arch.h"

const char axvm_arch_name[] = "aarch64";

int axvm_arch_init(void)
{
	int ret;

	if (!axvm_core_fits())
		return -ENOEXEC;
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
