// SPDX-License-Identifier: GPL-2.0
/* Stage-2 faults and port I/O: who is meant, and the instruction's other half. */
#include "core.h"
#include "emulate.h"
#include "vlapic.h"

#define NPF_WRITE	(1ULL << 1)
#define NPF_FETCH	(1ULL << 4)
#define NPF_TABLE	(1ULL << 33)	/* while walking the guest's page tables */
#define LAPIC_PAGE	(X86_APIC_BASE_ADDR >> 12)
#define ALL_ONES	(~0ULL)

static bool in_xapic_page(u64 gpa)
{
	u64 base;

	if (gpa >> 12 != LAPIC_PAGE)
		return false;
	base = core_cell()->arch.lapic[core_index()].base;
	return core_cell()->irq_mode != AXVM_IRQ_MODE_NONE &&
	       (base & (X86_APIC_BASE_EN | X86_APIC_BASE_EXTD)) == X86_APIC_BASE_EN;
}

void *core_guest_ptr(void *guest, u64 gpa, u32 len, bool write)
{
	const struct core_cpu *cpu = core_cpu();

	(void)guest;
	/* Page tables and code are mostly in the first range; ranges are whole pages. */
	if (gpa - cpu->ram_gpa < cpu->ram_size)
		return (void *)(CORE_GUEST_VA + gpa);
	return core_ram_ok(core_tables(), gpa, len, write) ? (void *)(CORE_GUEST_VA + gpa) : NULL;
}

/* Section 16.3.2: registers are 32 bits wide, 16 bytes apart; other accesses are undefined. */
static void xapic_access(u64 gpa, u32 size, bool write, u64 *value)
{
	u32 reg = X86_X2APIC_FIRST + (gpa >> 4 & 0xff);

	if (size != 4 || (gpa & 0xf)) {
		*value = 0;
		return;
	}
	if (write && core_arch_slow())
		core_vlapic_write(reg, *value);
	else if (write)
		core_lapic_write(reg, *value);
	else if (!(core_arch_slow() ? core_vlapic_read(reg, value) : core_lapic_read(reg, value)))
		*value = 0;
}

/* As a bus on which nobody answers. Memory that is read-only can be read, as a ROM. */
static void nobody(u64 gpa, u32 size, bool write, u64 *val)
{
	const u8 *rom = core_guest_ptr(NULL, gpa, size, false);
	u32 i;

	if (write)
		return;
	*val = ALL_ONES;
	for (i = 0; rom && i < size; i++)
		((u8 *)val)[i] = rom[i];
}

int core_emul_mmio(void *guest, u64 gpa, u32 size, bool write, u64 *val)
{
	(void)guest;
	if (in_xapic_page(gpa)) {
		xapic_access(gpa, size, write, val);
		return CORE_EMUL_DONE;
	}
	switch (core_device_access(CORE_SPACE_MMIO, gpa, size, write, val)) {
	case CORE_IO_DONE:
		return CORE_EMUL_DONE;
	case CORE_IO_ASKED:
		return CORE_EMUL_ASKED;
	default:
		break;
	}
	if (core_cell()->fault_policy != AXVM_FAULT_POLICY_IGNORE)
		return CORE_EMUL_REFUSED;
	nobody(gpa, size, write, val);
	return CORE_EMUL_DONE;
}

/* @guest: the device if this exit is not counted yet; what is one access to it is counted there. */
int core_emul_mmio_once(void *guest, u64 gpa, u32 size, bool write, u64 *val)
{
	const struct core_device *dev = guest;

	if (!dev)
		return core_emul_mmio(NULL, gpa, size, write, val);
	if (size > dev->size - (gpa - dev->base)) {
		core_count(AXVM_EXIT_MMIO);
		return core_emul_mmio(NULL, gpa, size, write, val);
	}
	/* Counted first, when it is at hand. */
	core_count_device(core_self(), dev->counter, AXVM_EXIT_MMIO);
	if (core_device_do(dev, gpa, size, write, val) == CORE_IO_DONE)
		return CORE_EMUL_DONE;
	core_device_asked(CORE_SPACE_MMIO, gpa, AXVM_EXIT_MMIO);
	return CORE_EMUL_ASKED;
}

