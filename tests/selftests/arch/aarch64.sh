# SPDX-License-Identifier: GPL-2.0
# What the selftests must know of arm64 cells. Sourced by cells.sh.
# shellcheck shell=dash disable=SC2034

RAM=0x40000000		# GPA of the first memory
HOLE=0x180000000	# there is none: where 5 GiB of memory end
PAST_HOLE=0x100000000
RAM_END_5G=0x180000000
FIRMWARE=psci		# how else a guest can switch itself off: power.elf
NO_HANDLER=stage2-fault	# cause of an exception that cannot be handled
RAW=raw.bin
IPI_GUEST=sgi.elf
SYSREG_GUEST=sysregs.elf
DEBUG_DEVICE='{"mmio": {"hpa": "0x9040000"}}'
FORBIDDEN_NAME="the host's interrupt controller"
FORBIDDEN_DEVICE='{"mmio": {"gpa": "0xe0000000", "hpa": "0x8000000"}}'
FORBIDDEN_TEXT='MMIO at HPA 0x8000000'
BUSY_DEVICE='{"mmio": {"gpa": "0xe0000000", "hpa": "0x9000000"}}'
BUSY_TEXT='MMIO at HPA 0x9000000.*iomem'
# shellcheck disable=SC2016
DEBUG_PUT='devmem 0x9040000 8 "$(printf %d "'"'"'$1")"'
HOST_CONSOLE=ttyAMA0
MOVED_CONSOLE='{"gpa": "0x9020000", "irq": 50}'
MOVED_CONSOLE_TEXT='0x9020000, interrupt 50, console'
UART_EXIT=mmio
UART_NAME=pl011@0x9000000
IRQCHIP_HPA=0x8000000	# the host's interrupt controller
PORT_ECHO=		# an I/O port of the test host that reads as its own number
NOT_RAM=0x10000000	# an HPA where there is no memory
DEBIAN_TIMER='arch_timer'
DEBIAN_CONSOLE='GICv3 +33 .*uart-pl011'

NO_MEMORY=0x60000000	# GPA where a small cell has nothing
BAR_PLACE=0x18000000	# GPA in the window for BARs

# exits_per_tick - most exits that an interrupt of a guest's own may cost
EXITS_PER_TICK=1

# guest_clock NAME - seconds that rtc.elf has just said
guest_clock()
{
	value "$1" seconds
}

# For 56-inject.sh: what may be injected, of what the line's target is vCPU 0, what may not
INJECT_57=7		# what modes.elf counts as 0x57: SGI 7
INJECT='5 20'
INJECT_LINES='40 70'
INJECT_NOT='27 30 96 0xffffffff'

# For 24-fault-policy.sh: the exception of an access to nowhere, what it says of the address
BUS_ERROR=37
BUS_ADDRESS=$(printf '0x%x' $((RAM + 0x40000000)))
BUS_JUMP='esr=0x86000010'

# For 57-wired.sh, on a host with wire=yes: the second PL011, whose other end is hvc1.
WIRE_TTY=/dev/ttyAMA1
WIRE_PEER=/dev/hvc1
WIRE_DEVICE='{"mmio": {"hpa": "0x9040000"}}'
WIRE_BASE=0x9040000
WIRE_IRQ=40
WIRE_TRIGGERS='level edge'
WIRE_MODES='emulated passthrough'
WIRE_LEVEL_TESTS=0	# both are tried above
WIRE_FORWARDED=no	# routed to the cell's CPU
WIRE_CONSOLE_LINE=33
WIRE_NOT='27 1019'
WIRE_NOT_TEXT='is not an SPI'
WIRE_BUSY=33
WIRE_BUSY_TEXT='interrupt 33 .*"uart-pl011"'

# wire_take, wire_give - from Linux's driver, which cannot be unbound by a user, and to it again
wire_take()
{
	poke release 9040000.pl011
}

wire_give()
{
	poke attach 9040000.pl011
}
