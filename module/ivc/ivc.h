/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Channels: memory that cells and Linux share, with doorbells. What a user, a
 * guest or a cell's end can do to them; Documentation/ivc.md is the contract.
 *
 * Lock order: cell->lock, the lock of Linux's device numbers, axvm_ivc_lock,
 * the spinlocks of linux.c. Nobody waits for a core under axvm_ivc_lock but in
 * axvm_bell_quiesce(), which waits for a few instructions.
 */
#ifndef AXVM_IVC_H
#define AXVM_IVC_H

#include <linux/miscdevice.h>
#include <linux/spinlock.h>
#include <linux/wait.h>

#include "../axvm.h"
#include "state.h"

#define AXVM_IVC_MAX_SIZE	(1ULL << 30)	/* bytes of a data section */
#define AXVM_IVC_GUEST_LINES	100		/* of a cell's log, about what its guest does with channels */
#define AXVM_IVC_RW		(AXVM_IVC_READ | AXVM_IVC_WRITE)

/* A cell's end of a channel. */
struct axvm_attachment {
	struct list_head node;		/* in cell->channels; under cell->lock, like what follows */
	struct axvm_channel *channel;	/* a reference */
	struct axvm_cell *cell;
	unsigned int index;		/* among the channel's peers */
	unsigned int link;		/* among the cell's */
	u64 gpa;
	u32 line, rights;
	bool by_host;			/* stays when the guest ends */
	bool claimed;			/* the guest has asked where it is */
	bool data_mapped, table_mapped;
	struct axvm_pci_function *function;	/* or NULL */
};

struct axvm_channel {
	struct list_head node;		/* in axvm_channels, until it is freed; under axvm_ivc_lock */
	struct kref ref;		/* attachments, open files, and while it is live the list */
	char name[AXVM_IVC_NAME_MAX + 1];
	int index;			/* into core_ivc.peer */
	u32 publisher;			/* ID */
	u64 key, size;
	u64 hpa;			/* of size + AXVM_IVC_TABLE_SIZE bytes */
	void *va;
	struct axvm_ivc_table *table;	/* written under axvm_ivc_lock */
	struct axvm_owner owner;
	struct axvm_claim claim;
	u32 rights;			/* most that a subscriber can have */
	u32 linux_rights;		/* 0: Linux cannot open it */
	struct axvm_cell *charged;	/* a reference: its guest made this; or NULL */
	/* under axvm_ivc_lock */
	u32 reserved;			/* peers on their way in */
	struct axvm_attachment *peer[AXVM_IVC_MAX_PEERS];
	int linux_index;		/* Linux's among the peers, -1: none */
	unsigned int opens;
	/* linux.c */
	struct miscdevice misc;
	char device[AXVM_IVC_NAME_MAX + 16];
	bool registered, listed;	/* under axvm_ivc_lock: has a device; the list's reference */
	spinlock_t files_lock;
	struct list_head files;
	wait_queue_head_t wait;
};

/* A channel to be made. */
struct axvm_ivc_plan {
	const char *name;
	u64 key, size;			/* bytes, as asked for */
	struct axvm_cell *publisher;	/* NULL: Linux. Locked */
	bool charge;			/* counts against the publisher's max_bytes */
	u32 rights, linux_rights;
};

/* How a cell shall have a channel. */
struct axvm_ivc_wish {
	u32 rights;
	u32 line;			/* guest interrupt line, or CORE_NO_IRQ: the usual one */
	bool gpa_given;
	u64 gpa;
	bool by_host;
};

extern struct mutex axvm_ivc_lock;
extern struct list_head axvm_channels;

int axvm_ivc_init(void);
void axvm_ivc_exit(void);

/* channel.c: their coming and going. */

/**
 * axvm_ivc_create() - make a channel that nobody is attached to, but Linux if it publishes it
 *
 * May sleep. Return: the channel with a reference for the caller, or ERR_PTR
 * with everything undone: -EINVAL, -EEXIST, -ENOMEM, -ENOSPC.
 */
struct axvm_channel *axvm_ivc_create(const struct axvm_ivc_plan *plan, struct axvm_error *err);

/**
 * axvm_ivc_find() - a live channel by publisher's ID and key
 *
 * May sleep. Return: with a reference, or NULL.
 */
struct axvm_channel *axvm_ivc_find(u32 publisher, u64 key);

/**
 * axvm_ivc_named() - a live channel by name
 */
struct axvm_channel *axvm_ivc_named(const char *name);
void axvm_ivc_put(struct axvm_channel *channel);

/**
 * axvm_ivc_revoke() - the host takes it back: no new peers, those that are there are told
 *
 * May sleep. Caller holds no lock of this file's list but cell locks.
 */
void axvm_ivc_revoke(struct axvm_channel *channel);

/**
 * axvm_ivc_retire() - take a channel that is not live any more off the lists
 *
 * Call after each step that may have ended it, without axvm_ivc_lock.
 */
void axvm_ivc_retire(struct axvm_channel *channel);

/* attach.c: cells as peers. */

