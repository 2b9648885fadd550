/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Doorbells of channels: the only memory that cores of different cells share.
 * The host half says in it who is where; ringers and receivers set and take
 * bits, atomically, and nobody waits for anybody. What a guest can say of it
 * goes through core/ivc.c, which looks up everything by itself.
 */
#ifndef AXVM_CORE_IVC_H
#define AXVM_CORE_IVC_H

#include "core_types.h"

#define CORE_MAX_CHANNELS	64	/* of the machine */
#define CORE_MAX_BELLS		64	/* cells with channels, and Linux */
#define CORE_MAX_LINKS		16	/* channels of a cell */
#define CORE_IVC_PEERS		16	/* AXVM_IVC_MAX_PEERS */
#define CORE_BELL_LINUX		0	/* Linux's bell */

/*
 * How to wake the owner of a bell: core_bell.target is one of these in its upper
 * half, the number of the CPU to kick in its lower.
 */
#define CORE_BELL_SILENT	0	/* nobody to wake: the bits are seen when it runs */
#define CORE_BELL_EVENT		1	/* Linux */
#define CORE_BELL_KICK		2	/* + enum axvm_irq_mode of the cell */

/* A cell's, or Linux's; a cache line. */
struct core_bell {
	u64 target;		/* host half */
	u64 rung;		/* set by ringers, taken by the owner: bit n: its link n (Linux: channel n) */
	u8 pad[48];
};

/* A peer of a channel. */
struct core_ivc_peer {
	u32 bell;		/* host half: its bell's index + 1, 0: nobody; written last */
	u32 link;		/* host half: which of the owner's links this is */
	u32 id;			/* host half: cell's ID */
	u32 rung;		/* set by ringers, taken by the peer: bit n: peer n has rung */
	u8 pad[48];
};

/* One of them, mapped into all cores. */
struct core_ivc {
	struct core_bell bell[CORE_MAX_BELLS];
	struct core_ivc_peer peer[CORE_MAX_CHANNELS][CORE_IVC_PEERS];
};

/* A cell's end of a channel, in core_cell. */
struct core_link {
	u32 used;		/* host half; written last, and cleared first */
	u32 channel;		/* host half: index into core_ivc.peer */
	u32 self;		/* host half: which of its peers this cell is */
	u32 line;		/* host half: guest interrupt line, or CORE_NO_IRQ */
	u64 publisher;		/* host half */
	u64 key;		/* host half */
	u32 rung;		/* the core, atomically: rung, and not yet told the guest */
	u32 pad;
	u64 sent, received;	/* the core, atomically */
	u64 pad1;
};

#endif
