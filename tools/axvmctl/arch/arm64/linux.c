// SPDX-License-Identifier: GPL-2.0
/*
 * Loading Linux by the arm64 boot protocol (Documentation/arch/arm64/booting.rst):
 * kernel, initrd, and a device tree that says the rest.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "kernel.h"

#define KEY_KERNEL	"linux.kernel"
#define KEY_INITRD	"linux.initrd"

static int check_machine(const struct machine *m)
{
	const char *cmdline = m->cfg->linux_os.cmdline;

	if (m->cfg->irq_mode == AXVM_IRQ_MODE_NONE)
		return json_file_fail(&m->cfg->file, "interrupts",
				      "Linux cannot run without interrupts; accepted with 'linux': \"emulated\", \"passthrough\"");
	if (cmdline && strlen(cmdline) >= ARM64_CMDLINE_MAX)
		return json_file_fail(&m->cfg->file, "linux.cmdline",
				      "the command line is too long: %zu bytes; this kernel takes %d",
				      strlen(cmdline), ARM64_CMDLINE_MAX - 1);
	return EXIT_OK;
}

static u64 memory_size(const struct machine *m)
{
	u64 size = 0;

	for (u32 i = 0; i < m->nr_memory; i++)
		size += m->memory[i].size;
	return size;
}

static int place_kernel(struct machine *m, int fd, const struct arm64_kernel *kernel)
{
	const char *path = m->cfg->linux_os.kernel;
	u64 offset = kernel->hdr.text_offset, need = offset + kernel->hdr.image_size, base;
	int ret;

	/* As low as it goes: kernels before 4.6 cannot use memory below them. */
	if (!machine_find(m, need, 2 * MIB, 0, UINT64_MAX, false, &base))
		return json_file_fail(&m->cfg->file, "memory",
				      "the kernel '%s' needs %" PRIu64 "M of contiguous memory from a multiple of 2M on; give the cell more",
				      path, need / MIB + 1);
	ret = machine_claim(m, KEY_KERNEL, base + offset, kernel->hdr.image_size, "the kernel");
	if (ret)
		return ret;
	m->boot.entry = base + offset;
	m->boot.mode = GUEST_BOOT_MODE;
	if (kernel->data)
		return machine_add_blob(m, "kernel", kernel->data, kernel->size, m->boot.entry);
	return machine_add_file(m, path, fd, 0, kernel->size, m->boot.entry);
}

static int load_kernel(struct machine *m)
{
	const char *path = m->cfg->linux_os.kernel;
	struct arm64_kernel kernel;
	u64 file_size;
	char why[160];
	int fd, ret;

	ret = machine_open(m, KEY_KERNEL, path, &fd, &file_size);
	if (ret)
		return ret;
	if (arm64_kernel_read(fd, file_size, memory_size(m), &kernel, why, sizeof(why)))
		ret = place_kernel(m, fd, &kernel);
	else
		ret = json_file_fail(&m->cfg->file, KEY_KERNEL, "'%s' %s", path, why);
	free(kernel.data);
	return ret;
}

/* Kernel, initrd and device tree must be near enough to be mapped early. */
static u64 window_end(const struct machine *m)
{
	return ALIGN_DOWN(m->boot.entry, GIB) + 32 * GIB;
}

static int load_initrd(struct machine *m, struct arm64_chosen *chosen)
{
	const char *path = m->cfg->linux_os.initrd;
	int fd, ret;

	if (!path)
		return EXIT_OK;
	ret = machine_open(m, KEY_INITRD, path, &fd, &chosen->initrd_size);
	if (ret)
		return ret;
	if (!machine_find(m, chosen->initrd_size, PAGE_SIZE, 0, window_end(m), true,
			  &chosen->initrd))
		return json_file_fail(&m->cfg->file, KEY_INITRD,
				      "'%s' (%" PRIu64 "M) does not fit into the cell's memory beside the kernel; give the cell more",
				      path, chosen->initrd_size / MIB + 1);
	ret = machine_claim(m, KEY_INITRD, chosen->initrd, chosen->initrd_size, "the initrd");
	if (ret)
		return ret;
	return machine_add_file(m, path, fd, 0, chosen->initrd_size, chosen->initrd);
}

int arch_boot_linux(struct machine *m)
{
	struct arm64_chosen chosen = { .cmdline = m->cfg->linux_os.cmdline, .seed = true };
	int ret = check_machine(m);

	if (!ret)
		ret = load_kernel(m);
	if (!ret)
		ret = load_initrd(m, &chosen);
	return ret ? ret : arm64_load_fdt(m, &chosen, 0, window_end(m), true);
}
