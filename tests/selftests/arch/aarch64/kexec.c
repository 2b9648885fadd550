// SPDX-License-Identifier: GPL-2.0
/*
 * Boot another kernel, as kexec does: kexec KERNEL INITRD CMDLINE. Debian's arm64
 * kernel has only the old system call, for which the new kernel, its initrd and
 * its device tree must be put in their places here: that of this kernel, with
 * another initrd and command line in it.
 */
#include <endian.h>
#include <fcntl.h>
#include <linux/kexec.h>
#include <linux/reboot.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The test host has memory from 1 to 2 GiB. */
#define KERNEL_AT	0x48000000ULL
#define INITRD_AT	0x60000000ULL
#define TREE_AT		0x68000000ULL
#define ENTRY_AT	0x68200000ULL
#define PAGE		4096UL

#define FDT_BEGIN_NODE	1
#define FDT_END_NODE	2
#define FDT_PROP	3
#define FDT_NOP		4

struct fdt_header {
	uint32_t magic, totalsize, off_struct, off_strings;
};

struct file {
	void *data;
	size_t size;
};

static struct file read_file(const char *path)
{
	struct file file = { malloc(128 << 20), 0 };
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = 0;

	while (fd >= 0 && (n = read(fd, (char *)file.data + file.size, 1 << 20)) > 0)
		file.size += n;
	if (fd < 0 || n < 0 || !file.size) {
		perror(path);
		exit(1);
	}
	close(fd);
	return file;
}

/* A property's value in the device tree, or NULL. Names are only used once in it. */
static void *property(struct file tree, const char *wanted, uint32_t *len)
{
	const struct fdt_header *h = tree.data;
	char *base = tree.data, *at = base + be32toh(h->off_struct);

	while (at < base + tree.size) {
		uint32_t tag = be32toh(*(uint32_t *)at), *word = (uint32_t *)at;

		at += 4;
		if (tag == FDT_BEGIN_NODE) {
			at += (strlen(at) + 4) & ~3UL;
		} else if (tag == FDT_PROP) {
			*len = be32toh(word[1]);
			at += 8;
			if (!strcmp(base + be32toh(h->off_strings) + be32toh(word[2]), wanted))
				return at;
			at += (*len + 3) & ~3UL;
		} else if (tag != FDT_END_NODE && tag != FDT_NOP) {
			break;
		}
	}
	return NULL;
}

/* No value may grow, so a shorter command line is filled up. */
static void set_text(struct file tree, const char *name, const char *text)
{
	uint32_t len = 0;
	char *value = property(tree, name, &len);

	if (!value || strlen(text) >= len) {
		fprintf(stderr, "kexec: no room for %s in the device tree\n", name);
		exit(1);
	}
	memset(value, ' ', len - 1);
	memcpy(value, text, strlen(text));
}

static void set_address(struct file tree, const char *name, uint64_t address)
{
	uint32_t len = 0;
	void *value = property(tree, name, &len);

	if (!value || (len != 4 && len != 8)) {
		fprintf(stderr, "kexec: no %s in the device tree\n", name);
		exit(1);
	}
	if (len == 8)
		*(uint64_t *)value = htobe64(address);
	else
		*(uint32_t *)value = htobe32(address);
}

static struct kexec_segment segment(struct file file, uint64_t at)
{
	return (struct kexec_segment){
		.buf = file.data, .bufsz = file.size, .mem = (void *)at,
		.memsz = (file.size + PAGE - 1) & ~(PAGE - 1),
	};
}

int main(int argc, char **argv)
{
	/* ldr x0, tree; mov x1, x2, x3 = 0; ldr x4, kernel; br x4 */
	static struct {
		uint32_t code[6];
		uint64_t tree, kernel;
	} entry = {
		{ 0x580000c0, 0xaa1f03e1, 0xaa1f03e2, 0xaa1f03e3, 0x58000084, 0xd61f0080 },
		TREE_AT, KERNEL_AT,
	};
	struct kexec_segment segments[4];
	struct file kernel, initrd, tree;

	if (argc != 4) {
		fprintf(stderr, "usage: kexec KERNEL INITRD CMDLINE\n");
		return 2;
	}
	kernel = read_file(argv[1]);
	initrd = read_file(argv[2]);
	tree = read_file("/sys/firmware/fdt");
	set_text(tree, "bootargs", argv[3]);
	set_address(tree, "linux,initrd-start", INITRD_AT);
	set_address(tree, "linux,initrd-end", INITRD_AT + initrd.size);
	segments[0] = segment(kernel, KERNEL_AT);
	/* image_size, in the header: what it needs is more than what the file has. */
	segments[0].memsz = (((uint64_t *)kernel.data)[2] + PAGE - 1) & ~(PAGE - 1);
	segments[1] = segment(initrd, INITRD_AT);
	segments[2] = segment(tree, TREE_AT);
	segments[3] = segment((struct file){ &entry, sizeof(entry) }, ENTRY_AT);
	if (syscall(SYS_kexec_load, ENTRY_AT, 4UL, segments, KEXEC_ARCH_AARCH64)) {
		perror("kexec: cannot load");
		return 1;
	}
	syscall(SYS_reboot, LINUX_REBOOT_MAGIC1, LINUX_REBOOT_MAGIC2, LINUX_REBOOT_CMD_KEXEC, NULL);
	perror("kexec: cannot boot");
	return 1;
}
