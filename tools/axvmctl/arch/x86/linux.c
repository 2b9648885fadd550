// SPDX-License-Identifier: GPL-2.0
/*
 * Loading Linux by the 64-bit boot protocol (Documentation/arch/x86/boot.rst):
 * kernel, initrd, boot_params with the memory map, command line and random seed,
 * ACPI tables, and page tables for the boot CPU.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "acpi.h"
#include "bzimage.h"
#include "cmdline.h"

#define KEY_KERNEL	"linux.kernel"
#define KEY_INITRD	"linux.initrd"
#define ENTRY_64	0x200	/* from the start of the loaded kernel */
#define LOADER_UNKNOWN	0xff	/* type_of_loader without a registered number */
#define E820_RAM	1
#define E820_RESERVED	2
#define SEED_TYPE	9	/* SETUP_RNG_SEED */

/* What lies in the low memory of the guest when the kernel starts, in this order. */
struct boot_data {
	struct boot_params params;	/* exactly one page */
	struct {
		u64 next;
		u32 type, len;
		u8 data[CONFIG_SEED];
	} seed;				/* a struct setup_data */
	char cmdline[CMDLINE_MAX];
};

static int check_machine(const struct machine *m)
{
	if (m->cfg->irq_mode == AXVM_IRQ_MODE_NONE)
		return json_file_fail(&m->cfg->file, "interrupts",
				      "Linux cannot run without interrupts; accepted with 'linux': \"passthrough\", \"emulated\"");
	if (!machine_is_ram(m, 0, X86_BIOS_END))
		return json_file_fail(&m->cfg->file, "memory",
				      "Linux needs memory from GPA 0 to 1M; leave the first region's gpa out");
	return EXIT_OK;
}

static int load_kernel(struct machine *m, struct bzimage *kernel)
{
	const struct config_linux *os = &m->cfg->linux_os;
	u64 file_size, gpa, need, end;
	char why[160];
	int fd, ret;

	ret = machine_open(m, KEY_KERNEL, os->kernel, &fd, &file_size);
	if (ret)
		return ret;
	if (!bzimage_read(fd, file_size, kernel, why, sizeof(why)))
		return json_file_fail(&m->cfg->file, KEY_KERNEL, "'%s' %s", os->kernel, why);
	/* It unpacks itself upwards from where it is, but never below pref_address. */
	gpa = kernel->hdr.pref_address;
	need = MAX((u64)kernel->hdr.init_size, kernel->payload_size);
	end = kernel->hdr.relocatable_kernel ? 4 * GIB : gpa + need;
	if (!machine_find(m, need, kernel->hdr.kernel_alignment, gpa, end, false, &gpa))
		return json_file_fail(&m->cfg->file, "memory",
				      "the kernel '%s' needs %" PRIu64 "M of memory at or above GPA 0x%" PRIx64 ", but memory below 4G ends at 0x%" PRIx64 "; give the cell more",
				      os->kernel, need / MIB + 1, (u64)kernel->hdr.pref_address,
				      machine_ram_end(m, 4 * GIB));
	ret = machine_claim(m, KEY_KERNEL, gpa, need, "the kernel");
	if (ret)
		return ret;
	m->boot.entry = gpa + ENTRY_64;
	kernel->hdr.code32_start = gpa;
	return machine_add_file(m, os->kernel, fd, kernel->payload_offset, kernel->payload_size,
				gpa);
}

/* As high as the kernel allows, to be out of its way while it unpacks. */
static int load_initrd(struct machine *m, const struct bzimage *kernel, struct boot_params *params)
{
	const char *path = m->cfg->linux_os.initrd;
	u64 end = (u64)kernel->hdr.initrd_addr_max + 1, size, gpa;
	int fd, ret;

	if (!path)
		return EXIT_OK;
	ret = machine_open(m, KEY_INITRD, path, &fd, &size);
	if (ret)
		return ret;
	if (!machine_find(m, size, PAGE_SIZE, X86_BIOS_END, end, true, &gpa))
		return json_file_fail(&m->cfg->file, KEY_INITRD,
				      "'%s' (%" PRIu64 "M) does not fit into the cell's memory beside the kernel; give the cell more",
				      path, size / MIB + 1);
	ret = machine_claim(m, KEY_INITRD, gpa, size, "the initrd");
	if (ret)
		return ret;
	params->hdr.ramdisk_image = gpa;
	params->hdr.ramdisk_size = size;
	params->ext_ramdisk_image = gpa >> 32;
	params->ext_ramdisk_size = size >> 32;
	return machine_add_file(m, path, fd, 0, size, gpa);
}

static void add_e820(struct boot_params *params, u64 from, u64 to, u32 type)
{
	struct boot_e820_entry *entry = &params->e820_table[params->e820_entries];

	if (from >= to || params->e820_entries == E820_MAX_ENTRIES_ZEROPAGE)
		return;
	entry->addr = from;
	entry->size = to - from;
	entry->type = type;
	params->e820_entries++;
}

