// SPDX-License-Identifier: GPL-2.0
/* Loading Linux on x86: what the kernel will find, and kernels that are none. */
#include <asm/bootparam.h>

#include "arch/x86/bzimage.h"
#include "arch/x86/cmdline.h"
#include "../unit.h"

#define SETUP_SECTS	4
#define PAYLOAD		8192

static struct config cfg;
static struct machine m;

/* A kernel with as much in it as a loader looks at. */
struct kernel {
	u8 head[0x1f1];
	struct setup_header hdr;
	u8 rest[(SETUP_SECTS + 1) * 512 - 0x1f1 - sizeof(struct setup_header)];
	u8 payload[PAYLOAD];
} __attribute__((packed));

static struct kernel kernel(void)
{
	struct kernel k = {
		.hdr = {
			.setup_sects = SETUP_SECTS, .boot_flag = 0xaa55, .jump = 0x6aeb,
			.header = 0x53726448, .version = 0x20f, .loadflags = LOADED_HIGH,
			.syssize = PAYLOAD / 16, .xloadflags = XLF_KERNEL_64,
			.kernel_alignment = 2 * MIB, .relocatable_kernel = 1,
			.pref_address = 16 * MIB, .init_size = 48 * MIB,
			.initrd_addr_max = 0x7fffffff, .cmdline_size = 2047,
		},
	};

	memset(k.payload, 0x5a, sizeof(k.payload));
	return k;
}

static int build(const void *data, size_t size, const char *memory, const char *more)
{
	static char text[4096];

	unit_free(&cfg, &m);
	snprintf(text, sizeof(text),
		 "{\"name\":\"t\",\"cpus\":[1,2],\"memory\":%s,\"linux\":{\"kernel\":\"%s\"%s}}",
		 memory, unit_file(data, size), more);
	return unit_build(&cfg, &m, text, 1234567);
}

static struct boot_params *params(void)
{
	const struct machine_image *image = unit_image(&m, "boot_params");

	return image ? unit_content(image) : calloc(1, sizeof(struct boot_params));
}

/* The byte that the guest sees at a GPA inside boot_params' image. */
static const char *guest(const struct boot_params *p, u64 gpa)
{
	return (const char *)p + (gpa - m.boot.arg);
}

static void test_boot_params(void)
{
	struct kernel k = kernel();
	struct boot_params *p;

	EXPECT(build(&k, sizeof(k), "[{\"size\":\"256M\"}]", "") == EXIT_OK);
	EXPECT(m.boot.mode == 64 && m.boot.entry == 16 * MIB + 0x200);
	EXPECT(m.image[0].gpa == 16 * MIB && m.image[0].offset == (SETUP_SECTS + 1) * 512 &&
	       m.image[0].size == PAYLOAD);
	p = params();
	EXPECT(p->hdr.header == 0x53726448 && p->hdr.type_of_loader == 0xff);
	EXPECT(p->hdr.code32_start == 16 * MIB && p->acpi_rsdp_addr == 0xe0000);
	EXPECT(!p->hdr.ramdisk_image && !p->hdr.ramdisk_size && !p->sentinel);
	EXPECT(!strcmp(guest(p, p->hdr.cmd_line_ptr),
		       "console=ttyS0,115200 tsc_early_khz=1234567 tsc=reliable"));
	free(p);
}

static void test_e820(void)
{
	static const struct boot_e820_entry want[] = {
		{ 0xa0000, 0x60000, 2 }, { 0xd0000000, MIB, 2 }, { 0, 0xa0000, 1 }, { MIB, 3 * GIB - MIB, 1 },
		{ 4 * GIB, GIB, 1 },
	};
	struct kernel k = kernel();
	struct boot_params *p;

	EXPECT(build(&k, sizeof(k), "[{\"size\":\"4G\"}]", "") == EXIT_OK);
	p = params();
	EXPECT(p->e820_entries == ARRAY_SIZE(want));
	EXPECT(!memcmp(p->e820_table, want, sizeof(want)));
	free(p);
}

static void test_initrd(void)
{
	struct kernel k = kernel();
	const char *initrd = unit_file("an initrd", 9);
	struct boot_params *p;
	char more[128];

	snprintf(more, sizeof(more), ",\"initrd\":\"%s\"", initrd);
	EXPECT(build(&k, sizeof(k), "[{\"size\":\"256M\"}]", more) == EXIT_OK);
	p = params();
	EXPECT(p->hdr.ramdisk_image == 256 * MIB - 4096 && p->hdr.ramdisk_size == 9);
	free(p);
	/* However large the cell, below initrd_addr_max. */
	EXPECT(build(&k, sizeof(k), "[{\"size\":\"6G\"}]", more) == EXIT_OK);
	p = params();
	EXPECT(p->hdr.ramdisk_image == 2 * GIB - 4096 && !p->ext_ramdisk_image);
	free(p);
	/* 64M are just enough for the kernel alone. */
	EXPECT(build(&k, sizeof(k), "[{\"size\":\"64M\"}]", "") == EXIT_OK);
	EXPECT(build(&k, sizeof(k), "[{\"size\":\"60M\"}]", "") == EXIT_CONFIG);
	EXPECT(unit_said("key 'memory'") && unit_said("needs 49M"));
	EXPECT(build(&k, sizeof(k), "[{\"size\":\"256M\"}]", ",\"initrd\":\"/no/such\"") ==
	       EXIT_CONFIG);
	EXPECT(unit_said("key 'linux.initrd'"));
}

