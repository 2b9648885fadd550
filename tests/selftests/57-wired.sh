#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# A UART with its wired interrupt is taken from Linux's driver, driven by a
# bare-metal guest that prints and receives by interrupts only, and given back;
# edge and level, in each interrupt mode. A storm, masking and spoofing stay in the
# cell; after each of 20 cycles Linux's driver works on it again.
# host: kernel=debug,6.1,6.12 wire=yes x86_64.cmdline=8250.nr_uarts=8

# shellcheck shell=dash
. ./cells.sh

# The wire's other end, at both ends without any ado of a terminal's.
raw()
{
	stty -F "$1" raw -echo 115200
}

give()
{
	wire_give && until_true test -c "$WIRE_TTY" && raw "$WIRE_TTY"
}

heard()
{
	grep -q "$2" "$1"
}

# carried FROM TO WORD - what is written to one arrives at the other
carried()
{
	local reader status
	: >/tmp/carried
	cat "$2" >/tmp/carried 2>/dev/null &
	reader=$!
	usleep 200000
	echo "$3" >"$1"
	until_true heard /tmp/carried "$3"
	status=$?
	kill "$reader" 2>/dev/null
	wait "$reader" 2>/dev/null
	return "$status"
}

linux_works()
{
	carried "$WIRE_TTY" "$WIRE_PEER" "linux$1" && carried "$WIRE_PEER" "$WIRE_TTY" "peer$1"
}

