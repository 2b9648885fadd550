// SPDX-License-Identifier: GPL-2.0
/*
 * From a netlink message to a configuration. Types, ranges and sizes of
 * attributes were checked by the policies; what they mean is checked by
 * config.c, here is only the walk.
 */
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>

#include "arch.h"
#include "config.h"
#include "nl_policy.h"
#include "parse.h"

struct parse {
	struct axvm_config *cfg;
	struct netlink_ext_ack *extack;
	struct axvm_error *err;
};

static u32 get_u32(struct nlattr **tb, int attr, u32 otherwise)
{
	return tb[attr] ? nla_get_u32(tb[attr]) : otherwise;
}

static u64 get_u64(struct nlattr **tb, int attr)
{
	return tb[attr] ? nla_get_u64(tb[attr]) : 0;
}

static int missing(struct parse *p, const struct nlattr *nest, const char *what, unsigned int index,
		   const char *attr)
{
	NL_SET_BAD_ATTR(p->extack, nest);
	return axvm_fail(p->err, -EINVAL, "%s %u: attribute \"%s\" is missing", what, index, attr);
}

static int too_many(struct parse *p, const struct nlattr *attr, const char *what, unsigned int max)
{
	NL_SET_BAD_ATTR(p->extack, attr);
	return axvm_fail(p->err, -E2BIG, "a cell can have at most %u %s", max, what);
}

/* Attributes that only make sense in a reply. */
static int refuse(struct parse *p, struct nlattr **tb, const int *attrs, unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr; i++) {
		if (!tb[attrs[i]])
			continue;
		NL_SET_BAD_ATTR(p->extack, tb[attrs[i]]);
		return axvm_fail(p->err, -EINVAL,
				 "attribute %d is only for replies: leave it out of a request",
				 attrs[i]);
	}
	return 0;
}

static int parse_affinity(struct parse *p, struct axvm_config_vcpu *vcpu, const struct nlattr *attr)
{
	const u8 *bytes = nla_data(attr);
	unsigned int bit;

	for (bit = 0; bit < 8 * nla_len(attr); bit++) {
		if (!(bytes[bit / 8] & (1U << (bit % 8))))
			continue;
		if (bit >= NR_CPUS) {
			NL_SET_BAD_ATTR(p->extack, attr);
			return axvm_fail(p->err, -EINVAL,
					 "affinity names CPU %u, Linux knows at most %u",
					 bit, NR_CPUS);
		}
		__set_bit(bit, vcpu->affinity);
	}
	return 0;
}

static int parse_vcpu(struct parse *p, const struct nlattr *attr)
{
	static const int replies[] = {
		AXVM_A_VCPU_HW_ID, AXVM_A_VCPU_STATE, AXVM_A_VCPU_EXIT, AXVM_A_VCPU_COUNTER,
	};
	struct nlattr *tb[AXVM_A_VCPU_MAX + 1];
	unsigned int index = p->cfg->nr_vcpus;
	struct axvm_config_vcpu *vcpu;
	int ret;

	if (index == AXVM_MAX_VCPUS)
		return too_many(p, attr, "vCPUs", AXVM_MAX_VCPUS);
	vcpu = &p->cfg->vcpu[index];
	ret = nla_parse_nested(tb, AXVM_A_VCPU_MAX, attr, axvm_vcpu_nl_policy, p->extack);
	if (!ret)
		ret = refuse(p, tb, replies, ARRAY_SIZE(replies));
	if (ret)
		return ret;
	if (get_u32(tb, AXVM_A_VCPU_INDEX, index) != index) {
		NL_SET_BAD_ATTR(p->extack, tb[AXVM_A_VCPU_INDEX]);
		return axvm_fail(p->err, -EINVAL, "vCPU index %u at position %u: list them in order",
				 nla_get_u32(tb[AXVM_A_VCPU_INDEX]), index);
	}
	if (!tb[AXVM_A_VCPU_CPU] == !tb[AXVM_A_VCPU_AFFINITY]) {
		NL_SET_BAD_ATTR(p->extack, attr);
		return axvm_fail(p->err, -EINVAL, "vCPU %u: give either \"cpu\" or \"affinity\"",
				 index);
	}
	/* What is too large for an int is no CPU's number, and config.c says so. */
	vcpu->cpu = -1;
	if (tb[AXVM_A_VCPU_CPU])
		vcpu->cpu = min_t(u32, nla_get_u32(tb[AXVM_A_VCPU_CPU]), INT_MAX);
	p->cfg->nr_vcpus++;
	return tb[AXVM_A_VCPU_AFFINITY] ? parse_affinity(p, vcpu, tb[AXVM_A_VCPU_AFFINITY]) : 0;
}