static void test_seed(void)
{
	static const u8 zero[CONFIG_SEED];
	struct kernel k = kernel();
	struct boot_params *p;
	u8 first[CONFIG_SEED];
	struct setup_data *data;

	for (int i = 0; i < 2; i++) {
		EXPECT(build(&k, sizeof(k), "[{\"size\":\"256M\"}]", "") == EXIT_OK);
		p = params();
		data = (struct setup_data *)guest(p, p->hdr.setup_data);
		EXPECT(!data->next && data->type == 9 && data->len == CONFIG_SEED);
		EXPECT(memcmp(data->data, zero, sizeof(zero)));
		EXPECT(!i || memcmp(data->data, first, sizeof(first)));
		memcpy(first, data->data, sizeof(first));
		free(p);
	}
}

static bool has_cmdline(const char *given, const char *want)
{
	struct kernel k = kernel();
	struct boot_params *p;
	char more[256];
	bool same;

	snprintf(more, sizeof(more), ",\"cmdline\":\"%s\"", given);
	if (build(&k, sizeof(k), "[{\"size\":\"256M\"}]", more))
		return false;
	p = params();
	same = !strcmp(guest(p, p->hdr.cmd_line_ptr), want);
	if (!same)
		printf("# command line is: %s\n", guest(p, p->hdr.cmd_line_ptr));
	free(p);
	return same;
}

static void test_cmdline(void)
{
	struct kernel k = kernel();
	char more[2300];

	EXPECT(has_cmdline("quiet",
			   "quiet console=ttyS0,115200 tsc_early_khz=1234567 tsc=reliable"));
	EXPECT(has_cmdline("console=tty0", "console=tty0 tsc_early_khz=1234567 tsc=reliable"));
	EXPECT(has_cmdline("xconsole=1 tsc_early_khz=5 tsc=unstable",
			   "xconsole=1 tsc_early_khz=5 tsc=unstable console=ttyS0,115200"));
	EXPECT(has_cmdline("a=\\\"b console=c\\\"",
			   "a=\"b console=c\" console=ttyS0,115200 tsc_early_khz=1234567 tsc=reliable"));
	memset(more, 'x', sizeof(more));
	memcpy(more, ",\"cmdline\":\"", 12);
	strcpy(more + 2030, "\"");
	EXPECT(build(&k, sizeof(k), "[{\"size\":\"256M\"}]", more) == EXIT_CONFIG);
	EXPECT(unit_said("key 'linux.cmdline'") && unit_said("too long"));
}

static bool has_console(const char *console, const char *want)
{
	struct kernel k = kernel();
	char text[512];
	struct boot_params *p;
	bool found;

	unit_free(&cfg, &m);
	snprintf(text, sizeof(text),
		 "{\"name\":\"t\",\"cpus\":[1],\"memory\":[{\"size\":\"128M\"}],\"linux\":{\"kernel\":\"%s\"},\"console\":%s}",
		 unit_file(&k, sizeof(k)), console);
	if (unit_build(&cfg, &m, text, 0))
		return false;
	p = params();
	found = !strcmp(guest(p, p->hdr.cmd_line_ptr), want);
	free(p);
	return found;
}

static void test_console(void)
{
	EXPECT(has_console("true", "console=ttyS0,115200 tsc=reliable"));
	EXPECT(has_console("false", "tsc=reliable"));
	EXPECT(has_console("{\"port\":\"0x2f8\",\"irq\":3}", "console=ttyS1,115200 tsc=reliable"));
	EXPECT(has_console("{\"port\":\"0x500\"}",
			   "console=uart8250,io,0x500,115200 tsc=reliable"));
}

static void test_page_tables(void)
{
	struct kernel k = kernel();
	const struct machine_image *image;
	u64 *table, gpa = m.boot.table;

	EXPECT(build(&k, sizeof(k), "[{\"size\":\"7G\"}]", "") == EXIT_OK);
	image = unit_image(&m, "page-tables");
	gpa = m.boot.table;
	EXPECT(image && image->gpa == gpa && !(gpa & 4095) && image->size == 10 * 4096);
	if (!image)
		return;
	table = unit_content(image);
	EXPECT(table[0] == gpa + 4096 + 3 && !table[1]);
	for (u64 i = 0; i < 8; i++) {
		EXPECT(table[512 + i] == gpa + (2 + i) * 4096 + 3);
		for (u64 n = 0; n < 512; n++)
			EXPECT(table[1024 + i * 512 + n] == (i * 512 + n) * 2 * MIB + 0x83);
	}
	EXPECT(!table[512 + 8]);
	free(table);
}

