/* SPDX-License-Identifier: GPL-2.0 */
/* Measuring channels. */
#ifndef AXVMCTL_IVC_BENCH_H
#define AXVMCTL_IVC_BENCH_H

#include "axvmctl.h"

/**
 * struct ivc_bench - what to measure
 * @image: the guest
 * @cpu: of the two cells, as the user wrote it; the second may be NULL: Linux and one cell only
 * @rounds: of each latency, at most what the guest keeps
 * @bytes: of each throughput, a multiple of 4 KiB
 */
struct ivc_bench {
	const char *image;
	const char *cpu[2];
	u64 rounds, bytes;
	bool json;
};

/**
 * ivc_bench() - make the cells, measure, print, destroy them
 *
 * Return: an exit code, after a message.
 */
int ivc_bench(const struct ivc_bench *options);

#endif
