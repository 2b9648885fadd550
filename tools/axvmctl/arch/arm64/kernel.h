/* SPDX-License-Identifier: GPL-2.0 */
/* Reading a Linux kernel for arm64. */
#ifndef AXVMCTL_KERNEL_H
#define AXVMCTL_KERNEL_H

#include "arm64.h"

/* The header of an Image, Documentation/arch/arm64/booting.rst; little-endian. */
struct image_header {
	u32 code0, code1;
	u64 text_offset;	/* bytes from a 2 MiB boundary */
	u64 image_size;		/* bytes that it occupies, with what is zero at the start */
	u64 flags;
	u64 res2, res3, res4;
	u32 magic;
	u32 res5;
};

#define IMAGE_MAGIC		0x644d5241	/* "ARM\x64" */
#define IMAGE_BIG_ENDIAN	1		/* in flags */

/* The header of a compressed kernel that unpacks itself under EFI. */
struct zboot_header {
	u8 mz[4];
	char type[4];		/* "zimg" */
	u32 payload, payload_size;	/* bytes */
	u32 reserved[2];
	char compression[32];
};

struct arm64_kernel {
	struct image_header hdr;
	void *data;		/* decompressed; NULL: take it from the file */
	u64 size;		/* bytes to load */
};

/**
 * arm64_kernel_read() - read and check a kernel: Image, gzip of one, or EFI zboot
 * @file_size: bytes
 * @limit: refuse kernels that are larger when decompressed
 * @kernel: filled in; free ->data
 * @why: what is wrong with it, when something is; completes "'file' ..."
 *
 * Return: false after filling @why.
 */
bool arm64_kernel_read(int fd, u64 file_size, u64 limit, struct arm64_kernel *kernel, char *why,
		       size_t why_size);

#endif
