#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Two threads a core: nobody shares a core with a cell unless the config says
# so. And CPUs that are possible but not there. Not on 6.1, which sees no
# threads in the AMD CPU that QEMU emulates (it lacks the topology extensions).
# host: arch=x86_64 kernel=6.12
# host: qemu=-smp qemu=4,maxcpus=6,sockets=1,cores=3,threads=2

# shellcheck shell=dash
. ./cells.sh
plan 11

create()
{
	cell "$1" "$2" "${3:-}$(guest hello.elf)" 4M
	axvmctl create "/tmp/$1.json"
}

ok "threads 2 and 3 are one core" grep -qx 2-3 /sys/devices/system/cpu/cpu2/topology/thread_siblings_list
refused "a thread whose sibling stays with Linux" "CPU 2 shares a core with CPU 3, which stays with Linux" create a 2
ok "both threads" create a 2,3
ok "which work" destroy a
ok "one thread, with permission" create a 2 '"allow_smt_sharing": true, '
refused "the other one for another cell" "CPU 3 shares a core with CPU 2, which another cell has" create b 3
ok "unless that has permission too" create b 3 '"allow_smt_sharing": true, '
destroy a b
echo 0 >/sys/devices/system/cpu/cpu3/online
ok "one thread, the other off line" create a 2
destroy a
echo 1 >/sys/devices/system/cpu/cpu3/online
refused "a CPU that is possible but not there" "CPU 5 (is not present|does not exist)" create a 5
ok "all is back" test "$(online_cpus)" = 0-3
ok "the kernel has not complained" kernel_clean
