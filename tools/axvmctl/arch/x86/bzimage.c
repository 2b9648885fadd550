// SPDX-License-Identifier: GPL-2.0
/* Reading the header of a bzImage: the x86 boot protocol, Documentation/arch/x86/boot.rst. */
#include <inttypes.h>
#include <string.h>

#include "bzimage.h"

#define HEADER_OFFSET	0x1f1
#define HEADER_MAGIC	0x53726448	/* "HdrS" */
#define BOOT_FLAG	0xaa55
#define MIN_VERSION	0x020c		/* xloadflags came with it */
#define SECTOR		512

/* Byte 0x201 is the operand of a jump over the header: where that one ends. */
static u64 header_end(const struct setup_header *hdr)
{
	return 0x202 + (hdr->jump >> 8);
}

static const char *check_header(const struct setup_header *hdr)
{
	if (hdr->boot_flag != BOOT_FLAG || hdr->header != HEADER_MAGIC)
		return "is not a Linux kernel (bzImage) for x86: it has no setup header";
	if (hdr->version < MIN_VERSION)
		return "is a Linux kernel older than 3.8; its boot protocol is below 2.12";
	if (!(hdr->loadflags & LOADED_HIGH))
		return "is a zImage; accepted: a bzImage";
	if (!(hdr->xloadflags & XLF_KERNEL_64))
		return "is a 32-bit Linux kernel; accepted: a 64-bit one";
	if (!hdr->kernel_alignment || hdr->kernel_alignment & (hdr->kernel_alignment - 1))
		return "is a damaged Linux kernel: its kernel_alignment is not a power of two";
	if (hdr->pref_address >= 4 * GIB)
		return "is a damaged Linux kernel: its pref_address is above 4G";
	return NULL;
}

bool bzimage_read(int fd, u64 file_size, struct bzimage *kernel, char *why, size_t why_size)
{
	struct setup_header *hdr = &kernel->hdr;
	const char *wrong;
	u64 claimed;

	memset(kernel, 0, sizeof(*kernel));
	if (file_size < HEADER_OFFSET + sizeof(*hdr) ||
	    !read_at(fd, hdr, sizeof(*hdr), HEADER_OFFSET)) {
		snprintf(why, why_size,
			 "is too short for a Linux kernel (bzImage): %" PRIu64 " bytes", file_size);
		return false;
	}
	wrong = check_header(hdr);
	if (wrong) {
		snprintf(why, why_size, "%s", wrong);
		return false;
	}
	/* Fields beyond the end of this kernel's header are code. */
	if (header_end(hdr) < HEADER_OFFSET + sizeof(*hdr))
		memset((u8 *)hdr + header_end(hdr) - HEADER_OFFSET, 0,
		       HEADER_OFFSET + sizeof(*hdr) - header_end(hdr));
	kernel->payload_offset = ((hdr->setup_sects ? hdr->setup_sects : 4) + 1) * SECTOR;
	claimed = (u64)hdr->syssize * 16;
	/* syssize is rounded up to 16; the file need not be. */
	if (!claimed || kernel->payload_offset >= file_size ||
	    file_size - kernel->payload_offset + 15 < claimed) {
		snprintf(why, why_size,
			 "is a truncated Linux kernel: it has %" PRIu64 " bytes, its header says %" PRIu64,
			 file_size, kernel->payload_offset + claimed);
		return false;
	}
	kernel->payload_size = file_size - kernel->payload_offset;
	return true;
}
