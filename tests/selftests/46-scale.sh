#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# What a cell's guest does costs it the same exits whether it is alone or one
# of six, however busy the others are.
#
# host: cpus=8 mem=2G

# shellcheck shell=dash
. ./cells.sh
plan 15

# What happens by itself: the host looks, and interrupts come when they come.
UNSTEADY='"kick"|"interrupt"|"idle"'

# steady_exits NAME - by reason and vCPU, of those that the guest's instructions cause
steady_exits()
{
	axvmctl show --json "$1" | tr -d ' \n' | grep -o '"exits":{[^}]*}' | sed 's/[{,]/\n/g' |
		grep -vE "$UNSTEADY" | tr '\n' ' '
}

# settled NAME - it waits for its console, and has no exits any more
settled()
{
	steady_exits "$1" >/tmp/settled
	usleep 500000
	steady_exits "$1" | cmp -s - /tmp/settled
}

# measure NAME - a cell that sends interrupts around its two CPUs and prints
measure()
{
	run "$1" 1,2 smp.elf
	ok "$1: the guest does what it should" expect "$1" 'wrong=0 done'
	until_true settled "$1"
	steady_exits "$1" >"/tmp/$1.exits"
	cat "/tmp/$1.exits"
	ok "$1: its exits are many" test "$(count "$1" exits ipi)" -ge 1000
	destroy "$1"
}

busy()
{
	[ "$(exits "$1")" -gt "$2" ]
}

measure alone
measure again
ok "the count is the same each time" cmp /tmp/alone.exits /tmp/again.exits

for cpu in 3 4 5 6 7; do
	run "flood$cpu" "$cpu" flood.elf
	ok "neighbour $cpu is busy" until_true busy "flood$cpu" 1000
done
measure crowded
before=$(exits flood7)
ok "the neighbours were so all the time" until_true busy flood7 "$before"
for cpu in 3 4 5 6 7; do
	destroy "flood$cpu"
done
ok "six cells cost one of them no exit" cmp /tmp/alone.exits /tmp/crowded.exits
ok "no cell is left" no_cells