static int parse_memory(struct parse *p, const struct nlattr *attr)
{
	static const int replies[] = { AXVM_A_MEMORY_PIECE };
	struct nlattr *tb[AXVM_A_MEMORY_MAX + 1];
	unsigned int index = p->cfg->nr_memory;
	struct axvm_config_memory *memory;
	int ret;

	if (index == AXVM_MAX_REGIONS)
		return too_many(p, attr, "memory regions", AXVM_MAX_REGIONS);
	memory = &p->cfg->memory[index];
	ret = nla_parse_nested(tb, AXVM_A_MEMORY_MAX, attr, axvm_memory_nl_policy, p->extack);
	if (!ret)
		ret = refuse(p, tb, replies, ARRAY_SIZE(replies));
	if (ret)
		return ret;
	if (!tb[AXVM_A_MEMORY_SIZE])
		return missing(p, attr, "memory", index, "size");
	memory->type = get_u32(tb, AXVM_A_MEMORY_TYPE, AXVM_MEMORY_TYPE_ALLOC);
	if (memory->type == AXVM_MEMORY_TYPE_RESERVED && !tb[AXVM_A_MEMORY_HPA])
		return missing(p, attr, "memory", index, "hpa");
	memory->flags = get_u32(tb, AXVM_A_MEMORY_FLAGS, AXVM_ALL_MEMORY_FLAGS);
	memory->gpa = get_u64(tb, AXVM_A_MEMORY_GPA);
	memory->size = get_u64(tb, AXVM_A_MEMORY_SIZE);
	memory->hpa = get_u64(tb, AXVM_A_MEMORY_HPA);
	p->cfg->nr_memory++;
	return 0;
}

/* Only what can be read again at any time, without side effects or end. */
static int parse_image_file(struct parse *p, struct axvm_config_image *image, unsigned int index,
			    const struct nlattr *attr)
{
	image->file = fget(nla_get_u32(attr));
	if (image->file && S_ISREG(file_inode(image->file)->i_mode) &&
	    image->file->f_mode & FMODE_READ)
		return 0;
	NL_SET_BAD_ATTR(p->extack, attr);
	return axvm_fail(p->err, -EBADF,
			 "image %u \"%.100s\": file descriptor %u is not a regular file open for reading",
			 index, image->name, nla_get_u32(attr));
}

static int parse_image(struct parse *p, const struct nlattr *attr)
{
	struct nlattr *tb[AXVM_A_IMAGE_MAX + 1];
	unsigned int index = p->cfg->nr_images;
	struct axvm_config_image *image;
	int ret;

	if (index == AXVM_MAX_REGIONS)
		return too_many(p, attr, "images", AXVM_MAX_REGIONS);
	image = &p->cfg->image[index];
	ret = nla_parse_nested(tb, AXVM_A_IMAGE_MAX, attr, axvm_image_nl_policy, p->extack);
	if (ret)
		return ret;
	if (!tb[AXVM_A_IMAGE_FD])
		return missing(p, attr, "image", index, "fd");
	if (!tb[AXVM_A_IMAGE_SIZE])
		return missing(p, attr, "image", index, "size");
	if (tb[AXVM_A_IMAGE_NAME])
		nla_strscpy(image->name, tb[AXVM_A_IMAGE_NAME], sizeof(image->name));
	image->offset = get_u64(tb, AXVM_A_IMAGE_OFFSET);
	image->size = get_u64(tb, AXVM_A_IMAGE_SIZE);
	image->gpa = get_u64(tb, AXVM_A_IMAGE_GPA);
	p->cfg->nr_images++;
	return parse_image_file(p, image, index, tb[AXVM_A_IMAGE_FD]);
}

