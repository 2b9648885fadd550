#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Memory that the user kept out of Linux, at an address that the guest sees too or
# not; that nothing else passes for reserved; and that memory is cleared before a
# guest sees it.
# host: reserve=768M+64M cmdline=init_on_alloc=0

# shellcheck shell=dash
. ./cells.sh
plan 15

regions()
{
	echo "{ \"name\": \"$1\", \"cpus\": [[1, 2, 3]], \"memory\": [$2], $(guest monitor.elf) }" >"/tmp/$1.json"
}

hpa()
{
	axvmctl show --json "$1" | tr -d ' \n' | grep -o '"hpa":"[^"]*"' | head -n 1 | cut -d'"' -f4
}

reads()
{
	answers "$1" "w $2 $3" "w $2 done" && answers "$1" "r $2" "r $2=$3"
}

# reserved OFFSET SIZE; identical OFFSET SIZE - of the host's memory
reserved()
{
	echo "{\"type\": \"reserved\", \"hpa\": \"$(ram "$1")\", \"size\": \"$2\"}"
}

identical()
{
	echo "{\"size\": \"8M\"}, {\"type\": \"identical\", \"gpa\": \"$(ram "$1")\", \"size\": \"$2\"}"
}

# Sets place to the offset of 16 MiB that Linux gave.
identical_somewhere()
{
	for place in 0x28000000 0x24000000 0x2b000000 0x1c000000 0x18000000 0x14000000; do
		regions a "$(identical $place 16M)"
		start a 2>/tmp/a.err && return
		cat /tmp/a.err >&2
		grep -q 'cannot move what it keeps' /tmp/a.err || return 1
	done
	return 1
}

free=$(mem_free)
regions a "$(reserved 0x30000000 32M)"
ok "a reserved region" start a
ok "works" reads a "$(ram 0x1fffff8)" 0x77
ok "and is where it was asked for" test "$(hpa a)" = "$(ram 0x30000000)"
regions b "$(reserved 0x31000000 16M)"
refused "what another cell has" 'cell "a"' axvmctl create /tmp/b.json
destroy a
regions b "$(reserved 0x32000000 32M)"
ok "the other half" start b
expect b ready
destroy b
regions a "$(reserved 0x20000000 16M)"
refused "RAM that Linux uses" "$(ram 0x20000000)" axvmctl create /tmp/a.json
regions a "$(reserved 0x33000000 32M)"
refused "half in, half out" "$(ram 0x33000000)|$(ram 0x34000000)" axvmctl create /tmp/a.json
regions a "{\"type\": \"reserved\", \"hpa\": \"$NOT_RAM\", \"size\": \"4M\"}"
refused "no RAM at all" "$NOT_RAM" axvmctl create /tmp/a.json
regions a "$(identical 0x30000000 16M)"
refused "identical memory where Linux has none" "$(ram 0x30000000)" axvmctl create /tmp/a.json
# Where Linux can move everything out of the way differs from boot to boot: take
# the first place that it gives, and every refusal must say that this was why.
ok "identical memory" identical_somewhere
ok "works" reads a "$(ram $((place + 0xfffff8)))" 0x99
ok "and is at the guest's address" sh -c "axvmctl show a | grep -q 'HPA $(ram $place), 16M'"
destroy a
# Leave something in most of the memory that Linux has to give; it is told above
# not to clear it by itself.
yes secret | head -c 600M >/tmp/secret
rm /tmp/secret
run clean 1 clean.elf 512M
ok "a guest finds nothing of the host's in its memory" expect clean 'dirty=0'
destroy clean

ok "no cell is left" no_cells
ok "all memory is back" memory_back "$free"
