/* SPDX-License-Identifier: GPL-2.0 */
/* Registers and bits by the manuals' names: Arm ARM DDI 0487, GIC IHI 0069. */
#ifndef AXVM_ARM64_ARM_H
#define AXVM_ARM64_ARM_H

/* HCR_EL2 (D19.2.48) */
#define ARM_HCR_VM	(1ULL << 0)
#define ARM_HCR_SWIO	(1ULL << 1)
#define ARM_HCR_FMO	(1ULL << 3)
#define ARM_HCR_IMO	(1ULL << 4)
#define ARM_HCR_AMO	(1ULL << 5)
#define ARM_HCR_TID3	(1ULL << 18)
#define ARM_HCR_TSC	(1ULL << 19)
#define ARM_HCR_TIDCP	(1ULL << 20)
#define ARM_HCR_TACR	(1ULL << 21)
#define ARM_HCR_RW	(1ULL << 31)
#define ARM_HCR_TLOR	(1ULL << 35)
#define ARM_HCR_TERR	(1ULL << 36)
#define ARM_HCR_TEA	(1ULL << 37)
#define ARM_HCR_APK	(1ULL << 40)
#define ARM_HCR_API	(1ULL << 41)

/* SCTLR_EL2: RES1 bits of ARMv8.0, W^X, caches, MMU (D19.2.120) */
#define ARM_SCTLR_EL2	0x30cd183dULL
/* SCTLR_EL1 out of reset: RES1 bits of ARMv8.0, all else off (D19.2.118) */
#define ARM_SCTLR_EL1_RESET	0x30d00800ULL
#define ARM_SCTLR_SPAN	(1ULL << 23)

/* MAIR_EL2: index 0 normal write-back, 1 Device-nGnRE */
#define ARM_MAIR	0x04ffULL

/* TCR_EL2 without VHE: 48 bits, 4 KiB granule, walks cacheable and inner shareable */
#define ARM_TCR_RES1	(1ULL << 31 | 1ULL << 23)
#define ARM_TCR		(ARM_TCR_RES1 | 16 | 1 << 8 | 1 << 10 | 3 << 12)
#define ARM_TCR_PS_SHIFT	16

/* VTCR_EL2: likewise */
#define ARM_VTCR_RES1	(1ULL << 31)
#define ARM_VTCR	(ARM_VTCR_RES1 | 1 << 8 | 1 << 10 | 3 << 12)
#define ARM_VTCR_SL0_SHIFT	6
#define ARM_VTCR_PS_SHIFT	16
#define ARM_VTTBR_VMID_SHIFT	48

/* CPTR_EL2 without VHE: trap SVE, SME, trace, activity monitors; FP is the guest's */
#define ARM_CPTR	(0x33ffULL | 1ULL << 20 | 1ULL << 30)

/* MDCR_EL2: trap the PMU, debug registers, trace filter, SPE */
#define ARM_MDCR_TPMCR	(1ULL << 5)
#define ARM_MDCR_TPM	(1ULL << 6)
#define ARM_MDCR_TDA	(1ULL << 9)
#define ARM_MDCR_TDOSA	(1ULL << 10)
#define ARM_MDCR_TDRA	(1ULL << 11)
#define ARM_MDCR_TPMS	(1ULL << 14)
#define ARM_MDCR_TTRF	(1ULL << 19)
#define ARM_MDCR	(ARM_MDCR_TPMCR | ARM_MDCR_TPM | ARM_MDCR_TDA | ARM_MDCR_TDOSA | \
			 ARM_MDCR_TDRA | ARM_MDCR_TPMS | ARM_MDCR_TTRF)

/* SPSR */
#define ARM_PSR_MODE32	(1ULL << 4)
#define ARM_PSR_EL(spsr)	(((spsr) >> 2) & 3)
#define ARM_PSR_SP	(1ULL << 0)
#define ARM_PSR_EL1H_MASKED	0x3c5ULL	/* EL1h, DAIF set */
#define ARM_PSR_SS	(1ULL << 21)
#define ARM_PSR_PAN	(1ULL << 22)
#define ARM_PSR_DIT	(1ULL << 24)
#define ARM_PSR_NZCV	(0xfULL << 28)

