// SPDX-License-Identifier: GPL-2.0
/*
 * The distributor and redistributors that a cell sees: IHI 0069, 12.9 and
 * 12.11, one security state, affinity routing always on, no LPIs. The guest
 * sees its own SPIs only; nothing here reaches the physical GIC.
 */
#include "core.h"

#define CTLR_GROUPS	3U
#define CTLR_ARE_DS	(1U << 4 | 1U << 6)
/* ITLinesNumber, MBIS: messages raise SPIs, 10 INTID bits, No1N: every SPI has one target */
#define TYPER		((CORE_GIC_INTIDS / 32 - 1) | 1U << 16 | 9U << 19 | 1U << 25)
#define IIDR_ARM	0x43bU
#define PIDR2_GICV3	0x3bU
#define NO_TARGET	0xff
#define PRIORITY_MASK	0xf8
#define SGIS		0xffffU

/* Where a private or shared word of 32 INTIDs is kept. */
struct bank {
	struct core_gic_word *word;
	u8 *priority;
	u32 first;		/* INTID */
	u32 vcpu;		/* owner of a private one */
};

static struct core_gic *gic(void)
{
	return &core_cell()->arch.gic;
}

static bool is_private(const struct bank *bank)
{
	return bank->first == 0;
}

/* Whether this vCPU's list registers say something about the bank. */
static bool is_here(const struct bank *bank)
{
	return !is_private(bank) || bank->vcpu == core_index();
}

static void kick(const struct bank *bank, u32 mask)
{
	if (is_private(bank)) {
		if (bank->vcpu != core_index())
			core_arch_kick(core_cell()->vcpu[bank->vcpu].hw_id);
		return;
	}
	for (; mask; mask &= mask - 1)
		core_gic_kick_target(bank->first - 32 + __builtin_ctz(mask));
}

static void latch(const struct bank *bank, u32 mask)
{
	__atomic_fetch_or(&bank->word->pending, mask, __ATOMIC_SEQ_CST);
}

/* Private interrupts of "passthrough" are in the physical redistributor. */
static bool is_direct(const struct bank *bank)
{
	return core_direct() && is_private(bank) && is_here(bank);
}

/* Enabled or in another group: what waits for that is for its vCPU to see. */
static void changed(const struct bank *bank, u32 mask)
{
	struct core_gic_word *word = bank->word;
	u32 ctlr = gic()->ctlr;
	u32 groups = (ctlr & 2 ? word->group : 0) | (ctlr & 1 ? ~word->group : 0);

	WRITE_WORD(word->deliver, word->enabled & groups);
	kick(bank, mask);
}

static void write_control(u32 value)
{
	struct bank bank = { .vcpu = 0 };
	u32 i;

	if (gic()->ctlr == (value & CTLR_GROUPS))
		return;
	gic()->ctlr = value & CTLR_GROUPS;
	for (i = 0; i < core_cell()->nr_vcpus; i++) {
		bank.vcpu = i;
		bank.word = &gic()->redist[i].word;
		changed(&bank, ~0U);
	}
	for (i = 0; i < CORE_GIC_SPIS / 32; i++) {
		bank.first = 32 + 32 * i;
		bank.word = &gic()->word[i];
		changed(&bank, core_gic_spi_pending(bank.word));
	}
	core_wire_apply_all();
}

static void apply_wired(const struct bank *bank, u32 mask)
{
	if (!is_private(bank))
		core_wire_apply(bank->first, mask);
}

/* What was on its way to the guest waits for the interrupt to be enabled again. */
static void disable(const struct bank *bank, u32 mask)
{
	u32 were;

	bank->word->enabled &= ~mask;
	changed(bank, core_direct() && is_private(bank) ? mask : 0);
	if (!is_here(bank) || is_direct(bank))
		return;
	were = core_gic_forget(bank->first, mask, ARM_ICH_LR_PENDING);
	if (is_private(bank)) {
		latch(bank, were);
		return;
	}
	latch(bank, were & (bank->word->edge | core_wire_lines(bank->first)));
	core_wire_apply(bank->first, mask);
}

/* Of a wired line the physical interrupt is, or stands behind, the virtual one. */
static void clear_wired(const struct bank *bank, u32 mask)
{
	u32 *taken = &core_cell()->irq.taken[bank->first / 32];
	u32 were;

	if (is_private(bank))
		return;
	core_wire_write(bank->first, mask, ARM_GICD_ICPENDR);
	were = __atomic_fetch_and(taken, ~mask, __ATOMIC_SEQ_CST) & mask;
	core_wire_write(bank->first, were, ARM_GICD_ICACTIVER);
}

