#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Guests that mean harm in ways that only x86 has. After each the host is alive,
# and CPUs and memory are back.
# host: arch=x86_64

# shellcheck shell=dash
. ./cells.sh
plan 35

# gone NAME - destroy it; the host is as it was
gone()
{
	ok "$1: destroyed" destroy "$1"
	ok "$1: all CPUs are back" all_cpus_back
}

exceptions()
{
	[ "$(count "$1" exits exception)" -gt "$2" ]
}

free=$(mem_free)
run ports 1 ports.elf
ok "ports: every port" expect ports 'survived'
ok "ports: where nothing is, reads float high" said ports 'low=0'
ok "ports: it goes on" answers ports x alive
ok "ports: they are counted" test "$(count ports counters pio-unclaimed)" -gt 300000
gone ports

run msrs 1 msrs.elf
ok "msrs: every MSR" expect msrs 'survived'
ok "msrs: each access worked or raised #GP" said msrs 'other=0'
ok "msrs: most were refused" test "$(value msrs refused_reads)" -gt 24000
ok "msrs: it goes on" answers msrs x alive
ok "msrs: they are counted" test "$(count msrs counters sysreg-refused)" -gt 24000
ok "msrs: the log names some" sh -c "axvmctl log msrs | grep -qi 'msr\|register'"
gone msrs

run vmrun 1 vmrun.elf
ok "vmrun: a guest is no hypervisor" expect vmrun 'ud=[0-9]* other=0'
ok "vmrun: it goes on" answers vmrun x alive
gone vmrun

run nolapic 1 nolapic.elf
ok "nolapic: without its local APIC" expect nolapic 'ready fault=-1'
ok "nolapic: it goes on" answers nolapic x alive
ok "nolapic: suspend" axvmctl suspend nolapic
ok "nolapic: resume" axvmctl resume nolapic
ok "nolapic: it goes on again" answers nolapic x alive
gone nolapic

run dbdos 1 dbdos.elf
ok "dbdos: an endless debug exception" expect dbdos 'now'
ok "dbdos: it goes on and on" until_true exceptions dbdos 1000
say "dbdos: $(count dbdos exits exception) exceptions, $(field dbdos state)"
ok "dbdos: stop" sh -c 'axvmctl stop dbdos || axvmctl show dbdos | grep -q failed'
gone dbdos

cell acdos 1 '"image": {"file": "/axvm/guests/acdos.bin", "mode": 32}'
start acdos
ok "acdos: an endless alignment check" expect acdos 'now'
# An emulated CPU may not check alignment; then this is one more endless loop.
sleep 2
say "acdos: $(count acdos exits exception) exceptions, $(field acdos state)"
ok "acdos: stop" sh -c 'axvmctl stop acdos || axvmctl show acdos | grep -q failed'
gone acdos

ok "all memory is back" memory_back "$free"
