/* SPDX-License-Identifier: GPL-2.0 */
/* What the files of the arm64 machine share. */
#ifndef AXVMCTL_ARM64_H
#define AXVMCTL_ARM64_H

#include "../../../../module/arch/arm64/include/guest_machine.h"
#include "../../arch.h"

#define ARM64_CMDLINE_MAX	2048	/* COMMAND_LINE_SIZE, with the NUL */

/* What a guest's device tree says beside its machine; 0 and NULL leave parts out. */
struct arm64_chosen {
	const char *cmdline;
	u64 initrd, initrd_size;	/* GPA, bytes */
	bool seed;			/* random numbers to start from */
};

/**
 * arm64_load_fdt() - build the device tree and find a place for it
 * @min: lowest GPA
 * @end: it must end at or below this GPA
 * @high: take the highest place instead of the lowest
 *
 * All else in the machine is in its place. Sets m->boot.arg.
 * Return: an exit code, after a message.
 */
int arm64_load_fdt(struct machine *m, const struct arm64_chosen *chosen, u64 min, u64 end,
		   bool high);

/**
 * arm64_is_ram() - may the guest use this region as it likes?
 *
 * Others are its memory too, but the device tree says to keep away from them.
 */
static inline bool arm64_is_ram(const struct machine_memory *ram)
{
	return ram->flags == AXVM_ALL_MEMORY_FLAGS;
}

#endif
