# SPDX-License-Identifier: GPL-2.0
# Cells for the selftests, on top of lib.sh: made from a few words, their
# consoles kept in files, their numbers read without a JSON parser.
#
#	cell hello 1 '"image": {"file": "/axvm/guests/hello.elf"}'
#	start hello; expect hello 'uart=ok'; tell hello text; destroy hello
# shellcheck shell=dash

. ./lib.sh
. "./arch/$(uname -m).sh"
POKE=/sys/module/axvm_poke/parameters

guest()
{
	echo "\"image\": {\"file\": \"/axvm/guests/$1\"}"
}

# ram OFFSET - the GPA (and, in the test host, HPA) that far into memory
ram()
{
	printf '0x%x' $((RAM + $1))
}

# cell NAME CPUS MEMBERS [SIZE] - write /tmp/NAME.json
cell()
{
	echo "{ \"name\": \"$1\", \"cpus\": [$2], \"memory\": [{\"size\": \"${4:-16M}\"}], $3 }" >"/tmp/$1.json"
}

# start NAME - create it, keep what its console says in /tmp/NAME.out, start it
start()
{
	axvmctl create --no-start "/tmp/$1.json" >/dev/null || return
	: >"/tmp/$1.out"
	cat "$(tty_of "$1")" >>"/tmp/$1.out" 2>/dev/null &
	axvmctl start "$1"
}

# run NAME CPUS GUEST [SIZE] - cell and start
run()
{
	cell "$1" "$2" "$(guest "$3")" "${4:-}"
	start "$1"
}

destroy()
{
	axvmctl destroy "$@"
}

tty_of()
{
	field "$1" console
}

# tell NAME TEXT - a line to its console
tell()
{
	printf '%s\n' "$2" >"$(tty_of "$1")"
}

said()
{
	grep -qE "$2" "/tmp/$1.out"
}

# expect NAME REGEX - its console says that, sooner or later
expect()
{
	until_true said "$1" "$2" && return
	echo "$1 never said /$2/, but:"
	tail -n 20 "/tmp/$1.out"
	axvmctl show "$1"
	return 1
}

# answers NAME TEXT REGEX - it says that after being told TEXT
answers()
{
	: >"/tmp/$1.out"
	tell "$1" "$2" && expect "$1" "$3"
}

# value NAME KEY - the last KEY=VALUE that its console said
value()
{
	grep -o "$2=[^ ]*" "/tmp/$1.out" | tail -n 1 | cut -d= -f2 | tr -d '\r'
}

# field NAME KEY - first member KEY of what "show" says, without quotes
field()
{
	axvmctl show --json "$1" | grep -m 1 "\"$2\":" | sed 's/^[^:]*: *//; s/,$//; s/"//g'
}

# stop_of NAME KEY - member KEY of why it stopped
stop_of()
{
	axvmctl show --json "$1" | sed -n '/"stop": {/,/}/p' | grep -m 1 "\"$2\":" |
		sed 's/^[^:]*: *//; s/,$//; s/"//g'
}

# count NAME MEMBER KEY - sum over its vCPUs of a number in "exits" or "counters"
count()
{
	axvmctl show --json "$1" | tr -d ' \n' | grep -o "\"$2\":{[^}]*}" | grep -o "\"$3\":[0-9]*" |
		awk -F: '{ sum += $2 } END { print sum + 0 }'
}

# exits NAME - of all kinds and vCPUs
exits()
{
	axvmctl show --json "$1" | tr -d ' \n' | grep -o '"exits":{[^}]*}' | grep -o ':[0-9]*' |
		awk -F: '{ sum += $2 } END { print sum + 0 }'
}

in_state()
{
	[ "$(field "$1" state)" = "$2" ]
}

# becomes NAME STATE
becomes()
{
	until_true in_state "$1" "$2" && return
	echo "$1 did not become $2:"
	axvmctl show "$1"
	return 1
}

# stopped_by NAME CAUSE
stopped_by()
{
	[ "$(stop_of "$1" cause)" = "$2" ] && return
	axvmctl show "$1"
	return 1
}

all_cpus_back()
{
	[ "$(online_cpus)" = "$(cat /sys/devices/system/cpu/possible)" ] && same_features && return
	echo "CPUs on line: $(online_cpus)"
	return 1
}

# What a CPU can do is still what the others can: nothing of the core's is left in it.
same_features()
{
	[ "$(grep -E '^(flags|Features)' /proc/cpuinfo | sort -u | wc -l)" = 1 ] && return
	grep -E '^(flags|Features)' /proc/cpuinfo | sort | uniq -c
	return 1
}

# memory_back KB - as much is free as then, but for what Linux itself needed since
SLACK=6144
memory_back()
{
	local now
	now=$(mem_free)
	echo "free memory was $1 kB and is $now kB"
	[ "$now" -ge $(($1 - SLACK)) ]
}

no_cells()
{
	[ "$(axvmctl list --json | tr -d ' \n')" = "[]" ]
}

# poke PARAMETER VALUE; poked PARAMETER - see modules/poke.c
poke()
{
	[ -d "$POKE" ] || insmod /lib/axvm/axvm_poke.ko || return
	echo "$2" >"$POKE/$1"
}

poked()
{
	cat "$POKE/$1"
}

# kernel_clean - since the file began
KERNEL_LOG_START=$(dmesg | wc -l)
kernel_clean()
{
	! dmesg | tail -n +$((KERNEL_LOG_START + 1)) | grep -E 'BUG:|WARNING:|Oops|soft lockup|blocked for more|Uhhuh|No irq handler'
}

# linux_count - how often Linux had the interrupts of cells that it forwards
linux_count()
{
	awk '/axvm cell/ { for (i = 2; i <= NF && $i ~ /^[0-9]+$/; i++) sum += $i } END { print sum + 0 }' \
		/proc/interrupts
}

# burst_held MOST MORE - of so many at once a few go on to the cell: in each jiffy MOST, and MORE
burst_held()
{
	local before came jiffies
	before=$(linux_count)
	poke burst "$(awk '/axvm cell/ { print $1 + 0; exit }' /proc/interrupts)" || return
	sleep 1
	came=$(($(linux_count) - before))
	jiffies=$(poked burst)
	echo "of 2000 in $jiffies jiffies came $came"
	[ "$came" -gt 0 ] && [ "$came" -le $(($1 * jiffies + $2)) ]
}
