#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Memory mapped, unmapped and moved under a guest that reads and writes it from
# two vCPUs. What is taken away is out of its reach when the command returns.

# shellcheck shell=dash
. ./cells.sh
plan 57

MARKER=0xb3b7aab1bcb7aaad	# guests/churn.c: the inverse
A=$(ram 0x40000000)
B=$(ram 0x60000000)
PAGES=2048			# of the 8 MiB at A

# mem VERB GPA SIZE [OPTION...]
mem()
{
	local verb=$1 gpa=$2 size=$3
	shift 3
	axvmctl mem "$verb" --gpa="$gpa" --size="$size" "$@" churn
}

# of CPU KEY - what it said of itself last
of()
{
	grep -o "cpu=$1 .*" /tmp/churn.out | tail -n 1 | tr -d '\r' | tr ' ' '\n' | grep "^$2=" | cut -d= -f2
}

# sums KEY - over both vCPUs
sums()
{
	echo $(($(of 0 "$1") + $(of 1 "$1")))
}

ask()
{
	answers churn ask 'churn: done'
}

# sees OLD ONES ZEROES - "none" or "some" of each, asked now, and nothing wrong ever
sees()
{
	ask || return
	echo "old=$(sums old) ones=$(sums ones) zeroes=$(sums zeroes) wrong=$(sums wrong)"
	[ "$(sums wrong)" = 0 ] && amount "$1" "$(sums old)" && amount "$2" "$(sums ones)" && amount "$3" "$(sums zeroes)"
}

amount()
{
	case $1 in
	none) [ "$2" = 0 ] ;;
	some) [ "$2" -gt 0 ] ;;
	*) true ;;
	esac
}

both_go_on()
{
	local first second
	ask || return
	first="$(of 0 passes) $(of 1 passes)"
	ask || return
	second="$(of 0 passes) $(of 1 passes)"
	echo "passes: $first, then $second"
	[ "${second% *}" -gt "${first% *}" ] && [ "${second#* }" -gt "${first#* }" ]
}

marked()
{
	poke search "$MARKER" && echo "pages with the marker: $(poked search), wanted $1" && [ "$(poked search)" = "$1" ]
}

# Unmapped in the middle of large pages while all around is used: not one page too few or too many.
holes()
{
	local n=0 at
	while [ $((n += 1)) -le 8 ]; do
		at=$((A + 0x200000 + n * 0x11000))
		mem unmap $at 64K && marked $((PAGES - 16)) && mem map $at 64K && ask || return
	done
}

# All of it, in the middle of passes.
all_at_once()
{
	local n=0
	while [ $((n += 1)) -le 10 ]; do
		mem unmap "$A" 8M && marked 0 && mem map "$A" 8M || return
	done
}

# The same range for both, which look at each other's words only through the marker.
forth_and_back()
{
	local n=0
	while [ $((n += 1)) -le 10 ]; do
		mem remap $((A + 0x1ff000)) 132K --to="$B" && mem remap "$B" 132K --to=$((A + 0x1ff000)) || return
	done
}

lists()
{
	axvmctl mem list churn | tee /tmp/list | grep -qE "$1" && return
	cat /tmp/list
	return 1
}

# watched PARAMETER - see modules/watch.c
watched()
{
	cat "/sys/module/axvm_watch/parameters/$1"
}

free=$(mem_free)
insmod /lib/axvm/axvm_watch.ko
cell churn 1,2 "\"fault_policy\": \"ignore\", $(guest churn.elf)"
start churn
expect churn ready
before=$(mem_free)
ok "memory for a running cell" mem map "$A" 8M
ok "it is listed" lists "$(printf '0x%x' "$A") +8M +rwx +alloc"
ok "and shown" grep -q "GPA $A, 8M" - <<END
$(axvmctl show churn)
END
ok "its guest uses it" answers churn "go $A $((8 << 20))" going
ok "from both vCPUs" both_go_on
ok "all of it" sees none none none
ok "which the host can see" marked $PAGES
ok "64 KiB out of it, and others in, again and again" holes
ok "nothing but that was lost" sees none none none
ok "all of it away and new, again and again" all_at_once
ok "both go on" both_go_on
ok "with all of it again" sees none none none