static void fill_e820(const struct machine *m, struct boot_params *params)
{
	const struct machine_device *pci = machine_find_device(m, AXVM_DEVICE_TYPE_PCI_HOST);

	add_e820(params, X86_VGA_GPA, X86_BIOS_END, E820_RESERVED);
	if (pci)
		add_e820(params, pci->base, pci->base + MACHINE_PCI_ECAM, E820_RESERVED);
	for (u32 i = 0; i < m->nr_memory; i++) {
		const struct machine_memory *ram = &m->memory[i];
		u64 end = ram->gpa + ram->size;
		u32 type = ram->flags == AXVM_ALL_MEMORY_FLAGS ? E820_RAM : E820_RESERVED;

		add_e820(params, ram->gpa, MIN(end, X86_VGA_GPA), type);
		add_e820(params, MAX(ram->gpa, X86_BIOS_END), end, type);
	}
}

/*
 * What lies at a PC's reset vector: a jump there resets the cell. Linux does it
 * where ACPI is hardware-reduced and there is no EFI to ask, in real mode, with
 * the segment that the code does not depend on.
 */
static int load_reset_vector(struct machine *m)
{
	const struct machine_device *pm = machine_find_device(m, AXVM_DEVICE_TYPE_ACPI_PM);
	u16 port;
	u8 code[] = {
		0xba, 0, 0,			/* mov $port, %dx */
		0xb0, X86_PM_RESET_VALUE,	/* mov $value, %al */
		0xee,				/* out %al, %dx */
		0xf4,				/* 1: hlt */
		0xeb, 0xfd,			/* jmp 1b */
	};

	if (!pm)
		return EXIT_OK;
	port = pm->base + X86_PM_RESET;
	code[1] = port & 0xff;
	code[2] = port >> 8;
	return machine_add_blob(m, "reset-vector", code, sizeof(code), X86_RESET_GPA);
}

static int load_acpi(struct machine *m)
{
	u8 *tables = calloc(1, ACPI_ROOM);
	size_t size = 0;
	int ret;

	if (tables)
		size = acpi_build(m, tables, X86_ACPI_GPA);
	if (size)
		ret = machine_add_blob(m, "ACPI-tables", tables, size, X86_ACPI_GPA);
	else
		ret = fail(EXIT_FAILED, "cannot build the ACPI tables");
	free(tables);
	return ret;
}

static int fill_seed(const struct machine *m, struct boot_data *data, u64 gpa)
{
	data->seed.type = SEED_TYPE;
	data->seed.len = sizeof(data->seed.data);
	data->params.hdr.setup_data = gpa + offsetof(struct boot_data, seed);
	if (m->cfg->seed_given)
		memcpy(data->seed.data, m->cfg->seed, sizeof(data->seed.data));
	else if (getrandom(data->seed.data, sizeof(data->seed.data), 0) !=
		 sizeof(data->seed.data))
		return fail(EXIT_FAILED, "cannot get a random seed for the guest: %s",
			    strerror(errno));
	return EXIT_OK;
}

static int load_boot_data(struct machine *m, const struct bzimage *kernel, struct boot_data *data)
{
	u32 room = MIN((u32)sizeof(data->cmdline), kernel->hdr.cmdline_size + 1);
	u64 gpa;
	int ret;

	if (!machine_find(m, sizeof(*data), PAGE_SIZE, PAGE_SIZE, X86_LOW_END, true, &gpa))
		return json_file_fail(&m->cfg->file, "memory",
				      "there is no room below 640K for the kernel's boot_params");
	ret = machine_claim(m, "memory", gpa, sizeof(*data), "boot_params");
	if (!ret)
		ret = x86_cmdline(m, data->cmdline, room);
	if (!ret)
		ret = fill_seed(m, data, gpa);
	if (ret)
		return ret;
	data->params.hdr.cmd_line_ptr = gpa + offsetof(struct boot_data, cmdline);
	data->params.acpi_rsdp_addr = X86_ACPI_GPA;
	fill_e820(m, &data->params);
	m->boot.arg = gpa;
	return machine_add_blob(m, "boot_params", data, sizeof(*data), gpa);
}

static int load_all(struct machine *m, struct boot_data *data)
{
	struct bzimage kernel;
	int ret;

	ret = machine_claim(m, "memory", X86_VGA_GPA, X86_BIOS_END - X86_VGA_GPA,
			    "the firmware area");
	if (!ret)
		ret = load_kernel(m, &kernel);
	if (ret)
		return ret;
	data->params.hdr = kernel.hdr;
	data->params.hdr.type_of_loader = LOADER_UNKNOWN;
	ret = load_initrd(m, &kernel, &data->params);
	if (!ret)
		ret = load_acpi(m);
	if (!ret)
		ret = load_reset_vector(m);
	if (!ret)
		ret = load_boot_data(m, &kernel, data);
	m->boot.mode = 64;
	return ret ? ret : x86_identity_map(m, &m->boot.table);
}

int arch_boot_linux(struct machine *m)
{
	struct boot_data *data;
	int ret = check_machine(m);

	_Static_assert(sizeof(data->params) == PAGE_SIZE, "boot_params is one page");
	_Static_assert(offsetof(struct boot_data, seed.data) % 8 == 0, "setup_data is aligned");
	if (ret)
		return ret;
	data = calloc(1, sizeof(*data));
	if (!data)
		return fail(EXIT_FAILED, "out of memory");
	ret = load_all(m, data);
	free(data);
	return ret;
}
