// SPDX-License-Identifier: GPL-2.0
/* Turning a machine into a request to the module. */
#include "request.h"

static void put_vcpus(struct nl_msg *msg, const struct config *cfg)
{
	for (u32 i = 0; i < cfg->nr_vcpus; i++) {
		const struct config_vcpu *vcpu = &cfg->vcpu[i];
		struct nlattr *nest = ctl_nest(msg, AXVM_A_CELL_VCPU);

		ctl_put_u32(msg, AXVM_A_VCPU_INDEX, i);
		if (vcpu->list)
			ctl_put_data(msg, AXVM_A_VCPU_AFFINITY, vcpu->affinity,
				     vcpu->affinity_bytes);
		else
			ctl_put_u32(msg, AXVM_A_VCPU_CPU, vcpu->cpu);
		ctl_nest_end(msg, nest);
	}
}

static void put_memory(struct nl_msg *msg, const struct machine *m)
{
	for (u32 i = 0; i < m->nr_memory; i++) {
		const struct machine_memory *ram = &m->memory[i];
		struct nlattr *nest = ctl_nest(msg, AXVM_A_CELL_MEMORY);

		ctl_put_u32(msg, AXVM_A_MEMORY_TYPE, ram->type);
		ctl_put_u32(msg, AXVM_A_MEMORY_FLAGS, ram->flags);
		ctl_put_u64(msg, AXVM_A_MEMORY_GPA, ram->gpa);
		ctl_put_u64(msg, AXVM_A_MEMORY_SIZE, ram->size);
		if (ram->type == AXVM_MEMORY_TYPE_RESERVED)
			ctl_put_u64(msg, AXVM_A_MEMORY_HPA, ram->hpa);
		ctl_nest_end(msg, nest);
	}
}

static void put_images(struct nl_msg *msg, const struct machine *m)
{
	for (u32 i = 0; i < m->nr_images; i++) {
		const struct machine_image *image = &m->image[i];
		struct nlattr *nest = ctl_nest(msg, AXVM_A_CELL_IMAGE);

		ctl_put_u32(msg, AXVM_A_IMAGE_FD, image->fd);
		ctl_put_u64(msg, AXVM_A_IMAGE_OFFSET, image->offset);
		ctl_put_u64(msg, AXVM_A_IMAGE_SIZE, image->size);
		ctl_put_u64(msg, AXVM_A_IMAGE_GPA, image->gpa);
		ctl_put_string(msg, AXVM_A_IMAGE_NAME, image->name);
		ctl_nest_end(msg, nest);
	}
}

static void put_device(struct nl_msg *msg, const struct config_device *dev)
{
	ctl_put_u32(msg, AXVM_A_DEVICE_TYPE, dev->type);
	ctl_put_u64(msg, AXVM_A_DEVICE_BASE, dev->base);
	if (dev->type == AXVM_DEVICE_TYPE_PORTS || dev->type == AXVM_DEVICE_TYPE_MMIO)
		ctl_put_u64(msg, AXVM_A_DEVICE_SIZE, dev->size);
	if (dev->type == AXVM_DEVICE_TYPE_MMIO)
		ctl_put_u64(msg, AXVM_A_DEVICE_HPA, dev->hpa);
	if (dev->type == AXVM_DEVICE_TYPE_PCI)
		ctl_put_u32(msg, AXVM_A_DEVICE_FUNCTION, dev->function);
	if (dev->unsafe)
		ctl_put_flag(msg, AXVM_A_DEVICE_UNSAFE);
	if (dev->access)
		ctl_put_u32(msg, AXVM_A_DEVICE_ACCESS, dev->access);
}

static void put_excluded(struct nl_msg *msg, const struct config *cfg)
{
	for (u32 i = 0; i < cfg->nr_excluded; i++) {
		const struct config_device *dev = &cfg->excluded[i];
		struct nlattr *nest = ctl_nest(msg, AXVM_A_CELL_EXCLUDED);

		put_device(msg, dev);
		ctl_nest_end(msg, nest);
	}
}

static void put_devices(struct nl_msg *msg, const struct machine *m)
{
	for (u32 i = 0; i < m->nr_devices; i++) {
		const struct machine_device *dev = &m->device[i];
		struct nlattr *nest = ctl_nest(msg, AXVM_A_CELL_DEVICE);

		put_device(msg, &(struct config_device) {
			.type = dev->type, .base = dev->base, .size = dev->size, .hpa = dev->hpa,
			.function = dev->function, .unsafe = dev->unsafe, .access = dev->access,
		});
		if (dev->irq_given)
			ctl_put_u32(msg, AXVM_A_DEVICE_IRQ, dev->irq);
		if (dev->console)
			ctl_put_flag(msg, AXVM_A_DEVICE_CONSOLE);
		ctl_nest_end(msg, nest);
	}
}