# wired NAME CPU MODE TRIGGER - a cell with the UART and its interrupt
wired()
{
	cell "$1" "$2" "\"interrupts\": \"$3\", $(guest wired.elf), \"devices\": [$WIRE_DEVICE,
		{\"irq\": {\"host\": $WIRE_IRQ, \"trigger\": \"$4\"}}]"
	start "$1" && expect "$1" 'wired: ready'
}

open()
{
	answers "$1" "open $WIRE_BASE $WIRE_IRQ $2" 'opened='
}

# sends CELL WORD - by interrupts, all of it, to the other end
sends()
{
	local reader status
	: >/tmp/carried
	cat "$WIRE_PEER" >/tmp/carried 2>/dev/null &
	reader=$!
	usleep 200000
	answers "$1" "send $2" 'sent=[0-9]+ of=' && [ "$(value "$1" sent)" = "$(value "$1" of)" ] &&
		until_true heard /tmp/carried "$2"
	status=$?
	kill "$reader" 2>/dev/null
	wait "$reader" 2>/dev/null
	return "$status"
}

receives()
{
	: >"/tmp/$1.out"
	echo "$2" >"$WIRE_PEER"
	expect "$1" "received=$2"
}

# both_ways CELL - it is sent to all the time while it sends: its line falls only between the two
both_ways()
{
	local i writer status=0
	while usleep 2000; do
		echo meanwhile
	done >"$WIRE_PEER" &
	writer=$!
	for i in $(seq 20); do
		answers "$1" "send $(printf '%050d' "$i")" 'sent=51 of=51' || status=1
		[ "$status" = 0 ] || break
	done
	kill "$writer"
	wait "$writer" 2>/dev/null
	echo >"$WIRE_PEER"
	[ "$status" = 0 ] && receives "$1" after-both
}

interrupts()
{
	answers "$1" count 'interrupts=[0-9]+\.' >&2
	value "$1" interrupts | tr -d .
}

heard_at_least()
{
	[ "$(interrupts wired)" -ge "$1" ]
}

ticks()
{
	: >/tmp/tick.out
	tell tick report
	expect tick 'ticks=' >&2
	value tick ticks
}

centiseconds()
{
	cut -d' ' -f1 /proc/uptime | tr -d .
}

# Linux gets on with its work: so many programs run from beginning to end
linux_runs()
{
	local i
	for i in $(seq 50); do
		/bin/true && [ -n "$(cat /proc/uptime)" ] || return
	done
}

# exits_above NUMBER - what a guest that does nothing else cannot say
exits_above()
{
	[ "$(count wired exits interrupt)" -gt "$1" ]
}

# cycle NUMBER MODE TRIGGER
cycle()
{
	wire_take && wired wired 1 "$2" "$3" && open wired "$3" && sends wired "guest$1" &&
		receives wired "to$1" && destroy wired && give && linux_works "$1"
}

cycles()
{
	local i
	for i in $(seq 20); do
		echo "cycle $i"
		cycle "$i" "$@" || return
	done
}

tests=42
for mode in $WIRE_MODES; do
	for trigger in $WIRE_TRIGGERS; do
		tests=$((tests + 7))
	done
done
[ "$WIRE_FORWARDED" = no ] || tests=$((tests + 2))
plan $((tests + WIRE_LEVEL_TESTS))

# A hvc forgets what stty said once nobody has it open.
exec 9<>"$WIRE_PEER"
raw "$WIRE_PEER"
raw "$WIRE_TTY"
ok "Linux's own driver works on the UART" linux_works 0
ok "a cell with a timer, for comparison" run tick 2 tick.elf
expect tick 'ready hz=100'

cell wired 1 "$(guest wired.elf), \"devices\": [$WIRE_DEVICE]"
refused "while it does, no cell can have it" 'unbind|iomem|ioports' axvmctl create /tmp/wired.json
ok "the driver lets go" wire_take

for mode in $WIRE_MODES; do
	for trigger in $WIRE_TRIGGERS; do
		ok "$mode, $trigger: a guest with the UART" wired wired 1 "$mode" "$trigger"
		open wired "$trigger"
		ok "$mode, $trigger: prints by interrupts" sends wired "some-words-in-$mode"
		ok "$mode, $trigger: receives by interrupts" receives wired "words-for-$trigger"
		before=$(interrupts wired)
		ok "$mode, $trigger: masks and unmasks it 2000 times" answers wired 'toggle 2000' 'toggled=2000'
		ok "$mode, $trigger: and hears of it as before" receives wired "still-$trigger"
		say "$mode, $trigger: interrupts $before, exits for them: $(count wired exits interrupt)"
		ok "$mode, $trigger: and of both directions at once" both_ways wired
		ok "$mode, $trigger: back to Linux" destroy wired
	done
done

mode=${WIRE_MODES##* }
trigger=${WIRE_TRIGGERS%% *}
wired wired 1 "${WIRE_MODES%% *}" "$trigger"
ok "a cell is told to list what it has" sh -c "axvmctl irq list wired | grep -q 'interrupt $WIRE_IRQ of the host: line $WIRE_IRQ, $trigger'"
open wired "$trigger"

# Somebody else's commands and registers.
cell noise 3 "\"interrupts\": \"$mode\", $(guest "$IPI_GUEST")"
start noise
ok "another cell sends every interrupt that it can" expect noise 'survived'
ok "to no effect on this one" receives wired after-noise
destroy noise
ok "nor on Linux" linux_runs
run noise 3 wired.elf
expect noise ready
ok "it masks, routes and raises the same line of its own" answers noise "meddle $WIRE_IRQ 1000" 'meddled=1000'
answers noise "listen $WIRE_IRQ" 'listening'
ok "which is another: this one goes on" receives wired after-meddling
ok "both ways" sends wired after-meddling
ok "and is not heard there" answers noise count 'interrupts=0\.'
destroy noise

# The guest never makes the device content.
before=$(interrupts wired)
tick_before=$(ticks)
linux_before=$(linux_count)
since=$(centiseconds)
exits=$(count wired exits interrupt)
if [ "$trigger" = level ]; then
	ok "a storm" answers wired 'storm 100000' 'storming'
	ok "goes on and on" until_true exits_above $((exits + 2000))
else
	ok "one edge that nobody cares for" answers wired 'storm 1' 'storming'
	ok "and a storm of them" answers wired 'edges 200000' 'edges=200000'
fi
ok "Linux goes on" linux_runs
ok "so does another cell" test "$(ticks)" -gt "$tick_before"
after=$(linux_count)
spent=$(($(centiseconds) - since))
say "interrupts: Linux $((after - linux_before)) in $spent/100 s; $(axvmctl irq list wired)"
if [ "$WIRE_FORWARDED" = yes ]; then
	# 50 in one of 250 jiffies a second, and some more for one that has just begun
	ok "Linux was interrupted no more often than it allows" \
		test "$((after - linux_before))" -le $((spent * 125 + 100))
	ok "nor when they come as fast as can be" burst_held 50 150
	say "$(cat /tmp/said)"
	ok "which took holding it back" sh -c "axvmctl irq list wired --json | grep -q '\"storms\": [1-9]'"
else
	ok "Linux had none of them" test "$after" = "$linux_before"
fi
ok "it ends" test "$(interrupts wired)" -gt "$before"
ok "all is as before" sends wired after-the-storm

# While it runs.
ok "the interrupt is taken from the running cell" axvmctl irq detach wired --host "$WIRE_IRQ"
ok "it has none then" sh -c "! axvmctl irq list wired | grep -q interrupt"
before=$(interrupts wired)
echo lost-for-the-guest >"$WIRE_PEER"
sleep 1
ok "it comes no more" test "$(interrupts wired)" = "$before"
ok "and is given again" axvmctl irq attach wired --host "$WIRE_IRQ" --trigger "$trigger"
ok "to a guest that finds all as it was" open wired "$trigger"
ok "and prints" sends wired again
ok "a suspended one keeps it" axvmctl suspend wired
echo while-asleep >"$WIRE_PEER"
: >/tmp/wired.out
ok "and hears what came meanwhile" sh -c "axvmctl resume wired"
ok "once it goes on" expect wired 'received=.*while-asleep'
ok "a reset gives it a new life" axvmctl reset wired
ok "with the interrupt" sh -c ". ./cells.sh; expect wired 'wired: ready'"
open wired "$trigger"
ok "that works" receives wired second-life

# What is refused.
cell thief 3 "$(guest hello.elf), \"devices\": [{\"irq\": {\"host\": $WIRE_IRQ}}]"
refused "another cell cannot have it" "interrupt $WIRE_IRQ: cell \"wired\" has" axvmctl create /tmp/thief.json
refused "nor this one twice" 'already' axvmctl irq attach wired --host "$WIRE_IRQ"
for irq in $WIRE_NOT; do
	refused "interrupt $irq" "$WIRE_NOT_TEXT" axvmctl irq attach wired --host "$irq" --guest 20
done 2>/dev/null
refused "one that Linux uses" "$WIRE_BUSY_TEXT" axvmctl irq attach tick --host "$WIRE_BUSY" --guest $((WIRE_CONSOLE_LINE + 3))
refused "a line that the guest's console has" "line $WIRE_CONSOLE_LINE is that of its device" \
	axvmctl irq attach tick --host $((WIRE_IRQ + 2)) --guest "$WIRE_CONSOLE_LINE"
refused "the end of what is not there" "does not have interrupt $((WIRE_IRQ + 1))" \
	axvmctl irq detach wired --host $((WIRE_IRQ + 1))
destroy wired
ok "Linux's driver comes back" give
ok "and works" linux_works 1
[ "$WIRE_LEVEL_TESTS" = 0 ] || level_tests
ok "20 times there and back" cycles "$mode" "$trigger"
destroy tick
ok "all CPUs are back" all_cpus_back
[ ! -d "$POKE" ] || rmmod axvm_poke