/* Return: what is left for the core to remember. */
static u32 set_wired(const struct bank *bank, u32 mask)
{
	u32 direct;

	if (is_private(bank) || !core_direct())
		return mask;
	direct = mask & core_wire_lines(bank->first);
	core_wire_write(bank->first, direct, ARM_GICD_ISPENDR);
	return mask & ~direct;
}

static u32 pending(const struct bank *bank)
{
	u32 mask = is_private(bank) ? bank->word->pending : core_gic_spi_pending(bank->word);

	if (is_direct(bank))
		return mask | core_direct_bits(ARM_GICD_ISPENDR);
	if (!is_private(bank))
		mask |= core_wire_bits(bank->first, ARM_GICD_ISPENDR);
	return is_here(bank) ? mask | core_gic_forget(bank->first, ~0U, 0) : mask;
}

/* Return: false when the register is none of those of one bit an INTID. */
static bool write_bits(const struct bank *bank, u32 reg, u32 value)
{
	struct core_gic_word *word = bank->word;

	switch (reg) {
	case ARM_GICD_IGROUPR:
		value ^= word->group;
		word->group ^= value;
		changed(bank, value);
		apply_wired(bank, ~0U);
		break;
	case ARM_GICD_ISENABLER:
		word->enabled |= value;
		apply_wired(bank, value);
		changed(bank, value);
		break;
	case ARM_GICD_ICENABLER:
		disable(bank, value);
		break;
	case ARM_GICD_ISPENDR:
		latch(bank, set_wired(bank, value & ~(is_private(bank) ? ARM_TIMERS : 0)));
		kick(bank, value);
		break;
	case ARM_GICD_ICPENDR:
		/* A timer's pending bit stands for a physical interrupt, which its line ends. */
		if (is_private(bank))
			value &= ~ARM_TIMERS;
		__atomic_fetch_and(&word->pending, ~value, __ATOMIC_SEQ_CST);
		if (is_direct(bank))
			core_direct_clear(reg, value);
		else if (is_here(bank))
			core_gic_forget(bank->first, value, ARM_ICH_LR_PENDING);
		clear_wired(bank, value);
		break;
	case ARM_GICD_ICACTIVER:
		if (is_direct(bank))
			core_direct_clear(reg, value);
		else if (is_here(bank))
			core_gic_forget(bank->first, value, ARM_ICH_LR_ACTIVE);
		if (core_direct() && !is_private(bank))
			core_wire_write(bank->first, value, reg);
		break;
	case ARM_GICD_ISACTIVER:
		break;
	default:
		return false;
	}
	return true;
}

static bool read_bits(const struct bank *bank, u32 reg, u32 *value)
{
	switch (reg) {
	case ARM_GICD_IGROUPR:
		*value = bank->word->group;
		break;
	case ARM_GICD_ISENABLER:
	case ARM_GICD_ICENABLER:
		*value = bank->word->enabled;
		break;
	case ARM_GICD_ISPENDR:
	case ARM_GICD_ICPENDR:
		*value = pending(bank);
		break;
	case ARM_GICD_ISACTIVER:
	case ARM_GICD_ICACTIVER:
		if (is_direct(bank))
			*value = core_direct_bits(ARM_GICD_ISACTIVER);
		else
			*value = is_here(bank) ? core_gic_active(bank->first) : 0;
		if (core_direct() && !is_private(bank))
			*value |= core_wire_bits(bank->first, ARM_GICD_ISACTIVER);
		break;
	default:
		return false;
	}
	return true;
}

static void access_priority(const struct bank *bank, u32 index, u32 size, bool write, u64 *value)
{
	u32 i;

	for (i = 0; i < size && index + i < 32; i++) {
		if (write)
			bank->priority[index + i] = *value >> (8 * i) & PRIORITY_MASK;
		else
			*value |= (u64)bank->priority[index + i] << (8 * i);
	}
}

/* ICFGR: two bits an INTID, the upper one says edge; SGIs always are, PPIs never. */
static void access_config(const struct bank *bank, u32 half, bool write, u64 *value)
{
	u32 edge = bank->word->edge;
	u32 i;

	for (i = 0; i < 16; i++) {
		u32 bit = 1U << (half * 16 + i);

		if (!write)
			*value |= edge & bit ? 2ULL << (2 * i) : 0;
		else if (*value & 2ULL << (2 * i))
			edge |= bit;
		else
			edge &= ~bit;
	}
	if (write && !is_private(bank))
		bank->word->edge = edge;
}

