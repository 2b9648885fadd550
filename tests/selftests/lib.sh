# SPDX-License-Identifier: GPL-2.0
# TAP for the selftests; each file sources it. Results go to standard output,
# everything that commands say goes to standard error, the host's console.
#
#	plan 2
#	ok "the module is loaded" grep -q '^axvm ' /proc/modules
#	fails "a second load is refused" insmod /lib/axvm/axvm.ko

# shellcheck shell=dash

exec 3>&1 1>&2
test_number=0

# Seconds after which something that should happen is given up. An emulated
# CPU can stand still for a while, so this is long; nothing waits it out when
# all is well.
PATIENCE=${PATIENCE:-240}

plan()
{
	echo "1..$1" >&3
}

# result STATUS NAME - returns STATUS
result()
{
	test_number=$((test_number + 1))
	if [ "$1" = 0 ]; then
		echo "ok $test_number - $2" >&3
	else
		echo "not ok $test_number - $2" >&3
	fi
	return "$1"
}

# say TEXT - a remark in the TAP stream
say()
{
	printf '%s\n' "$*" | sed 's/^/# /' >&3
}

# ok NAME COMMAND... - the command must succeed; what it said is shown if not
ok()
{
	local name=$1 status
	shift
	"$@" >/tmp/said 2>&1
	status=$?
	cat /tmp/said
	result "$status" "$name"
	[ "$status" = 0 ] || say "status $status of: $*
$(tail -n 20 /tmp/said)"
	return "$status"
}

# fails NAME COMMAND... - the command must fail, and not by a signal
fails()
{
	local name=$1 status
	shift
	"$@" >/tmp/said 2>&1
	status=$?
	cat /tmp/said
	[ "$status" != 0 ] && [ "$status" -lt 126 ]
	result $? "$name"
}

# refused NAME REGEX COMMAND... - the command must fail and give that reason
refused()
{
	local name=$1 regex=$2 status
	shift 2
	"$@" >/tmp/said 2>&1
	status=$?
	cat /tmp/said
	[ "$status" != 0 ] && [ "$status" -lt 126 ] && grep -qE "$regex" /tmp/said
	result $? "$name" || say "status $status, wanted /$regex/, of: $*
$(tail -n 20 /tmp/said)"
}

# skip NAME WHY
skip()
{
	test_number=$((test_number + 1))
	echo "ok $test_number - $1 # SKIP $2" >&3
}

# until_true COMMAND... - try again until it succeeds or patience runs out
until_true()
{
	local end=$(($(cut -d. -f1 /proc/uptime) + PATIENCE))
	until "$@"; do
		[ "$(cut -d. -f1 /proc/uptime)" -lt "$end" ] || return 1
		usleep 200000
	done
}

# expect_after_panic COUNT REGEX DESCRIPTION - lines on the debug port, which
# the host does not use, that must come once this host is dead
expect_after_panic()
{
	echo "@after-panic $1 $2 - $3" >&3
}

online_cpus()
{
	cat /sys/devices/system/cpu/online
}

# mem_free - kilobytes that nobody uses, with caches dropped so that two readings
# compare; pages on the lists of single CPUs are free too, but not in MemFree
mem_free()
{
	sync
	echo 3 >/proc/sys/vm/drop_caches
	awk '/^MemFree:/ { kb = $2 } $1 == "count:" { kb += 4 * $2 } END { print kb }' \
		/proc/meminfo /proc/zoneinfo
}

# starve WHAT CELL... - see nlstarve.c; needs a kernel that can_starve
starve()
{
	local dir
	[ -d /sys/kernel/debug/failslab ] || mount -t debugfs debugfs /sys/kernel/debug
	for dir in /sys/kernel/debug/failslab /sys/kernel/debug/fail_page_alloc; do
		echo N >$dir/ignore-gfp-wait
		echo 0 >$dir/verbose
	done
	echo 0 >/sys/kernel/debug/fail_page_alloc/min-order
	nlstarve "$@"
}

can_starve()
{
	[ -e /proc/self/fail-nth ]
}
