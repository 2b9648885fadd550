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

/* Numbers 0 to 6 belong to AxVisor's guest ABI; 3 to 6 are its IVC calls. */
#define AXVM_HC_VERSION		0x100	/* () -> AXVM_GUEST_ABI */
#define AXVM_HC_PUTC		0x101	/* (byte) -> 0, or AXVM_HC_EAGAIN when the console is full */
#define AXVM_HC_GETC		0x102	/* () -> byte, or AXVM_HC_EAGAIN when there is none */
#define AXVM_HC_OFF		0x103	/* () does not return: the cell stops, cause guest-off */
#define AXVM_HC_RESET		0x104	/* () does not return: the cell is reset */
#define AXVM_HC_VCPU		0x105	/* () -> this vCPU's index | number of vCPUs << 32 */
#define AXVM_HC_CLOCK_KHZ	0x106	/* () -> frequency of the counter that guests read */
#define AXVM_HC_IRQ		0x107	/* (vCPU, interrupt) -> 0, or AXVM_HC_EINVAL */

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

#define AXVM_HC_EAGAIN		(-11L)
#define AXVM_HC_EINVAL		(-22L)
#define AXVM_HC_ENOSYS		(-38L)

#endif /* _UAPI_AXVM_GUEST_H */
