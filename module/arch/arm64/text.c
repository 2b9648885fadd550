// SPDX-License-Identifier: GPL-2.0
/* Why a cell stopped, in a sentence that names the instruction and the address. */
#include <linux/kernel.h>

#include "arch.h"
#include "arm.h"

static const char *access_text(u64 esr)
{
	if (esr & ARM_ESR_S1PTW)
		return "has page tables at";
	if (ARM_ESR_EC(esr) == ARM_EC_IABT)
		return "jumped to";
	return esr & ARM_ESR_WNR ? "wrote to" : "read from";
}

void axvm_arch_stop_text(const struct core_stop *stop, char *buf, size_t size)
{
	switch (stop->cause) {
	case AXVM_CAUSE_STAGE2_FAULT:
		snprintf(buf, size,
			 "vCPU %u %s GPA %#llx, where the cell has neither memory nor a device, at PC %#llx",
			 stop->vcpu, access_text(stop->info), stop->gpa, stop->pc);
		break;
	case AXVM_CAUSE_DECODE_ERROR:
		snprintf(buf, size,
			 "vCPU %u: instruction %08llx at PC %#llx cannot be emulated on the device at GPA %#llx",
			 stop->vcpu, stop->info, stop->pc, stop->gpa);
		break;
	case AXVM_CAUSE_UNHANDLED_EXIT:
		snprintf(buf, size,
			 "vCPU %u: unexpected exception, ESR %#llx, address %#llx, at PC %#llx",
			 stop->vcpu, stop->code, stop->gpa, stop->pc);
		break;
	case AXVM_CAUSE_CORE_ERROR:
		snprintf(buf, size,
			 "vCPU %u: exception in the core at %#llx (ESR %#llx, FAR %#llx)",
			 stop->vcpu, stop->pc, stop->code, stop->gpa);
		break;
	case AXVM_CAUSE_GUEST_OFF:
		snprintf(buf, size, "vCPU %u turned the cell off", stop->vcpu);
		break;
	case AXVM_CAUSE_GUEST_RESET:
		snprintf(buf, size, "vCPU %u reset the cell", stop->vcpu);
		break;
	case AXVM_CAUSE_CPU_LOST:
		snprintf(buf, size, "vCPU %u: its CPU stopped answering and was reset", stop->vcpu);
		break;
	case AXVM_CAUSE_RELOAD_ERROR:
		snprintf(buf, size, "an image could not be loaded again");
		break;
	default:
		snprintf(buf, size, "stopped by the host");
	}
}
