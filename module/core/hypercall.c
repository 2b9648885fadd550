// SPDX-License-Identifier: GPL-2.0
/* The guest's calls: uapi/axvm_guest.h. */
#include "core.h"
#include "../../uapi/axvm_guest.h"

/* Out of line, so that the calls that only answer need no stack. */
static __attribute__((__noinline__)) s64 console_call(u64 nr, u64 byte)
{
	s64 result;

	core_device_lock();
	if (nr == AXVM_HC_GETC)
		result = core_console_get();
	else
		result = core_console_put(byte) ? 0 : -1;
	core_device_unlock();
	return result < 0 ? AXVM_HC_EAGAIN : result;
}

/* There is no number for a vCPU of another cell, so none can be reached. */
static s64 raise(u64 vcpu, u64 number)
{
	if (vcpu >= core_cell()->nr_vcpus || core_cell()->irq_mode == AXVM_IRQ_MODE_NONE)
		return AXVM_HC_EINVAL;
	return core_arch_guest_irq(vcpu, number) ? 0 : AXVM_HC_EINVAL;
}

/* With a constant this is one addition, which a search by number would not be. */
static inline void count_call(struct core_vcpu *self, u64 known)
{
	u64 i = known < AXVM_HC_VERSION ? known - AXVM_HC_IVC_PUBLISH :
		CORE_NR_IVC_CALLS + known - AXVM_HC_VERSION;

	core_add_one(&self->calls[i]);
}

static inline void count_other(struct core_vcpu *self)
{
	core_add_one(&self->calls[CORE_NR_CALLS - 1]);
}

static __attribute__((__noinline__)) s64
other_call(struct core_vcpu *self, u64 nr, const u64 arg[4])
{
	struct core_cell *cell = core_cell();

	switch (nr) {
	case AXVM_HC_PUTC:
	case AXVM_HC_GETC:
		count_call(self, nr);
		return console_call(nr, arg[0]);
	case AXVM_HC_OFF:
		count_call(self, AXVM_HC_OFF);
		core_stop_cell(AXVM_CAUSE_GUEST_OFF, 0, 0, 0, 0);
		return 0;
	case AXVM_HC_RESET:
		count_call(self, AXVM_HC_RESET);
		core_stop_cell(AXVM_CAUSE_GUEST_RESET, 0, 0, 0, 0);
		return 0;
	case AXVM_HC_VCPU:
		count_call(self, AXVM_HC_VCPU);
		return core_index() | (u64)cell->nr_vcpus << 32;
	case AXVM_HC_CLOCK_KHZ:
		count_call(self, AXVM_HC_CLOCK_KHZ);
		return cell->clock.khz;
	case AXVM_HC_IVC_PUBLISH:
	case AXVM_HC_IVC_SUBSCRIBE:
	case AXVM_HC_IVC_UNPUBLISH:
	case AXVM_HC_IVC_UNSUBSCRIBE:
		count_call(self, nr);
		return core_call_hypercall(nr, arg);
	case AXVM_HC_IVC_RING:
		count_call(self, AXVM_HC_IVC_RING);
		return core_ivc_ring(arg[0], arg[1], arg[2]);
	case AXVM_HC_IVC_TAKE:
		count_call(self, AXVM_HC_IVC_TAKE);
		return core_ivc_take(arg[0], arg[1]);
	case AXVM_HC_IRQ:
		count_call(self, AXVM_HC_IRQ);
		return raise(arg[0], arg[1]);
	default:
		count_other(self);
		/* Enough to see what it was; not so much that it pushes out everything else. */
		if (self->calls[CORE_NR_CALLS - 1] < 1000)
			core_log(CORE_LOG_HYPERCALL, nr, 0);
		return AXVM_HC_ENOSYS;
	}
}

s64 core_hypercall(struct core_vcpu *self, u64 nr, const u64 arg[4])
{
	if (nr != AXVM_HC_VERSION)
		return other_call(self, nr, arg);
	count_call(self, AXVM_HC_VERSION);
	return AXVM_GUEST_ABI;
}
