// SPDX-License-Identifier: GPL-2.0
/*
 * Checks of a cell's configuration, before anything is touched: each part by
 * itself, then against its neighbours. The netlink walk is in parse.c.
 */
#include <linux/ctype.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "config.h"
#include "names.h"
#include "passthrough.h"
#include "ivc/policy.h"

struct check {
	const struct axvm_config *cfg;
	const struct axvm_config_limits *limits;
	struct axvm_config_place *place;
	struct axvm_error *err;
};

struct axvm_config *axvm_config_new(void)
{
	return kvzalloc(sizeof(struct axvm_config), GFP_KERNEL);
}

void axvm_config_free(struct axvm_config *cfg)
{
	unsigned int i;

	if (!cfg)
		return;
	for (i = 0; i < cfg->nr_images; i++) {
		if (cfg->image[i].file)
			fput(cfg->image[i].file);
	}
	kvfree(cfg);
}

static void at(struct check *c, u16 attr, unsigned int index)
{
	c->place->attr = attr;
	c->place->index = index;
}

/* End of a range, exclusive. Only for ranges that range_ok() let pass. */
static u64 end(u64 start, u64 size)
{
	return start + size;
}

static bool overlap(u64 a, u64 a_size, u64 b, u64 b_size)
{
	return a < end(b, b_size) && b < end(a, a_size);
}

/* Fits into that many address bits, without wrapping around? */
static bool range_ok(u64 start, u64 size, unsigned int bits)
{
	u64 top = bits < 64 ? (1ULL << bits) - 1 : U64_MAX;

	return start <= top && size - 1 <= top - start;
}

static bool name_char_ok(char ch)
{
	return isascii(ch) && (isalnum(ch) || ch == '.' || ch == '_' || ch == '-');
}

static int check_name(struct check *c)
{
	const char *name = c->cfg->name;
	const char *p;

	at(c, AXVM_A_CELL_NAME, 0);
	if (!name[0])
		return axvm_fail(c->err, -EINVAL,
				 "the cell has no name: give it one of 1 to %u characters",
				 AXVM_NAME_MAX);
	for (p = name; *p; p++) {
		if (!name_char_ok(*p))
			return axvm_fail(c->err, -EINVAL,
					 "cell name: character %zu (0x%02x) is not allowed: use letters, digits, '.', '_' and '-'",
					 p - name + 1, (u8)*p);
	}
	if (!isalnum(name[0]))
		return axvm_fail(c->err, -EINVAL,
				 "cell name \"%s\" starts with '%c': start it with a letter or a digit",
				 name, name[0]);
	return 0;
}

/* A CPU that two vCPUs name for sure; that affinities can be met is seen later. */
static int check_cpu_twice(struct check *c, unsigned int index)
{
	const struct axvm_config_vcpu *vcpu = c->cfg->vcpu;
	unsigned int i;

	for (i = 0; i < index && vcpu[index].cpu >= 0; i++) {
		if (vcpu[i].cpu == vcpu[index].cpu)
			return axvm_fail(c->err, -EINVAL,
					 "vCPUs %u and %u both want CPU %d: a CPU runs one vCPU, name another",
					 i, index, vcpu[i].cpu);
	}
	return 0;
}

static int check_vcpu(struct check *c, unsigned int index)
{
	const struct axvm_config_vcpu *vcpu = &c->cfg->vcpu[index];
	unsigned int last;

	at(c, AXVM_A_CELL_VCPU, index);
	if (vcpu->cpu >= 0 && vcpu->cpu >= c->limits->nr_cpus)
		return axvm_fail(c->err, -EINVAL,
				 "vCPU %u: CPU %d does not exist, this machine has CPUs 0-%u",
				 index, vcpu->cpu, c->limits->nr_cpus - 1);
	if (vcpu->cpu >= 0)
		return check_cpu_twice(c, index);
	if (bitmap_empty(vcpu->affinity, NR_CPUS))
		return axvm_fail(c->err, -EINVAL,
				 "vCPU %u has no CPU: name one, or several in its affinity", index);
	last = find_last_bit(vcpu->affinity, NR_CPUS);
	if (last >= c->limits->nr_cpus)
		return axvm_fail(c->err, -EINVAL,
				 "vCPU %u: affinity names CPU %u, this machine has CPUs 0-%u",
				 index, last, c->limits->nr_cpus - 1);
	return 0;
}

static int check_vcpus(struct check *c)
{
	unsigned int i;
	int ret;

	at(c, AXVM_A_CELL_VCPU, 0);
	if (!c->cfg->nr_vcpus)
		return axvm_fail(c->err, -EINVAL, "the cell has no CPU: name at least one");
	for (i = 0; i < c->cfg->nr_vcpus; i++) {
		ret = check_vcpu(c, i);
		if (ret)
			return ret;
	}
	return 0;
}

