// SPDX-License-Identifier: GPL-2.0
/* Generated from uapi/axvm.yaml by scripts/nlgen.py; edit that, then run it. */
/* What the netlink family accepts, and who answers it. */
#include <linux/kernel.h>

#include "nl_policy.h"

const struct nla_policy axvm_count_nl_policy[AXVM_A_COUNT_MAX + 1] = {
	[AXVM_A_COUNT_ID] = { .type = NLA_U32 },
	[AXVM_A_COUNT_VALUE] = { .type = NLA_U64 },
};

const struct nla_policy axvm_access_nl_policy[AXVM_A_ACCESS_MAX + 1] = {
	[AXVM_A_ACCESS_BASE] = { .type = NLA_U64 },
	[AXVM_A_ACCESS_TYPE] = NLA_POLICY_MAX(NLA_U32, AXVM_NR_DEVICE_TYPES - 1),
	[AXVM_A_ACCESS_VALUE] = { .type = NLA_U64 },
};

const struct nla_policy axvm_record_nl_policy[AXVM_A_RECORD_MAX + 1] = {
	[AXVM_A_RECORD_SEQ] = { .type = NLA_U32 },
	[AXVM_A_RECORD_REASON] = NLA_POLICY_MAX(NLA_U32, AXVM_NR_EXITS - 1),
	[AXVM_A_RECORD_CODE] = { .type = NLA_U64 },
	[AXVM_A_RECORD_PC] = { .type = NLA_U64 },
	[AXVM_A_RECORD_COST] = { .type = NLA_U32 },
};

const struct nla_policy axvm_vcpu_nl_policy[AXVM_A_VCPU_MAX + 1] = {
	[AXVM_A_VCPU_INDEX] = { .type = NLA_U32 },
	[AXVM_A_VCPU_CPU] = { .type = NLA_U32 },
	[AXVM_A_VCPU_AFFINITY] = { .type = NLA_BINARY, .len = 1024 },
	[AXVM_A_VCPU_HW_ID] = { .type = NLA_U32 },
	[AXVM_A_VCPU_STATE] = NLA_POLICY_MAX(NLA_U32, AXVM_NR_VCPU_STATES - 1),
	[AXVM_A_VCPU_EXIT] = NLA_POLICY_NESTED(axvm_count_nl_policy),
	[AXVM_A_VCPU_COUNTER] = NLA_POLICY_NESTED(axvm_count_nl_policy),
	[AXVM_A_VCPU_CALL] = NLA_POLICY_NESTED(axvm_count_nl_policy),
	[AXVM_A_VCPU_ACCESS] = NLA_POLICY_NESTED(axvm_access_nl_policy),
	[AXVM_A_VCPU_TIME] = NLA_POLICY_NESTED(axvm_count_nl_policy),
	[AXVM_A_VCPU_SPENT] = NLA_POLICY_NESTED(axvm_count_nl_policy),
	[AXVM_A_VCPU_COST] = NLA_POLICY_NESTED(axvm_count_nl_policy),
	[AXVM_A_VCPU_RECORD] = NLA_POLICY_NESTED(axvm_record_nl_policy),
};

const struct nla_policy axvm_memory_nl_policy[AXVM_A_MEMORY_MAX + 1] = {
	[AXVM_A_MEMORY_TYPE] = NLA_POLICY_MAX(NLA_U32, AXVM_NR_MEMORY_TYPES - 1),
	[AXVM_A_MEMORY_FLAGS] = NLA_POLICY_MASK(NLA_U32, AXVM_ALL_MEMORY_FLAGS),
	[AXVM_A_MEMORY_GPA] = { .type = NLA_U64 },
	[AXVM_A_MEMORY_SIZE] = { .type = NLA_U64 },
	[AXVM_A_MEMORY_HPA] = { .type = NLA_U64 },
	[AXVM_A_MEMORY_PIECE] = NLA_POLICY_NESTED(axvm_memory_nl_policy),
	[AXVM_A_MEMORY_TO] = { .type = NLA_U64 },
};

