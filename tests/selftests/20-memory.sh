#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Memory that is found at run time: in one piece or several, given back, and
# nothing of what a guest wrote into it is left there.

# shellcheck shell=dash
. ./cells.sh
plan 19

MARKER=0xababbeafb2a9a7be	# guests/pattern.c: the inverse

# regions NAME MEMORY MEMBERS
regions()
{
	echo "{ \"name\": \"$1\", \"cpus\": [1], \"memory\": [$2], $3 }" >"/tmp/$1.json"
}

reads()
{
	answers "$1" "w $2 $3" "w $2 done" && answers "$1" "r $2" "r $2=$3"
}

found_at_least()
{
	poke search "$MARKER" && echo "pages with the marker: $(poked search)" && [ "$(poked search)" -ge "$1" ]
}

found_none()
{
	poke search "$MARKER" && echo "pages with the marker: $(poked search)" && [ "$(poked search)" = 0 ]
}

free=$(mem_free)
run pattern 1 pattern.elf 32M
expect pattern filled
ok "a guest fills its memory" said pattern 'filled=3[0-9]{7}'
ok "which the host can see" found_at_least 7000
ok "it is destroyed" destroy pattern
ok "nobody can find what it wrote" found_none
ok "the memory is back" memory_back "$free"

run pattern 1 pattern.elf 32M
expect pattern filled
cell monitor 2 "$(guest monitor.elf)" 32M
axvmctl reset pattern
expect pattern filled
destroy pattern
start monitor
ok "the next guest finds zeroes" answers monitor "r $(ram 0x1800000)" '=0x0'
destroy monitor

second=$(ram 0x40000000)
readonly=$(ram 0x20000000)
regions monitor "{\"size\": \"8M\"}, {\"gpa\": \"$second\", \"size\": \"4M\"}, {\"gpa\": \"$readonly\", \"size\": \"2M\", \"flags\": \"r\"}" \
	"$(guest monitor.elf)"
start monitor
ok "a second region" reads monitor "$(ram 0x403ffff8)" 0x1234
ok "a read-only one can be read" answers monitor "r $readonly" '=0x0'
tell monitor "w $readonly 0x1"
ok "writing there ends the cell" becomes monitor failed
ok "for that reason" stopped_by monitor stage2-fault
ok "and says where" test "$(stop_of monitor gpa)" = "$readonly"
destroy monitor

regions monitor "{\"size\": \"8M\"}, {\"gpa\": \"$second\", \"size\": \"2M\", \"flags\": \"rw\"}" "$(guest monitor.elf)"
start monitor
expect monitor ready
tell monitor "x $second"
ok "executing what is not executable ends the cell" becomes monitor failed
ok "for that reason, there" test "$(stop_of monitor gpa) $(stop_of monitor pc)" = "$second $second"
destroy monitor

regions a "{\"size\": \"8M\"}, {\"gpa\": \"$(ram 0x400000)\", \"size\": \"4M\"}" "$(guest monitor.elf)"
refused "regions that overlap" 'memory\[1\].*overlaps memory\[0\]' axvmctl create /tmp/a.json
regions a '{"size": "900M"}' "$(guest monitor.elf)"
refused "more memory than there is" 'memory' axvmctl create /tmp/a.json
kernel=0x$(awk '/Kernel code/ { sub("-.*", ""); print $1 }' /proc/iomem)
kernel=$(printf '0x%x' $(((kernel + 0x1fffff) & ~0x1fffff)))
regions a "{\"type\": \"identical\", \"gpa\": \"$kernel\", \"size\": \"4M\"}, {\"size\": \"16M\", \"gpa\": \"0x80000000\"}" \
	"\"image\": {\"file\": \"/axvm/guests/$RAW\", \"gpa\": \"$kernel\"}"
refused "memory that the kernel itself is in" "memory|$kernel" axvmctl create /tmp/a.json
ok "no cell is left" no_cells
ok "all CPUs are back" all_cpus_back
ok "all memory is back" memory_back "$free"
rmmod axvm_poke