static int check_memory_flags(struct check *c, unsigned int index)
{
	u32 flags = c->cfg->memory[index].flags;

	if (flags & ~AXVM_ALL_MEMORY_FLAGS)
		return axvm_fail(c->err, -EINVAL,
				 "memory %u: flags 0x%x are unknown: use read, write and exec",
				 index, flags & ~AXVM_ALL_MEMORY_FLAGS);
	if (!(flags & AXVM_MEMORY_FLAG_READ))
		return axvm_fail(c->err, -EINVAL,
				 "memory %u: flags 0x%x lack read, no machine maps such memory: add it",
				 index, flags);
	return 0;
}

/* Where in host memory it shall lie, if the type leaves that to the user. */
static int check_memory_hpa(struct check *c, unsigned int index)
{
	const struct axvm_config_memory *m = &c->cfg->memory[index];

	switch (m->type) {
	case AXVM_MEMORY_TYPE_ALLOC:
		if (m->hpa)
			return axvm_fail(c->err, -EINVAL,
					 "memory %u: hpa 0x%llx given, but \"alloc\" finds its place itself: drop hpa or use \"reserved\"",
					 index, m->hpa);
		return 0;
	case AXVM_MEMORY_TYPE_IDENTICAL:
		if (m->hpa && m->hpa != m->gpa)
			return axvm_fail(c->err, -EINVAL,
					 "memory %u: hpa 0x%llx differs from gpa 0x%llx, but the type is \"identical\": drop hpa",
					 index, m->hpa, m->gpa);
		break;
	case AXVM_MEMORY_TYPE_RESERVED:
		if (!PAGE_ALIGNED(m->hpa))
			return axvm_fail(c->err, -EINVAL,
					 "memory %u: hpa 0x%llx is not a multiple of the page size 0x%lx",
					 index, m->hpa, PAGE_SIZE);
		break;
	default:
		return axvm_fail(c->err, -EINVAL,
				 "memory %u: type %u is unknown: use alloc, identical or reserved",
				 index, m->type);
	}
	if (!range_ok(m->type == AXVM_MEMORY_TYPE_IDENTICAL ? m->gpa : m->hpa, m->size,
		      c->limits->hpa_bits))
		return axvm_fail(c->err, -ERANGE,
				 "memory %u: 0x%llx bytes at hpa 0x%llx do not fit into %u address bits",
				 index, m->size, m->hpa, c->limits->hpa_bits);
	return 0;
}

static u64 host_start(const struct axvm_config_memory *m)
{
	return m->type == AXVM_MEMORY_TYPE_IDENTICAL ? m->gpa : m->hpa;
}

static int check_memory_overlap(struct check *c, unsigned int index)
{
	const struct axvm_config_memory *m = &c->cfg->memory[index];
	const struct axvm_config_memory *o;
	unsigned int i;

	for (i = 0; i < index; i++) {
		o = &c->cfg->memory[i];
		if (overlap(m->gpa, m->size, o->gpa, o->size))
			return axvm_fail(c->err, -EINVAL,
					 "memory %u (gpa 0x%llx, 0x%llx bytes) overlaps memory %u (gpa 0x%llx, 0x%llx bytes): move one",
					 index, m->gpa, m->size, i, o->gpa, o->size);
		if (m->type == AXVM_MEMORY_TYPE_ALLOC || o->type == AXVM_MEMORY_TYPE_ALLOC)
			continue;
		if (overlap(host_start(m), m->size, host_start(o), o->size))
			return axvm_fail(c->err, -EINVAL,
					 "memory %u (hpa 0x%llx, 0x%llx bytes) overlaps memory %u (hpa 0x%llx, 0x%llx bytes) on the host: move one",
					 index, host_start(m), m->size, i, host_start(o), o->size);
	}
	return 0;
}

static int check_memory(struct check *c, unsigned int index)
{
	const struct axvm_config_memory *m = &c->cfg->memory[index];
	int ret;

	at(c, AXVM_A_CELL_MEMORY, index);
	if (!m->size)
		return axvm_fail(c->err, -EINVAL, "memory %u: size is 0: say how much", index);
	if (!PAGE_ALIGNED(m->size) || !PAGE_ALIGNED(m->gpa))
		return axvm_fail(c->err, -EINVAL,
				 "memory %u: gpa 0x%llx, size 0x%llx: both must be multiples of the page size 0x%lx",
				 index, m->gpa, m->size, PAGE_SIZE);
	if (!range_ok(m->gpa, m->size, c->limits->gpa_bits))
		return axvm_fail(c->err, -ERANGE,
				 "memory %u: 0x%llx bytes at gpa 0x%llx do not fit into the guest's %u address bits",
				 index, m->size, m->gpa, c->limits->gpa_bits);
	ret = check_memory_flags(c, index);
	if (!ret)
		ret = check_memory_hpa(c, index);
	if (!ret)
		ret = check_memory_overlap(c, index);
	return ret;
}

