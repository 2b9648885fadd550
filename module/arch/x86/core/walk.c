// SPDX-License-Identifier: GPL-2.0
/*
 * Guest segmentation and guest page tables (APM volume 2, chapters 4 and 5). The
 * guest may change its tables while they are read: each entry is loaded once, and
 * the number of levels is fixed before the first load.
 */
#include "walk.h"

#define CR0_PE		(1ULL << 0)
#define CR0_WP		(1ULL << 16)
#define CR0_PG		(1ULL << 31)
#define CR4_PSE		(1ULL << 4)
#define CR4_PAE		(1ULL << 5)
#define CR4_LA57	(1ULL << 12)
#define CR4_SMEP	(1ULL << 20)
#define CR4_SMAP	(1ULL << 21)
#define EFER_LMA	(1ULL << 10)
#define EFER_NXE	(1ULL << 11)
#define RFLAGS_VM	(1ULL << 17)
#define RFLAGS_AC	(1ULL << 18)

#define PTE_P		(1ULL << 0)
#define PTE_W		(1ULL << 1)
#define PTE_U		(1ULL << 2)
#define PTE_A		(1ULL << 5)
#define PTE_D		(1ULL << 6)
#define PTE_PS		(1ULL << 7)
#define PTE_NX		(1ULL << 63)
#define PTE_ADDR	0x000ffffffffff000ULL
/* Reserved in a PDPTE of PAE paging: it has no rights and no accessed bit. */
#define PDPTE_RSVD	0x7ff00000000001e6ULL
#define PAE_RSVD	0x7ff0000000000000ULL

#define PF_P		(1U << 0)
#define PF_W		(1U << 1)
#define PF_U		(1U << 2)
#define PF_RSVD		(1U << 3)
#define PF_I		(1U << 4)

#define VECTOR_SS	12
#define VECTOR_GP	13
#define VECTOR_PF	14

/* One kind of page tables, and what has been gathered on the way down. */
struct walk {
	u64 table;		/* GPA */
	u64 reserved;		/* bits that must be 0 at every level but a PDPTE of PAE paging */
	u64 rights;		/* PTE_W and PTE_U of all levels, PTE_NX of any */
	u32 levels;
	u32 stride;		/* index bits of a level: 9, or 10 with 4-byte entries */
};

static bool long_mode(const struct core_view *view)
{
	return view->efer & EFER_LMA;
}

static bool pae_pdpte(const struct core_view *view, u32 level)
{
	return level == 3 && !long_mode(view);
}

static u64 phys_mask(const struct core_view *view)
{
	return (1ULL << (view->phys_bits < 52 ? view->phys_bits : 52)) - 1;
}

/**
 * core_code_size() - Say what kind of code the guest runs.
 * @view: guest CPU
 *
 * CS.D holds in real mode too: the CPU goes by the hidden descriptor.
 *
 * Return: 2, 4 or 8 for 16-, 32- and 64-bit code.
 */
u32 core_code_size(const struct core_view *view)
{
	u16 attrib = view->seg[CORE_CS].attrib;

	if (long_mode(view) && attrib & CORE_SEG_LONG)
		return 8;
	return attrib & CORE_SEG_BIG ? 4 : 2;
}

static int segment_fault(struct core_view *view, u32 seg)
{
	view->fault_vector = seg == CORE_SS ? VECTOR_SS : VECTOR_GP;
	view->fault_error = 0;
	return CORE_WALK_FAULT;
}

/* Type and limit (APM volume 2, 4.7 and 4.12). */
static bool segment_allows(const struct core_view *view, const struct core_seg *seg,
			   u64 offset, u32 size, u32 access)
{
	u64 end = offset + size - 1;
	u32 type = seg->attrib;

	if (view->cr0 & CR0_PE && !(view->rflags & RFLAGS_VM)) {
		if (!(type & CORE_SEG_PRESENT))
			return false;
		if (access & CORE_ACCESS_WRITE &&
		    (type & CORE_SEG_TYPE_CODE || !(type & CORE_SEG_TYPE_WR)))
			return false;
		if (!(access & CORE_ACCESS_FETCH) &&
		    type & CORE_SEG_TYPE_CODE && !(type & CORE_SEG_TYPE_WR))
			return false;
	}
	if (type & CORE_SEG_TYPE_CODE || !(type & CORE_SEG_TYPE_DOWN))
		return end <= seg->limit;
	return offset > seg->limit &&
	       end <= (type & CORE_SEG_BIG ? 0xffffffffULL : 0xffffULL);
}

