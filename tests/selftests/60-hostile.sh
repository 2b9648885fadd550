#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Guests that mean harm, on every architecture. After each the host is alive, and
# CPUs and memory are back.
# host: kernel=debug,6.1,6.12

# shellcheck shell=dash
. ./cells.sh
plan 29

# gone NAME - destroy it; the host is as it was
gone()
{
	ok "$1: destroyed" destroy "$1"
	ok "$1: all CPUs are back" all_cpus_back
}

free=$(mem_free)
run badjump 1 badjump.elf
ok "badjump: fails" becomes badjump failed
ok "badjump: for that reason" stopped_by badjump stage2-fault
ok "badjump: at that address" test "$(stop_of badjump pc) $(stop_of badjump gpa)" = "0xd0000000 0xd0000000"
gone badjump

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

run icr 1 "$IPI_GUEST"
ok "icr: interrupt commands to everybody" expect icr 'survived'
gone icr

ok "all memory is back" memory_back "$free"
