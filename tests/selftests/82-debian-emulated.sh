#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Debian's own kernel on an emulated local APIC, with two CPUs, in x2APIC mode
# and in xAPIC mode.
# host: arch=x86_64 boot=yes mem=2G

# shellcheck shell=dash
. ./cells.sh
plan 22

KERNEL=$(cd /axvm/boot && echo vmlinuz-* | tr ' ' '\n' | sed 's/vmlinuz-//' | sort -V | tail -n 1)

# boot WORDS - with those on its command line
boot()
{
	cell deb 2,3 "\"interrupts\": \"emulated\", \"linux\": {\"kernel\": \"/axvm/boot/vmlinuz-$KERNEL\", \"initrd\": \"/axvm/boot/initrd\", \"cmdline\": \"$1\"}" 256M
	start deb
}

# try MODE - what must work in each
try()
{
	ok "$1: boots to its shell" expect deb "cell is up: Linux $KERNEL.*, 2 CPUs"
	ok "$1: its timers are the APICs'" answers deb 'cat /proc/interrupts; echo end' "$DEBIAN_TIMER"
	ok "$1: by deadline" answers deb 'cat /sys/devices/system/clockevents/clockevent1/current_device' 'lapic-deadline'
	ok "$1: its console has an interrupt" answers deb 'cat /proc/interrupts; echo' "$DEBIAN_CONSOLE"
	ok "$1: interrupts between its CPUs" answers deb 'cat /proc/interrupts; echo' 'CAL: +[1-9]|RES: +[1-9]'
	ok "$1: sleeps end" answers deb 'for i in $(seq 20); do taskset $((i % 2 + 1)) sleep 0.1; done; echo slept' '^slept'
	ok "$1: a CPU off line" answers deb 'echo 0 >/sys/devices/system/cpu/cpu1/online; echo cpus=$(nproc) end' 'cpus=1 end'
	ok "$1: and on line" answers deb 'echo 1 >/sys/devices/system/cpu/cpu1/online; echo cpus=$(nproc) end' 'cpus=2 end'
	ok "$1: no unwelcome interrupts" answers deb 'awk "/ERR:|MIS:/ { n += \$2 } END { print \"bad=\" n+0 \" end\" }" /proc/interrupts' 'bad=0 end'
	ok "$1: no complaint in its log" answers deb 'echo bad=$(dmesg | grep -cE "BUG:|WARNING: CPU|Oops|Call Trace|rcu.*stall|APIC error") end' 'bad=0 end'
}

boot quiet
try x2APIC
tell deb 'reboot -f'
: >/tmp/deb.out
ok "x2APIC: reboot" expect deb 'cell is up: Linux .*, 2 CPUs'
destroy deb

boot 'quiet nox2apic'
try xAPIC
destroy deb
ok "all CPUs are back" all_cpus_back
