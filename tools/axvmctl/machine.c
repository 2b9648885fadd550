// SPDX-License-Identifier: GPL-2.0
/* The machine that a cell finds: where its memory is and what has a place in it. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "arch.h"
#include "image.h"
#include "number.h"

static bool overlap(u64 a, u64 a_size, u64 b, u64 b_size)
{
	return a < b + b_size && b < a + a_size;
}

static int memory_fail(const struct machine *m, u32 origin, const char *what)
{
	char path[32];

	snprintf(path, sizeof(path), "memory[%u]", origin);
	return json_file_fail(&m->cfg->file, path, "%s", what);
}

static int add_memory(struct machine *m, u32 origin, u64 gpa, u64 hpa, u64 size)
{
	const struct config_memory *from = &m->cfg->memory[origin];
	char what[160];

	for (u32 i = 0; i < m->nr_memory; i++) {
		const struct machine_memory *other = &m->memory[i];

		if (!overlap(gpa, size, other->gpa, other->size))
			continue;
		snprintf(what, sizeof(what),
			 "GPA 0x%" PRIx64 "-0x%" PRIx64 " overlaps memory[%u] at 0x%" PRIx64 "-0x%" PRIx64,
			 gpa, gpa + size - 1, other->origin, other->gpa,
			 other->gpa + other->size - 1);
		return memory_fail(m, origin, what);
	}
	if (m->nr_memory == AXVM_MAX_REGIONS)
		return memory_fail(m, origin,
				   "too many regions, counting those split by the hole below 4G");
	m->memory[m->nr_memory++] = (struct machine_memory){
		.type = from->type, .flags = from->flags, .gpa = gpa, .size = size, .hpa = hpa,
		.origin = origin,
	};
	return EXIT_OK;
}

/* Without an address: from @next on, around the hole. */
static int place_memory(struct machine *m, u32 origin, u64 *next)
{
	const struct config_memory *from = &m->cfg->memory[origin];
	u64 size = from->size, hpa = from->hpa, part;
	int ret = EXIT_OK;

	while (size && !ret) {
		if (*next >= arch_layout.hole_start && *next < arch_layout.hole_end)
			*next = arch_layout.hole_end;
		part = *next < arch_layout.hole_start ?
		       MIN(size, arch_layout.hole_start - *next) : size;
		ret = add_memory(m, origin, *next, hpa, part);
		*next += part;
		hpa += from->type == AXVM_MEMORY_TYPE_RESERVED ? part : 0;
		size -= part;
	}
	return ret;
}

static int lay_out_memory(struct machine *m)
{
	u64 next = arch_layout.ram_base;
	int ret = EXIT_OK;

	for (u32 i = 0; i < m->cfg->nr_memory && !ret; i++) {
		const struct config_memory *from = &m->cfg->memory[i];

		if (from->gpa_given)
			ret = add_memory(m, i, from->gpa, from->hpa, from->size);
		else
			ret = place_memory(m, i, &next);
		if (from->gpa_given)
			next = MAX(next, from->gpa + from->size);
	}
	return ret;
}

bool machine_is_ram(const struct machine *m, u64 gpa, u64 size)
{
	u64 end = gpa + size;

	if (end < gpa)
		return false;
	/* Each round goes on to the end of one region. */
	for (u32 i = 0; i < m->nr_memory && gpa < end; i++) {
		const struct machine_memory *ram = &m->memory[i];

		if (gpa >= ram->gpa && gpa - ram->gpa < ram->size) {
			gpa = ram->gpa + ram->size;
			i = -1;
		}
	}
	return gpa >= end;
}

u64 machine_ram_end(const struct machine *m, u64 limit)
{
	u64 end = 0;

	for (u32 i = 0; i < m->nr_memory; i++)
		if (m->memory[i].gpa < limit)
			end = MAX(end, MIN(limit, m->memory[i].gpa + m->memory[i].size));
	return end;
}

static const struct machine_claim *find_claim(const struct machine *m, u64 gpa, u64 size)
{
	for (u32 i = 0; i < m->nr_claims; i++)
		if (overlap(gpa, size, m->claim[i].gpa, m->claim[i].size))
			return &m->claim[i];
	return NULL;
}

