/* SPDX-License-Identifier: GPL-2.0 */
/* Tracepoints of the control plane: requests, and what became of cells. */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM axvm

#if !defined(AXVM_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define AXVM_TRACE_H

#include <linux/tracepoint.h>

#include "../uapi/axvm.h"

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
		  __print_symbolic(__entry->cmd,
				   { AXVM_CMD_CELL_CREATE, "create" },
				   { AXVM_CMD_CELL_DESTROY, "destroy" },
				   { AXVM_CMD_CELL_START, "start" },
				   { AXVM_CMD_CELL_STOP, "stop" },
				   { AXVM_CMD_CELL_SUSPEND, "suspend" },
				   { AXVM_CMD_CELL_RESUME, "resume" },
				   { AXVM_CMD_CELL_RESET, "reset" },
				   { AXVM_CMD_RECORD_SET, "record" }),
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
	TP_printk("cell=%u name=%s from=%u to=%u", __entry->id, __entry->name, __entry->from,
		  __entry->to)
);

#endif

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
