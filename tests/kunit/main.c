// SPDX-License-Identifier: GPL-2.0
/* The test module itself; KUnit finds the suites in it when it is loaded with kunit.enable=1. */
#include <linux/module.h>

#include "arch.h"

/* No test asks for memory that was reserved at boot: none is. */
bool axvm_arch_reserved_ok(u64 start, u64 size)
{
	return false;
}

MODULE_DESCRIPTION("KUnit tests of axvm");
MODULE_LICENSE("GPL");
