#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# The life of cells: each step, each step that is refused, what guests do to
# themselves, and that a module with cells stays.
# host: kernel=debug,6.1,6.12

# shellcheck shell=dash
. ./cells.sh
plan 62

create()
{
	axvmctl create "/tmp/$1.json"
}

is()
{
	in_state "$1" "$2" || { axvmctl show "$1"; return 1; }
}

free=$(mem_free)
axvmctl events >/tmp/events &
events=$!
cell a 1 "$(guest hello.elf)"
ok "create without a start" axvmctl create --no-start /tmp/a.json
ok "leaves it loaded" is a loaded
refused "which cannot be stopped" 'a" is loaded and cannot become stopped' axvmctl stop a
refused "nor suspended" 'loaded and cannot become suspended' axvmctl suspend a
refused "nor resumed" 'loaded and cannot become running.*use start' axvmctl resume a
refused "nor reset" 'loaded and cannot become running.*use start' axvmctl reset a
cat "$(tty_of a)" >/tmp/a.out &
ok "start" axvmctl start a
ok "makes it run" is a running
ok "its guest speaks" expect a 'uart=ok abi=1 cpus=1'
refused "it cannot be started twice" 'already running' axvmctl start a
refused "nor resumed" 'already running' axvmctl resume a
ok "suspend" axvmctl suspend a
ok "makes it suspended" is a suspended
refused "twice is refused" 'already suspended' axvmctl suspend a
refused "as is a start" 'use resume' axvmctl start a
# The kick that tells a core of the byte may count, but its guest reads nothing.
accesses()
{
	echo "$(count a exits mmio) $(count a exits pio)"
}
before=$(accesses)
tell a sleeping
ok "it does not hear" test "$(accesses)" = "$before"
ok "resume" axvmctl resume a
ok "then it hears" expect a 'echo=sleeping'
ok "stop" axvmctl stop a
ok "makes it stopped" is a stopped
ok "because the host said so" stopped_by a host-stop
refused "a stopped one cannot be suspended" 'stopped and cannot become suspended' axvmctl suspend a
: >/tmp/a.out
ok "it can be started again" axvmctl start a
ok "from the beginning" expect a 'uart=ok'
: >/tmp/a.out
ok "or reset" axvmctl reset a
ok "which is the same" expect a 'uart=ok'
refused "its name is taken" 'a cell "a" already' create a
refused "rmmod is refused" 'busy|unavailable|in use' rmmod axvm
fails "suspend-to-RAM is refused" sh -c 'echo mem >/sys/power/state'
ok "and the kernel log says why" sh -c 'dmesg | grep -q "axvm: refusing to suspend"'
refused "an unknown cell" 'no cell "b"' axvmctl start b
cell b 1 "$(guest hello.elf)"
refused "its CPU is taken" 'cell "a" has CPU 1' create b
ok "destroy" destroy a
for word in created loaded running suspended stopping stopped destroyed; do
	ok "events told: $word" until_true grep -q "$word" /tmp/events
done
kill $events
refused "it is gone" 'no cell "a"' axvmctl show a
ok "its name is free" create b
destroy b

run power 2 power.elf
expect power ready
tell power off
ok "a guest switches itself off" becomes power stopped
ok "which show tells" stopped_by power guest-off
: >/tmp/power.out
axvmctl start power
expect power ready
tell power "$FIRMWARE-off"
ok "by $FIRMWARE too" becomes power stopped
axvmctl start power
expect power ready
: >/tmp/power.out
tell power reset
ok "a guest resets itself" expect power ready
: >/tmp/power.out
tell power "$FIRMWARE-reset"
ok "by $FIRMWARE too" expect power ready
ok "and goes on" is power running
destroy power

run off 1 off.elf
ok "one that ends at once" becomes off stopped
ok "said its last words" expect off bye
ok "and no more" sh -c '! grep -q still /tmp/off.out'
destroy off
run triple 1,3 triple.elf
ok "an exception that cannot be handled" becomes triple failed
ok "has its name" stopped_by triple "$NO_HANDLER"
refused "a failed cell cannot be started" 'failed and cannot become running.*use reset' axvmctl start triple
ok "but reset" axvmctl reset triple
until_true in_state triple failed
destroy triple

run tick 1 tick.elf
cell other 2 "$(guest hello.elf)"
expect tick ready
axvmctl suspend tick
ok "while one is suspended another can be made" create other
ok "and two be listed" test "$(axvmctl list --json | grep -c '"id":')" = 2
ok "both can be destroyed at once" destroy tick other
ok "no cell is left" no_cells
ok "all CPUs are back" all_cpus_back
ok "all memory is back" memory_back "$free"
ok "the kernel has not complained" kernel_clean
