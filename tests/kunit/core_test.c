// SPDX-License-Identifier: GPL-2.0
/*
 * The neutral core on a cell in ordinary memory: dispatch tables, console
 * rings, UART, hypercalls, stop and event words. The architecture is a few
 * counters.
 */
#include <kunit/test.h>
#include <linux/vmalloc.h>

#include "../../module/core/main.c"
#include "../../module/core/io.c"
#include "../../module/core/fault.c"
#include "../../module/core/call.c"
#include "../../module/core/console.c"
#include "../../module/core/hypercall.c"
#include "../../module/core/irq.c"
#include "../../module/core/ivc.c"
#include "../../module/core/uart16550.c"
#include "../../module/core/pl011.c"
#include "../../module/core/pci.c"
#include "../../module/core/trace.h"

struct core_cell *axvm_test_cell;
u32 axvm_test_index;

static unsigned int kicks, raises, syncs;
static u64 raised, clock_now;
static u32 line_irq;
static bool line_level;
static u64 arch_offset;
static u32 pulsed[4], injected[4];
static unsigned int nr_pulses, nr_injected;

void core_arch_cpu_init(void)
{
}

void core_arch_cpu_exit(void)
{
}

void core_arch_cpu_off(void)
{
	BUG();
}

void core_arch_sleep(struct core_vcpu *vcpu, u32 mask)
{
}

void core_arch_kick(u32 hw_id)
{
	kicks |= 1U << hw_id;
}

/* For bell_test.c */
u64 axvm_test_kicked;
unsigned int axvm_test_kicks;
unsigned int axvm_test_pulses(u32 line);

void core_arch_kick_cell(u32 hw_id, u32 irq_mode)
{
	axvm_test_kicked = hw_id | (u64)irq_mode << 32;
	axvm_test_kicks++;
}

void core_arch_raise(u64 target)
{
	raises++;
	raised = target;
}

/* What the exit that is handled again does, and what came of it. */
static u64 again_gpa, again_value, hypercall_result;
static unsigned int agains;
static enum core_io again_io;

void core_arch_exit_again(void)
{
	agains++;
	again_io = core_device_access(CORE_SPACE_MMIO, again_gpa, 8, false, &again_value);
}

void core_arch_hypercall_done(u64 result)
{
	hypercall_result = result;
}

void core_arch_vcpu_reset(bool boot)
{
}

void core_arch_sync(void)
{
	syncs++;
}

void core_arch_vcpu_start(u64 arg)
{
}

void core_arch_vcpu_nmi(void)
{
}

void core_arch_vcpu_run(void)
{
}

void core_arch_vcpu_trace(void)
{
}

void core_arch_vcpu_slow(void)
{
}

u64 core_arch_clock(void)
{
	return clock_now;
}

void core_arch_irq_line(u32 irq, bool level)
{
	line_irq = irq;
	line_level = level;
}

void core_arch_irq_pulse(u32 line)
{
	pulsed[nr_pulses++ % ARRAY_SIZE(pulsed)] = line;
}

unsigned int axvm_test_pulses(u32 line)
{
	unsigned int i, nr = 0;

	for (i = 0; i < nr_pulses && i < ARRAY_SIZE(pulsed); i++)
		nr += pulsed[i] == line;
	return nr;
}

void core_arch_inject(u32 vector)
{
	injected[nr_injected++ % ARRAY_SIZE(injected)] = vector;
}

bool core_arch_guest_irq(u32 vcpu, u64 number)
{
	if (number < 100)
		core_irq_send_vector(vcpu, number);
	return number < 100;
}

void core_arch_device(const struct core_device *dev, u32 offset, u32 size, bool write, u64 *value)
{
	arch_offset = offset;
	if (!write)
		*value = dev->type;
}

static unsigned int port_accesses;
static u16 port_seen;

void core_arch_port(u16 port, u32 size, bool write, u64 *value)
{
	port_accesses++;
	port_seen = port;
	if (!write)
		*value = 0x5a;
}

