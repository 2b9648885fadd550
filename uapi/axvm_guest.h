/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * The guest ABI: hypercalls that a cell can make, whatever its architecture.
 *
 * x86-64: VMMCALL, number in RAX, arguments in RDI, RSI, RDX, RCX, result in
 * RAX. No other register changes. Allowed in every privilege level and mode.
 *
 * arm64: HVC from EL1, number in X0, arguments in X1 to X4, result in X0. No
 * other register changes. Numbers with bit 31 set are the firmware's (SMCCC).
 *
 * A negative result is an error; see AXVM_HC_E*.
 */
#ifndef _UAPI_AXVM_GUEST_H
#define _UAPI_AXVM_GUEST_H

#define AXVM_GUEST_ABI		1

/*
 * AXVM_HC_IRQ makes an interrupt pending for a vCPU of the caller's own cell, also
 * the caller itself. x86: a vector from 16 to 255, as a fixed interrupt command. arm64:
 * an INTID from 0 to 95: an SGI, a PPI but for the timers (interrupts "emulated"
 * only), or an SPI, which goes where the guest has routed it, whatever vCPU is named.
 */

/* Numbers 0 to 7 belong to AxVisor's guest ABI; 3 to 7 are its calls for channels: Documentation/ivc.md. */
#define AXVM_HC_IVC_PUBLISH	0x3	/* (key, GPA of u64 gpa, GPA of u64 size) */
#define AXVM_HC_IVC_SUBSCRIBE	0x4	/* (publisher, key, GPA of u64 gpa, GPA of u64 size) */
#define AXVM_HC_IVC_UNPUBLISH	0x5	/* (key) */
#define AXVM_HC_IVC_UNSUBSCRIBE	0x6	/* (publisher, key) */
#define AXVM_HC_IVC_RING	0x7	/* (publisher, key, target) */
#define AXVM_HC_VERSION		0x100	/* () -> AXVM_GUEST_ABI */
#define AXVM_HC_PUTC		0x101	/* (byte) -> 0, or AXVM_HC_EAGAIN when the console is full */
#define AXVM_HC_GETC		0x102	/* () -> byte, or AXVM_HC_EAGAIN when there is none */
#define AXVM_HC_OFF		0x103	/* () does not return: the cell stops, cause guest-off */
#define AXVM_HC_RESET		0x104	/* () does not return: the cell is reset */
#define AXVM_HC_VCPU		0x105	/* () -> this vCPU's index | number of vCPUs << 32 */
#define AXVM_HC_CLOCK_KHZ	0x106	/* () -> frequency of the counter that guests read */
#define AXVM_HC_IRQ		0x107	/* (vCPU, interrupt) -> 0, or AXVM_HC_EINVAL */

#define AXVM_HC_IVC_TAKE	0x108	/* (publisher, key) -> bits of peers that have rung since the last time */

/*
 * The device "testdev": registers of 64 bits, at these offsets from its GPA. They
 * can be accessed by 1, 2, 4 or 8 bytes; what is not listed reads as 0.
 */
#define AXVM_TESTDEV_SIZE	0x1000
#define AXVM_TESTDEV_ID		0x00	/* ro: AXVM_TESTDEV_MAGIC */
#define AXVM_TESTDEV_COUNT	0x08	/* ro: accesses since the cell started, this one included */
#define AXVM_TESTDEV_TIME	0x10	/* ro: the host's CLOCK_REALTIME in nanoseconds */
#define AXVM_TESTDEV_DELAY	0x18	/* rw: microseconds, at most 10 s */
#define AXVM_TESTDEV_SLOW	0x20	/* ro: DELAY, answered after that time */
#define AXVM_TESTDEV_VCPU	0x28	/* ro: index of the vCPU that reads */
#define AXVM_TESTDEV_SCRATCH	0x40	/* rw: eight registers */
#define AXVM_TESTDEV_MAGIC	0x0056454454534554ULL	/* "TESTDEV" */