/* One entry of a list of @nr devices. */
static int parse_one_device(struct parse *p, const struct nlattr *attr, const char *what,
			    struct axvm_config_device *list, unsigned int *nr)
{
	struct nlattr *tb[AXVM_A_DEVICE_MAX + 1];
	struct axvm_config_device *device;
	unsigned int index = *nr;
	int ret;

	if (index == AXVM_MAX_REGIONS)
		return too_many(p, attr, what, AXVM_MAX_REGIONS);
	device = &list[index];
	ret = nla_parse_nested(tb, AXVM_A_DEVICE_MAX, attr, axvm_device_nl_policy, p->extack);
	if (ret)
		return ret;
	if (!tb[AXVM_A_DEVICE_TYPE])
		return missing(p, attr, "device", index, "type");
	device->type = nla_get_u32(tb[AXVM_A_DEVICE_TYPE]);
	if (!tb[AXVM_A_DEVICE_FUNCTION] && device->type == AXVM_DEVICE_TYPE_PCI)
		return missing(p, attr, "device", index, "function");
	device->function = get_u32(tb, AXVM_A_DEVICE_FUNCTION, 0);
	device->unsafe = nla_get_flag(tb[AXVM_A_DEVICE_UNSAFE]);
	if (!tb[AXVM_A_DEVICE_BASE] && list == p->cfg->device &&
	    device->type != AXVM_DEVICE_TYPE_PCI)
		return missing(p, attr, "device", index, "base");
	device->base = get_u64(tb, AXVM_A_DEVICE_BASE);
	device->size = get_u64(tb, AXVM_A_DEVICE_SIZE);
	device->hpa = get_u64(tb, AXVM_A_DEVICE_HPA);
	device->irq = get_u32(tb, AXVM_A_DEVICE_IRQ, CORE_NO_IRQ);
	device->console = nla_get_flag(tb[AXVM_A_DEVICE_CONSOLE]);
	device->access = get_u32(tb, AXVM_A_DEVICE_ACCESS, 0);
	++*nr;
	return 0;
}

static int parse_device(struct parse *p, const struct nlattr *attr)
{
	return parse_one_device(p, attr, "devices", p->cfg->device, &p->cfg->nr_devices);
}

static int parse_excluded(struct parse *p, const struct nlattr *attr)
{
	return parse_one_device(p, attr, "excluded devices", p->cfg->excluded,
				&p->cfg->nr_excluded);
}

static int parse_boot(struct parse *p, const struct nlattr *attr)
{
	struct nlattr *tb[AXVM_A_BOOT_MAX + 1];
	int ret;

	ret = nla_parse_nested(tb, AXVM_A_BOOT_MAX, attr, axvm_boot_nl_policy, p->extack);
	if (ret)
		return ret;
	if (!tb[AXVM_A_BOOT_ENTRY])
		return missing(p, attr, "boot", 0, "entry");
	p->cfg->boot.entry = nla_get_u64(tb[AXVM_A_BOOT_ENTRY]);
	p->cfg->boot.arg = get_u64(tb, AXVM_A_BOOT_ARG);
	p->cfg->boot.mode = get_u32(tb, AXVM_A_BOOT_MODE, 0);
	p->cfg->boot.table = get_u64(tb, AXVM_A_BOOT_TABLE);
	return 0;
}

int axvm_parse_wire(const struct nlattr *attr, struct axvm_config_wire *wire,
		    struct netlink_ext_ack *extack, struct axvm_error *err)
{
	struct nlattr *tb[AXVM_A_WIRE_MAX + 1];
	int ret;