static void add_device(u16 space, u64 base, u32 size, u16 type)
{
	struct core_tables *tables = &axvm_test_cell->tables[0];
	u32 slot = tables->nr_devices++;

	tables->device[slot] = (struct core_device){
		.space = space, .base = base, .size = size, .type = type, .irq = CORE_NO_IRQ, .slot = slot,
		.counter = offsetof(struct core_vcpu, device_exits[space][slot]),
		.access = type == AXVM_DEVICE_TYPE_TESTDEV ? CORE_DEVICE_SLOW : 0 };
}

static int core_test_init(struct kunit *test)
{
	struct core_cell *cell = vzalloc(sizeof(*cell));

	KUNIT_ASSERT_NOT_NULL(test, cell);
	axvm_test_cell = cell;
	axvm_test_index = 0;
	kicks = 0;
	raises = 0;
	clock_now = 1;
	line_level = false;
	nr_pulses = 0;
	nr_injected = 0;
	cell->nr_vcpus = 3;
	cell->vcpu[0].tables = &cell->tables[0];
	cell->vcpu[1].hw_id = 11;
	cell->vcpu[2].hw_id = 12;
	cell->event_target = 0x1234;
	cell->clock.khz = 1000;
	add_device(CORE_SPACE_PIO, 0x70, 2, AXVM_DEVICE_TYPE_CMOS_RTC);
	add_device(CORE_SPACE_PIO, 0x3f8, 8, AXVM_DEVICE_TYPE_UART16550);
	add_device(CORE_SPACE_MMIO, 0x10, 0x10, AXVM_DEVICE_TYPE_ACPI_PM);
	add_device(CORE_SPACE_MMIO, 0xfec00000, 0x1000, AXVM_DEVICE_TYPE_IOAPIC);
	cell->uart[0].has_console = 1;
	cell->uart[0].irq = 4;
	return 0;
}

static void core_test_exit(struct kunit *test)
{
	vfree(axvm_test_cell);
}

static u16 device_at(enum core_space space, u64 base, u32 size)
{
	const struct core_device *dev = core_find_device(core_tables(), space, base, size);

	return dev ? dev->type : 0xffff;
}

static void find_device(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, device_at(CORE_SPACE_PIO, 0x70, 1), AXVM_DEVICE_TYPE_CMOS_RTC);
	KUNIT_EXPECT_EQ(test, device_at(CORE_SPACE_PIO, 0x71, 1), AXVM_DEVICE_TYPE_CMOS_RTC);
	KUNIT_EXPECT_EQ(test, device_at(CORE_SPACE_PIO, 0x6f, 1), 0xffff);
	KUNIT_EXPECT_EQ(test, device_at(CORE_SPACE_PIO, 0x72, 1), 0xffff);
	KUNIT_EXPECT_EQ(test, device_at(CORE_SPACE_PIO, 0x71, 2), 0xffff);
	KUNIT_EXPECT_EQ(test, device_at(CORE_SPACE_PIO, 0x6f, 4), 0xffff);
	KUNIT_EXPECT_EQ(test, device_at(CORE_SPACE_PIO, 0x3ff, 1), AXVM_DEVICE_TYPE_UART16550);
	KUNIT_EXPECT_EQ(test, device_at(CORE_SPACE_PIO, 0x10, 1), 0xffff);
	KUNIT_EXPECT_EQ(test, device_at(CORE_SPACE_MMIO, 0x1f, 1), AXVM_DEVICE_TYPE_ACPI_PM);
	KUNIT_EXPECT_EQ(test, device_at(CORE_SPACE_MMIO, 0x3f8, 1), 0xffff);
	KUNIT_EXPECT_EQ(test, device_at(CORE_SPACE_MMIO, 0xfec00ff8, 8), AXVM_DEVICE_TYPE_IOAPIC);
	KUNIT_EXPECT_EQ(test, device_at(CORE_SPACE_MMIO, 0xfec00ffc, 8), 0xffff);
	KUNIT_EXPECT_EQ(test, device_at(CORE_SPACE_MMIO, ~0ULL, 8), 0xffff);
	axvm_test_cell->tables[0].nr_devices = 0;
	KUNIT_EXPECT_EQ(test, device_at(CORE_SPACE_PIO, 0x70, 1), 0xffff);
}

