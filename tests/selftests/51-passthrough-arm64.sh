#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Interrupts "passthrough" on arm64: timers and what the cell's own CPUs send each
# other come without any exit, an emulated device's with few; the host can always
# reach the core.
# host: arch=arm64 boot=yes mem=2G

# shellcheck shell=dash
. ./cells.sh
plan 25

# direct NAME CPUS GUEST
direct()
{
	cell "$1" "$2" "\"interrupts\": \"passthrough\", $(guest "$3")"
	start "$1"
}

ticks()
{
	: >/tmp/tick.out
	tell tick report
	expect tick 'ticks=' >&2
	value tick ticks
}

free=$(mem_free)
direct tick 1 tick.elf
ok "a guest with a timer" expect tick 'ready hz=100'
first=$(ticks)
before=$(exits tick)
sleep 10
after=$(exits tick)
last=$(ticks)
say "ticks: $first, $last; exits: $before, $after"
ok "gets its ticks" test "$((last - first))" -ge 100
ok "without an exit" test "$after" = "$before"
ok "suspend" axvmctl suspend tick
ok "resume" axvmctl resume tick
ok "lets it go on" test "$(ticks)" -ge "$last"
: >/tmp/tick.out
ok "reset" axvmctl reset tick
ok "starts it again" expect tick 'ready hz=100'
destroy tick

direct smp 1,2 smp.elf
ok "two CPUs send each other interrupts" expect smp 'cpus=2 rounds=500 wrong=0 done'
kicks=$(count smp exits kick)
ok "and again" answers smp more 'cpus=2 rounds=500 wrong=0 done'
ok "which the receiver takes without an exit" test "$(($(count smp exits kick) - kicks))" -lt 10
destroy smp

direct sgi 1 sgi.elf
ok "every interrupt command there is" expect sgi 'survived'
ok "foreign ones were refused" test "$(count sgi counters ipi-refused)" -gt 1000
ok "its own worked" test "$(value sgi self55)" -gt 0
destroy sgi

direct gicregs 1 gicregs.elf
ok "noise in every register of the GIC" expect gicregs 'survived accesses=[0-9]+ faults=0'
ok "does not keep the host from suspending it" axvmctl suspend gicregs
ok "nor from destroying it" destroy gicregs

direct wfi 1 wfi.elf
ok "interrupts masked for ever" expect wfi 'ready cpus=1'
ok "do not keep the host from stopping it" axvmctl stop wfi
destroy wfi

cell deb 2,3 '"interrupts": "passthrough", "linux": {"kernel": "/axvm/boot/vmlinuz-6.12", "initrd": "/axvm/boot/initrd", "cmdline": "quiet"}' 256M
ok "Debian starts" start deb
ok "boots to its shell" expect deb 'cell is up: Linux .*, 2 CPUs'
ok "its console has an interrupt" answers deb 'cat /proc/interrupts; echo' "$DEBIAN_CONSOLE"
# shellcheck disable=SC2016
ok "no complaint in its log" answers deb 'echo bad=$(dmesg | grep -cE "BUG:|WARNING: CPU|Oops|Call Trace|rcu.*stall") end' 'bad=0 end'
destroy deb
ok "all CPUs are back" all_cpus_back
ok "all memory is back" memory_back "$free"