ok "64 KiB away" mem unmap $((A + 0x100000)) 64K
ok "is read as ones" sees none some none
ok "and no longer written" marked $((PAGES - 16))
ok "the log says where" grep -q "GPA $(printf '0x%x' $((A + 0x100000)))" - <<END
$(axvmctl log churn | grep -E 'read from|wrote to')
END
lines=$(axvmctl log churn | grep -cE 'read from|wrote to')
faults=$(count churn counters fault)
say "$faults such accesses, $lines lines"
ok "but not each time" test "$faults" -gt $((8 * lines))
ok "new memory there" mem map $((A + 0x100000)) 64K
ok "is used" sees none none none

ok "a part is made read-only" mem remap $((A + 0x1ff000)) 64K --flags=r
ok "what is there stays, and writes are lost" sees some none none
ok "it is listed" lists "$(printf '0x%x' $((A + 0x1ff000))) +64K +r-- "
ok "it is made writable" mem remap $((A + 0x1ff000)) 64K --flags=rwx
ok "all of it" sees none none none
ok "one run of memory again" lists "$(printf '0x%x' "$A") +(1M|8M) +rwx"

ok "a part moves" mem remap $((A + 0x3f0000)) 132K --to="$B"
ok "it is not where it was" sees any some none
ok "but elsewhere" lists "$(printf '0x%x' "$B") +132K +rwx"
ok "with all that is in it" marked $PAGES
ok "it comes back" mem remap "$B" 132K --to=$((A + 0x3f0000))
ok "all of it" sees none none none
ok "forth and back, again and again" forth_and_back
ok "nothing of it was lost" sees none none none

refused "mapping over mapped" 'mapped already' mem map $((A + 0x7ff000)) 2M
refused "an end that wraps" 'beyond|last address' mem map 0xfffffffffffff000 2M
refused "no whole pages" 'multiples of the page size' mem map $((A + 0x1000000)) 1K
refused "nothing at all" 'not 0' mem map $((A + 0x1000000)) 0
refused "without read" 'lack read' mem map $((A + 0x1000000)) 2M --flags=w
refused "device memory" 'mmio' mem map $((A + 0x1000000)) 2M --flags=rwd
refused "a hole unmapped" "no memory of the cell at $(printf '0x%x' $((A + 0x800000)))" mem unmap $((A + 0x7ff000)) 8K
refused "a hole moved" 'no memory of the cell' mem remap "$B" 2M --to=$((B + 0x1000000))
refused "onto itself" 'overlaps' mem remap "$A" 2M --to=$((A + 0x1000))
refused "onto other memory" 'mapped already' mem remap "$A" 2M --to=$((A + 0x600000))
refused "nothing to change" 'neither' mem remap "$A" 2M
refused "what an image needs" 'image' mem unmap "$(ram 0)" 16M
refused "more than there is" 'available|free only' mem map $((A + 0x10000000)) 900M
refused "reserved without a place" 'hpa' mem map $((A + 0x1000000)) 2M --type=reserved
refused "reserved where Linux is" 'System RAM' mem map $((A + 0x1000000)) 2M --type=reserved --hpa=$((RAM + 0x10000000))
refused "a cell that is not there" 'no cell' axvmctl mem list nobody
ok "none of that changed anything" sees none none none
ok "unmapped in two parts" eval 'mem unmap $((A + 0x7f0000)) 64K && mem unmap "$A" 8128K'
ok "the memory is back" memory_back "$before"
say "changes: $(watched changes), questions: $(watched questions)"
ok "these changes were looked at" test "$(watched changes)" -ge 40
ok "in each all vCPUs were asked to forget the old translations" test "$(watched unasked)" = 0
ok "and had done so before it went on" test "$(watched late)" = 0
rmmod axvm_watch
destroy churn
ok "all memory is back" memory_back "$free"
ok "the kernel has not complained" kernel_clean
rmmod axvm_poke
