/* SPDX-License-Identifier: GPL-2.0 */
/*
 * From a guest's segment and offset to a linear address, and from there through
 * the guest's own page tables to a GPA. Everything read here is hostile input.
 */
#ifndef AXVM_X86_CORE_WALK_H
#define AXVM_X86_CORE_WALK_H

#include "core_types.h"

enum core_gpr {
	CORE_RAX, CORE_RCX, CORE_RDX, CORE_RBX,
	CORE_RSP, CORE_RBP, CORE_RSI, CORE_RDI,
	CORE_R8, CORE_R9, CORE_R10, CORE_R11,
	CORE_R12, CORE_R13, CORE_R14, CORE_R15,
};

enum core_sreg { CORE_ES, CORE_CS, CORE_SS, CORE_DS, CORE_FS, CORE_GS };

/* A segment register, laid out as in the VMCB save area. */
struct core_seg {
	u16 selector;
	u16 attrib;
	u32 limit;
	u64 base;
};

/* core_seg.attrib */
#define CORE_SEG_TYPE_WR	0x002	/* data: writable, code: readable */
#define CORE_SEG_TYPE_DOWN	0x004	/* data: grows down, code: conforming */
#define CORE_SEG_TYPE_CODE	0x008
#define CORE_SEG_PRESENT	0x080
#define CORE_SEG_LONG		0x200
#define CORE_SEG_BIG		0x400

/*
 * What stage 2 refused. It is asked last: for that access the guest's own
 * segments and page tables had nothing to object.
 */
enum core_refused { CORE_REFUSED_UNKNOWN, CORE_REFUSED_READ, CORE_REFUSED_WRITE };

/* The guest CPU as the emulator sees it. */
struct core_view {
	u64 *gpr;			/* sixteen, indexed by enum core_gpr */
	const struct core_seg *seg;	/* six, indexed by enum core_sreg */
	u64 rip;			/* offset into CS */
	u64 rflags;
	u64 cr0;
	u64 cr3;
	u64 cr4;
	u64 efer;
	void *guest;			/* for core_guest_ptr() and core_emul_mmio() */
	/* an exception the guest has earned: #SS, #GP or #PF, all with error code */
	u64 fault_addr;			/* CR2, of a #PF */
	u32 fault_error;
	u8 fault_vector;
	u8 cpl;
	u8 phys_bits;			/* physical address width in the guest's CPUID */
	u8 refused;			/* enum core_refused */
	/*
	 * An instruction that had to wait for an answer is performed again, up to
	 * the end of a REP's first round; nth counts a round's device accesses.
	 */
	bool again;
	bool kept;			/* the first access was made before ... */
	u8 nth;
	u64 kept_value;			/* ... with this value */
};

/* What an access wants, for core_linear() and core_walk(). */
#define CORE_ACCESS_READ	0x0
#define CORE_ACCESS_WRITE	0x1
#define CORE_ACCESS_FETCH	0x2
#define CORE_ACCESS_MARK	0x4	/* set accessed and dirty bits as a CPU does */

enum core_walk_status {
	CORE_WALK_OK,
	CORE_WALK_FAULT,	/* an exception for the guest, in core_view.fault_* */
	CORE_WALK_NO_RAM,	/* a table is not in guest RAM */
	CORE_WALK_RACE,		/* the guest changed a table entry meanwhile */
};

/* Where a linear address leads; after CORE_WALK_NO_RAM, the table entry. */
struct core_gpa {
	u64 gpa;
	u32 left;		/* bytes from there to the end of its 4 KiB page */
};

/**
 * core_guest_ptr() - Find guest RAM in the core's address space.
 * @guest: core_view.guest
 * @gpa: guest physical address, any value
 * @len: bytes, 1 to 8 for data and 15 for instructions, never across 4 KiB
 * @write: the bytes will be written
 *
 * Supplied by whoever links this code.
 *
 * Return: a pointer to @len readable (writable) bytes, NULL if any of them is not
 * RAM of this guest.
 */
void *core_guest_ptr(void *guest, u64 gpa, u32 len, bool write);

u32 core_code_size(const struct core_view *view);
int core_linear(struct core_view *view, u32 seg, u64 offset, u32 size, u32 access,
		u64 *linear);
int core_walk(struct core_view *view, u64 linear, u32 access, struct core_gpa *out);
u32 core_guest_fetch(struct core_view *view, u8 *buf);

#endif
