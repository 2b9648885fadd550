# SPDX-License-Identifier: GPL-2.0
# Kernels come compressed, and guests want a device tree.
ARCH_LIBS := zlib libzstd
ARCH_LDLIBS := -lfdt
ARCH_NEEDS := libfdt-dev, zlib1g-dev and libzstd-dev
