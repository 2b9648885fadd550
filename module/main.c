// SPDX-License-Identifier: GPL-2.0
/* Loading and unloading: the parts of the module, top to bottom, and back. */
#include <linux/module.h>

#include "arch.h"
#include "axvm.h"
#include "console.h"
#include "cpu.h"
#include "event.h"
#include "host.h"
#include "hostcall.h"
#include "ivc/ivc.h"
#include "netlink.h"
#include "pci.h"

static const struct {
	const char *name;
	int (*init)(void);
	void (*exit)(void);
} parts[] = {
	{ "hostcall", axvm_hostcall_init, axvm_hostcall_exit },
	{ "event", axvm_event_init, axvm_event_exit },
	{ "architecture", axvm_arch_init, axvm_arch_exit },
	{ "cpu", axvm_cpu_init, axvm_cpu_exit },
	{ "console", axvm_console_init, axvm_console_exit },
	{ "ivc", axvm_ivc_init, axvm_ivc_exit },
	{ "host", axvm_host_init, axvm_host_exit },
	{ "pci", axvm_pci_init, axvm_pci_exit },
	/* Last: from now on there can be requests. */
	{ "netlink", axvm_netlink_init, axvm_netlink_exit },
};

static void undo(unsigned int nr)
{
	while (nr--)
		parts[nr].exit();
}

static int __init axvm_init(void)
{
	unsigned int i;
	int ret;

	for (i = 0; i < ARRAY_SIZE(parts); i++) {
		ret = parts[i].init();
		if (!ret)
			continue;
		pr_err("axvm: cannot be loaded, part %s: error %d\n", parts[i].name, ret);
		undo(i);
		return ret;
	}
	pr_info("axvm: version %s\n", AXVM_VERSION);
	return 0;
}

/* Never with cells: each holds a reference to the module. */
static void __exit axvm_exit(void)
{
	undo(ARRAY_SIZE(parts));
}

module_init(axvm_init);
module_exit(axvm_exit);

MODULE_DESCRIPTION("Partitioning hypervisor: runs cells on CPUs and memory taken from Linux");
MODULE_VERSION(AXVM_VERSION);
MODULE_LICENSE("GPL");
