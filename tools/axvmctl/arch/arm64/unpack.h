/* SPDX-License-Identifier: GPL-2.0 */
/* Compressed kernels, to memory. */
#ifndef AXVMCTL_UNPACK_H
#define AXVMCTL_UNPACK_H

#include "../../axvmctl.h"

enum unpack_format { UNPACK_GZIP, UNPACK_ZSTD };

/**
 * unpack() - decompress; what follows the compressed data is ignored
 * @limit: refuse more output than this
 * @out: to be freed
 * @why: what is wrong, when something is; completes "'file' ..."
 *
 * Return: false after filling @why.
 */
bool unpack(enum unpack_format format, const void *data, size_t size, size_t limit, void **out,
	    size_t *out_size, char *why, size_t why_size);

#endif
