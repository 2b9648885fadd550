// SPDX-License-Identifier: GPL-2.0
/* Linux kernels for arm64, in the forms in which distributions ship them. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "kernel.h"
#include "unpack.h"

#define MAX_FILE	GIB	/* of a compressed kernel */

/* An error without values, for callers that have them in @why already otherwise. */
static bool wrong(char *why, size_t why_size, const char *what)
{
	snprintf(why, why_size, "%s", what);
	return false;
}

static bool is_zboot(const struct zboot_header *z)
{
	return !memcmp(z->mz, "MZ", 2) && !memcmp(z->type, "zimg", sizeof(z->type));
}

static bool is_gzip(const void *head)
{
	return !memcmp(head, "\x1f\x8b", 2);
}

/* A range of the file, decompressed. */
static bool unpack_part(int fd, u64 offset, u64 size, enum unpack_format format, u64 limit,
			struct arm64_kernel *kernel, char *why, size_t why_size)
{
	void *packed = size <= MAX_FILE ? malloc(size) : NULL;
	size_t unpacked = 0;
	bool ok;

	if (!packed)
		return wrong(why, why_size, "is too large to be decompressed");
	ok = read_at(fd, packed, size, offset);
	if (!ok)
		wrong(why, why_size, "cannot be read");
	ok = ok && unpack(format, packed, size, limit, &kernel->data, &unpacked, why, why_size);
	kernel->size = unpacked;
	free(packed);
	return ok;
}

static bool read_zboot(int fd, u64 file_size, const struct zboot_header *z, u64 limit,
		       struct arm64_kernel *kernel, char *why, size_t why_size)
{
	if (z->payload > file_size || z->payload_size > file_size - z->payload) {
		snprintf(why, why_size,
			 "is a truncated Linux kernel: it has %" PRIu64 " bytes, its header says %" PRIu64,
			 file_size, (u64)z->payload + z->payload_size);
		return false;
	}
	if (!strncmp(z->compression, "gzip", sizeof(z->compression)))
		return unpack_part(fd, z->payload, z->payload_size, UNPACK_GZIP, limit, kernel,
				   why, why_size);
	/* Some versions put the level behind the name. */
	if (!strncmp(z->compression, "zstd", 4))
		return unpack_part(fd, z->payload, z->payload_size, UNPACK_ZSTD, limit, kernel,
				   why, why_size);
	snprintf(why, why_size,
		 "is a Linux kernel compressed in a way that is not known here (%.8s); accepted: gzip, zstd, or not compressed",
		 strnlen(z->compression, 9) <= 8 ? z->compression : "damaged");
	return false;
}

static bool check_header(const struct arm64_kernel *kernel, char *why, size_t why_size)
{
	const struct image_header *hdr = &kernel->hdr;

	if (hdr->magic != IMAGE_MAGIC)
		return wrong(why, why_size,
			     "is not a Linux kernel for arm64: it is neither an Image, nor one compressed with gzip, nor an EFI zboot image");
	if (hdr->flags & IMAGE_BIG_ENDIAN)
		return wrong(why, why_size, "is a big-endian Linux kernel");
	if (!hdr->image_size)
		return wrong(why, why_size,
			     "is a Linux kernel older than 3.17: its header does not say how much memory it needs");
	if (hdr->text_offset >= 2 * MIB || hdr->text_offset & (PAGE_SIZE - 1))
		return wrong(why, why_size,
			     "is a damaged Linux kernel: its text_offset is not a multiple of 4K below 2M");
	if (hdr->image_size > 1ULL << 40)
		return wrong(why, why_size,
			     "is a damaged Linux kernel: its image_size is above 1T");
	if (kernel->size > hdr->image_size) {
		snprintf(why, why_size,
			 "is a damaged Linux kernel: it has %" PRIu64 " bytes, its header says that it occupies %" PRIu64,
			 kernel->size, hdr->image_size);
		return false;
	}
	return true;
}

static bool truncated(const struct arm64_kernel *kernel, u64 size, char *why, size_t why_size)
{
	snprintf(why, why_size,
		 "is a truncated Linux kernel: it has %" PRIu64 " bytes, its header says %" PRIu64,
		 kernel->size, size);
	return false;
}

/*
 * image_size counts the zeroes behind the file's end too, so the header cannot
 * tell that an Image was cut off. What the linker put behind the header can: it
 * is a PE file, whose sections must be there.
 */
static bool check_complete(const struct arm64_kernel *kernel, const u8 *head, size_t len,
			   char *why, size_t why_size)
{
	u32 pe, raw_size, raw_start, magic;
	u16 nr, opt_size;
	u64 end = 0, at;

	memcpy(&pe, head + 60, sizeof(pe));
	if (memcmp(head, "MZ", 2))
		return true;	/* built without EFI */
	if (pe > len - 24)
		return truncated(kernel, pe, why, why_size);
	memcpy(&magic, head + pe, sizeof(magic));
	memcpy(&nr, head + pe + 6, sizeof(nr));
	memcpy(&opt_size, head + pe + 20, sizeof(opt_size));
	at = pe + 24 + opt_size;
	if (magic != 0x00004550)
		return true;
	if (at + nr * 40ULL > len)
		return truncated(kernel, at + nr * 40ULL, why, why_size);
	for (; nr; nr--, at += 40) {
		memcpy(&raw_size, head + at + 16, sizeof(raw_size));
		memcpy(&raw_start, head + at + 20, sizeof(raw_start));
		end = MAX(end, (u64)raw_start + raw_size);
	}
	return end <= kernel->size || truncated(kernel, end, why, why_size);
}

bool arm64_kernel_read(int fd, u64 file_size, u64 limit, struct arm64_kernel *kernel, char *why,
		       size_t why_size)
{
	u8 head[4096] = { 0 };
	size_t len = MIN(file_size, sizeof(head));
	bool ok = true;

	memset(kernel, 0, sizeof(*kernel));
	if (len < sizeof(kernel->hdr) || !read_at(fd, head, len, 0)) {
		snprintf(why, why_size, "is too short for a Linux kernel: %" PRIu64 " bytes",
			 file_size);
		return false;
	}
	kernel->size = file_size;
	if (is_zboot((const struct zboot_header *)head))
		ok = read_zboot(fd, file_size, (const struct zboot_header *)head, limit, kernel,
				why, why_size);
	else if (is_gzip(head))
		ok = unpack_part(fd, 0, file_size, UNPACK_GZIP, limit, kernel, why, why_size);
	if (!ok)
		return false;
	if (kernel->data) {
		len = MIN(kernel->size, sizeof(head));
		memset(head, 0, sizeof(head));
		memcpy(head, kernel->data, len);
	}
	memcpy(&kernel->hdr, head, sizeof(kernel->hdr));
	return check_header(kernel, why, why_size) &&
	       check_complete(kernel, head, len, why, why_size);
}
