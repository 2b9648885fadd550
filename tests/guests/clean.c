// SPDX-License-Identifier: GPL-2.0
/* Looks through its memory, of which the cell must have 512 MiB, for anything that is not 0. */
#include "guest.h"

#define MEMORY	(512UL << 20)

extern u8 ram_start[], image_end[];	/* the linker script's */

void guest_main(u64 arg)
{
	const u64 *at = (const u64 *)image_end, *end = (const u64 *)(ram_start + MEMORY);
	u64 dirty = 0;

	for (; at < end; at++)
		dirty += *at != 0;
	print("GUEST clean: words=%lu dirty=%lu\n", ((u64)end - (u64)image_end) / 8, dirty);
}
