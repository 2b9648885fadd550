// SPDX-License-Identifier: GPL-2.0
/* Loading and unloading of the x86 half. */
#include <asm/cpufeature.h>
#include <linux/errno.h>

#include "arch.h"

const char axvm_arch_name[] = "x86_64";

int axvm_arch_init(void)
{
	int ret;

	if (!axvm_core_fits())
		return -ENOEXEC;
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
