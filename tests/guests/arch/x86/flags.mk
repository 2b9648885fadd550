# SPDX-License-Identifier: GPL-2.0
# How x86 guests are built. A guest's code uses no vector registers, so that
# what fpu fills them with stays.

ARCH_CFLAGS	:= -m64 -mno-red-zone -mno-sse -mno-mmx -mno-avx -mno-80387 -mcmodel=small
ARCH_LDFLAGS	:= -m64
ARCH_LIB	:= entry.o trap.o cpu.o lapic.o console.o wire.o pci.o
ARCH_GUESTS	:= stray icr ports msrs badjump vmrun nolapic triple fpu power rtc heartbeat dbdos mmio hostforms apic
ARCH_RAW	:= real acdos mmio16 mmio32
RAW_BASE_real	:= 0
RAW_BASE_mmio16	:= 0
