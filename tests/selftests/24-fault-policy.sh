#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# What follows when a guest uses an address where it has nothing, or writes to
# memory that is read-only, by the cell's policy.

# shellcheck shell=dash
. ./cells.sh
plan 38

NOTHING=$(ram 0x40000000)
ROM=$(ram 0x20000000)

# with POLICY - start a monitor under it, with 2 MiB of read-only memory
with()
{
	echo "{ \"name\": \"monitor\", \"cpus\": [1], \"memory\": [{\"size\": \"8M\"}, {\"gpa\": \"$ROM\", \"size\": \"2M\", \"flags\": \"rx\"}], $1 $(guest monitor.elf) }" >/tmp/monitor.json
	start monitor
	expect monitor ready
}

logged()
{
	axvmctl log monitor | grep -qE "$1" && return
	axvmctl log monitor
	return 1
}

# fails_at GPA WHAT - the cell failed there, and says so
fails_at()
{
	becomes monitor failed && stopped_by monitor stage2-fault &&
		[ "$(stop_of monitor gpa)" = "$1" ] || return
	stop_of monitor text | grep -qE "$2 GPA $1,.* at (RIP|PC) 0x" && return
	stop_of monitor text
	return 1
}

with ''
ok "a cell is created with policy fail" test "$(field monitor fault_policy)" = fail
tell monitor "r $NOTHING"
ok "reading where nothing is ends it, and says where" fails_at "$NOTHING" 'read from'
axvmctl reset monitor
expect monitor ready
tell monitor "w $ROM 0x1"
ok "so does writing to read-only memory" fails_at "$ROM" 'wrote to'
axvmctl reset monitor
expect monitor ready
tell monitor "x $NOTHING"
ok "and a jump to nowhere" fails_at "$NOTHING" 'jumped to'
destroy monitor

with '"fault_policy": "inject",'
ok "policy inject" test "$(field monitor fault_policy)" = inject
ok "reading where nothing is raises the exception" answers monitor "t $NOTHING" "t $NOTHING exception=$BUS_ERROR address=$BUS_ADDRESS"
ok "so does writing" answers monitor "u $NOTHING 0x1" "u $NOTHING exception=$BUS_ERROR"
ok "the log has both" eval 'logged "vCPU 0: read from GPA $NOTHING, .* at 0x" && logged "wrote to GPA $NOTHING"'
ok "writing to read-only memory, too" answers monitor "u $ROM 0x1234" "u $ROM exception=$BUS_ERROR"
ok "which can be read" answers monitor "t $ROM" 'fine value=0x0'
ok "they are counted" test "$(count monitor counters fault)" = 3
ok "memory that comes there" axvmctl mem map --gpa="$NOTHING" --size=2M monitor
ok "is used" answers monitor "u $NOTHING 0x1234" fine
ok "and gone" eval 'axvmctl mem unmap --gpa="$NOTHING" --size=2M monitor && answers monitor "t $NOTHING" "exception=$BUS_ERROR"'
tell monitor "x $NOTHING"
ok "a jump to nowhere is an exception as well" expect monitor "$BUS_JUMP"
ok "which that guest does not survive" becomes monitor stopped
ok "the log says where it jumped" logged "jumped to GPA $NOTHING"
destroy monitor

with '"fault_policy": "ignore",'
ok "policy ignore" test "$(field monitor fault_policy)" = ignore
ok "where nothing is, ones are read" answers monitor "r $NOTHING" "r $NOTHING=0xffffffffffffffff"
ok "what is written" answers monitor "w $NOTHING 0x1234" "done"
ok "is lost" answers monitor "r $NOTHING" "=0xffffffffffffffff"
ok "what is written to read-only memory" answers monitor "w $ROM 0x1234" "done"
ok "is lost, too" answers monitor "r $ROM" '=0x0'
ok "the log has reading and writing" eval 'logged "read from GPA $NOTHING" && logged "wrote to GPA $NOTHING"'
ok "and the other" logged "wrote to GPA $ROM"
ok "they are counted" test "$(count monitor counters fault)" = 4
tell monitor "x $NOTHING"
ok "ones are no instruction: a jump to nowhere ends the cell" fails_at "$NOTHING" 'jumped to'

# A reset keeps what was mapped.
axvmctl reset monitor
expect monitor ready
axvmctl mem map --gpa="$NOTHING" --size=2M monitor
ok "memory that was mapped" answers monitor "w $NOTHING 0x1234" "done"
ok "is there after a reset" eval 'axvmctl reset monitor && expect monitor ready && answers monitor "r $NOTHING" "r $NOTHING=0x"'
ok "cleared" said monitor "r $NOTHING=0x0"
axvmctl stop monitor
ok "it can be unmapped from a stopped cell" axvmctl mem unmap --gpa="$NOTHING" --size=2M monitor
ok "and mapped" axvmctl mem map --gpa="$NOTHING" --size=4M monitor
: >/tmp/monitor.out
axvmctl start monitor
expect monitor ready
ok "which a start finds" answers monitor "r $NOTHING" "r $NOTHING=0x0"
ok "a suspended cell" eval 'axvmctl suspend monitor && axvmctl mem unmap --gpa="$NOTHING" --size=2M monitor && axvmctl resume monitor'
ok "finds it gone" answers monitor "r $NOTHING" "=0xffffffffffffffff"
destroy monitor
refused "a policy that there is not" 'fault_policy.*fail' eval "echo '{ \"name\": \"a\", \"cpus\": [1], \"memory\": [{\"size\": \"8M\"}], \"fault_policy\": \"panic\", $(guest monitor.elf) }' >/tmp/a.json; axvmctl create /tmp/a.json"
ok "all CPUs are back" all_cpus_back
ok "the kernel has not complained" kernel_clean
