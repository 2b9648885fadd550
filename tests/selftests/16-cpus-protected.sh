#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Where KVM keeps EL2 to itself no CPU is touched.
# host: arch=arm64 cmdline=kvm-arm.mode=protected

# shellcheck shell=dash
. ./cells.sh
plan 6

cell a 1 "$(guest hello.elf)" 4M
ok "KVM is in protected mode" sh -c "dmesg | grep -qi 'protected.*mode initialized'"
fails "check says no" axvmctl check
refused "and why" 'FAIL +kvm-mode +KVM is in protected mode' axvmctl check
refused "create says the same" 'KVM is in protected mode|cannot run cells' axvmctl create /tmp/a.json
ok "nothing was taken" all_cpus_back
ok "the kernel has not complained" kernel_clean
