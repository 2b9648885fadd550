/* SPDX-License-Identifier: GPL-2.0 */
/* Generated from uapi/axvm.yaml by scripts/nlgen.py; edit that, then run it. */
/* Names of the netlink family's values. */
#ifndef AXVM_NAMES_H
#define AXVM_NAMES_H

/* How a value reads, for flags by bit number. */
extern const char *const axvm_state_names[7];
extern const char *const axvm_vcpu_state_names[7];
extern const char *const axvm_cause_names[13];
extern const char *const axvm_memory_type_names[3];
extern const char *const axvm_memory_flag_names[3];
extern const char *const axvm_irq_mode_names[3];
extern const char *const axvm_trigger_names[2];
extern const char *const axvm_fault_policy_names[3];
extern const char *const axvm_cell_flag_names[1];
extern const char *const axvm_device_type_names[13];
extern const char *const axvm_device_right_names[2];
extern const char *const axvm_exit_names[12];
extern const char *const axvm_counter_names[8];
extern const char *const axvm_time_names[3];
extern const char *const axvm_recorder_names[2];
extern const char *const axvm_ivc_kind_names[2];
extern const char *const axvm_ivc_right_names[2];
extern const char *const axvm_ivc_state_names[4];
extern const char *const axvm_ivc_peer_state_names[5];
extern const char *const axvm_event_names[4];

#endif
