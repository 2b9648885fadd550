#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# The module loads, says so, and leaves without a trace, many times over.
# host: kernel=debug,6.1,6.12 module=no

# shellcheck shell=dash
. ./lib.sh
plan 4

load_and_unload()
{
	local left=10
	while [ $((left -= 1)) -ge 0 ]; do
		insmod /lib/axvm/axvm.ko && rmmod axvm || return 1
	done
}

said_version()
{
	dmesg | grep -q 'axvm: version'
}

ok "insmod" insmod /lib/axvm/axvm.ko
ok "the kernel log names the version" said_version
ok "rmmod" rmmod axvm
ok "ten more times" load_and_unload
