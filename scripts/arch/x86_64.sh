# SPDX-License-Identifier: GPL-2.0
# Everything the scripts must know about the x86-64 test host, as plain
# KEY="value" lines: both the shell and the Python scripts read this file.
DEB_ARCH="amd64"
MACHINE="x86_64"
STOCK_KERNELS="6.1 6.12"
KERNEL_FLAVOUR="amd64"
KBUILD_ARCH="x86"
KERNEL_IMAGE="arch/x86/boot/bzImage"
CROSS="x86_64-linux-gnu-"
CROSS_PACKAGES="gcc-x86-64-linux-gnu libc6-dev-amd64-cross"
CROSS_LIBC="/usr/x86_64-linux-gnu/lib"
SYSROOT_PACKAGES="busybox-static libnl-3-200 libnl-3-dev libnl-genl-3-200 libnl-genl-3-dev libjansson4 libjansson-dev"
ARCH_PACKAGES="acpica-tools"
GUEST_PACKAGE=""
GUEST_FILE=""
QEMU="qemu-system-x86_64"
QEMU_PACKAGE="qemu-system-x86"
QEMU_MACHINE="-machine q35 -accel tcg,thread=multi"
QEMU_CPU="EPYC-v4,+npt,+x2apic"
QEMU_CONTROL="-serial chardev:control"
# Port 0xe9 is for guests that must be heard after the host has died. (0x402
# is where the firmware would write its own messages, so it is not used.)
QEMU_DEVICES="-device isa-debugcon,iobase=0xe9,chardev=debugcon"
CONSOLE="ttyS0,115200"
CONTROL_TTY="ttyS1"
DEBUG_CMDLINE="kunit.enable=1"
# What the benchmark compares with, in loading order.
KVM_MODULES="irqbypass ccp kvm kvm-amd"
# Linux uses x2APIC only if interrupts can be remapped. EIM needs the split chip.
QEMU_X2APIC="-machine q35,kernel-irqchip=split -device intel-iommu,intremap=on,eim=on"
# A UART for guests, whose other end is one of Linux's (ttyS3), and one on PCI that hears itself.
WIRE_DEVICES="-device isa-serial,index=2,iobase=0x3e8,irq=6,chardev=wire -device isa-serial,index=3,iobase=0x2e8,irq=7,chardev=peer -device pci-serial,chardev=none"
