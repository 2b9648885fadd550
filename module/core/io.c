// SPDX-License-Identifier: GPL-2.0
/* Whose register is it? Sorted tables that the host half makes, searched on each device exit. */
#include "core.h"
#include "pci.h"

/* The holder's index + 1, so that a fault in the core can find out whether it holds the lock. */
void core_device_lock(void)
{
	u32 *lock = &core_cell()->lock;
	u32 free = 0;

	while (!__atomic_compare_exchange_n(lock, &free, core_index() + 1, false,
					    __ATOMIC_ACQUIRE, __ATOMIC_RELAXED)) {
		free = 0;
		core_lock_relax();
	}
}

void core_device_unlock_forced(void)
{
	if (READ_WORD(core_cell()->lock) == core_index() + 1)
		core_device_unlock();
}

void core_device_unlock(void)
{
	core_store_release(&core_cell()->lock, 0);
}

bool core_ram_ok(const struct core_tables *tables, u64 gpa, u32 len, bool write)
{
	u32 flag = write ? AXVM_MEMORY_FLAG_WRITE : AXVM_MEMORY_FLAG_READ;
	u32 low = 0, high = tables->nr_ram;

	while (low < high) {
		u32 mid = (low + high) / 2;
		const struct core_ram *ram = &tables->ram[mid];

		if (gpa < ram->gpa)
			high = mid;
		else if (gpa - ram->gpa >= ram->size)
			low = mid + 1;
		else
			return (ram->flags & flag) && len <= ram->size - (gpa - ram->gpa);
	}
	return false;
}

const struct core_device *core_find_device(const struct core_tables *tables, enum core_space space,
					   u64 base, u32 size)
{
	u32 low = 0, high = tables->nr_devices;

	while (low < high) {
		u32 mid = (low + high) / 2;
		const struct core_device *dev = &tables->device[mid];

		if (space < dev->space || (space == dev->space && base < dev->base))
			high = mid;
		else if (space > dev->space || base - dev->base >= dev->size)
			low = mid + 1;
		else
			return size <= dev->size - (base - dev->base) ? dev : NULL;
	}
	return NULL;
}

const struct core_device *core_device_at(enum core_space space, u64 base, u32 size)
{
	const struct core_tables *tables = core_tables();
	u32 *last = &core_self()->last_device[space];
	const struct core_device *dev = &tables->device[*last];

	if (dev->space == space && base - dev->base < dev->size &&
	    size <= dev->size - (base - dev->base))
		return dev;
	dev = core_find_device(tables, space, base, size);
	if (dev)
		*last = dev - tables->device;
	return dev;
}

/*
 * A byte-wide register; a wider access is a run of byte accesses, as on an 8-bit bus.
 * Out of line, as what else needs many registers: other devices need few.
 */
static __attribute__((__noinline__)) void
uart_access(const struct core_device *dev, u32 offset, u32 size, bool write, u64 *value)
{
	struct core_uart *uart = &core_cell()->uart[dev->instance];
	u64 result = 0;
	u32 i;

	for (i = 0; i < size; i++) {
		if (write)
			core_uart_write(uart, offset + i, *value >> (8 * i));
		else
			result |= (u64)core_uart_read(uart, offset + i) << (8 * i);
	}
	if (!write)
		*value = result;
}

/* 32-bit registers; narrower accesses see the low bytes, wider ones nothing above. */
static void pl011_access(const struct core_device *dev, u32 offset, bool write, u64 *value)
{
	struct core_pl011 *uart = &core_cell()->pl011[dev->instance];

	if (write)
		core_pl011_write(uart, offset, *value);
	else
		*value = core_pl011_read(uart, offset);
}

/* The host half answers. */
static enum core_io
host_access(const struct core_device *dev, u64 base, u32 size, bool write, u64 *value)
{
	const u64 arg[CORE_CALL_ARGS] = {
		[CORE_CALL_ADDRESS] = base,
		[CORE_CALL_SIZE] = size,
		[CORE_CALL_WRITE] = write,
		[CORE_CALL_VALUE] = write ? *value : 0,
		[CORE_CALL_SLOT] = dev->slot,
		[CORE_CALL_SPACE] = dev->space,
	};
	const u64 *result = core_host_call(CORE_CALL_MMIO, arg);

	if (!result)
		return CORE_IO_ASKED;
	if (!write)
		*value = result[0];
	return CORE_IO_DONE;
}