const struct nla_policy axvm_image_nl_policy[AXVM_A_IMAGE_MAX + 1] = {
	[AXVM_A_IMAGE_FD] = { .type = NLA_U32 },
	[AXVM_A_IMAGE_OFFSET] = { .type = NLA_U64 },
	[AXVM_A_IMAGE_SIZE] = { .type = NLA_U64 },
	[AXVM_A_IMAGE_GPA] = { .type = NLA_U64 },
	[AXVM_A_IMAGE_NAME] = { .type = NLA_NUL_STRING, .len = 255 },
};

const struct nla_policy axvm_device_nl_policy[AXVM_A_DEVICE_MAX + 1] = {
	[AXVM_A_DEVICE_TYPE] = NLA_POLICY_MAX(NLA_U32, AXVM_NR_DEVICE_TYPES - 1),
	[AXVM_A_DEVICE_BASE] = { .type = NLA_U64 },
	[AXVM_A_DEVICE_SIZE] = { .type = NLA_U64 },
	[AXVM_A_DEVICE_IRQ] = { .type = NLA_U32 },
	[AXVM_A_DEVICE_CONSOLE] = { .type = NLA_FLAG },
	[AXVM_A_DEVICE_HPA] = { .type = NLA_U64 },
	[AXVM_A_DEVICE_FUNCTION] = { .type = NLA_U32 },
	[AXVM_A_DEVICE_UNSAFE] = { .type = NLA_FLAG },
	[AXVM_A_DEVICE_ACCESS] = NLA_POLICY_MASK(NLA_U32, AXVM_ALL_DEVICE_RIGHTS),
};

const struct nla_policy axvm_boot_nl_policy[AXVM_A_BOOT_MAX + 1] = {
	[AXVM_A_BOOT_ENTRY] = { .type = NLA_U64 },
	[AXVM_A_BOOT_ARG] = { .type = NLA_U64 },
	[AXVM_A_BOOT_MODE] = { .type = NLA_U32 },
	[AXVM_A_BOOT_TABLE] = { .type = NLA_U64 },
};

const struct nla_policy axvm_ivc_rule_nl_policy[AXVM_A_IVC_RULE_MAX + 1] = {
	[AXVM_A_IVC_RULE_KIND] = NLA_POLICY_MAX(NLA_U32, AXVM_NR_IVC_KINDS - 1),
	[AXVM_A_IVC_RULE_KEY] = { .type = NLA_U32 },
	[AXVM_A_IVC_RULE_CELL] = { .type = NLA_NUL_STRING, .len = AXVM_NAME_MAX },
	[AXVM_A_IVC_RULE_RIGHTS] = NLA_POLICY_MASK(NLA_U32, AXVM_ALL_IVC_RIGHTS),
	[AXVM_A_IVC_RULE_LINUX_RIGHTS] = NLA_POLICY_MASK(NLA_U32, AXVM_ALL_IVC_RIGHTS),
	[AXVM_A_IVC_RULE_LINE] = { .type = NLA_U32 },
	[AXVM_A_IVC_RULE_GPA] = { .type = NLA_U64 },
};

const struct nla_policy axvm_wire_nl_policy[AXVM_A_WIRE_MAX + 1] = {
	[AXVM_A_WIRE_HOST] = { .type = NLA_U32 },
	[AXVM_A_WIRE_LINE] = { .type = NLA_U32 },
	[AXVM_A_WIRE_TRIGGER] = NLA_POLICY_MAX(NLA_U32, AXVM_NR_TRIGGERS - 1),
	[AXVM_A_WIRE_COUNT] = { .type = NLA_U64 },
	[AXVM_A_WIRE_STORMS] = { .type = NLA_U64 },
};

