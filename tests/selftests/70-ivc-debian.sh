#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# A channel in a Debian cell: a PCI function that Debian's own uio_pci_generic
# drives. A small program there talks to a bare-metal cell by uapi/axvm_ring.h.
# host: boot=yes mem=2G

# shellcheck shell=dash
. ./ivc.sh
. ./ring.sh
KERNELS=$(cd /axvm/boot && echo vmlinuz-* | sed 's/vmlinuz-//g')
plan $(($(echo "$KERNELS" | wc -w) * 23 + 3))
UIO='d=/lib/modules/$(uname -r); insmod $d/uio.ko; insmod $d/uio_pci_generic.ko; echo 1af4 10f6 >/sys/bus/pci/drivers/uio_pci_generic/new_id; echo uio=$(cat /sys/class/uio/uio0/name) end'

debian()
{
	cell deb 2 "\"linux\": {\"kernel\": \"/axvm/boot/vmlinuz-$1\", \"initrd\": \"/axvm/boot/initrd\", \"cmdline\": \"quiet\"}" 256M
	axvmctl create --no-start /tmp/deb.json >/dev/null || return
	: >/tmp/deb.out
	cat "$(tty_of deb)" >>/tmp/deb.out 2>/dev/null &
	axvmctl ivc attach a.5 deb && axvmctl start deb
}

# program WHAT... - the one in the Debian cell begins
program()
{
	answers deb "ringpeer 0 1 $a $*" '(ready|scribbling)\.'
}

functions()
{
	answers deb 'echo 1 >/sys/bus/pci/rescan; echo functions=$(grep -l 0x10f6 /sys/bus/pci/devices/*/device | wc -l) end' "functions=$1 end"
}

try()
{
	local d="Debian $1" deb
	ok "$d: starts with the channel" debian "$1"
	deb=$(id_of deb)
	ok "$d: boots" expect deb 'cell is up: Linux'
	ok "$d: the function is on its bus" answers deb 'cat /sys/bus/pci/devices/0000:00:01.0/device /sys/bus/pci/devices/0000:00:01.0/class' '0x10f6'
	ok "$d: its own driver takes it" answers deb "$UIO" 'uio=uio_pci_generic end'
	talks a 0 "$deb"
	ok "$d: its program finds registers, table and data" program serve
	ok "$d: they say the same" said deb "function id=$deb size=65536 state=1\\."
	ok "$d: there and back" does a 'ping 200' "ping $(well 200)"
	ok "$d: the program has had them" answered deb "serve $(well 200)"
	ok "$d: the same ones" same_end a deb
	program serve
	talks a 0 "$deb"
	ok "$d: in bulk to it" does a 'bulk 1000' "bulk $(well 1000)"
	answered deb "serve $(well 1000)"
	ok "$d: arrives as it was sent" same_end a deb
	serves a
	program ping 100
	ok "$d: there and back from it" answered deb "ping $(well 100)"
	ok "$d: the same" answered a 'serve result=0 messages=100 .* bad=0'
	serves a
	program bulk 1000
	ok "$d: in bulk from it" answered deb "bulk $(well 1000)"
	answered a 'serve result=0 messages=1000 .* bad=0'
	ok "$d: arrives as it was sent" same_end a deb
	ok "$d: it was woken by the function's interrupt" answers deb 'grep uio /proc/interrupts; echo irqs=$(awk "/uio_pci_generic/ { print \$2 }" /proc/interrupts) end' 'irqs=[1-9][0-9][0-9]+ end'
	say "$(grep -a 'irqs=' /tmp/deb.out | tail -n 1 | tr -d '\r')"
	program endure 3000
	does a scribble scribbling
	ok "$d: endures a peer that lies" answered deb 'endure result=0 .* lies=[1-9][0-9]* guard=whole'
	answered a 'scribble result=0'
	ok "$d: no complaint in its log" answers deb 'echo bad=$(dmesg | grep -cE "BUG:|WARNING: CPU|Oops|nobody cared") end' 'bad=0 end'
	: >/tmp/deb.out
	tell deb 'reboot -f'
	expect deb 'cell is up: Linux'
	answers deb "$UIO" 'uio=uio_pci_generic end'
	program serve
	talks a 0 "$deb"
	ok "$d: there and back after a reboot" does a 'ping 50' "ping $(well 50)"
	answered deb "serve $(well 50)"
	axvmctl ivc detach a.5 deb
	ok "$d: detached it is off the bus" answers deb 'echo 1 >/sys/bus/pci/devices/0000:00:01.0/remove; echo end' 'end'
	ok "$d: and stays so" functions 0
	axvmctl ivc attach a.5 deb
	ok "$d: attached again it is found while Linux runs" functions 1
	answers deb 'echo uio=$(cat /sys/class/uio/uio0/name) end' 'uio=uio_pci_generic end'
	program serve
	talks a 0 "$deb"
	ok "$d: and works" does a 'ping 50' "ping $(well 50)"
	destroy deb
}

free=$(mem_free)
cell a 1 "$(guest ring.elf), \"ivc\": { \"publish\": [5] }" 4M
start a
expect a ready
does a 'publish 5 65536' 'publish result=0'
a=$(id_of a)
for kernel in $KERNELS; do
	try "$kernel"
done
destroy a
ok "with the cells their channels go" no_channels
ok "all memory is back" memory_back "$free"
ok "the kernel has not complained" kernel_clean