void request_put_wire(struct nl_msg *msg, const struct config_wire *wire)
{
	struct nlattr *nest = ctl_nest(msg, AXVM_A_CELL_WIRE);

	ctl_put_u32(msg, AXVM_A_WIRE_HOST, wire->host);
	ctl_put_u32(msg, AXVM_A_WIRE_LINE, wire->line);
	ctl_put_u32(msg, AXVM_A_WIRE_TRIGGER, wire->trigger);
	ctl_nest_end(msg, nest);
}

static void put_boot(struct nl_msg *msg, const struct machine_boot *boot)
{
	struct nlattr *nest = ctl_nest(msg, AXVM_A_CELL_BOOT);

	ctl_put_u64(msg, AXVM_A_BOOT_ENTRY, boot->entry);
	ctl_put_u64(msg, AXVM_A_BOOT_ARG, boot->arg);
	ctl_put_u32(msg, AXVM_A_BOOT_MODE, boot->mode);
	ctl_put_u64(msg, AXVM_A_BOOT_TABLE, boot->table);
	ctl_nest_end(msg, nest);
}

static void put_ivc(struct nl_msg *msg, const struct config *cfg)
{
	for (u32 i = 0; i < cfg->nr_ivc; i++) {
		const struct config_ivc *rule = &cfg->ivc[i];
		struct nlattr *nest = ctl_nest(msg, AXVM_A_CELL_IVC_RULE);

		ctl_put_u32(msg, AXVM_A_IVC_RULE_KIND, rule->kind);
		ctl_put_u32(msg, AXVM_A_IVC_RULE_KEY, rule->key);
		if (rule->cell[0])
			ctl_put_string(msg, AXVM_A_IVC_RULE_CELL, rule->cell);
		ctl_put_u32(msg, AXVM_A_IVC_RULE_RIGHTS, rule->rights);
		ctl_put_u32(msg, AXVM_A_IVC_RULE_LINUX_RIGHTS, rule->linux_rights);
		if (rule->line_given)
			ctl_put_u32(msg, AXVM_A_IVC_RULE_LINE, rule->line);
		if (rule->gpa_given)
			ctl_put_u64(msg, AXVM_A_IVC_RULE_GPA, rule->gpa);
		ctl_nest_end(msg, nest);
	}
	ctl_put_u64(msg, AXVM_A_CELL_IVC_MAX_BYTES, cfg->ivc_max_bytes);
}

struct nl_msg *request_create(struct ctl *ctl, const struct machine *m)
{
	struct nl_msg *msg = ctl_new(ctl, AXVM_CMD_CELL_CREATE, 0);

	ctl_put_string(msg, AXVM_A_CELL_NAME, m->cfg->name);
	ctl_put_u32(msg, AXVM_A_CELL_IRQ_MODE, m->cfg->irq_mode);
	ctl_put_u32(msg, AXVM_A_CELL_FAULT_POLICY, m->cfg->fault_policy);
	ctl_put_u32(msg, AXVM_A_CELL_FLAGS,
		    m->cfg->allow_smt_sharing ? AXVM_CELL_FLAG_ALLOW_SMT_SHARING : 0);
	put_vcpus(msg, m->cfg);
	put_memory(msg, m);
	put_images(msg, m);
	put_devices(msg, m);
	for (u32 i = 0; i < m->cfg->nr_wires; i++)
		request_put_wire(msg, &m->cfg->wire[i]);
	put_excluded(msg, m->cfg);
	put_boot(msg, &m->boot);
	put_ivc(msg, m->cfg);
	return msg;
}

int request_device(int cmd, const char *cell, const struct config_device *dev)
{
	struct nlattr *nest;
	struct nl_msg *msg;
	struct ctl ctl;
	int ret = ctl_open(&ctl);

	if (!ret) {
		msg = ctl_new(&ctl, cmd, 0);
		ctl_put_cell(msg, cell);
		nest = ctl_nest(msg, AXVM_A_CELL_DEVICE);
		put_device(msg, dev);
		ctl_nest_end(msg, nest);
		ret = ctl_request(&ctl, msg, NULL, NULL);
	}
	ctl_close(&ctl);
	return ret;
}
