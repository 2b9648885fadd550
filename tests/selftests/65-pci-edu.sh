#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# QEMU's "edu" device, a PCI function with DMA and interrupts, driven by a
# bare-metal guest: confined by the IOMMU, and given back whatever happens.
# host: qemu=-device qemu=edu,addr=5,dma_mask=0xffffffff
# host: x86_64.x2apic=yes cmdline=no_timer_check x86_64.cmdline=intel_iommu=on
# host: arm64.qemu=-machine arm64.qemu=iommu=smmuv3

# shellcheck shell=dash
. ./cells.sh
. ./pci.sh
plan 51
FN=0000:00:05.0
SYS=/sys/bus/pci/devices/$FN

edu()
{
	cell "$1" "$2" "$(guest edu.elf), \"devices\": [{\"pci\": ${3:-\"$FN\"}}], \"fault_policy\": \"${4:-ignore}\""
	start "$1"
}

# Linux has it back, without a driver as before
given_back()
{
	[ -e "$SYS" ] && [ ! -e "$SYS/driver" ] && return
	ls -l "$SYS/driver"
	return 1
}

config()
{
	cell "$1" 2 "$(guest edu.elf), \"devices\": [{\"pci\": $2}]"
	axvmctl create --no-start "/tmp/$1.json"
}

no_bus()
{
	cell nobus 2 "$(guest edu.elf), \"pci_bus\": false, \"devices\": [{\"pci\": \"$FN\"}]"
	axvmctl create --no-start /tmp/nobus.json
}

free=$(mem_free)
refused "a function that does not exist" 'no PCI function 0000:00:1e.7.*lspci' config none '"0000:00:1e.7"'
refused "a bridge" '0000:00:00.0 is a bridge' config bridge '"0000:00:00.0"'
refused "no name of a function" 'devices\[0\].pci.*not a PCI function' config typo '"00:05"'
refused "a cell without a bus" 'no bus for it' no_bus
refused "a slot that there is not" 'too large; accepted' config slot '{"function": "0000:00:05.0", "slot": 16}'
ok "nothing is left of them" no_cells

ok "a cell with the function starts" edu edu 1
ok "Linux sees it with axvm" driver_is $FN axvm
ok "the guest finds it in slot 1, with its registers" expect edu 'found=1 slot=1 .*id=0x10000ed negated=0xedcba987 pin=1 end'
ok "show names it" sh -c "axvmctl show edu | grep -q 'PCI function $FN in slot 0x1'"
refused "another cell cannot have it" "PCI function $FN: cell \"edu\" has" config other "\"$FN\""
ok "DMA there and back" answers edu dma 'dma=done bad=0 end'
ok "its messages reach the guest" answers edu 'msi 20' 'msi=20 of 20 end'
ok "its pin's interrupts reach the guest" answers edu 'intx 20' 'intx=20 of 20 end'
ok "messages again, after the pin" answers edu 'msi 5' 'msi=5 of 5 end'
ok "its BAR moves" answers edu "move $BAR_PLACE" "size=0x100000 moved=$BAR_PLACE id=0x10000ed end"
ok "DMA and messages work from there" answers edu dma 'dma=done bad=0 end'
ok "messages" answers edu 'msi 5' 'msi=5 of 5 end'

: >/tmp/edu.out
ok "messages as fast as can be" answers edu 'storm 200000' 'storm end'
ok "this Linux goes on" axvmctl list
ok "they come one by one again" answers edu 'msi 20' 'msi=20 of 20 end'
ok "a guest that listens" answers edu listen 'listen ready end'
ok "as many at once as Linux can take are held back" burst_held 250 255
say "$(cat /tmp/said)"
ok "but reach the guest" answers edu '' 'listen heard=[1-9][0-9]* end'
ok "which the cell's log says" until_true logged edu "$FN: its interrupts came too often and were held back"
rmmod axvm_poke

ok "DMA to where the cell has no memory" answers edu "outside $NO_MEMORY" 'outside=(done|stuck) end'
ok "is refused, and in the cell's log" until_true logged edu "$FN: DMA write to GPA $NO_MEMORY.*refused by the IOMMU"
ok "the guest is alive" answers edu hi 'alive end'
ok "and its DMA to its own memory works" answers edu dma 'dma=done bad=0 end'

ok "suspend" axvmctl suspend edu
ok "resume" axvmctl resume edu
ok "works after a pause" answers edu 'msi 3' 'msi=3 of 3 end'
: >/tmp/edu.out
ok "reset" axvmctl reset edu
ok "the guest finds the function as at first" expect edu 'found=1 slot=1 .*id=0x10000ed'
ok "works after a reset" answers edu 'msi 3' 'msi=3 of 3 end'
ok "DMA after a reset" answers edu dma 'dma=done bad=0 end'

echo 1 >"$SYS/remove"
ok "unplugged: the cell is told" logged edu "$FN: Linux removes it: taken from the cell"
ok "the guest is alive, its slot is empty" answers edu find 'found=0 end'
echo 1 >/sys/bus/pci/rescan
ok "plugged in again, Linux has it" given_back
ok "destroy" destroy edu

edu other 2 "{\"function\": \"$FN\", \"slot\": 7}"
ok "another cell can have it now, in the slot of its choice" expect other 'found=1 slot=7 '
echo "$FN" >/sys/bus/pci/drivers/axvm/unbind
ok "unbound by a user: the cell is told" logged other 'Linux removes it'
ok "destroy the other" destroy other
ok "Linux has it back" given_back
ok "a cell that fails by its policy" edu strict 1 "\"$FN\"" fail
ok "finds it" expect strict 'found=1 '
strays_and_fails()
{
	tell strict "outside $NO_MEMORY"
	sleep 2
	in_state strict failed
}
# Again until the driver's limit on messages lets one through.
ok "it fails with DMA outside of its memory" until_true strays_and_fails
ok "for that reason" stopped_by strict dma-fault
ok "destroy it" destroy strict
ok "all memory is back" memory_back "$free"
ok "the kernel has not complained" kernel_clean