const struct nla_policy axvm_inject_nl_policy[AXVM_A_INJECT_MAX + 1] = {
	[AXVM_A_INJECT_VCPU] = { .type = NLA_U32 },
	[AXVM_A_INJECT_IRQ] = { .type = NLA_U32 },
};

const struct nla_policy axvm_cell_create_nl_policy[AXVM_A_CELL_EXCLUDED + 1] = {
	[AXVM_A_CELL_NAME] = { .type = NLA_NUL_STRING, .len = AXVM_NAME_MAX },
	[AXVM_A_CELL_IRQ_MODE] = NLA_POLICY_MAX(NLA_U32, AXVM_NR_IRQ_MODES - 1),
	[AXVM_A_CELL_FLAGS] = NLA_POLICY_MASK(NLA_U32, AXVM_ALL_CELL_FLAGS),
	[AXVM_A_CELL_VCPU] = NLA_POLICY_NESTED(axvm_vcpu_nl_policy),
	[AXVM_A_CELL_MEMORY] = NLA_POLICY_NESTED(axvm_memory_nl_policy),
	[AXVM_A_CELL_IMAGE] = NLA_POLICY_NESTED(axvm_image_nl_policy),
	[AXVM_A_CELL_DEVICE] = NLA_POLICY_NESTED(axvm_device_nl_policy),
	[AXVM_A_CELL_BOOT] = NLA_POLICY_NESTED(axvm_boot_nl_policy),
	[AXVM_A_CELL_IVC_RULE] = NLA_POLICY_NESTED(axvm_ivc_rule_nl_policy),
	[AXVM_A_CELL_IVC_MAX_BYTES] = { .type = NLA_U64 },
	[AXVM_A_CELL_FAULT_POLICY] = NLA_POLICY_MAX(NLA_U32, AXVM_NR_FAULT_POLICYS - 1),
	[AXVM_A_CELL_WIRE] = NLA_POLICY_NESTED(axvm_wire_nl_policy),
	[AXVM_A_CELL_EXCLUDED] = NLA_POLICY_NESTED(axvm_device_nl_policy),
};

const struct nla_policy axvm_cell_destroy_nl_policy[AXVM_A_CELL_NAME + 1] = {
	[AXVM_A_CELL_ID] = { .type = NLA_U32 },
	[AXVM_A_CELL_NAME] = { .type = NLA_NUL_STRING, .len = AXVM_NAME_MAX },
};

const struct nla_policy axvm_cell_start_nl_policy[AXVM_A_CELL_NAME + 1] = {
	[AXVM_A_CELL_ID] = { .type = NLA_U32 },
	[AXVM_A_CELL_NAME] = { .type = NLA_NUL_STRING, .len = AXVM_NAME_MAX },
};

const struct nla_policy axvm_cell_stop_nl_policy[AXVM_A_CELL_NAME + 1] = {
	[AXVM_A_CELL_ID] = { .type = NLA_U32 },
	[AXVM_A_CELL_NAME] = { .type = NLA_NUL_STRING, .len = AXVM_NAME_MAX },
};

const struct nla_policy axvm_cell_suspend_nl_policy[AXVM_A_CELL_NAME + 1] = {
	[AXVM_A_CELL_ID] = { .type = NLA_U32 },
	[AXVM_A_CELL_NAME] = { .type = NLA_NUL_STRING, .len = AXVM_NAME_MAX },
};

const struct nla_policy axvm_cell_resume_nl_policy[AXVM_A_CELL_NAME + 1] = {
	[AXVM_A_CELL_ID] = { .type = NLA_U32 },
	[AXVM_A_CELL_NAME] = { .type = NLA_NUL_STRING, .len = AXVM_NAME_MAX },
};

const struct nla_policy axvm_cell_reset_nl_policy[AXVM_A_CELL_NAME + 1] = {
	[AXVM_A_CELL_ID] = { .type = NLA_U32 },
	[AXVM_A_CELL_NAME] = { .type = NLA_NUL_STRING, .len = AXVM_NAME_MAX },
};

