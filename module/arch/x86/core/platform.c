// SPDX-License-Identifier: GPL-2.0
/*
 * What a PC needs besides an APIC and a UART: a clock that tells the date, and
 * ACPI's hardware-reduced sleep and reset registers with a timer beside them.
 */
#include "core.h"

/* MC146818: data sheet, table 2 */
#define RTC_SECONDS	0x00
#define RTC_MINUTES	0x02
#define RTC_HOURS	0x04
#define RTC_WEEKDAY	0x06
#define RTC_DAY		0x07
#define RTC_MONTH	0x08
#define RTC_YEAR	0x09
#define RTC_A		0x0a
#define RTC_B		0x0b
#define RTC_D		0x0d
#define RTC_CENTURY	0x32	/* FADT names it */
#define RTC_A_32KHZ	0x26
#define RTC_B_24H	0x02	/* and BCD */
#define RTC_D_VALID	0x80

/* ACPI 6.5, section 4.8.3.7; the block's layout is Documentation/guest-abi's */
#define ACPI_SLEEP_CONTROL	0
#define ACPI_RESET		2
#define ACPI_TIMER		4
#define SLP_EN			0x20
#define SLP_TYP(value)		(((value) >> 2) & 7)
#define SLP_TYP_S5		5
#define ACPI_TIMER_HZ		3579545ULL

struct date {
	u32 year, month, day, weekday, hour, minute, second;
};

/* Days since 1970 to a date of the Gregorian calendar, counting years from March. */
static void civil_date(u32 days, struct date *date)
{
	u32 shifted = days + 719468;	/* since 0000-03-01 */
	u32 era = shifted / 146097;
	u32 day_of_era = shifted % 146097;
	u32 year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 -
			   day_of_era / 146096) / 365;
	u32 day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	u32 month = (5 * day_of_year + 2) / 153;

	date->day = day_of_year - (153 * month + 2) / 5 + 1;
	date->month = month < 10 ? month + 3 : month - 9;
	date->year = era * 400 + year_of_era + (date->month <= 2);
	date->weekday = (days + 4) % 7 + 1;	/* 1 is Sunday */
}

static void now(struct date *date)
{
	const struct core_clock *clock = &core_cell()->clock;
	u64 ms = (core_arch_clock() - clock->base) / clock->khz + clock->wall_ns / 1000000;
	u64 seconds = ms / 1000;
	u32 second_of_day = seconds % 86400;

	civil_date(seconds / 86400, date);
	date->hour = second_of_day / 3600;
	date->minute = second_of_day / 60 % 60;
	date->second = second_of_day % 60;
}

static u8 bcd(u32 value)
{
	return value / 10 % 10 << 4 | value % 10;
}

static u8 rtc_register(u8 index)
{
	struct date date;

	now(&date);
	switch (index) {
	case RTC_SECONDS:
		return bcd(date.second);
	case RTC_MINUTES:
		return bcd(date.minute);
	case RTC_HOURS:
		return bcd(date.hour);
	case RTC_WEEKDAY:
		return date.weekday;
	case RTC_DAY:
		return bcd(date.day);
	case RTC_MONTH:
		return bcd(date.month);
	case RTC_YEAR:
		return bcd(date.year % 100);
	case RTC_CENTURY:
		return bcd(date.year / 100);
	case RTC_A:
		return RTC_A_32KHZ;
	case RTC_B:
		return RTC_B_24H;
	case RTC_D:
		return RTC_D_VALID;
	}
	return 0;
}

void core_rtc_access(u32 offset, bool write, u64 *value)
{
	u8 *index = &core_cell()->arch.rtc_index;

	if (write) {
		if (offset == 0)
			*index = *value & 0x7f;
		return;		/* the host's clock is not the guest's to set */
	}
	*value = offset == 0 ? *index : rtc_register(*index);
}

static u32 timer(void)
{
	const struct core_clock *clock = &core_cell()->clock;
	u64 hz = clock->khz * 1000ULL;
	u64 ticks = core_arch_clock() - clock->base;

	return ticks / hz * ACPI_TIMER_HZ + ticks % hz * ACPI_TIMER_HZ / hz;
}

void core_acpi_access(u32 offset, u32 size, bool write, u64 *value)
{
	struct core_cpu *cpu = core_cpu();

	if (!write) {
		*value = offset == ACPI_TIMER && size == 4 ? timer() : 0;
		return;
	}
	if (offset == ACPI_SLEEP_CONTROL && (*value & SLP_EN) && SLP_TYP(*value) == SLP_TYP_S5)
		core_stop_cell(AXVM_CAUSE_GUEST_OFF, 0, cpu->vmcb.save.rip, 0, 0);
	if (offset == ACPI_RESET && (*value & 0xff) == 1)
		core_stop_cell(AXVM_CAUSE_GUEST_RESET, 0, cpu->vmcb.save.rip, 0, 0);
}

void core_arch_port(u16 port, u32 size, bool write, u64 *value)
{
	u32 data = *value;

	if (write && size == 1)
		asm volatile("outb %b0, %w1" : : "a"(data), "Nd"(port) : "memory");
	else if (write && size == 2)
		asm volatile("outw %w0, %w1" : : "a"(data), "Nd"(port) : "memory");
	else if (write)
		asm volatile("outl %0, %w1" : : "a"(data), "Nd"(port) : "memory");
	else if (size == 1)
		asm volatile("inb %w1, %b0" : "=a"(data) : "Nd"(port), "0"(0) : "memory");
	else if (size == 2)
		asm volatile("inw %w1, %w0" : "=a"(data) : "Nd"(port), "0"(0) : "memory");
	else
		asm volatile("inl %w1, %0" : "=a"(data) : "Nd"(port) : "memory");
	if (!write)
		*value = data;
}

void core_arch_device(const struct core_device *dev, u32 offset, u32 size, bool write, u64 *value)
{
	switch (dev->type) {
	case AXVM_DEVICE_TYPE_CMOS_RTC:
		core_rtc_access(offset, write, value);
		break;
	case AXVM_DEVICE_TYPE_ACPI_PM:
		core_acpi_access(offset, size, write, value);
		break;
	case AXVM_DEVICE_TYPE_IOAPIC:
		core_ioapic_access(offset, size, write, value);
		break;
	}
}