static int check_memories(struct check *c)
{
	unsigned int i;
	int ret;

	at(c, AXVM_A_CELL_MEMORY, 0);
	if (!c->cfg->nr_memory)
		return axvm_fail(c->err, -EINVAL, "the cell has no memory: give it some");
	for (i = 0; i < c->cfg->nr_memory; i++) {
		ret = check_memory(c, i);
		if (ret)
			return ret;
	}
	return 0;
}

/* Is all of a range guest memory with these flags? If not, @hole is where it is not. */
static bool covered(const struct axvm_config *cfg, u64 gpa, u64 size, u32 flags, u64 *hole)
{
	const struct axvm_config_memory *m;
	unsigned int i;

	for (i = 0; i < cfg->nr_memory && size; i++) {
		m = &cfg->memory[i];
		if (gpa < m->gpa || gpa - m->gpa >= m->size || (m->flags & flags) != flags)
			continue;
		if (size <= m->size - (gpa - m->gpa))
			return true;
		size -= m->size - (gpa - m->gpa);
		gpa = end(m->gpa, m->size);
		i = -1;		/* the next part may be listed before this one */
	}
	*hole = gpa;
	return false;
}

static int check_image_file(struct check *c, unsigned int index)
{
	const struct axvm_config_image *image = &c->cfg->image[index];
	u64 length;

	if (!image->file)
		return axvm_fail(c->err, -EINVAL, "image %u \"%.100s\": no file given", index,
				 image->name);
	length = i_size_read(file_inode(image->file));
	if (image->offset > length || image->size > length - image->offset)
		return axvm_fail(c->err, -EINVAL,
				 "image %u \"%.100s\" is truncated: the file has %llu bytes, but bytes %llu to %llu are wanted",
				 index, image->name, length, image->offset,
				 end(image->offset, image->size) - 1);
	return 0;
}

static int check_image(struct check *c, unsigned int index)
{
	const struct axvm_config_image *image = &c->cfg->image[index];
	const struct axvm_config_image *o;
	unsigned int i;
	u64 hole;

	at(c, AXVM_A_CELL_IMAGE, index);
	if (!image->size)
		return axvm_fail(c->err, -EINVAL, "image %u \"%.100s\" is empty", index,
				 image->name);
	if (!range_ok(image->gpa, image->size, c->limits->gpa_bits) ||
	    !range_ok(image->offset, image->size, 63))
		return axvm_fail(c->err, -ERANGE,
				 "image %u \"%.100s\": %llu bytes from offset %llu at gpa 0x%llx do not fit into the address space",
				 index, image->name, image->size, image->offset, image->gpa);
	if (!covered(c->cfg, image->gpa, image->size, 0, &hole))
		return axvm_fail(c->err, -EINVAL,
				 "image %u \"%.80s\" (gpa 0x%llx, %llu bytes) is outside the cell's memory from gpa 0x%llx on: give the cell more memory or move the image",
				 index, image->name, image->gpa, image->size, hole);
	for (i = 0; i < index; i++) {
		o = &c->cfg->image[i];
		if (overlap(image->gpa, image->size, o->gpa, o->size))
			return axvm_fail(c->err, -EINVAL,
					 "image %u \"%.60s\" (gpa 0x%llx, %llu bytes) overlaps image %u \"%.60s\" (gpa 0x%llx, %llu bytes)",
					 index, image->name, image->gpa, image->size, i, o->name,
					 o->gpa, o->size);
	}
	return check_image_file(c, index);
}

static int check_images(struct check *c)
{
	unsigned int i;
	int ret;

	for (i = 0; i < c->cfg->nr_images; i++) {
		ret = check_image(c, i);
		if (ret)
			return ret;
	}
	return 0;
}

