# SPDX-License-Identifier: GPL-2.0
# Is the host as it was? Sourced by run-selftests and run-kunit; what is wrong
# goes to the control line as "@fail NAME reason".

ONLINE=/sys/devices/system/cpu/online
LEAKS=/sys/kernel/debug/kmemleak
COMPLAINT='BUG:|WARNING:|Oops|general protection fault|INFO: task .* blocked'
COMPLAINT="$COMPLAINT|kmemleak: [1-9]|refcount_t:|list_(add|del) corruption"
COMPLAINT="$COMPLAINT|UBSAN|Call Trace|stack-protector"

tell()
{
	echo "$*" >"$AXVM_CTL"
}

# begin NAME - remember what the host looks like before NAME runs
begin()
{
	online_before=$(cat "$ONLINE")
	[ ! -w "$LEAKS" ] || echo clear >"$LEAKS"
	tell "@begin $1"
	echo "axvm-test: begin $1" >/dev/kmsg
}

kernel_log_of()
{
	dmesg | sed "1,/axvm-test: begin $1\$/d"
}

# An object younger than five seconds is no leak yet in kmemleak's eyes.
find_leaks()
{
	[ -w "$LEAKS" ] || return 1
	sleep 6
	echo scan >"$LEAKS"
	echo scan >"$LEAKS"
	grep -q . "$LEAKS"
}

# end NAME STATUS - compare, and report all that differs
end()
{
	local now line
	now=$(cat "$ONLINE")
	[ "$now" = "$online_before" ] ||
		tell "@fail $1 CPUs on line were $online_before and are $now"
	kernel_log_of "$1" | grep -E "$COMPLAINT" |
		while read -r line; do tell "@fail $1 kernel: $line"; done
	if find_leaks; then
		tell "@fail $1 memory leaked:"
		sed 's/^/# /' "$LEAKS" >"$AXVM_CTL"
	fi
	tell "@end $1 $2"
}
