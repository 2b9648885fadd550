/* SPDX-License-Identifier: GPL-2.0 */
/* Bare-metal programs: raw images and ELF64 files. */
#ifndef AXVMCTL_IMAGE_H
#define AXVMCTL_IMAGE_H

#include "machine.h"

/**
 * image_boot() - load the program that the config's "image" names, set m->boot
 *
 * Return: an exit code, after a message.
 */
int image_boot(struct machine *m);

#endif
