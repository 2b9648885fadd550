#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Channels: one publisher with three subscribers, rights, doorbells that do not
# enter Linux, Linux as a peer, and what is refused. 69-ivc-life.sh has their ends.
# host: cpus=6 cmdline=init_on_alloc=0

# shellcheck shell=dash
. ./ivc.sh
plan 98

MARKER=0x3501978f909093de
MARK=0xcafe68706f6f6c21		# its inverse; 8 of them in a row are looked for

# marked PAGES - so many of the host's memory have that
marked()
{
	poke search $MARKER && echo "pages with the mark: $(poked search)" && [ "$(poked search)" = "$1" ]
}

# What Linux gives is not cleared by it, see the header.
poke soil 128
say "pages of free memory that were written to: $(poked soil)"
free=$(mem_free)
peer pub 1 '"publish": [7, {"key": 8, "subscribers": "ro", "linux": "ro"}, {"key": 9, "linux": "none"}], "max_bytes": "256K"'
rules='"subscribe": [{"cell": "pub", "key": 7}, {"cell": "pub", "key": 8}, {"cell": "pub", "key": 9}, {"cell": "nobody", "key": 7}]'
peer s1 2 "$rules"
# Not the mode that the others have: on arm64 a kick is another interrupt there.
case $(uname -m) in aarch64) mode=passthrough ;; *) mode=emulated ;; esac
peer s2 3 "$rules" "\"interrupts\": \"$mode\""
peer s3 4 '"subscribe": [{"cell": "pub", "key": 7, "rights": "ro"}, {"key": 70}]'
id=$(id_of pub)

ok "subscribing before there is a channel" gives s1 "subscribe $id 7" -2
ok "a guest publishes" does pub 'publish 7 60001' 'publish key=7 result=0 gpa=0x[0-9a-f]+ size=61440\.'
ok "twice is refused" gives pub 'publish 7 4096' -17
ok "a key that its configuration does not name" gives pub 'publish 10 4096' -1
ok "the same from a cell that may not publish" gives s1 'publish 7 4096' -1
ok "size 0" gives pub 'publish 8 0' -22
ok "a wild size" gives pub 'publish 8 0xffffffffffffffff' -22
ok "2 GiB" gives pub 'publish 8 0x80000000' -22
ok "more than max_bytes together" gives pub 'publish 8 208896' -12
ok "exactly max_bytes" gives pub 'publish 8 200704' 0
ok "and not a page more" gives pub 'publish 9 1' -12
ok "which is free again afterwards" gives pub 'unpublish 8' 0
ok "a key beyond 32 bits" gives pub 'raw 3 0x100000007 here here2' -22
ok "where to write: not memory" gives pub 'raw 3 8 0x50000000000 here' -14
ok "across the end of memory" gives pub "raw 3 8 here $(ram 0x3ffffc)" -14
ok "at the end of all addresses" gives pub 'raw 3 8 0xfffffffffffffffc here' -14
ok "the same with subscribe" gives s1 "raw 4 $id 7 $(ram 0x3ffff9) here" -14
ok "the last 8 bytes are as good as any" gives pub "raw 3 7 here $(ram 0x3ffff8)" -17
ok "unpublishing what is not there" gives pub 'unpublish 8' -2
ok "or another's" gives s1 'unpublish 7' -2
ok "unsubscribing from what one has not" gives s1 "unsubscribe $id 7" -2
ok "subscribing to oneself" gives pub "subscribe $id 7" -22
ok "to what the configuration does not allow" gives s3 "subscribe $id 8" -1
ok "to a cell that is not there" gives s1 'subscribe 12345 7' -2
ok "to a key of Linux's that is not there" gives s3 'subscribe 0 70' -2
ok "a hypercall that does not exist" gives pub 'raw 8 0 0 0 0' -38

