# SPDX-License-Identifier: GPL-2.0
# Cells with channels, for the selftests, on top of cells.sh. Its guest is ivc.elf.
# shellcheck shell=dash

. ./cells.sh

# peer NAME CPU IVC [MEMBERS] - write, create and start a cell whose "ivc" says that
peer()
{
	cell "$1" "$2" "$(guest ivc.elf), ${4:+$4, }\"ivc\": { $3 }" 4M
	start "$1" && expect "$1" ready
}

# does NAME COMMAND REGEX - one answer of its guest, kept in /tmp/NAME.answer
does()
{
	: >"/tmp/$1.out"
	tell "$1" "$2"
	expect "$1" "$3" || return
	until_true whole_lines "$1"
	cp "/tmp/$1.out" "/tmp/$1.answer"
}

# What the regular expression wanted can be there before the rest of its line is.
whole_lines()
{
	[ "$(tail -c 1 "/tmp/$1.out" | wc -l)" = 1 ]
}

# gives NAME COMMAND RESULT - a hypercall of its guest has this result
gives()
{
	: >"/tmp/$1.out"
	tell "$1" "$2"
	until_true said "$1" 'result=[-0-9]+[ .]' || { echo "$1: no answer to $2"; return 1; }
	said "$1" "result=$3[ .]" && return
	echo "$1: $2: $(grep -a result= "/tmp/$1.out"), wanted $3"
	return 1
}

# table_says NAME KEY REGEX - what a peer's state table says, sooner or later
table_says()
{
	until_true table_once "$1" "$2" "$3" && return
	cat "/tmp/$1.out"
	return 1
}

table_once()
{
	does "$1" "table $2" 'table .*\.' && grep -aqE "$3" "/tmp/$1.answer"
}

bells()
{
	does "$1" count 'bells=[0-9]+\.' >/dev/null && value "$1" bells | tr -d .
}

# rung NAME N - it has got at least that many doorbells, sooner or later
rung()
{
	until_true rung_once "$1" "$2"
}

rung_once()
{
	[ "$(bells "$1")" -ge "$2" ]
}

id_of()
{
	field "$1" id
}

# ivc_field NAME KEY - of a channel
ivc_field()
{
	axvmctl ivc show --json "$1" | grep -m 1 "\"$2\":" | sed 's/^[^:]*: *//; s/,$//; s/"//g'
}

no_channels()
{
	[ "$(axvmctl ivc list --json | tr -d ' \n')" = "[]" ] && return
	axvmctl ivc list
	return 1
}

# same_sum NAME... - the last "sum=" of each is the same and not 0
same_sum()
{
	local name sum first=
	for name in "$@"; do
		sum=$(grep -ao 'sum=0x[0-9a-f]*' "/tmp/$name.answer" | tail -n 1)
		echo "$name: $sum"
		[ -n "$sum" ] && [ "$sum" != sum=0x0 ] && [ "$sum" = "${first:-$sum}" ] || return 1
		first=$sum
	done
}
