#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# The slow path: registers that the host half answers, through the test device.
# The vCPU that asks waits, its siblings do not; and whatever is done to the cell
# meanwhile is not held up by it.

# shellcheck shell=dash
. ./cells.sh
plan 33

TESTDEV='"devices": [{"testdev": {"gpa": "0x0b000000"}}]'

# hostcall NAME CPUS [GUEST]
hostcall()
{
	cell "$1" "$2" "$(guest "${3:-hostcall.elf}"), $TESTDEV"
	start "$1"
}

# asks NAME MICROSECONDS - it waits for an answer that takes so long
asks()
{
	: >"/tmp/$1.out"
	tell "$1" "slow $2" && expect "$1" 'asking' && until_true asking "$1"
}

asking()
{
	axvmctl show --json "$1" | grep -q '"state": "asking"'
}

# accessed NAME - how often it reached the test device
accessed()
{
	axvmctl stats --json "$1" | tr -d ' \n' | grep -o '@0xb000000":[0-9]*' |
		awk -F: '{ sum += $2 } END { print sum + 0 }'
}

# accesses NAME - to all emulated registers together; exits_for NAME - for them
accesses()
{
	axvmctl stats --json "$1" | tr -d ' \n' | grep -o '"devices":{[^}]*}' | grep -o ':[0-9]*' |
		awk -F: '{ sum += $2 } END { print sum + 0 }'
}

exits_for()
{
	echo $(($(count "$1" exits mmio) + $(count "$1" exits pio)))
}

free=$(mem_free)
ok "instructions with one access and more" hostcall forms 1,2 hostforms.elf
ok "have each access once" expect forms 'tried=[0-9]+ bad=0'
destroy forms

ok "a cell with a test device" hostcall a 1,2
ok "starts" expect a 'ready cpus=2'
ok "each register is answered" answers a check 'check bad=0'
now=$(date +%s)
ok "host time is the host's" test "$((now - $(value a time)))" -lt 600

first=$(accessed a)
ok "500 reads" answers a 'many 500' 'many count=500'
said=$(accesses a) exits=$(exits_for a)
say "to the device $(($(accessed a) - first)), in all $said, exits $exits, events $(count a counters event)"
ok "are 501 accesses" test "$(($(accessed a) - first))" = 501
ok "each with one exit" test "$exits" = "$said"

ok "while one vCPU waits for 2 s" answers a 'slow 2000000' 'slow value=2000000'
say "$(grep slow /tmp/a.out)"
ok "it did wait" test "$(value a us)" -ge 1900000
# It ran in so many of 200 slices of 10 ms; all of them, but for what an emulator needs.
ok "the other went on" test "$(value a others)" -gt 20

ok "a vCPU that waits" asks a 10000000
ok "can be suspended" axvmctl suspend a
ok "and resumed" axvmctl resume a
ok "and gets its answer" expect a 'slow value=10000000'
ok "another one" asks a 3000000
ok "is suspended while the answer comes" axvmctl suspend a
sleep 6
fails "and says nothing then" said a 'slow value'
ok "until it is resumed" axvmctl resume a
ok "which ends its waiting" expect a 'slow value=3000000'

ok "a vCPU that waits" asks a 10000000
: >/tmp/a.out
ok "can be reset" axvmctl reset a
ok "and starts anew" expect a 'ready cpus=2'
ok "with answers of its own" answers a check 'check bad=0'
ok "a vCPU that waits" asks a 10000000
ok "can be stopped" axvmctl stop a
: >/tmp/a.out
axvmctl start a
expect a 'ready cpus=2'
asks a 10000000
ok "and its cell destroyed" destroy a

hostcall b 1,2
expect b 'ready cpus=2'
ok "both vCPUs ask at the same time, each gets its own answers" answers b flood 'flood cpus=2 wrong=0'
ok "so do two cells" hostcall c 3
expect c 'ready cpus=1'
tell c 'many 300'
answers b flood 'flood cpus=2 wrong=0'
expect c 'many count=300'
destroy c

tell b 'end 0x1000'
ok "an access beyond its end fails the cell, and nobody else" becomes b failed
destroy b
ok "the kernel has nothing to say" kernel_clean
ok "all CPUs and memory are back" sh -c ". ./cells.sh; all_cpus_back && memory_back $free"
