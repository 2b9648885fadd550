#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Functions that come and go while a cell runs: twenty times a network card that
# Linux uses in between, and twenty times edu, which the guest uses.
# host: mem=2G cmdline=no_timer_check
# host: qemu=-netdev qemu=user,id=net0 qemu=-device qemu=e1000e,netdev=net0,addr=6
# host: qemu=-device qemu=edu,addr=5,dma_mask=0xffffffff
# host: x86_64.x2apic=yes x86_64.cmdline=intel_iommu=on arm64.qemu=-machine arm64.qemu=iommu=smmuv3

# shellcheck shell=dash
. ./cells.sh
. ./pci.sh
CYCLES=20
plan $((11 + 2 * CYCLES))
CARD=0000:00:06.0
EDU=0000:00:05.0

edu_cycle()
{
	axvmctl pci attach cycles $EDU || return
	answers cycles find 'found=1 slot=[0-9]+ .*id=0x10000ed' || return
	answers cycles dma 'dma=done bad=0 end' || return
	answers cycles 'msi 1' 'msi=1 of 1 end' || return
	axvmctl pci detach cycles $EDU || return
	answers cycles find 'found=0 end'
}

card_cycle()
{
	axvmctl pci attach cycles $CARD --slot=9 || return
	[ "$(axvmctl pci list cycles)" = "$CARD in slot 9" ] || return
	axvmctl pci detach cycles $CARD || return
	[ -z "$(axvmctl pci list cycles)" ] && host_pings $CARD
}

ok "the host's driver loads" sh -c 'insmod /lib/modules/$(uname -r)/e1000e.ko'
ok "the host pings" host_pings $CARD
cell cycles 1 "$(guest edu.elf), \"pci_bus\": true"
ok "a cell with an empty bus" start cycles
ok "the guest finds nothing" expect cycles 'found=0 end'
refused "what it does not have cannot be detached" "does not have PCI function $CARD" axvmctl pci detach cycles $CARD
refused "a cell that is not there" 'no cell|not.*found|does not exist' axvmctl pci attach nobody $CARD
for i in $(seq $CYCLES); do
	ok "cycle $i: edu works in the cell" edu_cycle
	[ "$i" = 1 ] && free=$(mem_free)
	ok "cycle $i: the card works on the host again" card_cycle
done
ok "no memory is lost" memory_back "$free"
ok "the guest is alive" answers cycles hi 'alive end'
ok "attached when the cell goes" axvmctl pci attach cycles $CARD
ok "destroy gives it back" destroy cycles
ok "the host pings again" host_pings $CARD
