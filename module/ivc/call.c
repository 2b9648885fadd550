// SPDX-License-Identifier: GPL-2.0
/*
 * Hypercalls about channels: what a guest asks for, held against what its cell's
 * configuration allows. Everything here is chosen by the guest.
 */
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/string.h>

#include "../arch.h"
#include "../cell.h"
#include "../hostcall.h"
#include "../log.h"
#include "../memory.h"
#include "ivc.h"

#define WRITABLE	(AXVM_MEMORY_FLAG_READ | AXVM_MEMORY_FLAG_WRITE)
#define WORD		sizeof(u64)

/* Return: the host's view of a byte that the guest may read and write, or NULL. */
static u8 *guest_byte(struct axvm_cell *cell, u64 gpa)
{
	const struct axvm_memory *mem;

	list_for_each_entry(mem, &cell->memory, node) {
		if (gpa >= mem->gpa && gpa - mem->gpa < mem->size)
			return (mem->flags & WRITABLE) == WRITABLE ? mem->va + (gpa - mem->gpa) :
			       NULL;
	}
	return NULL;
}

static bool guest_word_ok(struct axvm_cell *cell, u64 gpa)
{
	unsigned int i;

	for (i = 0; i < WORD; i++)
		if (gpa + i < gpa || !guest_byte(cell, gpa + i))
			return false;
	return true;
}

/* Once each, for the guest may be writing at the same time. */
static u64 read_word(struct axvm_cell *cell, u64 gpa)
{
	u64 value = 0;
	unsigned int i;

	for (i = 0; i < WORD; i++) {
		u8 *byte = guest_byte(cell, gpa + i);

		axvm_arch_memory_clean(byte, 1);
		value |= (u64)READ_ONCE(*byte) << 8 * i;
	}
	return value;
}

static void write_word(struct axvm_cell *cell, u64 gpa, u64 value)
{
	unsigned int i;

	for (i = 0; i < WORD; i++) {
		u8 *byte = guest_byte(cell, gpa + i);

		WRITE_ONCE(*byte, value >> 8 * i);
		axvm_arch_memory_clean(byte, 1);
	}
}

static s64 tell_where(struct axvm_attachment *att, u64 gpa_at, u64 size_at)
{
	att->claimed = true;
	write_word(att->cell, gpa_at, att->gpa);
	write_word(att->cell, size_at, att->channel->size);
	return 0;
}

static const struct axvm_config_ivc *find_rule(const struct axvm_cell *cell, u32 kind, u64 key,
					       const char *publisher)
{
	unsigned int i;

	for (i = 0; i < cell->cfg->nr_ivc; i++) {
		const struct axvm_config_ivc *rule = &cell->cfg->ivc[i];

		if (rule->kind == kind && rule->key == key && !strcmp(rule->cell, publisher))
			return rule;
	}
	return NULL;
}

static struct axvm_ivc_wish wish_of(const struct axvm_config_ivc *rule)
{
	return (struct axvm_ivc_wish) {
		.rights = rule->kind == AXVM_IVC_KIND_PUBLISH ? AXVM_IVC_RW : rule->rights,
		.line = rule->line,
		.gpa_given = rule->gpa_given,
		.gpa = rule->gpa,
	};
}

/* Which numbers of the ABI the errors of the other files are. */
static s64 result_of(int ret)
{
	switch (ret) {
	case 0:
		return 0;
	case -EEXIST:
		return AXVM_HC_EEXIST;
	case -ENOENT:
		return AXVM_HC_ENOENT;
	case -EINVAL:
		return AXVM_HC_EINVAL;
	case -ENOSPC:
		return AXVM_HC_ENOSPC;
	default:
		return AXVM_HC_ENOMEM;
	}
}

static s64 refused(struct axvm_cell *cell, const char *what, u64 key, int ret,
		   const struct axvm_error *err)
{
	if (cell->ivc_logged++ < AXVM_IVC_GUEST_LINES)
		axvm_log(cell, "%s %llu refused: %s", what, key, err->text);
	return result_of(ret);
}

static int make_and_attach(struct axvm_cell *cell, const struct axvm_config_ivc *rule, u64 size,
			   struct axvm_attachment **att, struct axvm_error *err)
{
	char name[AXVM_IVC_NAME_MAX + 1];
	const struct axvm_ivc_plan plan = {
		.name = name, .key = rule->key, .size = size, .publisher = cell, .charge = true,
		.rights = rule->rights, .linux_rights = rule->linux_rights,
	};
	const struct axvm_ivc_wish wish = wish_of(rule);
	struct axvm_channel *channel;
	int ret;

	snprintf(name, sizeof(name), "%s.%u", cell->cfg->name, rule->key);
	channel = axvm_ivc_create(&plan, err);
	if (IS_ERR(channel))
		return PTR_ERR(channel);
	*att = axvm_ivc_attach_cell(channel, cell, &wish, err);
	ret = PTR_ERR_OR_ZERO(*att);
	if (ret)
		axvm_ivc_revoke(channel);
	axvm_ivc_put(channel);
	return ret;
}

