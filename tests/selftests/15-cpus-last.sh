#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# The last CPU that Linux has stays its own, whatever its number. Only old
# kernels can take CPU 0 off line.
# host: kernel=6.1 cmdline=cpu0_hotplug

# shellcheck shell=dash
. ./cells.sh
plan 5

cell a 1,2 "$(guest hello.elf)" 4M
cell b 3 "$(guest hello.elf)" 4M
echo 0 >/sys/devices/system/cpu/cpu0/online
ok "CPU 0 is off line" test "$(online_cpus)" = 1-3
ok "others can be taken" axvmctl create /tmp/a.json
refused "but not the last" 'CPU 3 is the last one' axvmctl create /tmp/b.json
ok "they are given back" destroy a
echo 1 >/sys/devices/system/cpu/cpu0/online
ok "all CPUs are back" all_cpus_back
