#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# What `make demo` runs inside the test host, in one boot of a stock Debian
# kernel: a bare-metal cell, Debian as a 2-CPU cell, all of it given back, and a
# cell that does not care about its host's panic.

cd /axvm/examples || exit 1
rm -f /tmp/demo.*

title()
{
	printf '\n\033[1m== %s\033[0m\n' "$*"
}

# Show a command, run it, stop the demo if it fails.
run()
{
	printf '\033[1m# %s\033[0m\n' "$*"
	"$@" && return
	echo "demo: '$*' failed"
	exit 1
}

# wait_for FILE REGEX - until it is there; the limit is only for what is broken
wait_for()
{
	local left=3000
	until grep -qE "$2" "$1" 2>/dev/null; do
		left=$((left - 1))
		if [ "$left" = 0 ]; then
			echo "demo: no /$2/ in what the cell printed:"
			tail -n 20 "$1"
			exit 1
		fi
		sleep 0.2
	done
}

# What Linux has: CPUs on line, memory free in MiB
host_has()
{
	printf 'CPUs %s, %d MiB free\n' "$(cat /sys/devices/system/cpu/online)" \
		"$(awk '/^MemFree:/ { print int($2 / 1024) }' /proc/meminfo)"
}

title "A stock kernel, no boot parameter of ours"
run uname -a
run cat /proc/cmdline
run axvmctl check
before=$(host_has)
echo "$before"

title "A bare-metal cell on CPU 1"
run cat hello.json
run axvmctl create hello.json
axvmctl console hello </dev/null >/tmp/demo.hello 2>&1 &
reader=$!
wait_for /tmp/demo.hello 'GUEST hello'
kill $reader
cat /tmp/demo.hello
run axvmctl list

title "Debian's own kernel as a cell with 2 CPUs"
run cat debian.json
run axvmctl create debian.json
mkfifo /tmp/demo.keys
axvmctl console debian </tmp/demo.keys >/tmp/demo.debian 2>&1 &
exec 9>/tmp/demo.keys
wait_for /tmp/demo.debian 'cell is up'
lines=$(wc -l </tmp/demo.debian)
# Typed at the cell's console; the sum keeps the echo from looking like the answer.
echo 'uname -a; nproc; cat /proc/interrupts; echo typed $((40 + 2))' >&9
wait_for /tmp/demo.debian 'typed 42'
tail -n +"$lines" /tmp/demo.debian | tr -d '\r'
run axvmctl show debian

title "Everything back to Linux"
run axvmctl destroy debian
exec 9>&-
run axvmctl destroy hello
run axvmctl list
after=$(host_has)
echo "before: $before"
echo "after:  $after"
[ "${before%%,*}" = "${after%%,*}" ] || { echo "demo: a CPU did not come back"; exit 1; }

title "A cell that outlives its host"
run cat survivor.json
run axvmctl create survivor.json
title "echo c >/proc/sysrq-trigger"
sleep 1
echo 0 >/proc/sys/kernel/panic
echo c >/proc/sysrq-trigger
