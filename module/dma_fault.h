/* SPDX-License-Identifier: GPL-2.0 */
/* DMA that the IOMMU refused: noticed, and told to the cell whose function tried it. */
#ifndef AXVM_DMA_FAULT_H
#define AXVM_DMA_FAULT_H

#include <linux/types.h>

struct axvm_pci_physical;

/**
 * struct axvm_dma_fault - one refused access, as the IOMMU's driver tells it
 * @requester: PCI requester ID or the IOMMU's stream ID, see @stream
 * @gpa: where it went
 * @write: was it a write?
 * @stream: @requester is a stream ID
 */
struct axvm_dma_fault {
	u32 requester;
	u64 gpa;
	bool write;
	bool stream;
};

/**
 * struct axvm_dma_fault_parser - what of a message of several lines was seen; zero at first
 */
struct axvm_dma_fault_parser {
	unsigned int words;	/* of an SMMUv3 event, still to come */
	u64 event[4];
};

/**
 * axvm_dma_fault_parse() - find refused accesses in lines of the kernel log
 *
 * Pure. Return: true when @line completes a message about one: @fault is it.
 */
bool axvm_dma_fault_parse(struct axvm_dma_fault_parser *parser, const char *line,
			  struct axvm_dma_fault *fault);

/**
 * axvm_dma_fault_watch() - a function can do DMA from now on
 *
 * May sleep. axvm_dma_fault_unwatch() ends it; harmless when it is not watched.
 */
void axvm_dma_fault_watch(struct axvm_pci_physical *p);
void axvm_dma_fault_unwatch(struct axvm_pci_physical *p);

void axvm_dma_fault_exit(void);

#endif
