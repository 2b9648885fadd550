/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The one ledger of ownership: who has which CPU, memory, ports, ... of the
 * machine. Claims are embedded in the thing that they stand for.
 */
#ifndef AXVM_LEDGER_H
#define AXVM_LEDGER_H

#include <linux/list.h>
#include <linux/types.h>

struct axvm_error;

enum axvm_resource {
	AXVM_RES_CPU,		/* start: Linux's CPU number */
	AXVM_RES_RAM,		/* start: HPA */
	AXVM_RES_MMIO,		/* start: HPA */
	AXVM_RES_PORT,		/* start: I/O port */
	AXVM_RES_IRQ,		/* start: the platform's interrupt number */
	AXVM_RES_PCI,		/* start: segment << 16 | bus << 8 | devfn */
	AXVM_NR_RES
};

/**
 * struct axvm_owner - who claims
 * @name: appears in messages; must outlive the claims
 * @claims: in order of acquisition
 */
struct axvm_owner {
	const char *name;
	struct list_head claims;
};

/**
 * struct axvm_claim - a range of one resource that an owner holds
 * @type, @start, @size: the range, in units of the resource; set by the claimer
 * @undo: gives the thing back to Linux; the range is still claimed then, so that
 *        nobody can take it half returned. May sleep. May be NULL
 * @free: called last, frees what the claim is embedded in. May be NULL
 * @owner: set by axvm_claim(), NULL while not claimed
 */
struct axvm_claim {
	enum axvm_resource type;
	u64 start, size;
	void (*undo)(struct axvm_claim *claim);
	void (*free)(struct axvm_claim *claim);
	struct axvm_owner *owner;
	struct list_head owner_node;
	struct list_head type_node;
};

/**
 * axvm_owner_init() - an owner of nothing yet
 * @name: kept, not copied
 */
void axvm_owner_init(struct axvm_owner *owner, const char *name);

/**
 * axvm_claim() - enter a range into the ledger
 * @claim: type, start, size, undo and free are set
 * @err: gets a message that names the owner and the range in the way
 *
 * May sleep. On failure neither undo nor free is called.
 * Return: 0, -EINVAL (empty or wraps around), -EBUSY (somebody, perhaps @owner
 * itself, holds some of it).
 */
int axvm_claim(struct axvm_owner *owner, struct axvm_claim *claim, struct axvm_error *err);

/**
 * axvm_claim_split() - make two claims of one
 * @at: first unit of the upper one; inside of @claim
 * @upper: undo and free are set. Released before @claim
 */
void axvm_claim_split(struct axvm_claim *claim, u64 at, struct axvm_claim *upper);

/**
 * axvm_release() - undo one claim, then strike it out
 *
 * May sleep. The owner's lock must keep two releases of one claim apart.
 * Harmless when not claimed. @claim may be gone afterwards (see @free).
 */
void axvm_release(struct axvm_claim *claim);

/**
 * axvm_release_all() - release all that an owner has, newest first
 */
void axvm_release_all(struct axvm_owner *owner);

/**
 * axvm_claimed() - does anybody hold some of this range?
 *
 * May sleep. The answer can be old when it arrives.
 */
bool axvm_claimed(enum axvm_resource type, u64 start, u64 size);

#endif