/* ESR_EL2 (D19.2.37) */
#define ARM_ESR_EC(esr)	(((esr) >> 26) & 0x3f)
#define ARM_ESR_IL	(1ULL << 25)
#define ARM_EC_UNKNOWN	0x00
#define ARM_EC_WFX	0x01
#define ARM_EC_ILLEGAL	0x0e
#define ARM_EC_HVC32	0x12
#define ARM_EC_HVC	0x16
#define ARM_EC_SMC	0x17
#define ARM_EC_SYSREG	0x18
#define ARM_EC_IABT	0x20
#define ARM_EC_DABT	0x24
#define ARM_ESR_ISV	(1ULL << 24)
#define ARM_ESR_SAS(esr)	(((esr) >> 22) & 3)
#define ARM_ESR_SAS_MASK	(3ULL << 22)
#define ARM_ESR_SAS_WORD	(2ULL << 22)
#define ARM_ESR_SSE	(1ULL << 21)
#define ARM_ESR_SRT(esr)	(((esr) >> 16) & 0x1f)
#define ARM_ESR_SF	(1ULL << 15)
#define ARM_ESR_CM	(1ULL << 8)
#define ARM_ESR_S1PTW	(1ULL << 7)
#define ARM_ESR_WNR	(1ULL << 6)
#define ARM_ESR_FSC(esr)	((esr) & 0x3f)
#define ARM_FSC_PERMISSION	0x0cULL		/* level in the low bits */
#define ARM_FSC_EXTERNAL	0x10ULL		/* synchronous, not in a table walk */
#define ARM_ESR_FNV	(1ULL << 10)

/* A system register as ESR's ISS names it, without Rt and direction */
#define ARM_SYSREG(op0, op1, crn, crm, op2) \
	((op0) << 20 | (op2) << 17 | (op1) << 14 | (crn) << 10 | (crm) << 1)
#define ARM_SYSREG_MASK		ARM_SYSREG(3, 7, 15, 15, 7)
#define ARM_SYSREG_OP0(iss)	(((iss) >> 20) & 3)
#define ARM_SYSREG_OP1(iss)	(((iss) >> 14) & 7)
#define ARM_SYSREG_OP2(iss)	(((iss) >> 17) & 7)
#define ARM_SYSREG_CRN(iss)	(((iss) >> 10) & 15)
#define ARM_SYSREG_CRM(iss)	(((iss) >> 1) & 15)
#define ARM_SYSREG_RT(iss)	(((iss) >> 5) & 31)
#define ARM_SYSREG_READ		1

/* GIC CPU interface and hypervisor registers (IHI 0069, chapter 12), as assembler names */
#define ICC_IAR0_EL1	"S3_0_C12_C8_0"
#define ICC_EOIR0_EL1	"S3_0_C12_C8_1"
#define ICC_BPR0_EL1	"S3_0_C12_C8_3"
#define ICC_SGI0R_EL1	"S3_0_C12_C11_7"
#define ICC_IGRPEN0_EL1	"S3_0_C12_C12_6"
#define ICC_PMR_EL1	"S3_0_C4_C6_0"
#define ICC_DIR_EL1	"S3_0_C12_C11_1"
#define ICC_SGI1R_EL1	"S3_0_C12_C11_5"
#define ICC_IAR1_EL1	"S3_0_C12_C12_0"
#define ICC_EOIR1_EL1	"S3_0_C12_C12_1"
#define ICC_BPR1_EL1	"S3_0_C12_C12_3"
#define ICC_CTLR_EL1	"S3_0_C12_C12_4"
#define ICC_SRE_EL1	"S3_0_C12_C12_5"
#define ICC_IGRPEN1_EL1	"S3_0_C12_C12_7"
#define ICC_SRE_EL2	"S3_4_C12_C9_5"
#define ICH_HCR_EL2	"S3_4_C12_C11_0"
#define ICH_VTR_EL2	"S3_4_C12_C11_1"
#define ICH_EISR_EL2	"S3_4_C12_C11_3"
#define ICH_ELRSR_EL2	"S3_4_C12_C11_5"
#define ICH_VMCR_EL2	"S3_4_C12_C11_7"
#define ARM_ICC_CTLR_EOIMODE	(1ULL << 1)
#define ARM_ICC_SRE_ALL	7ULL		/* SRE, DFB, DIB */
#define ARM_ICH_HCR_EN	(1ULL << 0)
#define ARM_ICH_HCR_UIE	(1ULL << 1)
#define ARM_ICH_HCR_TDIR	(1ULL << 14)
#define ARM_ICH_VTR_TDS	(1ULL << 19)
#define ARM_ICH_VMCR_VENG1	(1ULL << 1)
#define ARM_ICH_LR_PENDING	(1ULL << 62)
#define ARM_ICH_LR_ACTIVE	(1ULL << 63)
#define ARM_ICH_LR_HW	(1ULL << 61)
#define ARM_ICH_LR_GROUP1	(1ULL << 60)
#define ARM_ICH_LR_EOI	(1ULL << 41)
#define ARM_ICH_LR_BEHIND	(ARM_ICH_LR_HW | 0x3ffULL << 32)	/* with pINTID */
#define ARM_ICH_LR_PRIORITY(p)	((u64)(p) << 48)
#define ARM_ICH_LR_PINTID(i)	((u64)(i) << 32)

