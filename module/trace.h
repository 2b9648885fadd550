/* SPDX-License-Identifier: GPL-2.0 */
/* Tracepoints of the control plane: requests, and what became of cells. */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM axvm

#if !defined(AXVM_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define AXVM_TRACE_H

#include <linux/tracepoint.h>

#include "../uapi/axvm.h"

/* What is recorded as a number reads as a word, also in perf and trace-cmd. */
TRACE_DEFINE_ENUM(AXVM_CMD_CELL_CREATE);
TRACE_DEFINE_ENUM(AXVM_CMD_CELL_DESTROY);
TRACE_DEFINE_ENUM(AXVM_CMD_CELL_START);
TRACE_DEFINE_ENUM(AXVM_CMD_CELL_STOP);
TRACE_DEFINE_ENUM(AXVM_CMD_CELL_SUSPEND);
TRACE_DEFINE_ENUM(AXVM_CMD_CELL_RESUME);
TRACE_DEFINE_ENUM(AXVM_CMD_CELL_RESET);
TRACE_DEFINE_ENUM(AXVM_CMD_RECORD_SET);
TRACE_DEFINE_ENUM(AXVM_STATE_LOADING);
TRACE_DEFINE_ENUM(AXVM_STATE_LOADED);
TRACE_DEFINE_ENUM(AXVM_STATE_RUNNING);
TRACE_DEFINE_ENUM(AXVM_STATE_SUSPENDED);
TRACE_DEFINE_ENUM(AXVM_STATE_STOPPING);
TRACE_DEFINE_ENUM(AXVM_STATE_STOPPED);
TRACE_DEFINE_ENUM(AXVM_STATE_FAILED);

#define axvm_show_request(cmd)						\
	__print_symbolic(cmd,						\
			 { AXVM_CMD_CELL_CREATE, "create" },		\
			 { AXVM_CMD_CELL_DESTROY, "destroy" },		\
			 { AXVM_CMD_CELL_START, "start" },		\
			 { AXVM_CMD_CELL_STOP, "stop" },		\
			 { AXVM_CMD_CELL_SUSPEND, "suspend" },		\
			 { AXVM_CMD_CELL_RESUME, "resume" },		\
			 { AXVM_CMD_CELL_RESET, "reset" },		\
			 { AXVM_CMD_RECORD_SET, "record" })

#define axvm_show_state(state)						\
	__print_symbolic(state,						\
			 { AXVM_STATE_LOADING, "loading" },		\
			 { AXVM_STATE_LOADED, "loaded" },		\
			 { AXVM_STATE_RUNNING, "running" },		\
			 { AXVM_STATE_SUSPENDED, "suspended" },		\
			 { AXVM_STATE_STOPPING, "stopping" },		\
			 { AXVM_STATE_STOPPED, "stopped" },		\
			 { AXVM_STATE_FAILED, "failed" })

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
		  axvm_show_request(__entry->cmd),
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
		  axvm_show_state(__entry->from),
		  axvm_show_state(__entry->to))
);

#endif

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