/**
 * core_linear() - Turn segment and offset into a linear address.
 * @view: guest CPU; on failure fault_vector and fault_error say what it has earned
 * @seg: enum core_sreg
 * @offset: effective address, truncated to the address size
 * @size: bytes, 1 to 15
 * @access: CORE_ACCESS_*
 * @linear: result
 *
 * Return: CORE_WALK_OK or CORE_WALK_FAULT.
 */
int core_linear(struct core_view *view, u32 seg, u64 offset, u32 size, u32 access,
		u64 *linear)
{
	const struct core_seg *s = &view->seg[seg];
	u32 unused = view->cr4 & CR4_LA57 ? 64 - 57 : 64 - 48;
	u64 first, last;

	if (core_code_size(view) != 8) {
		*linear = (u32)(s->base + offset);
		if (!segment_allows(view, s, offset, size, access))
			return segment_fault(view, seg);
		return CORE_WALK_OK;
	}
	first = offset + (seg >= CORE_FS ? s->base : 0);
	last = first + size - 1;
	*linear = first;
	/* Canonical: the unused bits repeat the highest used one. */
	if ((u64)((s64)(first << unused) >> unused) != first ||
	    (u64)((s64)(last << unused) >> unused) != last)
		return segment_fault(view, seg);
	return CORE_WALK_OK;
}

static int page_fault(struct core_view *view, u64 linear, u32 access, u32 error)
{
	if (access & CORE_ACCESS_WRITE)
		error |= PF_W;
	if (view->cpl == 3)
		error |= PF_U;
	if (access & CORE_ACCESS_FETCH && (view->efer & EFER_NXE || view->cr4 & CR4_SMEP))
		error |= PF_I;
	view->fault_vector = VECTOR_PF;
	view->fault_error = error;
	view->fault_addr = linear;
	return CORE_WALK_FAULT;
}

static void start_walk(const struct core_view *view, struct walk *w)
{
	w->rights = PTE_W | PTE_U;
	w->stride = 9;
	w->reserved = PTE_ADDR & ~phys_mask(view);
	if (!(view->efer & EFER_NXE))
		w->reserved |= PTE_NX;
	if (long_mode(view)) {
		w->levels = view->cr4 & CR4_LA57 ? 5 : 4;
		w->table = view->cr3 & PTE_ADDR;
	} else if (view->cr4 & CR4_PAE) {
		w->levels = 3;
		w->table = view->cr3 & 0xffffffe0;
	} else {
		w->levels = 2;
		w->stride = 10;
		w->table = view->cr3 & 0xfffff000;
	}
}

/* Does this entry end the walk? */
static bool is_leaf(const struct core_view *view, const struct walk *w, u32 level, u64 pte)
{
	if (level == 1)
		return true;
	if (!(pte & PTE_PS) || level > 3 || pae_pdpte(view, level))
		return false;
	return w->stride == 9 || view->cr4 & CR4_PSE;
}

/* Page base of a leaf; bits that must be 0 show up in *rsvd. */
static u64 leaf_base(const struct walk *w, u32 level, u32 shift, u64 pte, u64 *rsvd)
{
	u64 low = (1ULL << shift) - 1;

	if (level == 1)
		return pte & PTE_ADDR;
	if (w->stride == 10) {
		/* PSE-36: bits 20:13 are address bits 39:32. */
		*rsvd |= pte & (1ULL << 21);
		return (pte & 0xffc00000) | (pte >> 13 & 0xff) << 32;
	}
	*rsvd |= pte & low & ~0x1fffULL;
	return pte & PTE_ADDR & ~low;
}

