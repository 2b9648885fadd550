// SPDX-License-Identifier: GPL-2.0
/*
 * Interrupts of handed-through functions: Linux takes them and forwards each to
 * the cell. The function's own MSI and MSI-X registers are Linux's, so that no
 * guest can point a message at anything but its cell.
 */
#include <linux/interrupt.h>
#include <linux/pci.h>

#include "irq.h"
#include "log.h"
#include "pci_physical.h"

/* In a jiffy, of one function: a guest can make as many come as it likes, at Linux's cost. */
#define MOST_MESSAGES	250
#define MOST_PINS	50

static irqreturn_t message(int irq, void *data)
{
	struct axvm_pci_vector *v = data;

	axvm_calm_count(&v->p->calm);
	axvm_pci_message(&v->p->f, v->nr);
	return IRQ_HANDLED;
}

/* One that comes while it is off is not lost: Linux has it come again then. */
static void hold_messages(void *data)
{
	struct axvm_pci_physical *p = data;
	unsigned int i;

	for (i = 0; i < p->nr_vectors; i++)
		disable_irq_nosync(p->vector[i].irq);
}

static void release_messages(void *data)
{
	struct axvm_pci_physical *p = data;
	unsigned int i;

	for (i = 0; i < p->nr_vectors; i++)
		enable_irq(p->vector[i].irq);
}

/* The pin stays masked in the function until the guest has dealt with it. */
static irqreturn_t pin(int irq, void *data)
{
	struct axvm_pci_physical *p = data;

	if (!pci_check_and_mask_intx(p->pdev))
		return IRQ_NONE;
	axvm_calm_count(&p->calm);
	axvm_irq_level(p->f.cell, axvm_pci_intx(p->f.cell, p->f.slot), true);
	return IRQ_HANDLED;
}

static void unmask_pin(struct axvm_pci_physical *p)
{
	if (!pci_check_and_unmask_intx(p->pdev))
		axvm_irq_level(p->f.cell, axvm_pci_intx(p->f.cell, p->f.slot), true);
}

static void pin_ended(void *data)
{
	struct axvm_pci_physical *p = data;
	unsigned long flags;
	bool waits;

	raw_spin_lock_irqsave(&p->calm.lock, flags);
	waits = p->pin_waits;
	p->pin_again = waits;
	raw_spin_unlock_irqrestore(&p->calm.lock, flags);
	if (!waits)
		unmask_pin(p);
}

static void hold_pin(void *data)
{
	struct axvm_pci_physical *p = data;

	p->pin_waits = true;
}

static void release_pin(void *data)
{
	struct axvm_pci_physical *p = data;

	p->pin_waits = false;
	if (p->pin_again)
		unmask_pin(p);
	p->pin_again = false;
}

static void stop_calming(struct axvm_pci_physical *p)
{
	u64 times = axvm_calm_close(&p->calm);

	if (times)
		axvm_log(p->f.cell, "%s: its interrupts came too often and were held back (%llu)",
			 pci_name(p->pdev), times);
}

static void messages_off(struct axvm_pci_physical *p)
{
	unsigned int i;

	if (!p->nr_vectors)
		return;
	stop_calming(p);
	for (i = 0; i < p->nr_vectors; i++) {
		if (p->vector[i].irq)
			free_irq(p->vector[i].irq, &p->vector[i]);
		p->vector[i].irq = 0;
	}
	pci_free_irq_vectors(p->pdev);
	p->nr_vectors = 0;
}

static int messages_on(struct axvm_pci_physical *p, unsigned int max, unsigned int type)
{
	unsigned int i;
	int ret, irq;

	ret = pci_alloc_irq_vectors(p->pdev, 1, max, type);
	if (ret < 0)
		return ret;
	for (i = 0; i < ret; i++)
		p->vector[i].irq = 0;
	p->nr_vectors = ret;
	axvm_calm_open(&p->calm, MOST_MESSAGES, hold_messages, release_messages, p);
	for (i = 0; i < p->nr_vectors; i++) {
		p->vector[i].p = p;
		p->vector[i].nr = i;
		irq = pci_irq_vector(p->pdev, i);
		ret = request_irq(irq, message, IRQF_NO_AUTOEN, "axvm cell", &p->vector[i]);
		if (ret)
			return ret;
		p->vector[i].irq = irq;
	}
	/* None comes before all are there: they are held back together. */
	for (i = 0; i < p->nr_vectors; i++)
		enable_irq(p->vector[i].irq);
	return 0;
}

static void pin_off(struct axvm_pci_physical *p)
{
	if (!p->intx)
		return;
	stop_calming(p);
	free_irq(p->pdev->irq, p);
	axvm_irq_unwatch(p->f.cell, axvm_pci_intx(p->f.cell, p->f.slot));
	p->intx = false;
}

static int pin_on(struct axvm_pci_physical *p)
{
	u32 line = axvm_pci_intx(p->f.cell, p->f.slot);
	int ret;

	/* A function without a pin has no such interrupt, whatever its command says. */
	if (!p->f.initial.config[PCI_INTERRUPT_LINE / 4])
		return 0;
	p->pin_waits = false;
	p->pin_again = false;
	axvm_calm_open(&p->calm, MOST_PINS, hold_pin, release_pin, p);
	ret = axvm_irq_watch(p->f.cell, line, pin_ended, p);
	if (ret)
		return ret;
	pci_intx(p->pdev, 1);
	ret = request_irq(p->pdev->irq, pin, IRQF_SHARED, "axvm cell", p);
	if (ret)
		axvm_irq_unwatch(p->f.cell, line);
	else
		p->intx = true;
	return ret;
}

void axvm_pci_irq_off(struct axvm_pci_physical *p)
{
	pin_off(p);
	messages_off(p);
}

void axvm_pci_irq_set(struct axvm_pci_function *f, enum axvm_pci_irq mode)
{
	struct axvm_pci_physical *p = container_of(f, struct axvm_pci_physical, f);
	int ret = 0;

	axvm_pci_irq_off(p);
	if (mode == AXVM_PCI_IRQ_MSIX)
		ret = messages_on(p, f->initial.nr_vectors, PCI_IRQ_MSIX);
	else if (mode == AXVM_PCI_IRQ_MSI)
		ret = messages_on(p, 1, PCI_IRQ_MSI);
	else if (mode == AXVM_PCI_IRQ_INTX)
		ret = pin_on(p);
	if (!ret)
		return;
	axvm_pci_irq_off(p);
	axvm_log(f->cell, "%s: its interrupts cannot be forwarded: error %d", pci_name(p->pdev), ret);
}
