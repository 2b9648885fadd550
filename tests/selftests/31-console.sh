#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Consoles: both directions, before and after somebody looks, at full speed, and
# after the cell has gone.
# host: kernel=debug,6.1,6.12

# shellcheck shell=dash
. ./cells.sh
plan 15

LONG=0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ

cell a 1 "$(guest hello.elf)"
axvmctl create /tmp/a.json
until_true test "$(count a exits hypercall)" -gt 0
ok "what was said before is kept" sh -c \
	"axvmctl console --until='hypercall=ok' a </dev/null | grep -q 'uart=ok'"
ok "a pipe is typed" sh -c "echo $LONG | axvmctl console --until='echo=$LONG' a"
many()
{
	local n=0
	while [ $((n += 1)) -le 100 ]; do
		echo "line $n $LONG"
	done | axvmctl console --until='echo=line 100 ' a >/tmp/many || return
	[ "$(grep -c "echo=line .* $LONG" /tmp/many)" -ge 99 ]
}
ok "100 lines come back, none damaged" many
ok "it is a tty" test -c "$(tty_of a)"
ok "list names it" sh -c "axvmctl list | grep -q ttyAXVM"
mkfifo /tmp/typed
exec 9<>/tmp/typed
axvmctl console a </tmp/typed >/tmp/first &
reader=$!
echo first >&9
until_true grep -q echo=first /tmp/first
refused "a second one is told so" 'attached' axvmctl console --idle=1 a
ok "destroy with somebody attached" destroy a
wait $reader
ok "who is told that it is gone (9)" test $? = 9
exec 9>&-

cell none 1 "\"console\": false, $(guest hello.elf)"
start none
ok "without a UART there are still hypercalls" expect none 'hypercall=ok'
ok "and nothing from the UART" sh -c '! grep -q uart=ok /tmp/none.out'
destroy none
cell moved 1 "\"console\": $MOVED_CONSOLE, $(guest off.elf)"
axvmctl create /tmp/moved.json
ok "its console can be elsewhere" sh -c "axvmctl show moved | grep -q '$MOVED_CONSOLE_TEXT'"
destroy moved

run flood 2 flood.elf
lines()
{
	[ "$(grep -c 'abcdefghijklmnopqrstuvwxyz' /tmp/flood.out)" -gt 2000 ]
}
ok "a flood gets through" until_true lines
ok "and the host is there" destroy flood
rm /tmp/flood.out
cell flood 2 "$(guest flood.elf)"
axvmctl create /tmp/flood.json
sleep 3
ok "nobody listening makes no difference" destroy flood
ok "all CPUs are back" all_cpus_back
