#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# In the test host: the benchmark's guest as a cell, then as a KVM guest. What
# they print goes to the control line, with "cell" or "kvm" before it.
# $1: how often to create and destroy.

PATH=/axvm/bench:$PATH
REPEAT=${1:-5}
CONFIG=/tmp/bench.json

tell()
{
	sed "s/^/$1 /" | tr -d '\r' >"$AXVM_CTL"
}

die()
{
	echo "bench: $*" >"$AXVM_CTL"
	exit 1
}

create()
{
	bench-timed axvmctl create "$CONFIG" 2>/tmp/create >/dev/null || die "create failed: $(cat /tmp/create)"
	axvmctl console bench --until ' up' </dev/null >/tmp/entry || die "the guest did not start"
	echo "create $(cut -d' ' -f1 /tmp/create) $(grep -o 'clock=[0-9]*' /tmp/entry | cut -d= -f2)" |
		tell cell
}

destroy()
{
	bench-timed axvmctl destroy bench 2>/tmp/destroy >/dev/null || die "destroy failed"
	echo "destroy $(cat /tmp/destroy)" | tell cell
}

# rows NAME - one pass of the guest's rows
rows()
{
	echo go | axvmctl console bench --until 'BENCH done' >/tmp/rows ||
		die "the guest did not finish: $(tail -n 3 /tmp/rows)"
	grep -a '^BENCH ' /tmp/rows | tell "$1"
}

one_of_kvm()
{
	bench-kvm /axvm/guests/bench.elf 1 2 >/tmp/kvm 2>&1 || die "KVM guest failed: $(tail -n 3 /tmp/kvm)"
	# shellcheck disable=SC2046
	set -- $(grep -o 'clock=[0-9]*' /tmp/kvm | cut -d= -f2)
	echo "create $1 $2" | tell kvm
	echo "destroy $3 $(bench-timed true 2>&1 | cut -d' ' -f1)" | tell kvm
	grep -a '^BENCH ' /tmp/kvm | tell kvm
}

echo '{ "name": "bench", "cpus": [1, 2], "memory": [{"size": "16M"}],' \
	'"image": {"file": "/axvm/guests/bench.elf"} }' >"$CONFIG"
insmod /lib/axvm/axvm.ko || die "axvm.ko does not load"
i=0
while [ "$i" -lt "$REPEAT" ]; do
	[ "$i" = 0 ] || destroy
	create
	i=$((i + 1))
done
rows cell
axvmctl record bench on || die "the recorder cannot be switched on"
rows recorded
destroy
rmmod axvm

for ko in /axvm/bench/*.ko; do
	[ -e "$ko" ] || continue	# KVM is part of the kernel
	insmod "$ko" || die "$ko does not load"
done
[ -e /dev/kvm ] || die "there is no /dev/kvm"
i=0
while [ "$i" -lt "$REPEAT" ]; do
	one_of_kvm
	i=$((i + 1))
done
