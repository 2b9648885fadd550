// SPDX-License-Identifier: GPL-2.0
/* Who in Linux has a physical range? See holder.h. */
#include <linux/ioport.h>
#include <linux/pci.h>
#include <linux/platform_device.h>
#include <linux/string.h>

#include "holder.h"

struct query {
	unsigned long type;		/* IORESOURCE_MEM or IORESOURCE_IO */
	u64 first, last;
	struct axvm_holder *holder;
};

static bool meets(const struct query *q, const struct resource *res)
{
	return resource_type(res) == q->type && res->start && res->start <= q->last &&
	       res->end >= q->first && res->end >= res->start;
}

static void note(const struct query *q, struct device *dev, const char *bus)
{
	strscpy(q->holder->bus, bus, sizeof(q->holder->bus));
	strscpy(q->holder->device, dev_name(dev), sizeof(q->holder->device));
	strscpy(q->holder->driver, dev_driver_string(dev), sizeof(q->holder->driver));
}

/* pci-stub is there to keep drivers away: it uses nothing. */
static bool driven(struct pci_dev *pdev)
{
	return READ_ONCE(pdev->dev.driver) && strcmp(dev_driver_string(&pdev->dev), "pci-stub");
}

static bool find_pci(const struct query *q)
{
	struct pci_dev *pdev = NULL;
	unsigned int i;

	for_each_pci_dev(pdev) {
		for (i = 0; driven(pdev) && i < PCI_STD_NUM_BARS; i++) {
			if (!meets(q, &pdev->resource[i]))
				continue;
			note(q, &pdev->dev, "pci");
			pci_dev_put(pdev);
			return true;
		}
	}
	return false;
}

static int try_platform(struct device *dev, void *data)
{
	struct platform_device *pdev = to_platform_device(dev);
	const struct query *q = data;
	u32 i;

	for (i = 0; READ_ONCE(dev->driver) && i < pdev->num_resources; i++) {
		if (!meets(q, &pdev->resource[i]))
			continue;
		note(q, dev, "platform");
		return 1;
	}
	return 0;
}

bool axvm_find_holder(bool ports, u64 start, u64 size, struct axvm_holder *holder)
{
	struct query q = {
		.type = ports ? IORESOURCE_IO : IORESOURCE_MEM,
		.first = start,
		.last = start + size - 1,
		.holder = holder,
	};

	return find_pci(&q) || bus_for_each_dev(&platform_bus_type, NULL, &q, try_platform);
}
