// SPDX-License-Identifier: GPL-2.0
/*
 * Checks of a cell's configuration, before anything is touched: each part by
 * itself, then against its neighbours. Devices are in config_devices.c, the
 * netlink walk is in parse.c.
 */
#include <linux/ctype.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "config_check.h"
#include "names.h"
#include "ivc/policy.h"

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

static bool name_char_ok(char ch)
{
	return isascii(ch) && (isalnum(ch) || ch == '.' || ch == '_' || ch == '-');
}

static int check_name(struct axvm_check *c)
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
static int check_cpu_twice(struct axvm_check *c, unsigned int index)
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

static int check_vcpu(struct axvm_check *c, unsigned int index)
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

static int check_vcpus(struct axvm_check *c)
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

static int check_memory_flags(struct axvm_check *c, unsigned int index)
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
static int check_memory_hpa(struct axvm_check *c, unsigned int index)
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

static int check_memory_overlap(struct axvm_check *c, unsigned int index)
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

static int check_memory(struct axvm_check *c, unsigned int index)
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

static int check_memories(struct axvm_check *c)
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

static int check_image_file(struct axvm_check *c, unsigned int index)
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

static int check_image(struct axvm_check *c, unsigned int index)
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

static int check_images(struct axvm_check *c)
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

static int check_boot(struct axvm_check *c)
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

static int check_ivc(struct axvm_check *c)
{
	unsigned int index = 0;
	int ret = axvm_ivc_check_rules(c->cfg, c->limits, &index, c->err);

	at(c, AXVM_A_CELL_IVC_RULE, index);
	return ret;
}

int axvm_config_check(const struct axvm_config *cfg, const struct axvm_config_limits *limits,
		      struct axvm_config_place *place, struct axvm_error *err)
{
	static int (*const checks[])(struct axvm_check *c) = {
		check_name, check_vcpus, check_memories, check_images, axvm_check_devices,
		axvm_check_excluded, check_boot, check_ivc,
	};
	struct axvm_check c = { .cfg = cfg, .limits = limits, .place = place, .err = err };
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
	struct axvm_check c = { .cfg = cfg, .limits = limits, .place = place, .err = err };

	return axvm_check_devices(&c);
}
