// SPDX-License-Identifier: GPL-2.0
/*
 * Fills its memory, of which the cell must have 32 MiB, with a marker that
 * nobody may find once Linux has the memory back. The marker is made here, so
 * that no file contains it.
 */
#include "guest.h"

#define MEMORY	(32UL << 20)

extern u8 ram_start[], image_end[];	/* the linker script's */

void guest_main(u64 arg)
{
	volatile u64 inverse = 0xababbeafb2a9a7beULL;	/* of "AXVMPATT" */
	u64 *at = (u64 *)image_end, *end = (u64 *)(ram_start + MEMORY);
	u64 marker = ~inverse;

	while (at < end)
		*at++ = marker;
	print("GUEST pattern: filled=%lu\n", (u64)end - (u64)image_end);
}
