// SPDX-License-Identifier: GPL-2.0
/* The state that an arm64 boot CPU starts a bare-metal program in. */
#include <inttypes.h>

#include "arm64.h"

int arch_boot_image(struct machine *m, u64 entry)
{
	const struct config_image *image = &m->cfg->image;
	static const struct arm64_chosen nothing;

	if (image->mode_given && image->mode != GUEST_BOOT_MODE)
		return json_file_fail(&m->cfg->file, "image.mode",
				      "value %" PRIu64 " is not a processor mode; accepted: %d",
				      image->mode, GUEST_BOOT_MODE);
	if (entry & 3)
		return json_file_fail(&m->cfg->file, image->entry_given ? "image.entry" : "image",
				      "the entry 0x%" PRIx64 " is not a multiple of 4", entry);
	m->boot.entry = entry;
	m->boot.mode = GUEST_BOOT_MODE;
	/* At the start of memory when it is free, where QEMU's machine has it too. */
	return arm64_load_fdt(m, &nothing, GUEST_RAM_BASE, UINT64_MAX, false);
}
