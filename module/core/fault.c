// SPDX-License-Identifier: GPL-2.0
/*
 * A guest used an address where it has nothing, or may not do that: for the
 * cell's log. What follows is the architecture's, by the cell's policy.
 */
#include "core.h"

#define FAULTS_PER_SECOND	8	/* of one vCPU that are logged; all are counted */

void core_fault_note(enum core_log_type access, u64 gpa, u64 pc)
{
	u64 now = core_arch_clock(), second = 1000ULL * core_cell()->clock.khz;
	struct core_vcpu *self = core_self();

	core_count_event(AXVM_COUNTER_FAULT);
	if (now - self->faults_since >= second) {
		self->faults_since = now;
		self->faults = 0;
	}
	if (self->faults > FAULTS_PER_SECOND)
		return;
	if (self->faults++ == FAULTS_PER_SECOND)
		access = CORE_LOG_FAULT_MORE;
	core_log(access, gpa, pc);
}