void core_emul_other(void *guest)
{
	if (guest)
		core_count(AXVM_EXIT_MMIO);
}

/* @dev: core_view.guest, as core_emul_mmio_once() wants it */
static inline void open_view(struct core_cpu *cpu, struct core_view *view,
			     const struct core_device *dev)
{
	struct svm_save *save = &cpu->vmcb.save;
	u64 info1 = cpu->vmcb.control.exit_info1;

	/* FS and GS are still in the processor. */
	asm volatile("vmsave %%rax" : : "a"(cpu->vmcb_pa) : "memory");
	*view = (struct core_view) {
		.gpr = cpu->gpr,
		.seg = (const struct core_seg *)&save->es,
		.rip = save->rip,
		.rflags = save->rflags,
		.cr0 = save->cr0,
		.cr3 = save->cr3,
		.cr4 = save->cr4,
		.efer = save->efer,
		.cpl = save->cpl,
		.phys_bits = cpu->phys_bits,
		.guest = (void *)dev,
		.refused = info1 & NPF_WRITE ? CORE_REFUSED_WRITE : CORE_REFUSED_READ,
	};
}

static void close_view(struct core_cpu *cpu, struct core_view *view, bool done)
{
	cpu->vmcb.save.rflags = view->rflags;
	if (done)
		core_x86_skip_to(cpu, view->rip);
}

static void inject_fault(struct core_cpu *cpu, const struct core_view *view)
{
	if (view->fault_vector == X86_VEC_PF)
		cpu->vmcb.save.cr2 = view->fault_addr;
	core_x86_inject(cpu, view->fault_vector, view->fault_error);
}

/* The instruction waits for the host half; its first access must not happen twice. */
static void keep(struct core_cpu *cpu, const struct core_view *view)
{
	cpu->kept = view->nth > 1;
	cpu->kept_value = view->kept_value;
}

/* The instruction's bytes go into the report: they say what the decoder lacks. */
static u64 pack_bytes(const struct core_emul *em)
{
	u64 bytes = 0;
	u32 i;

	for (i = 0; i < 8 && i < em->nbytes; i++)
		bytes |= (u64)em->bytes[i] << (8 * i);
	return bytes;
}

/*
 * The instruction's other half, against whatever is there.
 * @dev: the device at @gpa, or NULL if this exit is counted already
 */
static void emulate(struct core_cpu *cpu, u64 gpa, const struct core_device *dev)
{
	struct core_view view;
	struct core_emul em;
	int status;

	open_view(cpu, &view, dev);
	status = core_emulate(&view, gpa, &em);
	if (status == CORE_EMUL_DONE || status == CORE_EMUL_AGAIN)
		close_view(cpu, &view, status == CORE_EMUL_DONE);
	else if (status == CORE_EMUL_FAULT)
		inject_fault(cpu, &view);
	else if (status == CORE_EMUL_ASKED)
		keep(cpu, &view);
	else
		core_x86_fail(cpu, AXVM_CAUSE_DECODE_ERROR, gpa, pack_bytes(&em));
}

static enum core_log_type access_kind(u64 error)
{
	if (error & NPF_TABLE)
		return CORE_LOG_FAULT_TABLE;
	if (error & NPF_FETCH)
		return CORE_LOG_FAULT_FETCH;
	return error & NPF_WRITE ? CORE_LOG_FAULT_WRITE : CORE_LOG_FAULT_READ;
}

/* Which exceptions make a double fault of a #GP on the way to their handlers: table 8-3. */
static bool contributory(u32 vector)
{
	return vector == 0 || (vector >= 10 && vector <= X86_VEC_PF);
}