static void device_access(struct kunit *test)
{
	u64 value = 0;

	KUNIT_EXPECT_TRUE(test, core_device_access(CORE_SPACE_MMIO, 0xfec00010, 4, false, &value));
	KUNIT_EXPECT_EQ(test, value, AXVM_DEVICE_TYPE_IOAPIC);
	KUNIT_EXPECT_EQ(test, arch_offset, 0x10);
	KUNIT_EXPECT_EQ(test, axvm_test_cell->lock, 0);
	KUNIT_EXPECT_FALSE(test, core_device_access(CORE_SPACE_MMIO, 0xfec01000, 4, false, &value));
}

static void fault_frees_lock(struct kunit *test)
{
	axvm_test_index = 2;
	core_device_lock();
	axvm_test_index = 1;
	core_device_unlock_forced();
	KUNIT_EXPECT_NE(test, axvm_test_cell->lock, 0);
	axvm_test_index = 2;
	core_device_unlock_forced();
	KUNIT_EXPECT_EQ(test, axvm_test_cell->lock, 0);
}

static void ram(struct kunit *test)
{
	struct core_tables *tables = &axvm_test_cell->tables[0];

	tables->ram[0] = (struct core_ram){ 0, 0x1000, AXVM_MEMORY_FLAG_READ | AXVM_MEMORY_FLAG_WRITE };
	tables->ram[1] = (struct core_ram){ 0x10000, 0x2000, AXVM_MEMORY_FLAG_READ };
	tables->nr_ram = 2;
	KUNIT_EXPECT_TRUE(test, core_ram_ok(tables, 0, 8, true));
	KUNIT_EXPECT_TRUE(test, core_ram_ok(tables, 0xff8, 8, false));
	KUNIT_EXPECT_FALSE(test, core_ram_ok(tables, 0xff9, 8, false));
	KUNIT_EXPECT_FALSE(test, core_ram_ok(tables, 0x1000, 1, false));
	KUNIT_EXPECT_TRUE(test, core_ram_ok(tables, 0x11fff, 1, false));
	KUNIT_EXPECT_FALSE(test, core_ram_ok(tables, 0x10000, 1, true));
	KUNIT_EXPECT_FALSE(test, core_ram_ok(tables, 0x12000, 1, false));
	KUNIT_EXPECT_FALSE(test, core_ram_ok(tables, ~0ULL, 8, false));
}

#include "core_live_cases.h"

static void console_ring(struct kunit *test)
{
	struct core_cell *cell = axvm_test_cell;
	unsigned int i;

	/* The indices run freely and wrap. */
	cell->tx.head = cell->tx.tail = 0xfffffff0;
	for (i = 0; i < CORE_TX_SIZE; i++)
		KUNIT_ASSERT_TRUE(test, core_console_put(i));
	KUNIT_EXPECT_TRUE(test, core_console_full());
	KUNIT_EXPECT_FALSE(test, core_console_put('x'));
	KUNIT_EXPECT_EQ(test, cell->vcpu[0].counters[AXVM_COUNTER_CONSOLE_DROPPED], 1);
	KUNIT_EXPECT_EQ(test, cell->tx_data[(0xfffffff0 + 5) % CORE_TX_SIZE], 5);
	KUNIT_EXPECT_EQ(test, core_console_get(), -1);
	cell->rx_data[0] = 'q';
	cell->rx.head = 1;
	KUNIT_EXPECT_EQ(test, core_console_get(), 'q');
	KUNIT_EXPECT_TRUE(test, core_console_empty());
}

static void events_are_merged(struct kunit *test)
{
	core_notify();
	core_notify();
	KUNIT_EXPECT_EQ(test, raises, 1);
	KUNIT_EXPECT_EQ(test, raised, 0x1234);
	axvm_test_cell->event_pending = 0;
	core_notify();
	KUNIT_EXPECT_EQ(test, raises, 2);
}