/* Distributor and redistributor registers (IHI 0069, 12.9 and 12.11) */
#define ARM_GICD_CTLR	0x0000
#define ARM_GICD_TYPER	0x0004
#define ARM_GICD_IIDR	0x0008
#define ARM_GICD_SETSPI_NSR	0x0040
#define ARM_GICD_CLRSPI_NSR	0x0048
#define ARM_GICD_IGROUPR	0x0080
#define ARM_GICD_ISENABLER	0x0100
#define ARM_GICD_ICENABLER	0x0180
#define ARM_GICD_ISPENDR	0x0200
#define ARM_GICD_ICPENDR	0x0280
#define ARM_GICD_ISACTIVER	0x0300
#define ARM_GICD_ICACTIVER	0x0380
#define ARM_GICD_IPRIORITYR	0x0400
#define ARM_GICD_ICFGR	0x0c00
#define ARM_GICD_IROUTER	0x6000
#define ARM_GICD_IROUTER_SIZE	0x2000	/* of INTIDs 0 to 1023 */
#define ARM_GIC_PIDR2	0xffe8
#define ARM_GICR_TYPER	0x0008
#define ARM_GICR_WAKER	0x0014
#define ARM_GICR_SGI	0x10000		/* the second frame: registers as in the distributor */
#define ARM_GICR_TYPER_LAST	(1ULL << 4)
#define ARM_GICR_TYPER_VLPIS	(1ULL << 1)
#define ARM_GICR_WAKER_SLEEP	(1U << 1)
#define ARM_GICR_WAKER_ASLEEP	(1U << 2)

#define ARM_SPI_FIRST	32
#define ARM_PPI_VTIMER	27
#define ARM_PPI_PTIMER	30
#define ARM_TIMERS	(1U << ARM_PPI_VTIMER | 1U << ARM_PPI_PTIMER)

/*
 * Any SGI is a kick: Linux sends none to a taken CPU. Secure firmware may have 8 to
 * 15 for itself; 0 is what Linux ignores, should a late one find it there again.
 */
#define ARM_KICK_SGI	0

/* The kick in Group 0, where there is one security state and so no secure firmware's SGI. */
#define ARM_DIRECT_SGI	15
#define ARM_GICD_CTLR_DS	(1U << 6)

/* PSCI and SMCCC functions (DEN 0022, DEN 0028) */
#define ARM_PSCI_FN_VERSION			0x84000000U
#define ARM_PSCI_FN_CPU_OFF			0x84000002U
#define ARM_PSCI_FN_CPU_ON			0x84000003U
#define ARM_PSCI_FN_AFFINITY_INFO		0x84000004U
#define ARM_PSCI_FN_MIGRATE_INFO_TYPE	0x84000006U
#define ARM_PSCI_FN_SYSTEM_OFF		0x84000008U
#define ARM_PSCI_FN_SYSTEM_RESET		0x84000009U
#define ARM_PSCI_FN_FEATURES		0x8400000aU
#define ARM_PSCI_FN_64BIT			0x40000000U
#define ARM_SMCCC_FN_VERSION		0x80000000U
#define ARM_SMCCC_FN_ARCH_FEATURES		0x80000001U
#define ARM_SMCCC_FAST			0x80000000U

/* ICC_SGI1R_EL1 for one CPU, whose affinity 3.2.1.0 is four bytes. */
static inline unsigned long long arm_sgi1r(unsigned int affinity, unsigned int sgi)
{
	unsigned long long aff = affinity;

	return (aff >> 24 & 0xff) << 48 | (aff >> 16 & 0xff) << 32 | (aff >> 8 & 0xff) << 16 |
	       (aff & 0xf0) << 40 | (unsigned long long)sgi << 24 | 1ULL << (aff & 0xf);
}

#endif