static void test_truncated(void)
{
	struct kernel k = kernel();

	/* syssize counts 16 bytes, so that up to 15 may be missing. */
	for (size_t len = 1; len <= sizeof(k) - 16; len += len < 4096 ? 1 : 97) {
		EXPECT(build(&k, len, "[{\"size\":\"256M\"}]", "") == EXIT_CONFIG);
		EXPECT(unit_said("key 'linux.kernel'"));
		EXPECT(unit_said("truncated") || unit_said("too short"));
	}
}

static void refuse(const struct kernel *k, const char *why)
{
	EXPECT(build(k, sizeof(*k), "[{\"size\":\"256M\"}]", "") == EXIT_CONFIG);
	EXPECT(unit_said(why));
}

static void test_hostile(void)
{
	struct kernel k = kernel();

	k.hdr.header = 0;
	refuse(&k, "not a Linux kernel");
	k = kernel();
	k.hdr.version = 0x20b;
	refuse(&k, "older than 3.8");
	k = kernel();
	k.hdr.xloadflags = 0;
	refuse(&k, "32-bit");
	k = kernel();
	k.hdr.loadflags = 0;
	refuse(&k, "zImage");
	k = kernel();
	k.hdr.kernel_alignment = 3 * MIB;
	refuse(&k, "kernel_alignment");
	k = kernel();
	k.hdr.pref_address = UINT64_MAX;
	refuse(&k, "pref_address");
	k = kernel();
	k.hdr.init_size = UINT32_MAX;
	refuse(&k, "give the cell more");
	k = kernel();
	k.hdr.relocatable_kernel = 0;
	k.hdr.pref_address = 16 * MIB + 4096;
	refuse(&k, "give the cell more");
	k = kernel();
	k.hdr.syssize = UINT32_MAX;
	refuse(&k, "truncated");
	k = kernel();
	k.hdr.cmdline_size = 10;
	refuse(&k, "too long");
	k = kernel();
	EXPECT(build(&k, sizeof(k), "[{\"gpa\":\"1M\",\"size\":\"256M\"}]", "") == EXIT_CONFIG);
	EXPECT(unit_said("from GPA 0"));
}

static void test_fuzz(void)
{
	struct kernel good = kernel(), k;
	u8 *bytes = (u8 *)&k;
	int ret;

	for (int round = 0; round < 3000; round++) {
		k = good;
		for (u32 n = unit_random() % 4 + 1; n; n--)
			bytes[0x1f1 + unit_random() % sizeof(k.hdr)] = unit_random();
		ret = build(&k, unit_random() % 8 ? sizeof(k) : unit_random() % sizeof(k) + 1,
			    "[{\"size\":\"256M\"}]", "");
		EXPECT(ret == EXIT_OK || ret == EXIT_CONFIG);
	}
	unit_free(&cfg, &m);
}

static void test_ports(void)
{
	char text[512];

	unit_free(&cfg, &m);
	snprintf(text, sizeof(text),
		 "{\"name\":\"t\",\"cpus\":[1],\"memory\":[{\"size\":\"4M\"}],\"image\":{\"file\":\"%s\"},"
		 "\"devices\":[{\"ports\":{\"base\":100,\"size\":2}},{\"ports\":{\"base\":101}}]}",
		 unit_file("x", 1));
	/* The module merges them. */
	EXPECT(unit_build(&cfg, &m, text, 0) == EXIT_OK);
	unit_free(&cfg, &m);
	snprintf(text, sizeof(text),
		 "{\"name\":\"t\",\"cpus\":[1],\"memory\":[{\"size\":\"4M\"}],\"image\":{\"file\":\"%s\"},"
		 "\"devices\":[{\"ports\":{\"base\":100,\"size\":2}},{\"ports\":{\"base\":101,\"access\":\"ro\"}}]}",
		 unit_file("x", 1));
	EXPECT(unit_build(&cfg, &m, text, 0) == EXIT_CONFIG);
	EXPECT(unit_said("key 'devices[1].ports'") && unit_said("overlaps"));
	unit_free(&cfg, &m);
}

const struct unit_test os_tests[] = {
	{ "machine: ports that overlap", test_ports },
	{ "linux: boot_params", test_boot_params },
	{ "linux: memory map", test_e820 },
	{ "linux: where the initrd goes", test_initrd },
	{ "linux: random seed", test_seed },
	{ "linux: command line", test_cmdline },
	{ "linux: console", test_console },
	{ "linux: page tables", test_page_tables },
	{ "linux: a kernel cut off anywhere", test_truncated },
	{ "linux: hostile setup headers", test_hostile },
	{ "linux: 3000 damaged kernels", test_fuzz },
	{ 0 }
};
