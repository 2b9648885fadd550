/* SPDX-License-Identifier: GPL-2.0 */
/* Who in Linux has a physical range? */
#ifndef AXVM_HOLDER_H
#define AXVM_HOLDER_H

#include <linux/types.h>

/**
 * struct axvm_holder - a device of Linux that a driver is bound to
 * @device: as in /sys/bus/BUS/devices
 * @driver: as in /sys/bus/BUS/drivers
 */
struct axvm_holder {
	char bus[16];
	char device[48];
	char driver[32];
};

/**
 * axvm_find_holder() - look for a driver whose device has some of a range
 * @ports: of I/O ports; otherwise of address space
 * @holder: filled in if there is one
 *
 * PCI functions and platform devices; others may hold it too. May sleep; the
 * answer can be old when it arrives. Return: was one found?
 */
bool axvm_find_holder(bool ports, u64 start, u64 size, struct axvm_holder *holder);

#endif