	ret = nla_parse_nested(tb, AXVM_A_WIRE_MAX, attr, axvm_wire_nl_policy, extack);
	if (ret)
		return ret;
	if (!tb[AXVM_A_WIRE_HOST]) {
		NL_SET_BAD_ATTR(extack, attr);
		return axvm_fail(err, -EINVAL,
				 "which interrupt of the host? Attribute \"host\" is missing");
	}
	wire->host = nla_get_u32(tb[AXVM_A_WIRE_HOST]);
	wire->line = get_u32(tb, AXVM_A_WIRE_LINE, wire->host);
	wire->trigger = get_u32(tb, AXVM_A_WIRE_TRIGGER, AXVM_TRIGGER_LEVEL);
	return 0;
}

static int parse_wire(struct parse *p, const struct nlattr *attr)
{
	unsigned int index = p->cfg->nr_wires;

	if (index == AXVM_MAX_WIRES)
		return too_many(p, attr, "interrupts of the host", AXVM_MAX_WIRES);
	p->cfg->nr_wires++;
	return axvm_parse_wire(attr, &p->cfg->wire[index], p->extack, p->err);
}

static int parse_ivc_rule(struct parse *p, const struct nlattr *attr)
{
	struct nlattr *tb[AXVM_A_IVC_RULE_MAX + 1];
	unsigned int index = p->cfg->nr_ivc;
	struct axvm_config_ivc *rule;
	int ret;

	if (index == AXVM_MAX_IVC_RULES)
		return too_many(p, attr, "ivc rules", AXVM_MAX_IVC_RULES);
	rule = &p->cfg->ivc[index];
	ret = nla_parse_nested(tb, AXVM_A_IVC_RULE_MAX, attr, axvm_ivc_rule_nl_policy, p->extack);
	if (ret)
		return ret;
	if (!tb[AXVM_A_IVC_RULE_KIND])
		return missing(p, attr, "ivc rule", index, "kind");
	if (!tb[AXVM_A_IVC_RULE_KEY])
		return missing(p, attr, "ivc rule", index, "key");
	rule->kind = nla_get_u32(tb[AXVM_A_IVC_RULE_KIND]);
	rule->key = nla_get_u32(tb[AXVM_A_IVC_RULE_KEY]);
	if (tb[AXVM_A_IVC_RULE_CELL])
		nla_strscpy(rule->cell, tb[AXVM_A_IVC_RULE_CELL], sizeof(rule->cell));
	rule->rights = get_u32(tb, AXVM_A_IVC_RULE_RIGHTS, AXVM_ALL_IVC_RIGHTS);
	rule->linux_rights = get_u32(tb, AXVM_A_IVC_RULE_LINUX_RIGHTS, AXVM_ALL_IVC_RIGHTS);
	rule->line = get_u32(tb, AXVM_A_IVC_RULE_LINE, CORE_NO_IRQ);
	rule->gpa_given = tb[AXVM_A_IVC_RULE_GPA];
	rule->gpa = get_u64(tb, AXVM_A_IVC_RULE_GPA);
	p->cfg->nr_ivc++;
	return 0;
}

static int parse_part(struct parse *p, const struct nlattr *attr)
{
	switch (nla_type(attr)) {
	case AXVM_A_CELL_NAME:
		nla_strscpy(p->cfg->name, attr, sizeof(p->cfg->name));
		return 0;
	case AXVM_A_CELL_IRQ_MODE:
		p->cfg->irq_mode = nla_get_u32(attr);
		return 0;
	case AXVM_A_CELL_FAULT_POLICY:
		p->cfg->fault_policy = nla_get_u32(attr);
		return 0;
	case AXVM_A_CELL_FLAGS:
		p->cfg->flags = nla_get_u32(attr);
		return 0;
	case AXVM_A_CELL_VCPU:
		return parse_vcpu(p, attr);
	case AXVM_A_CELL_MEMORY:
		return parse_memory(p, attr);
	case AXVM_A_CELL_IMAGE:
		return parse_image(p, attr);
	case AXVM_A_CELL_DEVICE:
		return parse_device(p, attr);
	case AXVM_A_CELL_EXCLUDED:
		return parse_excluded(p, attr);
	case AXVM_A_CELL_BOOT:
		return parse_boot(p, attr);
	case AXVM_A_CELL_WIRE:
		return parse_wire(p, attr);
	case AXVM_A_CELL_IVC_RULE:
		return parse_ivc_rule(p, attr);
	case AXVM_A_CELL_IVC_MAX_BYTES:
		p->cfg->ivc_max_bytes = nla_get_u64(attr);
		return 0;
	default:
		NL_SET_BAD_ATTR(p->extack, attr);
		return axvm_fail(p->err, -EINVAL, "attribute %d does not belong into this request",
				 nla_type(attr));
	}
}

