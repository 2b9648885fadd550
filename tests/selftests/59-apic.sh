#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# The emulated local APIC of an x86 cell: by the manual, then against a guest
# that writes whatever can be written, with a neighbour that must not notice.
# host: arch=x86_64

# shellcheck shell=dash
. ./cells.sh
plan 22

emulated()
{
	cell "$1" "$2" "\"interrupts\": \"emulated\", $(guest "$3")"
	start "$1"
}

free=$(mem_free)
run stray 3 stray.elf
ok "a neighbour" expect stray 'ready cpus=1'

emulated apic 1 apic.elf
ok "apic: by the manual" expect apic 'checks=[0-9]* bad=0\.'
say "$(grep -o 'wrong.*' /tmp/apic.out)" "checks: $(value apic checks)"
ok "apic: no sleep outlasts its timer" expect apic 'sleeps=6000'
ok "apic: all that can be written" expect apic 'survived'
ok "apic: a timer that never rests" expect apic 'storm=limited'
say "$(value apic ticks) ticks in $(value apic us) microseconds"
ok "apic: it goes on" answers apic x alive
ok "apic: suspend" axvmctl suspend apic
ok "apic: resume" axvmctl resume apic
ok "apic: and on" answers apic x alive
destroy apic

emulated icr 1 icr.elf
ok "icr: every interrupt command there is" expect icr 'survived'
ok "icr: foreign ones were refused" test "$(count icr counters ipi-refused)" -gt 1000
ok "icr: its own worked" test "$(value icr self55)" -gt 0
ok "icr: it goes on" answers icr x alive
destroy icr

emulated msrs 1 msrs.elf
ok "msrs: every MSR" expect msrs 'survived'
ok "msrs: each access worked or raised #GP" said msrs 'other=0'
destroy msrs

emulated smp 1,2 smp.elf
ok "smp: no interrupt between vCPUs is lost" expect smp 'wrong=0 done'
ok "smp: nor when it is done again" answers smp again 'wrong=0 done'
destroy smp

emulated nolapic 1 nolapic.elf
ok "nolapic: without it" expect nolapic 'ready fault=-1'
ok "nolapic: it goes on" answers nolapic x alive
destroy nolapic

ok "none of it reached the neighbour" answers stray report 'strays=0'
destroy stray
ok "all CPUs are back" all_cpus_back
ok "all memory is back" memory_back "$free"
