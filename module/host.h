/* SPDX-License-Identifier: GPL-2.0 */
/* What the host is up to: reboot, kexec, suspend, hibernation. */
#ifndef AXVM_HOST_H
#define AXVM_HOST_H

struct axvm_error;
struct axvm_requirements;

int axvm_host_init(void);
void axvm_host_exit(void);

/**
 * axvm_host_may_create() - is this a time for new cells?
 *
 * Return: 0, or -EBUSY when the host is going down or to sleep.
 */
int axvm_host_may_create(struct axvm_error *err);

/**
 * axvm_host_locked() - does kernel lockdown forbid that cells run?
 */
bool axvm_host_locked(void);

/**
 * axvm_host_check() - what every architecture needs of the host, then what this one needs
 */
void axvm_host_check(struct axvm_requirements *req);

#endif
