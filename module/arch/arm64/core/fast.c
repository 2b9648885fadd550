// SPDX-License-Identifier: GPL-2.0
/*
 * Exits that are dealt with in the vector, without the way through the vCPU
 * loop: calls that only return something, registers that only say something,
 * interrupts for which there is a list register. Everything else is left as it
 * was found, to core_arm_sync() or to the loop. What makes that right:
 *
 * - Commands and the order to die come with a kick, which is looked at here.
 *   Requests do so too, or the handler of an exit makes one of its own CPU;
 *   core_arm_look() sees that.
 * - An interrupt that becomes ready for this vCPU comes with a physical one, or
 *   core_redist.look is set; so at other exits list registers need no look.
 * - Of the guest's registers only X0 to X19 are at hand.
 */
#include "core.h"
#include "trace.h"
#include "../../../../uapi/axvm_guest.h"

#define NR_AT_HAND	20
#define INTID_SPECIAL	1020
#define NR_SGIS		16
#define ICH_LR0_EL2	"S3_4_C12_C12_0"

#define SYSREG_OP	(ARM_SYSREG_MASK | ARM_SYSREG_READ)
#define WRITE_SGI1R	ARM_SYSREG(3, 0, 12, 11, 5)
#define READ_OSLSR	(ARM_SYSREG(2, 0, 1, 1, 4) | ARM_SYSREG_READ)
#define READ_ID		(ARM_SYSREG(3, 0, 0, 0, 0) | ARM_SYSREG_READ)
#define ID_NUMBER	ARM_SYSREG(0, 0, 0, 15, 7)

static inline void count(struct core_cpu *cpu, enum axvm_exit reason)
{
	struct core_vcpu *self = cpu->self;

	core_add_one(&self->exits[reason]);
	self->last_exit = reason;
}

static inline u64 skip(void)
{
	core_write("elr_el2", core_read("elr_el2") + 4);
	core_write("spsr_el2", core_read("spsr_el2") & ~ARM_PSR_SS);
	return CORE_EXIT_BACK;
}

/* Virtual interrupts. */

/*
 * Put a private one, which no other vCPU can take, into a list register; so the lock
 * is not needed. Private ones that the guest is done with have told nobody: ELRSR says it.
 * Return: false if it is not as easy as that.
 */
static inline bool put(struct core_cpu *cpu, u32 intid, u64 lr)
{
	const struct core_redist *redist = cpu->redist;
	u32 used = cpu->lrs_used, slot, rest;

	if (used)
		used &= ~core_read(ICH_ELRSR_EL2) | cpu->lrs_spi;
	for (rest = used; rest; rest &= rest - 1)
		if (cpu->lr_intid[__builtin_ctz(rest)] == intid)
			return false;
	slot = __builtin_ctz(~used);
	if (slot >= cpu->nr_lrs || cpu->crowded)
		return false;
	lr |= ARM_ICH_LR_PENDING | ARM_ICH_LR_PRIORITY(redist->priority[intid]) | intid |
	      (u64)(READ_WORD(redist->word.group) >> intid & 1) << 60;
	cpu->lr_intid[slot] = intid;
	cpu->lrs_used = used | 1U << slot;
	if (slot)
		core_lr_write(slot, lr);
	else
		core_write(ICH_LR0_EL2, lr);
	return true;
}

static inline u64 put_sgis(struct core_cpu *cpu)
{
	struct core_gic_word *word = &cpu->redist->word;
	u32 ready = READ_WORD(word->pending) & READ_WORD(word->deliver);

	for (; ready; ready &= ready - 1) {
		u32 intid = __builtin_ctz(ready);

		if (intid >= NR_SGIS || !put(cpu, intid, 0))
			return CORE_EXIT_DONE;
		/* One that is sent between these two is the same as this one. */
		__atomic_fetch_and(&word->pending, ~(1U << intid), __ATOMIC_SEQ_CST);
	}
	return CORE_EXIT_BACK;
}

u64 core_fast_sgis(struct core_cpu *cpu)
{
	return put_sgis(cpu);
}

/* Physical interrupts. */

