#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Out of memory half way in changes of a running cell's memory: each allocation of
# each change fails once. What was refused has changed nothing, neither for the
# guest, which uses all of it from two vCPUs, nor in what Linux has.
# host: kernel=debug

# shellcheck shell=dash
. ./cells.sh
plan 9

A=$(ram 0x40000000)
B=$(ram 0x60000000)

# of KEY - over both vCPUs, of what they said last
of()
{
	grep -o 'cpu=[01] .*' /tmp/churn.out | tail -n 2 | tr -d '\r' | tr ' ' '\n' | awk -F= -v key="$1" \
		'$1 == key { sum += $2 } END { print sum + 0 }'
}

sees_all()
{
	answers churn ask 'churn: done' || return
	echo "old=$(of old) ones=$(of ones) zeroes=$(of zeroes) wrong=$(of wrong)"
	[ "$(of old)$(of ones)$(of zeroes)$(of wrong)" = 0000 ]
}

# row OFFSET SIZE - of the list; the part in the middle is new memory, so elsewhere
row()
{
	grep -qE "^ *$(printf '0x%x' $((A + $1))) +$2 +rwx +alloc" /tmp/list
}

lists_all()
{
	axvmctl mem list churn >/tmp/list
	cat /tmp/list
	row 0 1164K && row 0x123000 64K && row 0x133000 2932K && [ "$(grep -c alloc /tmp/list)" = 4 ]
}

free=$(mem_free)
cell churn 1,2 "\"fault_policy\": \"ignore\", $(guest churn.elf)"
start churn
expect churn ready
before=$(mem_free)
answers churn "go $A $((4160 << 10))" going
ok "out of memory at each allocation of map, unmap and remap" starve memory churn "$A" "$B"
say "$(grep starved: /tmp/said)"
ok "the cell runs" in_state churn running
ok "its memory is what it was" lists_all
ok "all of it is used from both vCPUs" sees_all
ok "it can be unmapped" axvmctl mem unmap --gpa="$A" --size=4160K churn
ok "and is back then" memory_back "$before"
ok "the guest goes on without it" in_state churn running
destroy churn
ok "all memory is back" memory_back "$free"
ok "the kernel has not complained" kernel_clean
