// SPDX-License-Identifier: GPL-2.0
/*
 * The ledger of ownership: one list of claims per resource of the machine. A
 * cell is undone by releasing its claims in reverse order.
 */
#include <linux/kernel.h>
#include <linux/lockdep.h>
#include <linux/mutex.h>

#include "axvm.h"

static struct list_head ledger[AXVM_NR_RES] = {
	[AXVM_RES_CPU] = LIST_HEAD_INIT(ledger[AXVM_RES_CPU]),
	[AXVM_RES_RAM] = LIST_HEAD_INIT(ledger[AXVM_RES_RAM]),
	[AXVM_RES_MMIO] = LIST_HEAD_INIT(ledger[AXVM_RES_MMIO]),
	[AXVM_RES_PORT] = LIST_HEAD_INIT(ledger[AXVM_RES_PORT]),
	[AXVM_RES_IRQ] = LIST_HEAD_INIT(ledger[AXVM_RES_IRQ]),
	[AXVM_RES_PCI] = LIST_HEAD_INIT(ledger[AXVM_RES_PCI]),
};

/* Protects the lists above and those of all owners. */
static DEFINE_MUTEX(ledger_lock);

static u64 last_of(u64 start, u64 size)
{
	return start + size - 1;	/* inclusive, so that the last byte of all can be owned */
}

static void describe_pci(u64 start, char *buf, size_t len)
{
	snprintf(buf, len, "PCI function %04llx:%02llx:%02llx.%llx", start >> 16,
		 start >> 8 & 0xff, start >> 3 & 0x1f, start & 7);
}

static void describe(enum axvm_resource type, u64 start, u64 size, char *buf, size_t len)
{
	static const char * const hex[AXVM_NR_RES] = {
		[AXVM_RES_RAM] = "memory", [AXVM_RES_MMIO] = "MMIO", [AXVM_RES_PORT] = "I/O ports",
	};
	const char *number = type == AXVM_RES_CPU ? "CPU" : "interrupt";
	u64 last = last_of(start, size);

	if (type == AXVM_RES_PCI)
		describe_pci(start, buf, len);
	else if (hex[type])
		snprintf(buf, len, "%s 0x%llx-0x%llx", hex[type], start, last);
	else if (size == 1)
		snprintf(buf, len, "%s %llu", number, start);
	else
		snprintf(buf, len, "%ss %llu-%llu", number, start, last);
}

static struct axvm_claim *find_in(const struct list_head *list, u64 start, u64 size)
{
	struct axvm_claim *claim;

	lockdep_assert_held(&ledger_lock);
	list_for_each_entry(claim, list, type_node)
		if (start <= last_of(claim->start, claim->size) &&
		    claim->start <= last_of(start, size))
			return claim;
	return NULL;
}

/* Memory and MMIO are one address space: what was kept out of Linux could be claimed as either. */
static struct axvm_claim *find_overlap(enum axvm_resource type, u64 start, u64 size)
{
	struct axvm_claim *claim = find_in(&ledger[type], start, size);

	if (!claim && type == AXVM_RES_RAM)
		claim = find_in(&ledger[AXVM_RES_MMIO], start, size);
	if (!claim && type == AXVM_RES_MMIO)
		claim = find_in(&ledger[AXVM_RES_RAM], start, size);
	return claim;
}

static int refuse(const struct axvm_owner *owner, const struct axvm_claim *claim,
		  const struct axvm_claim *other, struct axvm_error *err)
{
	char want[64], has[64];

	describe(claim->type, claim->start, claim->size, want, sizeof(want));
	describe(other->type, other->start, other->size, has, sizeof(has));
	if (other->owner == owner)
		return axvm_fail(err, -EBUSY,
				 "%s: cell \"%s\" names %s already; name each only once",
				 want, owner->name, has);
	return axvm_fail(err, -EBUSY,
			 "%s: cell \"%s\" has %s; choose another or destroy that cell first",
			 want, other->owner->name, has);
}

void axvm_owner_init(struct axvm_owner *owner, const char *name)
{
	owner->name = name;
	INIT_LIST_HEAD(&owner->claims);
}

int axvm_claim(struct axvm_owner *owner, struct axvm_claim *claim, struct axvm_error *err)
{
	struct axvm_claim *other;
	int ret = 0;

	claim->owner = NULL;
	if (!claim->size || last_of(claim->start, claim->size) < claim->start)
		return axvm_fail(err, -EINVAL,
				 "a range of 0x%llx at 0x%llx is empty or beyond the last address",
				 claim->size, claim->start);

	mutex_lock(&ledger_lock);
	other = find_overlap(claim->type, claim->start, claim->size);
	if (other) {
		ret = refuse(owner, claim, other, err);
	} else {
		claim->owner = owner;
		list_add_tail(&claim->owner_node, &owner->claims);
		list_add_tail(&claim->type_node, &ledger[claim->type]);
	}
	mutex_unlock(&ledger_lock);
	return ret;
}

void axvm_claim_split(struct axvm_claim *claim, u64 at, struct axvm_claim *upper)
{
	mutex_lock(&ledger_lock);
	upper->type = claim->type;
	upper->start = at;
	upper->size = claim->start + claim->size - at;
	upper->owner = claim->owner;
	claim->size = at - claim->start;
	list_add(&upper->owner_node, &claim->owner_node);
	list_add(&upper->type_node, &claim->type_node);
	mutex_unlock(&ledger_lock);
}

void axvm_release(struct axvm_claim *claim)
{
	void (*free)(struct axvm_claim *claim) = claim->free;

	if (!claim->owner)
		return;
	if (claim->undo)
		claim->undo(claim);

	mutex_lock(&ledger_lock);
	list_del(&claim->owner_node);
	list_del(&claim->type_node);
	claim->owner = NULL;
	mutex_unlock(&ledger_lock);

	if (free)
		free(claim);
}

static struct axvm_claim *newest(struct axvm_owner *owner)
{
	struct axvm_claim *claim = NULL;

	mutex_lock(&ledger_lock);
	if (!list_empty(&owner->claims))
		claim = list_last_entry(&owner->claims, struct axvm_claim, owner_node);
	mutex_unlock(&ledger_lock);
	return claim;
}

void axvm_release_all(struct axvm_owner *owner)
{
	struct axvm_claim *claim;

	while ((claim = newest(owner)))
		axvm_release(claim);
}

bool axvm_claimed(enum axvm_resource type, u64 start, u64 size)
{
	bool claimed;

	mutex_lock(&ledger_lock);
	claimed = size && find_overlap(type, start, size);
	mutex_unlock(&ledger_lock);
	return claimed;
}
