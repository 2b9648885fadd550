#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Guests that mean harm. After each the host is alive, and CPUs and memory are
# back.
# host: kernel=debug,6.1,6.12

# shellcheck shell=dash
. ./cells.sh
plan 63

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

run badjump 1 badjump.elf
ok "badjump: fails" becomes badjump failed
ok "badjump: for that reason" stopped_by badjump stage2-fault
ok "badjump: at that address" test "$(stop_of badjump pc) $(stop_of badjump gpa)" = "0xd0000000 0xd0000000"
gone badjump

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

run spin 1,2 spin.elf
ok "spin: interrupts off" expect spin 'ready cpus=2'
ok "spin: suspend" axvmctl suspend spin
ok "spin: resume" axvmctl resume spin
ok "spin: stop" axvmctl stop spin
ok "spin: reset" axvmctl reset spin
gone spin

run flood 1 flood.elf
ok "flood: console output" expect flood 'abcdef'
sleep 3
ok "flood: the host answers" axvmctl list
ok "flood: suspend" axvmctl suspend flood
gone flood
rm -f /tmp/flood.out

run triple 1 triple.elf
ok "triple: fails" becomes triple failed
gone triple

run reset 1 reset.elf
many_resets()
{
	[ "$(grep -c 'starts=1' /tmp/reset.out)" -ge 5 ]
}
ok "reset: again and again" until_true many_resets
ok "reset: memory is new each time" sh -c '! grep -q "starts=[^1]" /tmp/reset.out'
ok "reset: the host answers" axvmctl list
gone reset

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

run icr 1 icr.elf
ok "icr: interrupt commands to everybody" expect icr 'survived'
gone icr

ok "all memory is back" memory_back "$free"
