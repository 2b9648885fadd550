// SPDX-License-Identifier: GPL-2.0
/* Raw images and ELF files: right, cut off and hostile ones. */
#include <elf.h>

#include "arch.h"
#include "unit.h"

#define BASE	arch_layout.ram_base

static struct config cfg;
static struct machine m;

/* A program with two segments, the second one larger in memory than in the file. */
struct program {
	Elf64_Ehdr header;
	Elf64_Phdr segment[2];
	char text[64], data[32];
};

static struct program program(void)
{
	struct program p = {
		.header = {
			.e_type = ET_EXEC, .e_version = EV_CURRENT, .e_entry = 0xffff800000200010,
			.e_phoff = offsetof(struct program, segment),
			.e_ehsize = sizeof(Elf64_Ehdr), .e_phentsize = sizeof(Elf64_Phdr),
			.e_phnum = 2,
		},
		.segment = {
			{
				.p_type = PT_LOAD, .p_offset = offsetof(struct program, text),
				.p_vaddr = 0xffff800000200000, .p_paddr = BASE + 0x200000,
				.p_filesz = 64, .p_memsz = 64,
			},
			{
				.p_type = PT_LOAD, .p_offset = offsetof(struct program, data),
				.p_vaddr = 0xffff800000300000, .p_paddr = BASE + 0x300000,
				.p_filesz = 32, .p_memsz = 0x8000,
			},
		},
	};

	memcpy(p.header.e_ident, ELFMAG, SELFMAG);
	p.header.e_ident[EI_CLASS] = ELFCLASS64;
	p.header.e_ident[EI_DATA] = ELFDATA2LSB;
	p.header.e_machine = arch_layout.elf_machine;
	return p;
}

static int build(const void *data, size_t size, const char *more)
{
	char text[512];

	unit_free(&cfg, &m);
	snprintf(text, sizeof(text),
		 "{\"name\":\"t\",\"cpus\":[1],\"memory\":[{\"size\":\"8M\"}],\"image\":{\"file\":\"%s\"%s}}",
		 unit_file(data, size), more);
	return unit_build(&cfg, &m, text, 0);
}

/* Key and address, counted from the start of memory. */
static const char *address(const char *key, u64 offset)
{
	static char text[2][64];
	static int turn;

	turn = !turn;
	snprintf(text[turn], sizeof(text[turn]), ",\"%s\":%llu", key,
		 (unsigned long long)(BASE + offset));
	return text[turn];
}

static void test_raw(void)
{
	char both[128];

	EXPECT(build("some code", 9, "") == EXIT_OK);
	EXPECT(m.image[0].gpa == arch_layout.image_gpa && m.image[0].size == 9 &&
	       !m.image[0].offset);
	snprintf(both, sizeof(both), "%s%s", address("gpa", 2 * MIB), address("entry", 0x200004));
	EXPECT(build("some code", 9, both) == EXIT_OK);
	EXPECT(m.image[0].gpa == BASE + 2 * MIB && m.boot.entry == BASE + 0x200004);
	EXPECT(build("some code", 9, address("gpa", 0x7ffff8)) == EXIT_CONFIG);
	EXPECT(unit_said("does not fit"));
	EXPECT(build("some code", 9, address("entry", 8 * MIB)) == EXIT_CONFIG);
	EXPECT(unit_said("key 'image.entry'"));
	EXPECT(build("", 0, "") == EXIT_CONFIG && unit_said("is empty"));
	EXPECT(build("\177EL", 3, "") == EXIT_OK);
}

static void test_elf(void)
{
	struct program p = program();

	EXPECT(build(&p, sizeof(p), "") == EXIT_OK);
	EXPECT(m.nr_images >= 2);
	EXPECT(m.image[0].gpa == BASE + 0x200000 && m.image[0].size == 64);
	EXPECT(m.image[1].gpa == BASE + 0x300000 && m.image[1].size == 32 &&
	       m.image[1].offset == offsetof(struct program, data));
	EXPECT(m.boot.entry == BASE + 0x200010);
	EXPECT(build(&p, sizeof(p), address("gpa", MIB)) == EXIT_CONFIG);
	EXPECT(unit_said("key 'image.gpa'"));
	EXPECT(build(&p, sizeof(p), address("entry", 0x200020)) == EXIT_OK);
	EXPECT(m.boot.entry == BASE + 0x200020);
}

/* From the first magic byte on, no beginning of the file is good. */
static void test_elf_truncated(void)
{
	struct program p = program();

	for (size_t len = SELFMAG; len < sizeof(p); len++) {
		EXPECT(build(&p, len, "") == EXIT_CONFIG);
		EXPECT(unit_said("truncated"));
	}
}

static void refuse(const struct program *p, const char *why)
{
	EXPECT(build(p, sizeof(*p), "") == EXIT_CONFIG);
	EXPECT(unit_said(why));
}

static void test_elf_hostile(void)
{
	struct program p = program();

	p.header.e_ident[EI_CLASS] = ELFCLASS32;
	refuse(&p, "32-bit");
	p = program();
	p.header.e_ident[EI_DATA] = ELFDATA2MSB;
	refuse(&p, "big-endian");
	p = program();
	p.header.e_machine = EM_ARM;
	refuse(&p, "machine");
	p = program();
	p.header.e_type = ET_DYN;
	refuse(&p, "fixed addresses");
	p = program();
	p.header.e_phnum = 0xffff;
	refuse(&p, "program headers");
	p = program();
	p.header.e_phentsize = 1;
	refuse(&p, "program headers");
	p = program();
	p.header.e_phoff = UINT64_MAX;
	refuse(&p, "truncated");
	p = program();
	p.header.e_entry = 0;
	refuse(&p, "entry");
}

static void test_segments_hostile(void)
{
	struct program p = program();

	p.segment[0].p_filesz = 65;
	refuse(&p, "more bytes in the file than in memory");
	p = program();
	p.segment[0].p_offset = UINT64_MAX - 8;
	refuse(&p, "truncated");
	p = program();
	p.segment[0].p_filesz = p.segment[0].p_memsz = UINT64_MAX;
	refuse(&p, "truncated");
	p = program();
	p.segment[1].p_memsz = UINT64_MAX;
	refuse(&p, "does not fit");
	p = program();
	p.segment[1].p_paddr = BASE + 0x200000;
	refuse(&p, "overlaps");
	p = program();
	p.segment[1].p_paddr = BASE + 0x7ff000;
	refuse(&p, "does not fit");
	p = program();
	p.segment[0].p_type = p.segment[1].p_type = PT_NOTE;
	refuse(&p, "without anything to load");
}

static void test_elf_fuzz(void)
{
	struct program good = program(), p;
	unsigned char *bytes = (unsigned char *)&p;
	int ret;

	for (int round = 0; round < 5000; round++) {
		p = good;
		for (u32 n = unit_random() % 4 + 1; n; n--)
			bytes[unit_random() % offsetof(struct program, text)] = unit_random();
		ret = build(&p, unit_random() % 8 ? sizeof(p) : unit_random() % sizeof(p) + 1, "");
		EXPECT(ret == EXIT_OK || ret == EXIT_CONFIG);
	}
	unit_free(&cfg, &m);
}

const struct unit_test image_tests[] = {
	{ "image: raw", test_raw },
	{ "image: ELF", test_elf },
	{ "image: ELF cut off at every length", test_elf_truncated },
	{ "image: hostile ELF headers", test_elf_hostile },
	{ "image: hostile ELF segments", test_segments_hostile },
	{ "image: 5000 damaged ELF files", test_elf_fuzz },
	{ 0 }
};
