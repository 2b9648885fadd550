/* SPDX-License-Identifier: GPL-2.0 */
/* x86-64 architectural names that the core needs and cannot take from Linux. */
#ifndef AXVM_X86_H
#define AXVM_X86_H

/* Control registers: APM volume 2, section 3.1 */
#define CORE_CR0_PE		(1ULL << 0)
#define CORE_CR0_MP		(1ULL << 1)
#define CORE_CR0_ET		(1ULL << 4)
#define CORE_CR0_NE		(1ULL << 5)
#define CORE_CR0_WP		(1ULL << 16)
#define CORE_CR0_NW		(1ULL << 29)
#define CORE_CR0_CD		(1ULL << 30)
#define CORE_CR0_PG		(1ULL << 31)
#define CORE_CR4_PAE		(1ULL << 5)
#define CORE_CR4_OSFXSR	(1ULL << 9)
#define CORE_CR4_OSXSAVE	(1ULL << 18)
#define CORE_CR4_SMEP	(1ULL << 20)

#define X86_EFER_SCE		(1ULL << 0)
#define X86_EFER_LME		(1ULL << 8)
#define X86_EFER_LMA		(1ULL << 10)
#define X86_EFER_NXE		(1ULL << 11)
#define X86_EFER_SVME		(1ULL << 12)
#define X86_EFER_FFXSR		(1ULL << 14)

#define X86_RFLAGS_FIXED	(1ULL << 1)
#define X86_RFLAGS_TF		(1ULL << 8)
#define X86_RFLAGS_IF		(1ULL << 9)
#define X86_RFLAGS_RF		(1ULL << 16)

#define X86_DR6_RESET		0xffff0ff0ULL
#define X86_DR6_BS		(1ULL << 14)
#define X86_DR7_RESET		0x400ULL
#define X86_PAT_RESET		0x0007040600070406ULL

#define X86_VEC_DB		1
#define X86_VEC_UD		6
#define X86_VEC_DF		8
#define X86_VEC_GP		13
#define X86_VEC_PF		14
#define X86_VEC_AC		17
#define X86_VEC_MC		18

/* MSRs: APM volume 2, appendix A */
#define X86_MSR_TSC		0x10
#define X86_MSR_APIC_BASE	0x1b
#define X86_MSR_SPEC_CTRL	0x48
#define X86_MSR_PRED_CMD	0x49
#define X86_MSR_PATCH_LEVEL	0x8b
#define X86_MSR_MTRRCAP		0xfe
#define X86_MSR_SYSENTER_CS	0x174
#define X86_MSR_SYSENTER_ESP	0x175
#define X86_MSR_SYSENTER_EIP	0x176
#define X86_MSR_DEBUGCTL	0x1d9
#define X86_MSR_PAT		0x277
#define X86_MSR_MTRRDEF		0x2ff
#define X86_MSR_TSC_DEADLINE	0x6e0
#define X86_MSR_EFER		0xc0000080
#define X86_MSR_STAR		0xc0000081
#define X86_MSR_LSTAR		0xc0000082
#define X86_MSR_CSTAR		0xc0000083
#define X86_MSR_SFMASK		0xc0000084
#define X86_MSR_FS_BASE		0xc0000100
#define X86_MSR_GS_BASE		0xc0000101
#define X86_MSR_KERNEL_GS_BASE	0xc0000102
#define X86_MSR_TSC_AUX		0xc0000103
#define X86_MSR_SYSCFG		0xc0010010
#define X86_MSR_HWCR		0xc0010015
#define X86_MSR_NB_CFG		0xc001001f
#define X86_MSR_VM_CR		0xc0010114
#define X86_MSR_VM_HSAVE_PA	0xc0010117
#define X86_MSR_VIRT_SPEC_CTRL	0xc001011f
#define X86_MSR_DE_CFG		0xc0011029

#define X86_APIC_BASE_BSP	(1ULL << 8)
#define X86_APIC_BASE_EXTD	(1ULL << 10)
#define X86_APIC_BASE_EN	(1ULL << 11)
#define X86_APIC_BASE_ADDR	0xfee00000ULL

/* x2APIC registers: APM volume 2, section 16.11; MSR 0x800 + (xAPIC offset >> 4) */
#define X86_X2APIC_FIRST	0x800
#define X86_X2APIC_LAST		0x8ff
#define X86_X2APIC_ID		0x802
#define X86_X2APIC_VERSION	0x803
#define X86_X2APIC_TPR		0x808
#define X86_X2APIC_PPR		0x80a
#define X86_X2APIC_EOI		0x80b
#define X86_X2APIC_LDR		0x80d
#define X86_X2APIC_DFR		0x80e
#define X86_X2APIC_SVR		0x80f
#define X86_X2APIC_ISR		0x810
#define X86_X2APIC_TMR		0x818
#define X86_X2APIC_IRR		0x820
#define X86_X2APIC_ESR		0x828
#define X86_X2APIC_LVT_CMCI	0x82f
#define X86_X2APIC_ICR		0x830
#define X86_X2APIC_ICR_HIGH	0x831	/* xAPIC only */
#define X86_X2APIC_LVT_TIMER	0x832
#define X86_X2APIC_LVT_THERMAL	0x833
#define X86_X2APIC_LVT_PMC	0x834
#define X86_X2APIC_LVT_LINT0	0x835
#define X86_X2APIC_LVT_LINT1	0x836
#define X86_X2APIC_LVT_ERROR	0x837
#define X86_X2APIC_TIMER_INIT	0x838
#define X86_X2APIC_TIMER_NOW	0x839
#define X86_X2APIC_TIMER_DIV	0x83e
#define X86_X2APIC_SELF_IPI	0x83f

#define X86_SVR_ENABLE		(1U << 8)
#define X86_LVT_MASKED		(1U << 16)
#define X86_LVT_PERIODIC	(1U << 17)
#define X86_LVT_DEADLINE	(1U << 18)
#define X86_LVT_TIMER_MODE	(X86_LVT_PERIODIC | X86_LVT_DEADLINE)

#define X86_ICR_MODE(icr)	(((icr) >> 8) & 7)
#define X86_ICR_FIXED		0
#define X86_ICR_LOWEST		1
#define X86_ICR_SMI		2
#define X86_ICR_NMI		4
#define X86_ICR_INIT		5
#define X86_ICR_STARTUP		6
#define X86_ICR_LOGICAL		(1U << 11)
#define X86_ICR_ASSERT		(1U << 14)
#define X86_ICR_LEVEL		(1U << 15)
#define X86_ICR_SHORTHAND(icr)	(((icr) >> 18) & 3)
#define X86_ICR_SELF		1
#define X86_ICR_ALL		2
#define X86_ICR_OTHERS		3

#endif