static void first_cause_wins(struct kunit *test)
{
	struct core_cell *cell = axvm_test_cell;

	axvm_test_index = 1;
	core_stop_cell(AXVM_CAUSE_TRIPLE_FAULT, 0x7f, 0x100, 0x200, 0x300);
	axvm_test_index = 2;
	core_stop_cell(AXVM_CAUSE_GUEST_OFF, 0, 0, 0, 0);
	KUNIT_EXPECT_EQ(test, cell->stop.cause, AXVM_CAUSE_TRIPLE_FAULT);
	KUNIT_EXPECT_EQ(test, cell->stop.vcpu, 1);
	KUNIT_EXPECT_EQ(test, cell->stop.pc, 0x100);
	KUNIT_EXPECT_EQ(test, cell->stop.ready, 1);
	KUNIT_EXPECT_EQ(test, cell->vcpu[0].requests & CORE_REQ_STOP, CORE_REQ_STOP);
	KUNIT_EXPECT_EQ(test, cell->vcpu[2].requests & CORE_REQ_STOP, CORE_REQ_STOP);
	/* Nobody outside the cell's three CPUs was kicked. */
	KUNIT_EXPECT_EQ(test, kicks, 1U << 0 | 1U << 11 | 1U << 12);
}

static void requests(struct kunit *test)
{
	struct core_vcpu *vcpu = &axvm_test_cell->vcpu[0];

	vcpu->requests = CORE_REQ_START;
	KUNIT_EXPECT_EQ(test, take_requests(vcpu, CORE_RUNNING), CORE_RUNNING);
	vcpu->requests = CORE_REQ_INIT;
	KUNIT_EXPECT_EQ(test, take_requests(vcpu, CORE_RUNNING), CORE_WAITING);
	vcpu->requests = CORE_REQ_INIT | CORE_REQ_START;
	KUNIT_EXPECT_EQ(test, take_requests(vcpu, CORE_RUNNING), CORE_RUNNING);
	vcpu->requests = CORE_REQ_INIT | CORE_REQ_STOP;
	KUNIT_EXPECT_EQ(test, take_requests(vcpu, CORE_RUNNING), CORE_PARKED);
	KUNIT_EXPECT_EQ(test, vcpu->requests, 0);
}

static void log_ring(struct kunit *test)
{
	struct core_cell *cell = axvm_test_cell;
	unsigned int i;

	for (i = 0; i < CORE_LOG_SIZE + 3; i++)
		core_log(CORE_LOG_IPI, i, 0);
	KUNIT_EXPECT_EQ(test, cell->log_head, CORE_LOG_SIZE + 3);
	KUNIT_EXPECT_EQ(test, cell->log[2].a, CORE_LOG_SIZE + 2);
	KUNIT_EXPECT_EQ(test, cell->log[2].seq, CORE_LOG_SIZE + 3);
	KUNIT_EXPECT_EQ(test, cell->log[3].a, 3);
}

static void hypercalls(struct kunit *test)
{
	u64 arg[4] = { 'A', 0, 0, 0 };

	axvm_test_index = 2;
	KUNIT_EXPECT_EQ(test, core_hypercall(core_self(), AXVM_HC_VERSION, arg), AXVM_GUEST_ABI);
	KUNIT_EXPECT_EQ(test, core_hypercall(core_self(), AXVM_HC_PUTC, arg), 0);
	KUNIT_EXPECT_EQ(test, axvm_test_cell->tx_data[0], 'A');
	KUNIT_EXPECT_EQ(test, core_hypercall(core_self(), AXVM_HC_GETC, arg), AXVM_HC_EAGAIN);
	KUNIT_EXPECT_EQ(test, core_hypercall(core_self(), AXVM_HC_VCPU, arg), 2 | 3LL << 32);
	KUNIT_EXPECT_EQ(test, core_hypercall(core_self(), AXVM_HC_CLOCK_KHZ, arg), 1000);
	KUNIT_EXPECT_EQ(test, core_hypercall(core_self(), 8, arg), AXVM_HC_ENOSYS);
	KUNIT_EXPECT_EQ(test, core_hypercall(core_self(), ~0ULL, arg), AXVM_HC_ENOSYS);
	core_hypercall(core_self(), AXVM_HC_OFF, arg);
	KUNIT_EXPECT_EQ(test, axvm_test_cell->stop.cause, AXVM_CAUSE_GUEST_OFF);
}

#include "core_uart_cases.h"

