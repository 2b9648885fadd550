#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Cells of several CPUs, the state of their registers over exits, and every way
# to address a device.

# shellcheck shell=dash
. ./cells.sh
plan 16

ok "three CPUs are started" run smp 1,2,3 smp.elf
ok "and an interrupt goes around them" expect smp 'cpus=3 rounds=500 wrong=0 done'
ok "the second got all of its" said smp 'cpu=1 received=500'
ok "the third as well" said smp 'cpu=2 received=500'
ok "once more" answers smp again 'cpu=2 received=1000'
: >/tmp/smp.out
ok "after a reset" axvmctl reset smp
ok "all are started again" expect smp 'cpus=3 rounds=500 wrong=0 done'
axvmctl suspend smp
axvmctl resume smp
ok "they go on after suspend and resume" answers smp again 'cpus=3 .*wrong=0 done'
ok "destroy" destroy smp

run smp '[2,3],[1,2],[1,3]' smp.elf
ok "vCPUs on CPUs of their choice" expect smp 'cpus=3 rounds=500 wrong=0 done'
destroy smp

run fpu 1,2 fpu.elf
ok "registers survive exits" expect fpu 'done'
ok "on the first CPU" said fpu 'cpu=0 rounds=200 .* bad=0'
ok "on the second" said fpu 'cpu=1 rounds=200 .* bad=0'
destroy fpu

run mmio 1 mmio.elf
ok "device accesses in every form" expect mmio 'tried=[0-9]* bad=0'
destroy mmio
run rtc 1 rtc.elf
expect rtc GUEST
rtc_is_right()
{
	local guest host
	: >/tmp/rtc.out
	tell rtc now
	expect rtc GUEST || return
	guest=$(guest_clock rtc)
	host=$(date +%s)
	echo "guest $guest, host $host"
	[ "$((guest - host))" -ge -20 ] && [ "$((guest - host))" -le 20 ]
}
ok "the guest's clock is right" rtc_is_right
destroy rtc
ok "all CPUs are back" all_cpus_back
