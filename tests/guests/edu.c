// SPDX-License-Identifier: GPL-2.0
/*
 * Drives QEMU's "edu" device (docs/specs/edu in its documentation) as a
 * function on the cell's PCI bus: registers, DMA, interrupts, a BAR that moves.
 * What to do comes from the console, a word a line.
 */
#include "lib/pci.h"

#define EDU_ID		0x11e81234
#define REG_ID		0x00
#define REG_NEGATE	0x04
#define REG_IRQ_STATUS	0x24
#define REG_IRQ_RAISE	0x60
#define REG_IRQ_ACK	0x64
#define REG_DMA_SRC	0x80
#define REG_DMA_DST	0x88
#define REG_DMA_COUNT	0x90
#define REG_DMA_CMD	0x98
#define DMA_RUN		1
#define DMA_FROM_EDU	2
#define EDU_BUFFER	0x40000
#define BYTES		4096

static u32 slot;
static u64 bar;
static volatile u32 interrupts;
static u8 out[BYTES] __attribute__((aligned(4096)));
static u8 in[BYTES] __attribute__((aligned(4096)));

static u32 get(u32 reg)
{
	return *(volatile u32 *)(bar + reg);
}

static void put(u32 reg, u32 value)
{
	*(volatile u32 *)(bar + reg) = value;
}

static void put64(u32 reg, u64 value)
{
	*(volatile u64 *)(bar + reg) = value;
}

static void interrupt(u32 vector)
{
	u32 status = get(REG_IRQ_STATUS);

	interrupts++;
	put(REG_IRQ_ACK, status);
	get(REG_IRQ_STATUS);	/* the write has arrived */
}

static void find(void)
{
	for (slot = 1; slot < PCI_SLOTS; slot++)
		if (pci_read32(slot, 0) == EDU_ID)
			break;
	if (slot == PCI_SLOTS) {
		print("GUEST edu: found=0 end\n");
		return;
	}
	bar = pci_read32(slot, PCI_BAR0);
	pci_write16(slot, PCI_COMMAND, PCI_MEMORY | PCI_MASTER | PCI_INTX_OFF);
	put(REG_NEGATE, 0x12345678);
	print("GUEST edu: found=1 slot=%u bar=0x%lx id=0x%x negated=0x%x pin=%u end\n", slot, bar,
	      get(REG_ID), get(REG_NEGATE), pci_read8(slot, PCI_PIN));
}

/* Until the device says that it has finished, or long enough. */
static bool dma(u64 from, u64 to, u32 command)
{
	put64(REG_DMA_SRC, from);
	put64(REG_DMA_DST, to);
	put64(REG_DMA_COUNT, BYTES);
	put64(REG_DMA_CMD, DMA_RUN | command);
	for (u32 i = 0; i < 4000; i++) {
		if (!(get(REG_DMA_CMD) & DMA_RUN))
			return true;
		delay_us(5000);
	}
	return false;
}

static void round_trip(u8 *from, u8 *to)
{
	u32 bad = 0;
	bool done;

	for (u32 i = 0; i < BYTES; i++) {
		from[i] = i * 7 + (i >> 8);
		to[i] = 0;
	}
	done = dma((u64)from, EDU_BUFFER, 0) && dma(EDU_BUFFER, (u64)to, DMA_FROM_EDU);
	for (u32 i = 0; i < BYTES; i++)
		bad += to[i] != from[i];
	print("GUEST edu: dma=%s bad=%u end\n", done ? "done" : "stuck", bad);
}

/* What the device holds, to a place that the cell does not have. */
static void outside(u64 gpa)
{
	bool done = dma(EDU_BUFFER, gpa, DMA_FROM_EDU);

	print("GUEST edu: outside=%s end\n", done ? "done" : "stuck");
}

static u32 find_msi(void)
{
	u32 cap = pci_read8(slot, PCI_CAPS);

	while (cap && pci_read8(slot, cap) != PCI_CAP_MSI)
		cap = pci_read8(slot, cap + 1);
	return cap;
}