/* Registers that a distributor and a redistributor have at the same offsets. */
static void access_bank(const struct bank *bank, u32 reg, u32 offset, u32 size, bool write,
			u64 *value)
{
	u32 result = 0;

	if (reg == ARM_GICD_IPRIORITYR) {
		access_priority(bank, offset, size, write, value);
		return;
	}
	if (size != 4)
		return;
	if (reg == ARM_GICD_ICFGR)
		access_config(bank, offset / 4, write, value);
	else if (write)
		write_bits(bank, reg, *value);
	else if (read_bits(bank, reg, &result))
		*value = result;
}

/*
 * Split an offset into register array, word of 32 INTIDs and rest: one, eight
 * (priority) or two (configuration) bits an INTID.
 */
static u32 split(u32 offset, u32 *index, u32 *rest)
{
	u32 reg = offset & ~0x7fU;
	u32 stride = 4;

	if (offset >= ARM_GICD_IPRIORITYR && offset < ARM_GICD_IPRIORITYR + 0x400) {
		reg = ARM_GICD_IPRIORITYR;
		stride = 32;
	} else if (offset >= ARM_GICD_ICFGR && offset < ARM_GICD_ICFGR + 0x100) {
		reg = ARM_GICD_ICFGR;
		stride = 8;
	}
	*index = (offset - reg) / stride;
	*rest = (offset - reg) % stride;
	return reg;
}

static u8 target_of(u32 route)
{
	u32 index = (route >> 8) * 16 + (route & 0xff);

	return (route & 0xff) < 16 && index < core_cell()->nr_vcpus ? index : NO_TARGET;
}

/* A 64-bit register; bits 39:32 are Aff3, which no vCPU has. */
static void access_router(u32 offset, u32 size, bool write, u64 *value)
{
	u32 spi = offset / 8 - 32;

	if (offset / 8 < 32 || spi >= CORE_GIC_SPIS || (offset & 3))
		return;
	if (!write) {
		*value = offset & 4 ? 0 : gic()->route[spi];
		return;
	}
	if (offset & 4)
		return;
	gic()->route[spi] = *value & 0xffffff;
	if (size == 8 && *value >> 32 & 0xff)
		gic()->target[spi] = NO_TARGET;
	else
		gic()->target[spi] = target_of(*value & 0xffffff);
	core_wire_route(spi + 32);
	core_gic_kick_target(spi);
}

/* GICD_SETSPI_NSR, GICD_CLRSPI_NSR: an edge, or the end of one that is pending. */
static void message(u32 reg, u32 intid)
{
	struct bank bank = { .first = intid & ~31U };

	if (intid < 32 || intid >= CORE_GIC_INTIDS)
		return;
	bank.word = &gic()->word[intid / 32 - 1];
	write_bits(&bank, reg == ARM_GICD_SETSPI_NSR ? ARM_GICD_ISPENDR : ARM_GICD_ICPENDR,
		   1U << intid % 32);
}

void core_arch_msi(u64 address, u32 data)
{
	const struct core_device *dev = core_find_device(core_tables(), CORE_SPACE_MMIO, address, 4);

	if (dev && dev->type == AXVM_DEVICE_TYPE_GICV3 &&
	    address - dev->base == ARM_GICD_SETSPI_NSR)
		message(ARM_GICD_SETSPI_NSR, data & 0x3ff);
	else
		core_count_event(AXVM_COUNTER_IRQ_DROPPED);
}

static void access_distributor(u32 offset, u32 size, bool write, u64 *value)
{
	struct bank bank = { .vcpu = core_index() };
	u32 index, rest, reg;

	switch (offset) {
	case ARM_GICD_CTLR:
		if (write)
			write_control(*value);
		else
			*value = gic()->ctlr | CTLR_ARE_DS;
		return;
	case ARM_GICD_TYPER:
		*value = TYPER;
		return;
	case ARM_GICD_IIDR:
		*value = IIDR_ARM;
		return;
	case ARM_GIC_PIDR2:
		*value = PIDR2_GICV3;
		return;
	case ARM_GICD_SETSPI_NSR:
	case ARM_GICD_CLRSPI_NSR:
		if (write)
			message(offset, *value & 0x3ff);
		return;
	}
	if (offset >= ARM_GICD_IROUTER && offset < ARM_GICD_IROUTER + 8 * CORE_GIC_INTIDS) {
		access_router(offset - ARM_GICD_IROUTER, size, write, value);
		return;
	}
	reg = split(offset, &index, &rest);
	/* Word 0 is private: in the redistributors. */
	if (index < 1 || index >= CORE_GIC_INTIDS / 32)
		return;
	bank.first = index * 32;
	bank.word = &gic()->word[index - 1];
	bank.priority = &gic()->priority[bank.first - 32];
	access_bank(&bank, reg, rest, size, write, value);
}

