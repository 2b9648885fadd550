#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# SVM without nested paging is not enough.
# host: arch=x86_64 qemu=-cpu qemu=EPYC-v4,+x2apic,-npt

# shellcheck shell=dash
. ./cells.sh
plan 3

cell a 1 "$(guest hello.elf)" 4M
refused "check says so" 'no nested paging' axvmctl check
refused "create says so" 'no nested paging' axvmctl create /tmp/a.json
ok "nothing was taken" all_cpus_back
