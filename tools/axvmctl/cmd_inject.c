// SPDX-License-Identifier: GPL-2.0
/* axvmctl inject: an interrupt for a vCPU of a cell. */
#include "ctl.h"
#include "number.h"
#include "options.h"

static int run_inject(const struct command *self, int argc, char **argv)
{
	const char *name, *vcpu_text = NULL, *irq_text = NULL;
	const struct option_spec opts[] = {
		{ .name = "vcpu", .value = &vcpu_text },
		{ .name = "irq", .value = &irq_text },
	};
	int ret = parse_options(self, argc, argv, opts, ARRAY_SIZE(opts), &name, 1, 1);
	struct nlattr *nest;
	struct nl_msg *msg;
	struct ctl ctl;
	u64 vcpu, irq;

	if (ret)
		return ret < 0 ? EXIT_OK : ret;
	if (!vcpu_text || !irq_text)
		return usage_error(self, "--vcpu and --irq are both needed");
	if (!parse_decimal(vcpu_text, UINT32_MAX, &vcpu))
		return usage_error(self, "'%s' is not the number of a vCPU", vcpu_text);
	if (!parse_number(irq_text, &irq) || irq > UINT32_MAX)
		return usage_error(self, "'%s' is not the number of an interrupt", irq_text);
	ret = ctl_open(&ctl);
	if (!ret) {
		msg = ctl_new(&ctl, AXVM_CMD_CELL_INJECT, 0);
		ctl_put_cell(msg, name);
		nest = ctl_nest(msg, AXVM_A_CELL_INJECT);
		ctl_put_u32(msg, AXVM_A_INJECT_VCPU, vcpu);
		ctl_put_u32(msg, AXVM_A_INJECT_IRQ, irq);
		ctl_nest_end(msg, nest);
		ret = ctl_request(&ctl, msg, NULL, NULL);
	}
	ctl_close(&ctl);
	return ret;
}

const struct command cmd_inject = {
	"inject", "--vcpu=N --irq=I NAME", "Make an interrupt pending for a vCPU",
	"Options:\n"
	"  --vcpu=N  the vCPU, from 0 on\n"
	"  --irq=I   x86-64: a vector from 16 to 255; arm64: an INTID from 0 to 95, of which\n"
	"            one from 32 on (an SPI) goes where the guest has routed it\n\n"
	"The guest sees what it would see of a device or of another of its CPUs. A suspended\n"
	"cell sees it when it is resumed. What is pending already is not made pending twice.\n\n"
	"Examples:\n"
	"  axvmctl inject debian --vcpu 0 --irq 0xf2\n"
	"  axvmctl inject --vcpu=1 --irq=33 board\n", run_inject,
};
