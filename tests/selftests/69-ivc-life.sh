#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# How channels end: whatever can happen to either side, at each step of the
# protocol. Linux holds each channel and looks on; a third cell must not notice.
# host: kernel=debug,6.1,6.12

# shellcheck shell=dash
. ./ivc.sh
plan 106

DEV=/dev/axvm/ivc-pub.7
SIZE=8192

# ask - what the looker-on sees now: the sum and the table, in /tmp/held
ask()
{
	: >/tmp/held
	echo >&7
	until_true grep -q 'table .*\.' /tmp/held
}

sees()
{
	ask && grep -qE "$1" /tmp/held && return
	cat /tmp/held
	return 1
}

# watch - Linux opens the channel, keeps it mapped and looks when told to
watch()
{
	rm -f /tmp/fifo
	mkfifo /tmp/fifo
	ivcpeer $DEV $SIZE hold </tmp/fifo >>/tmp/held &
	watcher=$!
	exec 7>/tmp/fifo
	: >/tmp/held
	until_true grep -q holding /tmp/held
}

unwatch()
{
	exec 7>&-
	wait "$watcher"
}

# Each step begins with two new cells.
published()
{
	peer pub 1 '"publish": [7]'
	peer sub 2 '"subscribe": [{"cell": "pub", "key": 7}]'
	gives pub "publish 7 $SIZE" 0
	does pub 'fill 7 42' 'sum='
	watch
}

subscribed()
{
	published
	gives sub 'subscribe any 7' 0
}

# In the middle of doorbells, and in the middle of a message that does not fit.
ringing()
{
	subscribed
	tell sub 'echo any 7 any 0'
	expect sub 'echo ready'
	tell pub "ping any 7 $(id_of sub) 100000000 0"
	sleep 1
}

sending()
{
	subscribed
	tell pub 'send 7 100000000 3'
	sleep 1
}

# What can happen to a side, as long as it listens to its console, or always.
unpublish()
{
	gives pub 'unpublish 7' 0
}

unsubscribe()
{
	gives sub 'unsubscribe any 7' 0
}

failure_pub()
{
	does pub "poke 7 $SIZE 1" poking && becomes pub failed
}

failure_sub()
{
	does sub "poke 7 $SIZE 1" poking && becomes sub failed
}

# to_pub STEP EVENT STATE COMMAND... - the table's state afterwards; the memory stays
to_pub()
{
	local step=$1 event=$2 state=$3 name
	shift 3
	$step
	ask
	cp /tmp/held /tmp/held.before
	name="$step, then $event: the others are told, and keep what they had"
	"$@"
	ok "$name" to_pub_seen "$step" "$state"
	unwatch
	destroy pub sub 2>/dev/null || destroy sub
	ok "$step, then $event: nothing stays behind" no_channels
}

to_pub_seen()
{
	sees "state=$2 " || return
	# With nobody writing any more, nothing may change.
	case $1 in published | subscribed) [ "$(grep -o 'sum=.*' /tmp/held)" = "$(grep -o 'sum=.*' /tmp/held.before)" ] || return ;; esac
	case $1 in subscribed) does sub 'sum 7' 'sum=' && rung sub 1 && table_says sub 7 "state=$2 " ;; esac
}

# to_sub STEP EVENT STATE COMMAND... - the peer's state afterwards; the channel stays
to_sub()
{
	local step=$1 event=$2 state=$3
	shift 3
	$step
	"$@"
	ok "$step, then $event of the subscriber: the others are told" sees "state=1 .*p2=[0-9]+/$state/"
	unwatch
	destroy pub sub 2>/dev/null || destroy pub
	ok "$step, then $event of the subscriber: nothing stays behind" no_channels
}

free=$(mem_free)
run other 3 tick.elf
expect other ready

for step in published subscribed ringing sending; do
	case $step in published | subscribed)
		to_pub $step unpublish 2 unpublish
		to_pub $step failure 3 failure_pub ;;
	esac
	to_pub $step "revoking by the host" 2 axvmctl ivc destroy pub.7
	to_pub $step stop 3 axvmctl stop pub
	to_pub $step reset 3 axvmctl reset pub
	to_pub $step destroy 3 axvmctl destroy pub
done
for step in subscribed ringing sending; do
	case $step in subscribed | sending) to_sub $step unsubscribe 2 unsubscribe ;; esac
	case $step in subscribed) to_sub $step failure 3 failure_sub ;; esac
	to_sub $step detach 2 axvmctl ivc detach pub.7 sub
	to_sub $step stop 3 axvmctl stop sub
	to_sub $step reset 3 axvmctl reset sub
	to_sub $step destroy 3 axvmctl destroy sub
done

