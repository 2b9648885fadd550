#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# The host dies; a cell does not notice.
# host: panics=yes

# shellcheck shell=dash
. ./cells.sh
plan 3


cell heartbeat 3 "$(guest heartbeat.elf), \"devices\": [$DEBUG_DEVICE]"
ok "a cell with a device of its own" start heartbeat
ok "runs" expect heartbeat ready
run stray 1,2 stray.elf
ok "beside another one" expect stray ready
expect_after_panic 20 'axvm-heartbeat [0-9]+ strays=0' "the cell goes on, undisturbed"
sleep 1
echo 0 >/proc/sys/kernel/panic
echo c >/proc/sysrq-trigger