static void pl011_is_found(struct kunit *test)
{
	struct core_pl011 *uart = &axvm_test_cell->pl011[0];
	u64 value = 0;

	add_device(CORE_SPACE_MMIO, 0xfed00000, 0x1000, AXVM_DEVICE_TYPE_PL011);
	/* PrimeCell and peripheral ID, as Linux' bus looks for them. */
	KUNIT_EXPECT_TRUE(test, core_device_access(CORE_SPACE_MMIO, 0xfed00fe0, 4, false, &value));
	KUNIT_EXPECT_EQ(test, value, 0x11);
	KUNIT_EXPECT_EQ(test, core_pl011_read(uart, 0xffc), 0xb1);
	KUNIT_EXPECT_EQ(test, core_pl011_read(uart, 0x1000), 0);
	core_pl011_write(uart, UART_IBRD, 0x12345);
	KUNIT_EXPECT_EQ(test, core_pl011_read(uart, UART_IBRD), 0x2345);
	/* The other registers are read-only or do not exist. */
	core_pl011_write(uart, UART_FR, ~0U);
	core_pl011_write(uart, ~0U, ~0U);
	KUNIT_EXPECT_EQ(test, core_pl011_read(uart, UART_FR),
			FR_READY | FR_RX_EMPTY | FR_TX_EMPTY);
}

static void counted_by_number(struct kunit *test)
{
	const u64 arg[4] = {};
	struct core_vcpu *self = core_self();
	u64 value;

	core_hypercall(core_self(), AXVM_HC_VERSION, arg);
	core_hypercall(core_self(), AXVM_HC_CLOCK_KHZ, arg);
	core_hypercall(core_self(), AXVM_HC_VERSION - 1, arg);
	core_hypercall(core_self(), ~0ULL, arg);
	core_hypercall(core_self(), AXVM_HC_IVC_RING, arg);
	KUNIT_EXPECT_EQ(test, self->calls[CORE_NR_IVC_CALLS], 1ULL);
	KUNIT_EXPECT_EQ(test, self->calls[CORE_NR_IVC_CALLS + AXVM_HC_CLOCK_KHZ - AXVM_HC_VERSION],
			1ULL);
	KUNIT_EXPECT_EQ(test, self->calls[AXVM_HC_IVC_RING - AXVM_HC_IVC_PUBLISH], 1ULL);
	KUNIT_EXPECT_EQ(test, self->calls[CORE_NR_CALLS - 1], 2ULL);

	core_device_access(CORE_SPACE_MMIO, 0xfec00010, 4, false, &value);
	core_device_access(CORE_SPACE_MMIO, 0xfec00000, 4, false, &value);
	core_device_access(CORE_SPACE_PIO, 0x70, 1, false, &value);
	core_device_access(CORE_SPACE_PIO, 0x6f, 1, false, &value);
	KUNIT_EXPECT_EQ(test, self->devices[3], 2ULL);
	KUNIT_EXPECT_EQ(test, self->devices[0], 1ULL);
	KUNIT_EXPECT_EQ(test, self->devices[1] + self->devices[2], 0ULL);
	/* An exit of its own is counted for its space, and nowhere else. */
	core_count_device(self, core_tables()->device[3].counter, AXVM_EXIT_MMIO);
	KUNIT_EXPECT_EQ(test, self->device_exits[CORE_SPACE_MMIO][3], 1ULL);
	KUNIT_EXPECT_EQ(test, self->devices[3], 2ULL);
	KUNIT_EXPECT_EQ(test, self->exits[AXVM_EXIT_MMIO], 0ULL);
	KUNIT_EXPECT_EQ(test, self->last_exit, (u32)AXVM_EXIT_MMIO);
	core_device_asked(CORE_SPACE_MMIO, 0xfec00000, AXVM_EXIT_MMIO);
	KUNIT_EXPECT_EQ(test, self->device_exits[CORE_SPACE_MMIO][3], 0ULL);
	KUNIT_EXPECT_EQ(test, self->exits[AXVM_EXIT_MMIO], 1ULL);
	/* So is a refusal, unless its reason is another. */
	KUNIT_EXPECT_EQ(test, core_count_refused(AXVM_EXIT_SYSREG), 0ULL);
	KUNIT_EXPECT_EQ(test, core_count_refused(AXVM_EXIT_SYSREG), 1ULL);
	KUNIT_EXPECT_EQ(test, self->refused, 2ULL);
	KUNIT_EXPECT_EQ(test, self->exits[AXVM_EXIT_SYSREG], 0ULL);
	core_count_refused(AXVM_EXIT_IPI);
	KUNIT_EXPECT_EQ(test, self->refused, 2ULL);
	KUNIT_EXPECT_EQ(test, self->exits[AXVM_EXIT_IPI], 1ULL);
	KUNIT_EXPECT_EQ(test, self->counters[AXVM_COUNTER_SYSREG_REFUSED], 1ULL);
}