ok "the first subscriber" does s1 "subscribe $id 7" 'key=7 result=0 gpa=0x[0-9a-f]+ size=61440\.'
ok "the second, by key only" gives s2 'subscribe any 7' 0
ok "the third, which may only read" gives s3 "subscribe $id 7" 0
ok "twice is refused" gives s1 "subscribe $id 7" -17
ok "all are in the table" table_says pub 7 "state=1 .*publisher=$id p0=$id/1/3/1 p1=$(id_of s1)/1/3/1 p2=$(id_of s2)/1/3/1 p3=$(id_of s3)/1/1/1\\."
ok "everybody sees the same" table_says s3 7 "state=1 .*p3=$(id_of s3)/1/1/1"
ok "the first words are publisher and key" does s2 'peek 7 0' "value=0x$(printf %x "$id")\\."
does s2 'peek 7 8' 'value=' && cp /tmp/s2.answer /tmp/key.answer
ok "as AxVisor's guests want" grep -aq 'value=0x7\.' /tmp/key.answer
ok "all else is zero" does s1 'sum 7' 'sum=0x0\.'
does pub 'fill 7 4711' 'sum='
does s1 'sum 7' 'sum='; does s2 'sum 7' 'sum='; does s3 'sum 7' 'sum='
ok "what the publisher writes arrives at all three" same_sum pub s1 s2 s3
does s2 'fill 7 815' 'sum='
does pub 'sum 7' 'sum='; does s3 'sum 7' 'sum='
ok "what a subscriber with the right writes, too" same_sum s2 pub s3

b1=$(bells s1); b2=$(bells s2); b3=$(bells s3)
ok "a doorbell for one" gives pub "ring $id 7 $(id_of s1)" 0
ok "reaches it" rung s1 $((b1 + 1))
ok "and nobody else" test "$(bells s2)$(bells s3)" = "$b2$b3"
ok "who may only read can ring" gives s3 "ring any 7 any" 0
ok "all others are rung" rung s2 $((b2 + 1))
ok "who it was" does s2 "take $id 7" 'bits=0x[0-9a-f]*8\.|bits=0x[0-9a-f]*[9a-f]\.'
ok "is told once" does s2 "take $id 7" 'bits=0x0\.'
ok "ringing nobody" gives pub "ring $id 7 12345" -6
ok "ringing oneself" gives pub "ring $id 7 $id" -6
ok "ringing a channel that one does not have" gives s3 'ring any 8 any' -2

# Cell to cell: the host's part is what the consoles cost, however many rounds.
linux_work()
{
	echo $(($(count pub counters event) + $(count s1 counters event)))
}

: >/tmp/s1.out
tell s1 "echo $id 7 $id 0"
expect s1 'echo ready'
before=$(linux_work)
ok "2000 times ping and pong with doorbells" does pub "ping $id 7 $(id_of s1) 2000 0" 'rounds=2000 .*last=2000\.'
after=$(linux_work)
say "events that Linux got meanwhile: $((after - before)) (console); $(grep -ao 'BENCH.*' /tmp/pub.answer | tr -d '\r')"
ok "the other end counts the same" expect s1 'echo rounds=2000\.'
say "bells of the publisher: $(value pub bells), of the other: $(bells s1)"
ok "interrupts came, several rings in one at most" test "$(value pub bells | tr -d .)" -ge 200
ok "none of it entered Linux" test $((after - before)) -lt 200
ok "the publisher's counter says how often it rang" test "$(axvmctl ivc show --json pub.7 | grep -m 1 '"sent"' | tr -dc 0-9)" -ge 2000
: >/tmp/s2.out
tell s2 "echo $id 7 $id 0"
expect s2 'echo ready'
ok "with a peer in another interrupt mode" does pub "ping $id 7 $(id_of s2) 200 0" 'rounds=200 .*last=200\.'
ok "which counts the same" expect s2 'echo rounds=200\.'
: >/tmp/s1.out
tell s1 'receive 7 100000'
does pub 'send 7 100000 99' 'sent words=100000 sum='
ok "800 KB in bulk" expect s1 'received words=100000 sum=' && until_true whole_lines s1
cp /tmp/s1.out /tmp/s1.answer
ok "arrive as they were sent" same_sum pub s1
does pub 'poke 7 192 0' poked; does pub 'poke 7 256 0' poked

ok "ringing a million times" gives s2 "ring $id 7 any 1000000" 0
ok "harms nobody" gives s1 'ring any 7 any' 0

dev=/dev/axvm/ivc-pub.7
linux_peer()
{
	ivcpeer $dev 61440 "$@" >/tmp/linux.answer
}