int machine_claim(struct machine *m, const char *key, u64 gpa, u64 size, const char *what)
{
	const struct machine_claim *other;
	u64 hole = arch_layout.hole_end;

	if (!size)
		return EXIT_OK;
	if (!machine_is_ram(m, gpa, size))
		return json_file_fail(&m->cfg->file, key,
				      "%s does not fit: it needs GPA 0x%" PRIx64 "-0x%" PRIx64 ", but the cell's memory%s ends at 0x%" PRIx64 "; give the cell more memory or another address",
				      what, gpa, gpa + size - 1, hole ? " below 4G" : "",
				      machine_ram_end(m, hole ? hole : UINT64_MAX));
	other = find_claim(m, gpa, size);
	if (other)
		return json_file_fail(&m->cfg->file, key,
				      "%s at GPA 0x%" PRIx64 "-0x%" PRIx64 " overlaps %s at 0x%" PRIx64 "-0x%" PRIx64,
				      what, gpa, gpa + size - 1, other->what, other->gpa,
				      other->gpa + other->size - 1);
	if (m->nr_claims == MACHINE_MAX_CLAIMS)
		return json_file_fail(&m->cfg->file, key, "too many parts");
	m->claim[m->nr_claims++] = (struct machine_claim){ gpa, size, what };
	return EXIT_OK;
}

/* Is this place free, all RAM, and within bounds? */
static bool fits(const struct machine *m, u64 gpa, u64 size, u64 min, u64 end)
{
	return gpa >= min && gpa < end && end - gpa >= size && machine_is_ram(m, gpa, size) &&
	       !find_claim(m, gpa, size);
}

static void try_place(const struct machine *m, u64 at, u64 size, u64 min, u64 end, bool high,
		      u64 *best, bool *found)
{
	if (!fits(m, at, size, min, end))
		return;
	if (!*found || (high ? at > *best : at < *best))
		*best = at;
	*found = true;
}

bool machine_find(const struct machine *m, u64 size, u64 align, u64 min, u64 end, bool high,
		  u64 *gpa)
{
	u64 edges[2 * MACHINE_MAX_CLAIMS + 2 * AXVM_MAX_REGIONS + 2];
	bool found = false;
	u32 nr = 0;

	/* The lowest or highest place that fits touches an edge of something. */
	edges[nr++] = min;
	edges[nr++] = end;
	for (u32 i = 0; i < m->nr_memory; i++) {
		edges[nr++] = m->memory[i].gpa;
		edges[nr++] = m->memory[i].gpa + m->memory[i].size;
	}
	for (u32 i = 0; i < m->nr_claims; i++) {
		edges[nr++] = m->claim[i].gpa;
		edges[nr++] = m->claim[i].gpa + m->claim[i].size;
	}
	for (u32 i = 0; i < nr; i++) {
		if (!high)
			try_place(m, ALIGN_UP(edges[i], align), size, min, end, high, gpa, &found);
		else if (edges[i] >= size)
			try_place(m, ALIGN_DOWN(edges[i] - size, align), size, min, end, high,
				  gpa, &found);
	}
	return found;
}

bool read_at(int fd, void *buf, size_t size, u64 offset)
{
	while (size) {
		ssize_t n = pread(fd, buf, size, offset);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		buf = (char *)buf + n;
		size -= n;
		offset += n;
	}
	return true;
}

/* Keep a file for machine_free(). */
static int keep_fd(struct machine *m, int fd)
{
	if (m->nr_fds == ARRAY_SIZE(m->fd)) {
		close(fd);
		return fail(EXIT_CONFIG, "too many files");
	}
	m->fd[m->nr_fds++] = fd;
	return EXIT_OK;
}

int machine_open(struct machine *m, const char *key, const char *path, int *fd, u64 *size)
{
	struct stat st;
	int ret;

	*fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (*fd < 0)
		return json_file_fail(&m->cfg->file, key, "cannot open '%s': %s", path,
				      strerror(errno));
	ret = keep_fd(m, *fd);
	if (ret)
		return ret;
	if (fstat(*fd, &st) || !S_ISREG(st.st_mode))
		return json_file_fail(&m->cfg->file, key, "'%s' is not a regular file", path);
	if (!st.st_size)
		return json_file_fail(&m->cfg->file, key, "'%s' is empty", path);
	*size = st.st_size;
	return EXIT_OK;
}

