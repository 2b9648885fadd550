# SPDX-License-Identifier: GPL-2.0
# Everything the scripts must know about the arm64 test host, as plain
# KEY="value" lines: both the shell and the Python scripts read this file.
DEB_ARCH="arm64"
MACHINE="aarch64"
STOCK_KERNELS="6.12"
KERNEL_FLAVOUR="arm64"
KBUILD_ARCH="arm64"
KERNEL_IMAGE="arch/arm64/boot/Image"
# What builds for this architecture on another one: a compiler, and Debian's
# libraries unpacked into the cache.
CROSS="aarch64-linux-gnu-"
CROSS_PACKAGES="gcc-aarch64-linux-gnu libc6-dev-arm64-cross"
CROSS_LIBC="/usr/aarch64-linux-gnu/lib"
SYSROOT_PACKAGES="busybox-static libnl-3-200 libnl-3-dev libnl-genl-3-200 libnl-genl-3-dev libjansson4 libjansson-dev libfdt1 libfdt-dev zlib1g zlib1g-dev libzstd1 libzstd-dev"
# The tool builds device trees and unpacks compressed kernels.
ARCH_PACKAGES="libfdt-dev device-tree-compiler zlib1g-dev libzstd-dev"
# What is not Linux, for cells to boot, and where it is in its package.
GUEST_PACKAGE="u-boot-qemu"
GUEST_FILE="usr/lib/u-boot/qemu_arm64/u-boot.bin"
QEMU="qemu-system-aarch64"
QEMU_PACKAGE="qemu-system-arm"
QEMU_MACHINE="-machine virt,virtualization=on,gic-version=3 -accel tcg,thread=multi"
QEMU_CPU="max"
QEMU_CONTROL="-device virtio-serial-pci -device virtconsole,chardev=control"
# The second UART is for a guest that must be heard after the host has died; it
# is taken out of the tree that Linux reads.
QEMU_DEVICES="-serial chardev:debugcon"
RAM_BASE="0x40000000"
DEBUG_NODE="/pl011@9040000"
CONSOLE="ttyAMA0"
CONTROL_TTY="hvc0"
DEBUG_CMDLINE="kunit.enable=1"
# Instead: the second UART for guests or Linux, whose other end is a console of Linux's (hvc1).
WIRE_DEVICES="-serial chardev:wire -device virtconsole,chardev=peer"