/* Bits of an entry that must be 0, leaving out those of leaf_base(). */
static u64 reserved_bits(const struct core_view *view, const struct walk *w, u32 level,
			 u64 pte)
{
	u64 rsvd = w->reserved;

	if (w->stride == 10)
		return 0;
	if (level > 3)
		rsvd |= PTE_PS;
	if (pae_pdpte(view, level))
		rsvd |= PDPTE_RSVD | PTE_NX;
	else if (!long_mode(view))
		rsvd |= PAE_RSVD;
	return pte & rsvd;
}

/* APM volume 2, 5.6: page-protection checks. */
static bool rights_allow(const struct core_view *view, u64 rights, u32 access)
{
	bool fetch = access & CORE_ACCESS_FETCH;
	bool write = access & CORE_ACCESS_WRITE;

	if (fetch && rights & PTE_NX)
		return false;
	if (view->cpl == 3)
		return rights & PTE_U && (!write || rights & PTE_W);
	if (write && !(rights & PTE_W) && view->cr0 & CR0_WP)
		return false;
	if (!(rights & PTE_U))
		return true;
	if (fetch)
		return !(view->cr4 & CR4_SMEP);
	return !(view->cr4 & CR4_SMAP) || view->rflags & RFLAGS_AC;
}

static u64 load_entry(const void *p, u32 stride)
{
	if (stride == 10)
		return *(const volatile u32 *)p;
	return *(const volatile u64 *)p;
}

/* Sets accessed and dirty bits, unless the entry is no longer what was checked. */
static bool mark_entry(void *p, u32 stride, u64 pte, u64 bits)
{
	if ((pte & bits) == bits)
		return true;
	if (stride == 10)
		return __sync_bool_compare_and_swap((u32 *)p, (u32)pte, (u32)(pte | bits));
	return __sync_bool_compare_and_swap((u64 *)p, pte, pte | bits);
}

static void set_result(struct core_gpa *out, u64 gpa)
{
	out->gpa = gpa;
	out->left = 4096 - (gpa & 4095);
}

/*
 * 64-bit paging in supervisor mode, when nothing needs to be judged, marked or
 * refused. Return: false if something does; then nothing has changed.
 */
static bool walk_plain(const struct core_view *view, u64 linear, u32 access, struct core_gpa *out)
{
	bool write = access & CORE_ACCESS_WRITE;
	u64 forbidden = PTE_ADDR & ~phys_mask(view), table = view->cr3 & PTE_ADDR;
	u64 wanted = PTE_P | PTE_A | (write ? PTE_W : 0), pte = 0, low;
	u32 shift = 48;

	if (!long_mode(view) || view->cr4 & CR4_LA57 || view->cpl == 3)
		return false;
	if (access & CORE_ACCESS_FETCH || !(view->efer & EFER_NXE))
		forbidden |= PTE_NX;
	/* What a user page allows is for the long way to say. */
	if (view->cr4 & (CR4_SMEP | CR4_SMAP))
		forbidden |= PTE_U;
	do {
		const u64 *p;

		shift -= 9;
		p = core_guest_ptr(view->guest, table + (linear >> shift & 511) * 8, 8, true);
		if (!p)
			return false;
		pte = *(const volatile u64 *)p;
		if ((pte & (wanted | forbidden)) != wanted)
			return false;
		table = pte & PTE_ADDR;
	} while (shift > 12 && !(pte & PTE_PS));
	low = (1ULL << shift) - 1;
	if (shift > 30 || (shift > 12 && pte & low & ~0x1fffULL) || (write && !(pte & PTE_D)))
		return false;
	set_result(out, (table & ~low) | (linear & low));
	return true;
}

/* The long way, which knows all that there is. */
static noinline int walk_judging(struct core_view *view, u64 linear, u32 access,
				 struct core_gpa *out)
{
	bool mark = access & CORE_ACCESS_MARK;
	struct walk w;
	u32 level;

