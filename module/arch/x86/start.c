// SPDX-License-Identifier: GPL-2.0
/* INIT and SIPI: how a CPU enters the core, is kicked, and is taken out of it again. */
#include <linux/cpu.h>
#include <linux/delay.h>
#include <linux/io.h>
#include <linux/mutex.h>
#include <linux/pgtable.h>

#include <asm/apic.h>
#include <asm/e820/api.h>

#include "arch.h"

#define LOW_END		0xa0000UL
#define LOW_START	0x10000UL
#define START_POLLS	100000		/* of 100 us and more */
#define SIPI_AGAIN	1000		/* polls */

static DEFINE_MUTEX(trampoline_lock);	/* one CPU starts at a time: they share the page */
static unsigned long trampoline_pa;

/* A page that is RAM for the firmware and for Linux; its content is put back after each use. */
void axvm_start_init(void)
{
	unsigned long pa;

	for (pa = LOW_END - PAGE_SIZE; pa >= LOW_START; pa -= PAGE_SIZE) {
		if (e820__mapped_raw_any(pa, pa + PAGE_SIZE, E820_TYPE_RAM) &&
		    !e820__mapped_raw_any(pa, pa + PAGE_SIZE, E820_TYPE_RESERVED) &&
		    e820__mapped_any(pa, pa + PAGE_SIZE, E820_TYPE_RAM) &&
		    !e820__mapped_any(pa, pa + PAGE_SIZE, E820_TYPE_RESERVED)) {
			trampoline_pa = pa;
			return;
		}
	}
}

/* Caches and instruction fetch are coherent here. */
void axvm_arch_core_copied(const void *mem, size_t size)
{
}

bool axvm_start_possible(void)
{
	return trampoline_pa;
}

static void set_word(u8 *page, const u8 *symbol, u64 value)
{
	memcpy(page + (symbol - axvm_trampoline), &value, sizeof(value));
}

static void fill_trampoline(u8 *page, const struct axvm_cpu *acpu)
{
	memcpy(page, axvm_trampoline, axvm_trampoline_end - axvm_trampoline);
	set_word(page, axvm_trampoline_cr3, axvm_pgtable_root(&acpu->map));
	set_word(page, axvm_trampoline_entry, axvm_core_header()->entry);
}

void axvm_arch_cpu_kill(struct axvm_cpu *acpu)
{
	axvm_x86_send(APIC_INT_LEVELTRIG | APIC_INT_ASSERT | APIC_DM_INIT, acpu->hw_id);
	mdelay(10);	/* MP specification, appendix B.4 */
	axvm_x86_send(APIC_INT_LEVELTRIG | APIC_DM_INIT, acpu->hw_id);
}

void axvm_arch_cpu_kick(struct axvm_cpu *acpu)
{
	axvm_x86_send(APIC_DM_NMI, acpu->hw_id);
}

/* The trampoline may be taken away only when the core says that it is past it. */
static bool send_startup(struct axvm_cpu *acpu)
{
	u32 *state = &acpu->cell->core->vcpu[acpu->index].state;
	int i;

	WRITE_ONCE(*state, CORE_OFF);
	axvm_arch_cpu_kill(acpu);
	for (i = 0; i < START_POLLS; i++) {
		if (i % SIPI_AGAIN == 0)
			axvm_x86_send(APIC_DM_STARTUP | trampoline_pa >> PAGE_SHIFT, acpu->hw_id);
		if (smp_load_acquire(state) != CORE_OFF)
			return true;
		usleep_range(100, 200);
	}
	/* Whatever it does now, it must not do it on a page that is not ours any more. */
	axvm_arch_cpu_kill(acpu);
	return false;
}

int axvm_arch_cpu_start(struct axvm_cpu *acpu, struct axvm_error *err)
{
	static u8 saved[PAGE_SIZE];	/* under trampoline_lock */
	u8 *page;
	int ret;

	mutex_lock(&trampoline_lock);
	/* No CPU of Linux may be on its way up: it would be on a page beside ours. */
	cpus_read_lock();
	page = memremap(trampoline_pa, PAGE_SIZE, MEMREMAP_WB);
	if (!page) {
		ret = axvm_fail(err, -ENOMEM, "CPU %d: cannot map the start page at %#lx",
				acpu->cpu, trampoline_pa);
		goto unlock;
	}
	ret = axvm_pgtable_map(&acpu->map, trampoline_pa, trampoline_pa, PAGE_SIZE,
			       AXVM_PT_READ | AXVM_PT_EXEC);
	if (ret) {
		axvm_fail(err, ret, "CPU %d: no memory for its start-up map (error %d)",
			  acpu->cpu, ret);
		goto unmap;
	}
	memcpy(saved, page, PAGE_SIZE);
	fill_trampoline(page, acpu);
	if (!send_startup(acpu))
		ret = axvm_fail(err, -EIO,
				"CPU %d (APIC ID %u) did not enter the core after INIT and SIPI",
				acpu->cpu, acpu->hw_id);
	memcpy(page, saved, PAGE_SIZE);
	axvm_pgtable_unmap(&acpu->map, trampoline_pa, PAGE_SIZE);
unmap:
	memunmap(page);
unlock:
	cpus_read_unlock();
	mutex_unlock(&trampoline_lock);
	return ret;
}