bool core_gicd_peek(u32 offset, u64 *value)
{
	const struct core_gic_word *word = gic()->word - 1;	/* word 0 is private */
	u32 first = 1, index;

	if (offset >= GUEST_GICR_OFFSET) {
		u32 vcpu = (offset - GUEST_GICR_OFFSET) / GUEST_GICR_SIZE;

		offset = (offset - GUEST_GICR_OFFSET) % GUEST_GICR_SIZE;
		if (vcpu >= core_cell()->nr_vcpus || offset < ARM_GICR_SGI)
			return false;
		offset -= ARM_GICR_SGI;
		word = &gic()->redist[vcpu].word;
		first = 0;
	} else if (offset == ARM_GICD_TYPER) {
		*value = TYPER;
		return true;
	} else if (offset == ARM_GICD_CTLR) {
		*value = READ_WORD(gic()->ctlr) | CTLR_ARE_DS;
		return true;
	}
	index = offset % 0x80 / 4;
	if (index < first || index > (first ? CORE_GIC_SPIS / 32 : 0) || (offset & 3))
		return false;
	switch (offset & ~0x7fU) {
	case ARM_GICD_IGROUPR:
		*value = READ_WORD(word[index].group);
		return true;
	case ARM_GICD_ISENABLER:
	case ARM_GICD_ICENABLER:
		*value = READ_WORD(word[index].enabled);
		return true;
	}
	return false;
}

static u64 redistributor_type(u32 vcpu)
{
	bool last = vcpu + 1 == core_cell()->nr_vcpus;

	return (u64)GUEST_MPIDR(vcpu) << 32 | vcpu << 8 | (last ? ARM_GICR_TYPER_LAST : 0);
}

static void access_waker(struct core_redist *redist, bool write, u64 *value)
{
	if (!write)
		*value = redist->waker;
	else
		redist->waker = *value & ARM_GICR_WAKER_SLEEP ?
				ARM_GICR_WAKER_SLEEP | ARM_GICR_WAKER_ASLEEP : 0;
}

static void access_redistributor(u32 vcpu, u32 offset, u32 size, bool write, u64 *value)
{
	struct core_redist *redist = &gic()->redist[vcpu];
	struct bank bank = {
		.word = &redist->word, .priority = redist->priority, .vcpu = vcpu,
	};
	u32 index, rest, reg;

	switch (offset) {
	case ARM_GICD_IIDR - 4:	/* ARM_GICR_IIDR */
		*value = IIDR_ARM;
		return;
	case ARM_GICR_TYPER:
		*value = size == 8 ? redistributor_type(vcpu) : (u32)redistributor_type(vcpu);
		return;
	case ARM_GICR_TYPER + 4:
		*value = redistributor_type(vcpu) >> 32;
		return;
	case ARM_GICR_WAKER:
		access_waker(redist, write, value);
		return;
	case ARM_GIC_PIDR2:
		*value = PIDR2_GICV3;
		return;
	}
	if (offset < ARM_GICR_SGI)
		return;
	reg = split(offset - ARM_GICR_SGI, &index, &rest);
	if (index == 0)
		access_bank(&bank, reg, rest, size, write, value);
}

void core_gicd_access(u32 offset, u32 size, bool write, u64 *value)
{
	u32 vcpu;

	if (!write)
		*value = 0;
	if (offset & (size - 1))
		return;
	if (write)
		core_gic_look(core_index());
	if (offset < 0x10000) {
		access_distributor(offset, size, write, value);
		return;
	}
	if (offset < GUEST_GICR_OFFSET)
		return;
	vcpu = (offset - GUEST_GICR_OFFSET) / GUEST_GICR_SIZE;
	if (vcpu < core_cell()->nr_vcpus)
		access_redistributor(vcpu, (offset - GUEST_GICR_OFFSET) % GUEST_GICR_SIZE, size,
				     write, value);
}
