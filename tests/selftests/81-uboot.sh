#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Debian's own U-Boot for QEMU's "virt" machine, unmodified, as a bare-metal cell:
# it finds its machine in the device tree.
# host: arch=arm64 boot=yes

# shellcheck shell=dash
. ./cells.sh
plan 8

cp /axvm/examples/u-boot.json /axvm/examples/uboot.json
sed -i 's/"u-boot"/"uboot"/' /axvm/examples/uboot.json
ok "create" axvmctl create --no-start /axvm/examples/uboot.json
: >/tmp/uboot.out
cat "$(tty_of uboot)" >>/tmp/uboot.out &
ok "start" axvmctl start uboot
ok "it knows the cell's memory" expect uboot 'DRAM: +128 MiB'
# Any key ends its countdown.
prompt()
{
	tell uboot ''
	sleep 1
	said uboot '=> '
}
ok "it comes to its prompt" until_true prompt
ok "it answers" answers uboot version 'U-Boot 20'
ok "and tells what it found" answers uboot 'bdinfo' 'DRAM bank|memory'
tell uboot poweroff
ok "it switches itself off, by PSCI" becomes uboot stopped
destroy uboot
ok "all CPUs are back" all_cpus_back
