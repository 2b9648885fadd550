// SPDX-License-Identifier: GPL-2.0
/* Generated from uapi/axvm.yaml by scripts/nlgen.py; edit that, then run it. */
/* Names of the netlink family's values. */
#include "names.h"

const char *const axvm_state_names[7] = {
	"loading",
	"loaded",
	"running",
	"suspended",
	"stopping",
	"stopped",
	"failed",
};

const char *const axvm_vcpu_state_names[7] = {
	"off",
	"parked",
	"running",
	"waiting",
	"paused",
	"left",
	"asking",
};

const char *const axvm_cause_names[13] = {
	"none",
	"host-stop",
	"guest-off",
	"guest-reset",
	"triple-fault",
	"stage2-fault",
	"decode-error",
	"bad-state",
	"unhandled-exit",
	"core-error",
	"cpu-lost",
	"reload-error",
	"dma-fault",
};

const char *const axvm_memory_type_names[3] = {
	"alloc",
	"identical",
	"reserved",
};

const char *const axvm_memory_flag_names[3] = {
	"read",
	"write",
	"exec",
};

const char *const axvm_irq_mode_names[3] = {
	"passthrough",
	"none",
	"emulated",
};

const char *const axvm_trigger_names[2] = {
	"edge",
	"level",
};

const char *const axvm_fault_policy_names[3] = {
	"fail",
	"inject",
	"ignore",
};

const char *const axvm_cell_flag_names[1] = {
	"allow-smt-sharing",
};

const char *const axvm_device_type_names[13] = {
	"ports",
	"uart16550",
	"cmos-rtc",
	"acpi-pm",
	"ioapic",
	"mmio",
	"pl011",
	"pl031",
	"gicv3",
	"pci-host",
	"testdev",
	"pci",
	"pci-bar",
};

const char *const axvm_device_right_names[2] = {
	"read",
	"write",
};

const char *const axvm_exit_names[12] = {
	"mmio",
	"pio",
	"sysreg",
	"hypercall",
	"stage2-fault",
	"ipi",
	"idle",
	"kick",
	"interrupt",
	"ident",
	"exception",
	"fatal",
};

const char *const axvm_counter_names[8] = {
	"sysreg-refused",
	"ipi-refused",
	"pio-unclaimed",
	"console-dropped",
	"irq-dropped",
	"event",
	"fault",
	"access-refused",
};

const char *const axvm_time_names[3] = {
	"guest",
	"core",
	"idle",
};

const char *const axvm_recorder_names[2] = {
	"off",
	"on",
};

const char *const axvm_ivc_kind_names[2] = {
	"publish",
	"subscribe",
};

const char *const axvm_ivc_right_names[2] = {
	"read",
	"write",
};

const char *const axvm_ivc_state_names[4] = {
	"none",
	"live",
	"revoked",
	"dead",
};

const char *const axvm_ivc_peer_state_names[5] = {
	"none",
	"attached",
	"left",
	"died",
	"stopped",
};

const char *const axvm_event_names[4] = {
	"created",
	"state",
	"progress",
	"destroyed",
};