/* #GP, or what becomes of it while another exception is being delivered (8.2.9). */
static void inject_gp(struct core_cpu *cpu, u64 gpa, u64 error)
{
	u64 event = cpu->vmcb.control.event_injection;
	u32 vector = event & 0xff;

	if ((event & SVM_EVENT_TYPE) != (SVM_EVENT_VALID | SVM_EVENT_EXCEPTION))
		core_x86_inject(cpu, X86_VEC_GP, 0);
	else if (vector == X86_VEC_DF)
		core_x86_fail(cpu, AXVM_CAUSE_TRIPLE_FAULT, gpa, error);
	else
		core_x86_inject(cpu, contributory(vector) ? X86_VEC_DF : X86_VEC_GP, 0);
}

/* Nothing is there, or the guest may not do that there: as the cell's policy says. */
static void refused_access(struct core_cpu *cpu, u64 gpa, u64 error)
{
	u32 policy = core_cell()->fault_policy;
	bool delivering = cpu->vmcb.control.event_injection & SVM_EVENT_VALID;

	core_count(AXVM_EXIT_STAGE2_FAULT);
	/* Ones are no instruction, nor a page table; and a frame of the processor's cannot be lost. */
	if (policy == AXVM_FAULT_POLICY_FAIL ||
	    (policy == AXVM_FAULT_POLICY_IGNORE &&
	     ((error & (NPF_FETCH | NPF_TABLE)) || delivering))) {
		core_x86_fail(cpu, AXVM_CAUSE_STAGE2_FAULT, gpa, error);
		return;
	}
	core_fault_note(access_kind(error), gpa, cpu->vmcb.save.rip);
	if (policy == AXVM_FAULT_POLICY_INJECT)
		inject_gp(cpu, gpa, error);
	else
		emulate(cpu, gpa, NULL);
}

void core_x86_npf(struct core_cpu *cpu)
{
	u64 gpa = cpu->vmcb.control.exit_info2;
	u64 error = cpu->vmcb.control.exit_info1;

	const struct core_device *dev;

	if (error & (NPF_FETCH | NPF_TABLE)) {
		refused_access(cpu, gpa, error);
		return;
	}
	/* The APIC's page comes first: it is no device, whatever else is configured there. */
	if (in_xapic_page(gpa)) {
		core_count(AXVM_EXIT_MMIO);
		emulate(cpu, gpa, NULL);
		return;
	}
	dev = core_device_at(CORE_SPACE_MMIO, gpa, 1);
	if (dev)
		emulate(cpu, gpa, dev);
	else
		refused_access(cpu, gpa, error);
}

void core_x86_npf_again(struct core_cpu *cpu)
{
	struct core_view view;
	struct core_emul em;
	int status;

	open_view(cpu, &view, NULL);
	view.again = true;
	view.kept = cpu->kept;
	view.kept_value = cpu->kept_value;
	status = core_emulate(&view, cpu->vmcb.control.exit_info2, &em);
	if (status == CORE_EMUL_FAULT)
		inject_fault(cpu, &view);
	else if (status == CORE_EMUL_ASKED)
		keep(cpu, &view);
	else if (status == CORE_EMUL_DONE || status == CORE_EMUL_AGAIN)
		close_view(cpu, &view, status == CORE_EMUL_DONE);
	/*
	 * Otherwise the guest has changed code, tables or registers meanwhile, or the
	 * device is gone: it finds out by itself.
	 */
}

/* Return: false: the host half was asked, and the guest must stay as it is. */
static bool port_access(u32 port, u32 size, bool write, u64 *value)
{
	enum core_io io = core_device_access(CORE_SPACE_PIO, port, size, write, value);

	if (io != CORE_IO_NONE)
		return io == CORE_IO_DONE;
	/* Nobody is there: the bus floats high. */
	core_count_event(AXVM_COUNTER_PIO_UNCLAIMED);
	if (!write)
		*value = ALL_ONES;
	return true;
}

static u64 size_mask(u32 size)
{
	return size >= 8 ? ALL_ONES : (1ULL << (8 * size)) - 1;
}