static int parse_parts(struct parse *p, struct genl_info *info)
{
	const struct nlattr *attr;
	int ret, left;

	nlmsg_for_each_attr(attr, info->nlhdr, GENL_HDRLEN, left) {
		ret = parse_part(p, attr);
		if (ret)
			return ret;
	}
	if (!info->attrs[AXVM_A_CELL_BOOT])
		return axvm_fail(p->err, -EINVAL,
				 "attribute \"boot\" is missing: where does the cell start?");
	return 0;
}

/* The attribute that the check objects to: the index-th of its kind. */
static void blame(struct parse *p, struct genl_info *info, const struct axvm_config_place *place)
{
	unsigned int index = place->index;
	const struct nlattr *attr;
	int left;

	nlmsg_for_each_attr(attr, info->nlhdr, GENL_HDRLEN, left) {
		if (nla_type(attr) == place->attr && !index--) {
			NL_SET_BAD_ATTR(p->extack, attr);
			return;
		}
	}
}

static struct axvm_config_limits machine_limits(void)
{
	struct axvm_config_limits limits = {
		.nr_cpus = nr_cpu_ids,
		.gpa_bits = axvm_arch_stage2.va_bits,
		.hpa_bits = axvm_arch_stage2.pa_bits ? axvm_arch_stage2.pa_bits() : 52,
	};
	u32 usual;

	axvm_arch_ivc_lines(&limits.first_line, &limits.last_line, &usual);
	return limits;
}

static int check(struct parse *p, struct genl_info *info)
{
	const struct axvm_config_limits limits = machine_limits();
	struct axvm_config_place place = {};
	int ret;

	ret = axvm_config_check(p->cfg, &limits, &place, p->err);
	if (ret)
		blame(p, info, &place);
	return ret ?: axvm_arch_config_check(p->cfg, p->err);
}

struct axvm_config *axvm_parse_create(struct genl_info *info, struct axvm_error *err)
{
	struct parse p = { .cfg = axvm_config_new(), .extack = info->extack, .err = err };
	int ret;

	if (!p.cfg)
		return ERR_PTR(-ENOMEM);
	ret = parse_parts(&p, info);
	if (!ret)
		ret = check(&p, info);
	if (!ret)
		return p.cfg;
	axvm_config_free(p.cfg);
	return ERR_PTR(ret);
}

struct axvm_config *axvm_parse_device(struct genl_info *info, bool check_it, struct axvm_error *err)
{
	struct parse p = { .cfg = axvm_config_new(), .extack = info->extack, .err = err };
	const struct axvm_config_limits limits = machine_limits();
	struct axvm_config_place place = {};
	const struct nlattr *attr;
	int ret = 0, left;

	if (!p.cfg)
		return ERR_PTR(-ENOMEM);
	nlmsg_for_each_attr(attr, info->nlhdr, GENL_HDRLEN, left) {
		if (nla_type(attr) == AXVM_A_CELL_DEVICE)
			ret = ret ?: parse_device(&p, attr);
	}
	if (!ret && p.cfg->nr_devices != 1)
		ret = axvm_fail(err, -EINVAL, "name one device: attribute \"device\" is there %u times",
				p.cfg->nr_devices);
	if (!ret && check_it)
		ret = axvm_config_check_devices(p.cfg, &limits, &place, err);
	if (!ret)
		return p.cfg;
	axvm_config_free(p.cfg);
	return ERR_PTR(ret);
}
