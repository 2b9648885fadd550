#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Where the firmware keeps a security state of the GIC to itself, interrupts
# cannot be left to a guest, for then nothing could get its core's attention.
# host: arch=arm64 qemu=-machine qemu=secure=on

# shellcheck shell=dash
. ./cells.sh
plan 5

ok "the GIC has two security states" sh -c "dmesg | grep -q 'GICD_CTRL.DS=0'"
cell a 1 "\"interrupts\": \"passthrough\", $(guest tick.elf)"
refused "passthrough is refused, with a reason" 'passthrough.*emulated' axvmctl create /tmp/a.json
ok "emulated works" run tick 1 tick.elf
ok "with a timer" expect tick 'ready hz=100'
destroy tick
ok "all CPUs are back" all_cpus_back
