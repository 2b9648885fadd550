// SPDX-License-Identifier: GPL-2.0
/*
 * Every PSCI and SMCCC function, and many that are none, with wild arguments:
 * by HVC and by SMC. Those that would end this vCPU or the cell are left out.
 */
#include "arm64.h"

static u32 calls, successes, refused;
static u64 state = 88172645463325252ULL;

static u64 random(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

static bool deadly(u32 function)
{
	/* Off and reset; SYSTEM_RESET2 has a number of its own in both conventions. */
	switch (function & ~0x40000000U) {
	case PSCI_CPU_OFF:
	case PSCI_SYSTEM_OFF:
	case PSCI_SYSTEM_RESET:
	case 0x84000012U:
		return true;
	}
	/* Without bit 31 it is a hypercall of ours. */
	return function == AXVM_HC_OFF || function == AXVM_HC_RESET || function == AXVM_HC_PUTC;
}

static u64 wild(void)
{
	static const u64 values[] = {
		0, 1, 0x1f, 0x100, 0x8000000000000000, 0xffffffff, 0x40200000, 0x40200002, ~0ULL,
		0x80000000, 0x09000000,
	};
	u64 n = random() % (sizeof(values) / sizeof(values[0]) + 4);

	return n < sizeof(values) / sizeof(values[0]) ? values[n] : random();
}

static void call(u64 function)
{
	u64 args[3] = { wild(), wild(), wild() };
	s64 ret;

	if (deadly(function))
		return;
	/* A start that would succeed is a vCPU that runs anywhere. */
	if ((function & ~0x40000000UL) == (PSCI_CPU_ON & ~0x40000000UL))
		args[0] |= 0xffffff00;
	ret = random() & 1 ? psci(function, args[0], args[1], args[2]) :
			     psci_smc(function, args[0], args[1], args[2]);
	calls++;
	if (ret < 0)
		refused++;
	else
		successes++;
}

static u32 expect(u64 function, u64 arg1, u64 arg2, u64 arg3, s64 want)
{
	s64 by_hvc = psci(function, arg1, arg2, arg3), by_smc = psci_smc(function, arg1, arg2, arg3);

	if ((int)by_hvc == want && (int)by_smc == want)
		return 0;
	print("GUEST psci: function=0x%lx arg=0x%lx hvc=%ld smc=%ld want=%ld\n", function, arg1, by_hvc,
	      by_smc, want);
	return 1;
}

/* Values by DEN 0022 and DEN 0028. */
static u32 known(void)
{
	u32 bad = 0;

	bad += psci(PSCI_VERSION, 0, 0, 0) >> 16 != 1;
	bad += psci(SMCCC_VERSION, 0, 0, 0) < 0x10001;
	bad += expect(PSCI_FEATURES, PSCI_CPU_ON, 0, 0, 0);
	bad += expect(PSCI_FEATURES, SMCCC_VERSION, 0, 0, 0);
	bad += expect(PSCI_FEATURES, 0x84000099, 0, 0, -1);
	bad += expect(PSCI_AFFINITY_INFO, 0, 0, 0, 0);
	bad += expect(PSCI_AFFINITY_INFO, 0xff, 0, 0, -2);
	bad += expect(PSCI_CPU_ON, 0, 0x40200000, 0, -4);		/* ALREADY_ON */
	bad += expect(PSCI_CPU_ON, 0xff, 0x40200000, 0, -2);		/* INVALID_PARAMETERS */
	bad += expect(PSCI_CPU_ON, 1ULL << 40, 0x40200000, 0, -2);
	bad += expect(0x84000099, 0, 0, 0, -1);				/* NOT_SUPPORTED */
	bad += expect(0xc6000000, 0, 0, 0, -1);
	return bad;
}

void guest_main(u64 arg)
{
	u32 bad = known();
	char line[16];

	for (u32 round = 0; round < 20; round++)
		for (u32 n = 0; n < 0x40; n++) {
			call(PSCI_VERSION + n);
			call((PSCI_VERSION | 0x40000000U) + n);
			call(0x80000000U + n);
			call(random());
			call(random() | 0x80000000U);
			call(0x100 + n);
		}
	print("GUEST psci: survived calls=%u refused=%u successes=%u bad=%u\n", calls, refused,
	      successes, bad);
	for (;;) {
		read_line(line, sizeof(line));
		print("GUEST psci: alive\n");
	}
}
