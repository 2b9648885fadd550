#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# A guest that takes interrupts by itself, with every interrupt of its CPU open:
# nothing comes that Linux or another cell has sent.
# host: arch=arm64

# shellcheck shell=dash
. ./cells.sh
plan 9

passthrough()
{
	cell "$1" "$2" "\"interrupts\": \"passthrough\", $(guest "$3")" "${4:-}"
	start "$1"
}

passthrough stray 1,2 stray.elf
ok "a guest that waits for what is not its own" expect stray 'ready cpus=2'
poke storm 1000
ok "hears nothing of Linux" answers stray report 'strays=0'
passthrough ipi 3 sgi.elf
ok "every interrupt command there is" expect ipi 'survived'
ok "foreign ones were refused" test "$(count ipi counters ipi-refused)" -gt 1000
ok "none reached the other cell" answers stray report 'strays=0'
destroy ipi
passthrough gicregs 3 gicregs.elf
ok "noise in every register of the GIC" expect gicregs 'survived'
ok "the core still hears the host" axvmctl suspend gicregs
destroy gicregs
ok "none of it reached the other cell" answers stray report 'strays=0'
destroy stray
ok "all CPUs are back" all_cpus_back
rmmod axvm_poke
