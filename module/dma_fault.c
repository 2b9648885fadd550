// SPDX-License-Identifier: GPL-2.0
/*
 * DMA that the IOMMU refused. The drivers of VT-d and SMMUv3 tell nobody but the
 * kernel log of it, so that is where it is looked for, while there are
 * functions that could be the culprit. Those of other IOMMUs call the domain's
 * fault handler: iommu.c.
 */
#include <linux/iommu.h>
#include <linux/kmsg_dump.h>
#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/workqueue.h>

#include "cell.h"
#include "dma_fault.h"
#include "event.h"
#include "pci_physical.h"

#define LOOK_EVERY	(HZ / 4)

static DEFINE_MUTEX(watch_lock);
static LIST_HEAD(watched);		/* of struct axvm_pci_physical, under watch_lock */
static struct kmsg_dump_iter seen;	/* of the kernel log; like the next only the work's */
static struct axvm_dma_fault_parser parser;

static void look(struct work_struct *work);
static DECLARE_DELAYED_WORK(look_work, look);

static bool is_express_port(struct pci_dev *bridge)
{
	return pci_is_pcie(bridge) && pci_pcie_type(bridge) != PCI_EXP_TYPE_PCI_BRIDGE &&
	       pci_pcie_type(bridge) != PCI_EXP_TYPE_PCIE_BRIDGE;
}

/*
 * Behind a bridge to conventional PCI the requester is the bridge, or function 0
 * of the bus behind it (PCI Express to PCI Bridge 1.0, 2.3).
 */
static bool has_id(struct pci_dev *pdev, u32 id)
{
	struct pci_bus *bus;

	for (bus = pdev->bus; !pci_is_root_bus(bus); bus = bus->parent) {
		if (!bus->self || is_express_port(bus->self))
			continue;
		if (id == PCI_DEVID(bus->number, 0) || id == pci_dev_id(bus->self))
			return true;
	}
	return id == pci_dev_id(pdev);
}

static bool is_from(const struct axvm_dma_fault *fault, struct pci_dev *pdev)
{
	struct iommu_fwspec *fwspec = dev_iommu_fwspec_get(&pdev->dev);
	unsigned int i;

	if (!fault->stream)
		return has_id(pdev, fault->requester);
	for (i = 0; fwspec && i < fwspec->num_ids; i++) {
		if (fwspec->ids[i] == fault->requester)
			return true;
	}
	return false;
}

/* Return: with a reference, or NULL: it is none of ours. */
static struct axvm_pci_physical *find(const struct axvm_dma_fault *fault)
{
	struct axvm_pci_physical *p, *found = NULL;

	mutex_lock(&watch_lock);
	list_for_each_entry(p, &watched, watch_node) {
		if (!is_from(fault, p->pdev))
			continue;
		kref_get(&p->ref);
		found = p;
		break;
	}
	mutex_unlock(&watch_lock);
	return found;
}

static void look(struct work_struct *work)
{
	struct axvm_dma_fault fault;
	struct axvm_pci_physical *p;
	char line[256];
	size_t len;

	while (kmsg_dump_get_line(&seen, false, line, sizeof(line) - 1, &len)) {
		line[len] = '\0';
		if (!axvm_dma_fault_parse(&parser, line, &fault))
			continue;
		p = find(&fault);
		if (!p)
			continue;
		axvm_pci_refused(p, fault.gpa, fault.write);
		axvm_pci_physical_put(p);
	}
	mutex_lock(&watch_lock);
	if (!list_empty(&watched))
		queue_delayed_work(axvm_wq, &look_work, LOOK_EVERY);
	mutex_unlock(&watch_lock);
}

void axvm_dma_fault_watch(struct axvm_pci_physical *p)
{
	mutex_lock(&watch_lock);
	if (list_empty(&watched) && !delayed_work_pending(&look_work)) {
		/* Only what is said from now on. */
		kmsg_dump_rewind(&seen);
		seen.cur_seq = seen.next_seq;
	}
	list_add_tail(&p->watch_node, &watched);
	queue_delayed_work(axvm_wq, &look_work, LOOK_EVERY);
	mutex_unlock(&watch_lock);
}

void axvm_dma_fault_unwatch(struct axvm_pci_physical *p)
{
	mutex_lock(&watch_lock);
	if (!list_empty(&p->watch_node))
		list_del_init(&p->watch_node);
	mutex_unlock(&watch_lock);
}

void axvm_dma_fault_exit(void)
{
	cancel_delayed_work_sync(&look_work);
}
