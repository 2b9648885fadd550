#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# A machine whose firmware started Linux without EL2 says so.
# host: arch=arm64 qemu=-machine qemu=virtualization=off

# shellcheck shell=dash
. ./cells.sh
plan 5

cell a 1 "$(guest hello.elf)" 4M
fails "check says no" axvmctl check
refused "and why" 'FAIL +el2 +there is no EL2' axvmctl check
refused "create says the same" 'CPU 1 has no EL2|cannot run cells' axvmctl create /tmp/a.json
ok "nothing was taken" all_cpus_back
ok "the kernel has not complained" kernel_clean
