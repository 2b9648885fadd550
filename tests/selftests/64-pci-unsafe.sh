#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# A PCI function where no IOMMU confines it: refused, unless the configuration
# takes the blame, and then the kernel is tainted.
# host: qemu=-device qemu=edu,addr=5,dma_mask=0xffffffff

# shellcheck shell=dash
. ./cells.sh
plan 7
FN=0000:00:05.0
TAINT_USER=64

tainted()
{
	[ $(($(cat /proc/sys/kernel/tainted) & TAINT_USER)) -ne 0 ]
}

edu()
{
	cell edu 1 "$(guest edu.elf), \"devices\": [{\"pci\": $1}]"
	start edu
}

refused "without an IOMMU" "PCI function $FN: no IOMMU.*unsafe_no_iommu" edu "\"$FN\""
fails "the kernel is not tainted by that" tainted
ok "unsafe_no_iommu" edu "{\"function\": \"$FN\", \"unsafe_no_iommu\": true}"
ok "taints the kernel" tainted
ok "the guest has it" answers edu 'msi 5' 'msi=5 of 5 end'
ok "destroy" destroy edu
ok "the kernel has not complained" kernel_clean
