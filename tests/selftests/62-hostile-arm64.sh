#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Guests that mean harm in ways that only arm64 has. After each the host is alive,
# and CPUs and memory are back.
# host: arch=arm64

# shellcheck shell=dash
. ./cells.sh
plan 37

# gone NAME - destroy it; the host is as it was
gone()
{
	ok "$1: destroyed" destroy "$1"
	ok "$1: all CPUs are back" all_cpus_back
}

free=$(mem_free)
run sysregs 1 sysregs.elf
ok "sysregs: nothing shows that is not virtualised" expect sysregs 'el2=0 el3=0 gic=1 sve=0 sme=0 mte=0 pmu=0'
ok "sysregs: every system register" expect sysregs 'survived'
ok "sysregs: each access worked or was undefined" said sysregs 'other=0'
ok "sysregs: most were refused" test "$(value sysregs refused_reads)" -gt 32000
ok "sysregs: it goes on" answers sysregs x alive
ok "sysregs: they are counted" test "$(count sysregs counters sysreg-refused)" -gt 1000
ok "sysregs: the log names some" sh -c "axvmctl log sysregs | grep -qi register"
gone sysregs

run hyp 1 hyp.elf
ok "hyp: a guest is no hypervisor" expect hyp 'ud=20 other=0'
ok "hyp: it goes on" answers hyp x alive
gone hyp

run psci 1 psci.elf
ok "psci: every function, wild arguments" expect psci 'survived'
ok "psci: those with a known answer gave it" said psci 'bad=0'
ok "psci: it goes on" answers psci x alive
gone psci

run gicregs 1 gicregs.elf
ok "gicregs: noise in every register" expect gicregs 'survived accesses=[0-9]+ faults=0'
ok "gicregs: it goes on" answers gicregs x alive
ok "gicregs: suspend" axvmctl suspend gicregs
ok "gicregs: resume" axvmctl resume gicregs
ok "gicregs: it goes on again" answers gicregs x alive
gone gicregs

run wfi 1,2 wfi.elf
ok "wfi: with interrupts masked" expect wfi 'ready cpus=2'
ok "wfi: suspend" axvmctl suspend wfi
ok "wfi: resume" axvmctl resume wfi
ok "wfi: stop" axvmctl stop wfi
ok "wfi: reset" axvmctl reset wfi
gone wfi

cell raw 1 '"image": {"file": "/axvm/guests/raw.bin"}'
start raw
ok "raw: without MMU and stack" expect raw 'uart=ok'
ok "raw: finds its device tree" expect raw 'tree=ok'
gone raw
ok "all memory is back" memory_back "$free"
