// SPDX-License-Identifier: GPL-2.0
/* What an arm64 machine needs besides a GIC and a UART: a clock that tells the date. */
#include "core.h"

/* PL031 (Arm DDI 0224), a real time clock that counts seconds */
#define RTC_DR		0x000
#define RTC_CR		0x00c
#define RTC_ID		0xfe0
#define RTC_CR_START	1

static const u8 rtc_id[] = { 0x31, 0x10, 0x04, 0x00, 0x0d, 0xf0, 0x05, 0xb1 };

static u32 seconds(void)
{
	const struct core_clock *clock = &core_cell()->clock;

	return ((core_arch_clock() - clock->base) / clock->khz + clock->wall_ns / 1000000) / 1000;
}

/* The host's clock is not the guest's to set. */
static void rtc_access(u32 offset, bool write, u64 *value)
{
	if (write)
		return;
	*value = 0;
	if (offset == RTC_DR)
		*value = seconds();
	else if (offset == RTC_CR)
		*value = RTC_CR_START;
	else if (offset >= RTC_ID && offset < 0x1000)
		*value = rtc_id[(offset - RTC_ID) / 4];
}

/* There are none. */
void core_arch_port(u16 port, u32 size, bool write, u64 *value)
{
	(void)port;
	(void)size;
	if (!write)
		*value = ~0ULL;
}

void core_arch_device(const struct core_device *dev, u32 offset, u32 size, bool write, u64 *value)
{
	switch (dev->type) {
	case AXVM_DEVICE_TYPE_GICV3:
		core_gicd_access(offset, size, write, value);
		break;
	case AXVM_DEVICE_TYPE_PL031:
		rtc_access(offset, write, value);
		break;
	}
}
