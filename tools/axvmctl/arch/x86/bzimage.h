/* SPDX-License-Identifier: GPL-2.0 */
/* Reading the header of a bzImage. */
#ifndef AXVMCTL_BZIMAGE_H
#define AXVMCTL_BZIMAGE_H

#include <asm/bootparam.h>

#include "x86.h"

struct bzimage {
	struct setup_header hdr;
	u64 payload_offset;	/* of the protected mode part, in bytes from the file's start */
	u64 payload_size;	/* bytes */
};

/**
 * bzimage_read() - read and check a kernel's setup header
 * @fd: the file
 * @file_size: bytes
 * @why: what is wrong with it, when something is; completes "'file' ..."
 * @why_size: room for it
 *
 * Return: false after filling @why.
 */
bool bzimage_read(int fd, u64 file_size, struct bzimage *kernel, char *why, size_t why_size);

#endif