	start_walk(view, &w);
	for (level = w.levels; level; level--) {
		u32 shift = 12 + w.stride * (level - 1);
		u32 index = linear >> shift & ((1U << w.stride) - 1);
		u32 width = w.stride == 10 ? 4 : 8;
		u64 base = 0, pte, rsvd, bits = PTE_A;
		bool leaf;
		void *p;

		out->gpa = w.table + index * width;
		p = core_guest_ptr(view->guest, out->gpa, width, mark);
		if (!p)
			return CORE_WALK_NO_RAM;
		pte = load_entry(p, w.stride);
		if (!(pte & PTE_P))
			return page_fault(view, linear, access, 0);

		rsvd = reserved_bits(view, &w, level, pte);
		leaf = is_leaf(view, &w, level, pte);
		if (leaf)
			base = leaf_base(&w, level, shift, pte, &rsvd);
		if (rsvd || (w.stride == 10 && base & ~phys_mask(view)))
			return page_fault(view, linear, access, PF_P | PF_RSVD);

		if (pae_pdpte(view, level))
			bits = 0;
		else
			w.rights = (w.rights & pte) | ((w.rights | pte) & PTE_NX);
		if (leaf && !rights_allow(view, w.rights, access))
			return page_fault(view, linear, access, PF_P);
		if (leaf && access & CORE_ACCESS_WRITE)
			bits |= PTE_D;
		if (mark && !mark_entry(p, w.stride, pte, bits))
			return CORE_WALK_RACE;
		w.table = pte & PTE_ADDR;
		if (leaf) {
			set_result(out, base | (linear & ((1ULL << shift) - 1)));
			break;
		}
	}
	return CORE_WALK_OK;
}

/**
 * core_walk() - Translate a linear address through the guest's page tables.
 * @view: guest CPU; on CORE_WALK_FAULT fault_* hold the page fault it has earned
 * @linear: canonical linear address, from core_linear()
 * @access: CORE_ACCESS_*; the guest's rights are checked
 * @out: result
 *
 * Protection keys and shadow stacks are not looked at: a guest that turns them on
 * without being offered them by CPUID only weakens itself.
 *
 * Return: enum core_walk_status.
 */
int core_walk(struct core_view *view, u64 linear, u32 access, struct core_gpa *out)
{
	if (!long_mode(view))
		linear = (u32)linear;
	if (!(view->cr0 & CR0_PG)) {
		set_result(out, linear);
		return CORE_WALK_OK;
	}
	if (walk_plain(view, linear, access, out))
		return CORE_WALK_OK;
	return walk_judging(view, linear, access, out);
}

/* Whole words where there is room: the guest may change its code meanwhile, as on any CPU. */
static void copy_code(u8 *to, const u8 *from, u32 bytes)
{
	typedef u64 __attribute__((aligned(1), may_alias)) any_u64;
	u32 i;

	if (bytes == 15) {
		*(any_u64 *)to = *(const volatile any_u64 *)from;
		*(any_u64 *)(to + 7) = *(const volatile any_u64 *)(from + 7);
		return;
	}
	for (i = 0; i < bytes; i++)
		to[i] = *(const volatile u8 *)(from + i);
}

/**
 * core_guest_fetch() - Read the bytes at the guest's instruction pointer.
 * @view: guest CPU
 * @buf: room for 15 bytes
 *
 * Stops early where the next page cannot be read: an instruction may well end
 * before it.
 *
 * Return: bytes in @buf, 0 if not even the first can be read.
 */
u32 core_guest_fetch(struct core_view *view, u8 *buf)
{
	u32 done = 0;

	while (done < 15) {
		struct core_gpa at;
		const u8 *p;
		u32 part;
		u64 linear;

		if (core_linear(view, CORE_CS, view->rip + done, 1, CORE_ACCESS_FETCH,
				&linear) ||
		    core_walk(view, linear, CORE_ACCESS_FETCH, &at))
			break;
		part = at.left < 15 - done ? at.left : 15 - done;
		p = core_guest_ptr(view->guest, at.gpa, part, false);
		if (!p)
			break;
		copy_code(buf + done, p, part);
		done += part;
	}
	return done;
}
