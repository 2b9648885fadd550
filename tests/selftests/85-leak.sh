#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Fifty cells created, used and destroyed, and fifty creates that fail half way,
# in the debug kernel: lockdep and kmemleak look on, the runner asks them.
# host: kernel=debug

# shellcheck shell=dash
. ./cells.sh
plan 6

create_and_destroy()
{
	local n=0
	while [ $((n += 1)) -le 50 ]; do
		axvmctl create /tmp/a.json >/dev/null && destroy a || return
	done
}

fail_late()
{
	local n=0
	while [ $((n += 1)) -le 50 ]; do
		! axvmctl create /tmp/b.json 2>/dev/null || return
	done
}

cell a 1,2 "$(guest smp.elf)" 8M
axvmctl create /tmp/a.json && destroy a
free=$(mem_free)
ok "50 cells" create_and_destroy
ok "all memory is back" memory_back "$free"
# The second region cannot be found: the first one is undone.
echo "{\"name\": \"b\", \"cpus\": [1], \"memory\": [{\"size\": \"8M\"}, {\"type\": \"reserved\", \"gpa\": \"64M\", \"hpa\": \"16M\", \"size\": \"4M\"}], $(guest smp.elf)}" >/tmp/b.json
ok "50 creates that fail" fail_late
ok "all memory is back again" memory_back "$free"
ok "all CPUs are back" all_cpus_back
ok "the kernel has not complained" kernel_clean
