/* SPDX-License-Identifier: GPL-2.0 */
/* Images: bytes of files, copied into guest memory at start and at each reset. */
#ifndef AXVM_IMAGE_H
#define AXVM_IMAGE_H

struct axvm_cell;
struct axvm_error;

/**
 * axvm_images_load() - read every image of the configuration into guest memory
 * @cell: ->cfg and ->memory are complete; no vCPU runs
 *
 * Guest memory between images is left as it is. May sleep for seconds; a fatal
 * signal ends it. Caller holds cell->lock.
 * Return: 0, -EINVAL (outside guest memory, file too short), -EINTR, or what
 * reading the file says; then an unknown part is loaded.
 */
int axvm_images_load(struct axvm_cell *cell, struct axvm_error *err);

#endif
