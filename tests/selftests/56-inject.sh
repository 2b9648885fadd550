#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Interrupts that are injected: from the command line, and by hypercall between
# the CPUs of one cell. Each comes once, to whom it was meant for, in every
# interrupt mode; another cell hears nothing.
# host: kernel=debug,6.1,6.12

# shellcheck shell=dash
. ./cells.sh

# heard CPU NUMBER - how often that one has come
heard()
{
	: >/tmp/in.out
	tell in "count $1 $2"
	expect in 'count=[0-9]+\.' >&2
	value in count | tr -d .
}

heard_is()
{
	[ "$(heard "$1" "$2")" = "$3" ]
}

# once CPU NUMBER COMMAND... - it comes one more time, and no more often
once()
{
	local cpu=$1 number=$2 before
	before=$(heard "$cpu" "$number")
	shift 2
	"$@" || return
	until_true heard_is "$cpu" "$number" $((before + 1)) || return
	usleep 100000
	heard_is "$cpu" "$number" $((before + 1))
}

call()
{
	answers in "call $1 $2" "result=$3"
}

# each_comes WHAT COMMAND... - one of each kind; the command gets vCPU and number
each_comes()
{
	local number
	for number in $numbers; do
		once 1 "$number" "$@" 1 "$number" || return
	done
	for number in $INJECT_LINES; do
		once 0 "$number" "$@" 1 "$number" || return
	done
}

inject()
{
	axvmctl inject in --vcpu "$1" --irq "$2"
}

call_ok()
{
	call "$1" "$2" '0$'
}

three_times()
{
	for _ in 1 2 3; do
		each_comes "$@" || return
	done
}

nothing_else()
{
	answers other total 'total done' && [ "$(value other heard)" = 0 ]
}

case $(uname -m) in
aarch64) modes='emulated passthrough' ;;
*) modes='passthrough emulated' ;;
esac
nr=0
for mode in $modes; do
	nr=$((nr + 11))
done
plan $((nr + 12))

cell other 3 "$(guest inject.elf)"
start other
ok "a cell that nobody means" expect other 'ready cpus=1'
for mode in $modes; do
	cell in 1,2 "\"interrupts\": \"$mode\", $(guest inject.elf)"
	start in
	numbers=$INJECT
	[ "$(uname -m)$mode" = aarch64passthrough ] && numbers='5 14'
	ok "$mode: a guest that takes all interrupts" expect in 'ready cpus=2'
	ok "$mode: each that is injected comes once, also into idle CPUs" three_times inject
	ok "$mode: each that a sibling calls for comes once" three_times call_ok
	first=${numbers%% *}
	ok "$mode: a CPU can call itself" once 0 "$first" call 0 "$first" '0$'
	ok "$mode: there is no vCPU 2 to call" call 2 "$first" -22
	ok "$mode: nor one of another cell" call 4294967296 "$first" -22
	ok "$mode: nor every interrupt" call 1 "${INJECT_NOT%% *}" -22
	axvmctl suspend in
	before=$(count in exits hypercall)
	ok "$mode: a suspended one takes it too" inject 1 "$first"
	axvmctl resume in
	ok "$mode: when it goes on" answers in "count 1 $first" 'count=[0-9]+\.'
	ok "$mode: a flood of calls ends" answers in "calls 1 $first 3000" 'result=0'
	say "$mode: hypercalls: $(($(count in exits hypercall) - before))"
	ok "$mode: a flood from outside does no harm" sh -c "
		for i in \$(seq 100); do axvmctl inject in --vcpu \$((i % 2)) --irq $first || exit; done"
	[ "$mode" = "${modes##* }" ] || destroy in
done

for number in $INJECT_NOT; do
	refused "interrupt $number is refused" "interrupt $((number)) cannot be injected" inject 0 "$number"
done
refused "a vCPU that is not there" 'vCPU 2 does not exist.*has vCPUs 0-1' inject 2 "$first"
refused "no cell" 'there is no cell "nobody"' axvmctl inject nobody --vcpu 0 --irq 64
axvmctl stop in
refused "a stopped cell" 'does not run' inject 0 "$first"
destroy in
cell in 1,2 "$(guest hello.elf)"
start in
expect in uart=ok
refused "a vCPU that its guest has not started" 'vCPU 1 .*not started by its guest' inject 1 "$first"
destroy in
cell in 1 "\"interrupts\": \"none\", $(guest hello.elf)"
start in
expect in uart=ok
refused "a cell without interrupts" 'interrupts "none"' inject 0 "$first"
ok "nobody else heard any of it" nothing_else
destroy in
destroy other
ok "all CPUs are back" all_cpus_back
