// SPDX-License-Identifier: GPL-2.0
/* Device trees, read back with libfdt. Each is left in $UNIT_OUT for dtc to read too. */
#include <fcntl.h>
#include <libfdt.h>
#include <unistd.h>

#include "arch/arm64/kernel.h"
#include "../unit.h"

static struct config cfg;
static struct machine m;

static void leave(const void *fdt, const char *name)
{
	const char *folder = getenv("UNIT_OUT");
	char path[300];
	int fd;

	if (!folder)
		return;
	snprintf(path, sizeof(path), "%s/%s.dtb", folder, name);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	EXPECT(fd >= 0 && write(fd, fdt, fdt_totalsize(fdt)) == (ssize_t)fdt_totalsize(fdt));
	close(fd);
}

/* The tree of a cell with these keys; to be freed. */
static void *tree(const char *name, const char *keys)
{
	const struct machine_image *image;
	char text[4096];
	void *fdt;

	unit_free(&cfg, &m);
	snprintf(text, sizeof(text), "{\"name\":\"t\",%s}", keys);
	EXPECT(unit_build(&cfg, &m, text, 0) == EXIT_OK);
	image = unit_image(&m, "device-tree");
	EXPECT(image);
	if (!image)
		abort();
	EXPECT(image->gpa == m.boot.arg && !(m.boot.arg & 7));
	fdt = unit_content(image);
	EXPECT(!fdt_check_full(fdt, image->size));
	leave(fdt, name);
	return fdt;
}

static void *image_tree(const char *name, const char *more)
{
	char keys[2048];

	snprintf(keys, sizeof(keys),
		 "\"cpus\":[1],\"memory\":[{\"size\":\"4M\"}],\"image\":{\"file\":\"%s\"}%s",
		 unit_file("x", 1), more);
	return tree(name, keys);
}

/* The big-endian cells of a property must be exactly these. */
#define HAS(fdt, path, name, ...) do {						\
		const u32 want[] = { __VA_ARGS__ };				\
										\
		EXPECT(has(fdt, path, name, want, ARRAY_SIZE(want)));		\
	} while (0)

static bool has(const void *fdt, const char *path, const char *name, const u32 *want, size_t nr)
{
	int node = fdt_path_offset(fdt, path), len;
	const fdt32_t *raw = node < 0 ? NULL : fdt_getprop(fdt, node, name, &len);

	if (!raw || len != (int)(nr * sizeof(*raw)))
		return false;
	for (size_t i = 0; i < nr; i++)
		if (fdt32_to_cpu(raw[i]) != want[i])
			return false;
	return true;
}

static bool has_text(const void *fdt, const char *path, const char *name, const char *want)
{
	int node = fdt_path_offset(fdt, path);

	return node >= 0 && fdt_stringlist_search(fdt, node, name, want) >= 0;
}

static bool has_node(const void *fdt, const char *path)
{
	return fdt_path_offset(fdt, path) >= 0;
}

static void test_smallest(void)
{
	void *fdt = image_tree("smallest", "");

	HAS(fdt, "/", "#address-cells", 2);
	HAS(fdt, "/memory@40000000", "reg", 0, 0x40000000, 0, 0x400000);
	HAS(fdt, "/cpus/cpu@0", "reg", 0);
	EXPECT(has_text(fdt, "/cpus/cpu@0", "enable-method", "psci"));
	EXPECT(!has_node(fdt, "/cpus/cpu@1"));
	EXPECT(has_text(fdt, "/psci", "method", "hvc"));
	EXPECT(has_text(fdt, "/psci", "compatible", "arm,psci-1.0") &&
	       has_text(fdt, "/psci", "compatible", "arm,psci-0.2"));
	HAS(fdt, "/timer", "interrupts", 1, 13, 4, 1, 14, 4, 1, 11, 4, 1, 10, 4);
	HAS(fdt, "/interrupt-controller@8000000", "reg", 0, 0x08000000, 0, 0x10000,
	    0, 0x080a0000, 0, 0x20000);
	HAS(fdt, "/serial@9000000", "reg", 0, 0x09000000, 0, 0x1000);
	HAS(fdt, "/serial@9000000", "interrupts", 0, 1, 4);
	EXPECT(has_text(fdt, "/serial@9000000", "compatible", "arm,pl011"));
	HAS(fdt, "/rtc@9010000", "reg", 0, 0x09010000, 0, 0x1000);
	EXPECT(has_text(fdt, "/chosen", "stdout-path", "/serial@9000000"));
	EXPECT(!fdt_getprop(fdt, fdt_path_offset(fdt, "/chosen"), "bootargs", NULL));
	EXPECT(m.boot.arg == GIB);
	free(fdt);
}

