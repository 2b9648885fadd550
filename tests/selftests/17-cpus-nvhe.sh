#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# A host that runs at EL1, with KVM's own code at EL2: CPUs taken, used, given
# back, and still good for KVM.
# host: arch=arm64 cmdline=kvm-arm.mode=nvhe

# shellcheck shell=dash
. ./cells.sh
plan 11

cycles()
{
	local n=0
	while [ $n -lt 50 ]; do
		axvmctl create /tmp/smp.json >/dev/null && destroy smp || return
		n=$((n + 1))
	done
}

ok "Linux runs at EL1" sh -c "axvmctl check | grep -q 'Linux runs at EL1'"
ok "a cell of three CPUs starts" run smp 1,2,3 smp.elf
ok "and its CPUs talk to each other" expect smp 'cpus=3 rounds=500 wrong=0 done'
poke storm 200
ok "it goes on under a storm of calls" answers smp again 'wrong=0 done'
ok "and ends" destroy smp
ok "all CPUs are back" all_cpus_back
run fpu 1,2 fpu.elf
ok "registers survive exits" expect fpu 'done'
ok "none was changed" sh -c '! grep -q "bad=[1-9]" /tmp/fpu.out'
destroy fpu
ok "50 more times" cycles
ok "all CPUs are back again" all_cpus_back
ok "the kernel has not complained" kernel_clean
rmmod axvm_poke
