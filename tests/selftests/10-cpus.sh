#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# CPUs: which are refused and why, that a taken one stays taken, and that taking
# and giving back can go on for ever.

# shellcheck shell=dash
. ./cells.sh
plan 25

CPU3=/sys/devices/system/cpu/cpu3

create()
{
	cell "$1" "$2" "$(guest hello.elf)" 4M
	axvmctl create "/tmp/$1.json"
}

online_is()
{
	[ "$(online_cpus)" = "$1" ] || { online_cpus; return 1; }
}

refused "CPU 0" "CPU 0 cannot be taken" create a 0
refused "a CPU that does not exist" "CPU 4000 does not exist" create a 4000
refused "one CPU twice" "twice" create a 1,1
echo 0 >$CPU3/online
refused "a CPU that is off line" "CPU 3 is off line" create a 3
echo 1 >$CPU3/online
refused "an affinity without a free CPU" "none of the CPUs in its affinity" create a '[0]'
refused "more vCPUs than free CPUs" "none of the CPUs in its affinity" create a '[1,2],[1,2],[1,2]'
ok "nothing was taken by all this" online_is 0-3

ok "all CPUs but one can be taken" create a 1,2,3
ok "they are off line in Linux" online_is 0
refused "a CPU of another cell" 'a"?|cell "a"' create b 2
ok "and given back" destroy a
ok "they are on line again" online_is 0-3

ok "affinities are matched" create a '[1,2],[1],[2,3]'
ok "vCPU 1 got its only choice" test "$(axvmctl show --json a | grep '"cpu":' | tr -dc '0-9\n' | tr '\n' ' ')" = "2 1 3 "
destroy a

run stray 3 stray.elf
expect stray 'ready'
ok "a taken CPU is not among the present ones" test "$(cat /sys/devices/system/cpu/present)" = 0-2
fails "Linux cannot bring it on line" sh -c "echo 1 >$CPU3/online"
ok "the cell goes on undisturbed" answers stray report 'strays=0'
ok "another module says that it is present" poke online 3
ok "and is told that it is busy (-16)" test "$(poked online)" = -16
ok "the cell goes on" answers stray report 'strays='
ok "it is on line only when the cell is gone" destroy stray
ok "that is now" online_is 0-3

cycles()
{
	local n=0
	while [ $n -lt 50 ]; do
		axvmctl create /tmp/cycle.json >/dev/null && destroy cycle || return
		online_is 0-3 || return
		n=$((n + 1))
	done
}

cell cycle 1,3 "$(guest hello.elf)" 4M
axvmctl create /tmp/cycle.json && destroy cycle
free=$(mem_free)
ok "50 times taken and given back" cycles
ok "memory is back" memory_back "$free"
ok "the kernel has not complained" kernel_clean
rmmod axvm_poke
