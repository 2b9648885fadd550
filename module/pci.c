// SPDX-License-Identifier: GPL-2.0
/*
 * PCI functions of the host that are handed through to cells: taken from
 * Linux's driver by binding them to a driver of ours that does nothing, kept
 * inside the cell by the IOMMU, and given back the same way.
 */
#include <linux/completion.h>
#include <linux/pci.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "cell.h"
#include "dma_fault.h"
#include "event.h"
#include "iommu.h"
#include "log.h"
#include "pci.h"
#include "pci_physical.h"

/* The stub driver. */

/* The stub wants nothing but what we bind ourselves; under bind_lock. */
static struct pci_dev *expected;
static struct pci_device_id ids[2];
static DEFINE_MUTEX(bind_lock);

static int stub_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	return READ_ONCE(expected) == pdev ? 0 : -ENODEV;
}

/*
 * The function is being unplugged, or a user unbinds it: the cell has to let go
 * first. Whoever holds the device's lock, as our caller does, is not waited for by
 * the one who lets go.
 */
static void stub_remove(struct pci_dev *pdev)
{
	struct axvm_pci_physical *p = pci_get_drvdata(pdev);

	if (!p || READ_ONCE(p->leaving))
		return;
	WRITE_ONCE(p->unplugged, true);
	kref_get(&p->ref);
	kref_get(&p->ref);	/* the work's, which can outlast this */
	queue_work(axvm_wq, &p->unplug_work);
	wait_for_completion(&p->let_go);
	axvm_pci_physical_put(p);
}

static struct pci_driver stub = {
	.name = "axvm",
	.id_table = ids,
	.probe = stub_probe,
	.remove = stub_remove,
	.driver_managed_dma = true,
};

static void remember_driver(struct axvm_pci_physical *p)
{
	struct device *dev = &p->pdev->dev;

	device_lock(dev);
	if (dev->driver)
		strscpy(p->old_driver, dev->driver->name, sizeof(p->old_driver));
	device_unlock(dev);
}

static int bind(struct axvm_pci_physical *p, struct axvm_error *err)
{
	struct pci_dev *pdev = p->pdev;
	int ret;

	remember_driver(p);
	device_release_driver(&pdev->dev);
	mutex_lock(&bind_lock);
	ids[0] = (struct pci_device_id) { PCI_DEVICE(pdev->vendor, pdev->device) };
	WRITE_ONCE(expected, pdev);
	ret = device_driver_attach(&stub.driver, &pdev->dev);
	WRITE_ONCE(expected, NULL);
	ids[0] = (struct pci_device_id) {};
	mutex_unlock(&bind_lock);
	p->bound = !ret;
	if (!ret)
		return 0;
	return axvm_fail(err, -EBUSY,
			 "PCI function %s cannot be bound to axvm, error %d: did its driver \"%s\" let go of it, or does its driver_override name another?",
			 pci_name(pdev), ret, p->old_driver);
}

/* To the driver that Linux chooses; for one that had a driver it is the same again. */
static void unbind(struct axvm_pci_physical *p)
{
	struct pci_dev *pdev = p->pdev;
	int ret;

	WRITE_ONCE(p->leaving, true);
	if (p->unplugged)
		return;
	if (p->bound)
		device_release_driver(&pdev->dev);
	ret = device_attach(&pdev->dev);
	if (p->old_driver[0] && (ret < 0 || !pdev->dev.driver))
		pr_warn("axvm: PCI function %s had driver \"%s\", which does not take it back: error %d\n",
			pci_name(pdev), p->old_driver, ret);
}

/* One function's way into a cell, and out of it. */

static void physical_free(struct kref *ref)
{
	struct axvm_pci_physical *p = container_of(ref, struct axvm_pci_physical, ref);

	pci_dev_put(p->pdev);
	axvm_cell_put(p->f.cell);
	kfree(p);
}

void axvm_pci_physical_put(struct axvm_pci_physical *p)
{
	kref_put(&p->ref, physical_free);
}

#define FAULTS_LOGGED	16	/* of each function; then they are counted only */

static void refused(struct axvm_pci_physical *p, u64 gpa, bool write)
{
	struct axvm_cell *cell = p->f.cell;
	char text[160];

	scnprintf(text, sizeof(text),
		  "%s: DMA %s GPA 0x%llx, where the cell has no memory for it: refused by the IOMMU",
		  pci_name(p->pdev), write ? "write to" : "read from", gpa);
	axvm_log(cell, "%s%s", text, p->faults == FAULTS_LOGGED ? "; more are not told" : "");
	if (cell->cfg->fault_policy == AXVM_FAULT_POLICY_FAIL)
		axvm_cell_fail(cell, AXVM_CAUSE_DMA_FAULT, text);
}

