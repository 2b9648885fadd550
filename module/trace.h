/* SPDX-License-Identifier: GPL-2.0 */
/* Tracepoints of the control plane: requests, and what became of cells. */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM axvm

#if !defined(AXVM_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define AXVM_TRACE_H

#include <linux/tracepoint.h>

#include "../uapi/axvm.h"

/* What is recorded as a number reads as a word, also in perf and trace-cmd. */
#define AXVM_TRACE_REQUESTS				\
	NAME(AXVM_CMD_CELL_CREATE, "create")		\
	NAME(AXVM_CMD_CELL_DESTROY, "destroy")		\
	NAME(AXVM_CMD_CELL_START, "start")		\
	NAME(AXVM_CMD_CELL_STOP, "stop")		\
	NAME(AXVM_CMD_CELL_SUSPEND, "suspend")		\
	NAME(AXVM_CMD_CELL_RESUME, "resume")		\
	NAME(AXVM_CMD_CELL_RESET, "reset")		\
	LAST_NAME(AXVM_CMD_RECORD_SET, "record")

#define AXVM_TRACE_STATES				\
	NAME(AXVM_STATE_LOADING, "loading")		\
	NAME(AXVM_STATE_LOADED, "loaded")		\
	NAME(AXVM_STATE_RUNNING, "running")		\
	NAME(AXVM_STATE_SUSPENDED, "suspended")		\
	NAME(AXVM_STATE_STOPPING, "stopping")		\
	NAME(AXVM_STATE_STOPPED, "stopped")		\
	LAST_NAME(AXVM_STATE_FAILED, "failed")

#undef NAME
#undef LAST_NAME
#define NAME(value, name)	TRACE_DEFINE_ENUM(value);
#define LAST_NAME(value, name)	TRACE_DEFINE_ENUM(value);
AXVM_TRACE_REQUESTS
AXVM_TRACE_STATES
#undef NAME
#undef LAST_NAME
#define NAME(value, name)	{ value, name },
#define LAST_NAME(value, name)	{ value, name }

TRACE_EVENT(axvm_request,
	TP_PROTO(u32 id, const char *name, u8 cmd, int result),
	TP_ARGS(id, name, cmd, result),
	TP_STRUCT__entry(
		__field(u32, id)
		__array(char, name, AXVM_NAME_MAX + 1)
		__field(u8, cmd)
		__field(int, result)
	),
	TP_fast_assign(
		__entry->id = id;
		strscpy(__entry->name, name, sizeof(__entry->name));
		__entry->cmd = cmd;
		__entry->result = result;
	),
	TP_printk("cell=%u name=%s request=%s result=%d", __entry->id, __entry->name,
		  __print_symbolic(__entry->cmd, AXVM_TRACE_REQUESTS),
		  __entry->result)
);

TRACE_EVENT(axvm_state,
	TP_PROTO(u32 id, const char *name, u32 from, u32 to),
	TP_ARGS(id, name, from, to),
	TP_STRUCT__entry(
		__field(u32, id)
		__array(char, name, AXVM_NAME_MAX + 1)
		__field(u32, from)
		__field(u32, to)
	),
	TP_fast_assign(
		__entry->id = id;
		strscpy(__entry->name, name, sizeof(__entry->name));
		__entry->from = from;
		__entry->to = to;
	),
	TP_printk("cell=%u name=%s from=%s to=%s", __entry->id, __entry->name,
		  __print_symbolic(__entry->from, AXVM_TRACE_STATES),
		  __print_symbolic(__entry->to, AXVM_TRACE_STATES))
);

#endif

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
