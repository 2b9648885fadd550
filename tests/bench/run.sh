#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# In the test host: the benchmark's guest as a cell, then as a KVM guest. What
# they print goes to the control line, with "cell" or "kvm" before it.
# $1: how often to create and destroy.

# shellcheck shell=dash
PATH=/axvm/bench:$PATH
REPEAT=${1:-5}
WARM_UP=5
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

# timed_create NAME - the cell of $CONFIG, to its guest's first instruction
timed_create()
{
	bench-timed axvmctl create "$CONFIG" 2>/tmp/create >/dev/null || die "create failed: $(cat /tmp/create)"
	axvmctl console bench --until ' up' </dev/null >/tmp/entry || die "the guest did not start"
	echo "$1 $(cut -d' ' -f1 /tmp/create) $(grep -o 'clock=[0-9]*' /tmp/entry | cut -d= -f2)" |
		tell cell
}

timed_destroy()
{
	bench-timed axvmctl destroy bench 2>/tmp/destroy >/dev/null || die "destroy failed"
	echo "$1 $(cat /tmp/destroy)" | tell cell
}

# spans COUNT CREATE DESTROY - so often, under these names
spans()
{
	local i=0
	while [ "$i" -lt "$1" ]; do
		timed_create "$2"
		timed_destroy "$3"
		i=$((i + 1))
	done
}

# config SIZE [MEMBERS] - of its memory, and what the cell has besides
config()
{
	echo '{ "name": "bench", "cpus": [1, 2], "memory": [{"size": "'"$1"'"}],'"$2" \
		'"image": {"file": "/axvm/guests/bench.elf"} }' >"$CONFIG"
}

# Cells that are there, and idle: their instructions would count as time here.
neighbours()
{
	local cpu
	for cpu in 3 4 5 6 7; do
		echo "{ \"name\": \"neighbour$cpu\", \"cpus\": [$cpu], \"memory\": [{\"size\": \"16M\"}]," \
			'"image": {"file": "/axvm/guests/hello.elf"} }' >/tmp/neighbour.json
		axvmctl create /tmp/neighbour.json >/dev/null || die "neighbour $cpu was not created"
	done
}

# rows NAME [WHICH] - one pass of the guest's rows, or of those that the host half answers
rows()
{
	echo "${2:-go}" | axvmctl console bench --until 'BENCH done' >/tmp/rows ||
		die "the guest did not finish: $(tail -n 3 /tmp/rows)"
	grep -a '^BENCH ' /tmp/rows | tell "$1"
}

# says NAME LINE TEXT - the guest is told LINE and answers with TEXT
says()
{
	echo "$2" | axvmctl console "$1" --until "$3" >/tmp/said ||
		die "$1 does not answer '$2': $(tail -n 3 /tmp/said)"
}

id_of()
{
	axvmctl show --json "$1" | grep -m 1 '"id"' | tr -dc 0-9
}

# A cell rings another, which rings back, each time with an interrupt.
doorbells()
{
	local name
	echo '{"publish": [1]}' >/tmp/ping.ivc
	echo '{"subscribe": [{"cell": "ping", "key": 1}]}' >/tmp/echo.ivc
	for name in ping echo; do
		echo "{ \"name\": \"$name\", \"cpus\": [[1, 2]], \"memory\": [{\"size\": \"16M\"}]," \
			"\"image\": {\"file\": \"/axvm/guests/ivc.elf\"}, \"ivc\": $(cat /tmp/$name.ivc) }" >"$CONFIG"
		axvmctl create "$CONFIG" >/dev/null || die "cell $name was not created"
	done
	says ping 'publish 1 65536' 'result=0 '
	says echo 'subscribe any 1' 'result=0 '
	says echo "echo any 1 $(id_of ping) 0" 'echo ready'
	says ping "ping any 1 $(id_of echo) 400 0" 'last='
	grep -a '^BENCH ' /tmp/said | tell cell
	axvmctl destroy ping echo || die "destroy failed"
}

one_of_kvm()
{
	# In the emulator KVM loses its guest now and then.
	bench-kvm /axvm/guests/bench.elf 1 2 >/tmp/kvm 2>&1 ||
		bench-kvm /axvm/guests/bench.elf 1 2 >/tmp/kvm 2>&1 || die "KVM guest failed: $(tail -n 3 /tmp/kvm)"
	# shellcheck disable=SC2046
	set -- $(grep -o 'clock=[0-9]*' /tmp/kvm | cut -d= -f2)
	echo "create $1 $2" | tell kvm
	echo "destroy $3 $(bench-timed true 2>&1 | cut -d' ' -f1)" | tell kvm
	grep -a '^BENCH ' /tmp/kvm | tell kvm
}

insmod /lib/axvm/axvm.ko || die "axvm.ko does not load"
config 16M
# The first ones find nothing in place, and differ.
spans "$WARM_UP" unused unused
spans "$REPEAT" create destroy
timed_create unused
rows cell
axvmctl record bench on || die "the recorder cannot be switched on"
rows recorded
axvmctl record bench off || die "the recorder cannot be switched off"
neighbours
rows six
axvmctl destroy bench neighbour3 neighbour4 neighbour5 neighbour6 neighbour7 || die "destroy failed"
config 16M ' "devices": [{"testdev": {"gpa": "0x0b000000"}}],'
timed_create unused
rows cell host
axvmctl destroy bench || die "destroy failed"
doorbells
for size in 64M 128M 256M; do
	config "$size"
	spans 4 "create-$size" unused
done
rmmod axvm

insmod /axvm/bench/uncounted/axvm.ko || die "the axvm.ko without counters does not load"
config 16M
timed_create unused
rows uncounted
timed_destroy unused
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