static int check_device_pair(struct check *c, unsigned int index)
{
	const struct axvm_config_device *d = &c->cfg->device[index];
	const struct axvm_config_device *o;
	unsigned int i;

	for (i = 0; i < index; i++) {
		o = &c->cfg->device[i];
		if (d->console && o->console)
			return axvm_fail(c->err, -EINVAL,
					 "devices %u and %u are both the console: choose one", i, index);
		/* What is handed through in whole pages is merged: regions.c. */
		if (axvm_passthrough(d->type) && !d->access && !o->access)
			continue;
		if (d->type == o->type && overlap(d->base, d->size ?: 1, o->base, o->size ?: 1))
			return axvm_fail(c->err, -EINVAL,
					 "devices %u and %u (%s) overlap at 0x%llx: move one", i, index,
					 axvm_device_type_names[d->type], max(d->base, o->base));
	}
	return 0;
}

static bool is_uart(u32 type)
{
	return type == AXVM_DEVICE_TYPE_UART16550 || type == AXVM_DEVICE_TYPE_PL011;
}

/* Each byte of it by an exit: a few registers, not a frame buffer. */
static int check_access(struct check *c, unsigned int index)
{
	const struct axvm_config_device *d = &c->cfg->device[index];
	u64 bytes = (d->base & ~PAGE_MASK) + d->size;

	if (!d->access)
		return 0;
	if (!axvm_passthrough(d->type))
		return axvm_fail(c->err, -EINVAL,
				 "device %u (%s): access given, but only ports and mmio have it: drop it",
				 index, axvm_device_type_names[d->type]);
	if (d->access & ~AXVM_ALL_DEVICE_RIGHTS)
		return axvm_fail(c->err, -EINVAL,
				 "device %u (%s): access 0x%x is unknown: use read and write",
				 index, axvm_device_type_names[d->type], d->access);
	if (d->type == AXVM_DEVICE_TYPE_MMIO && bytes > CORE_DEVICE_WINDOW)
		return axvm_fail(c->err, -EINVAL,
				 "device %u (mmio): 0x%llx bytes with access of their own, at most 0x%x are possible: name only the registers that need it",
				 index, d->size, CORE_DEVICE_WINDOW);
	return 0;
}

static int check_mmio(struct check *c, unsigned int index)
{
	const struct axvm_config_device *d = &c->cfg->device[index];

	if ((d->base ^ d->hpa) & ~PAGE_MASK)
		return axvm_fail(c->err, -EINVAL,
				 "device %u (mmio): gpa 0x%llx is not in the same place of its page as hpa 0x%llx: make them differ by whole pages of 0x%lx",
				 index, d->base, d->hpa, PAGE_SIZE);
	if (!range_ok(d->hpa, d->size, c->limits->hpa_bits))
		return axvm_fail(c->err, -ERANGE,
				 "device %u (mmio): 0x%llx bytes at hpa 0x%llx do not fit into %u address bits",
				 index, d->size, d->hpa, c->limits->hpa_bits);
	if (d->irq != CORE_NO_IRQ)
		return axvm_fail(c->err, -EINVAL,
				 "device %u (mmio): irq %u given, but its interrupt stays with the host: drop it",
				 index, d->irq);
	return 0;
}

/* The lines of its slots are checked as one device's irq is: the last one here. */
static int check_pci_host(struct check *c, unsigned int index)
{
	const struct axvm_config_device *d = &c->cfg->device[index];
	const struct axvm_config_memory *m;
	unsigned int i;

	if (d->base & (CORE_PCI_SIZE - 1) || !range_ok(d->base, CORE_PCI_SIZE, c->limits->gpa_bits))
		return axvm_fail(c->err, -EINVAL,
				 "device %u (pci-host): base 0x%llx must be a multiple of 0x%x, with as much room behind it",
				 index, d->base, CORE_PCI_SIZE);
	for (i = 0; i < c->cfg->nr_memory; i++) {
		m = &c->cfg->memory[i];
		if (overlap(m->gpa, m->size, d->base, CORE_PCI_SIZE))
			return axvm_fail(c->err, -EINVAL,
					 "device %u (pci-host): gpa 0x%llx, 0x%x bytes overlap memory %u (gpa 0x%llx, 0x%llx bytes): move one",
					 index, d->base, CORE_PCI_SIZE, i, m->gpa, m->size);
	}
	for (i = 0; i < index; i++) {
		if (c->cfg->device[i].type == AXVM_DEVICE_TYPE_PCI_HOST)
			return axvm_fail(c->err, -EINVAL,
					 "devices %u and %u are both a pci-host: a cell can have one",
					 i, index);
	}
	return 0;
}

