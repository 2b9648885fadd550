#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Interrupts: a guest's own come without an exit, or with the one that the
# architecture needs; nobody else's come at all; and a guest's commands end at
# the borders of its cell. Six CPUs, since Linux broadcasts only where there are
# at least two others of its own to reach.
# host: cpus=6

# shellcheck shell=dash
. ./cells.sh
plan 21

# What happened while COMMAND ran: exits, and the guest's count of ticks.
ticks()
{
	: >/tmp/tick.out
	tell tick report
	expect tick 'ticks=' >&2
	value tick ticks
}

run tick 1 tick.elf
ok "a guest with a timer" expect tick 'ready hz=100'
first=$(ticks)
before=$(exits tick)
sleep 10
after=$(exits tick)
last=$(ticks)
say "ticks: $first, $last; exits: $before, $after"
ok "gets its ticks" test "$((last - first))" -ge 100
ok "and takes no more than $EXITS_PER_TICK exits for each" \
	test "$((after - before))" -le "$((EXITS_PER_TICK * (last - first)))"
ok "suspend" axvmctl suspend tick
before=$(exits tick)
sleep 2
ok "stops it" test "$(exits tick)" = "$before"
ok "resume" axvmctl resume tick
ok "lets it go on" test "$(ticks)" -ge "$last"
destroy tick

run stray 1,2 stray.elf
ok "a guest that waits for what is not its own" expect stray 'ready cpus=2'
ok "a storm of calls to all CPUs" poke storm 2000
ok "reached all that are Linux's" test "$(poked storm)" = 2000
ok "and no guest" answers stray report 'strays=0'
echo 0 >/sys/devices/system/cpu/cpu3/online
poke storm 500
echo 1 >/sys/devices/system/cpu/cpu3/online
ok "nor while CPUs go off and on line" poke storm 500
ok "none came" answers stray report 'strays=0'
run other 3 hello.elf
expect other uart=ok
destroy other
poke storm 500
ok "nor after another cell came and went" answers stray report 'strays=0'

run icr 3 "$IPI_GUEST"
ok "every interrupt command there is" expect icr 'survived'
say "commands: $(value icr tried), refused: $(count icr counters ipi-refused)"
ok "foreign ones were refused" test "$(count icr counters ipi-refused)" -gt 1000
ok "its own worked" test "$(value icr self55)" -gt 0
ok "it goes on" answers icr x alive
ok "none reached the other cell" answers stray report 'strays=0'
destroy icr
destroy stray

cell none 1 "\"interrupts\": \"none\", $(guest hello.elf)"
start none
ok "a guest without interrupts" expect none 'uart=ok'
poke storm 200
ok "works all the same" answers none text 'echo=text'
destroy none
rmmod axvm_poke