/* What the prefixes of INS and OUTS say. */
struct string_form {
	u32 segment;		/* of OUTS; INS has no choice */
	u64 mask;		/* of rSI, rDI and rCX: the address size */
};

/* Processors without decode assists tell neither the segment nor, some, the address size. */
static void string_form(struct core_view *view, u64 info, struct string_form *form)
{
	u8 bytes[CORE_INSN_MAX];
	u32 n = core_guest_fetch(view, bytes);
	u32 size = core_code_size(view);
	u32 i;

	form->segment = CORE_DS;
	for (i = 0; i < n && (bytes[i] & 0xfc) != 0x6c; i++) {
		switch (bytes[i]) {
		case 0x26:
			form->segment = CORE_ES;
			break;
		case 0x2e:
			form->segment = CORE_CS;
			break;
		case 0x36:
			form->segment = CORE_SS;
			break;
		case 0x3e:
			form->segment = CORE_DS;
			break;
		case 0x64:
			form->segment = CORE_FS;
			break;
		case 0x65:
			form->segment = CORE_GS;
			break;
		case 0x67:
			size = core_code_size(view) == 4 ? 2 : 4;
			break;
		}
	}
	if (SVM_IOIO_ADDR(info))
		size = 2 * SVM_IOIO_ADDR(info);
	form->mask = size_mask(size);
}

/* A 32-bit result clears the register's upper half. */
static u64 merge(u64 old, u64 new, u64 mask)
{
	return mask == size_mask(4) ? new & mask : (old & ~mask) | (new & mask);
}

/*
 * The memory end of INS or OUTS is not there.
 * @found: the guest's page tables led to @gpa
 * Return: false if the instruction ends here.
 */
static bool no_memory(struct core_cpu *cpu, bool found, u64 gpa, bool write)
{
	u32 policy = core_cell()->fault_policy;
	u64 error = write ? NPF_WRITE : 0;

	if (policy == AXVM_FAULT_POLICY_FAIL || !found) {
		core_x86_fail(cpu, AXVM_CAUSE_STAGE2_FAULT, gpa, error);
		return false;
	}
	core_fault_note(access_kind(error), gpa, cpu->vmcb.save.rip);
	if (policy == AXVM_FAULT_POLICY_IGNORE)
		return true;
	inject_gp(cpu, gpa, error);
	return false;
}

/*
 * One element from or to memory. Return: false if an exception was injected
 * instead, or the host half was asked.
 */
static bool string_element(struct core_cpu *cpu, struct core_view *view, u64 info,
			   const struct string_form *form, u64 *index)
{
	bool in = info & SVM_IOIO_IN;
	u32 size = SVM_IOIO_SIZE(info), port = SVM_IOIO_PORT(info);
	u32 access = in ? CORE_ACCESS_WRITE : CORE_ACCESS_READ;
	u32 segment = in ? CORE_ES : form->segment;
	u64 mask = form->mask;
	u64 value = 0, linear;
	u32 i;

	if (core_linear(view, segment, *index & mask, size, access, &linear) != CORE_WALK_OK)
		goto fault;
	if (in && !port_access(port, size, false, &value))
		return false;
	for (i = 0; i < size; i++) {
		struct core_gpa at;
		int status = core_walk(view, linear + i, access | CORE_ACCESS_MARK, &at);
		u8 *byte;

		if (status == CORE_WALK_FAULT)
			goto fault;
		byte = status == CORE_WALK_OK ? core_guest_ptr(NULL, at.gpa, 1, in) : NULL;
		if (!byte && !no_memory(cpu, status == CORE_WALK_OK, at.gpa, in))
			return false;
		if (!byte)
			value |= in ? 0 : 0xffULL << (8 * i);
		else if (in)
			*byte = value >> (8 * i);
		else
			value |= (u64)*byte << (8 * i);
	}
	if (!in && !port_access(port, size, true, &value))
		return false;
	*index = merge(*index, *index + (view->rflags & (1 << 10) ? -(u64)size : size), mask);
	return true;
fault:
	inject_fault(cpu, view);
	return false;
}

