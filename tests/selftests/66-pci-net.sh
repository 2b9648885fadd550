#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# A network card in a Debian cell, driven by Debian's own driver: its messages,
# its DMA, a ping of the world outside. Before and after the card is Linux's.
# host: mem=2G boot=yes cmdline=no_timer_check
# host: qemu=-netdev qemu=user,id=net0 qemu=-device qemu=e1000e,netdev=net0,addr=6
# host: x86_64.x2apic=yes x86_64.cmdline=intel_iommu=on arm64.qemu=-machine arm64.qemu=iommu=smmuv3

# shellcheck shell=dash
. ./cells.sh
. ./pci.sh
KERNELS=$(cd /axvm/boot && echo vmlinuz-* | sed 's/vmlinuz-//g')
plan $((3 + $(echo "$KERNELS" | wc -w) * 12))
FN=0000:00:06.0
DRIVER=/lib/modules/$(uname -r)/e1000e.ko

debian()
{
	cell deb 1 "\"linux\": {\"kernel\": \"/axvm/boot/vmlinuz-$1\", \"initrd\": \"/axvm/boot/initrd\", \"cmdline\": \"quiet\"}, \"devices\": [{\"pci\": \"$FN\"}]" 256M
	start deb
}

try()
{
	local d="Debian $1"
	ok "$d: starts with the card" debian "$1"
	ok "$d: the host has it no more" driver_is $FN axvm
	ok "$d: boots" expect deb 'cell is up: Linux'
	ok "$d: has the card on its bus" answers deb 'echo card=$(cat /sys/bus/pci/devices/0000:00:01.0/device) end' 'card=0x10d3 end'
	ok "$d: its own driver takes it" answers deb 'insmod /lib/modules/$(uname -r)/e1000e.ko; echo net=$(ls /sys/bus/pci/devices/0000:00:01.0/net) end' 'net=eth0 end'
	ok "$d: the link comes up" answers deb 'ip addr add 10.0.2.15/24 dev eth0; ip link set eth0 up; until grep -q 1 /sys/class/net/eth0/carrier; do sleep 1; done 2>/dev/null; echo carrier=$(cat /sys/class/net/eth0/carrier) end' 'carrier=1 end'
	ok "$d: ping" answers deb "ping -c 5 -W 20 $GATEWAY; echo ping=\$? end" 'ping=0 end'
	ok "$d: the answers came by messages" answers deb 'echo irqs=$(grep -c "eth0" /proc/interrupts) bad=$(dmesg | grep -cE "BUG:|WARNING: CPU|Oops|irq.*nobody cared") end' 'irqs=[1-9][0-9]* bad=0 end'
	tell deb 'reboot -f'
	: >/tmp/deb.out
	ok "$d: boots again" expect deb 'cell is up: Linux'
	ok "$d: ping after the reboot" answers deb "insmod /lib/modules/\$(uname -r)/e1000e.ko; ip addr add 10.0.2.15/24 dev eth0; ip link set eth0 up; until ping -c 1 -W 5 $GATEWAY >/dev/null; do :; done; echo ping=\$? end" 'ping=0 end'
	ok "$d: destroy" destroy deb
	ok "$d: the host's own driver has the card again, and it works" host_pings $FN
}

ok "the host's driver loads" insmod "$DRIVER"
ok "the host pings" host_pings $FN
for kernel in $KERNELS; do
	try "$kernel"
done
ok "the kernel has not complained" kernel_clean