const struct nla_policy axvm_cell_get_nl_policy[AXVM_A_CELL_NAME + 1] = {
	[AXVM_A_CELL_ID] = { .type = NLA_U32 },
	[AXVM_A_CELL_NAME] = { .type = NLA_NUL_STRING, .len = AXVM_NAME_MAX },
};

const struct nla_policy axvm_log_get_nl_policy[AXVM_A_CELL_NAME + 1] = {
	[AXVM_A_CELL_ID] = { .type = NLA_U32 },
	[AXVM_A_CELL_NAME] = { .type = NLA_NUL_STRING, .len = AXVM_NAME_MAX },
};

const struct nla_policy axvm_stats_get_nl_policy[AXVM_A_CELL_NAME + 1] = {
	[AXVM_A_CELL_ID] = { .type = NLA_U32 },
	[AXVM_A_CELL_NAME] = { .type = NLA_NUL_STRING, .len = AXVM_NAME_MAX },
};

const struct nla_policy axvm_record_set_nl_policy[AXVM_A_CELL_RECORDER + 1] = {
	[AXVM_A_CELL_ID] = { .type = NLA_U32 },
	[AXVM_A_CELL_NAME] = { .type = NLA_NUL_STRING, .len = AXVM_NAME_MAX },
	[AXVM_A_CELL_RECORDER] = NLA_POLICY_MAX(NLA_U32, AXVM_NR_RECORDERS - 1),
};

const struct nla_policy axvm_record_get_nl_policy[AXVM_A_CELL_NAME + 1] = {
	[AXVM_A_CELL_ID] = { .type = NLA_U32 },
	[AXVM_A_CELL_NAME] = { .type = NLA_NUL_STRING, .len = AXVM_NAME_MAX },
};

const struct nla_policy axvm_memory_map_nl_policy[AXVM_A_CELL_MEMORY + 1] = {
	[AXVM_A_CELL_ID] = { .type = NLA_U32 },
	[AXVM_A_CELL_NAME] = { .type = NLA_NUL_STRING, .len = AXVM_NAME_MAX },
	[AXVM_A_CELL_MEMORY] = NLA_POLICY_NESTED(axvm_memory_nl_policy),
};

const struct nla_policy axvm_memory_unmap_nl_policy[AXVM_A_CELL_MEMORY + 1] = {
	[AXVM_A_CELL_ID] = { .type = NLA_U32 },
	[AXVM_A_CELL_NAME] = { .type = NLA_NUL_STRING, .len = AXVM_NAME_MAX },
	[AXVM_A_CELL_MEMORY] = NLA_POLICY_NESTED(axvm_memory_nl_policy),
};

const struct nla_policy axvm_memory_remap_nl_policy[AXVM_A_CELL_MEMORY + 1] = {
	[AXVM_A_CELL_ID] = { .type = NLA_U32 },
	[AXVM_A_CELL_NAME] = { .type = NLA_NUL_STRING, .len = AXVM_NAME_MAX },
	[AXVM_A_CELL_MEMORY] = NLA_POLICY_NESTED(axvm_memory_nl_policy),
};

const struct nla_policy axvm_memory_get_nl_policy[AXVM_A_CELL_NAME + 1] = {
	[AXVM_A_CELL_ID] = { .type = NLA_U32 },
	[AXVM_A_CELL_NAME] = { .type = NLA_NUL_STRING, .len = AXVM_NAME_MAX },
};

const struct nla_policy axvm_cell_inject_nl_policy[AXVM_A_CELL_INJECT + 1] = {
	[AXVM_A_CELL_ID] = { .type = NLA_U32 },
	[AXVM_A_CELL_NAME] = { .type = NLA_NUL_STRING, .len = AXVM_NAME_MAX },
	[AXVM_A_CELL_INJECT] = NLA_POLICY_NESTED(axvm_inject_nl_policy),
};

