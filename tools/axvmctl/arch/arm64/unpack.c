// SPDX-License-Identifier: GPL-2.0
/* Decompression by zlib and libzstd, into a buffer that grows up to a limit. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

#include "unpack.h"

#define FIRST_SIZE	(4 * MIB)
#define GZIP_WINDOW	(15 + 16)	/* the largest window, and a gzip header */

struct buffer {
	char *data;
	size_t size, used, limit;
};

static bool grow(struct buffer *b)
{
	size_t size = b->size ? b->size * 2 : FIRST_SIZE;
	char *data;

	/* One byte beyond the limit tells that there would be more. */
	size = MIN(size, b->limit + 1);
	if (size <= b->used)
		return false;
	data = realloc(b->data, size);
	if (!data)
		return false;
	b->data = data;
	b->size = size;
	return true;
}

static const char *unpack_gzip(const void *data, size_t size, struct buffer *b)
{
	z_stream z = { .next_in = (Bytef *)data, .avail_in = size };
	int ret = Z_OK;

	if (inflateInit2(&z, GZIP_WINDOW) != Z_OK)
		return "cannot be decompressed: out of memory";
	while (ret == Z_OK && (b->used < b->size || grow(b))) {
		z.next_out = (Bytef *)b->data + b->used;
		z.avail_out = MIN(b->size - b->used, (size_t)1 << 30);
		ret = inflate(&z, Z_NO_FLUSH);
		b->used = (char *)z.next_out - b->data;
	}
	inflateEnd(&z);
	if (ret == Z_STREAM_END)
		return NULL;
	if (ret == Z_BUF_ERROR)
		return "is truncated: its gzip data end too early";
	return ret == Z_OK ? "" : "is damaged: its gzip data are wrong";
}

static const char *unpack_zstd(const void *data, size_t size, struct buffer *b)
{
	ZSTD_inBuffer in = { .src = data, .size = size };
	ZSTD_DStream *z = ZSTD_createDStream();
	const char *wrong = "";
	size_t ret = 1;

	if (!z)
		return "cannot be decompressed: out of memory";
	/* Kernels are compressed with windows of up to 128 MiB. */
	ZSTD_DCtx_setParameter(z, ZSTD_d_windowLogMax, 27);
	while (ret && (b->used < b->size || grow(b))) {
		ZSTD_outBuffer out = { .dst = b->data, .size = b->size, .pos = b->used };
		size_t before = in.pos;

		ret = ZSTD_decompressStream(z, &out, &in);
		if (ZSTD_isError(ret)) {
			wrong = "is damaged: its zstd data are wrong";
			break;
		}
		if (ret && in.pos == before && out.pos == b->used) {
			wrong = "is truncated: its zstd data end too early";
			break;
		}
		b->used = out.pos;
	}
	ZSTD_freeDStream(z);
	return ret ? wrong : NULL;
}

bool unpack(enum unpack_format format, const void *data, size_t size, size_t limit, void **out,
	    size_t *out_size, char *why, size_t why_size)
{
	struct buffer b = { .limit = limit };
	const char *wrong;

	wrong = format == UNPACK_GZIP ? unpack_gzip(data, size, &b) : unpack_zstd(data, size, &b);
	if (!wrong && b.used <= limit) {
		*out = b.data;
		*out_size = b.used;
		return true;
	}
	if (wrong && *wrong)
		snprintf(why, why_size, "%s", wrong);
	else
		snprintf(why, why_size,
			 "is larger than the cell's memory when decompressed: more than %" PRIu64 "M",
			 (u64)limit / MIB);
	free(b.data);
	return false;
}
