#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Physical devices handed to cells: the registers of QEMU's "edu" PCI device, which
# Linux has no driver for, in whole pages, one by one, and while the cell runs.
# What Linux or another cell has is refused, in the holder's name.
# host: qemu=-device qemu=edu qemu=-device qemu=pcie-root-port,id=held

# shellcheck shell=dash
. ./cells.sh
plan 81

EDU_ID=0x10000ed	# register 0; register 4 reads as the complement of what was written
G=0x0c000000		# where the guest sees it

# bar IDS - HPA of the first range of the PCI device with that vendor:device
bar()
{
	local dir
	for dir in /sys/bus/pci/devices/*; do
		[ "$(cat "$dir/vendor"):$(cat "$dir/device")" = "$1" ] || continue
		echo "${dir##*/} $(head -n 1 "$dir/resource" | cut -d' ' -f1)"
	done
}

plus()
{
	printf '0x%x' $(($1 + $2))
}

# devcell NAME CPUS DEVICES [MORE] - with these entries of "devices"
devcell()
{
	cell "$1" "$2" "$(guest device.elf), \"devices\": [$3]${4:+, $4}"
	start "$1" && expect "$1" 'ready'
}

# reads NAME ADDRESS VALUE; writes NAME ADDRESS VALUE: 4 bytes
reads()
{
	answers "$1" "r4 $2" "value=$3"
}

writes()
{
	answers "$1" "w4 $2 $3" 'written='
}

# alive NAME GPA - the device answers as it should
alive()
{
	writes "$1" "$(plus "$2" 4)" 0x12345678 && reads "$1" "$(plus "$2" 4)" 0xedcba987
}

# mmio GPA HPA SIZE [MORE]
mmio()
{
	echo "{\"mmio\": {\"gpa\": \"$1\", \"hpa\": \"$2\", \"size\": \"$3\"${4:+, $4}}}"
}

devices()
{
	axvmctl dev list --json "$1" | tr -d ' \n'
}

has_device()
{
	devices "$1" | grep -q "{\"type\":\"$2\",\"base\":\"$3\"" && return
	axvmctl dev list "$1"
	return 1
}

lacks_device()
{
	! has_device "$1" "$2" "$3"
}

host_has_it()
{
	! grep -q 'axvm cell' /proc/iomem /proc/ioports
}

refuse_cell()
{
	cell bad 3 "$(guest device.elf), \"devices\": [$3]${4:+, $4}"
	refused "$1" "$2" axvmctl create /tmp/bad.json
}

# shellcheck disable=SC2046
set -- $(bar 0x1234:0x11e8)
EDU=$1 HPA=$2
# shellcheck disable=SC2046
set -- $(bar 0x1b36:0x000c)
HELD=$1 HELD_HPA=$2
say "edu is $EDU at $HPA; the root port is $HELD at $HELD_HPA"
ok "there is a device without a driver" test -n "$EDU"
echo 1 >"/sys/bus/pci/devices/$EDU/enable"
free=$(mem_free)

ok "a cell with its registers at another address" devcell a 1 "$(mmio $G "$HPA" 1M)"
before=$(exits a)
ok "reads them" reads a $G $EDU_ID
between=$(exits a)
reads a $G $EDU_ID
console=$(($(exits a) - between))
reads a $G $EDU_ID
ok "without an exit" test "$(($(exits a) - between - console))" -le "$console"
say "exits for one command: $((between - before)), $console, $(($(exits a) - between - console))"
ok "and writes them" alive a $G
ok "the list has it" has_device a mmio 0xc000000
ok "with its host address" sh -c "axvmctl dev list a | grep -q '$(plus "$HPA" 0)'"
ok "/proc/iomem too" grep -q 'axvm cell' /proc/iomem
refuse_cell "another cell cannot have it" 'cell "a" has MMIO' "$(mmio 0xd000000 "$(plus "$HPA" 0x8000)" 4K)"
ok "reset" axvmctl reset a
ok "keeps it" expect a 'ready'
ok "and it works" alive a $G
destroy a
ok "it is given back" host_has_it

