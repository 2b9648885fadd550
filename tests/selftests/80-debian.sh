#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Debian's own kernels as cells of one and two CPUs: used at their consoles,
# switched off, rebooted.
# host: boot=yes mem=2G

# shellcheck shell=dash
. ./cells.sh
# Those of the host's distribution; each is tried with one CPU and with two.
KERNELS=$(cd /axvm/boot && echo vmlinuz-* | sed 's/vmlinuz-//g')
plan $(($(echo "$KERNELS" | wc -w) * 27 + 2))

debian()
{
	cell "$1" "$2" "\"linux\": {\"kernel\": \"/axvm/boot/vmlinuz-$3\", \"initrd\": \"/axvm/boot/initrd\", \"cmdline\": \"quiet\"}" 256M
	start "$1"
}

clock_is_right()
{
	answers "$1" 'echo seconds=$(date +%s) end' 'seconds=[0-9]+ end' || return
	local guest host
	guest=$(value "$1" seconds)
	host=$(date +%s)
	echo "guest $guest, host $host"
	[ $((guest - host)) -ge -60 ] && [ $((guest - host)) -le 60 ]
}

# one KERNEL CPUS NUMBER
try()
{
	local d="Debian $1, $3 CPU(s)" name=deb
	ok "$d: starts" debian $name "$2" "$1"
	ok "$d: boots to its shell" expect $name "cell is up: Linux $1.*, $3 CPUs"
	ok "$d: uname" answers $name 'uname -r' "^$1\\.[0-9]"
	ok "$d: nproc" answers $name 'echo cpus=$(nproc) end' "cpus=$3 end"
	ok "$d: its timers are local ones" answers $name 'cat /proc/interrupts; echo end' "$DEBIAN_TIMER"
	ok "$d: its console has an interrupt" answers $name 'cat /proc/interrupts; echo' "$DEBIAN_CONSOLE"
	ok "$d: its PCI bus has the host bridge alone" answers $name 'echo pci=$(echo $(cat /sys/bus/pci/devices/*/class)) end' 'pci=0x060000 end'
	ok "$d: no unwelcome interrupts" answers $name 'awk "/E[Rr][Rr]:|MIS:/ { n += \$2 } END { print \"bad=\" n+0 \" end\" }" /proc/interrupts' 'bad=0 end'
	ok "$d: its clock is right" clock_is_right $name
	ok "$d: no complaint in its log" answers $name 'echo bad=$(dmesg | grep -cE "BUG:|WARNING: CPU|Oops|Call Trace|rcu.*stall") end' 'bad=0 end'
}

kernel_pair()
{
	try "$1" 1 1
	tell deb 'poweroff -f'
	ok "Debian $1: poweroff" becomes deb stopped
	ok "Debian $1: by itself" stopped_by deb guest-off
	destroy deb
	try "$1" 2,3 2
	ok "Debian $1: a CPU off line" answers deb 'echo 0 >/sys/devices/system/cpu/cpu1/online; echo cpus=$(nproc) end' 'cpus=1 end'
	ok "Debian $1: and on line" answers deb 'echo 1 >/sys/devices/system/cpu/cpu1/online; echo cpus=$(nproc) end' 'cpus=2 end'
	tell deb 'reboot -f'
	: >/tmp/deb.out
	ok "Debian $1: reboot" expect deb 'cell is up: Linux .*, 2 CPUs'
	ok "Debian $1: both CPUs work" answers deb 'taskset 2 sh -c "echo on=\$(nproc) end"' 'on=1 end'
	destroy deb
	ok "Debian $1: all CPUs are back" all_cpus_back
}

free=$(mem_free)
for kernel in $KERNELS; do
	kernel_pair "$kernel"
done
ok "all memory is back" memory_back "$free"
ok "the kernel has not complained" kernel_clean
