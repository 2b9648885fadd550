/* SPDX-License-Identifier: GPL-2.0 */
/* Fixed-width types for code that is built into the resident core as well. */
#ifndef AXVM_CORE_TYPES_H
#define AXVM_CORE_TYPES_H

#include <linux/types.h>

#ifndef __KERNEL__
typedef __u8 u8;
typedef __u16 u16;
typedef __u32 u32;
typedef __u64 u64;
typedef __s8 s8;
typedef __s16 s16;
typedef __s32 s32;
typedef __s64 s64;
#ifndef __bool_true_false_are_defined
typedef _Bool bool;
#define true 1
#define false 0
#define __bool_true_false_are_defined 1
#endif
#define NULL ((void *)0)
#define noinline __attribute__((noinline))
#endif

#endif
