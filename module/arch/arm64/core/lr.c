// SPDX-License-Identifier: GPL-2.0
/* ICH_LR<n>_EL2: the instruction names the register, so each has its own (IHI 0069, 12.4.7). */
#include "core.h"

u64 core_lr_read(u32 slot)
{
	switch (slot) {
	case 0:
		return core_read("S3_4_C12_C12_0");
	case 1:
		return core_read("S3_4_C12_C12_1");
	case 2:
		return core_read("S3_4_C12_C12_2");
	case 3:
		return core_read("S3_4_C12_C12_3");
	case 4:
		return core_read("S3_4_C12_C12_4");
	case 5:
		return core_read("S3_4_C12_C12_5");
	case 6:
		return core_read("S3_4_C12_C12_6");
	case 7:
		return core_read("S3_4_C12_C12_7");
	case 8:
		return core_read("S3_4_C12_C13_0");
	case 9:
		return core_read("S3_4_C12_C13_1");
	case 10:
		return core_read("S3_4_C12_C13_2");
	case 11:
		return core_read("S3_4_C12_C13_3");
	case 12:
		return core_read("S3_4_C12_C13_4");
	case 13:
		return core_read("S3_4_C12_C13_5");
	case 14:
		return core_read("S3_4_C12_C13_6");
	case 15:
		return core_read("S3_4_C12_C13_7");
	}
	return 0;
}

void core_lr_write(u32 slot, u64 value)
{
	switch (slot) {
	case 0:
		core_write("S3_4_C12_C12_0", value);
		break;
	case 1:
		core_write("S3_4_C12_C12_1", value);
		break;
	case 2:
		core_write("S3_4_C12_C12_2", value);
		break;
	case 3:
		core_write("S3_4_C12_C12_3", value);
		break;
	case 4:
		core_write("S3_4_C12_C12_4", value);
		break;
	case 5:
		core_write("S3_4_C12_C12_5", value);
		break;
	case 6:
		core_write("S3_4_C12_C12_6", value);
		break;
	case 7:
		core_write("S3_4_C12_C12_7", value);
		break;
	case 8:
		core_write("S3_4_C12_C13_0", value);
		break;
	case 9:
		core_write("S3_4_C12_C13_1", value);
		break;
	case 10:
		core_write("S3_4_C12_C13_2", value);
		break;
	case 11:
		core_write("S3_4_C12_C13_3", value);
		break;
	case 12:
		core_write("S3_4_C12_C13_4", value);
		break;
	case 13:
		core_write("S3_4_C12_C13_5", value);
		break;
	case 14:
		core_write("S3_4_C12_C13_6", value);
		break;
	case 15:
		core_write("S3_4_C12_C13_7", value);
		break;
	}
}
