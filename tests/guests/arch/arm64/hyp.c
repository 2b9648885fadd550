// SPDX-License-Identifier: GPL-2.0
/* Instructions and registers of a hypervisor: a guest has none of them. */
#include "arm64.h"

static u32 ud, other;

static void count(int fault)
{
	if (fault == EC_UNKNOWN)
		ud++;
	else
		other++;
}

#define READ(reg)	count(TRY("mrs %0, " reg, TRY_OUT("=r"(value))))
#define WRITE(reg)	count(TRY("msr " reg ", %0", TRY_OUT(), "r"(value)))

void guest_main(u64 arg)
{
	u64 value = 0;
	char line[16];

	READ("hcr_el2");
	WRITE("hcr_el2");
	READ("vttbr_el2");
	WRITE("vttbr_el2");
	READ("vtcr_el2");
	READ("sctlr_el2");
	WRITE("sctlr_el2");
	READ("vbar_el2");
	WRITE("vbar_el2");
	READ("elr_el2");
	READ("spsr_el2");
	READ("esr_el2");
	READ("cnthctl_el2");
	WRITE("cntvoff_el2");
	READ("S3_4_C12_C11_0");		/* ICH_HCR_EL2 */
	WRITE("S3_4_C12_C12_0");	/* ICH_LR0_EL2 */
	READ("S3_6_C1_C1_0");		/* SCR_EL3 */
	count(TRY("tlbi alle2", TRY_OUT()));
	count(TRY("tlbi vmalls12e1", TRY_OUT()));
	count(TRY("at s1e2r, %0", TRY_OUT(), "r"(value)));
	print("GUEST hyp: ud=%u other=%u\n", ud, other);
	for (;;) {
		read_line(line, sizeof(line));
		print("GUEST hyp: alive\n");
	}
}
