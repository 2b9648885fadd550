// SPDX-License-Identifier: GPL-2.0
/* Messages for the user: why a request failed, what a machine lacks. */
#include <linux/kernel.h>
#include <linux/string.h>

#include "axvm.h"

int axvm_fail(struct axvm_error *err, int code, const char *fmt, ...)
{
	va_list args;

	if (!err || err->text[0])
		return code;
	va_start(args, fmt);
	vsnprintf(err->text, sizeof(err->text), fmt, args);
	va_end(args);
	return code;
}

void axvm_require(struct axvm_requirements *req, const char *name, bool ok, const char *fmt, ...)
{
	struct axvm_requirement *entry;
	va_list args;

	if (WARN_ON_ONCE(req->nr == ARRAY_SIZE(req->list)))
		return;
	entry = &req->list[req->nr++];
	strscpy(entry->name, name, sizeof(entry->name));
	entry->ok = ok;
	va_start(args, fmt);
	vsnprintf(entry->detail, sizeof(entry->detail), fmt, args);
	va_end(args);
}
