/* SPDX-License-Identifier: GPL-2.0 */
/* AMD SVM structures and codes: AMD64 APM volume 2, chapter 15 and appendices B and C. */
#ifndef AXVM_X86_SVM_H
#define AXVM_X86_SVM_H

#include "core_types.h"

/* Appendix B, table B-2; attrib packs the descriptor's bits 55:52 and 47:40. */
struct svm_segment {
	u16 selector;
	u16 attrib;
	u32 limit;
	u64 base;
};

struct svm_control {
	u32 intercept_cr;		/* 0x000 */
	u32 intercept_dr;		/* 0x004 */
	u32 intercept_exceptions;	/* 0x008 */
	u32 intercept_misc1;		/* 0x00c */
	u32 intercept_misc2;		/* 0x010 */
	u32 intercept_misc3;		/* 0x014 */
	u8 reserved0[0x28];
	u64 iopm_base_pa;		/* 0x040 */
	u64 msrpm_base_pa;		/* 0x048 */
	u64 tsc_offset;			/* 0x050 */
	u32 asid;			/* 0x058 */
	u32 tlb_control;		/* 0x05c */
	u64 v_intr;			/* 0x060 */
	u64 interrupt_state;		/* 0x068 */
	u64 exit_code;			/* 0x070 */
	u64 exit_info1;			/* 0x078 */
	u64 exit_info2;			/* 0x080 */
	u64 exit_int_info;		/* 0x088 */
	u64 nested_control;		/* 0x090 */
	u64 avic_apic_bar;		/* 0x098 */
	u64 ghcb_pa;			/* 0x0a0 */
	u64 event_injection;		/* 0x0a8 */
	u64 nested_cr3;			/* 0x0b0 */
	u64 virt_ext;			/* 0x0b8 */
	u32 clean;			/* 0x0c0 */
	u32 reserved1;
	u64 next_rip;			/* 0x0c8 */
	u8 fetched_bytes;		/* 0x0d0 */
	u8 insn_bytes[15];
	u8 reserved2[0x320];
};

struct svm_save {
	struct svm_segment es, cs, ss, ds, fs, gs, gdtr, ldtr, idtr, tr;	/* 0x400 */
	u8 reserved0[0x2b];
	u8 cpl;				/* 0x4cb */
	u32 reserved1;
	u64 efer;			/* 0x4d0 */
	u8 reserved2[0x70];
	u64 cr4, cr3, cr0, dr7, dr6, rflags, rip;	/* 0x548 */
	u8 reserved3[0x58];
	u64 rsp;			/* 0x5d8 */
	u8 reserved4[0x18];
	u64 rax;			/* 0x5f8 */
	u64 star, lstar, cstar, sfmask, kernel_gs_base;
	u64 sysenter_cs, sysenter_esp, sysenter_eip;
	u64 cr2;			/* 0x640 */
	u8 reserved5[0x20];
	u64 g_pat;			/* 0x668 */
	u64 dbgctl, br_from, br_to, last_excp_from, last_excp_to;
};

struct svm_vmcb {
	struct svm_control control;
	struct svm_save save;
};

_Static_assert(__builtin_offsetof(struct svm_control, iopm_base_pa) == 0x40, "VMCB layout");
_Static_assert(__builtin_offsetof(struct svm_control, next_rip) == 0xc8, "VMCB layout");
_Static_assert(sizeof(struct svm_control) == 0x400, "VMCB layout");
_Static_assert(__builtin_offsetof(struct svm_save, efer) == 0xd0, "VMCB layout");
_Static_assert(__builtin_offsetof(struct svm_save, cr4) == 0x148, "VMCB layout");
_Static_assert(__builtin_offsetof(struct svm_save, rax) == 0x1f8, "VMCB layout");
_Static_assert(__builtin_offsetof(struct svm_save, g_pat) == 0x268, "VMCB layout");

