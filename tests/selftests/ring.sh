# SPDX-License-Identifier: GPL-2.0
# Talks through channels, on top of ivc.sh: ring.elf in cells, ringpeer on Linux.
# shellcheck shell=dash

# well N - what a talk of N messages that went well reports after its name
well()
{
	echo "result=0 messages=$1 bytes=[0-9]+ sum=0x[0-9a-f]+ bad=0 .*guard=whole\\."
}

# talks NAME SIDE TARGET - its guest begins a life on that side
talks()
{
	does "$1" "talk $2 $3" 'talk result=0\.'
}

# serves NAME - its guest echoes and receives until it is told the end
serves()
{
	does "$1" serve serving
}

# lies NAME - its guest writes nonsense until it is rung
lies()
{
	does "$1" scribble scribbling
}

# answered NAME REGEX - what it was told before has come to this end
answered()
{
	expect "$1" "$2" && cp "/tmp/$1.out" "/tmp/$1.answer"
}

# linux DEVICE SIDE TARGET WHAT [N] - a program on the host begins
linux()
{
	timeout "$PATIENCE" ringpeer "$@" >/tmp/linux.out 2>&1 &
	linux_pid=$!
	until_true grep -q ready /tmp/linux.out
}

# linux_did REGEX - it has come to this end
linux_did()
{
	wait "$linux_pid"
	cp /tmp/linux.out /tmp/linux.answer
	cat /tmp/linux.out
	grep -qE "$1" /tmp/linux.out
}

# same_end NAME NAME - both report the same bytes and sum
same_end()
{
	local name end first=
	for name in "$@"; do
		end=$(grep -ao 'bytes=[0-9]* sum=0x[0-9a-f]*' "/tmp/$name.answer" | tail -n 1)
		echo "$name: $end"
		[ -n "$end" ] && [ "$end" = "${first:-$end}" ] || return 1
		first=$end
	done
}
