#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# CPUs of a host that uses x2APIC mode itself: taken, used, given back.
# An emulated CPU that stands still for a moment while Linux tries its timer is
# not what this is about: no_timer_check.
# host: arch=x86_64 x2apic=yes cmdline=no_timer_check

# shellcheck shell=dash
. ./cells.sh
plan 10

cycles()
{
	local n=0
	while [ $n -lt 20 ]; do
		axvmctl create /tmp/smp.json >/dev/null && destroy smp || return
		n=$((n + 1))
	done
}

ok "the host is in x2APIC mode" sh -c "axvmctl check | grep -q 'Linux uses it: yes'"
ok "a cell of three CPUs starts" run smp 1,2,3 smp.elf
ok "and its CPUs talk to each other" expect smp 'cpus=3 rounds=500 wrong=0 done'
poke storm 200
ok "it goes on under a storm of calls" answers smp again 'wrong=0 done'
ok "and ends" destroy smp
run stray 1,3 stray.elf
expect stray ready
poke storm 500
ok "no call reaches a guest" answers stray report 'strays=0'
destroy stray
run tick 2 tick.elf
expect tick ready
before=$(exits tick)
sleep 3
ok "a timer takes no exit" test "$(exits tick)" = "$before"
destroy tick
ok "all CPUs are back" all_cpus_back
ok "20 more times" cycles
ok "all CPUs are back again" all_cpus_back
rmmod axvm_poke
