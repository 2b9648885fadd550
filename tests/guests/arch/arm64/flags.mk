# SPDX-License-Identifier: GPL-2.0
# How arm64 guests are built. A guest's code uses no vector registers, so that
# what fpu fills them with stays; and no helpers of libgcc, which it is not linked with.

ARCH_CFLAGS	:= -mgeneral-regs-only -mstrict-align -mno-outline-atomics -mcmodel=small
ARCH_LDFLAGS	:=
ARCH_LIB	:= entry.o trap.o cpu.o gic.o console.o wire.o pci.o
ARCH_GUESTS	:= stray badjump fpu heartbeat power rtc sysregs psci sgi gicregs hyp mmio wfi triple hostforms
ARCH_RAW	:= raw
RAW_BASE_raw	:= 0x40200000
