#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Once the kernel is locked down no cell may start, but one may end. The word on
# the command line makes this a host of its own, because that cannot be undone.
# host: cmdline=axvm.selftest=lockdown

# shellcheck shell=dash
. ./cells.sh
plan 10

LOCKDOWN=/sys/kernel/security/lockdown

cell a 1 "$(guest hello.elf)" 4M
cell b 2 "$(guest hello.elf)" 4M
ok "before, a cell starts" axvmctl create /tmp/a.json
ok "lockdown" sh -c "echo integrity >$LOCKDOWN"
refused "check says so" 'FAIL lockdown' axvmctl check
refused "no cell is created" 'lockdown' axvmctl create /tmp/b.json
ok "one can be suspended" axvmctl suspend a
refused "but not resumed" 'lockdown' axvmctl resume a
ok "nor reset" sh -c '! axvmctl reset a'
ok "it can be seen" axvmctl show a
ok "and destroyed" destroy a
ok "all CPUs are back" all_cpus_back
