#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Two functions behind a bridge to conventional PCI, which no IOMMU can tell
# apart: a cell has them only when Linux uses neither. Linux's driver of SMMUv3 does
# not do with two functions that look the same, so there is no such thing on arm64.
# host: qemu=-device qemu=pcie-pci-bridge,id=conv,addr=7
# host: qemu=-device qemu=edu,bus=conv,addr=1,dma_mask=0xffffffff qemu=-device qemu=pci-serial,bus=conv,addr=2
# host: arch=x86_64 x2apic=yes cmdline=no_timer_check cmdline=intel_iommu=on

# shellcheck shell=dash
. ./cells.sh
. ./pci.sh
plan 24
DEVICES=/sys/bus/pci/devices

# function ID - its name
function_of()
{
	basename "$(dirname "$(grep -l "$1" $DEVICES/*/device)")"
}

EDU=$(function_of 0x11e8)
SERIAL=$(function_of 0x0002)

no_driver()
{
	[ -e "$DEVICES/$1" ] && [ ! -e "$DEVICES/$1/driver" ]
}

one_group()
{
	ls "$DEVICES/$EDU/iommu_group/devices"
	[ -e "$DEVICES/$EDU/iommu_group/devices/$SERIAL" ]
}

bind_serial()
{
	echo "$SERIAL" >/sys/bus/pci/drivers/serial/bind
}

edu()
{
	cell "$1" "$2" "$(guest edu.elf), \"devices\": [{\"pci\": \"$EDU\"}], \"fault_policy\": \"ignore\""
	start "$1"
}

ok "both are in one group" one_group
ok "Linux's driver has one of them" driver_is "$SERIAL" serial
refused "so a cell cannot have the other" "PCI function $EDU: its IOMMU group [0-9]+ has $SERIAL too, which driver \"serial\" of Linux uses: unbind it" edu edu 1
ok "no cell is left of that" no_cells
ok "Linux has the function back" no_driver "$EDU"
ok "and its driver the other" driver_is "$SERIAL" serial

ok "its driver is unbound" sh -c "echo $SERIAL >/sys/bus/pci/drivers/serial/unbind"
ok "now the cell starts" edu edu 1
ok "finds it" expect edu 'found=1 slot=1 .*id=0x10000ed'
ok "DMA works" answers edu dma 'dma=done bad=0 end'
ok "messages work" answers edu 'msi 5' 'msi=5 of 5 end'
ok "the pin works" answers edu 'intx 5' 'intx=5 of 5 end'
ok "DMA outside of the cell" answers edu "outside $NO_MEMORY" 'outside=(done|stuck) end'
ok "is told" until_true logged edu "$EDU: DMA write to GPA $NO_MEMORY.*refused by the IOMMU"
fails "Linux's driver cannot have the other now" bind_serial
cell second 2 "$(guest edu.elf), \"devices\": [{\"pci\": \"$SERIAL\"}]"
refused "nor can another cell" "PCI function $SERIAL: its IOMMU group [0-9]+ is used by somebody else" axvmctl create --no-start /tmp/second.json
ok "the same cell can" axvmctl pci attach edu "$SERIAL"
ok "it has both" sh -c "axvmctl pci list edu | grep -q '$SERIAL in slot 2'"
ok "destroy" destroy edu
ok "the first is Linux's" no_driver "$EDU"
ok "Linux's driver can have the other" driver_is "$SERIAL" serial
ok "it can be let go of, too" sh -c "echo $SERIAL >/sys/bus/pci/drivers/serial/unbind"
ok "and be had again" bind_serial
ok "the kernel has not complained" kernel_clean
