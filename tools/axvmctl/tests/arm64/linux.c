// SPDX-License-Identifier: GPL-2.0
/* Loading Linux on arm64: kernels in every form, and kernels that are none. */
#include <zlib.h>
#include <zstd.h>

#include "arch/arm64/kernel.h"
#include "../unit.h"

#define KERNEL_SIZE	12288

static struct config cfg;
static struct machine m;

/* A PE section header's fields that matter, and a kernel with as much as a loader looks at. */
struct kernel {
	struct image_header hdr;
	struct {
		u32 magic;
		u16 machine, nr_sections;
		u32 zero[3];
		u16 optional, characteristics;
	} pe;
	struct {
		char name[8];
		u32 size, address, raw_size, raw_start;
		u32 zero[4];
	} section[2];
	u8 rest[KERNEL_SIZE - 64 - 24 - 80];
};

static struct kernel kernel(void)
{
	struct kernel k = {
		.hdr = {
			.code0 = 0xfa405a4d, .image_size = 40 * MIB, .flags = 10,
			.magic = IMAGE_MAGIC, .res5 = 64,
		},
		.pe = { .magic = 0x4550, .machine = 0xaa64, .nr_sections = 2 },
		.section = {
			{ .name = ".text", .raw_size = 4096, .raw_start = 4096 },
			{ .name = ".data", .raw_size = 4096, .raw_start = 8192 },
		},
	};

	memset(k.rest, 0x5a, sizeof(k.rest));
	return k;
}

static int build(const void *data, size_t size, const char *memory, const char *more)
{
	static char text[4096];

	unit_free(&cfg, &m);
	snprintf(text, sizeof(text),
		 "{\"name\":\"t\",\"cpus\":[1,2],\"memory\":%s,\"linux\":{\"kernel\":\"%s\"%s}}",
		 memory, unit_file(data, size), more);
	return unit_build(&cfg, &m, text, 0);
}

#define M256	"[{\"size\":\"256M\"}]"

static void test_image(void)
{
	struct kernel k = kernel();

	EXPECT(build(&k, sizeof(k), M256, "") == EXIT_OK);
	EXPECT(m.boot.mode == 64 && m.boot.entry == GIB && !m.boot.table);
	EXPECT(m.image[0].gpa == GIB && !m.image[0].offset && m.image[0].size == sizeof(k));
	/* The device tree is as high as it goes. */
	EXPECT(m.boot.arg == GIB + 256 * MIB - 4096);
	k.hdr.text_offset = 0x80000;
	EXPECT(build(&k, sizeof(k), M256, "") == EXIT_OK);
	EXPECT(m.boot.entry == GIB + 0x80000 && m.image[0].gpa == m.boot.entry);
}

/* A blob with what the kernel unpacks to. */
static void expect_unpacked(const struct kernel *k)
{
	const struct machine_image *image = unit_image(&m, "kernel");
	void *data;

	EXPECT(image && image->gpa == GIB && image->size == sizeof(*k));
	if (!image || image->size != sizeof(*k))
		return;
	data = unit_content(image);
	EXPECT(!memcmp(data, k, sizeof(*k)));
	free(data);
}

static size_t pack_gzip(const void *data, size_t size, u8 *out, size_t room)
{
	z_stream z = { .next_in = (Bytef *)data, .avail_in = size, .next_out = out,
		       .avail_out = room };

	deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
	EXPECT(deflate(&z, Z_FINISH) == Z_STREAM_END);
	deflateEnd(&z);
	return z.total_out;
}

static void test_gzip(void)
{
	struct kernel k = kernel();
	u8 packed[KERNEL_SIZE];
	size_t size = pack_gzip(&k, sizeof(k), packed, sizeof(packed));

	EXPECT(build(packed, size, M256, "") == EXIT_OK);
	expect_unpacked(&k);
	/* What follows is ignored. */
	EXPECT(build(packed, size + 100, M256, "") == EXIT_OK);
	expect_unpacked(&k);
	for (size_t len = 64; len < size; len++) {
		EXPECT(build(packed, len, M256, "") == EXIT_CONFIG);
		EXPECT(unit_said("truncated") && unit_said("key 'linux.kernel'"));
	}
	packed[20] ^= 0x55;
	EXPECT(build(packed, size, M256, "") == EXIT_CONFIG);
}

/* Header, payload, and the uncompressed size that a kernel's build appends. */
static size_t pack_zboot(const struct kernel *k, const char *compression, u8 *out, size_t room)
{
	struct zboot_header z = { .mz = "MZ", .type = "zimg", .payload = 512 };
	size_t size;

	snprintf(z.compression, sizeof(z.compression), "%s", compression);
	if (*compression == 'z')
		size = ZSTD_compress(out + 512, room - 516, k, sizeof(*k), 3);
	else
		size = pack_gzip(k, sizeof(*k), out + 512, room - 516);
	memset(out, 0, 512);
	z.payload_size = size + 4;
	memcpy(out, &z, sizeof(z));
	memcpy(out + 512 + size, &(u32){ sizeof(*k) }, 4);
	return 512 + size + 4;
}