void axvm_pci_refused(struct axvm_pci_physical *p, u64 gpa, bool write)
{
	struct axvm_cell *cell = p->f.cell;
	bool repeated;

	mutex_lock(&cell->lock);
	/* One burst goes through a page from its start to its end. */
	repeated = p->faults && p->fault_page == gpa >> PAGE_SHIFT;
	p->fault_page = gpa >> PAGE_SHIFT;
	if (!p->leaving && !repeated && p->faults++ < FAULTS_LOGGED)
		refused(p, gpa, write);
	mutex_unlock(&cell->lock);
}

static int check_kind(struct pci_dev *pdev, struct axvm_error *err)
{
	if (pdev->hdr_type != PCI_HEADER_TYPE_NORMAL ||
	    pdev->class >> 16 == PCI_BASE_CLASS_BRIDGE)
		return axvm_fail(err, -EINVAL,
				 "PCI function %s is a bridge: only endpoints can be handed through",
				 pci_name(pdev));
	if (pci_num_vf(pdev))
		return axvm_fail(err, -EBUSY,
				 "PCI function %s has virtual functions: hand those through, or remove them (sriov_numvfs)",
				 pci_name(pdev));
	return 0;
}

static int reset_function(struct axvm_pci_physical *p)
{
	/* try: somebody who unplugs it holds its lock, and waits for us */
	return READ_ONCE(p->unplugged) ? -ENODEV : pci_try_reset_function(p->pdev);
}

static int protect(struct axvm_pci_physical *p, bool unsafe, struct axvm_error *err)
{
	bool confined;
	int ret = axvm_iommu_attach(p->f.cell, p->pdev, unsafe, &p->group, &confined, err);

	if (ret == -ENODEV && unsafe)
		ret = 0;
	if (ret || confined)
		return ret;
	err->text[0] = '\0';
	add_taint(TAINT_USER, LOCKDEP_STILL_OK);
	pr_warn("axvm: PCI function %s is handed to cell \"%s\" without protection (unsafe_no_iommu): its DMA can reach all memory; the kernel is tainted\n",
		pci_name(p->pdev), p->f.cell->cfg->name);
	axvm_log(p->f.cell, "%s: no IOMMU confines it, as the configuration allows (unsafe_no_iommu)",
		 pci_name(p->pdev));
	return 0;
}

static int set_up(struct axvm_pci_physical *p, bool unsafe, struct axvm_error *err)
{
	struct pci_dev *pdev = p->pdev;
	int ret;

	ret = pci_enable_device_mem(pdev);
	if (ret)
		return axvm_fail(err, ret, "PCI function %s cannot be enabled: error %d",
				 pci_name(pdev), ret);
	p->enabled = true;
	pci_clear_master(pdev);
	ret = reset_function(p);
	if (ret == -EAGAIN)
		return axvm_fail(err, -EBUSY, "PCI function %s is in use by Linux just now: try again",
				 pci_name(pdev));
	if (ret)
		axvm_log(p->f.cell, "%s: has no way to be reset (error %d): it starts as Linux's driver left it",
			 pci_name(pdev), ret);
	ret = protect(p, unsafe, err);
	if (!ret)
		ret = axvm_pci_describe(p, err);
	if (!ret && p->group)
		axvm_dma_fault_watch(p);
	return ret ?: axvm_pci_add(&p->f, err);
}

/* Everything but the driver; waits for nobody who could hold the device's lock. */
static int take_down(struct axvm_pci_physical *p)
{
	struct axvm_cell *cell = p->f.cell;
	int ret = 0;

	if (cell->pci[p->f.slot] == &p->f)
		ret = axvm_pci_remove(&p->f);
	/* A core may still be using it: it stays taken. */
	if (ret == -EIO && !p->unplugged)
		return ret;
	WRITE_ONCE(p->leaving, true);
	axvm_pci_irq_off(p);
	axvm_dma_fault_unwatch(p);
	if (p->enabled) {
		pci_clear_master(p->pdev);
		reset_function(p);
	}
	if (p->group)
		axvm_iommu_detach(cell, p->group);
	p->group = NULL;
	if (p->regions)
		pci_release_selected_regions(p->pdev, p->regions);
	if (p->enabled)
		pci_disable_device(p->pdev);
	complete_all(&p->let_go);
	return ret;
}

static void give_back(struct axvm_pci_physical *p)
{
	list_del(&p->node);
	unbind(p);
	axvm_release(&p->claim);
	axvm_pci_physical_put(p);
}

static void unplug_work(struct work_struct *work)
{
	struct axvm_pci_physical *p = container_of(work, struct axvm_pci_physical, unplug_work);
	struct axvm_cell *cell = p->f.cell;

	kref_get(&cell->ref);
	mutex_lock(&cell->lock);
	if (!p->leaving) {
		axvm_log(cell, "%s: Linux removes it: taken from the cell", pci_name(p->pdev));
		take_down(p);
		give_back(p);
	}
	mutex_unlock(&cell->lock);
	axvm_pci_physical_put(p);
	axvm_cell_put(cell);
}

