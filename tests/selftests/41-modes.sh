#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# What only x86 has: modes of 16 and 32 bits, AVX.
# host: arch=x86_64

# shellcheck shell=dash
. ./cells.sh
plan 6

run fpu 1 fpu.elf
ok "AVX registers survive exits" expect fpu 'avx=1 bad=0'
destroy fpu

cell mmio32 1 '"image": {"file": "/axvm/guests/mmio32.bin", "mode": 32}'
start mmio32
ok "device accesses of 32-bit code" expect mmio32 'tried=[0-9]* bad=00'
destroy mmio32
cell mmio16 1 '"image": {"file": "/axvm/guests/mmio16.bin", "mode": 16, "gpa": "0x20000"}'
start mmio16
ok "of 16-bit code" expect mmio16 'tried=[0-9]* bad=00'
destroy mmio16
cell real 1 '"image": {"file": "/axvm/guests/real.bin", "mode": 16, "gpa": "0x7c00"}'
start real
ok "a guest in real mode" expect real 'mode=16'
ok "with string instructions" expect real 'string=ok'
destroy real

ok "all CPUs are back" all_cpus_back