/* Raise one interrupt after the other, each when the last has come. */
static void raise(const char *how, u32 times)
{
	u32 before = interrupts, i, k;

	for (i = 0; i < times; i++) {
		put(REG_IRQ_RAISE, 1);
		for (k = 0; k < 4000 && interrupts == before + i; k++) {
			cpu_irq_on();
			delay_us(2000);
			cpu_irq_off();
		}
	}
	print("GUEST edu: %s=%u of %u end\n", how, interrupts - before, times);
}

/* As fast as can be, and nobody waits for them. */
static void storm(const char *how, u32 times)
{
	u32 i;

	cpu_irq_off();
	for (i = 0; i < times; i++)
		put(REG_IRQ_RAISE, 1);
	cpu_irq_on();
	delay_us(20000);
	print("GUEST edu: %s end\n", how);
}

/* Somebody else makes them come, until the console says something. */
static void listen(const char *how, u32 times)
{
	u32 before = interrupts;

	print("GUEST edu: %s ready end\n", how);
	while (console_get() < 0) {
		cpu_irq_on();
		delay_us(2000);
		cpu_irq_off();
	}
	print("GUEST edu: %s heard=%u end\n", how, interrupts - before);
}

static void msi(u32 times, void (*send)(const char *how, u32 times), const char *how)
{
	u32 cap = find_msi(), data, vector;
	u64 address;

	if (!cap) {
		print("GUEST edu: msi=none end\n");
		return;
	}
	pci_message(&address, &data, &vector);
	irq_handle(vector, interrupt);
	pci_write32(slot, cap + 4, address);
	pci_write32(slot, cap + 8, address >> 32);
	pci_write16(slot, cap + 12, data);
	pci_write16(slot, cap + 2, 1);
	send(how, times);
	pci_write16(slot, cap + 2, 0);
}

static void intx(u32 times)
{
	irq_handle(pci_line(slot), interrupt);
	pci_write16(slot, PCI_COMMAND, PCI_MEMORY | PCI_MASTER);
	raise("intx", times);
	pci_write16(slot, PCI_COMMAND, PCI_MEMORY | PCI_MASTER | PCI_INTX_OFF);
}

static void move(u64 to)
{
	pci_write16(slot, PCI_COMMAND, PCI_INTX_OFF);
	pci_write32(slot, PCI_BAR0, ~0U);
	print("GUEST edu: size=0x%x ", -(pci_read32(slot, PCI_BAR0) & ~15U));
	pci_write32(slot, PCI_BAR0, to);
	pci_write16(slot, PCI_COMMAND, PCI_MEMORY | PCI_MASTER | PCI_INTX_OFF);
	bar = to;
	print("moved=0x%x id=0x%x end\n", pci_read32(slot, PCI_BAR0), get(REG_ID));
}

static void answer(char *line)
{
	const char *word = next_word(&line);
	u64 number = to_number(next_word(&line));

	switch (word[0] << 8 | word[1]) {
	case 'f' << 8 | 'i':
		find();
		break;
	case 'd' << 8 | 'm':
		round_trip(out, in);
		break;
	case 'a' << 8 | 't':
		round_trip((u8 *)number, (u8 *)number + BYTES);
		break;
	case 'o' << 8 | 'u':
		outside(number);
		break;
	case 'm' << 8 | 's':
		msi(number, raise, "msi");
		break;
	case 's' << 8 | 't':
		msi(number, storm, "storm");
		break;
	case 'l' << 8 | 'i':
		msi(0, listen, "listen");
		break;
	case 'i' << 8 | 'n':
		intx(number);
		break;
	case 'm' << 8 | 'o':
		move(number);
		break;
	case 'h' << 8 | 'i':
		print("GUEST edu: alive end\n");
		break;
	}
}

void guest_main(u64 arg)
{
	char line[48];

	find();
	for (;;) {
		read_line(line, sizeof(line));
		answer(line);
	}
}