const struct nla_policy axvm_cell_wire_attach_nl_policy[AXVM_A_CELL_WIRE + 1] = {
	[AXVM_A_CELL_ID] = { .type = NLA_U32 },
	[AXVM_A_CELL_NAME] = { .type = NLA_NUL_STRING, .len = AXVM_NAME_MAX },
	[AXVM_A_CELL_WIRE] = NLA_POLICY_NESTED(axvm_wire_nl_policy),
};

const struct nla_policy axvm_cell_wire_detach_nl_policy[AXVM_A_CELL_WIRE + 1] = {
	[AXVM_A_CELL_ID] = { .type = NLA_U32 },
	[AXVM_A_CELL_NAME] = { .type = NLA_NUL_STRING, .len = AXVM_NAME_MAX },
	[AXVM_A_CELL_WIRE] = NLA_POLICY_NESTED(axvm_wire_nl_policy),
};

const struct nla_policy axvm_dev_attach_nl_policy[AXVM_A_CELL_DEVICE + 1] = {
	[AXVM_A_CELL_ID] = { .type = NLA_U32 },
	[AXVM_A_CELL_NAME] = { .type = NLA_NUL_STRING, .len = AXVM_NAME_MAX },
	[AXVM_A_CELL_DEVICE] = NLA_POLICY_NESTED(axvm_device_nl_policy),
};

const struct nla_policy axvm_dev_detach_nl_policy[AXVM_A_CELL_DEVICE + 1] = {
	[AXVM_A_CELL_ID] = { .type = NLA_U32 },
	[AXVM_A_CELL_NAME] = { .type = NLA_NUL_STRING, .len = AXVM_NAME_MAX },
	[AXVM_A_CELL_DEVICE] = NLA_POLICY_NESTED(axvm_device_nl_policy),
};

const struct nla_policy axvm_ivc_create_nl_policy[AXVM_A_IVC_GPA + 1] = {
	[AXVM_A_IVC_NAME] = { .type = NLA_NUL_STRING, .len = AXVM_IVC_NAME_MAX },
	[AXVM_A_IVC_KEY] = { .type = NLA_U32 },
	[AXVM_A_IVC_SIZE] = { .type = NLA_U64 },
	[AXVM_A_IVC_CELL] = { .type = NLA_NUL_STRING, .len = AXVM_NAME_MAX },
	[AXVM_A_IVC_RIGHTS] = NLA_POLICY_MASK(NLA_U32, AXVM_ALL_IVC_RIGHTS),
	[AXVM_A_IVC_LINUX_RIGHTS] = NLA_POLICY_MASK(NLA_U32, AXVM_ALL_IVC_RIGHTS),
	[AXVM_A_IVC_LINE] = { .type = NLA_U32 },
	[AXVM_A_IVC_GPA] = { .type = NLA_U64 },
};

const struct nla_policy axvm_ivc_destroy_nl_policy[AXVM_A_IVC_NAME + 1] = {
	[AXVM_A_IVC_NAME] = { .type = NLA_NUL_STRING, .len = AXVM_IVC_NAME_MAX },
};

const struct nla_policy axvm_ivc_attach_nl_policy[AXVM_A_IVC_GPA + 1] = {
	[AXVM_A_IVC_NAME] = { .type = NLA_NUL_STRING, .len = AXVM_IVC_NAME_MAX },
	[AXVM_A_IVC_CELL] = { .type = NLA_NUL_STRING, .len = AXVM_NAME_MAX },
	[AXVM_A_IVC_RIGHTS] = NLA_POLICY_MASK(NLA_U32, AXVM_ALL_IVC_RIGHTS),
	[AXVM_A_IVC_LINE] = { .type = NLA_U32 },
	[AXVM_A_IVC_GPA] = { .type = NLA_U64 },
};