static inline u64 kick(struct core_cpu *cpu)
{
	struct core_vcpu *self = cpu->self;

	count(cpu, AXVM_EXIT_KICK);
	if (READ_WORD(cpu->die))
		core_arm_die();
	core_ivc_kicked();
	if (READ_WORD(self->cmd) != self->ack || core_arm_look(cpu))
		return CORE_EXIT_DONE;
	return put_sgis(cpu);
}

/* It stays active until the guest deactivates the virtual one. */
static inline u64 timer(struct core_cpu *cpu, u32 intid)
{
	struct core_gic_word *word = &cpu->redist->word;

	count(cpu, AXVM_EXIT_INTERRUPT);
	if ((READ_WORD(word->deliver) >> intid & 1) &&
	    put(cpu, intid, ARM_ICH_LR_HW | ARM_ICH_LR_PINTID(intid)))
		return CORE_EXIT_BACK;
	__atomic_fetch_or(&word->pending, 1U << intid, __ATOMIC_SEQ_CST);
	return CORE_EXIT_DONE;
}

static inline u64 interrupt(struct core_cpu *cpu)
{
	u32 intid = core_read(ICC_IAR1_EL1) & 0xffffff;

	if (intid >= INTID_SPECIAL)
		return CORE_EXIT_BACK;
	core_write(ICC_EOIR1_EL1, intid);
	/* What was written before the kick must not have been read before it was taken. */
	core_isb();
	if (intid == ARM_PPI_VTIMER || intid == ARM_PPI_PTIMER)
		return timer(cpu, intid);
	if (intid >= NR_SGIS) {
		core_gic_taken(cpu, intid);
		return CORE_EXIT_DONE;
	}
	core_write(ICC_DIR_EL1, intid);
	return kick(cpu);
}

/* Synchronous exits. */

static inline u64 call(struct core_cpu *cpu)
{
	struct core_vcpu *self = cpu->self;
	u64 nr = cpu->x[0];

	/* Those that only answer; core_hypercall() must not do more for them. */
	if (nr != AXVM_HC_VERSION && nr != AXVM_HC_PUTC && nr != AXVM_HC_GETC)
		return CORE_EXIT_WHOLE;
	self->last_exit = AXVM_EXIT_HYPERCALL;	/* counted by number */
	cpu->x[0] = core_hypercall(self, nr, &cpu->x[1]);
	return CORE_EXIT_BACK;
}

/* One SGI for one vCPU: Aff3, Aff2, IRM and the range selector are 0. */
static inline u64 send_sgi(struct core_cpu *cpu, u64 value)
{
	struct core_arch_cell *arch = &core_cell()->arch;
	u32 list = value & 0xffff;
	u32 vcpu = (value >> 16 & 0xff) * 16 + __builtin_ctz(list | 1U << 16);

	if (value >> 32 || !list || (list & (list - 1)) || vcpu >= core_cell()->nr_vcpus)
		return CORE_EXIT_WHOLE;
	count(cpu, AXVM_EXIT_IPI);
	__atomic_fetch_or(&arch->gic.redist[vcpu].word.pending, 1U << (value >> 24 & 0xf),
			  __ATOMIC_SEQ_CST);
	skip();
	if (vcpu == cpu->index)
		return put_sgis(cpu);
	/* What the other one must see before it looks; ICC_SGI1R is not ordered with stores. */
	asm volatile("dsb ishst" : : : "memory");
	core_write(ICC_SGI1R_EL1, arch->kick[vcpu]);
	return CORE_EXIT_BACK;
}

static inline u64 sysreg(struct core_cpu *cpu, u64 esr)
{
	u32 op = esr & SYSREG_OP;
	u32 rt = ARM_SYSREG_RT(esr);

	/* None of these is for EL0. */
	if (rt >= NR_AT_HAND || ARM_PSR_EL(core_read("spsr_el2")) == 0)
		return CORE_EXIT_WHOLE;
	if (op == WRITE_SGI1R)
		return send_sgi(cpu, cpu->x[rt]);
	if ((op & ~ID_NUMBER) == READ_ID && ARM_SYSREG_CRM(op) < 8) {
		count(cpu, AXVM_EXIT_IDENT);
		cpu->x[rt] = cpu->id[CORE_ID(ARM_SYSREG_CRM(op), ARM_SYSREG_OP2(op))];
		return skip();
	}
	if (op != READ_OSLSR)
		return CORE_EXIT_WHOLE;
	count(cpu, AXVM_EXIT_SYSREG);
	core_arm_sysreg_read(cpu, op & ARM_SYSREG_MASK, &cpu->x[rt]);
	return skip();
}