static int check_device(struct check *c, unsigned int index)
{
	const struct axvm_config_device *d = &c->cfg->device[index];
	const char *type;
	int ret = 0;

	at(c, AXVM_A_CELL_DEVICE, index);
	if (d->type >= AXVM_NR_DEVICE_TYPES)
		return axvm_fail(c->err, -EINVAL, "device %u: type %u is unknown", index, d->type);
	type = axvm_device_type_names[d->type];
	if (axvm_passthrough(d->type) && !d->size)
		return axvm_fail(c->err, -EINVAL, "device %u (%s): say how many", index, type);
	if (!axvm_passthrough(d->type) && d->size)
		return axvm_fail(c->err, -EINVAL,
				 "device %u (%s): size 0x%llx given, but the type has one of its own: drop it",
				 index, type, d->size);
	if (!range_ok(d->base, d->size ?: 1, c->limits->gpa_bits))
		return axvm_fail(c->err, -ERANGE,
				 "device %u (%s): base 0x%llx, size 0x%llx do not fit into %u address bits",
				 index, type, d->base, d->size, c->limits->gpa_bits);
	if (d->console && !is_uart(d->type))
		return axvm_fail(c->err, -EINVAL,
				 "device %u (%s) cannot be the console: use a UART", index, type);
	if (d->type == AXVM_DEVICE_TYPE_MMIO)
		ret = check_mmio(c, index);
	else if (d->type == AXVM_DEVICE_TYPE_PCI_HOST)
		ret = check_pci_host(c, index);
	ret = ret ?: check_access(c, index);
	return ret ?: check_device_pair(c, index);
}

static int check_excluded(struct check *c)
{
	unsigned int i;

	for (i = 0; i < c->cfg->nr_excluded; i++) {
		const struct axvm_config_device *d = &c->cfg->excluded[i];
		u64 start = d->type == AXVM_DEVICE_TYPE_MMIO ? d->hpa : d->base;

		at(c, AXVM_A_CELL_EXCLUDED, i);
		if (d->type != AXVM_DEVICE_TYPE_MMIO && d->type != AXVM_DEVICE_TYPE_PORTS)
			return axvm_fail(c->err, -EINVAL,
					 "excluded device %u: type %u cannot be excluded: use ports or mmio",
					 i, d->type);
		if (!d->size || !range_ok(start, d->size, 52))
			return axvm_fail(c->err, -ERANGE,
					 "excluded device %u: 0x%llx of size 0x%llx is empty or beyond the last address",
					 i, start, d->size);
	}
	return 0;
}

static int check_devices(struct check *c)
{
	unsigned int i;
	int ret;

	for (i = 0; i < c->cfg->nr_devices; i++) {
		ret = check_device(c, i);
		if (ret)
			return ret;
	}
	return 0;
}

static int check_boot(struct check *c)
{
	const struct core_boot *boot = &c->cfg->boot;
	u64 hole;

	at(c, AXVM_A_CELL_BOOT, 0);
	if (!covered(c->cfg, boot->entry, 1, 0, &hole))
		return axvm_fail(c->err, -EINVAL,
				 "boot entry 0x%llx is outside the cell's memory: nothing could run there",
				 boot->entry);
	if (!covered(c->cfg, boot->entry, 1, AXVM_MEMORY_FLAG_EXEC, &hole))
		return axvm_fail(c->err, -EINVAL,
				 "boot entry 0x%llx lies in memory without the exec flag: add it",
				 boot->entry);
	if (boot->table && (!PAGE_ALIGNED(boot->table) ||
			    !covered(c->cfg, boot->table, PAGE_SIZE, 0, &hole)))
		return axvm_fail(c->err, -EINVAL,
				 "boot page tables at gpa 0x%llx: not a whole page of the cell's memory",
				 boot->table);
	return 0;
}

static int check_ivc(struct check *c)
{
	unsigned int index = 0;
	int ret = axvm_ivc_check_rules(c->cfg, c->limits, &index, c->err);

	at(c, AXVM_A_CELL_IVC_RULE, index);
	return ret;
}

int axvm_config_check(const struct axvm_config *cfg, const struct axvm_config_limits *limits,
		      struct axvm_config_place *place, struct axvm_error *err)
{
	static int (*const checks[])(struct check *c) = {
		check_name, check_vcpus, check_memories, check_images, check_devices, check_excluded,
		check_boot, check_ivc,
	};
	struct check c = { .cfg = cfg, .limits = limits, .place = place, .err = err };
	unsigned int i;
	int ret;

	for (i = 0; i < ARRAY_SIZE(checks); i++) {
		ret = checks[i](&c);
		if (ret)
			return ret;
	}
	return 0;
}

int axvm_config_check_devices(const struct axvm_config *cfg,
			      const struct axvm_config_limits *limits,
			      struct axvm_config_place *place, struct axvm_error *err)
{
	struct check c = { .cfg = cfg, .limits = limits, .place = place, .err = err };

	return check_devices(&c);
}