static struct axvm_pci_physical *new_physical(struct axvm_cell *cell, struct pci_dev *pdev,
					      unsigned int slot)
{
	struct axvm_pci_physical *p = kzalloc(sizeof(*p), GFP_KERNEL);

	if (!p) {
		pci_dev_put(pdev);
		return NULL;
	}
	kref_init(&p->ref);
	init_completion(&p->let_go);
	INIT_WORK(&p->unplug_work, unplug_work);
	INIT_LIST_HEAD(&p->watch_node);
	kref_get(&cell->ref);
	p->pdev = pdev;
	p->f.cell = cell;
	p->f.slot = slot;
	return p;
}

int axvm_pci_attach(struct axvm_cell *cell, u32 id, unsigned int slot, bool unsafe,
		    struct axvm_error *err)
{
	struct axvm_pci_physical *p;
	struct pci_dev *pdev;
	int ret;

	if (!axvm_pci_has_bus(cell))
		return axvm_fail(err, -ENODEV,
				 "cell \"%s\" has no PCI bus: say \"pci_bus\": true in its configuration",
				 cell->cfg->name);
	pdev = pci_get_domain_bus_and_slot(AXVM_PCI_SEGMENT(id), AXVM_PCI_BUS(id),
					   AXVM_PCI_DEVFN(id));
	if (!pdev)
		return axvm_fail(err, -ENODEV,
				 "there is no PCI function %04x:%02x:%02x.%u on this machine: see lspci -D",
				 AXVM_PCI_SEGMENT(id), AXVM_PCI_BUS(id), PCI_SLOT(id), PCI_FUNC(id));
	p = new_physical(cell, pdev, slot);
	if (!p)
		return axvm_fail(err, -ENOMEM, "no memory for a PCI function's record");
	p->claim = (struct axvm_claim) { .type = AXVM_RES_PCI, .start = id, .size = 1 };
	ret = axvm_claim(&cell->owner, &p->claim, err);
	if (ret) {
		axvm_pci_physical_put(p);
		return ret;
	}
	list_add_tail(&p->node, &cell->physical);
	ret = check_kind(pdev, err);
	if (!ret)
		ret = bind(p, err);
	if (!ret) {
		pci_set_drvdata(pdev, p);
		ret = set_up(p, unsafe, err);
	}
	if (!ret) {
		axvm_log(cell, "%s: taken from Linux%s%s, in PCI slot %u", pci_name(pdev),
			 p->old_driver[0] ? "'s driver " : "", p->old_driver, p->f.slot);
		return 0;
	}
	take_down(p);
	give_back(p);
	return ret;
}

static int detach(struct axvm_pci_physical *p)
{
	int ret = take_down(p);

	if (ret == -EIO && !p->unplugged)
		return ret;
	axvm_log(p->f.cell, "%s: given back to Linux", pci_name(p->pdev));
	give_back(p);
	return 0;
}

int axvm_pci_detach(struct axvm_cell *cell, u32 id, struct axvm_error *err)
{
	struct axvm_pci_physical *p;
	int ret;

	list_for_each_entry(p, &cell->physical, node) {
		if (p->claim.start != id)
			continue;
		ret = detach(p);
		return ret ? axvm_fail(err, ret,
				       "a CPU of cell \"%s\" cannot be stopped: PCI functions of the cell stay its own",
				       cell->cfg->name) : 0;
	}
	return axvm_fail(err, -ENOENT, "cell \"%s\" does not have PCI function %04x:%02x:%02x.%u",
			 cell->cfg->name, AXVM_PCI_SEGMENT(id), AXVM_PCI_BUS(id), PCI_SLOT(id),
			 PCI_FUNC(id));
}

/* All let go before the first is given back: Linux's drivers want a group to be free of us. */
void axvm_pci_detach_all(struct axvm_cell *cell)
{
	struct axvm_pci_physical *p, *next;

	list_for_each_entry_reverse(p, &cell->physical, node)
		take_down(p);
	list_for_each_entry_safe_reverse(p, next, &cell->physical, node) {
		if (!p->leaving)
			continue;
		axvm_log(cell, "%s: given back to Linux", pci_name(p->pdev));
		give_back(p);
	}
}

struct axvm_pci_physical *axvm_pci_next(struct axvm_cell *cell, struct axvm_pci_physical *last)
{
	struct list_head *next = last ? last->node.next : cell->physical.next;

	return next == &cell->physical ? NULL : list_entry(next, struct axvm_pci_physical, node);
}

u32 axvm_pci_id(const struct axvm_pci_physical *p)
{
	return p->claim.start;
}

unsigned int axvm_pci_slot(const struct axvm_pci_physical *p)
{
	return p->f.slot;
}

int axvm_pci_init(void)
{
	return pci_register_driver(&stub);
}

void axvm_pci_exit(void)
{
	axvm_dma_fault_exit();
	pci_unregister_driver(&stub);
}
