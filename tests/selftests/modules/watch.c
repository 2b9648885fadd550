// SPDX-License-Identifier: GPL-2.0
/*
 * axvm_watch: looks on when axvm.ko changes a cell's memory. Each of its vCPUs must
 * be asked to forget the old translations, and have said that it did, before the
 * tables' second half is written or a page is given back. That they really forget
 * no emulator shows: QEMU's TCG keeps none that are old.
 *
 *	changes		that succeeded since loading
 *	unasked		of these, without a question to the vCPUs
 *	questions	to all vCPUs
 *	late		vCPUs that had not answered when that was taken for granted
 */
#include <linux/kprobes.h>
#include <linux/module.h>

#include "cell.h"

static int changes, unasked, questions, late;
module_param(changes, int, 0444);
module_param(unasked, int, 0444);
module_param(questions, int, 0444);
module_param(late, int, 0444);

struct call {
	struct axvm_cell *cell;
	u32 sync;
};

static int on_entry(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	struct call *call = (struct call *)ri->data;

	call->cell = (struct axvm_cell *)regs_get_kernel_argument(regs, 0);
	call->sync = READ_ONCE(call->cell->sync);
	return 0;
}

static int on_return(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	const struct call *call = (struct call *)ri->data;

	if ((int)regs_return_value(regs))
		return 0;
	changes++;
	unasked += READ_ONCE(call->cell->sync) == call->sync;
	return 0;
}

static int on_answer(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	const struct call *call = (struct call *)ri->data;
	struct axvm_cell *cell = call->cell;
	unsigned int i;

	if ((int)regs_return_value(regs))
		return 0;
	questions++;
	for (i = 0; i < cell->nr_cpus; i++)
		late += cell->cpu[i].started &&
			READ_ONCE(cell->core->vcpu[i].synced) != READ_ONCE(cell->sync);
	return 0;
}

static struct kretprobe unmap_probe = {
	.kp.symbol_name = "axvm_ram_unmap",
	.entry_handler = on_entry, .handler = on_return, .data_size = sizeof(struct call),
};

static struct kretprobe remap_probe = {
	.kp.symbol_name = "axvm_ram_remap",
	.entry_handler = on_entry, .handler = on_return, .data_size = sizeof(struct call),
};

static struct kretprobe sync_probe = {
	.kp.symbol_name = "axvm_vcpu_sync_all",
	.entry_handler = on_entry, .handler = on_answer, .data_size = sizeof(struct call),
};

static struct kretprobe *probes[] = { &unmap_probe, &remap_probe, &sync_probe };

static int __init watch_init(void)
{
	return register_kretprobes(probes, ARRAY_SIZE(probes));
}
module_init(watch_init);

static void __exit watch_exit(void)
{
	unregister_kretprobes(probes, ARRAY_SIZE(probes));
}
module_exit(watch_exit);

MODULE_DESCRIPTION("axvm selftests: are changes of memory waited for?");
MODULE_LICENSE("GPL");