#include "core_call_cases.h"

static void recorded(struct kunit *test)
{
	struct core_trace *trace = &core_cell()->trace[core_index()];
	struct core_vcpu *self = core_self();
	u32 i;

	clock_now = 1000;
	KUNIT_EXPECT_EQ(test, step_of(self, CORE_RUNNING), STEP_RUN);
	KUNIT_EXPECT_EQ(test, step_of(self, CORE_PARKED), STEP_END);
	self->trace = 1;
	KUNIT_EXPECT_EQ(test, step_of(self, CORE_RUNNING), STEP_TRACE);
	KUNIT_EXPECT_EQ(test, step_of(self, CORE_WAITING), STEP_WAIT);
	KUNIT_EXPECT_EQ(test, trace->skipped, 1000ULL);
	for (i = 0; i < CORE_NR_RECORDS + 2; i++) {
		clock_now += 100;
		core_trace_left(trace, 0x1000 + i, 42);
		core_count(AXVM_EXIT_PIO);
		clock_now += 9;
		core_trace_done(trace);
	}
	KUNIT_EXPECT_EQ(test, trace->head, CORE_NR_RECORDS + 2U);
	KUNIT_EXPECT_EQ(test, trace->record[1].pc, 0x1000ULL + CORE_NR_RECORDS + 1);
	KUNIT_EXPECT_EQ(test, trace->record[1].code, 42ULL);
	KUNIT_EXPECT_EQ(test, trace->record[1].cost, 9u);
	KUNIT_EXPECT_EQ(test, trace->record[2].pc, 0x1002ULL);
	KUNIT_EXPECT_EQ(test, trace->record[2].reason, (u32)AXVM_EXIT_PIO);
	KUNIT_EXPECT_EQ(test, trace->spent[AXVM_EXIT_PIO], 9ULL * i);
	KUNIT_EXPECT_EQ(test, trace->cost[AXVM_EXIT_PIO][3], (u64)i);
	/* All that is neither skipped nor the core's was the guest's. */
	KUNIT_EXPECT_EQ(test, trace->last - trace->skipped - 9ULL * i, 100ULL * i);
	clock_now += 5000;
	step_of(self, CORE_RUNNING);
	KUNIT_EXPECT_EQ(test, trace->last - trace->skipped - 9ULL * i, 100ULL * i);
}

#include "core_irq_cases.h"

static struct kunit_case core_cases[] = {
	KUNIT_CASE(lines_from_outside),
	KUNIT_CASE(vectors_from_outside),
	KUNIT_CASE(find_device),
	KUNIT_CASE(device_access),
	KUNIT_CASE(fault_frees_lock),
	KUNIT_CASE(ram),
	KUNIT_CASE(sync),
	KUNIT_CASE(faults_are_limited),
	KUNIT_CASE(console_ring),
	KUNIT_CASE(events_are_merged),
	KUNIT_CASE(first_cause_wins),
	KUNIT_CASE(requests),
	KUNIT_CASE(log_ring),
	KUNIT_CASE(hypercalls),
	KUNIT_CASE(uart_receive),
	KUNIT_CASE(uart_transmit),
	KUNIT_CASE(uart_held_back),
	KUNIT_CASE(uart_is_found),
	KUNIT_CASE(pl011_receive),
	KUNIT_CASE(pl011_transmit),
	KUNIT_CASE(pl011_is_found),
	KUNIT_CASE(counted_by_number),
	KUNIT_CASE(recorded),
	KUNIT_CASE(call_answered),
	KUNIT_CASE(call_answered_at_once),
	KUNIT_CASE(call_of_another_mind),
	KUNIT_CASE(call_given_up),
	KUNIT_CASE(call_by_number),
	KUNIT_CASE(physical_rights),
	{}
};

static struct kunit_suite core_suite = {
	.name = "axvm_core",
	.init = core_test_init,
	.exit = core_test_exit,
	.test_cases = core_cases,
};

kunit_test_suite(core_suite);
