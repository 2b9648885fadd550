/* SPDX-License-Identifier: GPL-2.0 */
/* The host's ear: cores raise an interrupt, and a work looks at what they have to say. */
#ifndef AXVM_EVENT_H
#define AXVM_EVENT_H

#include <linux/types.h>

struct workqueue_struct;

extern struct workqueue_struct *axvm_wq;	/* for works that wait for cores or files */

int axvm_event_init(void);
void axvm_event_exit(void);

/**
 * axvm_event_irq() - a core raised its interrupt. Any context, from hard interrupt up
 */
void axvm_event_irq(void);

/**
 * axvm_event_moved() - the value of axvm_arch_event_target() may have changed
 *
 * Any context. The cells learn it soon afterwards; what cores raised in between
 * is looked at then.
 */
void axvm_event_moved(void);

/**
 * axvm_event_look() - look at all cells now: the host's end has something to do
 *
 * Any context.
 */
void axvm_event_look(void);

#endif
