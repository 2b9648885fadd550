// SPDX-License-Identifier: GPL-2.0
/* The asking end of the slow path to the host half: core_call.h. */
#include "core.h"

static struct core_host_call *own(void)
{
	return &core_cell()->call[core_index()];
}

static bool same(const struct core_host_call *call, enum core_call_type type,
		 const u64 arg[CORE_CALL_ARGS])
{
	u32 i;

	if (call->type != type)
		return false;
	for (i = 0; i < CORE_CALL_ARGS; i++)
		if (call->arg[i] != arg[i])
			return false;
	return true;
}

const u64 *core_host_call(enum core_call_type type, const u64 arg[CORE_CALL_ARGS])
{
	struct core_host_call *call = own();
	u32 word = core_load_acquire(&call->word);
	u32 i;

	if ((word & CORE_CALL_STATE) == CORE_CALL_ANSWERED && same(call, type, arg)) {
		core_store_release(&call->word, word & ~CORE_CALL_STATE);
		return call->result;
	}
	call->type = type;
	for (i = 0; i < CORE_CALL_ARGS; i++)
		call->arg[i] = arg[i];
	core_store_release(&call->word, ((word | CORE_CALL_STATE) + 1) | CORE_CALL_ASKED);
	/* Leaves the vCPU loop's short path, which so need not know of calls. */
	__atomic_fetch_or(&core_self()->requests, CORE_REQ_ANSWER, __ATOMIC_SEQ_CST);
	core_notify();
	return NULL;
}

s64 core_call_hypercall(u64 nr, const u64 arg[4])
{
	const u64 args[CORE_CALL_ARGS] = { nr, arg[0], arg[1], arg[2], arg[3] };

	core_host_call(CORE_CALL_HYPERCALL, args);
	return nr;
}

void core_call_drop(void)
{
	struct core_host_call *call = own();

	core_store_release(&call->word, (READ_WORD(call->word) | CORE_CALL_STATE) + 1);
}

enum core_vcpu_state core_call_step(enum core_vcpu_state state)
{
	struct core_host_call *call = own();
	u32 word = core_load_acquire(&call->word);

	if (state == CORE_RUNNING && (word & CORE_CALL_STATE))
		state = CORE_ASKING;
	if (state != CORE_ASKING || (word & CORE_CALL_STATE) != CORE_CALL_ANSWERED)
		return state;
	if (call->type == CORE_CALL_HYPERCALL)
		core_arch_hypercall_done(call->result[0]);
	else
		core_arch_exit_again();
	/* Nobody wanted this answer if the guest has changed its instruction meanwhile. */
	if (READ_WORD(call->word) == word)
		core_store_release(&call->word, word & ~CORE_CALL_STATE);
	return READ_WORD(call->word) & CORE_CALL_STATE ? CORE_ASKING : CORE_RUNNING;
}
