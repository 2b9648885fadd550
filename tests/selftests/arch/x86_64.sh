# SPDX-License-Identifier: GPL-2.0
# What the selftests must know of x86-64 cells. Sourced by cells.sh.
# shellcheck shell=dash disable=SC2034

RAM=0			# GPA of the first memory
HOLE=0xc0000000		# GPA of 5 GiB of memory's hole, or of what is behind it
PAST_HOLE=0x100000000	# where memory goes on
RAM_END_5G=0x180000000
FIRMWARE=acpi		# how else a guest can switch itself off: power.elf
NO_HANDLER=triple-fault	# cause of an exception that cannot be handled
RAW=real.bin
IPI_GUEST=icr.elf
SYSREG_GUEST=msrs.elf
DEBUG_DEVICE='{"ports": {"base": "0xe9", "size": 1}}'
FORBIDDEN_NAME="the host's PCI ports"
FORBIDDEN_DEVICE='{"ports": {"base": "0xcf8", "size": 8}}'
FORBIDDEN_TEXT='0xcf8.*PCI'
BUSY_DEVICE='{"ports": {"base": "0x3f8", "size": 8}}'
BUSY_TEXT='0x3f8|0x2f8|ioports'
# shellcheck disable=SC2016
DEBUG_PUT='printf %s "$1" | dd of=/dev/port bs=1 seek=233 conv=notrunc 2>/dev/null'
HOST_CONSOLE=ttyS0,115200
MOVED_CONSOLE='{"port": "0x2f8", "irq": 3}'
MOVED_CONSOLE_TEXT='0x2f8, interrupt 3, console'
UART_EXIT=pio
UART_NAME=uart16550@0x3f8
IRQCHIP_HPA=0xfec00000	# the host's interrupt controller
PORT_ECHO=0xe9		# an I/O port of the test host that reads as its own number
NOT_RAM=0xfec00000	# an HPA where there is no memory
DEBIAN_TIMER='LOC: +[1-9]'
DEBIAN_CONSOLE='IO-APIC +4-edge +ttyS0'

NO_MEMORY=0x8000000	# GPA where a small cell has nothing
BAR_PLACE=0xd8000000	# GPA in the window for BARs

# exits_per_tick - most exits that an interrupt of a guest's own may cost
EXITS_PER_TICK=0

# guest_clock NAME - seconds that rtc.elf has just said
guest_clock()
{
	date -d "$(value "$1" date) $(value "$1" time)" +%s
}

# For 56-inject.sh: what may be injected, of what the line's target is vCPU 0, what may not
INJECT_57=0x57		# what modes.elf counts as such
INJECT='0x41 0xef 32'
INJECT_LINES=''
INJECT_NOT='15 2 256 0xffffffff'

# For 24-fault-policy.sh: the exception of an access to nowhere, what it says of the address
BUS_ERROR=13
BUS_ADDRESS=0x0
BUS_JUMP='trap: vector=13'

# For 57-wired.sh, on a host with wire=yes: COM3, whose other end is COM4.
WIRE_TTY=/dev/ttyS2
WIRE_PEER=/dev/ttyS3
WIRE_DEVICE='{"ports": {"base": "0x3e8", "size": 8}}'
WIRE_BASE=0x3e8
WIRE_IRQ=6
WIRE_TRIGGERS=edge
WIRE_MODES='emulated passthrough'
WIRE_FORWARDED=yes	# by Linux
WIRE_LEVEL_TESTS=14
WIRE_CONSOLE_LINE=4
WIRE_NOT='2 5000'
WIRE_NOT_TEXT='stays with the host|no I/O APIC has that GSI'
WIRE_BUSY=4
WIRE_BUSY_TEXT='interrupt 4 .*"ttyS0"'

# wire_device - its name on the bus
wire_device()
{
	local device
	for device in /sys/bus/pnp/devices/*; do
		! grep -q '0x3e8' "$device/resources" 2>/dev/null || echo "${device##*/}"
	done
}

# wire_take, wire_give - from Linux's driver, and to it again
wire_take()
{
	wire_device >/sys/bus/pnp/drivers/serial/unbind
}

wire_give()
{
	wire_device >/sys/bus/pnp/drivers/serial/bind
}

# level_tests - the same with a level: a UART on PCI, which hears itself
level_tests()
{
	local device base irq mode
	if [ ! -d /sys/bus/pci/drivers/serial ]; then
		for mode in $(seq $WIRE_LEVEL_TESTS); do
			skip "level $mode" "this kernel has no driver for a UART on PCI"
		done
		return
	fi
	device=$(grep -l 0x0700 /sys/bus/pci/devices/*/class)
	device=${device%/class}
	base=$(awk 'NR == 1 { print $1 }' "$device/resource")
	irq=$(cat "$device/irq")
	device=${device##*/}
	ok "level: Linux's driver lets go of GSI $irq" sh -c "echo $device >/sys/bus/pci/drivers/serial/unbind"
	for mode in $WIRE_MODES; do
		level_tests_in "$mode"
	done
	ok "level: back to Linux" sh -c "echo $device >/sys/bus/pci/drivers/serial/bind && test -c /dev/ttyS4"
}

level_tests_in()
{
	local before linux
	cell wired 1 "\"interrupts\": \"$1\", $(guest wired.elf), \"devices\": [{\"ports\": {\"base\": \"$base\", \"size\": 8}},
		{\"irq\": {\"host\": $irq, \"guest\": 20}}]"
	start wired
	ok "level, $1: a guest with the UART" expect wired 'wired: ready'
	answers wired "open $base 20 level loop" 'opened='
	ok "level, $1: prints and hears itself by interrupts" answers wired 'send what-it-says' 'received=what-it-says'
	ok "level, $1: all of it" answers wired 'send and-again' 'received=and-again'
	linux=$(linux_count)
	before=$(interrupts wired)
	ok "level, $1: a storm of 1000" answers wired 'storm 1000' 'storming'
	ok "level, $1: Linux goes on" linux_runs
	say "$1: interrupts: guest $(($(interrupts wired) - before)), Linux $(($(linux_count) - linux)), EOIs: $(count wired exits sysreg)"
	ok "level, $1: all of them came to the guest" until_true heard_at_least $((before + 1000))
	destroy wired
}