const struct nla_policy axvm_ivc_detach_nl_policy[AXVM_A_IVC_CELL + 1] = {
	[AXVM_A_IVC_NAME] = { .type = NLA_NUL_STRING, .len = AXVM_IVC_NAME_MAX },
	[AXVM_A_IVC_CELL] = { .type = NLA_NUL_STRING, .len = AXVM_NAME_MAX },
};

const struct nla_policy axvm_ivc_get_nl_policy[AXVM_A_IVC_NAME + 1] = {
	[AXVM_A_IVC_NAME] = { .type = NLA_NUL_STRING, .len = AXVM_IVC_NAME_MAX },
};

const struct nla_policy axvm_pci_attach_nl_policy[AXVM_A_CELL_DEVICE + 1] = {
	[AXVM_A_CELL_ID] = { .type = NLA_U32 },
	[AXVM_A_CELL_NAME] = { .type = NLA_NUL_STRING, .len = AXVM_NAME_MAX },
	[AXVM_A_CELL_DEVICE] = NLA_POLICY_NESTED(axvm_device_nl_policy),
};

const struct nla_policy axvm_pci_detach_nl_policy[AXVM_A_CELL_DEVICE + 1] = {
	[AXVM_A_CELL_ID] = { .type = NLA_U32 },
	[AXVM_A_CELL_NAME] = { .type = NLA_NUL_STRING, .len = AXVM_NAME_MAX },
	[AXVM_A_CELL_DEVICE] = NLA_POLICY_NESTED(axvm_device_nl_policy),
};

