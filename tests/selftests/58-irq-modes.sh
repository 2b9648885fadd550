#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# One guest, the same interrupts, in each interrupt mode there is; and what each
# costs. Six CPUs, so that Linux has some of its own to broadcast to.
# host: cpus=6

# shellcheck shell=dash
. ./cells.sh
plan 26

REASONS='interrupt idle sysreg ipi mmio pio kick'

# costs FILE - exits of the cell so far, by reason
costs()
{
	local reason
	for reason in $REASONS; do
		echo "$reason $(count modes exits "$reason")"
	done >"$1"
}

# measured WHAT FEW MANY EACH - exits of MANY without those of FEW, which are the console's
# and others; EACH of them is so many interrupts
measured()
{
	costs /tmp/cost.0
	answers modes "$1 $2" "$1=$2 .*done" || return
	costs /tmp/cost.1
	answers modes "$1 $3" "$1=$3 .*done" || return
	costs /tmp/cost.2
	paste -d ' ' /tmp/cost.0 /tmp/cost.1 /tmp/cost.2 | awk -v n=$((($3 - $2) * $4)) -v what="$mode: $1" '
		{ exits = ($6 - $4) - ($4 - $2); sum += exits }
		exits / n >= 0.05 || exits / n <= -0.05 { by = by sprintf(", %s %.2f", $1, exits / n) }
		END { sub(/^,/, ":", by); printf "%s: %.2f exits per interrupt%s\n", what, sum / n, by }' >/tmp/cost
}

# paid WHAT FEW MANY EACH - say it
paid()
{
	measured "$@" || return
	say "$(cat /tmp/cost)"
}

signalled()
{
	local i
	answers modes "line 5" type || return
	for i in 1 2 3 4 5; do
		answers modes "text $i" "line=$i signalled" || return
	done
}

injected_is()
{
	answers modes "count $1" 'injected=[0-9]+\.' && [ "$(value modes injected | tr -d .)" = "$2" ]
}

# injected CPU - the next that is injected there arrives, once
injected()
{
	local before
	answers modes "count $1" 'injected=[0-9]+\.' || return
	before=$(value modes injected | tr -d .)
	axvmctl inject modes --vcpu "$1" --irq "$INJECT_57" || return
	until_true injected_is "$1" $((before + 1))
}

survives_pause()
{
	answers modes hold holding || return
	axvmctl suspend modes && axvmctl resume modes || return
	answers modes now 'held=0 released=1\.'
}

for mode in emulated passthrough; do
	cell modes 1,2 "\"interrupts\": \"$mode\", $(guest modes.elf)"
	start modes
	ok "$mode: two vCPUs" expect modes 'ready irq=1 cpus=2'
	ok "$mode: timer" paid timer 50 250 1
	ok "$mode: between the vCPUs" paid ipi 100 600 2
	ok "$mode: a device's line" signalled
	ok "$mode: injected into the first" injected 0
	ok "$mode: injected into the second" injected 1
	ok "$mode: what is pending survives a pause" survives_pause
	ok "$mode: a second while the first is handled" answers modes second 'came=2\.'
	ok "$mode: what Linux sends to all its CPUs" poke storm 200
	ok "$mode: is not for it" answers modes "count 0" 'injected=4\.'
	destroy modes
done

cell modes 1 "\"interrupts\": \"none\", $(guest modes.elf)"
start modes
mode=none
ok "$mode: the same guest" expect modes 'ready irq=0 cpus=1'
ok "$mode: what Linux sends to all its CPUs" poke storm 200
before=$(exits modes)
ok "$mode: nothing arrives" answers modes quiet 'arrived=0\.'
say "$mode: 0 interrupts, $(($(exits modes) - before)) exits, all for the console"
ok "$mode: and it goes on" answers modes quiet 'arrived=0\.'
destroy modes
rmmod axvm_poke
ok "all CPUs are back" all_cpus_back
ok "the kernel has not complained" kernel_clean