#define AXVM_HC_EPERM		(-1L)
#define AXVM_HC_ENOENT		(-2L)
#define AXVM_HC_ENXIO		(-6L)
#define AXVM_HC_EAGAIN		(-11L)
#define AXVM_HC_ENOMEM		(-12L)
#define AXVM_HC_EFAULT		(-14L)
#define AXVM_HC_EEXIST		(-17L)
#define AXVM_HC_EINVAL		(-22L)
#define AXVM_HC_ENOSPC		(-28L)
#define AXVM_HC_ENOSYS		(-38L)

/*
 * Channels. The data section is where publish and subscribe say; the state
 * table, which nobody but the module writes, is the page behind it.
 */
#define AXVM_IVC_MAGIC		0x56495841U	/* "AXIV" */
#define AXVM_IVC_VERSION	1
#define AXVM_IVC_MAX_PEERS	16
#define AXVM_IVC_ANY		(~0ULL)	/* publisher: the caller's with that key; target: all others */
#define AXVM_IVC_LINUX		0	/* ID of Linux */
#define AXVM_IVC_TABLE_SIZE	4096
#define AXVM_IVC_LINE_X86	20	/* default line of doorbells: pin of the I/O APIC */
#define AXVM_IVC_LINE_ARM64	72	/* INTID */

/* axvm_ivc_table.state */
#define AXVM_IVC_LIVE		1
#define AXVM_IVC_REVOKED	2	/* unpublished */
#define AXVM_IVC_DEAD		3	/* its publisher ended without that */

/* axvm_ivc_peer.state */
#define AXVM_IVC_PEER_NONE	0
#define AXVM_IVC_PEER_ATTACHED	1
#define AXVM_IVC_PEER_LEFT	2
#define AXVM_IVC_PEER_DIED	3
#define AXVM_IVC_PEER_STOPPED	4	/* attached by the host; its guest does not run */

/* axvm_ivc_peer.rights */
#define AXVM_IVC_READ		1
#define AXVM_IVC_WRITE		2

/*
 * A channel as a PCI function. BAR 0: these registers, accessed by 4 bytes. BAR 2: the
 * state table. BAR 4: the data section, as far as SIZE says.
 */
#define AXVM_IVC_PCI_VENDOR	0x1af4	/* Red Hat's; 0x10f0 to 0x10ff are for experiments of anybody */
#define AXVM_IVC_PCI_DEVICE	0x10f6
#define AXVM_IVC_PCI_ID		0x00	/* ro: the cell's ID */
#define AXVM_IVC_PCI_SIZE	0x04	/* ro: bytes of the data section */
#define AXVM_IVC_PCI_STATUS	0x08	/* ro: bits of peers that have rung since the last read, which ends the interrupt */
#define AXVM_IVC_PCI_RING	0x0c	/* wo: ring the peer with that ID, all ones: all others */

#ifndef __ASSEMBLER__
struct axvm_ivc_peer {
	unsigned int id;		/* 0: cell's ID; AXVM_IVC_LINUX */
	unsigned int state;		/* 4 */
	unsigned int rights;	/* 8 */
	unsigned int epoch;		/* 12: another one: another peer, or the same one started anew */
	unsigned int reserved[4];	/* 16 */
};

struct axvm_ivc_table {
	unsigned int magic;		/* 0 */
	unsigned int version;	/* 4 */
	unsigned int generation;	/* 8: odd while being changed */
	unsigned int state;		/* 12 */
	unsigned long long publisher;	/* 16: ID */
	unsigned long long key;		/* 24 */
	unsigned long long size;		/* 32: bytes of the data section */
	unsigned int peers;		/* 40: AXVM_IVC_MAX_PEERS */
	unsigned int peer_size;	/* 44: sizeof(struct axvm_ivc_peer) */
	unsigned long long reserved[2];	/* 48 */
	struct axvm_ivc_peer peer[AXVM_IVC_MAX_PEERS];	/* 64; the first one is the publisher */
};

/* What reading /dev/axvm/ivc-NAME gives. */
struct axvm_ivc_event {
	unsigned int rung;		/* bit n: peer[n] has rung since the last read of this file */
	unsigned int state;
	unsigned int generation;
	unsigned int reserved;
};
#endif

#endif /* _UAPI_AXVM_GUEST_H */