static u64 read_physical(const volatile void *at, u32 size)
{
	switch (size) {
	case 1:
		return *(const volatile u8 *)at;
	case 2:
		return *(const volatile u16 *)at;
	case 4:
		return *(const volatile u32 *)at;
	default:
		return *(const volatile u64 *)at;
	}
}

static void write_physical(volatile void *at, u32 size, u64 value)
{
	switch (size) {
	case 1:
		*(volatile u8 *)at = value;
		break;
	case 2:
		*(volatile u16 *)at = value;
		break;
	case 4:
		*(volatile u32 *)at = value;
		break;
	default:
		*(volatile u64 *)at = value;
	}
}

/* Registers that the guest may reach only one by one, and perhaps only in one direction. */
static void physical_access(const struct core_device *dev, u64 base, u32 size, bool write,
			    u64 *value)
{
	u64 va = CORE_DEVICE_VA + (u64)dev->slot * CORE_DEVICE_WINDOW + (dev->base & 0xfff);

	if (!(dev->access & (write ? AXVM_DEVICE_RIGHT_WRITE : AXVM_DEVICE_RIGHT_READ)) ||
	    (base & (size - 1))) {
		core_count_event(AXVM_COUNTER_ACCESS_REFUSED);
		if (!write)
			*value = ~0ULL;
		return;
	}
	va += base - dev->base;
	if (dev->space == CORE_SPACE_PIO)
		core_arch_port(base, size, write, value);
	else if (write)
		write_physical((void *)va, size, *value);
	else
		*value = read_physical((void *)va, size);
}

/* Without the device lock: a device may take its time, and is the guest's own. */
static __attribute__((__noinline__)) enum core_io
slow_access(const struct core_device *dev, u64 base, u32 size, bool write, u64 *value)
{
	enum core_io io = CORE_IO_DONE;

	core_device_unlock();
	if (dev->type == AXVM_DEVICE_TYPE_TESTDEV)
		io = host_access(dev, base, size, write, value);
	else
		physical_access(dev, base, size, write, value);
	core_device_lock();
	return io;
}

enum core_io core_device_do(const struct core_device *dev, u64 base, u32 size, bool write,
			    u64 *value)
{
	enum core_io io = CORE_IO_DONE;

	core_device_lock();
	if (dev->type == AXVM_DEVICE_TYPE_UART16550)
		uart_access(dev, base - dev->base, size, write, value);
	else if (dev->type == AXVM_DEVICE_TYPE_PL011)
		pl011_access(dev, base - dev->base, write, value);
	else if (dev->access)
		io = slow_access(dev, base, size, write, value);
	else if (dev->type == AXVM_DEVICE_TYPE_PCI_HOST)
		io = core_pci_ecam(base - dev->base, size, write, value);
	else if (dev->type == AXVM_DEVICE_TYPE_PCI_BAR)
		core_pci_bar_access(dev->instance, base - dev->base, size, write, value);
	else
		core_arch_device(dev, base - dev->base, size, write, value);
	core_device_unlock();
	return io;
}

void core_device_uncount(enum core_space space, u64 base)
{
	const struct core_device *dev = core_device_at(space, base, 1);

	if (dev && CORE_COUNTERS)
		--*(u64 *)((u8 *)core_self() + dev->counter);
}

void core_device_asked(enum core_space space, u64 base, enum axvm_exit reason)
{
	core_device_uncount(space, base);
	core_add_one(&core_self()->exits[reason]);
}

enum core_io core_device_access(enum core_space space, u64 base, u32 size, bool write, u64 *value)
{
	const struct core_device *dev = core_device_at(space, base, size);
	enum core_io io;

	if (!dev)
		return CORE_IO_NONE;
	io = core_device_do(dev, base, size, write, value);
	if (io == CORE_IO_DONE)
		core_add_one(&core_self()->devices[dev->slot]);
	return io;
}
