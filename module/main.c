// SPDX-License-Identifier: GPL-2.0
/* Loading and unloading of axvm.ko. */
#include <linux/module.h>

#define AXVM_VERSION "0.1"

static int __init axvm_init(void)
{
	pr_info("axvm: version %s\n", AXVM_VERSION);
	return 0;
}

static void __exit axvm_exit(void)
{
}

module_init(axvm_init);
module_exit(axvm_exit);

MODULE_DESCRIPTION("Partitioning hypervisor");
MODULE_VERSION(AXVM_VERSION);
MODULE_LICENSE("GPL");
