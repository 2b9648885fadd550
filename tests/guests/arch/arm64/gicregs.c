// SPDX-License-Identifier: GPL-2.0
/*
 * Writes noise to every register of the distributor and the redistributors, in
 * all sizes and at places where there is none, then to the CPU interface.
 */
#include "arm64.h"

static u32 accesses, faults;
static u64 state = 88172645463325252ULL;

static u64 random(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

static void count(int fault)
{
	accesses++;
	faults += fault >= 0;
}

static void touch(u64 gpa)
{
	u64 value = random();

	switch (random() % 8) {
	case 0:
		count(TRY("ldr %w0, [%1]", TRY_OUT("=&r"(value)), "r"(gpa & ~3UL)));
		break;
	case 1:
		count(TRY("ldr %0, [%1]", TRY_OUT("=&r"(value)), "r"(gpa & ~7UL)));
		break;
	case 2:
		count(TRY("ldrb %w0, [%1]", TRY_OUT("=&r"(value)), "r"(gpa)));
		break;
	case 3:
		count(TRY("strb %w0, [%1]", TRY_OUT(), "r"(value), "r"(gpa)));
		break;
	case 4:
		count(TRY("strh %w0, [%1]", TRY_OUT(), "r"(value), "r"(gpa & ~1UL)));
		break;
	case 5:
		count(TRY("str %0, [%1]", TRY_OUT(), "r"(value), "r"(gpa & ~7UL)));
		break;
	default:
		count(TRY("str %w0, [%1]", TRY_OUT(), "r"(value), "r"(gpa & ~3UL)));
	}
}

static void interface(void)
{
	u64 value = random();

	count(TRY("msr S3_0_C4_C6_0, %0", TRY_OUT(), "r"(value)));	/* PMR */
	count(TRY("msr S3_0_C12_C12_3, %0", TRY_OUT(), "r"(value)));	/* BPR1 */
	count(TRY("msr S3_0_C12_C12_4, %0", TRY_OUT(), "r"(value)));	/* CTLR */
	count(TRY("msr S3_0_C12_C9_0, %0", TRY_OUT(), "r"(value)));	/* AP1R0 */
	count(TRY("msr S3_0_C12_C11_1, %0", TRY_OUT(), "r"(value & 0x3ff)));	/* DIR */
	count(TRY("msr S3_0_C12_C12_1, %0", TRY_OUT(), "r"(value & 0x3ff)));	/* EOIR1 */
	count(TRY("msr S3_0_C12_C12_7, %0", TRY_OUT(), "r"(value & 1)));	/* IGRPEN1 */
	count(TRY("mrs %0, S3_0_C12_C12_2", TRY_OUT("=r"(value))));	/* HPPIR1 */
	count(TRY("mrs %0, S3_0_C12_C11_3", TRY_OUT("=r"(value))));	/* RPR */
}

/* No interrupt of its own works after this, so the console is polled. */
static void poll(void)
{
	for (;;) {
		if (!(mmio_read(GUEST_PL011_BASE + 0x18) & 1U << 4)) {
			mmio_read(GUEST_PL011_BASE);
			print("GUEST gicregs: alive\n");
		}
		delay_us(20000);
	}
}

void guest_main(u64 arg)
{
	u64 gicr = gicr_base(0);

	for (u32 offset = 0; offset < GUEST_GICD_SIZE; offset += 4)
		touch(GUEST_GICD_BASE + offset + random() % 4);
	for (u32 offset = 0; offset < GUEST_GICR_SIZE; offset += 4)
		touch(gicr + offset + random() % 4);
	for (u32 i = 0; i < 4000; i++) {
		touch(GUEST_GICD_BASE + random() % 0x1000);
		touch(gicr + 0x10000 + random() % 0x1000);
		if (i % 16 == 0)
			interface();
	}
	print("GUEST gicregs: survived accesses=%u faults=%u\n", accesses, faults);
	poll();
}