int machine_add_file(struct machine *m, const char *path, int fd, u64 offset, u64 size, u64 gpa)
{
	struct machine_image *image = &m->image[m->nr_images];
	size_t len = strlen(path), max = sizeof(image->name) - 1;

	if (m->nr_images == AXVM_MAX_REGIONS)
		return fail(EXIT_CONFIG, "'%s' has too many parts: a cell can have %d", path,
			    AXVM_MAX_REGIONS);
	*image = (struct machine_image){ .fd = fd, .offset = offset, .size = size, .gpa = gpa };
	/* Of a long path the end says more than the start. */
	snprintf(image->name, sizeof(image->name), "%s", len > max ? path + len - max : path);
	m->nr_images++;
	return EXIT_OK;
}

static bool fill_memfd(int fd, const void *data, u64 size)
{
	const char *from = data;

	while (size) {
		ssize_t n = write(fd, from, size);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		from += n;
		size -= n;
	}
	/* The module reads it again at each reset; nobody may change it meanwhile. */
	return !fcntl(fd, F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE);
}

int machine_add_blob(struct machine *m, const char *name, const void *data, u64 size, u64 gpa)
{
	int fd = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING), ret;

	if (fd < 0)
		return fail(EXIT_FAILED, "cannot make a memory file for the %s: %s", name,
			    strerror(errno));
	ret = keep_fd(m, fd);
	if (ret)
		return ret;
	if (!fill_memfd(fd, data, size))
		return fail(EXIT_FAILED, "cannot fill the memory file of the %s: %s", name,
			    strerror(errno));
	return machine_add_file(m, name, fd, 0, size, gpa);
}

static bool is_mmio(const struct machine_device *dev)
{
	switch (dev->type) {
	case AXVM_DEVICE_TYPE_PORTS:
	case AXVM_DEVICE_TYPE_UART16550:
	case AXVM_DEVICE_TYPE_CMOS_RTC:
	case AXVM_DEVICE_TYPE_ACPI_PM:
	case AXVM_DEVICE_TYPE_PCI:
		return false;
	}
	return true;
}

static bool is_open(const struct machine_device *dev)
{
	return !dev->access && (dev->type == AXVM_DEVICE_TYPE_PORTS ||
				dev->type == AXVM_DEVICE_TYPE_MMIO);
}

int machine_add_device(struct machine *m, const char *key, const struct machine_device *dev)
{
	for (u32 i = 0; i < m->nr_devices; i++) {
		const struct machine_device *other = &m->device[i];

		if (dev->type == AXVM_DEVICE_TYPE_PCI && other->type == dev->type &&
		    (dev->function == other->function || (dev->base && dev->base == other->base)))
			return json_file_fail(&m->cfg->file, key,
					      "another entry has the same function or slot; name each only once");
		/* What is handed through as a whole may overlap: the module merges it. */
		if (is_open(dev) && is_open(other))
			continue;
		if (is_mmio(dev) == is_mmio(other) &&
		    overlap(dev->base, dev->size, other->base, other->size))
			return json_file_fail(&m->cfg->file, key,
					      "%s at 0x%" PRIx64 "-0x%" PRIx64 " overlaps the %s at 0x%" PRIx64 "-0x%" PRIx64 "; choose others",
					      dev->name, dev->base, dev->base + dev->size - 1,
					      other->name, other->base,
					      other->base + other->size - 1);
	}
	if (m->nr_devices == AXVM_MAX_REGIONS)
		return json_file_fail(&m->cfg->file, "devices",
				      "too many: a cell can have %d, counting those that every machine has",
				      AXVM_MAX_REGIONS);
	m->device[m->nr_devices++] = *dev;
	return EXIT_OK;
}

const struct machine_device *machine_find_device(const struct machine *m, u32 type)
{
	for (u32 i = 0; i < m->nr_devices; i++)
		if (m->device[i].type == type)
			return &m->device[i];
	return NULL;
}