const struct genl_ops axvm_nl_ops[29] = {
	{
		.cmd = AXVM_CMD_INFO_GET,
		.flags = GENL_ADMIN_PERM,
		.doit = axvm_nl_info_get_doit,
	},
	{
		.cmd = AXVM_CMD_CELL_CREATE,
		.flags = GENL_ADMIN_PERM,
		.policy = axvm_cell_create_nl_policy,
		.maxattr = ARRAY_SIZE(axvm_cell_create_nl_policy) - 1,
		.doit = axvm_nl_cell_create_doit,
	},
	{
		.cmd = AXVM_CMD_CELL_DESTROY,
		.flags = GENL_ADMIN_PERM,
		.policy = axvm_cell_destroy_nl_policy,
		.maxattr = ARRAY_SIZE(axvm_cell_destroy_nl_policy) - 1,
		.doit = axvm_nl_cell_destroy_doit,
	},
	{
		.cmd = AXVM_CMD_CELL_START,
		.flags = GENL_ADMIN_PERM,
		.policy = axvm_cell_start_nl_policy,
		.maxattr = ARRAY_SIZE(axvm_cell_start_nl_policy) - 1,
		.doit = axvm_nl_cell_start_doit,
	},
	{
		.cmd = AXVM_CMD_CELL_STOP,
		.flags = GENL_ADMIN_PERM,
		.policy = axvm_cell_stop_nl_policy,
		.maxattr = ARRAY_SIZE(axvm_cell_stop_nl_policy) - 1,
		.doit = axvm_nl_cell_stop_doit,
	},
	{
		.cmd = AXVM_CMD_CELL_SUSPEND,
		.flags = GENL_ADMIN_PERM,
		.policy = axvm_cell_suspend_nl_policy,
		.maxattr = ARRAY_SIZE(axvm_cell_suspend_nl_policy) - 1,
		.doit = axvm_nl_cell_suspend_doit,
	},
	{
		.cmd = AXVM_CMD_CELL_RESUME,
		.flags = GENL_ADMIN_PERM,
		.policy = axvm_cell_resume_nl_policy,
		.maxattr = ARRAY_SIZE(axvm_cell_resume_nl_policy) - 1,
		.doit = axvm_nl_cell_resume_doit,
	},
	{
		.cmd = AXVM_CMD_CELL_RESET,
		.flags = GENL_ADMIN_PERM,
		.policy = axvm_cell_reset_nl_policy,
		.maxattr = ARRAY_SIZE(axvm_cell_reset_nl_policy) - 1,
		.doit = axvm_nl_cell_reset_doit,
	},
	{
		.cmd = AXVM_CMD_CELL_GET,
		.flags = GENL_ADMIN_PERM,
		.policy = axvm_cell_get_nl_policy,
		.maxattr = ARRAY_SIZE(axvm_cell_get_nl_policy) - 1,
		.doit = axvm_nl_cell_get_doit,
		.start = axvm_nl_cell_get_start,
		.dumpit = axvm_nl_cell_get_dumpit,
	},
	{
		.cmd = AXVM_CMD_LOG_GET,
		.flags = GENL_ADMIN_PERM,
		.policy = axvm_log_get_nl_policy,
		.maxattr = ARRAY_SIZE(axvm_log_get_nl_policy) - 1,
		.start = axvm_nl_log_get_start,
		.dumpit = axvm_nl_log_get_dumpit,
	},
	{
		.cmd = AXVM_CMD_STATS_GET,
		.flags = GENL_ADMIN_PERM,
		.policy = axvm_stats_get_nl_policy,
		.maxattr = ARRAY_SIZE(axvm_stats_get_nl_policy) - 1,
		.start = axvm_nl_stats_get_start,
		.dumpit = axvm_nl_stats_get_dumpit,
	},
	{
		.cmd = AXVM_CMD_RECORD_SET,
		.flags = GENL_ADMIN_PERM,
		.policy = axvm_record_set_nl_policy,
		.maxattr = ARRAY_SIZE(axvm_record_set_nl_policy) - 1,
		.doit = axvm_nl_record_set_doit,
	},
	{
		.cmd = AXVM_CMD_RECORD_GET,
		.flags = GENL_ADMIN_PERM,
		.policy = axvm_record_get_nl_policy,
		.maxattr = ARRAY_SIZE(axvm_record_get_nl_policy) - 1,
		.start = axvm_nl_record_get_start,
		.dumpit = axvm_nl_record_get_dumpit,
	},
	{
		.cmd = AXVM_CMD_MEMORY_MAP,
		.flags = GENL_ADMIN_PERM,
		.policy = axvm_memory_map_nl_policy,
		.maxattr = ARRAY_SIZE(axvm_memory_map_nl_policy) - 1,
		.doit = axvm_nl_memory_map_doit,
	},
	{
		.cmd = AXVM_CMD_MEMORY_UNMAP,
		.flags = GENL_ADMIN_PERM,
		.policy = axvm_memory_unmap_nl_policy,
		.maxattr = ARRAY_SIZE(axvm_memory_unmap_nl_policy) - 1,
		.doit = axvm_nl_memory_unmap_doit,
	},
	{
		.cmd = AXVM_CMD_MEMORY_REMAP,
		.flags = GENL_ADMIN_PERM,
		.policy = axvm_memory_remap_nl_policy,
		.maxattr = ARRAY_SIZE(axvm_memory_remap_nl_policy) - 1,
		.doit = axvm_nl_memory_remap_doit,
	},
	{
		.cmd = AXVM_CMD_MEMORY_GET,
		.flags = GENL_ADMIN_PERM,
		.policy = axvm_memory_get_nl_policy,
		.maxattr = ARRAY_SIZE(axvm_memory_get_nl_policy) - 1,
		.start = axvm_nl_memory_get_start,
		.dumpit = axvm_nl_memory_get_dumpit,
	},
	{
		.cmd = AXVM_CMD_CELL_INJECT,
		.flags = GENL_ADMIN_PERM,
		.policy = axvm_cell_inject_nl_policy,
		.maxattr = ARRAY_SIZE(axvm_cell_inject_nl_policy) - 1,
		.doit = axvm_nl_cell_inject_doit,
	},
	{
		.cmd = AXVM_CMD_CELL_WIRE_ATTACH,
		.flags = GENL_ADMIN_PERM,
		.policy = axvm_cell_wire_attach_nl_policy,
		.maxattr = ARRAY_SIZE(axvm_cell_wire_attach_nl_policy) - 1,
		.doit = axvm_nl_cell_wire_attach_doit,
	},
	{
		.cmd = AXVM_CMD_CELL_WIRE_DETACH,
		.flags = GENL_ADMIN_PERM,
		.policy = axvm_cell_wire_detach_nl_policy,
		.maxattr = ARRAY_SIZE(axvm_cell_wire_detach_nl_policy) - 1,
		.doit = axvm_nl_cell_wire_detach_doit,
	},
	{
		.cmd = AXVM_CMD_DEV_ATTACH,
		.flags = GENL_ADMIN_PERM,
		.policy = axvm_dev_attach_nl_policy,
		.maxattr = ARRAY_SIZE(axvm_dev_attach_nl_policy) - 1,
		.doit = axvm_nl_dev_attach_doit,
	},
	{
		.cmd = AXVM_CMD_DEV_DETACH,
		.flags = GENL_ADMIN_PERM,
		.policy = axvm_dev_detach_nl_policy,
		.maxattr = ARRAY_SIZE(axvm_dev_detach_nl_policy) - 1,
		.doit = axvm_nl_dev_detach_doit,
	},
	{
		.cmd = AXVM_CMD_IVC_CREATE,
		.flags = GENL_ADMIN_PERM,
		.policy = axvm_ivc_create_nl_policy,
		.maxattr = ARRAY_SIZE(axvm_ivc_create_nl_policy) - 1,
		.doit = axvm_nl_ivc_create_doit,
	},
	{
		.cmd = AXVM_CMD_IVC_DESTROY,
		.flags = GENL_ADMIN_PERM,
		.policy = axvm_ivc_destroy_nl_policy,
		.maxattr = ARRAY_SIZE(axvm_ivc_destroy_nl_policy) - 1,
		.doit = axvm_nl_ivc_destroy_doit,
	},
	{
		.cmd = AXVM_CMD_IVC_ATTACH,
		.flags = GENL_ADMIN_PERM,
		.policy = axvm_ivc_attach_nl_policy,
		.maxattr = ARRAY_SIZE(axvm_ivc_attach_nl_policy) - 1,
		.doit = axvm_nl_ivc_attach_doit,
	},
	{
		.cmd = AXVM_CMD_IVC_DETACH,
		.flags = GENL_ADMIN_PERM,
		.policy = axvm_ivc_detach_nl_policy,
		.maxattr = ARRAY_SIZE(axvm_ivc_detach_nl_policy) - 1,
		.doit = axvm_nl_ivc_detach_doit,
	},
	{
		.cmd = AXVM_CMD_IVC_GET,
		.flags = GENL_ADMIN_PERM,
		.policy = axvm_ivc_get_nl_policy,
		.maxattr = ARRAY_SIZE(axvm_ivc_get_nl_policy) - 1,
		.doit = axvm_nl_ivc_get_doit,
		.start = axvm_nl_ivc_get_start,
		.dumpit = axvm_nl_ivc_get_dumpit,
	},
	{
		.cmd = AXVM_CMD_PCI_ATTACH,
		.flags = GENL_ADMIN_PERM,
		.policy = axvm_pci_attach_nl_policy,
		.maxattr = ARRAY_SIZE(axvm_pci_attach_nl_policy) - 1,
		.doit = axvm_nl_pci_attach_doit,
	},
	{
		.cmd = AXVM_CMD_PCI_DETACH,
		.flags = GENL_ADMIN_PERM,
		.policy = axvm_pci_detach_nl_policy,
		.maxattr = ARRAY_SIZE(axvm_pci_detach_nl_policy) - 1,
		.doit = axvm_nl_pci_detach_doit,
	},
};
