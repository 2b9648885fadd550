#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# What a device of a cell reaches by DMA follows what its cell has: memory that
# is mapped later, moved, made read-only, taken away, in the middle of a large page too.
# host: qemu=-device qemu=edu,addr=5,dma_mask=0xffffffff
# host: x86_64.x2apic=yes cmdline=no_timer_check x86_64.cmdline=intel_iommu=on
# host: arm64.qemu=-machine arm64.qemu=iommu=smmuv3

# shellcheck shell=dash
. ./cells.sh
plan 30
FN=0000:00:05.0
A=$(ram 0x40000000)
B=$(ram 0x60000000)

# at BASE OFFSET - DMA from one page there to edu and back to the next one
at()
{
	answers edu "at $(place "$1" "$2")" 'dma=done bad=0 end'
}

place()
{
	printf '0x%x' $(($1 + $2))
}

# is_refused BASE OFFSET - DMA to there, which the cell's log tells of; again until the driver's limit on messages lets one through
is_refused()
{
	until_true stray "$(place "$1" "$2")"
}

stray()
{
	answers edu "outside $1" 'outside=(done|stuck) end' && sleep 1 && logged "$1"
}

logged()
{
	axvmctl log edu | grep -q "$FN: DMA write to GPA $1, .*refused by the IOMMU"
}

mem()
{
	local verb=$1 gpa=$2 size=$3
	shift 3
	axvmctl mem "$verb" --gpa="$gpa" --size="$size" "$@" edu
}

both_sides()
{
	at "$A" 0xff000 && at "$A" 0x102000
}

free=$(mem_free)
cell edu 1 "$(guest edu.elf), \"devices\": [{\"pci\": \"$FN\"}], \"fault_policy\": \"ignore\""
ok "a cell with edu" start edu
ok "finds it" expect edu 'found=1 slot=1 '
ok "DMA to memory that is not there yet" is_refused "$A" 0
ok "that memory is mapped" mem map "$A" 4M
ok "DMA there works" at "$A" 0
ok "to all of it" at "$A" 0x3fe000
ok "a page in its middle goes" mem unmap "$(place "$A" 0x101000)" 4K
ok "DMA to it does not work" is_refused "$A" 0x101000
ok "DMA to its neighbours does" both_sides
ok "it comes back" mem map "$(place "$A" 0x101000)" 4K
ok "DMA to it works" at "$A" 0x100000
ok "moved" mem remap "$A" 4M --to="$B"
ok "DMA to the new place works" at "$B" 0xff000
ok "DMA to the old one does not" is_refused "$A" 0x3000
ok "read-only" mem remap "$B" 4M --flags=r
ok "DMA cannot write it" is_refused "$B" 0x5000
ok "writable again" mem remap "$B" 4M --flags=rw
ok "DMA can" at "$B" 0x5000
ok "unmapped" mem unmap "$B" 4M
ok "DMA does not work" is_refused "$B" 0x200000
ok "DMA to the memory that the cell began with does" answers edu dma 'dma=done bad=0 end'

ok "without the device" axvmctl pci detach edu $FN
ok "memory is mapped" mem map "$A" 2M
ok "the device comes back" axvmctl pci attach edu $FN
ok "is found" answers edu find 'found=1 slot=1 '
ok "DMA there works" at "$A" 0x1000
ok "unmapped with the device there" mem unmap "$A" 2M
ok "destroy" destroy edu
ok "all memory is back" memory_back "$free"
ok "the kernel has not complained" kernel_clean
