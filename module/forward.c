// SPDX-License-Identifier: GPL-2.0
/*
 * One of Linux's interrupts whose handler passes it on to a guest's interrupt
 * line. An edge is passed on as it comes. A level is off in Linux from its
 * coming until the guest has ended it; then it is let come again, which shows
 * whether the device still asks.
 *
 * One that comes more than STORM times in a jiffy is off until the next one:
 * whatever device and guest do, this Linux loses no more than that to them.
 */
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/irqdesc.h>
#include <linux/string.h>

#include "forward.h"
#include "irq.h"
#include "log.h"

#define STORM	50

static void hold(void *data)
{
	struct axvm_forward *fw = data;

	if (fw->held)
		return;
	fw->held = true;
	disable_irq_nosync(fw->virq);
}

static void let_come(void *data)
{
	struct axvm_forward *fw = data;

	if (!fw->held || !fw->open || fw->in_guest || fw->calm.held)
		return;
	fw->held = false;
	enable_irq(fw->virq);
}

static irqreturn_t on_interrupt(int irq, void *data)
{
	struct axvm_forward *fw = data;

	axvm_calm_count(&fw->calm);
	raw_spin_lock(&fw->calm.lock);
	fw->count++;
	if (fw->level) {
		fw->in_guest = true;
		hold(fw);
	}
	raw_spin_unlock(&fw->calm.lock);
	if (fw->level)
		axvm_irq_level(fw->cell, fw->line, true);
	else
		axvm_irq_pulse(fw->cell, fw->line);
	return IRQ_HANDLED;
}

static void on_end(void *data)
{
	struct axvm_forward *fw = data;
	unsigned long flags;

	raw_spin_lock_irqsave(&fw->calm.lock, flags);
	fw->in_guest = false;
	let_come(fw);
	raw_spin_unlock_irqrestore(&fw->calm.lock, flags);
}

bool axvm_irq_holder(unsigned int virq, char *name, size_t size)
{
	struct irq_data *data = irq_get_irq_data(virq);
	struct irq_desc *desc = data ? irq_data_to_desc(data) : NULL;
	unsigned long flags;
	bool held = false;

	if (!desc)
		return false;
	raw_spin_lock_irqsave(&desc->lock, flags);
	if (desc->action) {
		held = true;
		strscpy(name, desc->action->name ?: "a part of the kernel", size);
	}
	raw_spin_unlock_irqrestore(&desc->lock, flags);
	return held;
}

static int refuse(unsigned int virq, struct axvm_error *err)
{
	char name[64] = "somebody";

	axvm_irq_holder(virq, name, sizeof(name));
	return axvm_fail(err, -EBUSY,
			 "interrupt %u of Linux (/proc/interrupts) is used by \"%s\": unbind that driver first",
			 virq, name);
}

int axvm_forward_start(struct axvm_forward *fw, struct axvm_cell *cell, unsigned int virq,
		       u32 line, bool level, struct axvm_error *err)
{
	char name[64];
	int ret;

	/* Asking first keeps an ordinary mistake out of the kernel's log. */
	if (axvm_irq_holder(virq, name, sizeof(name)))
		return refuse(virq, err);
	*fw = (struct axvm_forward) {
		.cell = cell, .virq = virq, .line = line, .level = level, .held = true,
	};
	axvm_calm_open(&fw->calm, STORM, hold, let_come, fw);
	ret = axvm_irq_watch(cell, line, on_end, fw);
	if (ret)
		goto fail;
	ret = request_irq(virq, on_interrupt, IRQF_NO_AUTOEN, "axvm cell", fw);
	if (ret == -EBUSY)
		refuse(virq, err);
	if (ret) {
		axvm_irq_unwatch(cell, line);
		goto fail;
	}
	/* Off means off at the interrupt controller: a level would come once more otherwise. */
	irq_set_status_flags(virq, IRQ_DISABLE_UNLAZY);
	return 0;
fail:
	fw->virq = 0;
	return axvm_fail(err, ret, "interrupt %u of Linux cannot be forwarded: error %d", virq, ret);
}

void axvm_forward_open(struct axvm_forward *fw, bool open)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&fw->calm.lock, flags);
	fw->open = open;
	if (open)
		let_come(fw);
	else
		hold(fw);
	raw_spin_unlock_irqrestore(&fw->calm.lock, flags);
	if (open)
		return;
	synchronize_irq(fw->virq);
	raw_spin_lock_irqsave(&fw->calm.lock, flags);
	fw->in_guest = false;
	raw_spin_unlock_irqrestore(&fw->calm.lock, flags);
	axvm_irq_level(fw->cell, fw->line, false);
}

void axvm_forward_stop(struct axvm_forward *fw)
{
	if (!fw->virq)
		return;
	axvm_forward_open(fw, false);
	axvm_irq_unwatch(fw->cell, fw->line);
	axvm_calm_close(&fw->calm);
	free_irq(fw->virq, fw);
	axvm_log(fw->cell, "interrupt line %u: %llu came, %llu times too many at once", fw->line,
		 fw->count, fw->calm.times);
	fw->virq = 0;
}