static inline void access_pl011(const struct core_device *dev, u32 offset, bool write, u64 *value)
{
	struct core_pl011 *uart = &core_cell()->pl011[dev->instance];

	core_device_lock();
	if (write)
		core_pl011_write(uart, offset, *value);
	else
		*value = core_pl011_read(uart, offset);
	core_device_unlock();
}

/* Both in one instruction: counting is to cost three. */
static inline u64 base_and_counter(const struct core_device *dev, u64 *counter)
{
	u64 base;

	asm("ldp %0, %1, %2" : "=&r"(base), "=r"(*counter) : "Q"(*(const u64 (*)[2])&dev->base));
	return base;
}

static inline u64 mmio(struct core_cpu *cpu, u64 esr)
{
	u64 gpa = (core_read("hpfar_el2") >> 4 << 12) | (core_read("far_el2") & 0xfff);
	bool write = esr & ARM_ESR_WNR;
	u32 rt = ARM_ESR_SRT(esr);
	const struct core_device *dev;
	u64 value = 0, counter, offset;
	bool uart;

	/* A word, described by the syndrome, and a fault of stage 2's own tables. */
	if ((esr & (ARM_ESR_ISV | ARM_ESR_SAS_MASK | ARM_ESR_SSE | ARM_ESR_S1PTW | ARM_ESR_CM |
		    ARM_ESR_FNV | 0x30)) != (ARM_ESR_ISV | ARM_ESR_SAS_WORD))
		return CORE_EXIT_WHOLE;
	if (rt >= NR_AT_HAND || (core_read("spsr_el2") & ARM_PSR_MODE32))
		return CORE_EXIT_WHOLE;
	dev = core_device_at(CORE_SPACE_MMIO, gpa, 4);
	if (!dev)
		return CORE_EXIT_WHOLE;
	uart = dev->type == AXVM_DEVICE_TYPE_PL011;
	if (!uart && (dev->type != AXVM_DEVICE_TYPE_GICV3 || write))
		return CORE_EXIT_WHOLE;
	/* Counted first, when it is at hand. */
	offset = gpa - base_and_counter(dev, &counter);
	core_count_device(cpu->self, counter, AXVM_EXIT_MMIO);
	if (write)
		value = (u32)cpu->x[rt];
	if (uart) {
		access_pl011(dev, offset, write, &value);
	} else if (!core_gicd_peek(offset, &value)) {
		core_device_uncount(CORE_SPACE_MMIO, gpa);
		return CORE_EXIT_WHOLE;
	}
	if (!write)
		cpu->x[rt] = (u32)value;
	skip();
	return core_arm_look(cpu);
}

static inline u64 sync(struct core_cpu *cpu, u64 esr)
{
	switch (ARM_ESR_EC(esr)) {
	case ARM_EC_DABT:
		return mmio(cpu, esr);
	case ARM_EC_SYSREG:
		return sysreg(cpu, esr);
	case ARM_EC_HVC:
		return call(cpu);
	}
	return CORE_EXIT_WHOLE;
}

/* Flat, though that makes two of all: a call costs as much as some of the above do. */
__attribute__((__flatten__)) u64 core_fast_sync(struct core_cpu *cpu, u64 esr)
{
	return sync(cpu, esr);
}

__attribute__((__flatten__)) u64 core_fast_irq(struct core_cpu *cpu)
{
	return interrupt(cpu);
}

__attribute__((__flatten__)) u64 core_fast_sync_traced(struct core_cpu *cpu, u64 esr)
{
	u64 exit;

	core_trace_left(cpu->trace, core_read("elr_el2"), esr);
	exit = sync(cpu, esr);
	if (exit == CORE_EXIT_BACK)
		core_trace_done(cpu->trace);
	return exit;
}

__attribute__((__flatten__)) u64 core_fast_irq_traced(struct core_cpu *cpu)
{
	u64 exit;

	core_trace_left(cpu->trace, core_read("elr_el2"), CORE_EXIT_IRQ);
	exit = interrupt(cpu);
	if (exit == CORE_EXIT_BACK)
		core_trace_done(cpu->trace);
	return exit;
}