static void test_zboot(void)
{
	static const char *const names[] = { "gzip", "zstd", "zstd22" };
	struct kernel k = kernel();
	u8 packed[KERNEL_SIZE];

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		size_t size = pack_zboot(&k, names[i], packed, sizeof(packed));

		EXPECT(build(packed, size, M256, "") == EXIT_OK);
		expect_unpacked(&k);
		for (size_t len = 64; len < size; len++) {
			EXPECT(build(packed, len, M256, "") == EXIT_CONFIG);
			EXPECT(unit_said("truncated"));
		}
		/* The header knows where the payload ends; cut that off too. */
		((struct zboot_header *)packed)->payload_size = 40;
		EXPECT(build(packed, size, M256, "") == EXIT_CONFIG && unit_said("too early"));
	}
}

static void refuse_zboot(const struct zboot_header *z, u8 *packed, size_t size, const char *why)
{
	memcpy(packed, z, sizeof(*z));
	EXPECT(build(packed, size, M256, "") == EXIT_CONFIG);
	EXPECT(unit_said(why));
}

static void test_zboot_hostile(void)
{
	struct kernel k = kernel();
	u8 packed[KERNEL_SIZE];
	size_t size = pack_zboot(&k, "gzip", packed, sizeof(packed));
	struct zboot_header good, z;

	memcpy(&good, packed, sizeof(good));
	z = good;
	z.payload = UINT32_MAX;
	refuse_zboot(&z, packed, size, "truncated");
	z = good;
	z.payload_size = UINT32_MAX;
	refuse_zboot(&z, packed, size, "truncated");
	z = good;
	z.payload_size = 0;
	refuse_zboot(&z, packed, size, "");
	z = good;
	strcpy(z.compression, "lzma");
	refuse_zboot(&z, packed, size, "not known here (lzma)");
	z = good;
	memset(z.compression, 'z', sizeof(z.compression));
	refuse_zboot(&z, packed, size, "damaged");
	z = good;
	strcpy(z.compression, "zstd");
	refuse_zboot(&z, packed, size, "zstd data are wrong");
}

/* A small file that unpacks to more than the cell has. */
static void test_bomb(void)
{
	size_t size = 80 * MIB, room = MIB;
	u8 *zeros = calloc(1, size), *packed = malloc(room);
	size_t len;

	memcpy(zeros, &(struct image_header){ .magic = IMAGE_MAGIC, .image_size = size },
	       sizeof(struct image_header));
	len = pack_gzip(zeros, size, packed, room);
	EXPECT(build(packed, len, "[{\"size\":\"64M\"}]", "") == EXIT_CONFIG);
	EXPECT(unit_said("larger than the cell's memory") && unit_said("64M"));
	len = ZSTD_compress(packed + 512, room - 512, zeros, size, 1);
	memset(packed, 0, 512);
	memcpy(packed, &(struct zboot_header){ .mz = "MZ", .type = "zimg", .payload = 512,
					       .payload_size = len, .compression = "zstd" },
	       sizeof(struct zboot_header));
	EXPECT(build(packed, 512 + len, "[{\"size\":\"64M\"}]", "") == EXIT_CONFIG);
	EXPECT(unit_said("larger than the cell's memory"));
	EXPECT(build(packed, 512 + len, "[{\"size\":\"128M\"}]", "") == EXIT_OK);
	free(zeros);
	free(packed);
}

static void test_placing(void)
{
	struct kernel k = kernel();
	const char *initrd = unit_file("an initrd", 9);
	char more[128];

	snprintf(more, sizeof(more), ",\"initrd\":\"%s\"", initrd);
	EXPECT(build(&k, sizeof(k), M256, more) == EXIT_OK);
	EXPECT(m.image[1].gpa == GIB + 256 * MIB - 4096 && m.image[1].size == 9);
	EXPECT(m.boot.arg == GIB + 256 * MIB - 8192);
	/* In a large cell, near enough to the kernel. */
	EXPECT(build(&k, sizeof(k), "[{\"size\":\"64G\"}]", more) == EXIT_OK);
	EXPECT(m.image[1].gpa == 33 * GIB - 4096 && m.boot.arg == 33 * GIB - 8192);
	EXPECT(build(&k, sizeof(k), "[{\"size\":\"44M\"}]", more) == EXIT_OK);
	EXPECT(build(&k, sizeof(k), "[{\"size\":\"40M\"}]", more) == EXIT_CONFIG);
	EXPECT(unit_said("does not fit") || unit_said("no room"));
	EXPECT(build(&k, sizeof(k), "[{\"size\":\"32M\"}]", "") == EXIT_CONFIG);
	EXPECT(unit_said("key 'memory'") && unit_said("needs 41M"));
	EXPECT(build(&k, sizeof(k), "[{\"gpa\":\"0x40001000\",\"size\":\"64M\"}]", "") == EXIT_OK);
	EXPECT(m.boot.entry == GIB + 2 * MIB);
	EXPECT(build(&k, sizeof(k), M256, ",\"initrd\":\"/no/such\"") == EXIT_CONFIG);
	EXPECT(unit_said("key 'linux.initrd'"));
}