/* Intercepts, table B-1 */
#define SVM_MISC1_INTR		(1U << 0)
#define SVM_MISC1_NMI		(1U << 1)
#define SVM_MISC1_RDPMC		(1U << 15)
#define SVM_MISC1_CPUID		(1U << 18)
#define SVM_MISC1_IRET		(1U << 20)
#define SVM_MISC1_INVD		(1U << 22)
#define SVM_MISC1_HLT		(1U << 24)
#define SVM_MISC1_INVLPGA	(1U << 26)
#define SVM_MISC1_IOIO		(1U << 27)
#define SVM_MISC1_MSR		(1U << 28)
#define SVM_MISC1_FERR_FREEZE	(1U << 30)
#define SVM_MISC1_SHUTDOWN	(1U << 31)
#define SVM_MISC2_VMRUN		(1U << 0)
#define SVM_MISC2_VMMCALL	(1U << 1)
#define SVM_MISC2_VMLOAD	(1U << 2)
#define SVM_MISC2_VMSAVE	(1U << 3)
#define SVM_MISC2_STGI		(1U << 4)
#define SVM_MISC2_CLGI		(1U << 5)
#define SVM_MISC2_SKINIT	(1U << 6)
#define SVM_MISC2_MONITOR	(1U << 10)
#define SVM_MISC2_MWAIT		(1U << 11)
#define SVM_MISC2_RDPRU		(1U << 14)

#define SVM_NESTED_ENABLE	(1ULL << 0)
#define SVM_CR8_WRITE		(1U << 24)	/* of intercept_cr */

/* v_intr, section 15.21; bits 3:0 are CR8 */
#define SVM_V_IRQ		(1ULL << 8)
#define SVM_V_PRIO_SHIFT	16
#define SVM_V_IGN_TPR		(1ULL << 20)
#define SVM_V_INTR_MASKING	(1ULL << 24)
#define SVM_V_VECTOR_SHIFT	32

#define SVM_TLB_FLUSH_ALL	1

/* Event injection and EXITINTINFO, section 15.20 */
#define SVM_EVENT_VALID		(1ULL << 31)
#define SVM_EVENT_ERROR_CODE	(1ULL << 11)
#define SVM_EVENT_NMI		(2ULL << 8)
#define SVM_EVENT_EXCEPTION	(3ULL << 8)
#define SVM_EVENT_TYPE		(SVM_EVENT_VALID | 7ULL << 8)

/* Exit codes, appendix C */
#define SVM_EXIT_CR8_WRITE	0x18
#define SVM_EXIT_EXCEPTION	0x40
#define SVM_EXIT_INTR		0x60
#define SVM_EXIT_NMI		0x61
#define SVM_EXIT_RDPMC		0x6f
#define SVM_EXIT_CPUID		0x72
#define SVM_EXIT_IRET		0x74
#define SVM_EXIT_INVD		0x76
#define SVM_EXIT_HLT		0x78
#define SVM_EXIT_INVLPGA	0x7a
#define SVM_EXIT_IOIO		0x7b
#define SVM_EXIT_MSR		0x7c
#define SVM_EXIT_FERR_FREEZE	0x7e
#define SVM_EXIT_SHUTDOWN	0x7f
#define SVM_EXIT_VMRUN		0x80
#define SVM_EXIT_VMMCALL	0x81
#define SVM_EXIT_VMLOAD		0x82
#define SVM_EXIT_VMSAVE		0x83
#define SVM_EXIT_STGI		0x84
#define SVM_EXIT_CLGI		0x85
#define SVM_EXIT_SKINIT		0x86
#define SVM_EXIT_MONITOR	0x8a
#define SVM_EXIT_MWAIT		0x8b
#define SVM_EXIT_MWAIT_COND	0x8c
#define SVM_EXIT_RDPRU		0x8e
#define SVM_EXIT_NPF		0x400
#define SVM_EXIT_INVALID	0xffffffffffffffffULL

/* EXITINFO1 of IOIO, section 15.10.2 */
#define SVM_IOIO_IN		(1U << 0)
#define SVM_IOIO_STRING		(1U << 2)
#define SVM_IOIO_REP		(1U << 3)
#define SVM_IOIO_SIZE(info)	(((info) >> 4) & 7)	/* bytes */
#define SVM_IOIO_ADDR(info)	(((info) >> 7) & 7)	/* address size / 16 */
#define SVM_IOIO_SEG(info)	(((info) >> 10) & 7)
#define SVM_IOIO_PORT(info)	(((info) >> 16) & 0xffff)

#endif