static s64 publish(struct axvm_cell *cell, u64 key, u64 gpa_at, u64 size_at)
{
	struct axvm_attachment *att = axvm_ivc_attachment(cell, cell->id, key);
	const struct axvm_config_ivc *rule = find_rule(cell, AXVM_IVC_KIND_PUBLISH, key, "");
	struct axvm_error err = {};
	u64 size;
	int ret;

	if (key > U32_MAX)
		return AXVM_HC_EINVAL;
	if (!guest_word_ok(cell, gpa_at) || !guest_word_ok(cell, size_at))
		return AXVM_HC_EFAULT;
	if (att && (!att->by_host || att->claimed))
		return AXVM_HC_EEXIST;
	if (att)
		return tell_where(att, gpa_at, size_at);
	if (!rule)
		return AXVM_HC_EPERM;
	size = read_word(cell, size_at);
	ret = make_and_attach(cell, rule, size, &att, &err);
	if (!ret)
		return tell_where(att, gpa_at, size_at);
	return refused(cell, "publish", key, ret, &err);
}

/* The cell of a rule may be gone, or not there yet. */
static struct axvm_channel *find_of_rule(const struct axvm_config_ivc *rule)
{
	struct axvm_cell *publisher;
	u32 id = AXVM_IVC_LINUX;

	if (rule->cell[0]) {
		publisher = axvm_cell_get(0, rule->cell);
		if (!publisher)
			return NULL;
		id = publisher->id;
		axvm_cell_put(publisher);
	}
	return axvm_ivc_find(id, rule->key);
}

/*
 * What the guest means and may have: the first live one with the key that a rule
 * names, or that of one publisher if a rule names that cell.
 */
static struct axvm_channel *find_allowed(struct axvm_cell *cell, u64 publisher, u64 key,
					 const struct axvm_config_ivc **rule, s64 *result)
{
	struct axvm_channel *channel;
	unsigned int i;

	*result = AXVM_HC_EPERM;
	for (i = 0; i < cell->cfg->nr_ivc; i++) {
		*rule = &cell->cfg->ivc[i];
		if ((*rule)->kind != AXVM_IVC_KIND_SUBSCRIBE || (*rule)->key != key)
			continue;
		channel = find_of_rule(*rule);
		if (channel && (publisher == AXVM_IVC_ANY || channel->publisher == publisher))
			return channel;
		if (channel)
			axvm_ivc_put(channel);
		else
			*result = AXVM_HC_ENOENT;
	}
	return NULL;
}

static s64 subscribe(struct axvm_cell *cell, u64 publisher, u64 key, u64 gpa_at, u64 size_at)
{
	struct axvm_attachment *att = axvm_ivc_attachment(cell, publisher, key);
	const struct axvm_config_ivc *rule;
	struct axvm_error err = {};
	struct axvm_channel *channel;
	struct axvm_ivc_wish wish;
	s64 result;

	if (key > U32_MAX || publisher == cell->id)
		return AXVM_HC_EINVAL;
	if (!guest_word_ok(cell, gpa_at) || !guest_word_ok(cell, size_at))
		return AXVM_HC_EFAULT;
	if (att)
		return att->by_host && !att->claimed ? tell_where(att, gpa_at, size_at) :
		       AXVM_HC_EEXIST;
	channel = find_allowed(cell, publisher, key, &rule, &result);
	if (!channel)
		return result;
	wish = wish_of(rule);
	att = axvm_ivc_attach_cell(channel, cell, &wish, &err);
	axvm_ivc_put(channel);
	if (!IS_ERR(att))
		return tell_where(att, gpa_at, size_at);
	return refused(cell, "subscribe", key, PTR_ERR(att), &err);
}

static s64 let_go(struct axvm_cell *cell, u64 publisher, u64 key)
{
	struct axvm_attachment *att = axvm_ivc_attachment(cell, publisher, key);

	if (!att)
		return AXVM_HC_ENOENT;
	axvm_ivc_detach_cell(att, AXVM_IVC_LEAVE);
	return 0;
}

s64 axvm_ivc_call(struct axvm_cell *cell, const u64 *arg)
{
	switch (arg[0]) {
	case AXVM_HC_IVC_PUBLISH:
		return publish(cell, arg[1], arg[2], arg[3]);
	case AXVM_HC_IVC_SUBSCRIBE:
		return subscribe(cell, arg[1], arg[2], arg[3], arg[4]);
	case AXVM_HC_IVC_UNPUBLISH:
		return let_go(cell, cell->id, arg[1]);
	case AXVM_HC_IVC_UNSUBSCRIBE:
		return arg[1] == cell->id ? AXVM_HC_EINVAL : let_go(cell, arg[1], arg[2]);
	default:
		return AXVM_HC_ENOSYS;
	}
}

/* Whoever has the lock may be waiting for this very call to end: see hostcall.h. */
int axvm_ivc_hypercall(struct axvm_cell *cell, unsigned int vcpu, const u64 *arg, u64 *result)
{
	while (!mutex_trylock(&cell->lock)) {
		if (READ_ONCE(cell->calls_closed))
			return 0;
		usleep_range(100, 1000);
	}
	if (cell->state == AXVM_STATE_RUNNING || cell->state == AXVM_STATE_SUSPENDED)
		result[0] = axvm_ivc_call(cell, arg);
	mutex_unlock(&cell->lock);
	return 0;
}