ok "unaligned and overlapping ranges" devcell a 1 "$(mmio "$(plus $G 0x1ff0)" "$(plus "$HPA" 0x1ff0)" 0x20), $(mmio $G "$HPA" 0x1001)"
ok "become one of whole pages" has_device a mmio 0xc000000
ok "which has them all" sh -c "axvmctl dev list a | grep -q '0xc000000 *12K'"
destroy a
ok "an excluded page" devcell a 1 "$(mmio $G "$HPA" 16K)" "\"excluded_devices\": [{\"mmio\": {\"hpa\": \"$(plus "$HPA" 0x1800)\", \"size\": 1}}]"
ok "leaves a hole" has_device a mmio 0xc002000
ok "what is before it works" alive a $G
tell a "r4 $(plus $G 0x1000)"
ok "the hole does not" becomes a failed
ok "and the report has the address" sh -c "axvmctl show a | grep -qi 'stage2-fault.*0xc001000'"
destroy a

refuse_cell "overlapping ranges that lead to different places" 'different places' "$(mmio $G "$HPA" 8K), $(mmio "$(plus $G 0x1000)" "$HPA" 4K)"
refuse_cell "another place in its page" 'same place of its page' "$(mmio "$(plus $G 16)" "$HPA" 4K)"
refuse_cell "nothing" 'too small|empty' "$(mmio $G "$HPA" 0)"
refuse_cell "a range beyond the last address" 'too large|address bits|does not fit' "{\"mmio\": {\"hpa\": \"0xffffffffff000\", \"size\": \"1M\"}}"
refuse_cell "System RAM" 'System RAM' "$(mmio $G "$(ram 0x2000000)" 4K)"
refuse_cell "the interrupt controller" 'interrupt controllers' "$(mmio $G "$IRQCHIP_HPA" 4K)"
refuse_cell "what a driver has" "pcieport has it for $HELD" "$(mmio $G "$HELD_HPA" 4K)"
refuse_cell "where memory is" 'memory' "$(mmio "$(ram 0x100000)" "$HPA" 4K)"
refuse_cell "filtered registers that overlap whole pages" 'overlap' "$(mmio $G "$HPA" 4K), $(mmio "$(plus $G 4)" "$(plus "$HPA" 4)" 4 '"access": "ro"')"
refuse_cell "too much to filter" 'at most 0x10000' "$(mmio $G "$HPA" 1M '"access": "ro"')"
no_cells || axvmctl list
ok "after all that Linux has the device" host_has_it

ok "single registers" devcell a 1 "$(mmio $G "$HPA" 4 '"access": "ro"'), $(mmio "$(plus $G 4)" "$(plus "$HPA" 4)" 4 '"access": "rw"'), $(mmio "$(plus $G 8)" "$(plus "$HPA" 8)" 4 '"access": "wo"')"
ok "one that can be read" reads a $G $EDU_ID
ok "one for both" alive a $G
ok "one that can be written" writes a "$(plus $G 8)" 4
ok "but reads as ones" reads a "$(plus $G 8)" 0xffffffff
ok "a write to the first" writes a $G 1
ok "both counted" test "$(count a counters access-refused)" = 2
ok "each access is one of the statistics" sh -c "axvmctl stats --json a | tr -d ' ' | grep -q 'mmio@0xc000004\":2'"
tell a "r4 $(plus $G 12)"
ok "the next register fails the cell" becomes a failed
ok "which is a stage2-fault" stopped_by a stage2-fault
destroy a