ok "Linux has a device for it" test -c $dev
linux_peer sum; does s1 'sum 7' 'sum='
ok "in which it sees the same" same_sum linux s1
linux_peer fill 1234; does s3 'sum 7' 'sum='
ok "and what it writes is seen" same_sum linux s3
ok "Linux was a peer, and left" table_says s1 7 'p4=0/2/3/2\.'
ivcpeer $dev 61440 echo "$id" >/tmp/echo.answer & echo=$!
ok "Linux is a peer" table_says pub 7 'p4=0/1/3/3\.'
ok "a cell and Linux: 300 times ping and pong" does pub "ping $id 7 0 300 0" 'rounds=300 .*last=300\.'
wait $echo
ok "Linux counts the same" grep -q 'echo rounds=300\.' /tmp/echo.answer
: >/tmp/s1.out
tell s1 'echo any 7 0 0'
expect s1 'echo ready'
ok "and the other way around" linux_peer ping "$(id_of s1)" 300
ok "the cell counts the same" expect s1 'echo rounds=300\.'
: >/tmp/s2.out
tell s2 'receive 7 20000'
linux_peer send 20000 5
expect s2 'received words=20000 sum=' && until_true whole_lines s2
cp /tmp/s2.out /tmp/s2.answer
ok "bulk from Linux to a cell" same_sum linux s2
does pub 'poke 7 192 0' poked; does pub 'poke 7 256 0' poked
linux_peer late
ok "what a program may not do" grep -q 'small-read=22 small-write=22 ring-nobody=6 private=22 beyond=22 across=22 write-table=13 mprotect=13 poll=0\.' /tmp/linux.answer
cat /tmp/linux.answer
linux_peer write-table
ok "the table cannot be written" grep -q 'fault\.' /tmp/linux.answer

ok "a channel that Linux may only read" gives pub 'publish 8 4096' 0
ok "for it as for subscribers" gives s1 'subscribe any 8' 0
ok "can be read by Linux" sh -c 'ivcpeer /dev/axvm/ivc-pub.8 4096 sum >/dev/null'
ok "but not filled" sh -c '! ivcpeer /dev/axvm/ivc-pub.8 4096 fill 1 2>/dev/null'
ok "one without Linux" gives pub 'publish 9 4096' 0
ok "has no device" test ! -e /dev/axvm/ivc-pub.9
ok "nor is Linux there to be rung" gives pub 'ring any 9 0' -6

axvmctl ivc list >&2
ok "the list has three" test "$(axvmctl ivc list --json | grep -c '"hpa"')" = 3
ok "a write by who may only read" does s3 'poke 7 1000 1' poking
ok "fails that cell" becomes s3 failed
ok "because of it" stopped_by s3 stage2-fault
ok "the others are told" table_says pub 7 "p3=$(id_of s3)/3/1/1"
does pub 'fill 7 1' 'sum='; does s1 'sum 7' 'sum='
ok "and go on" same_sum pub s1
ok "a write to the state table" does s1 'poke 7 61440 1' poking
ok "fails its writer too" becomes s1 failed

refused "a channel of that name" 'is a channel "pub.7" already' axvmctl ivc create pub.7 --key 1
refused "an unknown one" 'no channel "x"' axvmctl ivc show x
refused "attaching a cell that is not there" 'no cell "x"' axvmctl ivc attach pub.7 x
refused "or that has it" 'has it already' axvmctl ivc attach pub.7 s2
refused "where its memory is" 'something else' axvmctl ivc attach pub.8 s2 --gpa "$(ram 0)"
for at in 0 8 16 24 32 40 48 56; do
	does pub "poke 7 $((8192 + at)) $MARK" poked
done
ok "what is in a channel the host can find" marked 1
destroy pub s1 s2 s3
ok "with the cells their channels go" no_channels
ok "and what was in them" marked 0
ok "the benchmark" sh -c 'axvmctl ivc bench --image /axvm/guests/ivc.elf --rounds 50 --bytes 1M 1 2 >/tmp/bench'
say "$(cat /tmp/bench)"
ok "prints four latencies and three throughputs" test "$(grep -c ' ns ' /tmp/bench) $(grep -c 'MB/s' /tmp/bench)" = "4 3"
ok "and leaves nothing" no_cells
ok "all memory is back" memory_back "$free"
ok "the kernel has not complained" kernel_clean
rmmod axvm_poke
