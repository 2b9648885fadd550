// SPDX-License-Identifier: GPL-2.0
/*
 * What the IOMMU drivers of Linux write to its log when they refuse an access.
 * VT-d: one line. SMMUv3: the event's number, then its four words, a line each;
 * IHI 0070, 7.3 for what they mean.
 */
#include <linux/bitops.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include "dma_fault.h"

#define EVENT_TRANSLATION	0x10
#define EVENT_ADDR_SIZE		0x11
#define EVENT_ACCESS		0x12
#define EVENT_PERMISSION	0x13
#define EVENT_READ		BIT_ULL(35)	/* RnW, in the second word */

static bool parse_vtd(const char *line, struct axvm_dma_fault *fault)
{
	const char *device = strstr(line, "Request device [");
	const char *addr = strstr(line, "fault addr ");
	unsigned int bus, dev, fn;

	if (!device || !addr ||
	    sscanf(device, "Request device [%x:%x.%u", &bus, &dev, &fn) != 3 ||
	    sscanf(addr, "fault addr 0x%llx", &fault->gpa) != 1)
		return false;
	fault->requester = (bus & 0xff) << 8 | (dev & 0x1f) << 3 | (fn & 7);
	fault->write = strstr(line, "DMA Write");
	fault->stream = false;
	return true;
}

static bool is_refusal(u64 event)
{
	switch (event & 0xff) {
	case EVENT_TRANSLATION:
	case EVENT_ADDR_SIZE:
	case EVENT_ACCESS:
	case EVENT_PERMISSION:
		return true;
	}
	return false;
}

static bool parse_smmu(struct axvm_dma_fault_parser *parser, const char *line,
		       struct axvm_dma_fault *fault)
{
	const char *word = strstr(line, "\t0x");

	if (strstr(line, ": event 0x") && strstr(line, " received:")) {
		parser->words = ARRAY_SIZE(parser->event);
		return false;
	}
	if (!parser->words || !word ||
	    sscanf(word, " 0x%llx", &parser->event[ARRAY_SIZE(parser->event) - parser->words]) != 1)
		return false;
	if (--parser->words || !is_refusal(parser->event[0]))
		return false;
	fault->requester = parser->event[0] >> 32;
	fault->write = !(parser->event[1] & EVENT_READ);
	fault->gpa = parser->event[2];
	fault->stream = true;
	return true;
}

bool axvm_dma_fault_parse(struct axvm_dma_fault_parser *parser, const char *line,
			  struct axvm_dma_fault *fault)
{
	return parse_vtd(line, fault) || parse_smmu(parser, line, fault);
}
