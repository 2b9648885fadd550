#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Changes of a cell's memory against everything else that can be asked of it,
# and against one another; in the debug kernel lockdep and kmemleak look on.
# host: kernel=debug,6.12

# shellcheck shell=dash
. ./cells.sh
plan 13

A=$(ram 0x40000000)
B=$(ram 0x60000000)
ROUNDS=12

# Each says what was refused for another reason than that somebody else was first.
map_and_unmap()
{
	local n=0
	while [ $((n += 1)) -le $ROUNDS ]; do
		axvmctl mem map --gpa="$1" --size=4M churn
		axvmctl mem remap --gpa="$1" --size=1M --to="$2" churn
		axvmctl mem unmap --gpa="$2" --size=1M churn
		axvmctl mem unmap --gpa="$1" --size=1M churn
		axvmctl mem unmap --gpa=$(($1 + 0x100000)) --size=3M churn
	done 2>&1 | grep -vE 'mapped already|no memory of the cell'
}

suspend_and_resume()
{
	local n=0
	while [ $((n += 1)) -le $ROUNDS ]; do
		axvmctl suspend churn
		axvmctl resume churn
	done 2>&1 | grep -vE 'already|needs a'
}

reset_often()
{
	local n=0
	while [ $((n += 1)) -le $((ROUNDS / 2)) ]; do
		axvmctl reset churn || return
	done
}

list_often()
{
	local n=0
	while [ $((n += 1)) -le $ROUNDS ]; do
		axvmctl mem list churn >/dev/null && axvmctl show churn >/dev/null || return
	done
}

quiet()
{
	[ ! -s "$1" ] && return
	cat "$1"
	return 1
}

free=$(mem_free)
cell churn 1,2 "\"fault_policy\": \"ignore\", $(guest churn.elf)"
start churn
expect churn ready
map_and_unmap "$A" "$B" >/tmp/map1 &
maps=$!
map_and_unmap "$A" $((B + 0x10000000)) >/tmp/map2 &
maps="$maps $!"
suspend_and_resume >/tmp/suspend &
maps="$maps $!"
ok "resets while memory comes and goes" reset_often
ok "and lists of it" list_often
# shellcheck disable=SC2086
wait $maps
ok "no command failed for want of anything else" quiet /tmp/map1
ok "nor the other's" quiet /tmp/map2
ok "nor suspend or resume" quiet /tmp/suspend
axvmctl resume churn
ok "the cell runs" in_state churn running
axvmctl reset churn
expect churn ready
ok "and its guest works" answers churn "go $(ram 0x800000) $((1 << 20))" going
ok "correctly" eval 'answers churn ask done && ! said churn "wrong=[1-9]"'
axvmctl mem list churn

axvmctl mem map --gpa=$((A + 0x20000000)) --size=256M churn >/tmp/map3 2>&1 &
usleep 100000
ok "destroyed while memory is on its way to it" destroy churn
wait
cat /tmp/map3
ok "no cell is left" no_cells
ok "all CPUs are back" all_cpus_back
ok "all memory is back" memory_back "$free"
ok "the kernel has not complained" kernel_clean