static void test_phandles(void)
{
	void *fdt = image_tree("phandles", "");
	int gic = fdt_path_offset(fdt, "/interrupt-controller@8000000");
	int clock = fdt_path_offset(fdt, "/clock");

	HAS(fdt, "/", "interrupt-parent", fdt_get_phandle(fdt, gic));
	HAS(fdt, "/serial@9000000", "clocks", fdt_get_phandle(fdt, clock),
	    fdt_get_phandle(fdt, clock));
	HAS(fdt, "/rtc@9010000", "clocks", fdt_get_phandle(fdt, clock));
	free(fdt);
}

static void test_console(void)
{
	void *fdt = image_tree("console", ",\"console\":{\"gpa\":\"0x9020000\",\"irq\":50}");

	HAS(fdt, "/serial@9020000", "interrupts", 0, 18, 4);
	EXPECT(has_text(fdt, "/chosen", "stdout-path", "/serial@9020000"));
	free(fdt);
	fdt = image_tree("no-console", ",\"console\":false");
	EXPECT(!has_node(fdt, "/serial@9000000"));
	EXPECT(!fdt_getprop(fdt, fdt_path_offset(fdt, "/chosen"), "stdout-path", NULL));
	free(fdt);
	fdt = image_tree("no-interrupts", ",\"interrupts\":\"none\"");
	EXPECT(!has_node(fdt, "/interrupt-controller@8000000") && !has_node(fdt, "/timer"));
	EXPECT(!fdt_getprop(fdt, fdt_path_offset(fdt, "/serial@9000000"), "interrupts", NULL));
	free(fdt);
}

static void test_cpus(void)
{
	char keys[512], path[32];
	size_t len;
	void *fdt;

	len = snprintf(keys, sizeof(keys), "\"cpus\":[0");
	for (int i = 1; i < AXVM_MAX_VCPUS; i++)
		len += snprintf(keys + len, sizeof(keys) - len, ",%d", i);
	snprintf(keys + len, sizeof(keys) - len,
		 "],\"memory\":[{\"size\":\"4M\"}],\"image\":{\"file\":\"%s\"}", unit_file("x", 1));
	fdt = tree("cpus", keys);
	for (u32 i = 0; i < AXVM_MAX_VCPUS; i++) {
		u32 mpidr = i / 16 * 0x100 + i % 16;

		snprintf(path, sizeof(path), "/cpus/cpu@%x", mpidr);
		HAS(fdt, path, "reg", mpidr);
	}
	HAS(fdt, "/interrupt-controller@8000000", "reg", 0, 0x08000000, 0, 0x10000,
	    0, 0x080a0000, 0, AXVM_MAX_VCPUS * 0x20000);
	free(fdt);
}

static void test_memory(void)
{
	char keys[1024];
	void *fdt;

	snprintf(keys, sizeof(keys),
		 "\"cpus\":[1],\"memory\":[{\"size\":\"6G\"},{\"gpa\":\"0x1000000000\",\"size\":\"1M\"},"
		 "{\"gpa\":\"0x3000000000\",\"size\":\"8K\",\"flags\":\"r\"}],\"image\":{\"file\":\"%s\"}",
		 unit_file("x", 1));
	fdt = tree("memory", keys);
	HAS(fdt, "/memory@40000000", "reg", 0, 0x40000000, 1, 0x80000000);
	HAS(fdt, "/memory@1000000000", "reg", 0x10, 0, 0, 0x100000);
	EXPECT(!has_node(fdt, "/memory@3000000000"));
	HAS(fdt, "/reserved-memory/region@3000000000", "reg", 0x30, 0, 0, 0x2000);
	EXPECT(fdt_getprop(fdt, fdt_path_offset(fdt, "/reserved-memory/region@3000000000"),
			   "no-map", NULL));
	free(fdt);
}