# What the host attached stays: stopped peers can be rung, suspended ones get it later.
peer a 1 ''
peer b 2 ''
axvmctl ivc create pair --publisher a --size 16K >&2
axvmctl ivc attach pair b >&2
ok "a guest finds what the host attached" gives a 'publish 0 1' 0
ok "once" gives a 'publish 0 1' -17
ok "and so does a subscriber" gives b 'subscribe any 0' 0
axvmctl suspend b
b1=$(id_of b)
ok "a suspended peer can be rung" gives a "ring any 0 $b1" 0
axvmctl resume b
ok "and gets it when it goes on" rung b 1
axvmctl stop b
ok "a stopped one is told of" table_says a 0 "p1=$b1/4/3/"
ok "and can be rung" gives a "ring any 0 $b1" 0
: >/tmp/b.out
axvmctl start b
expect b ready
ok "its new guest finds the channel" gives b 'subscribe any 0' 0
ok "and who rang" does b 'take any 0' 'bits=0x[13579bdf]\.'
ok "the others that it is new" table_says a 0 "p1=$b1/1/3/[2-9]"
ok "the publisher's end by the host's hand" axvmctl ivc detach pair a
ok "revokes it" table_says b 0 'state=2 .*p0=[0-9]*/2/'
ok "a new one may have its name" axvmctl ivc create pair --key 5
ok "which is another" test "$(axvmctl ivc list --json | grep -c '"name": "pair"')" = 2
axvmctl ivc destroy pair
destroy a b

# While it is only loaded, and while it is suspended.
cell a 1 "$(guest ivc.elf)" 4M
axvmctl create --no-start /tmp/a.json >&2
axvmctl ivc create pair --size 8K --linux none >&2
ok "attaching to a loaded cell" axvmctl ivc attach pair a --gpa 0xf0000000
: >/tmp/a.out
cat "$(tty_of a)" >>/tmp/a.out &
axvmctl start a
expect a ready
ok "its guest finds it where it was wanted" does a 'subscribe 0 0' 'result=0 gpa=0xf0000000 size=8192\.'
axvmctl suspend a
ok "detaching from a suspended one" axvmctl ivc detach pair a
axvmctl resume a
ok "it is gone then" gives a 'unsubscribe 0 0' -2
ok "an access to where it was" does a 'at 0xf0000000' looking
ok "fails the cell" becomes a failed
axvmctl ivc destroy pair
destroy a

# Memory: too much of it, and all there is room for.
peer a 1 ''
if can_starve; then
	ok "out of memory at each allocation of create and attach" starve channels a
	say "$(grep starved: /tmp/said)"
else
	skip "out of memory at each allocation of create and attach" "this kernel has no fault injection"
fi
ok "leaves nothing behind" no_channels
ok "and the cell as it was" gives a 'subscribe 0 1' -1
destroy a

# Many times what the comparison at the end allows to be missing.
large_ones()
{
	local n=0
	while [ $((n += 1)) -le 8 ]; do
		axvmctl ivc create large --size 4M --linux none && axvmctl ivc attach large a || return
		[ $((n % 2)) = 0 ] || axvmctl ivc detach large a || return
		axvmctl ivc destroy large || return
	done
}

large_ones_of_its_own()
{
	local n=0
	while [ $((n += 1)) -le 8 ]; do
		gives a 'publish 7 4194304' 0 || return
		: >/tmp/a.out
		axvmctl reset a && expect a ready || return
	done
}

before=$(mem_free)
peer a 1 '"publish": [7], "max_bytes": "4M"'
ok "32 MiB of channels that the host destroys" large_ones
ok "32 MiB of them whose publisher dies" large_ones_of_its_own
destroy a
ok "are all given back" memory_back "$before"
refused "more memory than there is" 'must stay with Linux|in one piece' axvmctl ivc create huge --size 900M
peer a 1 ''
n=0
while axvmctl ivc create "c$n" --key $n --size 4K >/dev/null 2>/tmp/why; do
	axvmctl ivc attach "c$n" a >/dev/null 2>/tmp/full || echo "$n $(cat /tmp/full)" >>/tmp/refusals
	n=$((n + 1))
done
ok "64 channels are all" test "$n" = 64
ok "which is said" grep -q 'there are 64 channels' /tmp/why
ok "16 of a cell are all" test "$(wc -l </tmp/refusals)" = 48
ok "which is said too" grep -q '16 channels, which is all' /tmp/refusals
for i in $(seq 0 63); do axvmctl ivc destroy "c$i"; done
ok "those that are attached are kept" test "$(axvmctl ivc list --json | grep -c '"hpa"')" = 16
destroy a
ok "until the cell goes" no_channels
cat /tmp/other.out >&2
tell other x
ok "the third cell has noticed nothing" expect other 'ticks='
destroy other
ok "all memory is back" memory_back "$free"
ok "the kernel has not complained" kernel_clean
