#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Messages by uapi/axvm_ring.h between two cells, and between a cell and a Linux
# program: echoes, bulk transfer, a peer that starts anew, and one that lies.

# shellcheck shell=dash
. ./ivc.sh
. ./ring.sh
plan 35

free=$(mem_free)
talker()
{
	cell "$1" "$2" "$(guest ring.elf), \"ivc\": { $3 }" 4M
	start "$1" && expect "$1" ready
}
ok "a cell" talker a 1 '"publish": [5]'
ok "another" talker b 2 '"subscribe": [{"cell": "a", "key": 5}]'
a=$(id_of a); b=$(id_of b)

# Two cells
ok "one publishes" does a 'publish 5 16384' 'publish result=0 size=16384\.'
ok "the other subscribes" does b "subscribe $a 5" 'subscribe result=0 size=16384\.'
talks a 0 "$b"; talks b 1 "$a"
serves b
ok "300 messages there and back" does a 'ping 300' "ping $(well 300)"
ok "the other has had them" answered b "serve $(well 300)"
ok "the same ones" same_end a b
serves b
ok "2000 in bulk" does a 'bulk 2000' "bulk $(well 2000)"
ok "have arrived" answered b "serve $(well 2000)"
ok "as they were sent" same_end a b
say "$(grep -ao 'bulk .*' /tmp/a.answer | tr -d '\r')"
serves a
ok "and the other way around" does b 'bulk 500' "bulk $(well 500)"
ok "the same" answered a "serve $(well 500)"
same_end a b

# A peer that starts anew
serves a
ok "some messages" does b 'ping 20' "ping $(well 20)"
answered a "serve $(well 20)"
serves a
: >/tmp/b.out
axvmctl reset b >&2
ok "the other's guest starts anew" expect b ready
does b "subscribe $a 5" 'result=0'
talks b 1 "$a"
ok "and talks as if nothing had been" does b 'ping 30' "ping $(well 30)"
ok "the first was told that it started anew" answered a 'serve result=0 messages=30 .* bad=0 restarts=1 '

# A peer that lies
lies b; tell a 'endure 3000'
ok "a cell whose peer writes nonsense into all indices" answered a 'endure result=0 .* lies=[1-9][0-9]* guard=whole'
say "$(grep -ao 'endure .*' /tmp/a.answer | tr -d '\r')"
ok "that peer has not hurt itself" answered b 'scribble result=0 .* guard=whole'
ok "both run" test "$(field a state) $(field b state)" = "running running"
talks a 0 "$b"; talks b 1 "$a"
serves b
ok "and can begin again" does a 'ping 50' "ping $(well 50)"
answered b "serve $(well 50)"

# A Linux program: on the host
dev=/dev/axvm/ivc-a.5
linux "$dev" 1 "$a" serve
talks a 0 0
ok "a cell and a Linux program: there and back" does a 'ping 200' "ping $(well 200)"
ok "the program has had them" linux_did "serve $(well 200)"
ok "the same ones" same_end a linux
linux "$dev" 1 "$a" serve
talks a 0 0
ok "in bulk to the program" does a 'bulk 1000' "bulk $(well 1000)"
ok "have arrived" linux_did "serve $(well 1000)"
ok "as they were sent" same_end a linux
serves a
linux "$dev" 1 "$a" bulk 1000
ok "in bulk to the cell" linux_did "bulk $(well 1000)"
ok "which a program that has started anew can do" answered a "serve result=0 messages=1000 .* bad=0 restarts=[01] "
ok "as they were sent" same_end a linux
talks a 0 0
linux "$dev" 1 "$a" endure 3000
does a scribble scribbling
ok "a Linux program whose peer lies" linux_did 'endure result=0 .* lies=[1-9][0-9]* guard=whole'
answered a 'scribble'
linux "$dev" 1 "$a" scribble
talks a 0 0
tell a 'endure 3000'
ok "a cell whose Linux peer lies" answered a 'endure result=0 .* lies=[1-9][0-9]* guard=whole'
ok "which ends well" linux_did 'scribble result=0 .* guard=whole'

destroy a b
ok "with the cells their channels go" no_channels
ok "all memory is back" memory_back "$free"
ok "the kernel has not complained" kernel_clean