# While the cell runs.
ok "a cell without it" devcell a 1,2 ""
ok "gets it" axvmctl dev attach a mmio "$HPA" --gpa=$G --size=64K
ok "and has it at once" reads a $G $EDU_ID
ok "both CPUs" answers a "h $G" 'other=reads'
refused "twice is refused" 'already|overlap' axvmctl dev attach a mmio "$HPA" --gpa=0xd000000
cell b 3 "$(guest device.elf)"
axvmctl create --no-start /tmp/b.json
refused "so is another cell" 'cell "a" has' axvmctl dev attach b mmio "$HPA" --gpa=$G
destroy b
answers a q 'other=counts'
ok "it is taken back" axvmctl dev detach a mmio $G
ok "and gone from the list" lacks_device a mmio 0xc000000
ok "Linux has it" host_has_it
ok "the cell runs on" answers a "h 0" 'other=counts'
n=0
for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
	axvmctl dev attach a mmio "$HPA" --gpa=$G --size=8K && reads a "$G" $EDU_ID &&
		axvmctl dev detach a mmio $G && n=$((n + 1))
done
ok "20 times to and fro" test "$n" = 20
ok "single registers too" axvmctl dev attach a mmio "$(plus "$HPA" 4)" --size=4 --gpa="$(plus $G 4)" --access=rw
ok "they work" alive a $G
ok "under the eyes of the other CPU" answers a "h $(plus $G 4)" 'other=reads'
answers a q 'other=counts'
ok "and are taken back" axvmctl dev detach a mmio "$(plus $G 4)"
ok "a suspended cell" axvmctl suspend a
ok "gets one as well" axvmctl dev attach a mmio "$HPA" --gpa=$G
axvmctl resume a
ok "and has it when it goes on" reads a $G $EDU_ID
axvmctl dev detach a mmio $G
refused "what is not there cannot be detached" 'no device mmio at 0xc000000' axvmctl dev detach a mmio $G
refused "System RAM at run time" 'System RAM' axvmctl dev attach a mmio "$(ram 0x2000000)" --gpa=$G
refused "what a driver has" "pcieport has it for $HELD" axvmctl dev attach a mmio "$HELD_HPA" --gpa=$G
refused "where memory is" 'memory' axvmctl dev attach a mmio "$HPA" --gpa="$(ram 0x100000)"
ok "a test device" axvmctl dev attach a testdev 0xb000000
ok "answers" answers a 'r8 0xb000000' 'value=0x56454454534554'
answers a 'w8 0xb000018 10000000' 'written'
tell a 'r8 0xb000020'
ok "is taken away while a vCPU waits for it" sh -c "sleep 2; axvmctl dev detach a testdev 0xb000000"
ok "which then finds nothing there" becomes a failed
destroy a

devcell a 1,2 "$(mmio $G "$HPA" 4K)"
answers a "h $G" 'other=reads'
ok "a device that is being read" axvmctl dev detach a mmio $G
ok "is gone for who reads it" becomes a failed
ok "with a report" stopped_by a stage2-fault
destroy a

ok "the device is as it was" devcell a 1 "$(mmio $G "$HPA" 4K)"
alive a $G
destroy a
if [ -n "$PORT_ECHO" ]; then
	devcell a 1,2 ""
	ok "a port that is not handed through floats" answers a "in1 $PORT_ECHO" 'value=0xff'
	axvmctl dev attach a ports "$PORT_ECHO"
	pio=$(count a counters pio-unclaimed)
	ok "handed through, it answers" answers a "in1 $PORT_ECHO" "value=$PORT_ECHO"
	ok "without an exit" test "$(count a counters pio-unclaimed)" = "$pio"
	axvmctl dev detach a ports "$PORT_ECHO"
	ok "and floats again" answers a "in1 $PORT_ECHO" 'value=0xff'
	axvmctl dev attach a ports "$PORT_ECHO" --access=wo
	ok "write only, it reads as ones" answers a "in1 $PORT_ECHO" 'value=0xff'
	ok "and that is counted" test "$(count a counters access-refused)" = 1
	destroy a
else
	for what in 1 2 3 4 5 6; do
		skip "ports $what" "this architecture has none"
	done
fi
ok "Linux has everything back" host_has_it
ok "all CPUs" all_cpus_back
ok "all memory" memory_back "$free"
