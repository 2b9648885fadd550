// SPDX-License-Identifier: GPL-2.0
/*
 * Sends software-generated interrupts everywhere: to all CPUs, to targets that
 * are not the cell's, in groups that it does not have. Only its own may arrive.
 */
#include "arm64.h"

#define ICC_SGI0R	"S3_0_C12_C11_7"
#define ICC_ASGI1R	"S3_0_C12_C11_6"
#define IRM		(1ULL << 40)

static u64 state = 88172645463325252ULL;

static u64 random(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

static u32 tried;

static void send(u64 command)
{
	write_sysreg(ICC_SGI1R, command);
	tried++;
}

static void everywhere(void)
{
	/* Every Aff0, 16 a list, of the first clusters; RS selects the list. */
	for (u64 aff1 = 0; aff1 < 4; aff1++)
		for (u64 rs = 0; rs < 16; rs++)
			for (u64 intid = 0; intid < 16; intid++)
				send(rs << 44 | aff1 << 16 | intid << 24 | 0xffff);
	for (u64 intid = 0; intid < 16; intid++)
		send(IRM | intid << 24);
	for (u32 i = 0; i < 2000; i++)
		send(random());
}

static u32 other_groups(void)
{
	u32 refused = 0;

	for (u64 intid = 0; intid < 16; intid++) {
		refused += TRY("msr " ICC_SGI0R ", %0", TRY_OUT(), "r"(IRM | intid << 24 | 0xffff)) >= 0;
		refused += TRY("msr " ICC_ASGI1R ", %0", TRY_OUT(), "r"(IRM | intid << 24 | 0xffff)) >= 0;
	}
	return refused;
}

static void report(void)
{
	u32 sum = 0;

	for (u32 i = 0; i < 16; i++)
		sum += irq_count(0, VECTOR_SGI + i);
	print("GUEST sgi: alive received=%u self55=%u\n", sum, irq_count(0, VECTOR_SGI + 5));
}

void guest_main(u64 arg)
{
	u32 refused;
	char line[16];

	irq_send(0, VECTOR_SGI + 5);
	everywhere();
	refused = other_groups();
	cpu_irq_on();
	asm volatile("isb");
	cpu_irq_off();
	print("GUEST sgi: survived tried=%u refused=%u\n", tried, refused);
	for (;;) {
		report();
		read_line(line, sizeof(line));
	}
}
