// SPDX-License-Identifier: GPL-2.0
/* Bare-metal programs: a raw image goes where the config says, an ELF64 file says so itself. */
#include <elf.h>
#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include "arch.h"
#include "image.h"

#define KEY		"image"
#define KEY_FILE	"image.file"
#define MAX_SEGMENTS	64

struct elf_file {
	int fd;
	u64 size;
	Elf64_Ehdr header;
	Elf64_Phdr segment[MAX_SEGMENTS];
};

__printf(2, 3)
static int elf_fail(const struct machine *m, const char *fmt, ...)
{
	char what[200];
	va_list args;

	va_start(args, fmt);
	vsnprintf(what, sizeof(what), fmt, args);
	va_end(args);
	return json_file_fail(&m->cfg->file, KEY_FILE, "'%s' %s", m->cfg->image.file, what);
}

static int read_elf_header(struct machine *m, struct elf_file *elf)
{
	Elf64_Ehdr *h = &elf->header;

	if (!read_at(elf->fd, h, sizeof(*h), 0))
		return elf_fail(m, "is a truncated ELF file: its header does not fit into %" PRIu64 " bytes",
				elf->size);
	if (h->e_ident[EI_CLASS] != ELFCLASS64)
		return elf_fail(m, "is a 32-bit ELF file; link it as a 64-bit one, or make a raw image with 'objcopy -O binary'");
	if (h->e_ident[EI_DATA] != ELFDATA2LSB)
		return elf_fail(m, "is a big-endian ELF file");
	if (h->e_machine != arch_layout.elf_machine)
		return elf_fail(m, "is an ELF file for machine %u; this is %s (%u)", h->e_machine,
				arch_layout.name, arch_layout.elf_machine);
	if (h->e_type != ET_EXEC)
		return elf_fail(m, "is an ELF file of type %u; accepted: %u, an executable with fixed addresses (link without -pie)",
				h->e_type, ET_EXEC);
	if (h->e_phentsize != sizeof(Elf64_Phdr))
		return elf_fail(m, "is a damaged ELF file: its program headers have %u bytes instead of %zu",
				h->e_phentsize, sizeof(Elf64_Phdr));
	if (!h->e_phnum || h->e_phnum > MAX_SEGMENTS)
		return elf_fail(m, "is an ELF file with %u program headers; accepted: 1 to %d",
				h->e_phnum, MAX_SEGMENTS);
	if (h->e_phoff > elf->size ||
	    !read_at(elf->fd, elf->segment, h->e_phnum * sizeof(Elf64_Phdr), h->e_phoff))
		return elf_fail(m, "is a truncated ELF file: its program headers at 0x%" PRIx64 " are beyond its end",
				h->e_phoff);
	return EXIT_OK;
}

static int load_segment(struct machine *m, const struct elf_file *elf, unsigned int index)
{
	const Elf64_Phdr *p = &elf->segment[index];
	int ret;

	if (p->p_type != PT_LOAD || !p->p_memsz)
		return EXIT_OK;
	if (p->p_filesz > p->p_memsz)
		return elf_fail(m, "is a damaged ELF file: segment %u has more bytes in the file than in memory",
				index);
	if (p->p_offset > elf->size || p->p_filesz > elf->size - p->p_offset)
		return elf_fail(m, "is a truncated ELF file: segment %u ends at 0x%" PRIx64 ", the file at 0x%" PRIx64,
				index, p->p_offset + p->p_filesz, elf->size);
	ret = machine_claim(m, KEY_FILE, p->p_paddr, p->p_memsz, "a segment of the program");
	/* What is beyond p_filesz needs no image: new memory is zero. */
	if (ret || !p->p_filesz)
		return ret;
	return machine_add_file(m, m->cfg->image.file, elf->fd, p->p_offset, p->p_filesz,
				p->p_paddr);
}

/* e_entry is a virtual address; the cell starts at a physical one. */
static bool elf_entry(const struct elf_file *elf, u64 *gpa)
{
	u64 entry = elf->header.e_entry;

	for (unsigned int i = 0; i < elf->header.e_phnum; i++) {
		const Elf64_Phdr *p = &elf->segment[i];

		if (p->p_type == PT_LOAD && entry >= p->p_vaddr && entry - p->p_vaddr < p->p_memsz) {
			*gpa = entry - p->p_vaddr + p->p_paddr;
			return true;
		}
	}
	return false;
}

static int load_elf(struct machine *m, int fd, u64 size, u64 *entry)
{
	struct elf_file elf = { .fd = fd, .size = size };
	int ret = read_elf_header(m, &elf);

	if (ret)
		return ret;
	if (m->cfg->image.gpa_given)
		return json_file_fail(&m->cfg->file, "image.gpa",
				      "'%s' is an ELF file, which says itself where it is loaded; leave gpa out",
				      m->cfg->image.file);
	for (unsigned int i = 0; i < elf.header.e_phnum && !ret; i++)
		ret = load_segment(m, &elf, i);
	if (ret)
		return ret;
	if (!m->nr_images)
		return elf_fail(m, "is an ELF file without anything to load");
	if (!m->cfg->image.entry_given && !elf_entry(&elf, entry))
		return elf_fail(m, "is an ELF file whose entry 0x%" PRIx64 " is in none of its segments",
				elf.header.e_entry);
	return EXIT_OK;
}

static int load_raw(struct machine *m, int fd, u64 size, u64 *entry)
{
	const struct config_image *image = &m->cfg->image;
	u64 gpa = image->gpa_given ? image->gpa : arch_layout.image_gpa;
	int ret;

	if (gpa + size < gpa)
		return json_file_fail(&m->cfg->file, "image.gpa", "the image does not fit there");
	ret = machine_claim(m, KEY, gpa, size, "the image");
	if (ret)
		return ret;
	*entry = gpa;
	return machine_add_file(m, image->file, fd, 0, size, gpa);
}

int image_boot(struct machine *m)
{
	const struct config_image *image = &m->cfg->image;
	unsigned char magic[SELFMAG] = { 0 };
	u64 size, entry = 0;
	int fd, ret;

	ret = machine_open(m, KEY_FILE, image->file, &fd, &size);
	if (ret)
		return ret;
	if (read_at(fd, magic, sizeof(magic), 0) && !memcmp(magic, ELFMAG, SELFMAG))
		ret = load_elf(m, fd, size, &entry);
	else
		ret = load_raw(m, fd, size, &entry);
	if (ret)
		return ret;
	if (image->entry_given)
		entry = image->entry;
	if (!machine_is_ram(m, entry, 1))
		return json_file_fail(&m->cfg->file, image->entry_given ? "image.entry" : KEY_FILE,
				      "the entry 0x%" PRIx64 " is outside the cell's memory", entry);
	return arch_boot_image(m, entry);
}
