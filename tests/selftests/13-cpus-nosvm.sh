#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# A machine whose CPUs cannot do it says so.
# host: arch=x86_64 qemu=-cpu qemu=EPYC-v4,+x2apic,-svm

# shellcheck shell=dash
. ./cells.sh
plan 5

cell a 1 "$(guest hello.elf)" 4M
fails "check says no" axvmctl check
refused "and why" 'no +amd-svm.*has no AMD-V|has no AMD-V' axvmctl check
refused "create says the same" 'CPU 1 has no AMD-V|cannot run cells' axvmctl create /tmp/a.json
ok "nothing was taken" all_cpus_back
ok "the kernel has not complained" kernel_clean