static void test_cmdline(void)
{
	struct kernel k = kernel();
	char more[2300];

	memset(more, 'x', sizeof(more));
	memcpy(more, ",\"cmdline\":\"", 12);
	strcpy(more + 12 + 2047, "\"");
	EXPECT(build(&k, sizeof(k), M256, more) == EXIT_OK);
	more[12 + 2047] = 'x';
	strcpy(more + 12 + 2048, "\"");
	EXPECT(build(&k, sizeof(k), M256, more) == EXIT_CONFIG);
	EXPECT(unit_said("key 'linux.cmdline'") && unit_said("too long: 2048"));
}

static void test_truncated(void)
{
	struct kernel k = kernel();

	for (size_t len = 1; len < sizeof(k); len += len < 512 ? 1 : 97) {
		EXPECT(build(&k, len, M256, "") == EXIT_CONFIG);
		EXPECT(unit_said("key 'linux.kernel'"));
		EXPECT(unit_said("truncated") || unit_said("too short"));
	}
}

static void refuse(const struct kernel *k, const char *why)
{
	EXPECT(build(k, sizeof(*k), M256, "") == EXIT_CONFIG);
	EXPECT(unit_said(why));
}

static void test_hostile(void)
{
	struct kernel k = kernel();

	k.hdr.magic = 0;
	refuse(&k, "not a Linux kernel for arm64");
	k = kernel();
	k.hdr.flags |= IMAGE_BIG_ENDIAN;
	refuse(&k, "big-endian");
	k = kernel();
	k.hdr.image_size = 0;
	refuse(&k, "older than 3.17");
	k = kernel();
	k.hdr.image_size = UINT64_MAX;
	refuse(&k, "image_size");
	k = kernel();
	k.hdr.image_size = 4096;
	refuse(&k, "header says that it occupies 4096");
	k = kernel();
	k.hdr.text_offset = 2 * MIB;
	refuse(&k, "text_offset");
	k = kernel();
	k.hdr.text_offset = UINT64_MAX;
	refuse(&k, "text_offset");
	k = kernel();
	k.section[1].raw_size = UINT32_MAX;
	k.section[1].raw_start = UINT32_MAX;
	refuse(&k, "truncated");
	k = kernel();
	k.hdr.res5 = UINT32_MAX;
	refuse(&k, "truncated");
	k = kernel();
	k.pe.nr_sections = 0xffff;
	refuse(&k, "truncated");
	/* Built without EFI, there is no more to look at. */
	k = kernel();
	k.hdr.code0 = 0x14000000;
	k.pe.nr_sections = 0xffff;
	EXPECT(build(&k, sizeof(k), M256, "") == EXIT_OK);
}

static void test_fuzz(void)
{
	struct kernel good = kernel(), k;
	u8 packed[KERNEL_SIZE], *bytes;
	size_t size;
	int ret;

	for (int round = 0; round < 3000; round++) {
		k = good;
		bytes = (u8 *)&k;
		size = sizeof(k);
		if (round % 2) {
			size = pack_zboot(&k, round % 4 == 1 ? "gzip" : "zstd", packed,
					  sizeof(packed));
			bytes = packed;
		}
		for (u32 n = unit_random() % 4 + 1; n; n--)
			bytes[unit_random() % (round % 3 ? MIN(size, (size_t)168) : size)] =
				unit_random();
		ret = build(bytes, unit_random() % 8 ? size : unit_random() % size + 1, M256, "");
		EXPECT(ret == EXIT_OK || ret == EXIT_CONFIG);
	}
	unit_free(&cfg, &m);
}

const struct unit_test os_tests[] = {
	{ "linux: Image", test_image },
	{ "linux: gzip", test_gzip },
	{ "linux: EFI zboot", test_zboot },
	{ "linux: hostile EFI zboot headers", test_zboot_hostile },
	{ "linux: small files that unpack to large ones", test_bomb },
	{ "linux: where everything goes", test_placing },
	{ "linux: command line", test_cmdline },
	{ "linux: a kernel cut off anywhere", test_truncated },
	{ "linux: hostile headers", test_hostile },
	{ "linux: 3000 damaged kernels", test_fuzz },
	{ 0 }
};
