/* SPDX-License-Identifier: GPL-2.0 */
/* Generated from uapi/axvm.yaml by scripts/nlgen.py; edit that, then run it. */
/* What the netlink family accepts, and who answers it. */
#ifndef AXVM_NL_POLICY_H
#define AXVM_NL_POLICY_H

#include <net/genetlink.h>

#include "../uapi/axvm.h"

extern const struct nla_policy axvm_count_nl_policy[AXVM_A_COUNT_MAX + 1];
extern const struct nla_policy axvm_access_nl_policy[AXVM_A_ACCESS_MAX + 1];
extern const struct nla_policy axvm_record_nl_policy[AXVM_A_RECORD_MAX + 1];
extern const struct nla_policy axvm_vcpu_nl_policy[AXVM_A_VCPU_MAX + 1];
extern const struct nla_policy axvm_memory_nl_policy[AXVM_A_MEMORY_MAX + 1];
extern const struct nla_policy axvm_image_nl_policy[AXVM_A_IMAGE_MAX + 1];
extern const struct nla_policy axvm_device_nl_policy[AXVM_A_DEVICE_MAX + 1];
extern const struct nla_policy axvm_boot_nl_policy[AXVM_A_BOOT_MAX + 1];
extern const struct nla_policy axvm_ivc_rule_nl_policy[AXVM_A_IVC_RULE_MAX + 1];
extern const struct nla_policy axvm_wire_nl_policy[AXVM_A_WIRE_MAX + 1];
extern const struct nla_policy axvm_inject_nl_policy[AXVM_A_INJECT_MAX + 1];
extern const struct nla_policy axvm_cell_create_nl_policy[AXVM_A_CELL_EXCLUDED + 1];
extern const struct nla_policy axvm_cell_destroy_nl_policy[AXVM_A_CELL_NAME + 1];
extern const struct nla_policy axvm_cell_start_nl_policy[AXVM_A_CELL_NAME + 1];
extern const struct nla_policy axvm_cell_stop_nl_policy[AXVM_A_CELL_NAME + 1];
extern const struct nla_policy axvm_cell_suspend_nl_policy[AXVM_A_CELL_NAME + 1];
extern const struct nla_policy axvm_cell_resume_nl_policy[AXVM_A_CELL_NAME + 1];
extern const struct nla_policy axvm_cell_reset_nl_policy[AXVM_A_CELL_NAME + 1];
extern const struct nla_policy axvm_cell_get_nl_policy[AXVM_A_CELL_NAME + 1];
extern const struct nla_policy axvm_log_get_nl_policy[AXVM_A_CELL_NAME + 1];
extern const struct nla_policy axvm_stats_get_nl_policy[AXVM_A_CELL_NAME + 1];
extern const struct nla_policy axvm_record_set_nl_policy[AXVM_A_CELL_RECORDER + 1];
extern const struct nla_policy axvm_record_get_nl_policy[AXVM_A_CELL_NAME + 1];
extern const struct nla_policy axvm_memory_map_nl_policy[AXVM_A_CELL_MEMORY + 1];
extern const struct nla_policy axvm_memory_unmap_nl_policy[AXVM_A_CELL_MEMORY + 1];
extern const struct nla_policy axvm_memory_remap_nl_policy[AXVM_A_CELL_MEMORY + 1];
extern const struct nla_policy axvm_memory_get_nl_policy[AXVM_A_CELL_NAME + 1];
extern const struct nla_policy axvm_cell_inject_nl_policy[AXVM_A_CELL_INJECT + 1];
extern const struct nla_policy axvm_cell_wire_attach_nl_policy[AXVM_A_CELL_WIRE + 1];
extern const struct nla_policy axvm_cell_wire_detach_nl_policy[AXVM_A_CELL_WIRE + 1];
extern const struct nla_policy axvm_dev_attach_nl_policy[AXVM_A_CELL_DEVICE + 1];
extern const struct nla_policy axvm_dev_detach_nl_policy[AXVM_A_CELL_DEVICE + 1];
extern const struct nla_policy axvm_ivc_create_nl_policy[AXVM_A_IVC_GPA + 1];
extern const struct nla_policy axvm_ivc_destroy_nl_policy[AXVM_A_IVC_NAME + 1];
extern const struct nla_policy axvm_ivc_attach_nl_policy[AXVM_A_IVC_GPA + 1];
extern const struct nla_policy axvm_ivc_detach_nl_policy[AXVM_A_IVC_CELL + 1];
extern const struct nla_policy axvm_ivc_get_nl_policy[AXVM_A_IVC_NAME + 1];
extern const struct nla_policy axvm_pci_attach_nl_policy[AXVM_A_CELL_DEVICE + 1];
extern const struct nla_policy axvm_pci_detach_nl_policy[AXVM_A_CELL_DEVICE + 1];