static void string_io(struct core_cpu *cpu, u64 info)
{
	u64 *index = &cpu->gpr[info & SVM_IOIO_IN ? CORE_RDI : CORE_RSI];
	u64 *count = &cpu->gpr[CORE_RCX];
	struct string_form form;
	struct core_view view;

	open_view(cpu, &view, NULL);
	string_form(&view, info, &form);
	if ((info & SVM_IOIO_REP) && !(*count & form.mask)) {
		core_x86_skip_to(cpu, cpu->vmcb.control.exit_info2);
		return;
	}
	if (!string_element(cpu, &view, info, &form, index))
		return;
	if (info & SVM_IOIO_REP) {
		*count = merge(*count, *count - 1, form.mask);
		if (*count & form.mask)
			return;
	}
	core_x86_skip_to(cpu, cpu->vmcb.control.exit_info2);
}

/* IN has its value, or OUT has written it. */
static inline void complete(struct core_cpu *cpu, u64 info, u64 value)
{
	u32 size = SVM_IOIO_SIZE(info);
	u64 mask = size_mask(size);

	if (info & SVM_IOIO_IN)
		cpu->gpr[0] = size == 4 ? value & mask : (cpu->gpr[0] & ~mask) | (value & mask);
	core_x86_skip_to(cpu, cpu->vmcb.control.exit_info2);
}

void core_x86_pio_again(struct core_cpu *cpu)
{
	u64 info = cpu->vmcb.control.exit_info1;
	u32 size = SVM_IOIO_SIZE(info);
	u64 value;

	if (info & SVM_IOIO_STRING) {
		string_io(cpu, info);
		return;
	}
	value = cpu->gpr[0] & size_mask(size);
	if (!port_access(SVM_IOIO_PORT(info), size, !(info & SVM_IOIO_IN), &value))
		return;
	complete(cpu, info, value);
}

void core_x86_pio(struct core_cpu *cpu)
{
	u64 info = cpu->vmcb.control.exit_info1;
	u32 size = SVM_IOIO_SIZE(info), port = SVM_IOIO_PORT(info);
	const struct core_device *dev;
	u64 value;

	dev = info & SVM_IOIO_STRING ? NULL : core_device_at(CORE_SPACE_PIO, port, size);
	if (!dev) {
		core_count(AXVM_EXIT_PIO);
		core_x86_pio_again(cpu);
		return;
	}
	/* Counted first, when it is at hand. */
	core_count_device(core_self(), dev->counter, AXVM_EXIT_PIO);
	value = cpu->gpr[0] & size_mask(size);
	if (core_device_do(dev, port, size, !(info & SVM_IOIO_IN), &value) == CORE_IO_DONE)
		complete(cpu, info, value);
	else
		core_device_asked(CORE_SPACE_PIO, port, AXVM_EXIT_PIO);
}

/* MOV CR8, reg64, or its LOCK MOV CR0 form: APM volume 3, chapter 4. Needs no ModRM memory operand. */
void core_x86_cr8(struct core_cpu *cpu, u32 *tpr)
{
	u8 bytes[CORE_INSN_MAX];
	struct core_view view;
	u32 n, i, rex = 0;
	u64 value;

	open_view(cpu, &view, NULL);
	n = core_guest_fetch(&view, bytes);
	for (i = 0; i < n && bytes[i] != 0x0f; i++)
		rex = (bytes[i] & 0xf0) == 0x40 ? bytes[i] : 0;
	if (i + 2 >= n || bytes[i + 1] != 0x22) {
		core_x86_fail(cpu, AXVM_CAUSE_DECODE_ERROR, 0, 0);
		return;
	}
	value = cpu->gpr[(bytes[i + 2] & 7) | (rex & 1) << 3];
	if (core_code_size(&view) < 8)
		value = (u32)value;
	if (value >> 4) {
		core_x86_inject(cpu, X86_VEC_GP, 0);
		return;
	}
	*tpr = value << 4;
	core_x86_skip(cpu, i + 3);
}
