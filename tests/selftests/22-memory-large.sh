#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# A cell of more than 4 GiB: around the hole below 4 GiB, if there is one, made
# of several pieces.
# host: mem=8G

# shellcheck shell=dash
. ./cells.sh
plan 10

reads()
{
	answers "$1" "w $2 $3" "w $2 done" && answers "$1" "r $2" "r $2=$3"
}

pieces()
{
	axvmctl show --json "$1" | grep -c '"hpa":'
}

free=$(mem_free)
cell monitor 1,2 "$(guest monitor.elf)" 5G
ok "a cell of 5 GiB starts" start monitor
ok "its memory ends below the hole" reads monitor 0xbffffff8 0x3333
ok "and goes on at 4 GiB" reads monitor "$PAST_HOLE" 0x4444
ok "until its end" reads monitor "$(printf "0x%x" $((RAM_END_5G - 8)))" 0x5555
ok "all of it is its own" answers monitor 'r 0xbffffff8' '=0x3333'
axvmctl show monitor
say "made of $(pieces monitor) pieces"
ok "made of several pieces" test "$(pieces monitor)" -gt 1
tell monitor "r $HOLE"
ok "nothing is in the hole" becomes monitor failed
ok "which is where it stopped" test "$(stop_of monitor gpa)" = "$HOLE"
ok "it is destroyed" destroy monitor
ok "all memory is back" memory_back "$free"
