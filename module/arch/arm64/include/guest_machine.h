/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The arm64 machine that a guest finds, as numbers: the core emulates it, the
 * tool describes it in the guest's device tree, the bare-metal guests use it.
 * No types and no includes, for all three.
 */
#ifndef AXVM_GUEST_MACHINE_H
#define AXVM_GUEST_MACHINE_H

#define GUEST_RAM_BASE		0x40000000
#define GUEST_BOOT_MODE		64	/* axvm_boot_mode of a cell: AArch64 at EL1, MMU off */

/* Default places; a device's base in its cell's configuration counts. */
#define GUEST_GICD_BASE		0x08000000
#define GUEST_PL011_BASE	0x09000000
#define GUEST_PL031_BASE	0x09010000
#define GUEST_PCI_BASE		0x10000000

/* Of the device type "gicv3", whose base is the distributor's. */
#define GUEST_GICD_SIZE		0x10000
#define GUEST_GICR_OFFSET	0xa0000	/* from the base to vCPU 0's redistributor */
#define GUEST_GICR_SIZE		0x20000	/* RD_base and SGI_base of one vCPU */

#define GUEST_PL011_SIZE	0x1000
#define GUEST_PL031_SIZE	0x1000

/* INTIDs. A device's irq in a configuration is an INTID too: 32 is SPI 0. */
#define GUEST_PPI_HYP_TIMER	26
#define GUEST_PPI_VIRT_TIMER	27
#define GUEST_PPI_SEC_TIMER	29
#define GUEST_PPI_PHYS_TIMER	30
#define GUEST_SPI_FIRST		32
#define GUEST_PL011_IRQ		33
#define GUEST_PL031_IRQ		34
#define GUEST_PCI_IRQ		36	/* to 39 */
#define GUEST_MSI_FIRST		64	/* SPIs for messages: GICD_SETSPI_NSR, "mbi-ranges" */
#define GUEST_NR_IRQS		96	/* GICD_TYPER.ITLinesNumber = GUEST_NR_IRQS / 32 - 1 */

/*
 * MPIDR_EL1 of a vCPU, without the RES1 bit 31: 16 to an Aff1, because that is
 * how many CPUs an ICC_SGI1R_EL1 target list reaches.
 */
#define GUEST_MPIDR(vcpu)	(((vcpu) >> 4) << 8 | ((vcpu) & 15))

#endif
