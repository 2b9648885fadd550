#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# What is counted of a cell's exits, the recorder, and the control plane's
# tracepoints.
#
# host: kernel=debug,6.1,6.12

# shellcheck shell=dash
. ./cells.sh
plan 35

TRACING=/sys/kernel/tracing

# stat_of NAME MEMBER KEY - sum over its vCPUs
stat_of()
{
	axvmctl stats --json "$1" | tr -d ' \n' | grep -o "\"$2\":{[^}]*}" |
		grep -o "\"$3\":[0-9]*" | awk -F: '{ sum += $2 } END { print sum + 0 }'
}

recorder()
{
	axvmctl stats --json "$1" | grep -m 1 '"recorder":' | cut -d'"' -f4
}

enough_recorded()
{
	[ "$(axvmctl record --json "$1" dump | grep -o '"seq": [0-9]*' | tail -n 1 | cut -d' ' -f2)" -ge 300 ]
}

mkdir -p "$TRACING" && mount -t tracefs none "$TRACING" 2>/dev/null
echo 1 >"$TRACING/events/axvm/enable"

run hello 1 hello.elf
ok "a guest that prints" expect hello uart=ok
ok "its exits are counted" test "$(stat_of hello exits "$UART_EXIT")" -gt 0
ok "as show has them" test "$(count hello exits "$UART_EXIT")" -le "$(stat_of hello exits "$UART_EXIT")"
ok "accesses to the UART are counted" test "$(stat_of hello devices "$UART_NAME")" -gt 0
ok "hypercalls are counted by number" test "$(stat_of hello hypercalls 0x101)" -gt 0
calls=$(stat_of hello hypercalls 0x101)
ok "and as exits" test "$(stat_of hello exits hypercall)" -ge "$calls"
ok "nothing is measured" test "$(stat_of hello ticks core)" = 0
ok "the recorder is off" test "$(recorder hello)" = off
ok "it can be switched on" axvmctl record hello on
ok "and is" test "$(recorder hello)" = on
answers hello some 'some'
ok "now time is measured" test "$(stat_of hello ticks core)" -gt 0
ok "in the guest too" test "$(stat_of hello ticks guest)" -gt "$(stat_of hello ticks core)"
ok "and what each reason costs" test "$(stat_of hello spent "$UART_EXIT")" -gt 0
ok "the table for people" sh -c "axvmctl stats hello | grep -q '2^n ticks: $UART_EXIT:'"
ok "records can be read" sh -c 'axvmctl record hello dump | tee /tmp/records; grep -qE "exit -1 +[a-z0-9-]+ +code 0x[0-9a-f]+ +PC 0x" /tmp/records'
ok "in the other order, too" sh -c 'axvmctl record dump hello | grep -q "exit -1 "'
ok "it can be switched off" axvmctl record hello off
ok "what was recorded stays" sh -c 'axvmctl record --json hello dump | grep -q "\"pc\": \"0x"'
before=$(stat_of hello spent "$UART_EXIT")
answers hello more 'more'
ok "and measures no more" test "$(stat_of hello spent "$UART_EXIT")" = "$before"
fails "only words that there are" axvmctl record hello maybe
refused "no stats of a cell that there is not" 'no cell' axvmctl stats nobody
ok "stats over a time" sh -c 'axvmctl stats --diff=2s hello >/tmp/diff; cat /tmp/diff; grep -q "TICKS EACH" /tmp/diff'
ok "leave the recorder as it was" test "$(recorder hello)" = off

run smp 2,3 smp.elf
expect smp 'done'
ok "top shows all cells" sh -c 'axvmctl top --count=1 </dev/null | tee /tmp/top; [ "$(grep -cE "^(hello|smp) " /tmp/top)" = 2 ]'
ok "interrupts between vCPUs are exits of the sender" test "$(stat_of smp exits ipi)" -ge 1000
destroy smp
destroy hello

# A cell that fails says what it did last, if it was recorded.
cell badjump 1 "$(guest badjump.elf)"
axvmctl create --no-start /tmp/badjump.json
ok "the recorder can be on before the start" axvmctl record badjump on
axvmctl start badjump
becomes badjump failed
ok "the last exits are in the log of a cell that failed" sh -c 'axvmctl log badjump | grep -q "exit -1: "'
ok "in what show says of it" sh -c 'axvmctl show badjump | grep -A 20 "stopped: " | grep -qE "exit -1 +[a-z0-9-]+ "'
ok "and all of them can be read" sh -c 'axvmctl record badjump dump | tail -n 1 | grep -qE "exit -1 +(fatal|stage2-fault) "'
axvmctl record badjump off
fails "with the recorder off they are not its last" sh -c 'axvmctl show --json badjump | grep -q records'
destroy badjump

# More than the ring holds: the last 256 of them, and in order.
run many 1 flood.elf
axvmctl record many on
until_true enough_recorded many
axvmctl stop many
ok "a full ring has 256 records" test "$(axvmctl record many dump | grep -c 'exit -')" = 256
ok "in order, without a gap" sh -c 'axvmctl record --json many dump | grep "\"seq\":" | grep -o "[0-9]*" | awk "NR > 1 && \$1 != last + 1 { bad = 1 } { last = \$1 } END { exit bad }"'
destroy many

ok "requests are traced" grep -q 'axvm_request: .*name=hello request=record result=0' "$TRACING/trace"
ok "and states" grep -q 'axvm_state: .*name=badjump from=[a-z]* to=failed' "$TRACING/trace"
fails "in a format that perf and trace-cmd can read" grep -E 'print fmt.*AXVM_' "$TRACING/events/axvm/axvm_request/format" "$TRACING/events/axvm/axvm_state/format"
echo 0 >"$TRACING/events/axvm/enable"
