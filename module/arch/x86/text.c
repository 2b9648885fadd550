// SPDX-License-Identifier: GPL-2.0
/* Why a cell stopped, in a sentence that names the instruction and the address. */
#include <linux/kernel.h>

#include "arch.h"

#define NPF_WRITE	BIT_ULL(1)
#define NPF_FETCH	BIT_ULL(4)
#define NPF_TABLE	BIT_ULL(33)

static const char *access_text(u64 error)
{
	if (error & NPF_TABLE)
		return "has page tables at";
	if (error & NPF_FETCH)
		return "jumped to";
	return error & NPF_WRITE ? "wrote to" : "read from";
}

void axvm_arch_stop_text(const struct core_stop *stop, char *buf, size_t size)
{
	switch (stop->cause) {
	case AXVM_CAUSE_TRIPLE_FAULT:
		snprintf(buf, size, "vCPU %u: triple fault at RIP %#llx", stop->vcpu, stop->pc);
		break;
	case AXVM_CAUSE_STAGE2_FAULT:
		snprintf(buf, size,
			 "vCPU %u %s GPA %#llx, where the cell has neither memory nor a device, at RIP %#llx",
			 stop->vcpu, access_text(stop->info), stop->gpa, stop->pc);
		break;
	case AXVM_CAUSE_DECODE_ERROR:
		snprintf(buf, size,
			 "vCPU %u: instruction %8phN at RIP %#llx cannot be emulated on the device at GPA %#llx",
			 stop->vcpu, &stop->info, stop->pc, stop->gpa);
		break;
	case AXVM_CAUSE_BAD_STATE:
		snprintf(buf, size,
			 "vCPU %u: the processor refuses the guest's state at RIP %#llx (VMEXIT_INVALID)",
			 stop->vcpu, stop->pc);
		break;
	case AXVM_CAUSE_UNHANDLED_EXIT:
		snprintf(buf, size, "vCPU %u: unexpected exit %#llx (%#llx, %#llx) at RIP %#llx",
			 stop->vcpu, stop->code, stop->info, stop->gpa, stop->pc);
		break;
	case AXVM_CAUSE_CORE_ERROR:
		snprintf(buf, size,
			 "vCPU %u: exception %llu in the core at %#llx (CR2 %#llx, error code %#llx)",
			 stop->vcpu, stop->code, stop->pc, stop->gpa, stop->info);
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