/**
 * axvm_ivc_attach_cell() - map a channel into a cell and make the cell a peer
 * @cell: locked, in any state but loading; the publisher of @channel becomes its first peer
 *
 * May sleep. Return: the attachment, or ERR_PTR with everything undone:
 * -ENOENT (not live), -EEXIST (attached already), -ENOSPC, -ENOMEM, -EINVAL.
 */
struct axvm_attachment *axvm_ivc_attach_cell(struct axvm_channel *channel, struct axvm_cell *cell,
					     const struct axvm_ivc_wish *wish,
					     struct axvm_error *err);

/**
 * axvm_ivc_detach_cell() - undo it
 * @step: AXVM_IVC_LEAVE or AXVM_IVC_DIE
 *
 * The cell is locked. Afterwards no vCPU can use the memory, and @att is freed.
 */
void axvm_ivc_detach_cell(struct axvm_attachment *att, enum axvm_ivc_step step);

/**
 * axvm_ivc_attachment() - how a cell has a channel
 * @publisher: ID, or AXVM_IVC_ANY: any other's
 *
 * The cell is locked. Return: NULL: not at all.
 */
struct axvm_attachment *axvm_ivc_attachment(struct axvm_cell *cell, u64 publisher, u64 key);

/**
 * axvm_ivc_guest() - a cell's guest ended (@runs false, all its vCPUs are parked) or starts
 *
 * The cell is locked.
 */
void axvm_ivc_guest(struct axvm_cell *cell, bool runs);

/**
 * axvm_ivc_cell_gone() - let go of everything, before the cell's CPUs go
 *
 * The cell is locked, its vCPUs are parked.
 */
void axvm_ivc_cell_gone(struct axvm_cell *cell);

/**
 * axvm_ivc_cell_freed() - what could not be unmapped: neither CPUs nor tables are there any more
 */
void axvm_ivc_cell_freed(struct axvm_cell *cell);

/* function.c: channels on PCI buses. */

/**
 * axvm_ivc_show() - put a channel that the host attached onto the cell's bus, if it has one
 *
 * The cell is locked. What goes wrong is in the cell's log: the channel works without.
 */
void axvm_ivc_show(struct axvm_attachment *att);

/**
 * axvm_ivc_hide() - take it off the bus, its BARs with it
 *
 * The cell is locked. Return: false if a core may still reach the memory.
 */
bool axvm_ivc_hide(struct axvm_attachment *att);

/* bell.c: the memory that all cores share. */

/**
 * axvm_ivc_bells - what all cores map at CORE_IVC_VA
 */
extern struct core_ivc *axvm_ivc_bells;

/**
 * axvm_bell_get() - give a cell a bell, if it has none
 *
 * Caller holds cell->lock and axvm_ivc_lock. Return: 0 or -ENOSPC.
 */
int axvm_bell_get(struct axvm_cell *cell);
void axvm_bell_put(struct axvm_cell *cell);

/**
 * axvm_bell_kickable() - a core can be kicked from now on, or not any more
 *
 * When it returns with @kickable false, no core of another cell kicks this CPU.
 * Caller holds cell->lock, or nothing else runs any more.
 */
void axvm_bell_kickable(struct axvm_cpu *acpu, bool kickable);

/**
 * axvm_bell_quiesce() - wait until no core is using what it found before
 *
 * Caller holds axvm_ivc_lock.
 */
void axvm_bell_quiesce(void);

/**
 * axvm_ivc_ring() - ring peers of a channel
 * @from: index of the peer that rings or has changed
 * @peers: bits of those to be rung
 *
 * Caller holds axvm_ivc_lock.
 */
void axvm_ivc_ring(struct axvm_channel *channel, unsigned int from, u32 peers);

/* linux.c: Linux as a peer. */

/**
 * axvm_ivc_register() - make /dev/axvm/ivc-NAME
 *
 * Caller holds no lock. Return: 0 or a negative errno.
 */
int axvm_ivc_register(struct axvm_channel *channel);
void axvm_ivc_unregister(struct axvm_channel *channel);

/**
 * axvm_ivc_tell_linux() - bits for everybody who has it open. Any context but interrupts
 */
void axvm_ivc_tell_linux(struct axvm_channel *channel, u32 rung);

/**
 * axvm_ivc_look() - take what cores have rung of Linux's bell
 *
 * Called by the work that looks at cells. Return: was there anything?
 */
bool axvm_ivc_look(void);

/**
 * axvm_ivc_list_linux() - let axvm_ivc_look() find a channel by its index, or no more
 */
void axvm_ivc_list_linux(struct axvm_channel *channel, bool list);

/* call.c: hypercalls. */

/**
 * axvm_ivc_call() - hypercalls AXVM_HC_IVC_PUBLISH to _UNSUBSCRIBE
 * @arg: number, then the guest's arguments
 *
 * The cell is locked. Return: the guest's result.
 */
s64 axvm_ivc_call(struct axvm_cell *cell, const u64 *arg);

/**
 * axvm_ivc_hypercall() - the same, asked by a core: hostcall.h
 */
int axvm_ivc_hypercall(struct axvm_cell *cell, unsigned int vcpu, const u64 *arg, u64 *result);

#endif