/* Everything that is told apart by address must not be memory too. */
static int check_mmio(struct machine *m)
{
	char what[128];

	for (u32 i = 0; i < m->nr_devices; i++) {
		const struct machine_device *dev = &m->device[i];

		for (u32 k = 0; is_mmio(dev) && k < m->nr_memory; k++) {
			if (!overlap(dev->base, dev->size, m->memory[k].gpa, m->memory[k].size))
				continue;
			snprintf(what, sizeof(what),
				 "overlaps the %s at GPA 0x%" PRIx64 "-0x%" PRIx64, dev->name,
				 dev->base, dev->base + dev->size - 1);
			return memory_fail(m, m->memory[k].origin, what);
		}
	}
	return EXIT_OK;
}

static int add_devices(struct machine *m)
{
	static const struct {
		const char *key, *name;
	} kinds[AXVM_NR_DEVICE_TYPES] = {
		[AXVM_DEVICE_TYPE_PORTS] = { "ports", "passed-through ports" },
		[AXVM_DEVICE_TYPE_MMIO] = { "mmio", "passed-through MMIO" },
		[AXVM_DEVICE_TYPE_TESTDEV] = { "testdev", "test device" },
		[AXVM_DEVICE_TYPE_PCI] = { "pci", "PCI function" },
	};
	char key[40];
	int ret = EXIT_OK;

	for (u32 i = 0; i < m->cfg->nr_devices && !ret; i++) {
		const struct config_device *from = &m->cfg->device[i];
		struct machine_device dev = {
			.type = from->type, .base = from->base, .size = from->size,
			.hpa = from->hpa, .access = from->access,
			.function = from->function, .unsafe = from->unsafe,
			.name = kinds[from->type].name,
		};

		snprintf(key, sizeof(key), "devices[%u].%s", i, kinds[from->type].key);
		ret = machine_add_device(m, key, &dev);
	}
	return ret;
}

/* Is there a function for the bus? @key is where. */
static bool find_pci(const struct config *cfg, char *key, size_t size)
{
	for (u32 i = 0; i < cfg->nr_devices; i++) {
		if (cfg->device[i].type != AXVM_DEVICE_TYPE_PCI)
			continue;
		snprintf(key, size, "devices[%u].pci", i);
		return true;
	}
	return false;
}

/* A bus costs nothing while nobody is on it: Linux always gets one, for what comes later. */
static int add_pci_host(struct machine *m)
{
	const struct config *cfg = m->cfg;
	bool interrupts = cfg->irq_mode != AXVM_IRQ_MODE_NONE;
	struct machine_device host = {
		.type = AXVM_DEVICE_TYPE_PCI_HOST, .base = arch_layout.pci_gpa,
		.size = MACHINE_PCI_SIZE, .irq_given = interrupts, .irq = arch_layout.pci_irq,
		.name = "PCI bus",
	};
	char key[40] = "";

	if (find_pci(cfg, key, sizeof(key)) && cfg->pci_bus_given && !cfg->pci_bus)
		return json_file_fail(&cfg->file, key,
				      "the cell has no bus for it; accepted with 'devices[].pci': 'pci_bus' true");
	if (cfg->pci_bus_given ? !cfg->pci_bus : !cfg->has_linux && !key[0])
		return EXIT_OK;
	return machine_add_device(m, cfg->pci_bus_given ? "pci_bus" : "devices", &host);
}

int machine_build(struct machine *m, const struct config *cfg, u32 clock_khz)
{
	int ret;

	memset(m, 0, sizeof(*m));
	m->cfg = cfg;
	m->clock_khz = clock_khz;
	ret = lay_out_memory(m);
	if (!ret)
		ret = arch_add_devices(m);
	if (!ret)
		ret = add_pci_host(m);
	if (!ret)
		ret = add_devices(m);
	if (!ret)
		ret = check_mmio(m);
	if (ret)
		return ret;
	return cfg->has_linux ? arch_boot_linux(m) : image_boot(m);
}

void machine_free(struct machine *m)
{
	while (m->nr_fds)
		close(m->fd[--m->nr_fds]);
}