/* A kernel that is no more than its header. */
static void *linux_tree(const char *name, const char *more)
{
	struct image_header hdr = { .magic = IMAGE_MAGIC, .image_size = 8 * MIB };
	char keys[3072];

	snprintf(keys, sizeof(keys),
		 "\"cpus\":[1,2],\"memory\":[{\"size\":\"64M\"}],\"linux\":{\"kernel\":\"%s\",\"initrd\":\"%s\"%s",
		 unit_file(&hdr, sizeof(hdr)), unit_file("an initrd", 9), more);
	return tree(name, keys);
}

static void test_chosen(void)
{
	u32 initrd = 0x44000000 - 4096;
	void *fdt = linux_tree("linux", ",\"cmdline\":\"quiet \\\"a b\\\"\"}");

	EXPECT(has_text(fdt, "/chosen", "bootargs", "quiet \"a b\""));
	HAS(fdt, "/chosen", "linux,initrd-start", 0, initrd);
	HAS(fdt, "/chosen", "linux,initrd-end", 0, initrd + 9);
	free(fdt);
	fdt = linux_tree("linux-plain", "}");
	EXPECT(!fdt_getprop(fdt, fdt_path_offset(fdt, "/chosen"), "bootargs", NULL));
	free(fdt);
}

static const u8 *seed(const void *fdt)
{
	int len = 0;
	const void *data = fdt_getprop(fdt, fdt_path_offset(fdt, "/chosen"), "rng-seed", &len);

	EXPECT(data && len == CONFIG_SEED);
	return data;
}

static void test_seed(void)
{
	static const u8 zero[CONFIG_SEED];
	void *first = linux_tree("seed-1", "}"), *second = linux_tree("seed-2", "}"), *given;

	EXPECT(memcmp(seed(first), zero, CONFIG_SEED));
	EXPECT(memcmp(seed(first), seed(second), CONFIG_SEED));
	given = linux_tree("seed-given",
			   "},\"random_seed\":\"0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20\"");
	for (u8 i = 0; i < CONFIG_SEED; i++)
		EXPECT(seed(given)[i] == i + 1);
	free(first);
	free(second);
	free(given);
	unit_free(&cfg, &m);
}

static void test_pci(void)
{
	void *fdt = image_tree("no-pci", "");
	int gic;

	EXPECT(!has_node(fdt, "/pcie@10000000"));
	free(fdt);
	fdt = linux_tree("pci", "}");
	gic = fdt_get_phandle(fdt, fdt_path_offset(fdt, "/interrupt-controller@8000000"));
	EXPECT(has_text(fdt, "/pcie@10000000", "compatible", "pci-host-ecam-generic"));
	HAS(fdt, "/pcie@10000000", "reg", 0, 0x10000000, 0, 0x100000);
	HAS(fdt, "/pcie@10000000", "ranges", 0x02000000, 0, 0x11000000, 0, 0x11000000, 0, 0x0f000000);
	HAS(fdt, "/pcie@10000000", "interrupt-map-mask", 0x1800, 0, 0, 7);
	HAS(fdt, "/pcie@10000000", "interrupt-map", 0, 0, 0, 1, gic, 0, 4, 4, 0x800, 0, 0, 1, gic, 0, 5, 4,
	    0x1000, 0, 0, 1, gic, 0, 6, 4, 0x1800, 0, 0, 1, gic, 0, 7, 4);
	HAS(fdt, "/pcie@10000000", "msi-parent", gic);
	HAS(fdt, "/interrupt-controller@8000000", "mbi-ranges", 64, 32);
	free(fdt);
	fdt = image_tree("pci-silent", ",\"pci_bus\":true,\"interrupts\":\"none\"");
	EXPECT(has_node(fdt, "/pcie@10000000"));
	EXPECT(!fdt_getprop(fdt, fdt_path_offset(fdt, "/pcie@10000000"), "interrupt-map", NULL));
	free(fdt);
}

const struct unit_test firmware_tests[] = {
	{ "fdt: the smallest cell", test_smallest },
	{ "fdt: phandles", test_phandles },
	{ "fdt: consoles and interrupts", test_console },
	{ "fdt: 32 CPUs", test_cpus },
	{ "fdt: memory and what is kept out of it", test_memory },
	{ "fdt: chosen", test_chosen },
	{ "fdt: PCI bus", test_pci },
	{ "fdt: random seed", test_seed },
	{ 0 }
};