extern const struct genl_ops axvm_nl_ops[29];

int axvm_nl_info_get_doit(struct sk_buff *skb, struct genl_info *info);
int axvm_nl_cell_create_doit(struct sk_buff *skb, struct genl_info *info);
int axvm_nl_cell_destroy_doit(struct sk_buff *skb, struct genl_info *info);
int axvm_nl_cell_start_doit(struct sk_buff *skb, struct genl_info *info);
int axvm_nl_cell_stop_doit(struct sk_buff *skb, struct genl_info *info);
int axvm_nl_cell_suspend_doit(struct sk_buff *skb, struct genl_info *info);
int axvm_nl_cell_resume_doit(struct sk_buff *skb, struct genl_info *info);
int axvm_nl_cell_reset_doit(struct sk_buff *skb, struct genl_info *info);
int axvm_nl_cell_get_doit(struct sk_buff *skb, struct genl_info *info);
int axvm_nl_cell_get_start(struct netlink_callback *cb);
int axvm_nl_cell_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int axvm_nl_log_get_start(struct netlink_callback *cb);
int axvm_nl_log_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int axvm_nl_stats_get_start(struct netlink_callback *cb);
int axvm_nl_stats_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int axvm_nl_record_set_doit(struct sk_buff *skb, struct genl_info *info);
int axvm_nl_record_get_start(struct netlink_callback *cb);
int axvm_nl_record_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int axvm_nl_memory_map_doit(struct sk_buff *skb, struct genl_info *info);
int axvm_nl_memory_unmap_doit(struct sk_buff *skb, struct genl_info *info);
int axvm_nl_memory_remap_doit(struct sk_buff *skb, struct genl_info *info);
int axvm_nl_memory_get_start(struct netlink_callback *cb);
int axvm_nl_memory_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int axvm_nl_cell_inject_doit(struct sk_buff *skb, struct genl_info *info);
int axvm_nl_cell_wire_attach_doit(struct sk_buff *skb, struct genl_info *info);
int axvm_nl_cell_wire_detach_doit(struct sk_buff *skb, struct genl_info *info);
int axvm_nl_dev_attach_doit(struct sk_buff *skb, struct genl_info *info);
int axvm_nl_dev_detach_doit(struct sk_buff *skb, struct genl_info *info);
int axvm_nl_ivc_create_doit(struct sk_buff *skb, struct genl_info *info);
int axvm_nl_ivc_destroy_doit(struct sk_buff *skb, struct genl_info *info);
int axvm_nl_ivc_attach_doit(struct sk_buff *skb, struct genl_info *info);
int axvm_nl_ivc_detach_doit(struct sk_buff *skb, struct genl_info *info);
int axvm_nl_ivc_get_doit(struct sk_buff *skb, struct genl_info *info);
int axvm_nl_ivc_get_start(struct netlink_callback *cb);
int axvm_nl_ivc_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int axvm_nl_pci_attach_doit(struct sk_buff *skb, struct genl_info *info);
int axvm_nl_pci_detach_doit(struct sk_buff *skb, struct genl_info *info);

#endif
