# SPDX-License-Identifier: GPL-2.0
# For selftests with PCI functions, beside cells.sh.
# shellcheck shell=dash

GATEWAY=10.0.2.2	# QEMU's; it answers pings itself

# driver_is FUNCTION NAME - Linux's driver of it
driver_is()
{
	[ "$(basename "$(readlink -f "/sys/bus/pci/devices/$1/driver")")" = "$2" ]
}

# host_pings FUNCTION - this Linux can use that network card
host_pings()
{
	local net
	net=$(ls "/sys/bus/pci/devices/$1/net") || return
	ip link set "$net" up && ip addr replace 10.0.2.15/24 dev "$net" || return
	until_true ping -c 1 -W 5 $GATEWAY
}

# logged CELL REGEX - its log says that
logged()
{
	axvmctl log "$1" | grep -qE "$2"
}
